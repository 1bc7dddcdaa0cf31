"""Records what somebody's own server says, for a bug report and for the tests.

`scripts/record` runs it. `capture` listens and asks as the integration does and keeps
every word on a `tape`, in memory only; `anonymiser` takes out whatever could say whose
server it is, knowing from `vocabulary` what may stay; `summary` tells what that was
before anything is saved. `drift` compares a recording with what the integration and the
simulator know. The file's format is in `tests.simulator.recordings`, and
`python -m tests.simulator --replay FILE` plays it.

It takes Python and aiohttp, and no Home Assistant: who reports a bug has little else.
"""

from tests.alone import import_without_home_assistant

# Before the client is imported, which is in a package that needs it.
import_without_home_assistant()

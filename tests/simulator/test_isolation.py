"""The simulator stands alone."""

import subprocess
import sys

ALLOWED = """
import sys, tests.simulator, tests.simulator.tls, tests.simulator.__main__
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_simulator_needs_neither_home_assistant_nor_a_client() -> None:
    """A client that shared code with it would agree with it about mistakes."""
    loaded = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", ALLOWED], capture_output=True, check=True, text=True
    ).stdout.split()
    assert "aiohttp" in loaded
    assert not {"custom_components", "homeassistant", "plexapi", "pytest"} & {*loaded}

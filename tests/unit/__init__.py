"""The parts of the integration that need neither Home Assistant nor a server."""

from tests.alone import import_without_home_assistant

# Before anything is imported that is in the same package.
import_without_home_assistant()

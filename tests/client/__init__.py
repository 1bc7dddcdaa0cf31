"""Tests of the client; they need no Home Assistant."""

from tests.alone import import_without_home_assistant

# Before anything is imported that is in the same package.
import_without_home_assistant()

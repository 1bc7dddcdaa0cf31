"""The parts of the integration that need neither Home Assistant nor a server."""

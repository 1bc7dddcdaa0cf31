"""The integration in real Home Assistant, on the simulator."""

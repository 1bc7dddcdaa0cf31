"""The simulator against clients that nobody here wrote, and that nobody changed.

They have worked with real servers for years. What they take from the simulator for
Plex is as near to Plex as it gets without one.
"""

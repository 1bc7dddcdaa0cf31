"""Feeds everything that reads what somebody else wrote with what nobody would write.

Tests do a little of it, always the same; `scripts/bench` does it as long as one likes.
"""

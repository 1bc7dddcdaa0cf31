"""Tests of the client; they need no Home Assistant."""

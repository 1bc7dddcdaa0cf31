"""The card in a real browser, on the pages of a real Home Assistant.

One Home Assistant and one Chromium for all tests; each test has a page of its own, and
a simulated server on which nothing runs.
"""

"""The demo: the integration in a real Home Assistant, on the simulator.

`stage` puts both up, sets the integration up as a person would, and makes a dashboard.
What then happens on it differs: a person looks at it, `check` notes facts, or
`picture` takes a picture. Everything listens on this machine only.
"""

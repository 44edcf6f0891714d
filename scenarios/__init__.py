"""Scenario files: history as it was, open history, what-ifs and lenses. Read through :mod:`importlib.resources`."""

"""Runs, ensembles, the store of tables, and results."""

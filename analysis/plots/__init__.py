"""Figures, made with matplotlib from the tables of a run."""

"""The log of looks: each time held-out figures are looked at, a line; what was shown no longer tests a tuned model."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import sim
from analysis.running.folders import TARGETS

LOOKS = TARGETS / "looks.csv"
LOOK = ("date", "version", "model", "contests", "runs", "agents", "parameters", "bolshevik_error")


def note_look(
    look: tuple[str, int, int, int, str, float], path: Path = LOOKS, today: date | None = None, must: bool = True
) -> int | None:
    """Add a line to the log: model, contests, runs, agents, by what parameters, Bolshevik error in points.

    Returns how many looks have been taken so far. Where the log can't be written: :class:`sim.InputError`, or None
    unless it ``must`` be.
    """
    *cells, error = look
    new = not path.is_file()
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            if new:
                out.writerow(LOOK)
            out.writerow([today or date.today(), sim.__version__, *cells, f"{error:.2f}"])
    except OSError as wrong:
        if not must:
            return None
        raise sim.InputError(
            f"the look can't be logged in {path}: {wrong.strerror}. Use --no-log-look where the package is read-only."
        ) from None
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))

"""The rest of the year from what was counted by 31 July 1917: events as they came, every later count held back.

No mark stands beside it: it shows how much of the year the mechanisms carry once the spring is known, and how wide the
honest band is. It is no forecast: events keep their dates to the end, and declared values were set with the year in
view. The fit uses the calibrate contests of that time, through the emulator of the stored table.

``python -m analysis hindcast --write`` makes the file that ``october validate`` shows.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from analysis.evidence import scores
from analysis.evidence.contests import Contest, contests
from analysis.running.folders import REFERENCE
from analysis.running.plainly import plainly
from analysis.validation import baselines
from analysis.validation.forecasts import Forecast
from analysis.validation.foresight import Emulates, Fit, fit_by_table, through
from analysis.validation.leave_out import MODEL, note, part, plain

SHIPPED = REFERENCE / "hindcast.json"
#: The last day of what is known.
KNOWN_BY = date(1917, 7, 31)
DRAWS = 1_000


def parted(every: Sequence[Contest], day: date = KNOWN_BY) -> tuple[list[Contest], list[Contest]]:
    """Calibrate contests held by the day, and all scored contests held after it."""
    scored = [c for c in every if c.split != "context"]
    known = [c for c in scored if c.split == "calibrate" and c.day <= day]
    return known, [c for c in scored if c.day > day]


def hindcast(
    emulator: Emulates, fit: Fit, every: Sequence[Contest], day: date = KNOWN_BY
) -> dict[str, list[Forecast]]:
    """What the model and each rival foresaw on the day of all that came after."""
    known, later = parted(every, day)
    discrepancy, points = fit(known)
    found = {MODEL: through(emulator, points, discrepancy, later)}
    return found | {name: baselines.forecasts(name, known, later) for name in baselines.BASELINES}


def as_dict(found: dict[str, list[Forecast]], known: Sequence[Contest], model: str, draws: int) -> dict[str, Any]:
    """Everything in plain JSON types."""
    return {
        "model": model,
        "draws": draws,
        "known_by": KNOWN_BY.isoformat(),
        "known": [c.id for c in known],
        "scores": [
            {"of": of, "targets": targets, "who": who, **plain(part(forecasts, targets, belongs))}
            for of, belongs in scores.PARTS.items()
            for targets in ("bolshevik", "families", "motions")
            for who, forecasts in found.items()
        ],
        "contests": [
            {"contest": f.contest.id, "title": f.contest.title, "date": f.contest.day.isoformat(), "target": f.target,
             "evidence": round(f.observed, 2), "model": round(f.centre, 2), "low": round(f.interval(0.9)[0], 2),
             "high": round(f.interval(0.9)[1], 2)}
            for f in sorted(found[MODEL], key=lambda f: (f.contest.day, f.contest.id))
        ],
    }  # fmt: skip


@plainly()
def main(arguments: Sequence[str] | None = None) -> None:
    """``python -m analysis hindcast``."""
    parser = argparse.ArgumentParser(prog="python -m analysis hindcast", description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of the fit")
    parser.add_argument("--write", action="store_true", help="keep it where october validate reads it")
    parser.add_argument("--table", type=Path, help="another reference table")
    asked = parser.parse_args(arguments)
    emulator, fit, model = fit_by_table(asked.draws, asked.table)
    found = hindcast(emulator, fit, contests())
    note(found[MODEL], model, "hindcast")
    kept = as_dict(found, parted(contests())[0], model, asked.draws)
    for row in kept["contests"]:
        if row["target"] == "bolshevik":
            print(f"{row['date']} {row['title'][:40]:40} {row['evidence']:5.1f}  {row['model']:5.1f} "
                  f"({row['low']:.0f} to {row['high']:.0f})")  # fmt: skip
    if asked.write:
        SHIPPED.parent.mkdir(parents=True, exist_ok=True)
        SHIPPED.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")

"""Leave one group out: every group of contests foreseen from a fit that saw none of it, by three ways of grouping.

Groups are kinds of place, regions and dates, over all scored contests. The fit uses the calibrate contests outside the
group and nothing else, and of these none that asks people of the group on the same day (a region's count holds those of
its provinces); what it foresees is scored on both sides' contests of the group. The rivals of
:mod:`analysis.validation.baselines` get the same contests. It runs through the emulator of the stored table.

``python -m analysis leave_out --write`` makes the file that ``october validate`` shows.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from analysis.evidence import scores
from analysis.evidence.contests import Contest, contests
from analysis.evidence.scores import bootstrap, counts_among
from analysis.running.folders import REFERENCE
from analysis.running.plainly import plainly
from analysis.validation import baselines, electorates
from analysis.validation.forecasts import Forecast
from analysis.validation.foresight import Emulates, Fit, fit_by_table, through
from analysis.validation.looks import note_look

SHIPPED = REFERENCE / "leave_out.json"
#: Draws of each fit.
DRAWS = 600
#: Regions that one row of the evidence counts together, or that are too few alone.
_TOGETHER = {
    "volga": "Volga and Black Earth", "black_earth": "Volga and Black Earth", "petrograd": "North and Petrograd",
    "northern": "North and Petrograd", "moscow": "Centre and Moscow", "central_industrial": "Centre and Moscow",
    "ukraine": "Ukraine and South", "south": "Ukraine and South", "urals": "Urals", "western": "West",
    "fronts": "Fronts", "fleets": "Fleets", "country": "The whole country",
}  # fmt: skip
_KINDS = {
    "capital": "Capitals and their districts", "district": "Capitals and their districts", "city": "Towns",
    "garrison": "Garrisons", "province": "Provinces", "region": "Regions", "front": "Fronts and fleets",
    "fleet": "Fronts and fleets", "congress": "Congresses", "soviet": "Soviets",
}  # fmt: skip
#: First day of each span but the first.
_SPANS = (
    (date(1917, 7, 1), "July to September"), (date(1917, 10, 1), "October"), (date(1917, 11, 1), "November elections"),
    (date(1917, 11, 20), "After the elections"),
)  # fmt: skip


def kind(contest: Contest) -> str:
    """The kind of place or body."""
    return _KINDS.get(contest.group, contest.group)


def region(contest: Contest) -> str:
    """Where most of those asked live; the whole country where they live in several regions."""
    found = electorates.of(contest).region
    return _TOGETHER.get(found, found)


def span(contest: Contest) -> str:
    """When it was held."""
    return next((name for first, name in reversed(_SPANS) if contest.day >= first), "February to June")


GROUPINGS: Mapping[str, Callable[[Contest], str]] = {"place": kind, "region": region, "date": span}


@dataclass(frozen=True)
class Left:
    """One group left out: what the model and each rival foresaw of it from ``fitted`` contests."""

    grouping: str
    group: str
    fitted: int
    model: tuple[Forecast, ...] = field(repr=False)
    rivals: Mapping[str, tuple[Forecast, ...]] = field(repr=False)


def leave_out(
    emulator: Emulates, fit: Fit, every: Sequence[Contest], report: Callable[[str], None] = lambda told: None
) -> list[Left]:
    """Leave out each group of each grouping of the scored contests."""
    scored = [c for c in every if c.split != "context"]
    found = []
    for grouping, name_of in GROUPINGS.items():
        for group in dict.fromkeys(name_of(c) for c in scored):
            wanted = [c for c in scored if name_of(c) == group]
            outside = [c for c in scored if c.split == "calibrate" and name_of(c) != group]
            fitted = [c for c in outside if not any(electorates.share_people(c, one) for one in wanted)]
            discrepancy, points = fit(fitted)
            rivals = {name: tuple(baselines.forecasts(name, fitted, wanted)) for name in baselines.BASELINES}
            found.append(
                Left(grouping, group, len(fitted), tuple(through(emulator, points, discrepancy, wanted)), rivals)
            )
            report(f"{grouping}: {group}, {len(wanted)} contests from {len(fitted)}")
    return found


# --- scores -----------------------------------------------------------------------------------------------------------

#: The model's name among its rivals.
MODEL = "model"


@dataclass(frozen=True)
class Part:
    """Errors over contests of a part, each contest's being the mean over the ways of grouping that foresaw it."""

    n: int
    error: float
    low: float
    high: float
    crps: float
    held: float
    width: float


def forecasts_of(found: Sequence[Left], who: str) -> list[Forecast]:
    """Every forecast of the model or a rival: one contest comes up once for each grouping."""
    return [f for left in found for f in (left.model if who == MODEL else left.rivals[who])]


def part(forecasts: Sequence[Forecast], targets: str, belongs: Callable[[scores.HasContest], bool]) -> Part:
    """Scores over the contests that belong. ``held`` and ``width`` are of 90 per cent intervals."""
    by_contest: dict[str, list[tuple[float, float, float, float]]] = {}
    for one in forecasts:
        if counts_among(one.target, targets) and belongs(one):
            low, high = one.interval(0.9)
            numbers = (abs(one.error), one.crps(), float(one.holds(0.9)), high - low)
            by_contest.setdefault(one.contest.id, []).append(numbers)
    if not by_contest:
        return Part(0, *[math.nan] * 6)
    means = np.array([np.mean(numbers, axis=0) for numbers in by_contest.values()])
    error, crps, held, width = means.mean(axis=0)
    return Part(len(means), float(error), *bootstrap(means[:, 0]), float(crps), float(held), float(width))


def as_dict(found: Sequence[Left], model: str, draws: int) -> dict[str, Any]:
    """Everything in plain JSON types: scores by part, grouping and group, and each contest's forecasts."""
    parts = scores.PARTS
    every = {who: forecasts_of(found, who) for who in (MODEL, *baselines.BASELINES)}
    return {
        "model": model,
        "draws": draws,
        "scores": [
            {"of": of, "targets": targets, "who": who, **plain(part(forecasts, targets, belongs))}
            for of, belongs in parts.items()
            for targets in ("bolshevik", "families", "motions")
            for who, forecasts in every.items()
        ],
        "groups": [
            {"grouping": left.grouping, "group": left.group, "fitted": left.fitted, "targets": targets,
             **plain(part(left.model, targets, parts["all"])),
             "regression_error": plain(part(left.rivals["regression"], targets, parts["all"]))["error"]}
            for left in found
            for targets in ("bolshevik", "families")
        ],
        "contests": [
            {"grouping": left.grouping, "contest": f.contest.id, "target": f.target, "evidence": round(f.observed, 2),
             "model": round(f.centre, 2), "low": round(f.interval(0.9)[0], 2), "high": round(f.interval(0.9)[1], 2)}
            for left in found
            for f in left.model
        ],
    }  # fmt: skip


def plain(found: Part) -> dict[str, float | int | None]:
    """A part's scores in JSON types."""
    return {k: (round(v, 4) if math.isfinite(v) else None) for k, v in vars(found).items()}


def read(path: Path = SHIPPED) -> dict[str, Any] | None:
    """What the command wrote; None if it has not."""
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def note(forecasts: Sequence[Forecast], model: str, by: str) -> None:
    """Log the look at contests held back."""
    held = [f for f in forecasts if f.contest.split == "validate"]
    made = part(held, "bolshevik", scores.PARTS["all"])
    note_look((model, len({f.contest.id for f in held}), 0, 0, by, made.error), must=False)


@plainly()
def main(arguments: Sequence[str] | None = None) -> None:
    """``python -m analysis leave_out``."""
    parser = argparse.ArgumentParser(prog="python -m analysis leave_out", description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of each fit")
    parser.add_argument("--write", action="store_true", help="keep it where october validate reads it")
    parser.add_argument("--out", type=Path, help="another file to keep it in")
    parser.add_argument("--table", type=Path, help="another reference table")
    asked = parser.parse_args(arguments)
    emulator, fit, model = fit_by_table(asked.draws, asked.table)
    found = leave_out(emulator, fit, contests(), print)
    note(forecasts_of(found, MODEL), model, "groups left out")
    kept = as_dict(found, model, asked.draws)
    for row in kept["scores"]:
        if row["who"] in (MODEL, "regression"):
            told = f"n {row['n']:3} error {row['error']} crps {row['crps']}"
            print(f"{row['of']:10} {row['targets']:10} {row['who']:11} {told}")
    for path in (SHIPPED if asked.write else None, asked.out):
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")

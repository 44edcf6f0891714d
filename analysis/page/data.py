"""Everything that the page knows, as one JSON text and one block of packed numbers. Runs come in, nothing is invented.

The first result is the base. The others are paired with it run by run where seed and number of people agree; where they
do not, differences are left out and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

import sim
from analysis.page import told
from analysis.page.cube import SERIES, Cube, cube_of
from analysis.page.houses import houses
from analysis.page.observed import observed
from analysis.page.openness import curves
from analysis.page.pack import Packer, rounded
from analysis.page.positions import maps
from analysis.page.reasons import reasons

#: Most scenarios of one page.
MOST = 6
#: Single histories kept of each scenario: the first runs, not chosen ones.
SINGLE = 9
#: The precision that is kept: a quarter of a point.
STEP = 1 / 400
WHOLE_LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
PLACE_LEVELS = (0.10, 0.50, 0.90)
#: Dots of a dot plot of differences, each as likely as the next, and the dates (every so many) that have one.
DOTS = 20
DOTTED_EVERY = 3
#: Runs whose difference is smaller than this are told as 'about the same'.
SAME = 0.005


@dataclass(frozen=True)
class Payload:
    """The JSON part and the packed part of a page's data."""

    told: dict[str, Any]
    numbers: str


def payload(
    results: Sequence[sim.Results], *, why: bool = False, contingency: sim.Contingency | None = None, quiet: bool = True
) -> Payload:
    """The data of a page; with ``why``, also the split of changes by cause, which lives a run of each again.

    Raises :class:`sim.InputError` for no result, too many, or tables that do not fit.
    """
    _check(results)
    base = results[0]
    dates = tuple(sorted(set.intersection(*(set(result.dates) for result in results))))
    packer = Packer()
    cubes = [cube_of(result, dates) for result in results]
    scenarios = []
    for index, (result, cube) in enumerate(zip(results, cubes, strict=True)):
        found = told.scenario(result)
        found["outcomes"] = _outcomes(result)
        found["houses"] = houses(result)
        found["events"] = _happened(result)
        found["sheet"] = told.sheet(result)
        _pack(packer, index, cube)
        if index:
            found["paired"] = _pack_differences(packer, index, cubes[0], cube, _alike(base, result))
        scenarios.append(found)
    about = {
        "version": sim.__version__,
        "base": base.scenario,
        "dates": list(dates),
        "days": [(date.fromisoformat(d) - date.fromisoformat("1917-02-23")).days for d in dates],
        "parties": told.parties(),
        "strata": told.strata(),
        "series": list(SERIES),
        "levels": {"whole": WHOLE_LEVELS, "place": PLACE_LEVELS},
        "groups": _groups(cubes[0]),
        "places": {name: told.place(name) for name in dict.fromkeys(group.place for group in cubes[0].groups)},
        "scenarios": scenarios,
        "history": told.events(results),
        "observed": observed(base),
        "debate": told.debate(),
        "contingency": curves(contingency),
        "maps": maps(),
        "same": SAME,
        "dotted": dotted(len(dates)),
    }
    if why:
        about["why"] = reasons(packer, results, quiet)
    about["blocks"] = packer.told()
    return Payload(about, packer.text())


def _check(results: Sequence[sim.Results]) -> None:
    if not 1 <= len(results) <= MOST:
        raise sim.InputError(f"a page holds 1 to {MOST} scenarios, not {len(results)}.")
    names = [result.scenario for result in results]
    for name in names:
        if names.count(name) > 1:
            raise sim.InputError(f"the scenario '{name}' is named twice.")
    for result in results:
        if not result.runs:
            raise sim.InputError(f"no run of '{result.scenario}' was finished.")


def _alike(base: sim.Results, other: sim.Results) -> bool:
    """Whether run n of one is the same history as run n of the other until they part."""
    mine, theirs = base.manifest["identity"]["options"], other.manifest["identity"]["options"]
    return bool(mine["seed"] == theirs["seed"] and mine["agents"] == theirs["agents"])


def _groups(cube: Cube) -> list[dict[str, Any]]:
    return [
        {"id": group.id, "place": group.place, "stratum": group.stratum, "whole": group.whole,
         "persons": round(float(cube.persons[index].mean()), -2)}
        for index, group in enumerate(cube.groups)
    ]  # fmt: skip


def _pack(packer: Packer, index: int, cube: Cube) -> None:
    """Quantiles over runs (seven for wholes, three for places) and the single histories of wholes."""
    wholes = sum(group.whole for group in cube.groups)
    packer.add(f"{index}/whole", np.quantile(cube.shares[:, :wholes], WHOLE_LEVELS, axis=0), STEP)
    packer.add(f"{index}/place", np.quantile(cube.shares[:, wholes:], PLACE_LEVELS, axis=0), STEP)
    packer.add(f"{index}/single", cube.shares[:SINGLE, :wholes].astype(np.float64), STEP)


def _pack_differences(packer: Packer, index: int, base: Cube, other: Cube, alike: bool) -> dict[str, Any] | None:
    """Scenario less base, run by run: low, middle, high over pairs; of wholes also how many pairs lie on each side."""
    runs = sorted(set(base.runs) & set(other.runs))
    if not alike or len(runs) < 2:
        return None
    mine = base.shares[[base.runs.index(run) for run in runs]]
    theirs = other.shares[[other.runs.index(run) for run in runs]]
    change = (theirs - mine).astype(np.float64)
    wholes = sum(group.whole for group in base.groups)
    packer.add(f"{index}/change", np.quantile(change, PLACE_LEVELS, axis=0), STEP)
    levels = (np.arange(DOTS) + 0.5) / DOTS
    packer.add(f"{index}/dots", np.quantile(change[:, :wholes][..., dotted(change.shape[-1])], levels, axis=0), STEP)
    packer.add(f"{index}/above", (change[:, :wholes] > SAME).sum(axis=0).astype(np.float64), 1.0)
    packer.add(f"{index}/below", (change[:, :wholes] < -SAME).sum(axis=0).astype(np.float64), 1.0)
    return {"runs": len(runs)}


def dotted(dates: int) -> list[int]:
    """Positions of the dates that have a dot plot: every third and the last."""
    return sorted({*range(0, dates, DOTTED_EVERY), dates - 1})


def _outcomes(results: sim.Results) -> dict[str, list[Any]]:
    """Measure -> its value in each run, in the order of the runs; null where it has none."""
    table = results.outcomes
    runs = results.runs
    found = {}
    for measure, rows in table.groupby("measure", observed=True):
        by_run = dict(zip(rows["run"], rows["value"], strict=True))
        found[str(measure)] = rounded(np.asarray([by_run.get(run, np.nan) for run in runs], dtype=np.float64), 5)
    return found


def _happened(results: sim.Results) -> dict[str, Any]:
    """Events that do not come on their own date in every run: id -> status -> runs, first, middle and last date."""
    table = results.events
    own = {name: event.date.isoformat() for name, event in sim.events().items()}
    found: dict[str, Any] = {}
    for (event, status), rows in table.groupby(["event", "status"], observed=True):
        days = sorted(str(day) for day in rows["date"].dropna())
        if str(status) == "pinned" and len(rows) == len(results.runs) and set(days) == {own.get(str(event))}:
            continue
        told_of: dict[str, Any] = {"runs": int(rows["run"].nunique())}
        if days:
            told_of |= {"first": days[0], "middle": days[len(days) // 2], "last": days[-1]}
        found.setdefault(str(event), {})[str(status)] = told_of
    return found

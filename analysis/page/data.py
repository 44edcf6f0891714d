"""Everything that the page knows, as one JSON text and one block of packed numbers. Runs come in, nothing is invented.

The first result is the base; under another lens its own results are the base, if the page holds them. A scenario is
paired with the base of its lens run by run where seed and number of people agree; where it can't be, differences are
left out and the page says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import NormalDist
from typing import Any

import numpy as np

import sim
from analysis.page import told
from analysis.page.cube import SERIES, Cube, cube_of
from analysis.page.houses import houses
from analysis.page.observed import observed
from analysis.page.openness import curves
from analysis.page.pack import Packer
from analysis.page.positions import maps
from analysis.page.reasons import Split, reasons, split
from analysis.page.words import Words
from analysis.posterior import EDGE

#: Most scenarios of one page.
MOST = 6
#: Single histories kept of each scenario: the first runs, not chosen ones.
SINGLE = 9
#: The precision that is kept: a quarter of a point.
STEP = 1 / 400
WHOLE_LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
PLACE_LEVELS = (0.10, 0.50, 0.90)
#: Standard deviations that hold eight in ten of a normal distribution: for the band with the model's own error.
REACH = NormalDist().inv_cdf(0.9)
#: Dots of a dot plot of differences, each as likely as the next, and the dates (every so many) that have one.
DOTS = 20
DOTTED_EVERY = 3
#: Runs whose difference is smaller than this are told as 'about the same'.
SAME = 0.005


@dataclass(frozen=True)
class Payload:
    """The JSON part and the packed part of a page's data, and the words that it is told in."""

    told: dict[str, Any]
    numbers: str
    words: Words = field(default_factory=Words)


def payload(
    results: Sequence[sim.Results],
    *,
    why: bool | Sequence[Split | None] = False,
    contingency: sim.Contingency | None = None,
    words: Words | None = None,
    quiet: bool = True,
) -> Payload:
    """The data of a page.

    ``why`` also splits changes by cause: True lives a run of each again; splits made before are taken as they are.
    Raises :class:`sim.InputError` for no result, too many, or tables that do not fit.
    """
    _check(results)
    words = words or Words()
    base, homes = results[0], bases(results)
    dates = tuple(sorted(set.intersection(*(set(result.dates) for result in results))))
    packer = Packer()
    cubes = [cube_of(result, dates) for result in results]
    scenarios = []
    for index, (result, cube) in enumerate(zip(results, cubes, strict=True)):
        found = told.scenario(result, words)
        found["base"] = homes[index]
        found["houses"] = houses(result, words)
        found["events"] = _happened(result)
        found["sheet"] = told.sheet(result)
        found["rose"] = told.rose(result)
        _pack(packer, index, cube)
        if homes[index] != index:
            found["unpaired"] = _unlike(results[homes[index]], result)
            found["paired"] = _pack_differences(packer, index, cubes[homes[index]], cube, found["unpaired"])
        scenarios.append(found)
    about = {
        "version": sim.__version__,
        "base": base.scenario,
        "dates": list(dates),
        "days": [(date.fromisoformat(d) - date.fromisoformat("1917-02-23")).days for d in dates],
        "parties": told.parties(words),
        "strata": told.strata(words),
        "series": list(SERIES),
        "levels": {"whole": WHOLE_LEVELS, "place": PLACE_LEVELS},
        "groups": _groups(cubes[0]),
        "places": {name: told.place(name, words) for name in dict.fromkeys(group.place for group in cubes[0].groups)},
        "scenarios": scenarios,
        "history": told.events(results, words),
        "observed": observed(base, words),
        "debate": told.debate(words),
        "contingency": curves(contingency, words),
        "maps": maps(),
        "lenses": {name: told.lens(name, words) for name in dict.fromkeys(told.lens_of(result) for result in results)},
        "doubt": {"edge": EDGE, "reach": REACH / 100.0},
        "same": SAME,
        "dotted": dotted(len(dates)),
    }
    splits = [split(result, base.runs[0], quiet) for result in results] if why is True else why or ()
    about["why"] = reasons(packer, splits, words)
    about["blocks"] = packer.told()
    return Payload(about, packer.text(), words)


def bases(results: Sequence[sim.Results]) -> list[int]:
    """For each result the position of what it is set beside: the base's scenario under the same lens, else the base."""
    homes: dict[str, int] = {}
    for index, result in enumerate(results):
        if result.scenario == results[0].scenario:
            homes.setdefault(told.lens_of(result), index)
    return [homes.get(told.lens_of(result), 0) for result in results]


def _check(results: Sequence[sim.Results]) -> None:
    if not 1 <= len(results) <= MOST:
        raise sim.InputError(f"a page holds 1 to {MOST} scenarios, not {len(results)}.")
    names = [(result.scenario, told.lens_of(result)) for result in results]
    for name, lens in names:
        if names.count((name, lens)) > 1:
            under = f" under the lens '{lens}'" if len({other for _, other in names}) > 1 else ""
            raise sim.InputError(f"the scenario '{name}' is named twice{under}.")
    for result in results:
        if not result.runs:
            raise sim.InputError(f"no run of '{result.scenario}' was finished.")


def _unlike(base: sim.Results, other: sim.Results) -> str | None:
    """Why run n of one is not the same history as run n of the other until they part; None where it is."""
    mine, theirs = base.manifest["identity"]["options"], other.manifest["identity"]["options"]
    if mine["seed"] != theirs["seed"] or mine["agents"] != theirs["agents"]:
        return "luck"
    if told.lens_of(base) != told.lens_of(other):
        return "lens"
    if mine.get("parameters") != theirs.get("parameters"):
        return "parameters"
    return "runs" if len(set(base.runs) & set(other.runs)) < 2 else None


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


def _pack_differences(packer: Packer, index: int, base: Cube, other: Cube, unlike: str | None) -> dict[str, Any] | None:
    """Scenario less base, run by run: low, middle, high over pairs; of wholes also how many pairs lie on each side."""
    if unlike:
        return None
    runs = sorted(set(base.runs) & set(other.runs))
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

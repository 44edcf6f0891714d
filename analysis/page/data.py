"""Everything that the page knows, as one JSON text and one block of packed numbers. Runs come in, nothing is invented.

The first result is the base; under another lens its own results are the base, if the page holds them. A scenario that
leaves events to the model is set beside the base left open from the same day (``historical@1917-06-16``), if the page
holds that: otherwise part of every difference would come of leaving history open. A scenario is paired with its base
run by run where seed and number of people agree; where it can't be, differences are left out and the page says why.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import NormalDist
from typing import Any

import numpy as np

import sim
from analysis.inference.posterior import EDGE
from analysis.page import told
from analysis.page.cube import SERIES, Cube, cube_of
from analysis.page.houses import houses
from analysis.page.observed import observed
from analysis.page.openness import curves
from analysis.page.pack import Packer
from analysis.page.positions import maps
from analysis.page.reasons import Split, reasons, split
from analysis.page.words import Words

#: Most scenarios of one page, not counting the base left open from the days on which they leave it.
MOST = 6
#: Single histories kept of each scenario: the first runs, not chosen ones.
SINGLE = 9
#: The precision that is kept: a quarter of a point.
STEP = 1 / 400
#: The same of single histories: half a point.
SINGLE_STEP = 1 / 200
LEVELS = (0.10, 0.50, 0.90)
#: Standard deviations that hold eight in ten of a normal distribution: for the band with the model's own error.
REACH = NormalDist().inv_cdf(0.9)
#: Dots of a dot plot of differences, each as likely as the next.
DOTS = 20
#: Odds are asked of the eve of October; of the end of the horizon where a scenario leaves history later, or so shortly
#: before that nothing could have come of it yet. Days.
EVE, HORIZON, SHORTLY = date(1917, 10, 24), 42, 14
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
        found["asked"] = asked_at(found["divergence"], dates)
        # History left open is only set beside what ifs: its places, seats and worksheet are not shown.
        found["beside"] = index > 0 and is_left_open(result, base.scenario)
        found["houses"] = {} if found["beside"] else houses(result, words)
        found["events"] = _happened(result)
        found["sheet"] = told.sheet(result)
        found["rose"] = told.rose(result)
        _pack(packer, index, cube, places=not found["beside"])
        if homes[index] != index:
            home = homes[index]
            found["unpaired"] = _unlike(results[home], result)
            if found["unpaired"] is None:
                found["paired"] = _pack_differences(packer, index, cubes[home], cube, found["asked"])
        scenarios.append(found)
    about = {
        "version": sim.__version__,
        "base": base.scenario,
        "dates": list(dates),
        "days": [(date.fromisoformat(d) - date.fromisoformat("1917-02-23")).days for d in dates],
        "parties": told.parties(words),
        "strata": told.strata(words),
        "series": list(SERIES),
        "levels": LEVELS,
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
    }
    splits = [split(result, base.runs[0], quiet) for result in results] if why is True else why or ()
    about["why"] = reasons(packer, splits, words)
    about["blocks"] = packer.told()
    return Payload(about, packer.text(), words)


def bases(results: Sequence[sim.Results]) -> list[int]:
    """For each result the position of what it is set beside; a base's own is its own.

    That is the first result's scenario under the same lens, left open from the same day where the scenario leaves
    events to the model and the first result does not; whichever of these the page lacks is passed over.
    """
    known = {_known_by(result): index for index, result in reversed(list(enumerate(results)))}
    first = results[0].scenario
    pinned = told.open_since(results[0]) is None
    found = []
    for index, result in enumerate(results):
        lens = told.lens_of(result)
        if pinned and is_left_open(result, first):
            found.append(index)
            continue
        since = told.open_since(result) if pinned else None
        found.append(known.get((f"{first}@{since}", lens), known.get((first, lens), 0)))
    return found


def is_left_open(result: sim.Results, base: str) -> bool:
    """Whether it is the base with nothing changed, left open from some day."""
    return result.scenario.startswith(f"{base}@")


def _known_by(result: sim.Results) -> tuple[str, str]:
    return result.scenario, told.lens_of(result)


def _check(results: Sequence[sim.Results]) -> None:
    asked = [result for result in results if not is_left_open(result, results[0].scenario)] if results else []
    if not 1 <= len(asked) <= MOST:
        raise sim.InputError(f"a page holds 1 to {MOST} scenarios, not {len(asked)}.")
    names = [_known_by(result) for result in results]
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


def asked_at(divergence: str | None, dates: Sequence[str]) -> int:
    """The position of the date of which the odds of a scenario are asked: the last recorded one not after that day."""
    parted = date.fromisoformat(divergence) if divergence else None
    day = EVE
    if parted is not None and parted + timedelta(SHORTLY) > EVE:
        day = parted + timedelta(HORIZON)
    return max(0, bisect_right(dates, day.isoformat()) - 1)


def _pack(packer: Packer, index: int, cube: Cube, places: bool) -> None:
    """Quantiles over runs of wholes and of places, and the single histories of wholes."""
    wholes = sum(group.whole for group in cube.groups)
    packer.add(f"{index}/whole", np.quantile(cube.shares[:, :wholes], LEVELS, axis=0), STEP)
    if places:
        packer.add(f"{index}/place", np.quantile(cube.shares[:, wholes:], LEVELS, axis=0), STEP)
    packer.add(f"{index}/single", cube.shares[:SINGLE, :wholes].astype(np.float64), SINGLE_STEP)


def _pack_differences(packer: Packer, index: int, base: Cube, other: Cube, asked: int) -> dict[str, Any]:
    """Scenario less base in the wholes, run by run: low, middle, high over pairs.

    On the date that is asked also how many pairs lie on each side, and dots.
    """
    runs = sorted(set(base.runs) & set(other.runs))
    wholes = sum(group.whole for group in base.groups)
    mine = base.shares[[base.runs.index(run) for run in runs], :wholes]
    theirs = other.shares[[other.runs.index(run) for run in runs], :wholes]
    change = (theirs - mine).astype(np.float64)
    packer.add(f"{index}/change", np.quantile(change, LEVELS, axis=0), STEP)
    then, levels = change[..., asked], (np.arange(DOTS) + 0.5) / DOTS
    packer.add(f"{index}/dots", np.moveaxis(np.quantile(then, levels, axis=0), 0, -1), STEP)
    packer.add(f"{index}/above", (then > SAME).sum(axis=0).astype(np.float64), 1.0)
    packer.add(f"{index}/below", (then < -SAME).sum(axis=0).astype(np.float64), 1.0)
    return {"runs": len(runs)}


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

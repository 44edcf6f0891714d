"""Who is asked in each contest, and where they live: what a rival without people and days may know of it.

The cells of the model's population (public geography and census, no opinions) that vote in the contest or elect the
body, weighted by their voters. From them come the shares of strata, distances, industry, garrison and mother tongue
that the regression and the table of event deltas use. Persons who elect a congress are taken as they are: its keys are
the model's knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

import sim
from analysis.evidence.contests import Contest

#: Day 0 of dates as covariates.
START = date(1917, 2, 23)
_TOWN_WORKERS = (("petrograd", "worker"), ("moscow", "worker"), ("towns", "worker"))
_MEN = (("fronts", "soldier"), ("garrisons", "soldier"), ("fleets", "sailor"))
_PEASANTS = (("villages", "peasant"), ("fronts", "soldier"))
_CAPITAL = (("petrograd", "worker"), ("petrograd/garrison", "soldier"))
#: Body -> the places and strata that elect it, where the question does not name them.
ELECTORS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "first_congress": _TOWN_WORKERS + _MEN,
    "second_congress": _TOWN_WORKERS + _MEN,
    "third_congress": _TOWN_WORKERS + _MEN,
    "tsik": _TOWN_WORKERS + _MEN,
    "first_peasant_congress": _PEASANTS,
    "second_peasant_congress": _PEASANTS,
    "kronstadt_soviet": (("kronstadt", "worker"), ("kronstadt", "soldier"), ("kronstadt", "sailor")),
    "petrograd_soviet": _CAPITAL,
}
#: What is known of the electorate, in this order.
KNOWN = (
    "worker", "soldier", "peasant", "km_petrograd", "km_moscow", "km_front", "industry", "urban", "garrison",
    "other_tongue", "ukrainian", "km_kiev",
)  # fmt: skip


@dataclass(frozen=True)
class Electorate:
    """Shares of strata (they sum to 1), means of :data:`KNOWN`, and the region of most voters.

    The region is ``country`` for a congress and where no region has two in five of those asked.
    """

    strata: Mapping[str, float]
    known: Mapping[str, float]
    region: str


@lru_cache(maxsize=512)
def electorate(contest_id: str, question: Any) -> Electorate:
    """Who is asked. Raises :class:`sim.InputError` for a body whose electors are not told."""
    cells = list(_cells(question))
    weights = np.array([cell.voters for cell in cells])
    if not weights.sum() > 0:
        raise sim.InputError(f"nobody is asked in {contest_id}.")
    weights = weights / weights.sum()
    strata = {s: float(sum(w for w, c in zip(weights, cells, strict=True) if c.stratum == s)) for s in sim.STRATA}
    known = {
        "worker": strata["worker"],
        "soldier": strata["soldier"] + strata["sailor"],
        "peasant": strata["peasant"],
        "km_petrograd": _mean(weights, [np.log1p(c.km_to_petrograd / 100.0) for c in cells]),
        "km_moscow": _mean(weights, [np.log1p(c.km_to_moscow / 100.0) for c in cells]),
        "km_front": _mean(weights, [np.log1p(c.km_to_european_front / 100.0) for c in cells]),
        "industry": _mean(weights, [c.industry for c in cells]),
        "urban": _mean(weights, [c.urban_share for c in cells]),
        "garrison": _mean(weights, [c.garrison_per_civilian for c in cells]),
        "other_tongue": _mean(weights, [1.0 - c.tongues[0] for c in cells]),
        "ukrainian": _mean(weights, [c.tongues[1] for c in cells]),
        "km_kiev": _mean(weights, [np.log1p(c.km_to_kiev / 100.0) for c in cells]),
    }
    by_region: dict[str, float] = {}
    for weight, cell in zip(weights, cells, strict=True):
        by_region[_REGION[cell.place]] = by_region.get(_REGION[cell.place], 0.0) + float(weight)
    main = max(by_region, key=lambda region: by_region[region])
    together = by_region[main] > (0.9 if question.form in ("seats", "mandated") else 0.4)
    return Electorate(strata, known, main if together else "country")


def of(contest: Contest) -> Electorate:
    """Who is asked in a contest."""
    return electorate(contest.id, contest.question)


def share_people(one: Contest, other: Contest) -> bool:
    """Whether both ask the same people on the same day: an election in cells in common, or one house."""
    a, b = one.question, other.question
    if a.day != b.day:
        return False
    if a.form == b.form == "election":
        return a.subject == b.subject and bool(voting(a) & voting(b))
    return a.subject.partition("/")[0] == b.subject.partition("/")[0]


@lru_cache(maxsize=512)
def voting(question: Any) -> frozenset[tuple[str, str]]:
    """The places and provinces whose voters an election asks."""
    return frozenset((cell.place, cell.province) for cell in _cells(question))


_REGION = {place.id: place.region for place in sim.PLACES}


def _mean(weights: Any, values: list[float]) -> float:
    return float(weights @ np.array(values, dtype=np.float64))


def _cells(question: Any) -> Iterator[Any]:
    """The cells that are asked."""
    groups = {(place, stratum) for _, places, strata in question.sections for place in places for stratum in strata}
    if question.form in ("seats", "mandated"):
        body = question.subject.partition("/after_walkout")[0]
        if body not in ELECTORS:
            raise sim.InputError(f"who elects {body} is not told in analysis/validation/electorates.py.")
        groups = {(place, stratum) for whole, stratum in ELECTORS[body] for place in sim.matching(whole)}
    for cell in sim.population().cells:
        if groups:
            if (cell.place, cell.stratum) in groups:
                yield cell
        elif cell.place in question.places and (not question.provinces or cell.province in question.provinces):
            yield cell

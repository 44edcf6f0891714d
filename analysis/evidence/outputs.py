"""What a run of the reference table keeps besides its predictions: numbers to read indices and patterns off later.

``outputs(tables)`` gives name -> number: the outcomes (dates as days since 23 February), allegiance and support for
soviet power in per cent by stratum, place and day (``bolshevik/petrograd/worker/1917-10-24``), and the numbers of those
patterns that need no more recorded days (``pattern/8/urals``). What the tables do not hold is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.evidence import patterns
from analysis.evidence.contests import apart
from analysis.evidence.observe import predict

Floats = NDArray[np.float64]
#: Days on which people are looked at, Old Style.
DAYS = tuple(date.fromisoformat(d) for d in ("1917-04-01", "1917-07-04", "1917-08-24", "1917-10-24", "1918-01-06"))
#: Place or whole and stratum; the empire by every stratum besides.
GROUPS = (
    *(("empire", stratum) for stratum in sim.STRATA),
    ("petrograd", "worker"), ("petrograd", "soldier"), ("moscow", "worker"), ("fronts", "soldier"),
    ("garrisons", "soldier"), ("villages", "peasant"),
)  # fmt: skip
#: Outcomes that repeat others or are promises of programmes, the same in every run.
REPEATED = ("largest_share/", "programme_", "ca_share/", "government_")


def outputs(tables: Mapping[str, Any]) -> dict[str, float]:
    """Every kept number of a run."""
    return outcomes(tables) | people(tables) | members(tables) | of_patterns(tables)


def outcomes(tables: Mapping[str, Any]) -> dict[str, float]:
    """The table of outcomes, without what repeats others."""
    names, values = np.asarray(tables["outcomes"]["measure"]).tolist(), tables["outcomes"]["value"]
    return {str(n): float(v) for n, v in zip(names, values, strict=True) if not str(n).startswith(REPEATED)}


def people(tables: Mapping[str, Any]) -> dict[str, float]:
    """Bolshevik allegiance and support for soviet power, per cent, by group and day."""
    follows, wants = tables["allegiance"], tables["soviet_power"]
    bolshevik = np.asarray(follows["party"], dtype=np.str_) == "bolshevik"
    rows = {
        "bolshevik": {name: np.asarray(column)[bolshevik] for name, column in follows.items()},
        "soviet_power": {name: np.asarray(column) for name, column in wants.items()},
    }
    found = {}
    for what, table in rows.items():
        days = table["date"].astype("datetime64[D]")
        for day in DAYS:
            today = {name: column[days == np.datetime64(day)] for name, column in table.items()}
            if not today["share"].size:
                continue
            for place, stratum in GROUPS:
                there = (today["stratum"] == stratum) & np.isin(today["place"], sim.matching(place))
                persons = np.asarray(today["persons"], dtype=np.float64)[there]
                share = np.asarray(today["share"], dtype=np.float64)[there]
                found[f"{what}/{place}/{stratum}/{day}"] = 100.0 * float(share @ persons / persons.sum())
    return found


def members(tables: Mapping[str, Any]) -> dict[str, float]:
    """Persons with a card, by contest and target of those that count them."""
    asked = [contest for contest in apart() if contest.question.form == "members"]
    return {f"{c}/{target}": v for c, figures in predict(tables, asked).items() for target, v in figures.items()}


def of_patterns(tables: Mapping[str, Any]) -> dict[str, float]:
    """Numbers of the patterns that these tables answer."""
    return {
        f"pattern/{pattern}/{name}": float(value)
        for pattern, numbers in patterns.measure(tables).items()
        for name, value in (numbers or {}).items()
    }

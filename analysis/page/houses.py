"""Soviets, congresses and the Assembly: seats by party, mean of the runs, on the days they were recorded."""

from __future__ import annotations

from typing import Any

import numpy as np

import sim
from analysis.page import told
from analysis.page.words import Words

#: Offered in the menu, in this order; a body that the tables lack is left out.
BODIES: tuple[str, ...] = (
    "petrograd_soviet", "petrograd_soviet/workers", "petrograd_soviet/soldiers", "petrograd_soviet/executive",
    "moscow_soviet", "kronstadt_soviet", "helsingfors/soviet", "northern_front/soviet", "western_front/soviet",
    "southwestern_front/soviet", "romanian_front/soviet", "tsik", "peasant_executive", "factory_committees_petrograd",
    "first_peasant_congress", "first_congress", "democratic_conference", "pre_parliament", "northern_region_congress",
    "second_congress", "second_congress/after_walkout", "extraordinary_peasant_congress", "second_peasant_congress",
    "constituent_assembly", "third_congress",
)  # fmt: skip


def houses(results: sim.Results, words: Words) -> dict[str, Any]:
    """Body -> title, dates, mean seats [date][party] as whole numbers that add up to the mean house."""
    table = results.soviets
    table = table[table["body"].isin(BODIES)]
    counted: dict[Any, int] = table.groupby(["body", "date"], observed=True)["run"].nunique().to_dict()
    summed: dict[Any, float] = table.groupby(["body", "date", "party"], observed=True)["seats"].sum().to_dict()
    found: dict[str, Any] = {}
    for body in BODIES:
        dates = sorted(date for known, date in counted if known == body)
        if not dates:
            continue
        means = [
            [summed.get((body, date, party), 0) / counted[body, date] for party in sim.PARTIES] for date in dates
        ]
        found[body] = {
            "title": told.body(body, words), "dates": dates, "seats": [_whole(np.asarray(row)) for row in means],
            "runs": [int(counted[body, date]) for date in dates],
        }  # fmt: skip
    return found


def _whole(mean: Any) -> list[int]:
    """Whole seats nearest to the mean ones that add up to the rounded house (largest remainders)."""
    floor = np.floor(mean)
    left = int(round(mean.sum())) - int(floor.sum())
    order = np.argsort(-(mean - floor), kind="stable")
    floor[order[:left]] += 1
    return [int(seats) for seats in floor]

"""Conditions that can never hold are found from their text; those that might hold are left alone."""

from __future__ import annotations

from datetime import date

import pytest

import sim.history.catalogue  # noqa: F401  (offers the names of events and places)
from sim.inputs.conditions import parse
from sim.inputs.reachable import Bounds, unreachable

BOUNDS = Bounds(
    date(1917, 6, 1), date(1918, 1, 6), {"june_offensive": "is removed"}, {"april_days": "is pinned to 20 April"}
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("share('sr') > 0.6 and share('sr') < 0.4", "contradicts what is asked of share(sr, empire)"),
        ("0.6 < share('sr') and not share('sr') >= 0.4", "contradicts"),
        ("share('sr') > 0.5 and share('sr') <= 0.5", "contradicts"),
        ("sustained(share('sr') > 0.6, days=5) and share('sr') < 0.4", "contradicts"),
        ("not (share('sr') <= 0.6 or share('sr') >= 0.6)", "contradicts"),
        ("date > '1917-09-01' and date < '1917-08-01'", "contradicts what is asked of date"),
        ("date >= '1917-09-01' and day < 100", "contradicts what is asked of day"),
        ("date < '1917-05-01'", "lies outside the scenario (1 June 1917 to 6 January 1918)"),
        ("date > '1918-03-01'", "lies outside the scenario"),
        ("share('sr') + share('kadet') > 2.5", "never holds"),
        ("share('sr') * 0.5 >= 0.6", "never holds"),
        ("fired('june_offensive')", "'june_offensive' is removed"),
        ("days_since('june_offensive') < 30", "'june_offensive' is removed"),
        ("not fired('april_days')", "'april_days' is pinned to 20 April"),
        ("fired('april_note') and not fired('april_note')", "both true and false"),
        ("cabinet('first_coalition') and cabinet('second_coalition')", "can't both govern"),
        ("False", "it says false"),
        ("share('sr') > 0.5 and not True", "it says false"),
        ("date < '1917-05-01' or fired('june_offensive')", "; 'june_offensive' is removed"),
        ("2 < 1", "never holds"),
    ],
)
def test_what_can_never_hold_is_found(text: str, why: str) -> None:
    found = unreachable(parse(text).term, BOUNDS)
    assert found is not None and why in found


@pytest.mark.parametrize(
    "text",
    [
        "share('sr') > 0.4 and share('sr') < 0.6",
        "share('sr', place='petrograd') > 0.6 and share('sr') < 0.4",
        "share('sr') > 0.6 or share('sr') < 0.4",
        "share('sr') > share('kadet') and share('kadet') > 0.5",
        "share('sr') >= 0.5 and share('sr') <= 0.5",
        "date >= '1917-06-01' and date <= '1917-06-01'",
        "not fired('june_offensive')",
        "fired('april_days')",
        "days_since('june_offensive') > 30",
        "fired('april_note') or fired('june_offensive')",
        "cabinet('first_coalition') or cabinet('second_coalition')",
        "sustained(fired('april_note'), days=5)",
        "share('sr') / share('kadet') > 40",
        "share('sr') != 0.5",
        "not sustained(share('sr') > 0.5, days=5) and share('sr') > 0.7",
    ],
)
def test_what_might_hold_is_left_alone(text: str) -> None:
    assert unreachable(parse(text).term, BOUNDS) is None


def test_many_alternatives_take_no_time() -> None:
    wide = " and ".join(["(share('sr') > 0.1 or fired('april_note'))"] * 18)
    assert unreachable(parse(wide).term, BOUNDS) is None

"""The report on free history: odds, dates, choices, order, and the page."""

from __future__ import annotations

from datetime import date

import pytest

import sim
from analysis.studies import free


@pytest.fixture(scope="module")
def spring() -> sim.Results:
    return sim.run("open", runs=2, agents=1400, until="1917-05-08", seed=3, parameters="default")


def test_odds_and_dates_are_those_of_the_table_of_events(spring: sim.Results) -> None:
    table = free.odds(spring).set_index("event")
    rows = spring.frame("events")
    for name in ("april_days", "soviet_conditional_support", "programme_of_freedoms"):
        days = sorted(rows.loc[(rows["event"] == name) & (rows["status"] == "fired"), "date"].astype(str))
        assert table.loc[name, "odds"] == len(days) / 2
        if days:
            assert table.loc[name, "low"] <= table.loc[name, "median"] <= table.loc[name, "high"]
            assert str(table.loc[name, "low"]) in days
    assert "womens_day_strikes" not in table.index, "it is pinned"
    assert (table["history"] <= date(1917, 5, 8)).all()


def test_choices_are_shares_of_runs(spring: sim.Results) -> None:
    found = free.choices(spring)
    assert {"commanders_in_march", "power_in_march"} <= set(found)
    for decision, shares in found.items():
        assert 0.0 < sum(shares.values()) <= 1.0
        assert set(shares) <= {option.id for option in sim.decision_points()[decision].options}


def test_order_counts_pairs_that_both_came(spring: sim.Results) -> None:
    whole, pairs = free.order(spring)
    assert 0.0 <= whole <= 1.0 and [p[:2] for p in pairs] == list(zip(free.MAIN, free.MAIN[1:], strict=False))
    assert all(both == 0.0 for one, other, both, _ in pairs if other == "insurrection_25_oct")
    assert free.october(spring) == 0.0


def test_the_page_tells_it_all(spring: sim.Results) -> None:
    text = free.page(spring, "python -m analysis free --runs 2")
    assert "`python -m analysis free --runs 2`" in text
    assert "2 runs of 1,400 simulated people went in `open`" in " ".join(text.split())
    for decision in sim.decision_points().values():
        assert decision.id in text and f"{decision.taken.id} (history)" in text
    assert "| april_days | 20 Apr |" in text and "{" not in text

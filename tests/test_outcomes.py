"""Outcomes: every number is declared, in its range, read off the year and not written into it."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from year_kit import changed, differences, made

from sim.engine.model import Revolution
from sim.engine.outcomes import Weeks, _ebb, _setback, _together
from sim.engine.tally import COLUMNS, ROWS, SINGLE, Tally
from sim.inputs.measures import MEASURES, measure_of
from sim.words.identifiers import DEMANDS


@pytest.fixture(scope="module")
def year() -> Revolution:
    return made(until="1918-01-20").run()


@pytest.fixture(scope="module")
def found(year: Revolution) -> dict[str, float]:
    table = year.recorder.tables()["outcomes"]
    return dict(zip(table["measure"].tolist(), table["value"].tolist(), strict=True))


# --- the table --------------------------------------------------------------------------------------------------------


def test_every_measure_says_what_it_is_and_what_it_cannot_say():
    for m in MEASURES.values():
        assert m.title and m.unit and m.meaning and m.computed and m.cannot_say, m.id
        assert m.low < m.high or m.id == "government_6_jan/", m.id
        assert m.ledger.startswith("F-") and m.id == m.id.lower()
    assert measure_of("majority_date/petrograd_soviet") is MEASURES["majority_date/"]
    assert measure_of("trust/cabinet") is MEASURES["trust/"] and measure_of("no_such") is None


def test_the_ledger_is_covered():
    numbers = [*range(1, 13), *range(20, 28), *range(30, 38), *range(40, 49), *range(50, 55)]
    told = {m.ledger for m in MEASURES.values()}
    assert {f"F-{n:02d}" for n in numbers} <= told


def test_every_number_of_a_run_is_declared_and_in_its_range(found: dict[str, float]):
    for name, value in found.items():
        measure = measure_of(name)
        assert measure is not None and measure.where == "outcomes", name
        assert not math.isfinite(value) or measure.low - 1e-6 <= value <= measure.high + 1e-6, (name, value)


def test_every_declared_number_stands_in_the_run(found: dict[str, float], year: Revolution):
    series = set(year.recorder.tables()["macro"]["series"].tolist())
    for m in MEASURES.values():
        names = {"outcomes": found, "macro": series}.get(m.where)
        if names is not None:
            assert any(n == m.id or m.family and n.startswith(m.id) for n in names), m.id


# --- what they say of the year ----------------------------------------------------------------------------------------


def test_the_year_as_told(found: dict[str, float], year: Revolution):
    assert found["soviet_power_date"] == 245.0 == year.tally.power_day
    assert 0.0 < found["defenders_on_eve"] < found["insurgents_on_eve"]
    kinds = sum(v for k, v in found.items() if k.startswith("defenders_on_eve/"))
    assert kinds >= 0.9 * found["defenders_on_eve"], "before what is lost on the way"
    stances = [v for k, v in found.items() if k.startswith("stance_in_capital/")]
    assert sum(stances) == pytest.approx(1.0) and min(stances) >= 0.0
    obeyed = [v for k, v in found.items() if k.startswith("obeyed_by_capital/")]
    assert sum(obeyed) == pytest.approx(1.0)
    assert found["policy_party_gap_peak"] > 0.1 and found["policy_party_gap_date"] < 245.0
    assert found["largest_demonstration"] > 1e5
    assert {f"programme_kept/{k}" for k in DEMANDS} <= set(found)
    assert found["left_majority_date/petrograd_soviet"] <= found["majority_date/petrograd_soviet"]


def test_power_that_never_passes_leaves_its_dates_empty():
    calm = made(changed({"remove": ["insurrection_25_oct", "sovnarkom_formed"]}), until="1917-11-20").run()
    table = calm.recorder.tables()["outcomes"]
    told = dict(zip(table["measure"].tolist(), table["value"].tolist(), strict=True))
    for name in ("soviet_power_date", "rural_support_change", "order_after", "deaths_taking_power_high", "ebb_date"):
        assert math.isnan(told[name]), name
    assert told["insurgents_on_eve"] > 0.0, "of the last survey"
    assert not any(name.startswith("programme_kept/") for name in told)


def test_a_run_of_one_week_has_every_plain_number():
    table = made(until="1917-02-24").run().recorder.tables()["outcomes"]
    plain = {m.id for m in MEASURES.values() if m.where == "outcomes" and not m.family}
    assert plain <= set(table["measure"].tolist())


# --- by hand ----------------------------------------------------------------------------------------------------------


class Told:
    """A tally told by hand: weeks of one column and one number."""

    def __init__(self, power_day: int | None = None, lead=(), **single):
        weeks = max(len(lead), *(len(v) for v in single.values())) if single else len(lead)
        self.weeks = [7 * n for n in range(weeks)]
        self.means = np.zeros((weeks, len(ROWS), len(COLUMNS)))
        if len(lead):
            self.means[:, ROWS.index("capital_workers"), COLUMNS.index("lead")] = lead
        self.single = np.zeros((weeks, len(SINGLE)))
        for name, values in single.items():
            self.single[:, SINGLE.index(name)] = values
        self.power_day, self.cabinets = power_day, ["one", "two"]


def test_a_setback_is_measured_from_the_height_before_it():
    found = _setback(Weeks(Told(lead=(0.1, 0.3, 0.25, 0.2, 0.28, 0.31, 0.5))))
    assert found["trough_depth"] == pytest.approx(0.1) and found["trough_weeks"] == 4.0
    assert found["trough_recovered_date"] == 35.0
    assert _setback(Weeks(Told(lead=(0.1, 0.2, 0.3))))["trough_depth"] == 0.0
    lasting = _setback(Weeks(Told(lead=(0.4, 0.2, 0.3))))
    assert math.isnan(lasting["trough_recovered_date"]) and lasting["trough_weeks"] == 2.0


def test_the_ebb_needs_a_height_and_a_fall_below_half():
    class Model:
        class government:
            id = "two"

    rising = Told(power_day=7, strong_towns=(0.0, 0.2, 0.6, 0.7), cabinet=(0, 0, 0, 0))
    assert math.isnan(_ebb(Model, Weeks(rising))["ebb_date"])
    falling = Told(power_day=7, strong_towns=(0.0, 0.6, 0.6, 0.4), cabinet=(0, 0, 0, 0))
    assert _ebb(Model, Weeks(falling)) == {"ebb_date": 21.0, "government_changed_after_ebb": 1.0}


def test_going_together_is_a_correlation_of_gains():
    grow = np.cumsum(np.repeat([1.0, 3.0, 2.0, 5.0, 1.0, 4.0], 4))
    assert _together(grow, 2.0 * grow) == pytest.approx(1.0)
    assert math.isnan(_together(grow[:8], grow[:8])) and math.isnan(_together(grow, np.zeros(grow.size)))


# --- it only watches --------------------------------------------------------------------------------------------------


def test_the_tally_goes_on_from_a_checkpoint():
    one, other = made(until="1917-05-20").run("1917-04-28"), made(until="1917-05-20").run()
    again = Revolution.restore(one.checkpoint()).run()
    assert not differences(again.recorder.tables(), other.recorder.tables())


def test_it_costs_little(monkeypatch):
    """Under 2 % of a year of 20,000 people, which takes about a second: here its own time over three months."""
    spent, note = [], Tally.note

    def timed(self: Tally) -> None:
        start = time.process_time()
        note(self)
        spent.append(time.process_time() - start)

    monkeypatch.setattr(Tally, "note", timed)
    made(until="1917-05-23").run()
    assert np.median(spent) < 0.0005 and sum(spent) < 0.1

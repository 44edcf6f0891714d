"""Gauges: what a condition is read off, against the model's own answers; durations and weeks through checkpoints."""

from __future__ import annotations

import numpy as np
import pytest
from year_kit import changed_parts, made

from sim.engine.gauges import LIVE
from sim.engine.model import Revolution
from sim.inputs.conditions import parse
from sim.inputs.quantities import QUANTITIES
from sim.society.places import parts
from sim.words.errors import OctoberError
from sim.words.identifiers import DEMAND

HELD = parse("sustained(acting('strike', place='petrograd') > 0, days=4)")


@pytest.fixture(scope="module")
def spring() -> Revolution:
    """A month of the year, with a duration watched."""
    model = made(until="1917-03-30", every=3)
    model.gauges.watch([HELD])
    return model.run("1917-03-22")


def number(model: Revolution, text: str) -> float:
    return parse(text, "number").value(model.gauges)


def test_every_quantity_can_be_read(spring: Revolution) -> None:
    examples = {
        "party": "sr", "party or cabinet": "cabinet", "demand": "land", "action": "strike", "body": "petrograd_soviet",
        "election": "petrograd_duma", "authority": "soviet", "event": "june_offensive", "cabinet": "first_coalition",
        "decision": "offensive", "option": "attack", "outside": "real_wage",
    }  # fmt: skip
    for declared in QUANTITIES.values():
        given = tuple(examples[s.kind] if s.needed else s.default for s in declared.slots)
        value = spring.gauges.read(declared.name, given)
        if declared.gives == "number":
            assert declared.low <= value <= declared.high, declared.name
        else:
            assert isinstance(value, bool) or declared.name == "date"
    assert set(QUANTITIES) >= LIVE


def test_gauges_agree_with_the_model(spring: Revolution) -> None:
    m = spring
    assert number(m, "share('sr', place='petrograd', stratum='worker')") == pytest.approx(
        m.share("sr", "petrograd", "worker")
    )
    assert number(m, "soviet_power(place='fronts')") == pytest.approx(m.soviet_power("fronts"))
    cells = [i for i, p in enumerate(m.cells.place) if p in parts("fronts") and m.cells.stratum[i] == 1]
    peace = np.average(m.cells.demand[cells, DEMAND["peace"]], weights=m.cells.persons[cells])
    assert number(m, "demand('peace', place='fronts', stratum='soldier')") == pytest.approx(peace)
    seats = m.chamber.seats()["petrograd_soviet"]
    assert number(m, "seats('petrograd_soviet', 'menshevik')") == pytest.approx(seats[3] / seats.sum())
    sections = [number(m, f"seats('petrograd_soviet/{part}', 'sr')") for part in ("workers", "soldiers")]
    assert min(sections) < number(m, "seats('petrograd_soviet', 'sr')") < max(sections)
    assert number(m, "seats('second_congress', 'bolshevik')") == 0.0
    assert parse("cabinet('first_provisional_government') and not cabinet('first_coalition')").holds(m.gauges)
    assert number(m, "day") == m.day and parse("date == '1917-03-22'").holds(m.gauges)


def test_events_count_from_their_day(spring: Revolution) -> None:
    entry = next(e for e in spring.timeline if e.happens and 5 < e.day < spring.day)
    name = entry.event.id
    assert parse(f"fired('{name}')").holds(spring.gauges)
    assert number(spring, f"days_since('{name}')") == spring.day - entry.day
    assert number(spring, "days_since('june_offensive')") == 9999.0
    assert not parse("fired('june_offensive')").holds(spring.gauges)


def test_a_week_of_actions_is_what_the_tables_count() -> None:
    model = made(until="1917-03-08", every=7)
    model.run("1917-03-02")
    table = model.recorder.tables()["actions"]
    strike = (table["action"] == "strike") & (table["date"] > np.datetime64("1917-02-23"))
    assert strike.any()
    assert number(model, "acting('strike')") == pytest.approx(table["persons"][strike].sum())


def test_reading_changes_nothing(spring: Revolution) -> None:
    before = spring.state()
    for text in ("share('sr') > 0.5", "fear() > 0.5", "obeys('soviet', place='petrograd') > 0.5"):
        parse(text).holds(spring.gauges)
    assert changed_parts(before, spring.state()) == set()


def test_a_duration_goes_on_through_a_checkpoint(spring: Revolution) -> None:
    def later() -> Revolution:
        model = Revolution.restore(packed)
        model.gauges.watch([HELD])
        return model

    packed = spring.checkpoint()
    days = spring.gauges.held_for(str(HELD.sustained[0].inner))
    assert days > 4 and HELD.holds(spring.gauges)
    there, again = later().run("1917-03-26"), later().run("1917-03-26")
    assert there.gauges.held_for(str(HELD.sustained[0].inner)) == days + 4
    assert there.gauges.week.tobytes() == again.gauges.week.tobytes()


def test_a_truth_that_nobody_watches_has_no_duration(spring: Revolution) -> None:
    with pytest.raises(OctoberError, match="nobody watches 'share"):
        parse("sustained(share('sr') > 0.5, days=3)").holds(spring.gauges)

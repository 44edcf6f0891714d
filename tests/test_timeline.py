"""Which events happen, when, and why: removal cascades, shifts, force, order inside a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_kit import event
from year_kit import changed, made, own_event

from sim.history.catalogue import events
from sim.history.timeline import Entry, timeline
from sim.inputs.events import Event
from sim.inputs.scenario import EventChanges, Scenario
from sim.words.calendar import day_of
from sim.words.errors import InputError
from sim.words.identifiers import EVENT_STATUSES

#: a <- b <- c, and d which hangs on both a and x. On one day, c stands in the file before b on which it hangs.
SMALL = {
    e.id: e
    for e in (
        event("a", "1917-04-01"),
        event("c", "1917-05-10", "b"),
        event("b", "1917-05-10", "a"),
        event("x", "1917-06-01"),
        event("d", "1917-07-01", "a", "x"),
        event("alone", "1917-03-01"),
    )
}


def under(catalogue: dict[str, Event] = SMALL, **changes: Any) -> dict[str, Entry]:
    scenario = Scenario(events=EventChanges.model_construct(**(EventChanges().model_dump() | changes)))
    return {entry.event.id: entry for entry in timeline(scenario, catalogue)}


def fate(entries: dict[str, Entry]) -> dict[str, tuple[str, str]]:
    return {name: (entry.status, entry.cause) for name, entry in entries.items()}


def test_history_pins_every_event_to_its_date() -> None:
    found = under()
    assert set(fate(found).values()) == {("pinned", "history")}
    assert {name: entry.day for name, entry in found.items()} == {name: day_of(e.date) for name, e in SMALL.items()}


def test_what_hangs_on_a_removed_event_does_not_happen_and_says_why() -> None:
    found = fate(under(remove=("a",)))
    assert found == {
        "a": ("removed", "scenario"),
        "b": ("did_not_happen", "hangs on a"),
        "c": ("did_not_happen", "hangs on b"),
        "d": ("did_not_happen", "hangs on a"),
        "x": ("pinned", "history"),
        "alone": ("pinned", "history"),
    }
    assert not any(under(remove=("a",))[name].happens for name in "abcd")


def test_a_forced_event_happens_even_without_its_cause_and_brings_its_consequences() -> None:
    found = under(remove=("a",), force={"b": date(1917, 6, 2)})
    assert fate(found)["b"] == ("forced", "scenario") and found["b"].day == day_of(date(1917, 6, 2))
    assert found["c"].happens and found["c"].cause == "moved with b"
    assert found["c"].day == found["b"].day
    assert not found["d"].happens


def test_a_shift_moves_what_hangs_on_the_event_by_as_much() -> None:
    found = under(shift={"a": 10})
    for name in "abcd":
        assert found[name].day == day_of(SMALL[name].date) + 10 and found[name].status == "forced"
    assert [found[name].cause for name in "abcd"] == ["scenario", "moved with a", "moved with b", "moved with a"]
    assert found["x"].day == day_of(SMALL["x"].date)


def test_the_later_of_two_causes_sets_the_day() -> None:
    found = under(shift={"a": 5, "x": date(1917, 6, 21)})
    assert found["d"].day == day_of(SMALL["d"].date) + 20 and found["d"].cause == "moved with x"
    earlier = under(shift={"a": -5, "x": -30})
    assert earlier["d"].day == day_of(SMALL["d"].date) - 5


def test_an_event_with_a_day_of_its_own_does_not_move_with_its_cause() -> None:
    found = under(shift={"a": 3, "b": date(1917, 8, 1)})
    assert found["b"].day == day_of(date(1917, 8, 1)) and found["b"].cause == "scenario"
    assert found["c"].day == found["b"].day and found["d"].day == day_of(SMALL["d"].date) + 3


def test_an_event_held_before_its_cause_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"'b' would come before 'a', on which it hangs.*Expected a later date"):
        under(shift={"a": 60, "b": date(1917, 5, 10)})
    # ... unless its cause does not happen at all.
    assert under(remove=("a",), force={"b": date(1917, 3, 1)})["b"].happens


def test_an_added_event_is_forced_and_can_hang_on_history() -> None:
    mine = event("mine", "1917-06-05", "b")
    found = under(add=(mine,))
    assert fate(found)["mine"] == ("forced", "scenario")
    assert fate(under(add=(mine,), remove=("a",)))["mine"] == ("did_not_happen", "hangs on b")
    moved = under(add=(mine,), shift={"a": 7})["mine"]
    assert moved.day == day_of(mine.date) + 7


def test_causes_act_before_what_hangs_on_them_on_the_same_day() -> None:
    assert list(SMALL).index("c") < list(SMALL).index("b"), "the file has them the other way round"
    order = list(under())
    assert order.index("b") < order.index("c")


def in_order(entries: Iterable[Entry]) -> None:
    seen: dict[str, int] = {}
    last = -(10**6)
    for entry in entries:
        assert entry.day >= last
        last = entry.day
        if entry.happens:
            assert all(seen.get(cause, -(10**6)) <= entry.day for cause in entry.event.requires)
        seen[entry.event.id] = entry.day


CATALOGUE = dict(events())
NAMES = sorted(CATALOGUE)


@settings(deadline=None, max_examples=40)
@given(remove=st.lists(st.sampled_from(NAMES), max_size=5, unique=True), data=st.data())
def test_any_removal_from_the_catalogue_leaves_a_history_that_holds_together(
    remove: list[str], data: st.DataObject
) -> None:
    entries = timeline(changed({"remove": remove}), CATALOGUE)
    in_order(entries)
    by = {entry.event.id: entry for entry in entries}
    assert set(by) == set(CATALOGUE)
    for entry in entries:
        assert entry.status in EVENT_STATUSES and entry.cause
        assert entry.happens == (entry.event.id not in remove and all(by[c].happens for c in entry.event.requires))
        if not entry.happens and entry.status != "removed":
            assert entry.cause.removeprefix("hangs on ") in entry.event.requires


@settings(deadline=None, max_examples=40)
@given(name=st.sampled_from(NAMES), days=st.integers(1, 60))
def test_any_event_can_be_put_off_and_takes_along_what_hangs_on_it(name: str, days: int) -> None:
    entries = timeline(changed({"shift": {name: days}}), CATALOGUE)
    in_order(entries)
    moved = {entry.event.id: entry.day - day_of(entry.event.date) for entry in entries}
    assert {name for name, by in moved.items() if by} == closure(name) and set(moved.values()) == {0, days}
    assert {e.event.id for e in entries if e.status == "forced"} == closure(name)


def closure(name: str) -> set[str]:
    """An event and all that hangs on it, however far."""
    found = {name}
    while True:
        more = {e.id for e in CATALOGUE.values() if found & set(e.requires)} - found
        if not more:
            return found
        found |= more


def test_the_order_of_a_day_does_not_depend_on_the_order_of_the_files() -> None:
    turned = dict(reversed(CATALOGUE.items()))
    in_order(timeline(changed(), CATALOGUE))
    in_order(timeline(changed(), turned))


def test_without_the_offensive_what_hung_on_it_does_not_happen() -> None:
    model = made("no_offensive").run("1917-08-01")
    entries = {entry.event.id: entry for entry in model.timeline}
    gone = {name for name, entry in entries.items() if not entry.happens}
    assert closure("june_offensive") <= gone
    assert {"german_counter_attack", "death_penalty_front", "garrison_drafts_ordered"} <= gone
    struck = set(model.recorder.tables()["events"]["event"])
    assert not struck & gone
    assert entries["durnovo_raid"].happens and entries["july_days"].status in ("fired", "did_not_happen")


def test_the_table_of_events_tells_the_fate_of_every_one_once() -> None:
    mine = own_event("mine", "1917-05-05", requires=("april_note",))
    scenario = changed({"remove": ["june_offensive"], "shift": {"kornilov_march": 3}, "add": [mine]})
    table = made(scenario).run().recorder.tables()["events"]
    told = zip(table["event"].tolist(), table["status"].tolist(), table["cause"].tolist(), strict=True)
    fates = {name: (status, cause) for name, status, cause in told}
    assert len(fates) == table["event"].size
    last = date(1918, 1, 6)
    inside = {e.id for e in CATALOGUE.values() if date(1917, 2, 23) <= e.date <= last}
    assert inside - closure("kornilov_march") <= set(fates)
    assert fates["june_offensive"] == ("removed", "scenario")
    assert fates["death_penalty_front"][0] == "did_not_happen"
    assert fates["kornilov_march"] == ("forced", "scenario")
    assert fates["kornilov_stopped"] == ("forced", "moved with kornilov_march")
    assert fates["mine"] == ("forced", "scenario")
    assert fates["april_note"] == ("pinned", "history")
    when = dict(zip(table["event"].tolist(), table["date"].astype(object).tolist(), strict=True))
    assert when["kornilov_march"] == CATALOGUE["kornilov_march"].date + timedelta(days=3)

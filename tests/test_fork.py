"""The fork: a shared past is lived once, and what follows is the same to the byte as a run from the start."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from year_kit import changed, differences, made, own_event

from sim.engine.model import Revolution
from sim.history.catalogue import events
from sim.history.parting import own_past, parting
from sim.inputs.lens import under
from sim.inputs.scenario import Scenario, load_scenario
from sim.words.calendar import date_of, day_of
from sim.words.errors import InputError

#: Runs of these tests end here.
UNTIL = "1917-06-20"
HISTORY = load_scenario("historical")

_SHELTER = own_event("of_mine", "1917-07-20", {"relief": {
    "demand": "bread", "strata": "all", "places": ["all"], "size": "large", "half_life": 30}})  # fmt: skip


def later(name: str, day: str) -> dict[str, Any]:
    """A change of some kind that begins on a day."""
    return {
        "forcing": {"forcing": {"bread": {"scale": 1.5, "from": day}}},
        "added": {"events": {"add": [_SHELTER | {"date": day}]}},
        "freed": {"events": {"pin": []}, "divergence": day},
        "removed": {"events": {"remove": [next(e.id for e in events().values() if e.date.isoformat() >= day)]}},
    }[name]


def scenario_with(part: dict[str, Any]) -> Scenario:
    return changed(part.get("events"), **{key: value for key, value in part.items() if key != "events"})


def test_a_truth_that_must_last_is_counted_from_the_first_day_so_its_past_is_not_shared() -> None:
    arises = {"when": "sustained(share('sr') > 0.1, days=30)", "hazard": {"daily": "likely"}}
    lasting = changed({"add": [_SHELTER | {"date": "1917-05-20", "arises": arises}]}, divergence="1917-05-10")
    assert own_past(HISTORY, lasting) == ["truths to be sustained"] and own_past(lasting, lasting) == []
    assert parting(HISTORY, lasting) == HISTORY.start
    with pytest.raises(InputError, match="truths to be sustained"):
        Revolution.branch(made(until=UNTIL).run(date(1917, 2, 25)).checkpoint(), lasting)


@settings(max_examples=3, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(["freed", "forcing", "added", "removed"]),
    changes=st.integers(day_of(date(1917, 3, 10)), day_of(date(1917, 6, 15))),
    before=st.integers(1, 60),
)
def test_a_branch_is_a_run_from_the_start_to_the_byte(kind: str, changes: int, before: int) -> None:
    scenario = scenario_with(later(kind, date_of(changes).isoformat()))
    since = parting(HISTORY, scenario)
    assert since is not None and since >= date_of(changes)
    eve = made(until=UNTIL).run(date_of(max(0, day_of(since) - before)))
    branch = Revolution.branch(eve.checkpoint(), scenario).run()
    whole = made(scenario, until=UNTIL).run()
    assert differences(branch.recorder.tables(), whole.recorder.tables()) == []
    assert branch.today == date.fromisoformat(UNTIL)
    if kind in ("forcing", "added") and since < branch.today:
        assert differences(eve.run().recorder.tables(), whole.recorder.tables()) != []


def test_a_branch_is_named_after_its_own_scenario_and_may_last_longer() -> None:
    packed = made(until="1917-04-30").run("1917-03-20").checkpoint()
    branch = Revolution.branch(packed, "no_offensive", until="1917-05-02").run()
    assert (branch.scenario.name, branch.today) == ("no_offensive", date(1917, 5, 2))
    # The last day of the other run is no day of this one's tables.
    assert differences(branch.recorder.tables(), made("no_offensive", until="1917-05-02").run().recorder.tables()) == []


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"parameters": {"blame_rate": 0.02}}, "in parameters from the first day on"),
        ({"off": ["blame"]}, "in off from the first day on"),
        ({"lens": "neutral"}, "in lens from the first day on"),
        ({"representation": {"sr_lists": "split"}}, "parts from 'historical' on 23 February 1917"),
        ({"start": "1917-02-24"}, "in start from the first day on"),
        ({"events": {"remove": ["abdication_provisional_government"]}}, "parts from 'historical' on 2 March 1917"),
        ({"forcing": {"bread": {"scale": 1.5, "from": "1917-03-05"}}}, "on 5 March 1917"),
    ],
)  # fmt: skip
def test_another_past_is_refused_in_one_sentence(packed: bytes, part: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        Revolution.branch(packed, scenario_with(part))
    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def packed() -> bytes:
    return made(until="1917-03-20").run("1917-03-12").checkpoint()


@pytest.mark.parametrize("lens", ["tabor", "liberal_state_collapse"])
def test_a_branch_under_a_lens_is_a_run_from_the_start(lens: str) -> None:
    base, other = (under(load_scenario(name), lens) for name in ("historical", "no_offensive"))
    packed = made(base, until="1917-06-20").run("1917-06-10").checkpoint()
    branch = Revolution.branch(packed, other).run()
    assert branch.scenario.lens == lens
    assert differences(branch.recorder.tables(), made(other, until="1917-06-20").run().recorder.tables()) == []
    with pytest.raises(InputError, match="in lens from the first day on"):
        Revolution.branch(packed, "no_offensive")


def test_a_finished_run_has_nothing_to_branch() -> None:
    packed = made(until="1917-03-20").run().checkpoint()
    with pytest.raises(InputError, match="the last day of a run"):
        Revolution.branch(packed, "no_offensive", until="1917-09-01")
    with pytest.raises(InputError, match="the last day of a run"):
        Revolution.branch(made(until="1917-03-20").run("1917-03-12").checkpoint(), "no_offensive", until="1917-03-12")


def test_scenarios_part_on_the_first_day_that_one_has_otherwise() -> None:
    assert parting(HISTORY, HISTORY) is None
    assert parting(HISTORY, load_scenario("no_offensive")) == date(1917, 6, 16)
    shifted = changed({"shift": {"july_days": 5}})
    assert parting(HISTORY, shifted) == events()["july_days"].date == parting(shifted, HISTORY)
    assert parting(shifted, changed({"shift": {"july_days": 3}})) == date(1917, 7, 6)
    assert parting(HISTORY, changed({"shift": {"ryabushinsky_speech": -4}})) == date(1917, 7, 30)
    louder = changed({"add": [_SHELTER | {"effects": _SHELTER["effects"] * 2}]})
    assert parting(changed({"add": [_SHELTER]}), louder) == date(1917, 7, 20)


def test_what_is_left_to_the_model_parts_on_the_divergence() -> None:
    free = {"free": "all", "pin": []}
    assert parting(HISTORY, changed(free, divergence="1917-05-05")) == date(1917, 5, 5)
    assert parting(changed(free, divergence="1917-06-05"), changed(free, divergence="1917-05-05")) == date(1917, 5, 5)
    assert parting(HISTORY, changed(free)) == HISTORY.start
    assert parting(HISTORY, changed(decisions={"offensive": "defend"}, divergence="1917-05-20")) == date(1917, 5, 20)


def test_words_are_no_difference() -> None:
    told = HISTORY.model_copy(update={"title": "Other words", "question": None})
    assert (own_past(HISTORY, told), parting(HISTORY, told)) == ([], None)

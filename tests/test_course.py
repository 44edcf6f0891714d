"""Free history: hazards, outcomes, consequences and what keeps them, read off gauges without a society."""

from __future__ import annotations

import math
from typing import Any

import pytest
from course_kit import LAST, FakeGauges, course, lived, year
from hypothesis import given, settings
from hypothesis import strategies as st
from year_kit import changed, differences, made

from sim.engine.model import Revolution
from sim.history.catalogue import all_events, alternatives, decision_points, events
from sim.history.timeline import timeline
from sim.inputs.decisions import Decision, Option, Reason
from sim.inputs.events import Arises, Event, Hazard, Outcome
from sim.inputs.parameters import DECLARATIONS
from sim.inputs.scenario import Scenario, load_scenario
from sim.words.calendar import day_of
from sim.words.identifiers import EVENT_STATUSES

OPEN = load_scenario("open")
#: Soviets come to power in one of these ways.
OCTOBER = {"insurrection_25_oct", "insurrection_in_partys_name", "congress_takes_power", "moderates_stay_in_congress"}


def free_from(day: str, events: dict[str, Any] | None = None, **parts: Any) -> Scenario:
    return changed(events, divergence=day, **parts)


def hanging_on(name: str) -> set[str]:
    """Recorded events that can't come without one, however far down; those that another may stand for left out."""
    found = {name}
    while more := {e.id for e in events().values() if found & set(e.requires)} - found:
        found |= more
    return found


# --- what is free -----------------------------------------------------------------------------------------------------


def test_without_a_divergence_everything_is_pinned_to_its_date() -> None:
    found = course(load_scenario("historical"))
    assert not found.free
    struck = [(day, e.event.id, e.status, e.cause) for day, e in lived(found, FakeGauges())]
    expected = [e for e in timeline(load_scenario("historical"), events()) if 0 <= e.day <= LAST]
    assert struck == [(e.day, e.event.id, "pinned", "history") for e in expected]


def test_events_before_the_divergence_keep_their_dates() -> None:
    found = year(free_from("1917-06-16"))
    since = day_of_text("1917-06-16")
    before = {e.event.id: e.day for e in found.entries if e.day < since and e.event.id in events()}
    assert before == {e.id: day_of(e.date) for e in events().values() if day_of(e.date) < since}
    assert not any(events()[n].date < free_from("1917-06-16").divergence for n in found.free.events if n in events())


def day_of_text(when: str) -> int:
    from datetime import date

    return day_of(date.fromisoformat(when))


def test_what_comes_from_outside_is_never_free_unless_it_hangs_on_what_is() -> None:
    found = course(OPEN)
    outside = {e.id for e in events().values() if e.kind == "outside"}
    assert {n for n in outside if not events()[n].requires} & found.free.events == set()
    assert "german_counter_attack" in found.free.events


def test_pins_take_events_out_and_free_alone_names_those_that_are() -> None:
    pinned = year(free_from("1917-06-16", {"pin": ["kornilov_march"]}))
    entry = next(e for e in pinned.entries if e.event.id == "kornilov_march")
    assert (entry.status, entry.day) == ("pinned", day_of(events()["kornilov_march"].date))
    assert course(free_from("1917-06-16", {"pin": "all"})).free.events == frozenset()
    some = course(free_from("1917-06-16", {"pin": "all", "free": ["kornilov_march"]}))
    assert "kornilov_march" in some.free.events and "july_days" not in some.free.events
    assert "directory" in some.free.events, "what hangs on a free event is free"


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10_000), soviets=st.sampled_from([0.1, 0.45, 0.6, 0.9]))
def test_causes_come_first_and_each_firing_tells_what_it_rested_on(seed: int, soviets: float) -> None:
    found = course(OPEN, seed)
    seen: dict[str, int] = {}
    for day, entry in lived(found, FakeGauges(for_soviet_power=soviets, soviet_power=soviets)):
        event = entry.event
        assert entry.status in EVENT_STATUSES and entry.cause and entry.happens
        if event.id not in found.free.attempts:
            assert all(any(b in seen for b in found.free.bringers[c]) for c in event.requires), event.id
        again = event.arises is not None and event.arises.again is not None
        repeated = again or event.id in found.free.attempts
        assert event.id not in seen or repeated, f"{event.id} came twice"
        seen[event.id] = day
    for entry in found.unhappened(0, LAST):
        assert entry.status in ("removed", "did_not_happen") and entry.cause


# --- draws ------------------------------------------------------------------------------------------------------------


def told(found: Any) -> list[tuple[int, str, str]]:
    return [(e.day, e.event.id, e.cause) for e in found.entries if e.happens]


def test_draws_depend_on_seed_day_and_event_alone() -> None:
    assert told(year(OPEN, 7)) == told(year(OPEN, 7))
    assert told(year(OPEN, 7)) != told(year(OPEN, 8))
    # What was decided otherwise in spring does not shift the luck of what it has nothing to do with.
    other = OPEN.model_copy(update={"decisions": {"land_before_assembly": "interim_decree"}})
    one, two = year(OPEN, 7), year(other, 7)
    assert one.happened.get("july_days") == two.happened.get("july_days")
    assert one.choices["power_in_march"] == two.choices["power_in_march"]
    assert "land_to_committees_by_decree" in two.happened and "land_to_committees_by_decree" not in one.happened


@settings(deadline=None, max_examples=12)
@given(at=st.integers(1, LAST - 1), seed=st.integers(0, 50))
def test_a_course_taken_up_from_its_state_goes_on_the_same(at: int, seed: int) -> None:
    whole, first = course(OPEN, seed), course(OPEN, seed)
    everything = [(day, e.event.id, e.cause) for day, e in lived(whole, FakeGauges())]
    lived(first, FakeGauges(), last=at)
    second = course(OPEN, seed)
    second.load(first.state())
    rest = [(day, e.event.id, e.cause) for day, e in lived(second, FakeGauges(), first=at + 1)]
    assert rest == [row for row in everything if row[0] > at]
    assert told(second) == told(whole) and second.choices == whole.choices


def test_a_past_that_was_history_can_be_taken_up_by_a_free_scenario() -> None:
    scenario, eve = free_from("1917-06-16"), day_of_text("1917-06-15")
    past = course(load_scenario("historical"), 3)
    lived(past, FakeGauges(), last=eve)
    branch = course(scenario, 3)
    branch.load(past.state())
    lived(branch, FakeGauges(), first=eve + 1)
    assert told(branch) == told(year(scenario, 3))


def test_rates_go_by_step_slope_and_the_age_of_the_moment() -> None:
    found, gauges = course(OPEN), FakeGauges()
    gauges.course = found
    hazard = {"daily": "likely", "rises_with": "fear()", "slope": "strong"}
    arises = Arises.model_validate({"when": "soviet_power() > 0.5", "hazard": hazard, "decay": 10})
    p = found.p
    for fear, factor in ((0.5, 1.0), (1.0, math.exp(p.hazard_slope_strong)), (0.0, math.exp(-p.hazard_slope_strong))):
        gauges.values["fear"] = fear
        assert found._rate(arises, 0, gauges) == pytest.approx(p.hazard_likely * factor)
        assert found._rate(arises, 10, gauges) == pytest.approx(p.hazard_likely * factor / 2)


PARAMETERS = [n for n in DECLARATIONS if n.startswith(("hazard_", "reason_", "decision_", "aspiration"))]


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_parameter_of_free_history_moves_it(name: str) -> None:
    declared = DECLARATIONS[name]
    assert any(
        told(year(OPEN, seed, **{name: declared.low})) != told(year(OPEN, seed, **{name: declared.high}))
        for seed in range(3)
    )


def test_competitors_windows_and_conditions_keep_an_event_away() -> None:
    never = {"soviets_govern": True}
    assert "july_days" not in year(OPEN, values=never).happened
    for seed in range(10):
        found = year(OPEN, seed, decision_noise=0.5)
        day = found.happened.get("july_days")
        since, until = events()["july_days"].arises.window
        assert day is None or day_of(since) <= day <= day_of(until)
        for other in ("rising_begins", "insurrection_in_partys_name"):
            assert day is None or other not in found.happened or found.happened[other] >= day


# --- outcomes ---------------------------------------------------------------------------------------------------------


def ends(scenario: Scenario, seeds: range, **values: Any) -> list[set[str]]:
    return [set(year(scenario, seed, values).happened) for seed in seeds]


@pytest.mark.parametrize(
    ("decision", "option", "odds", "success", "failure"),
    [
        ("commanders_in_march", "send_troops", "odds_coup", "front_troops_take_petrograd", "front_troops_stopped"),
        ("bolsheviks_in_july", "attempt_power", "odds_insurrection", "july_rising_succeeds", "july_rising_fails"),
        ("premier_and_general", "break_and_march", "odds_coup", "kornilov_takes_petrograd", "kornilov_stopped"),
        ("premier_and_general", "joint_martial_law", "odds_coup", "martial_law_holds", "martial_law_resisted"),
        ("rising", "partys_name", "odds_insurrection", "party_government", "insurrection_fails"),
    ],
)
def test_attempts_end_by_who_obeys(decision: str, option: str, odds: str, success: str, failure: str) -> None:
    others = {} if decision == "commanders_in_march" else {"commanders_in_march": "press_abdication"}
    scenario = OPEN.model_copy(update={"decisions": {**others, "power_in_july": "refuse", decision: option}})
    soviets = 1.0 if decision == "rising" else 0.4
    for size, comes, stays in ((1.0, success, failure), (0.0, failure, success)):
        sure = {odds: size, "for_soviet_power": soviets, "obedience": 1.0}
        found = ends(scenario, range(4), **sure)
        tried = [happened for happened in found if comes in happened or stays in happened]
        assert tried and all(comes in happened and stays not in happened for happened in tried)


def test_a_rising_that_fails_can_be_tried_again_after_three_weeks() -> None:
    twice, scenario = 0, OPEN.model_copy(update={"decisions": {"rising": "rising"}})
    for seed in range(15):
        found = course(scenario, seed)
        days = [day for day, e in lived(found, FakeGauges(odds_insurrection=0.5)) if e.event.id == "rising_begins"]
        again = alternatives()["rising_begins"].arises.again
        assert all(b - a >= again for a, b in zip(days, days[1:], strict=False))
        twice += len(days) > 1
        if "insurrection_fails" not in found.happened:
            assert len(days) < 2 or "insurrection_25_oct" not in found.happened
    assert twice > 0


def test_october_can_come_and_can_be_missed() -> None:
    strong = ends(OPEN, range(24))
    assert 0.3 < sum(bool(OCTOBER & found) for found in strong) / 24 < 1.0
    weak = ends(OPEN, range(10), for_soviet_power=0.3)
    assert not any({"insurrection_25_oct", "congress_takes_power"} & found for found in weak)


def test_a_military_government_follows_a_march_that_succeeds_and_can_be_brought_down() -> None:
    scenario = OPEN.model_copy(update={"decisions": {"premier_and_general": "break_and_march"}})
    found = ends(scenario, range(6), odds_coup=1.0, cabinet=True, obeys=0.6)
    took = [happened for happened in found if "kornilov_takes_petrograd" in happened]
    assert took and not any({"directory", "democratic_conference"} & happened for happened in took)
    effects = {effect.kind for effect in all_events()["kornilov_takes_petrograd"].effects}
    assert {"office", "dissolve", "repression", "fear"} <= effects


# --- causes and consequences ------------------------------------------------------------------------------------------


def test_without_a_cause_its_consequences_do_not_come() -> None:
    scenario = free_from("1917-06-16", {"remove": ["june_offensive"]})
    for seed in range(5):
        found = year(scenario, seed)
        assert not (hanging_on("june_offensive") - {"offensive_postponed"}) & set(found.happened)
        fates = {e.event.id: (e.status, e.cause) for e in found.unhappened(0, LAST)}
        assert fates["june_offensive"] == ("removed", "scenario")
        assert fates["tarnopol_rout"][1].startswith("hangs on ")


CONSEQUENCES = (("german_counter_attack", "june_offensive"), ("stavka_generals_arrested", "kornilov_stopped"))


def test_consequences_follow_at_historys_delay() -> None:
    for seed in range(12):
        happened = year(OPEN, seed).happened
        for name, cause in CONSEQUENCES:
            delay = (events()[name].date - events()[cause].date).days
            if cause in happened and happened[cause] + delay <= LAST:
                assert happened[name] == happened[cause] + delay


def test_another_event_can_stand_for_a_cause() -> None:
    scenario = OPEN.model_copy(update={"decisions": {"socialists_in_cabinet": "enter_on_conditions"}})
    happened = year(scenario).happened
    assert "coalition_on_conditions" in happened and "first_coalition" not in happened
    assert "soldiers_rights_declared" in happened, "it requires first_coalition, for which the other stands"


def test_an_event_moved_past_the_end_gets_a_row_that_says_so() -> None:
    late = changed({"shift": {"assembly_closed": 5}})
    rows = {e.event.id: e for e in course(late).unhappened(0, LAST)}
    assert rows["assembly_closed"].status == "did_not_happen" and rows["assembly_closed"].day == LAST
    assert "11 January 1918, lies past the end" in rows["assembly_closed"].cause


# --- decisions --------------------------------------------------------------------------------------------------------

CHOICES = [(d.id, o.id) for d in decision_points().values() for o in d.options]


def test_there_are_22_decision_points_in_order() -> None:
    assert [d.number for d in decision_points().values()] == list(range(1, 23))
    assert all(o.history or o.causes or o.prevents or o.reopens or d.id == "garrison_in_october"
               for d in decision_points().values() for o in d.options)  # fmt: skip


def test_pinned_history_takes_historys_choice() -> None:
    assert course(load_scenario("historical")).choices == {d.id: d.taken.id for d in decision_points().values()}


@pytest.mark.parametrize(("decision", "option"), CHOICES)
def test_a_choice_does_what_it_says_where_events_are_pinned(decision: str, option: str) -> None:
    point = decision_points()[decision]
    found = {e.event.id: e for e in course(changed(decisions={decision: option})).pinned}
    happening = {name for name, e in found.items() if e.happens}
    chosen = point.option(option)
    if option == point.taken.id:
        assert happening == set(events())
        return
    recorded_and_not_chosen = {n for n in point.owned | set(chosen.prevents) if n in events()} - set(chosen.causes)
    assert not recorded_and_not_chosen & happening
    for name in chosen.causes:
        if name in alternatives():
            assert found[name].status == "forced" and found[name].cause == f"{decision}: {option} (scenario)"


@pytest.mark.parametrize(("decision", "option"), CHOICES)
def test_a_choice_is_forced_where_history_is_free(decision: str, option: str) -> None:
    found = year(OPEN.model_copy(update={"decisions": {decision: option}}), values={"soviets_govern": False})
    taken = found.story.decided.get(decision)
    assert taken is None or (taken[0] == option and taken[2].endswith("(scenario)"))
    assert taken is not None or decision in (
        *("talks_of_november", "soviet_government_and_assembly", "power_in_september", "coalition_in_september"),
        *("land_and_peace_in_october", "after_july", "power_in_july", "bolsheviks_in_july"),
    )


@pytest.mark.parametrize("decision", decision_points())
def test_a_body_can_choose_more_than_one_thing(decision: str) -> None:
    from sim.history.deciding import choose

    point = decision_points()[decision]
    found = set()
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        for odds in (0.0, 1.0):
            same = dict.fromkeys(("soviet_power", "for_soviet_power", "demand", "hardship", "office"), value)
            gauges = FakeGauges(**same, odds_coup=odds, odds_insurrection=odds)
            gauges.course = c = course(OPEN)
            found |= {choose(point, gauges, c.p, seed, 1).option for seed in range(25)}
    assert point.taken.id in found and len(found) > 1


def test_a_question_that_was_left_open_is_taken_up_again() -> None:
    weak = {"for_soviet_power": 0.6, "odds_insurrection": 0.0, "soviet_power": 0.1, "fear": 0.9, "share": 0.0}
    tries = [year(OPEN, seed, weak).story.tries.get("decision rising", 0) for seed in range(10)]
    assert max(tries) > 1


def test_a_choice_before_the_divergence_is_refused() -> None:
    from sim.words.errors import InputError

    with pytest.raises(InputError, match="'war_aims_note' .18 April 1917. comes before the divergence"):
        course(free_from("1917-06-16", decisions={"war_aims_note": "soviet_terms"}))


# --- rule 1 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Arises, Hazard, Outcome, Event, Decision, Option, Reason])
def test_no_field_can_set_or_add_to_a_share_or_an_attitude(kind: Any) -> None:
    names = set(kind.model_fields)
    assert not names & {"share", "shares", "attitude", "support", "votes", "seats", "party", "value", "add", "set"}


def test_parties_are_never_what_a_choice_or_a_hazard_changes() -> None:
    """Whatever free history does, it does through effects of the closed vocabulary."""
    kinds = {effect.kind for event in alternatives().values() for effect in event.effects}
    from sim.inputs.effects import EFFECTS

    assert kinds <= set(EFFECTS)


# --- with people ------------------------------------------------------------------------------------------------------


def test_days_before_the_divergence_are_historys_to_the_byte() -> None:
    scenario = free_from("1917-04-17")
    one, other = (made(s, until="1917-05-01").run().recorder.tables() for s in ("historical", scenario))
    assert differences(one, other, before="1917-04-17") == []


def test_a_free_run_taken_up_from_a_checkpoint_goes_on_to_the_same_bytes() -> None:
    whole = made("open", until="1917-05-12")
    packed = whole.run("1917-04-19").checkpoint()
    again = Revolution.restore(packed).run().recorder.tables()
    assert differences(whole.run().recorder.tables(), again) == []
    causes = dict(zip(again["events"]["event"].tolist(), again["events"]["cause"].tolist(), strict=True))
    assert "demand(peace, petrograd, soldier)" in causes.get("april_days", "demand(peace, petrograd, soldier)")
    decided = {s for s in again["macro"]["series"].tolist() if s.startswith("decision/")}
    assert {s.split("/")[1] for s in decided} >= {"commanders_in_march", "power_in_march"}


def test_how_often_tables_are_written_changes_no_event() -> None:
    weekly, often = (made("open", until="1917-04-30", every=every).run() for every in (7, 2))
    assert weekly.course.happened == often.course.happened and weekly.course.choices == often.course.choices

"""What a scenario changes besides events acts as it says, from its day on, and not a bit before."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from year_kit import changed, changed_parts, differences, made

from sim.engine.model import Revolution
from sim.history.parting import parting
from sim.inputs.body_data import bodies
from sim.inputs.cabinet_data import cabinets
from sim.inputs.lens import Lens, Prior
from sim.inputs.scenario import Scenario
from sim.politics.representation import congress_under, rekeyed
from sim.society.places import parts
from sim.society.population import population, resized
from sim.words.errors import InputError
from sim.words.identifiers import CHANNEL, DEMAND, STRATUM

PARTED = "1917-03-20"
CHANGES: dict[str, Any] = {
    "divergence": PARTED,
    "policy": {
        "land": {"level": 1.0},
        "peace": [{"level": 0.35, "until": "1917-03-25"}, {"level": 0.75, "from": "1917-03-27"}],
    },
    "information": [
        {"channels": ["capital_press", "village"], "places": "*/villages", "scale": 0.0, "until": "1917-03-29"}
    ],
    "representation": {
        "seats": {"petrograd_soviet": {"soldier": 5000}, "*/towns/soviet": {"worker": 250}},
        "recall": "binding",
    },
}


@pytest.fixture(scope="module")
def history() -> Revolution:
    return made(until="1917-04-04", every=1).run("1917-03-28")


@pytest.fixture(scope="module")
def other() -> Revolution:
    return made(changed(**CHANGES), until="1917-04-04", every=1).run("1917-03-28")


def test_before_the_divergence_nothing_is_changed(history: Revolution, other: Revolution) -> None:
    assert differences(history.recorder.tables(), other.recorder.tables(), PARTED) == []
    assert differences(history.recorder.tables(), other.recorder.tables(), "1917-03-24") != []


def test_a_policy_holds_whoever_governs(history: Revolution, other: Revolution) -> None:
    assert other.government.policy[DEMAND["land"]] == 1.0 and history.government.policy[DEMAND["land"]] < 1.0
    assert other.government.policy[DEMAND["peace"]] == 0.75
    windows, between = other.scenario.policy["peace"], date(1917, 3, 26)
    assert not any(window.active(between, other.scenario.changes_from) for window in windows), "then its own holds"
    assert history.government.policy[DEMAND["peace"]] not in (0.35, 0.75)
    land = [m.cells.demand[:, DEMAND["land"]] @ m.cells.persons for m in (history, other)]
    assert land[1] < land[0]
    other.government.take_office("first_coalition")
    assert other.government.policy[DEMAND["land"]] == 1.0
    other.government.take_office(history.government.id)


def test_information_changes_who_is_heard_there_and_for_its_days(history: Revolution, other: Revolution) -> None:
    villages = [i for i, kind in enumerate(history.cells.kind) if kind == "villages"]
    assert (other.cells.reach[villages] <= history.cells.reach[villages]).mean() > 0.95
    factor = other.orders.access()
    assert factor is not None and (factor[villages][:, CHANNEL["village"]] == 0.0).all()
    assert (np.delete(factor, villages, axis=0) == 1.0).all() and (factor[:, CHANNEL["office"]] == 1.0).all()
    later = Revolution.restore(other.checkpoint()).run("1917-03-30")
    assert later.orders.access() is None and later.orders.turns()


def test_seats_follow_the_new_key(history: Revolution, other: Revolution) -> None:
    before, after = history.chamber.board, other.chamber.board
    assert before is not None and after is not None
    garrison = [i for i, c in enumerate(other.cells.place) if c == "petrograd/garrison"]
    persons = other.cells.at_work[garrison].sum()
    assert after.seats_of("petrograd_soviet", "soldiers").sum() == pytest.approx(persons / 5000, rel=0.25)
    assert before.seats_of("petrograd_soviet", "soldiers").sum() == 2000
    assert after.seats_of("petrograd_soviet", "workers").sum() == before.seats_of("petrograd_soviet", "workers").sum()


def test_binding_recall_keeps_deputies_with_their_electors(history: Revolution, other: Revolution) -> None:
    def gap(model: Revolution) -> float:
        board = model.chamber.board
        assert board is not None
        return float(np.abs(board._asked - board.held).max())

    assert gap(other) == 0.0 < gap(history)
    board = other.chamber.board
    assert board is not None
    seats, committee = board.seats_of("moscow_soviet"), board.committee[board._executives.index("moscow_soviet")]
    assert committee == pytest.approx(seats / seats.sum())


def test_without_recall_deputies_stay() -> None:
    model = made(changed(divergence=PARTED, representation={"recall": "none"}), until="1917-04-04")
    board = model.run("1917-03-16").chamber.board
    assert board is not None
    model.run("1917-03-23")
    opened = board._opened[board._room_of] <= board.sat - 7
    before = board.held.copy()
    model.run("1917-03-30")
    assert board.held[opened].tobytes() == before[opened].tobytes()


def test_national_committees_are_bound_by_those_who_sent_their_congress(history: Revolution) -> None:
    model = Revolution.restore(history.checkpoint())
    model.chamber.elected_by["tsik"] = "first_congress"
    model.scenario = changed(divergence=PARTED, representation={"recall": "binding"})
    model.run("1917-03-30")
    assert model.chamber.executives["tsik"].since == date(1917, 3, 30)
    assert model.chamber.executives["tsik"].seats.sum() == 256


def test_all_goes_on_through_a_checkpoint(other: Revolution) -> None:
    again = Revolution.restore(other.checkpoint())
    assert changed_parts(other.state(), again.state()) == set()
    straight, resumed = (Revolution.restore(other.checkpoint()) for _ in range(2))
    straight.run("1917-04-03")
    resumed = Revolution.restore(resumed.run("1917-03-31").checkpoint()).run("1917-04-03")
    assert changed_parts(straight.state(), resumed.state()) == set()


def test_they_part_on_the_day_from_which_changes_hold() -> None:
    assert parting(changed(), changed(**CHANGES)) == date.fromisoformat(PARTED)
    late = {"policy": {"land": {"level": 1.0, "from": "1917-05-06"}}}
    assert parting(changed(), changed(**late)) == date(1917, 5, 6)
    scaled = {"divergence": "1917-06-01", "forcing": {"bread": {"scale": 0.5}}}
    assert parting(changed(), changed(**scaled)) == date(1917, 6, 1), "without 'from' a series waits for the divergence"


# --- congresses -------------------------------------------------------------------------------------------------


def test_a_congress_sends_by_the_new_key_from_its_day() -> None:
    rule = bodies().congress("second_congress")
    seats = {"second_congress": {"worker": 25_000, "soldier": 25_000, "sailor": 25_000}}
    since = date(1917, 9, 1)
    assert congress_under(rule, seats, since, date(1917, 8, 31)) is rule
    curiae = {c.id: c for c in congress_under(rule, seats, since, rule.on).curiae}
    assert curiae["town_soviets_workers"].per == 25_000 and curiae["town_soviets_workers"].delegates is None
    assert curiae["town_soviets_workers"].sent_by == ("workers",)
    assert curiae["peasant_soviets"].delegates == 40, "peasants keep theirs"


def test_senders_who_sit_together_need_their_numbers_together() -> None:
    rule = bodies().congress("second_congress")
    with pytest.raises(InputError, match="'capitals' of second_congress is sent by several .* a number for soldier"):
        congress_under(rule, {"second_congress": {"worker": 25_000}}, rule.on, rule.on)
    with pytest.raises(InputError, match="soldier and sailor of petrograd_soviet elect together"):
        rekeyed(bodies().bodies, {"petrograd_soviet": {"soldier": 500, "sailor": 100}}, rule.on)


# --- the start --------------------------------------------------------------------------------------------------


def test_other_numbers_of_people_change_numbers_and_nothing_else() -> None:
    people = population()
    larger = resized(people, {"petrograd/garrison": {"soldier": 250_000}, "fronts": {"soldier": 5_000_000}})
    for place, number in (("petrograd/garrison", 250_000), ("fronts", 5_000_000)):
        assert sum(c.persons for c in larger.select(place, ("soldier",))) == pytest.approx(number)
    others = [(a, b) for a, b in zip(people.cells, larger.cells, strict=True) if a.stratum != "soldier"]
    assert all(a is b for a, b in others)
    with pytest.raises(InputError, match="nobody of stratum 'sailor' lives in"):
        resized(people, {"petrograd/vyborg": {"sailor": 100}})
    with pytest.raises(InputError, match="counted twice"):
        resized(people, {"petrograd": {"soldier": 100}, "petrograd/garrison": {"soldier": 100}})


def test_initial_conditions_are_there_on_the_first_morning(history: Revolution) -> None:
    initial = {
        "persons": {"petrograd/garrison": {"soldier": 40_000}},
        "wants": [{"demand": "land", "strata": "peasant", "scale": 0.5}],
        "fear": [{"places": "petrograd", "strata": "worker", "level": 0.4, "half_life": 30.0}],
    }
    model, usual = made(changed(initial=initial)), made()
    at = [i for i, key in enumerate(model.society.groups) if key == ("petrograd/garrison", "soldier")]
    assert model.recorder.persons[at].sum() == pytest.approx(40_000)
    assert usual.recorder.persons[at].sum() > 100_000
    peasants = model.cells.stratum[model.people.cell] == STRATUM["peasant"]
    land = DEMAND["land"]
    for column in ("want", "demand"):
        one, two = (getattr(m.people, column)[:, land] for m in (model, usual))
        assert one[peasants] == pytest.approx(0.5 * two[peasants]) and (one[~peasants] == two[~peasants]).all()
    fear = model.shocks.total("fear")
    workers = [i for i, p in enumerate(model.cells.place) if p in parts("petrograd") and model.cells.stratum[i] == 0]
    assert (fear[workers] == 0.4).all() and fear.sum() == pytest.approx(0.4 * len(workers))
    assert model.people.attitude.tobytes() == usual.people.attitude.tobytes(), "whom people follow is no condition"


# --- lenses -----------------------------------------------------------------------------------------------------


def test_a_lens_sets_parameters_and_switches_and_gives_way_to_the_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    lens = Lens(
        id="test", title="t", text="t", off=("membership",),
        parameters={"blame_half_life": Prior(value=90.0, low=60.0, high=120.0), "kin_tie": Prior(value=0.0)},
    )  # fmt: skip
    monkeypatch.setattr("sim.engine.model.load_lens", lambda name: lens)
    model = made(changed(parameters={"kin_tie": 0.1}))
    assert model.parameters.blame_half_life == 90.0 and model.parameters.kin_tie == 0.1
    assert model.off == {"membership"} and "membership" not in [name for name, _ in model._day.phases]


def test_the_neutral_lens_changes_nothing() -> None:
    model, usual = (made(s, until="1917-02-25").run() for s in (changed(lens="neutral"), changed()))
    assert changed_parts(model.state(), usual.state()) == set()
    assert model.parameters == usual.parameters


def test_what_nothing_in_the_engine_feels_is_refused_by_name() -> None:
    silent = Scenario.model_validate({"forcing": {"allied_pressure": {"scale": 0.5}, "bread": {"scale": 1.1}}})
    with pytest.raises(InputError, match="asks for forcing.allied_pressure, which this version does not model"):
        made(silent)


def test_power_of_the_soviets_is_not_that_of_the_assembly_nor_of_a_coalition() -> None:
    model = made()
    answers = {}
    for cabinet in cabinets():
        model.government.take_office(cabinet)
        answers[cabinet] = model.armed.answers_to_soviets()
    assert {name for name, soviets in answers.items() if soviets} == {
        "sovnarkom", "sovnarkom_left_sr", "sovnarkom_spring", "all_socialist_july", "all_socialist_september",
        "all_socialist_november", "soviet_government_march", "congress_government",
    }  # fmt: skip

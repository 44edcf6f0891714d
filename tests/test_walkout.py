"""Who leaves a congress, who sits on its committee, and when committees are chosen anew (D-072, D-114, B-084)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from test_soviets import EVERYONE_SITS, HABITS, START, B, M, rule, shares, view_of
from year_kit import made

from sim.engine.model import Revolution
from sim.inputs.body_data import bodies
from sim.inputs.parameters import DECLARATIONS
from sim.politics.congresses import leaving
from sim.politics.resolutions import divide, sides
from sim.politics.soviets import Board
from sim.politics.view import AssemblyView
from sim.words.identifiers import PARTIES, PARTY, P

LINE = np.zeros(P)
LINE[[B, PARTY["left_sr"], PARTY["sr"], M, PARTY["menshevik_internationalist"]]] = 1.0, 0.8, -0.6, -0.2, 0.1
COHESION = np.full(P, 0.5)


# --- the rule ---------------------------------------------------------------------------------------------------------


def test_those_against_leave_as_far_as_they_hold_together() -> None:
    found = leaving(LINE, COHESION, 0.4)
    assert found == {"sr": pytest.approx(0.5), "menshevik": pytest.approx(0.25)}
    assert leaving(-LINE, COHESION, 0.4).keys() == {"bolshevik", "left_sr", "menshevik_internationalist"}


def test_people_of_no_party_never_leave_and_nobody_is_left_behind_by_name() -> None:
    line = np.full(P, -1.0)
    assert set(leaving(line, COHESION, 0.4)) == set(PARTIES) - {"unaligned"}


def test_sides_are_those_of_the_hands_counted() -> None:
    """The side of many bodies at once is that of each body's own vote."""
    draw = np.random.default_rng(3)
    seats = draw.integers(0, 200, (40, P))
    power = draw.random(40)
    found = sides(seats.astype(float), power, LINE, discipline=0.3, abstention=0.2)
    for row, mean, side in zip(seats, power, found, strict=True):
        hands = divide(row, mean, LINE, discipline=0.3, abstention=0.2)
        if abs(2 * hands.votes_for - row.sum()) > 2:
            assert (side == 1) == (2 * hands.votes_for > row.sum())
        if abs(2 * hands.votes_against - row.sum()) > 2:
            assert (side == -1) == (2 * hands.votes_against > row.sum())
    assert {-1, 0, 1} == set(found.tolist())


# --- executives and committees ----------------------------------------------------------------------------------------


def city(bolshevik: float, power: float) -> AssemblyView:
    row = shares(bolshevik=bolshevik, menshevik=1 - bolshevik)
    return view_of([("petrograd/vyborg", "worker", 5_000, 1, row, power)])


def test_a_plenary_that_turns_turns_once_and_only_when_it_has_a_majority() -> None:
    said = dict(discipline=0.3, abstention=0.2)
    board = Board([rule(executive={"members": 10, "source": "test"})], city(0.1, 0.1), EVERYONE_SITS)
    board.sit(city(0.1, 0.1), START, **HABITS)
    assert board.turned(LINE, **said) == ()
    turned_on = []
    for week in range(1, 60):
        board.sit(city(0.9, 0.9), START + timedelta(days=7 * week), **HABITS)
        before = board.stood.copy()
        if board.turned(LINE, **said):
            turned_on.append(week)
            assert before.tolist() == [-1] and board.stood.tolist() == [1]
            hands = board.vote("city_soviet", LINE, **said)
            assert 2 * hands.votes_for > 10
    assert len(turned_on) == 1
    again = Board([rule(executive={"members": 10, "source": "test"})], city(0.1, 0.1), EVERYONE_SITS)
    again.restore(board.state(), city(0.9, 0.9), START)
    assert again.stood.tolist() == [1]


def test_an_executive_is_chosen_anew_the_day_its_plenary_turns() -> None:
    board = Board([rule(executive={"members": 100, "source": "test"})], city(0.1, 0.1), EVERYONE_SITS)
    board.sit(city(0.1, 0.1), START, **HABITS)
    board.turned(LINE, discipline=0.3, abstention=0.2)
    for week in range(1, 60):
        board.sit(city(0.9, 0.9), START + timedelta(days=7 * week), **HABITS)
        lagging = board.executive_of("city_soviet")[B]
        for body in board.turned(LINE, discipline=0.3, abstention=0.2):
            board.reelect_executive(body)
            deputies = board.seats_of(body)
            assert board.executive_of(body)[B] == pytest.approx(100 * deputies[B] / deputies.sum(), abs=1)
            assert lagging < board.executive_of(body)[B] - 5
            return
    pytest.fail("the plenary never turned")


def test_a_committee_of_the_armies_stays_until_its_companies_have_left_it_behind() -> None:
    called = rule().sections[0].model_dump() | {"kind": "army_committee", "renewal": "called"}
    board = Board([rule(sections=[called])], city(0.1, 0.1), EVERYONE_SITS)
    board.sit(city(0.1, 0.1), START, **HABITS)
    first = board.seats_of("city_soviet").copy()
    board.sit(city(0.35, 0.6), START + timedelta(days=90), **HABITS)
    assert board.seats_of("city_soviet").tolist() == first.tolist()
    assert board.overdue(0.3) == ()
    board.sit(city(0.55, 0.8), START + timedelta(days=91), **HABITS)
    assert board.seats_of("city_soviet").tolist() == first.tolist()
    assert board.overdue(0.3) == ("city_soviet",)
    board.renew("city_soviet")
    assert board.overdue(0.3) == () and board.seats_of("city_soviet")[B] > first[B]


def test_only_committees_of_the_armies_wait_to_be_called() -> None:
    called = {s.kind for body in bodies().bodies for s in body.sections if s.renewal == "called"}
    recalled = {s.kind for body in bodies().bodies for s in body.sections if s.renewal == "recall"}
    assert called == {"army_committee"} and not called & recalled


# --- in the model -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def october() -> bytes:
    return made().run("1917-10-24").checkpoint()


def restored(packed: bytes, **values: float) -> Revolution:
    """The eve of the Congress, with some parameters other than they were."""
    state = Revolution.restore(packed).state()
    state["made_of"]["parameters"].update(values)
    return Revolution.from_state(state)


def congress(packed: bytes, power: float, **values: float) -> Revolution:
    """The Second Congress, with every meeting of the country of one mind on soviet power."""
    model = restored(packed, **values)
    model.people.soviet_power[:] = power
    model.chamber.sit(date(1917, 10, 24), model.shares, model.people.soviet_power)
    assert model.chamber.board is not None
    for body in model.chamber.board.rules:
        model.chamber.board.renew(body)
    model.chamber.convene("second_congress")
    model.chamber.sit(date(1917, 10, 24), model.shares, model.people.soviet_power)
    return model


def of(model: Revolution, body: str) -> np.ndarray:
    table = model.recorder.tables()["soviets"]
    seats = np.zeros(P, dtype=np.int64)
    for party, n in zip(table["party"][table["body"] == body], table["seats"][table["body"] == body], strict=True):
        seats[PARTY[str(party)]] += int(n)
    return seats


def macro(model: Revolution, place: str) -> dict[str, float]:
    table = model.recorder.tables()["macro"]
    here = (table["place"] == place) & (table["date"] == np.datetime64("1917-10-24"))
    return dict(zip(table["series"][here].tolist(), table["value"][here].tolist(), strict=True))


def test_a_congress_for_soviet_power_loses_those_against_and_its_committee_comes_from_who_stays(october: bytes) -> None:
    model = congress(october, 0.97)
    before, after = of(model, "second_congress"), of(model, "second_congress/after_walkout")
    line = model.parties.soviet_stance
    assert before.sum() == 670 and after.sum() < 670
    assert np.all(after[line < 0] <= before[line < 0])
    assert np.array_equal(after[line >= 0], before[line >= 0])
    committee = model.chamber.executives["tsik"].seats
    assert committee.sum() == 101
    factions = np.where(np.arange(P) == PARTY["unaligned"], 0, after)
    assert after[PARTY["unaligned"]] > 0
    np.testing.assert_allclose(committee / 101, factions / factions.sum(), atol=0.011)
    said = macro(model, "second_congress")
    assert said["majority"] == 1.0
    assert said["votes_for"] + said["votes_against"] + said["abstained"] == 670
    with_them = said["bolsheviks_and_sympathisers"]
    assert after[B] < with_them <= after[B] + after[PARTY["unaligned"]]


def test_a_congress_against_it_loses_nobody(october: bytes) -> None:
    model = congress(october, 0.03)
    assert macro(model, "second_congress")["majority"] == 0.0
    assert of(model, "second_congress/after_walkout").sum() == 0
    factions = of(model, "second_congress")
    factions[PARTY["unaligned"]] = 0
    np.testing.assert_allclose(model.chamber.executives["tsik"].seats / 101, factions / factions.sum(), atol=0.011)


def test_both_capitals_vote_on_every_recorded_day_and_all_hands_are_counted(october: bytes) -> None:
    tables = Revolution.restore(october).recorder.tables()
    table, seats = tables["macro"], tables["soviets"]
    for body in ("petrograd_soviet", "moscow_soviet"):
        for day in np.unique(seats["date"][seats["body"] == body]):
            here = (table["place"] == body) & (table["date"] == day)
            hands = dict(zip(table["series"][here].tolist(), table["value"][here].tolist(), strict=True))
            house = seats["seats"][(seats["body"] == body) & (seats["date"] == day)].sum()
            assert hands["votes_for"] + hands["votes_against"] + hands["abstained"] == house
            assert hands["majority"] == float(hands["votes_for"] > hands["votes_against"])


def test_how_resolute_they_are_decides_how_many_leave(october: bytes) -> None:
    declared = DECLARATIONS["walkout_resolve"]
    stayed = [
        of(congress(october, 0.97, walkout_resolve=value), "second_congress/after_walkout").sum()
        for value in (declared.low, declared.high)
    ]
    assert 0 < stayed[0] < stayed[1]


def test_the_gap_that_is_borne_decides_how_often_committees_are_elected_afresh(october: bytes) -> None:
    """In the weeks after October companies leave their committees behind; which of them are called hangs on the gap."""
    declared = DECLARATIONS["renewal_gap"]
    renewed = []
    for value in (declared.low, declared.high):
        table = restored(october, renewal_gap=value).run("1917-10-31").recorder.tables()["macro"]
        renewed.append(int((table["series"][table["date"] > np.datetime64("1917-10-24")] == "reelected").sum()))
    assert renewed[1] < renewed[0]

"""Soviets on populations small enough to count by hand."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inputs.body_data import BodyRule, Key, bodies
from sim.politics.resolutions import divide
from sim.politics.soviets import Board, deputies, kept
from sim.politics.view import AssemblyView, matching
from sim.words.errors import InputError
from sim.words.identifiers import PARTIES, PARTY, STRATUM, P

PLACES = (
    "petrograd/vyborg",
    "petrograd/narva",
    "petrograd/garrison",
    "volga/towns",
    "volga/garrisons",
    "volga/villages",
)
EVERYONE_SITS = np.eye(P)
B, M, SR = PARTY["bolshevik"], PARTY["menshevik"], PARTY["sr"]
HABITS = dict(recall_days=30.0, recall_gap=0.1, executive_lag=60.0, executive_capture=0.0, open_pressure=0.0)
START = date(1917, 3, 12)


def shares(**parts: float) -> np.ndarray:
    """A row [P] of shares; what is not named follows no party."""
    row = np.zeros(P)
    for party, part in parts.items():
        row[PARTY[party]] = part
    row[PARTY["unaligned"]] += 1 - row.sum()
    return row


def view_of(rows: list[tuple[str, str, float, float, np.ndarray, float]]) -> AssemblyView:
    """Rows of (place, stratum, real size, copies, shares, support for soviet power)."""
    place, stratum, size, copies, share, power = zip(*rows, strict=True)
    return AssemblyView(
        place_names=PLACES,
        place=np.array([PLACES.index(p) for p in place]),
        group=np.arange(len(rows)),
        stratum=np.array([STRATUM[s] for s in stratum]),
        trade=np.zeros(len(rows), dtype=np.int64),
        real_size=np.array(size, dtype=float),
        copies=np.array(copies, dtype=float),
        share=np.array(share),
        soviet_power=np.array(power, dtype=float),
    )


def rule(**changes: object) -> BodyRule:
    section = {
        "id": "workers",
        "kind": "workers",
        "places": ["petrograd"],
        "strata": ["worker"],
        "keys": [{"rule": "persons", "per": 500, "source": "test"}],
    }
    return BodyRule.model_validate({"id": "city_soviet", "title": "City", "sections": [section]} | changes)


def city(share: np.ndarray, power: float = 0.5) -> AssemblyView:
    """Known plants: 30,000; 1,200; 700; 499; 300; 201."""
    sizes = (30_000, 1_200, 700, 499, 300, 201)
    return view_of([("petrograd/vyborg", "worker", s, 1, share, power) for s in sizes])


# --- keys -------------------------------------------------------------------------------------------------------------
def test_a_city_of_known_plants_gives_hand_counted_seats() -> None:
    board = Board([rule()], city(shares(bolshevik=1.0)), EVERYONE_SITS)
    board.sit(city(shares(bolshevik=1.0)), START, **HABITS)
    # 60 + 2 + 1 from the big plants, and the 1,000 people of the three small ones share 2.
    assert board.seats_of("city_soviet").sum() == 65
    assert board.seats_of("city_soviet")[B] == 65


@pytest.mark.parametrize(
    ("key", "size", "copies", "sent"),
    [
        ({"rule": "persons", "per": 500}, 1_200, 1, 2.0),
        ({"rule": "persons", "per": 500}, 300, 10, 6.0),
        ({"rule": "persons", "per": 1000, "least": 1}, 300, 10, 10.0),
        ({"rule": "persons", "per": 1000, "least": 1}, 30_000, 1, 30.0),
        ({"rule": "persons", "per": 50}, 120, 100, 200.0),
        ({"rule": "unit", "per": 1}, 40, 3, 3.0),
        ({"rule": "unit", "per": 1}, 4_000, 3, 3.0),
        ({"rule": "unit", "per": 2, "unit_size": 1_000}, 4_000, 1, 8.0),
    ],
)
def test_keys(key: dict[str, object], size: float, copies: float, sent: float) -> None:
    declared = Key.model_validate(key | {"source": "test"})
    assert deputies(declared, np.array([float(size)]), np.array([float(copies)]))[0] == pytest.approx(sent)


def test_companies_of_any_strength_weigh_the_same() -> None:
    """D-084: a company of 50 sends as many as one of 250, so small units are over-represented."""
    section = {
        "id": "soldiers",
        "kind": "soldiers",
        "places": ["petrograd/garrison"],
        "strata": ["soldier"],
        "keys": [{"rule": "unit", "per": 1, "source": "test"}],
    }
    small, large = shares(sr=1.0), shares(bolshevik=1.0)
    view = view_of(
        [("petrograd/garrison", "soldier", 50, 10, small, 0), ("petrograd/garrison", "soldier", 250, 10, large, 1)]
    )
    board = Board([rule(sections=[section])], view, EVERYONE_SITS)
    board.sit(view, START, **HABITS)
    assert board.seats_of("city_soviet")[[SR, B]].tolist() == [10, 10]


def test_a_fixed_house_keeps_the_key_as_proportion() -> None:
    section = rule().sections[0].model_dump() | {
        "keys": [
            {"rule": "persons", "per": 1000, "least": 1, "source": "t"},
            {"since": "1917-09-01", "rule": "persons", "per": 500, "house": 130, "source": "t"},
        ]
    }
    view = city(shares(menshevik=0.5, sr=0.5))
    board = Board([rule(sections=[section])], view, EVERYONE_SITS)
    board.sit(view, START, **HABITS)
    assert board.seats_of("city_soviet").sum() == 30 + 1 + 1 + 3
    board.sit(view, date(1917, 9, 2), **HABITS)
    assert board.seats_of("city_soviet")[[M, SR]].tolist() == [65, 65]


# --- arithmetic that must hold --------------------------------------------------------------------------------------
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_seats_sum_to_the_house_and_follow_permuted_parties(key: int) -> None:
    random = np.random.default_rng(key)
    order = random.permutation(P)
    rows = random.dirichlet(np.ones(P), 6)
    sizes = random.uniform(20, 6_000, 6).round()

    def seats(table: np.ndarray) -> np.ndarray:
        view = view_of([("petrograd/narva", "worker", s, 3, r, 0.5) for s, r in zip(sizes, table, strict=True)])
        board = Board([rule()], view, EVERYONE_SITS)
        board.sit(view, START, **HABITS)
        assert board.seats_of("city_soviet").sum() == board.house.sum()
        return board.seats_of("city_soviet")

    assert np.array_equal(seats(rows)[order], seats(rows[:, order]))


def test_order_of_assemblies_is_irrelevant() -> None:
    random = np.random.default_rng(3)
    rows = [
        ("petrograd/narva", "worker", float(s), 2.0, r, 0.4)
        for s, r in zip(range(300, 3_300, 300), random.dirichlet(np.ones(P), 10), strict=True)
    ]
    counted = []
    for table in (rows, rows[::-1]):
        board = Board([rule()], view_of(table), EVERYONE_SITS)
        board.sit(view_of(table), START, **HABITS)
        counted.append(board.seats_of("city_soviet").tolist())
    assert counted[0] == counted[1]


# --- recall -----------------------------------------------------------------------------------------------------------
def _run(board: Board, view: AssemblyView, days: int, step: int = 7) -> None:
    assert board.sat is not None
    last = START + timedelta(days=days)
    when = START
    while when < last:
        when = min(when + timedelta(days=step), last)
        board.sit(view, when, **HABITS)


def test_half_of_a_small_change_arrives_in_the_recall_time() -> None:
    board = Board([rule()], city(shares(menshevik=0.52, bolshevik=0.48)), EVERYONE_SITS)
    board.sit(city(shares(menshevik=0.52, bolshevik=0.48)), START, **HABITS)
    _run(board, city(shares(menshevik=0.48, bolshevik=0.52)), 30)
    assert board.held[:, B].mean() == pytest.approx(0.50, abs=0.001)


def test_the_calendar_of_sittings_does_not_change_the_lag() -> None:
    held = []
    for step in (1, 7, 30):
        board = Board([rule()], city(shares(menshevik=0.9, bolshevik=0.1)), EVERYONE_SITS)
        board.sit(city(shares(menshevik=0.9, bolshevik=0.1)), START, **HABITS)
        _run(board, city(shares(menshevik=0.4, bolshevik=0.6)), 30, step)
        held.append(board.held[0, B])
    assert held == pytest.approx([held[0]] * 3, abs=1e-12)


def test_a_wide_gap_is_closed_sooner() -> None:
    now = np.array([[0.0, 1.0], [0.45, 0.55]])
    asked = np.array([[1.0, 0.0], [0.55, 0.45]])
    left = kept(now, asked, np.array([30.0, 30.0]), 7.0, 0.1)
    assert left[0] < 0.3 < left[1]
    assert kept(asked, asked, np.array([30.0, 30.0]), 7.0, 0.1) == pytest.approx(2 ** (-7 / 30))


def test_nearer_the_shop_floor_turns_sooner() -> None:
    """D-070: factory committee, then city soviet, then army committee."""
    floor = rule().sections[0].model_dump()
    bodies_of = [
        rule(id=name, sections=[floor | {"distance": far}])
        for name, far in (("near", 0.4), ("city", 1.0), ("far", 3.0))
    ]
    view = city(shares(menshevik=0.7, bolshevik=0.3))
    board = Board(bodies_of, view, EVERYONE_SITS)
    board.sit(view, START, **HABITS)
    turned: dict[str, int] = {}
    for week in range(1, 40):
        board.sit(city(shares(menshevik=0.45, bolshevik=0.55)), START + timedelta(days=7 * week), **HABITS)
        for name in ("near", "city", "far"):
            seats = board.seats_of(name)
            if 2 * seats[B] > seats.sum():
                turned.setdefault(name, week)
    assert turned["near"] < turned["city"] < turned["far"]


@pytest.mark.parametrize("recall_days", [6.0, 30.0])
def test_the_december_pulse_emerges_from_anger_in_a_few_plants(recall_days: float) -> None:
    """A-034 to A-036: over a dozen of 1,200 seats overnight, then back one by one; no rule of its own.

    A tenth of the plants lose 30 points of Bolshevik support the day their own are shot at; it returns with a
    half-life of a week. Everything else is as on other days. Back in three weeks needs a quick recall.
    """
    calm, angry = shares(bolshevik=0.8, menshevik=0.1, left_sr=0.1), shares(bolshevik=0.5, menshevik=0.4, left_sr=0.1)
    habits = HABITS | {"recall_days": recall_days}

    def town(anger: float) -> AssemblyView:
        hit = calm + anger * (angry - calm)
        return view_of([("petrograd/vyborg", "worker", 3_000, 1, hit if i < 20 else calm, 0.7) for i in range(200)])

    board = Board([rule()], town(0), EVERYONE_SITS)
    board.sit(town(0), date(1917, 12, 1), **habits)
    before = board.seats_of("city_soviet").copy()
    gained = []
    for day in range(22):
        board.sit(town(2 ** (-day / 7)), date(1917, 12, 2) + timedelta(days=day), **habits)
        change = board.seats_of("city_soviet") - before
        assert change[B] == -change[M]
        gained.append(int(change[M]))
    assert before.sum() == 1_200
    assert 12 <= gained[0] <= 40
    assert gained[-1] < max(gained)
    if recall_days < 10:
        assert gained[-1] <= max(gained) // 2


# --- executives, founders, sections -----------------------------------------------------------------------------------
def test_the_executive_lags_its_soviet_and_holds_invited_parties() -> None:
    committee = {"members": 110, "invited_per_party": 2, "source": "test"}
    sits = EVERYONE_SITS.copy()
    for absent in ("kadet", "right"):
        sits[PARTY[absent], PARTY[absent]] = 0.0
    board = Board([rule(executive=committee)], city(shares(menshevik=1.0)), sits)
    board.sit(city(shares(menshevik=1.0)), START, **HABITS)
    assert board.executive_of("city_soviet")[M] == 112
    _run(board, city(shares(bolshevik=1.0)), 30)
    soviet, top = board.seats_of("city_soviet"), board.executive_of("city_soviet")
    assert soviet[B] > 0.9 * soviet.sum()
    assert top[B] < top[M]
    assert top[PARTY["kadet"]] == 0 and top[PARTY["anarchist"]] == 2 and top[PARTY["unaligned"]] == 0
    board.reelect_executive("city_soviet")
    assert board.executive_of("city_soviet")[B] == 2 + round(110 * soviet[B] / soviet.sum())


def test_capture_gives_the_educated_more_of_the_executive() -> None:
    """D-074: with capture the committee leans toward the middle strata of the same places."""
    rows = [
        ("petrograd/vyborg", "worker", 5_000, 1, shares(bolshevik=1.0), 1.0),
        ("petrograd/vyborg", "middle", 50, 9, shares(menshevik=1.0), 0.0),
    ]
    board = Board([rule(executive={"members": 100, "source": "test"})], view_of(rows), EVERYONE_SITS)
    board.sit(view_of(rows), START, **(HABITS | {"executive_capture": 0.3}))
    assert board.executive_of("city_soviet")[[B, M]].tolist() == [70, 30]


def test_a_committee_that_is_elected_afresh_stops_lagging() -> None:
    """B-084: army committees stay behind their companies until they are re-elected."""
    slow = rule().sections[0].model_dump() | {"kind": "army_committee", "distance": 3.0}
    board = Board([rule(sections=[slow])], city(shares(sr=1.0), 0.2), EVERYONE_SITS)
    board.sit(city(shares(sr=1.0), 0.2), START, **HABITS)
    board.sit(city(shares(sr=0.5, bolshevik=0.5), 0.8), START + timedelta(days=1), **HABITS)
    behind = board.seats_of("city_soviet")[B]
    board.renew("city_soviet", 0.5)
    half = board.seats_of("city_soviet")[B]
    board.renew("city_soviet")
    assert behind < half < board.seats_of("city_soviet")[B]
    assert board.seats_of("city_soviet")[[SR, B]].tolist() in ([33, 32], [32, 33])
    assert board.support_of("city_soviet") == pytest.approx(0.8)


def test_founders_weigh_at_first_and_then_fade() -> None:
    founders = {"parties": {"menshevik": 1.0}, "weight": 0.4, "source": "test"}
    view = city(shares(sr=0.5, bolshevik=0.5))
    board = Board([rule(founders=founders)], view, EVERYONE_SITS)
    board.sit(view, START, **HABITS)
    first = board.seats_of("city_soviet")[M]
    _run(board, view, 120)
    assert first == 26
    assert board.seats_of("city_soviet")[M] <= 2


def test_people_whose_party_does_not_sit_stay_away() -> None:
    sits = EVERYONE_SITS.copy()
    sits[PARTY["kadet"]] = 0
    board = Board([rule()], city(shares(kadet=0.5, menshevik=0.5)), sits)
    board.sit(city(shares(kadet=0.5, menshevik=0.5)), START, **HABITS)
    assert board.seats_of("city_soviet")[M] == 65


def test_a_show_of_hands_leans_to_the_majority() -> None:
    view = city(shares(bolshevik=0.6, menshevik=0.4))
    board = Board([rule()], view, EVERYONE_SITS)
    board.sit(view, START, **(HABITS | {"open_pressure": 0.3}))
    # 0.6^1.3 / (0.6^1.3 + 0.4^1.3) is 0.629 of 65 seats.
    assert board.seats_of("city_soviet")[[B, M]].tolist() == [41, 24]


# --- resolutions ------------------------------------------------------------------------------------------------------
def test_policy_can_run_ahead_of_party() -> None:
    """D-001: a soviet with few Bolsheviks carries soviet power when its electors want it and parties are weak."""
    seats = np.array([0] * P)
    seats[[B, SR, M]] = 20, 50, 30
    line = np.zeros(P)
    line[[B, SR, M]] = 1.0, -0.6, -0.8
    willing = divide(seats, 0.8, line, discipline=0.3, abstention=0.2)
    bound = divide(seats, 0.8, line, discipline=0.9, abstention=0.2)
    assert willing.carried and not bound.carried
    for vote in (willing, bound):
        assert vote.votes_for + vote.votes_against + vote.abstained == 100
    united = divide(seats, 1.0, np.ones(P), discipline=0.5, abstention=1.0)
    assert (united.votes_for, united.votes_against, united.abstained) == (100, 0, 0)


def test_a_thin_session_can_carry_what_a_full_one_rejects() -> None:
    seats = np.zeros(P, dtype=np.int64)
    seats[[B, SR]] = 400, 600
    line = np.zeros(P)
    line[[B, SR]] = 1.0, -1.0
    away = np.ones(P)
    away[SR] = 0.3
    assert not divide(seats, 0.5, line, discipline=0.8, abstention=0.1).carried
    thin = divide(seats, 0.5, line, discipline=0.8, abstention=0.1, present=away)
    assert thin.carried and thin.votes_for + thin.votes_against + thin.abstained == 580


# --- the declared bodies ---------------------------------------------------------------------------------------------
def test_unknown_names_are_refused() -> None:
    board = Board([rule()], city(shares(sr=1.0)), EVERYONE_SITS)
    with pytest.raises(InputError, match="city_soviet"):
        board.seats_of("city_sovet")


def test_places_match_by_whole_kind_and_group() -> None:
    names = ("petrograd/vyborg", "volga/towns", "western_front", "baltic_fleet")
    assert matching(("petrograd",), names).tolist() == [0]
    assert matching(("*/towns", "fronts"), names).tolist() == [1, 2]
    assert matching(("all",), names).tolist() == [0, 1, 2, 3]
    assert matching(("volga/villages",), names).tolist() == []


def test_petrograd_is_about_twelve_hundred_in_autumn_and_full_of_soldiers_in_spring() -> None:
    """A-025, A-204: 420,000 workers and the garrison."""
    plants = [
        ("petrograd/narva", "worker", 5_000, 56, shares(sr=1.0), 0.5),
        ("petrograd/narva", "worker", 150, 930, shares(sr=1.0), 0.5),
    ]
    view = view_of([*plants, ("petrograd/garrison", "soldier", 250, 800, shares(sr=1.0), 0.5)])
    board = Board([r for r in bodies().bodies if r.id == "petrograd_soviet"], view, EVERYONE_SITS)
    board.sit(view, date(1917, 3, 20), **HABITS)
    spring = [int(board.seats_of("petrograd_soviet", s).sum()) for s in ("workers", "soldiers")]
    board.sit(view, date(1917, 10, 1), **HABITS)
    autumn = [int(board.seats_of("petrograd_soviet", s).sum()) for s in ("workers", "soldiers")]
    assert spring[1] == 2_000 and 700 <= spring[0] <= 1_300
    assert 1_150 <= sum(autumn) <= 1_250 and autumn[0] > autumn[1]


def test_checkpoint_and_restart_give_the_same_seats() -> None:
    early, late = city(shares(menshevik=0.8, bolshevik=0.2)), city(shares(menshevik=0.3, bolshevik=0.7))
    one = Board([rule()], early, EVERYONE_SITS)
    one.sit(early, START, **HABITS)
    two = Board([rule()], early, EVERYONE_SITS)
    two.restore(one.state(), early, START)
    for board in (one, two):
        board.sit(late, START + timedelta(days=9), **HABITS)
    assert np.array_equal(one.held, two.held) and np.array_equal(one.seats, two.seats)


def test_a_year_of_all_bodies_is_fast() -> None:
    """A thousand assemblies, every declared body, a sitting a week: a small part of a second."""
    random = np.random.default_rng(1)
    regions = (
        "northern",
        "western",
        "central_industrial",
        "black_earth",
        "volga",
        "urals",
        "ukraine",
        "south",
        "caucasus",
        "siberia",
        "steppe_turkestan",
    )
    names = (
        PLACES[:3]
        + tuple(f"{r}/{k}" for r in regions for k in ("towns", "garrisons", "villages"))
        + ("western_front", "baltic_fleet")
    )
    n = 1_000
    place = random.integers(0, len(names), n)
    kinds = {
        "towns": "worker",
        "garrisons": "soldier",
        "villages": "peasant",
        "garrison": "soldier",
        "western_front": "soldier",
        "baltic_fleet": "sailor",
    }
    view = AssemblyView(
        place_names=names,
        place=place,
        group=np.arange(n),
        stratum=np.array([STRATUM[kinds.get(names[p].split("/")[-1], "worker")] for p in place]),
        trade=np.zeros(n, dtype=np.int64),
        real_size=random.uniform(50, 3_000, n),
        copies=random.uniform(1, 40, n),
        share=random.dirichlet(np.ones(P), n),
        soviet_power=random.uniform(0, 1, n),
    )
    board = Board(bodies().bodies, view, EVERYONE_SITS)
    board.sit(view, START, **HABITS)
    begun = perf_counter()
    for week in range(1, 46):
        board.sit(view, START + timedelta(days=7 * week), **HABITS)
    assert perf_counter() - begun < 0.5
    assert len(board.bodies(date(1917, 10, 1))) >= 25
    assert len(PARTIES) == board.seats.shape[1]

"""Elections on electorates small enough to reckon by hand."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inputs.body_data import ElectionRule, bodies
from sim.inputs.party_data import parties
from sim.politics.ballot import transfer, under_pressure
from sim.politics.elections import Commission, Habits, assembly_seats, district_seats, hold
from sim.politics.parties import origins
from sim.politics.view import CellView
from sim.words.calendar import FIRST_DAY
from sim.words.identifiers import PARTIES, PARTY, STRATA, STRATUM, P

PLACES = ("volga/towns", "volga/garrisons", "volga/villages", "ukraine/villages", "northern_front", "petrograd/narva")
PROVINCES = ("samara", "poltava", "petrograd_city")
START = origins(parties(), FIRST_DAY)
B, M, MI, SR, LEFT, NS, N, FREE = (
    PARTY[p]
    for p in (
        "bolshevik",
        "menshevik",
        "menshevik_internationalist",
        "sr",
        "left_sr",
        "national_socialist",
        "national",
        "unaligned",
    )
)
PLAIN = Habits(commune_pressure=0.0)


def cells(*rows: tuple[str, str, str, float, dict[str, float]], russian: dict[str, float] | None = None) -> CellView:
    """Rows of (place, province or '', stratum, electors, shares); ``russian`` gives the share of Russian by place."""
    share = np.zeros((len(rows), P))
    tongue = np.zeros((len(rows), 4))
    for i, (place, _, _, _, parts) in enumerate(rows):
        for party, part in parts.items():
            share[i, PARTY[party]] = part
        share[i, FREE] += 1 - share[i].sum()
        tongue[i, 0] = (russian or {}).get(place, 1.0)
        tongue[i, 1] = 1 - tongue[i, 0]
    return CellView(
        PLACES,
        PROVINCES,
        np.array([PLACES.index(r[0]) for r in rows]),
        np.array([PROVINCES.index(r[1]) if r[1] else -1 for r in rows]),
        np.array([STRATUM[r[2]] for r in rows]),
        np.array([r[3] for r in rows], dtype=float),
        share,
        np.ones(len(rows)),
        tongue,
        np.full(len(rows), 0.5),
    )


def rule(**more: object) -> ElectionRule:
    base = {
        "id": "constituent_assembly",
        "title": "E",
        "on": ["1917-11-12"],
        "places": ["all"],
        "source": "test",
        "turnout": {s: 0.6 for s in STRATA},
    }
    return ElectionRule.model_validate(base | more)


def held(view: CellView, habits: Habits = PLAIN, **more: object):  # noqa: ANN201
    return hold(rule(**more), view, START.second, START.abstain, habits)


def test_turnout_differs_by_stratum_and_abstainers_stay_apart() -> None:
    view = cells(
        ("volga/towns", "samara", "worker", 1_000, {"sr": 1.0}),
        ("volga/towns", "samara", "middle", 1_000, {"kadet": 1.0}),
    )
    counted = held(view, turnout={s: 0.8 if s == "worker" else 0.4 for s in STRATA})
    assert counted.total[SR] == pytest.approx(800)
    assert counted.total[PARTY["kadet"]] == pytest.approx(400)
    assert counted.turnout == pytest.approx(0.6)
    assert counted.by_stratum()["middle"].sum() == pytest.approx(400)


def test_parties_whose_people_stay_at_home_lose_votes() -> None:
    view = cells(("volga/towns", "samara", "worker", 1_000, {"sr": 0.5, "bolshevik": 0.5}))
    counted = held(view, Habits(commune_pressure=0.0, party_turnout={"sr": 0.5}))
    assert counted.total[B] == pytest.approx(300)
    assert counted.total[SR] == pytest.approx(150)


def test_the_sr_list_is_frozen_before_the_split() -> None:
    """D-083: the same electorate, joint and split lists."""
    view = cells(("volga/villages", "samara", "peasant", 1_000, {"sr": 0.4, "left_sr": 0.4, "bolshevik": 0.2}))
    joint = held(view).total
    split = held(view, Habits(commune_pressure=0.0, frozen_lists=False)).total
    assert split[[SR, LEFT, B]] == pytest.approx([240, 240, 120])
    assert joint[LEFT] == 0
    assert joint[SR] == pytest.approx(240 + 0.6 * 240)
    assert joint[B] == pytest.approx(120 + 0.25 * 240)
    assert joint.sum() < split.sum()  # some of the Left SRs' people stay at home


def test_the_list_is_that_of_the_stronger_wing_of_a_district() -> None:
    view = cells(
        ("volga/villages", "samara", "peasant", 1_000, {"sr": 0.2, "left_sr": 0.5, "bolshevik": 0.3}),
        ("ukraine/villages", "poltava", "peasant", 1_000, {"sr": 0.5, "left_sr": 0.5}),
    )
    votes = held(view).by_province()
    assert 300 + 0.6 * 120 <= votes["samara"][LEFT] < 300 + 0.8 * 120  # and some who turn to nobody follow neighbours
    assert votes["samara"][SR] == 0
    assert votes["samara"].sum() < 600  # some of the other wing's people stay at home
    assert votes["poltava"][LEFT] == 0  # even: the list stays the old party's
    assert votes["poltava"][SR] == pytest.approx(300 + 0.6 * 300)


def test_national_lists_stand_by_mother_tongue_not_by_the_result() -> None:
    row = {"sr": 0.5, "national_socialist": 0.5}
    view = cells(
        ("volga/villages", "samara", "peasant", 1_000, row),
        ("ukraine/villages", "poltava", "peasant", 1_000, row),
        russian={"volga/villages": 1.0, "ukraine/villages": 0.1},
    )
    votes = held(view).by_province()
    assert votes["poltava"][NS] == pytest.approx(300)
    assert votes["samara"][[NS, N]].tolist() == [0, 0]
    assert votes["samara"][SR] > 300  # its people turn elsewhere, mostly to the SR list
    assert votes["samara"].sum() < 600


def test_joint_lists_are_counted_as_one() -> None:
    view = cells(
        ("petrograd/narva", "petrograd_city", "worker", 1_000, {"menshevik": 0.3, "menshevik_internationalist": 0.7})
    )
    counted = held(view, joint={"menshevik_internationalist": "menshevik"})
    assert counted.total[[M, MI]] == pytest.approx([600, 0])


def test_people_of_no_party_vote_less_and_mostly_with_their_neighbours() -> None:
    view = cells(("volga/towns", "samara", "worker", 1_000, {"sr": 0.3, "bolshevik": 0.1}))
    counted = held(view)
    # 400 of a party: 240 votes, 3 to 1. 600 of none: half as keen, 180 votes, three quarters of them 3 to 1.
    assert counted.total[[SR, B, FREE]] == pytest.approx([180 + 101.25, 60 + 33.75, 45])


def test_garrisons_count_in_their_towns_or_apart() -> None:
    view = cells(
        ("volga/towns", "samara", "middle", 1_000, {"kadet": 1.0}),
        ("volga/garrisons", "samara", "soldier", 1_000, {"bolshevik": 1.0}),
    )
    joint = held(view, counted_in={"garrisons": "towns"}).by_place()
    apart = held(view).by_place()
    assert list(joint) == ["volga/towns"] and joint["volga/towns"][[B, PARTY["kadet"]]] == pytest.approx([600, 600])
    assert apart["volga/garrisons"][B] == pytest.approx(600) and apart["volga/towns"][B] == 0


def test_shares_of_a_place_sum_to_one() -> None:
    view = cells(
        ("volga/towns", "samara", "worker", 1_000, {"sr": 0.3, "bolshevik": 0.3}),
        ("northern_front", "", "soldier", 5_000, {"left_sr": 0.5, "bolshevik": 0.5}),
    )
    for place in ("volga/towns", "northern_front"):
        rows = [r for r in held(view).table() if r.place == place]
        assert len(rows) == len(PARTIES)
        assert sum(r.share for r in rows) == pytest.approx(1)


def test_a_village_votes_more_as_one_than_its_people_are() -> None:
    view = cells(
        ("volga/villages", "samara", "peasant", 1_000, {"sr": 0.6, "bolshevik": 0.4}),
        ("volga/towns", "samara", "worker", 1_000, {"sr": 0.6, "bolshevik": 0.4}),
    )
    votes = hold(rule(), view, START.second, START.abstain, Habits(commune_pressure=0.3)).by_place()
    village, town = (v[SR] / v.sum() for v in (votes["volga/villages"], votes["volga/towns"]))
    assert town == pytest.approx(0.6)
    assert village == pytest.approx(0.6288, abs=0.001)
    assert under_pressure(np.array([[0.5, 0.5]]), 0.4)[0].tolist() == [0.5, 0.5]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_nobody_votes_twice(key: int) -> None:
    random = np.random.default_rng(key)
    rows = [
        (
            PLACES[i % 6],
            "" if i % 6 == 4 else PROVINCES[i % 3],
            STRATA[i % 6],
            float(random.uniform(10, 1e6)),
            dict(zip(PARTIES, random.dirichlet(np.ones(P)), strict=True)),
        )
        for i in range(12)
    ]
    view = cells(*rows, russian={p: float(random.uniform()) for p in PLACES})
    counted = hold(bodies().election("constituent_assembly"), view, START.second, START.abstain, Habits())
    assert np.all(counted.cells >= -1e-9)
    assert np.all(counted.cells.sum(axis=1) <= view.persons + 1e-6)
    assert sum(v.sum() for v in counted.by_place().values()) == pytest.approx(counted.total.sum())


def test_votes_follow_permuted_parties_when_lists_treat_all_alike() -> None:
    """No party is known by name once lists, splits and second choices are alike for all."""
    random = np.random.default_rng(2)
    order = np.r_[random.permutation(P - 1), P - 1]  # 'unaligned' keeps its place: it is no party
    share = random.dirichlet(np.ones(P))
    nobody = np.zeros((P, P))
    plain = Habits(frozen_lists=False, national_floor=0.0, commune_pressure=0.2)

    def votes(row: np.ndarray) -> np.ndarray:
        view = cells(("volga/villages", "samara", "peasant", 1_000, dict(zip(PARTIES, row, strict=True))))
        return hold(rule(), view, nobody, np.zeros(P), plain).total

    assert votes(share[order]) == pytest.approx(votes(share)[order])


def test_without_a_list_people_turn_to_their_second_choice() -> None:
    stand = np.ones(P)
    stand[B] = 0
    ballot = transfer(stand, START.second, START.abstain)
    assert ballot[B, B] == 0
    assert ballot[B].sum() == pytest.approx(1 - START.abstain[B])
    assert np.array_equal(transfer(np.ones(P), START.second, START.abstain), np.eye(P))


def test_the_assembly_is_elected_by_district() -> None:
    view = cells(
        ("volga/villages", "samara", "peasant", 1_600_000, {"sr": 0.7, "bolshevik": 0.3}),
        ("petrograd/narva", "petrograd_city", "worker", 800_000, {"bolshevik": 0.6, "sr": 0.4}),
        ("northern_front", "", "soldier", 400_000, {"bolshevik": 1.0}),
    )
    declared = rule(seats=28)
    seats = district_seats(view, declared)
    assert seats == {"samara": 16, "petrograd_city": 8, "northern_front": 4}
    deputies = assembly_seats(hold(declared, view, START.second, START.abstain, PLAIN), seats)
    assert deputies["samara"][[SR, B]].tolist() == [11, 5]
    assert deputies["petrograd_city"][[SR, B]].tolist() == [3, 5]
    assert deputies["northern_front"][B] == 4


def test_the_commission_keeps_the_returns() -> None:
    view = cells(("volga/towns", "samara", "worker", 1_000, {"sr": 1.0}))
    office = Commission(mesa.Model(), START.second, START.abstain)
    first = office.hold(rule(id="town_dumas"), view, PLAIN, 157)
    second = office.hold(rule(id="town_dumas"), view, PLAIN, 255)
    assert office.last("town_dumas") is second is not first
    assert office.last("moscow_duma") is None

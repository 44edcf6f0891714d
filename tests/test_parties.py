"""Party data is complete, sourced and even-handed; arrays and lines follow from it."""

from __future__ import annotations

from datetime import date
from importlib import resources

import numpy as np
import pytest

from sim.inputs.data_file import parse
from sim.inputs.party_data import BELIEF, Parties, parties, value_on
from sim.mechanisms.membership import hear_base
from sim.politics.parties import base_on_power, centre_line, origins, programmes
from sim.words.errors import InputError
from sim.words.identifiers import CHANNELS, DEMANDS, PARTIES, PARTY, STRATA, P

MARCH, OCTOBER = date(1917, 3, 1), date(1917, 10, 20)
TEXT = (resources.files("sim") / "evidence" / "parties.yaml").read_text(encoding="utf-8")


def test_every_party_is_there_with_every_field() -> None:
    known = parties()
    assert tuple(p.id for p in known) == PARTIES
    for party in known:
        assert set(party.stance) == set(DEMANDS) and set(party.credibility) == set(STRATA)
        assert set(party.channels) == set(CHANNELS) and party.sources and party.title


def test_kadets_and_the_right_are_as_rich_as_the_bolsheviks() -> None:
    """history.md: stances, credibility and reach as rich; no side is a cardboard figure."""
    table = {p.id: p for p in parties()}
    for name in ("kadet", "right", "sr", "menshevik"):
        party = table[name]
        assert len(party.leaders) >= 3 and len(party.wings) >= 2
        assert sum(1 for c in CHANNELS if party.channels[c] > 0) >= 5
        assert any(s.value > 0 for steps in party.stance.values() for s in steps)
        distinct = {table[name].belief(s, d) for s in STRATA for d in DEMANDS}
        assert len(distinct) >= 3


def test_identity_knows_only_strata_and_is_bounded() -> None:
    start = origins(parties(), MARCH)
    assert start.identity.shape == (len(STRATA), P)
    assert start.identity.min() >= 0 and start.identity.max() <= 1
    assert STRATA[int(start.identity[:, PARTY["sr"]].argmax())] == "peasant"


def test_dates_move_a_programme_and_only_forward() -> None:
    early, late = programmes(parties(), MARCH), programmes(parties(), OCTOBER)
    b, peace = PARTY["bolshevik"], DEMANDS.index("peace")
    assert late.stance[b, peace] > early.stance[b, peace]
    assert np.array_equal(early.stance[PARTY["sr"]], late.stance[PARTY["sr"]])
    assert np.abs(late.stance).max() <= 1


def test_a_step_that_hangs_on_an_event_needs_the_event() -> None:
    steps = {p.id: p for p in parties()}["bolshevik"].soviet_power
    august = date(1917, 8, 10)
    assert value_on(steps, august) == 0.3
    assert value_on(steps, august, frozenset({"CH048"})) == 0.3
    assert value_on(steps, august, frozenset()) == 0.9
    assert value_on(steps, OCTOBER, frozenset()) == 1.0


def test_belief_keeps_its_order() -> None:
    assert BELIEF["none"] < BELIEF["low"] < BELIEF["medium"] < BELIEF["high"] <= 1


def test_people_without_a_list_turn_elsewhere_or_stay_away() -> None:
    sits = origins(parties(), MARCH).in_soviets()
    total = sits.sum(axis=1)
    assert np.all(total <= 1 + 1e-12)
    for name in ("kadet", "right"):
        assert sits[PARTY[name], PARTY[name]] == 0 and total[PARTY[name]] < 1
    for name in ("bolshevik", "sr", "unaligned"):
        assert sits[PARTY[name], PARTY[name]] == 1 == total[PARTY[name]]


def test_the_base_is_heard_where_it_is_organised() -> None:
    """A plant of 100 with a voice outweighs 900 villagers who lean a little and have none."""
    share = np.zeros((3, P))
    share[0, PARTY["bolshevik"]] = 1.0
    share[1, PARTY["menshevik"]] = 1.0
    share[2, PARTY["bolshevik"]], share[2, PARTY["sr"]] = 0.1, 0.9
    power = np.array([0.9, 0.2, 0.1])

    def base(*voices: float) -> np.ndarray:
        heard = np.full((2, P), np.nan)
        hear_base(np.array(voices), share.astype(np.float32), power.astype(np.float32), heard)
        return base_on_power(heard)

    heard = base(100.0, 900.0, 0.0)
    assert heard[PARTY["bolshevik"]] == pytest.approx(0.8)
    assert heard[PARTY["menshevik"]] == pytest.approx(-0.6)
    assert heard[PARTY["kadet"]] == 0
    with_villages = base(100.0, 900.0, 100.0)
    assert with_villages[PARTY["bolshevik"]] == pytest.approx(2 * (0.9 * 100 + 0.1 * 10) / 110 - 1)


def test_a_leader_counts_from_the_day_of_arrival() -> None:
    party = {p.id: p for p in parties()}["bolshevik"]
    assert centre_line(party, date(1917, 4, 1), 0.2) < centre_line(party, date(1917, 4, 4), 0.2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("peace: 0.2, bread", "peece: 0.2, bread"), "peece"),
        (("daring: 0.25", "daring: 1.25"), "less than or equal to 1"),
        (
            ("levels: {centre: 0.1, middle: 0.3, base: 0.6}", "levels: {centre: 0.5, middle: 0.3, base: 0.6}"),
            "levels must sum to 1",
        ),
        (("id: kadet", "id: cadet"), "cadet"),
        (("sits_in_soviets: false", "sits_in_soviets: false\n  bonus: 3"), "bonus"),
    ],
)
def test_mistakes_in_the_file_are_named(change: tuple[str, str], message: str) -> None:
    assert change[0] in TEXT
    with pytest.raises(InputError, match=message) as caught:
        parse(TEXT.replace(*change, 1), "parties.yaml", Parties)
    assert caught.value.problems[0].line > 0

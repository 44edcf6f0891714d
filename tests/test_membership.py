"""Members are counted from followers, with a lag; cards go to those who follow; nobody follows for a card."""

from __future__ import annotations

import numpy as np
import pytest
from year_kit import changed, made

from sim.engine.model import Revolution
from sim.mechanisms.membership import carry, first_choice
from sim.politics.membership import after, potential
from sim.words.identifiers import PARTIES, PARTY, STRATUM, P

B, SR, M = PARTY["bolshevik"], PARTY["sr"], PARTY["menshevik"]


# --- the counts -------------------------------------------------------------------------------------------------------


def test_petrograd_in_october_from_its_followers() -> None:
    """A-081, A-203: 28,000 of 420,000 workers, with two thirds following."""
    share = np.zeros((1, P))
    share[0, B], share[0, -1] = 0.67, 0.33
    could = potential(np.array([420_000.0]), share, 0.1)
    assert could[0, B] == pytest.approx(28_140)
    assert could[0, -1] == 0


def test_the_card_differs_by_where_one_lives() -> None:
    share = np.full((2, P), 1.0 / P)
    could = potential(np.array([1_000.0, 1_000.0]), share, np.array([0.1, 0.02]))
    np.testing.assert_allclose(could[0], 5 * could[1])


def test_growth_takes_time_and_nobody_joins_what_he_left() -> None:
    could, members = np.full((2, P), 1_000.0), np.zeros((2, P))
    followers = np.full((2, P), 10_000.0)
    followers[1] = 100.0
    grown = after(members, could, followers, days=60, half_life=60)
    assert grown[0, B] == pytest.approx(500)
    assert grown[1, B] == 100
    by_weeks = members
    for _ in range(10):
        by_weeks = after(by_weeks, could, followers, days=6, half_life=60)
    np.testing.assert_allclose(by_weeks, grown)


# --- the cards --------------------------------------------------------------------------------------------------------


def dealt(attitude: np.ndarray, members: np.ndarray, consciousness: np.ndarray | None = None) -> np.ndarray:
    """Cards among people of one cell, ten real persons each, luck spread evenly."""
    n = attitude.shape[0]
    known = np.full(n, 0.5, np.float32) if consciousness is None else consciousness.astype(np.float32)
    luck = np.random.default_rng(2).permutation((np.arange(n) + 0.5) / n)
    member, followed = np.full(n, PARTY["kadet"], np.int8), np.zeros(n, np.int8)
    first_choice(attitude.astype(np.float32), followed)
    carry(np.array([0, n]), np.full(n, 10.0), known, followed, luck, members[None, :], member)
    return member


def following(*parties: int) -> np.ndarray:
    attitude = np.zeros((len(parties), P))
    attitude[np.arange(len(parties)), parties] = 1.0
    return attitude


def test_cards_of_a_known_population_add_up_to_the_count() -> None:
    """10,000 real followers and 700 members: 70 of 1,000 rows carry a card."""
    members = np.zeros(P)
    members[B] = 700.0
    member = dealt(following(*[B] * 1_000), members)
    assert (member == B).sum() == pytest.approx(70, abs=1)
    assert set(member.tolist()) == {-1, B}


def test_nobody_carries_the_card_of_a_party_he_does_not_follow() -> None:
    members = np.full(P, 1e9)
    members[-1] = 0.0
    parties = [B, SR, M, P - 1] * 50
    member = dealt(following(*parties), members)
    assert member.tolist() == [-1 if p == P - 1 else p for p in parties]


def test_the_conscious_come_first() -> None:
    members = np.zeros(P)
    members[B] = 2_000.0
    conscious = np.where(np.arange(1_000) < 500, 0.8, 0.2)
    member = dealt(following(*[B] * 1_000), members, conscious)
    assert (member[:500] == B).sum() == pytest.approx(4 * (member[500:] == B).sum(), rel=0.25)
    assert (member == B).sum() == pytest.approx(200, rel=0.1)


# --- in the model -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def june() -> Revolution:
    return made(agents=4_000).run("1917-06-15")


def members(model: Revolution, party: str, place: str) -> np.ndarray:
    table = model.recorder.tables()["macro"]
    return table["value"][(table["series"] == f"members/{party}") & (table["place"] == place)]


def test_parties_grow_out_of_the_underground_everywhere_alike(june: Revolution) -> None:
    for party in ("bolshevik", "sr", "menshevik", "kadet"):
        counts = members(june, party, "empire")
        assert counts[-1] > 2.5 * counts[0] > 0
    assert not members(june, "unaligned", "empire").size


def test_a_card_is_as_likely_for_followers_near_and_far(june: Revolution) -> None:
    """People follow only a party they have heard of: how far it is heard must not count a second time."""
    cells, workers = june.cells, june.cells.stratum == STRATUM["worker"]
    followers = cells.voters * cells.share[:, B]
    density = june.party_life.members[workers, B] / followers[workers]
    heard = cells.reach[workers, B]
    far, near = density[heard < np.quantile(heard, 0.25)], density[heard > np.quantile(heard, 0.75)]
    assert far.mean() == pytest.approx(near.mean(), rel=0.25)


def test_members_of_june_are_of_the_order_of_the_counts(june: Revolution) -> None:
    """Between V412 (79,204 Bolsheviks in April) and V418 (180,000 in July); SRs 300,000 to 1,000,000 (V411, V425)."""
    assert 79_000 < members(june, "bolshevik", "empire")[-1] < 240_000
    assert 300_000 < members(june, "sr", "empire")[-1] < 1_000_000


def test_regions_add_up_and_the_agents_know_their_members(june: Revolution) -> None:
    table = june.recorder.tables()["macro"]
    day = table["date"] == table["date"].max()
    for name in ("bolshevik", "sr"):
        of = day & (table["series"] == f"members/{name}")
        whole, parts = of & (table["place"] == "empire"), of & (table["place"] != "empire")
        assert table["value"][parts].sum() == pytest.approx(table["value"][whole][0], abs=20)
        assert june.parties.agents[PARTY[name]].members == pytest.approx(table["value"][whole][0])


def test_cards_in_hands_are_about_as_many_as_counted(june: Revolution) -> None:
    """Few people stand for many: the sample is within three standard errors of the count."""
    people = june.people
    followed = people.attitude.argmax(axis=1)
    for party in np.flatnonzero(np.bincount(followed, minlength=P)[: P - 1] > 200):
        cards = people.weight[people.member == party]
        heaviest = people.weight[followed == party].max()
        count = june.party_life.members[:, party].sum()
        error = np.sqrt((cards**2).sum() + heaviest * count)
        assert abs(cards.sum() - count) < 3 * error
    assert (people.member == PARTY["sr"]).sum() > 5
    assert set(people.member.tolist()) <= set(range(-1, P - 1))
    with_card = people.member >= 0
    assert (june.day - june.first) % 7 == 0 and np.array_equal(people.member[with_card], followed[with_card])


def test_members_are_mostly_workers_where_the_party_is_one_of_workers(june: Revolution) -> None:
    """A-086: composition overwhelmingly working-class; next to the SRs, whose members are peasants."""
    stratum = june.cells.stratum
    count = june.party_life.members

    def workers(party: int) -> float:
        return float(count[stratum == STRATUM["worker"], party].sum() / count[:, party].sum())

    assert workers(B) > 0.5 and workers(B) > 2 * workers(SR)


def test_cards_make_people_readier_and_change_no_mind() -> None:
    """Rule 1: members come from allegiance; but for what the ready then do, nothing goes back."""
    on, off = (made(changed(off=["action", *more]), until="1917-03-20").run() for more in ([], ["membership"]))
    card = on.people.member >= 0
    assert card.any() and not (off.people.member >= 0).any()
    np.testing.assert_array_equal(on.people.attitude, off.people.attitude)
    assert on.people.readiness[card].mean() > off.people.readiness[card].mean()
    np.testing.assert_array_equal(on.people.readiness[~card], off.people.readiness[~card])


def test_agitators_are_heard_where_they_are_and_by_every_party_alike() -> None:
    quiet = made(until="1917-04-10").run()
    loud = made(changed(parameters={"agitator_voice": 5.0}), until="1917-04-10").run()
    gain = loud.cells.reach - quiet.cells.reach
    for party in range(P - 1):
        there = quiet.party_life.members[:, party] > 1.0
        assert gain[there, party].mean() > 0.0, PARTIES[party]

"""A party's line on soviet power: what its centre wants, pressed by deputies and followers (D-101, H-09 to H-11)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from mesa import Model
from test_soviets import EVERYONE_SITS, HABITS, B, M, rule, shares, view_of
from year_kit import changed, made

from sim.inputs.party_data import PartyData, parties
from sim.politics.parties import Party, centre_line
from sim.politics.party_system import PartySystem
from sim.politics.soviets import Board
from sim.words.identifiers import PARTIES, PARTY, P

MARCH = date(1917, 3, 1)
DATA = {p.id: p for p in parties()}


def settled(data: PartyData, middle: float, base: float, weeks: int = 100) -> float:
    party = Party(Model(), data, MARCH)
    for week in range(weeks):
        party.settle(MARCH + timedelta(days=7 * week % 20), middle, base, days=7, pressure_days=21)
    return party.line


def test_at_rest_the_line_is_the_weighted_mean_of_the_levels() -> None:
    data = DATA["sr"]
    when = MARCH + timedelta(days=7 * 99 % 20)
    levels, centre = data.levels, centre_line(data, when, -0.6)
    wanted = levels.centre * centre + levels.middle * 0.3 + levels.base * 0.9
    assert settled(data, 0.3, 0.9) == pytest.approx(wanted, abs=1e-6)


def test_removing_the_voice_of_the_base_leaves_the_centre() -> None:
    """D-101's own test: without the lower ranks the committee waits."""
    data = DATA["bolshevik"]
    alone = data.levels.model_copy(update={"centre": 1.0, "middle": 0.0, "base": 0.0})
    deaf = data.model_copy(update={"levels": alone})
    centre = centre_line(data, MARCH + timedelta(days=7 * 99 % 20), 0.2)
    assert settled(deaf, 1.0, 1.0) == pytest.approx(centre, abs=1e-6)
    assert settled(data, 1.0, 1.0) > centre + 0.2
    assert settled(data, -1.0, -1.0) < centre - 0.2


@pytest.mark.parametrize("name", [p for p in PARTIES if p != "unaligned"])
def test_pressure_moves_every_party_the_way_it_presses(name: str) -> None:
    assert settled(DATA[name], 0.8, 0.8, 3) > settled(DATA[name], 0.0, 0.0, 3) > settled(DATA[name], -0.8, -0.8, 3)


def test_the_cohesive_move_sooner_and_half_takes_its_time() -> None:
    data = DATA["menshevik"]
    for cohesion, days in ((1.0, 21.0), (0.0, 42.0)):
        party = Party(Model(), data.model_copy(update={"cohesion": cohesion}), MARCH)
        before = party.line
        levels = data.levels
        wanted = levels.centre * before + levels.middle * 1.0 + levels.base * 1.0
        party.settle(MARCH, 1.0, 1.0, days=days, pressure_days=21.0)
        assert party.line - before == pytest.approx(0.5 * (wanted - before))


def test_deputies_speak_for_their_own_electors() -> None:
    """Two plants, one of each party: each party's deputies think as their own plant."""
    rows = [
        ("petrograd/vyborg", "worker", 5_000.0, 1.0, shares(bolshevik=1.0), 0.9),
        ("petrograd/narva", "worker", 2_000.0, 1.0, shares(menshevik=1.0), 0.2),
    ]
    board = Board([rule()], view_of(rows), EVERYONE_SITS)
    board.sit(view_of(rows), MARCH, **HABITS)
    heard = board.deputies_on_power()
    assert heard[B] == pytest.approx(0.8) and heard[M] == pytest.approx(-0.6)
    assert np.isnan(np.delete(heard, [B, M])).all()


def test_a_party_without_deputies_hears_its_followers_twice() -> None:
    system, other = PartySystem(Model(), MARCH), PartySystem(Model(), MARCH)
    base = np.full(P, 0.5)
    said = dict(days=7.0, pressure_days=21.0, happened=None)
    system.settle(MARCH, np.full(P, np.nan), base, **said)
    other.settle(MARCH, base, base, **said)
    np.testing.assert_array_equal(system.soviet_stance, other.soviet_stance)
    assert system.soviet_stance[PARTY["unaligned"]] == 0.0


# --- in the model -----------------------------------------------------------------------------------------------------


def test_the_line_in_force_is_the_settled_one_and_programmes_only_move_the_centre() -> None:
    model = made(until="1917-05-10").run()
    programme = PartySystem(Model(), date(1917, 5, 10))
    lines = np.array([party.line for party in model.parties.agents], dtype=np.float32)
    lines[PARTY["unaligned"]] = 0.0
    np.testing.assert_array_equal(model.parties.soviet_stance, lines)
    np.testing.assert_array_equal(model.parties.stance, programme.stance)
    assert np.abs(model.parties.soviet_stance - programme.soviet_stance).max() > 0.05


def test_switched_off_the_dated_programme_is_the_line() -> None:
    model = made(changed(off=["party_levels"]), until="1917-05-10").run()
    np.testing.assert_array_equal(
        model.parties.soviet_stance, PartySystem(Model(), date(1917, 5, 10)).soviet_stance
    )


def test_a_country_for_soviet_power_draws_every_line_along() -> None:
    lines = []
    for power in (0.05, 0.95):
        model = made(until="1917-04-20")
        model.run("1917-04-01")
        while model.running:
            model.people.soviet_power[:] = power
            model.step()
        lines.append(model.parties.soviet_stance.copy())
    with_levels = [PARTY[p.id] for p in parties() if p.id != "unaligned"]
    assert np.all(lines[1][with_levels] > lines[0][with_levels])

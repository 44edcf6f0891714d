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


WHEN = MARCH + timedelta(days=5)


def pressed(data: PartyData, middle: float, base: float, weeks: int = 200, heard: float = 0.0) -> float:
    """The line of a party that took its programme when its ranks thought ``heard``, and has heard otherwise since."""
    party = Party(Model(), data, MARCH)
    party.settle(WHEN, heard, heard, days=7, pressure_days=21)
    for _ in range(weeks):
        party.settle(WHEN, middle, base, days=7, pressure_days=21)
    return party.line


def test_at_rest_the_line_is_the_centre_moved_by_what_the_ranks_have_come_to_think() -> None:
    data = DATA["sr"]
    centre = centre_line(data, WHEN, data.soviet_power[0].value)
    wanted = centre + data.levels.middle * 0.3 + data.levels.base * 0.9
    assert pressed(data, 0.3, 0.9) == pytest.approx(wanted, abs=1e-6)
    assert pressed(data, -0.4, 0.1, heard=-0.4) == pytest.approx(centre + data.levels.base * 0.5, abs=1e-6)


def test_removing_the_voice_of_the_base_leaves_the_centre() -> None:
    """D-101's own test: without the lower ranks the committee waits."""
    data = DATA["bolshevik"]
    alone = data.levels.model_copy(update={"centre": 1.0, "middle": 0.0, "base": 0.0})
    deaf = data.model_copy(update={"levels": alone})
    centre = centre_line(data, WHEN, data.soviet_power[0].value)
    assert pressed(deaf, 1.0, 1.0) == pytest.approx(centre, abs=1e-6)
    assert pressed(data, 1.0, 1.0) > centre + 0.2
    assert pressed(data, -1.0, -1.0) < centre - 0.2


@pytest.mark.parametrize("name", [p for p in PARTIES if p != "unaligned"])
def test_pressure_moves_every_party_the_way_it_presses(name: str) -> None:
    up, still, down = (pressed(DATA[name], wish, wish, 3) for wish in (0.8, 0.0, -0.8))
    assert up >= still >= down and up > down
    assert -1.0 <= down and up <= 1.0


def test_a_new_programme_starts_from_what_the_ranks_think_by_then() -> None:
    """April: the conference takes up what was pressed for, and only later change presses again."""
    party = Party(Model(), DATA["bolshevik"], MARCH)
    party.settle(date(1917, 3, 10), -0.5, -0.5, days=7, pressure_days=21)
    assert party.heard == (-0.5, -0.5)
    party.settle(date(1917, 4, 20), 0.2, 0.3, days=7, pressure_days=21)
    assert party.heard == (-0.5, -0.5)
    party.settle(date(1917, 4, 27), 0.2, 0.4, days=7, pressure_days=21)
    assert party.heard == (0.2, 0.4) and party.programme == 0.9


def test_the_cohesive_move_sooner_and_half_takes_its_time() -> None:
    data = DATA["menshevik"]
    for cohesion, days in ((1.0, 21.0), (0.0, 42.0)):
        party = Party(Model(), data.model_copy(update={"cohesion": cohesion}), MARCH)
        party.settle(MARCH, 0.0, 0.0, days=7, pressure_days=21.0)
        before = party.line
        party.settle(MARCH, 1.0, 1.0, days=days, pressure_days=21.0)
        assert party.line - before == pytest.approx(0.5 * (data.levels.middle + data.levels.base))


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
    said = dict(days=7.0, pressure_days=21.0, happened=None)
    for wish in (0.0, 0.5):
        base = np.full(P, wish)
        system.settle(MARCH, np.full(P, np.nan), base, **said)
        other.settle(MARCH, base, base, **said)
    np.testing.assert_array_equal(system.soviet_stance, other.soviet_stance)
    assert system.soviet_stance[PARTY["unaligned"]] == 0.0


def test_lines_come_back_from_a_checkpoint() -> None:
    system, other = PartySystem(Model(), MARCH), PartySystem(Model(), MARCH)
    said = dict(days=7.0, pressure_days=21.0, happened=None)
    system.settle(MARCH, np.zeros(P), np.zeros(P), **said)
    other.load(system.state())
    for one in (system, other):
        one.settle(MARCH, np.full(P, 0.6), np.full(P, 0.6), **said)
    np.testing.assert_array_equal(system.soviet_stance, other.soviet_stance)
    assert np.abs(system.soviet_stance - PartySystem(Model(), MARCH).soviet_stance).max() > 0.05


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


def test_a_country_that_turns_to_soviet_power_draws_every_line_along() -> None:
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

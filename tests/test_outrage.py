"""A shooting has deputies recalled overnight; they come back in weeks, whoever shot (A-032 to A-036, D-073, D-120)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from test_soviets import EVERYONE_SITS, B, M, rule, shares, view_of
from test_soviets import HABITS as USUAL
from year_kit import made, own_event, without_events

from sim.politics.soviets import Board
from sim.politics.view import AssemblyView
from sim.words.identifiers import PARTY, STRATUM, P

DECEMBER = date(1917, 12, 1)
HABITS = USUAL | {"recall_days": 20.0}
CALM = shares(bolshevik=0.65, menshevik=0.2, left_sr=0.15)


def town() -> AssemblyView:
    """200 plants of 3,000, all of one mind: 1,200 deputies."""
    return view_of([("petrograd/vyborg", "worker", 3_000, 1, CALM, 0.7) for _ in range(200)])


def seats_after(anger: float, party: int, days: int) -> list[np.ndarray]:
    """Seats on each day after a shooting charged to a party, whose outrage is half spent in a week."""
    board = Board([rule()], town(), EVERYONE_SITS)
    board.sit(town(), DECEMBER - timedelta(days=1), **HABITS)
    found = [board.seats_of("city_soviet")]
    for day in range(days):
        felt = np.zeros((200, P))
        felt[:, party] = anger * 2 ** (-day / 7)
        board.sit(town(), DECEMBER + timedelta(days=day), **HABITS, outrage=felt)
        found.append(board.seats_of("city_soviet"))
    return found


def test_the_december_pulse_of_one_seat_in_a_hundred() -> None:
    """Reed: more than a dozen of 1,200 in twelve hours; three weeks, and they were back one by one.

    A few dead (size 0.32), three quarters of it charged to the party of two thirds of the deputies.
    """
    found = seats_after(0.25, B, 40)
    lost = [int(found[0][B] - seats[B]) for seats in found]
    assert 12 <= lost[1] <= 24
    assert max(lost) > lost[1] and lost.index(max(lost)) <= 10
    assert lost[25] < 0.6 * max(lost) and lost[-1] < 0.3 * max(lost)
    gained = found[1] - found[0]
    assert gained[M] > gained[PARTY["left_sr"]] > 0


@pytest.mark.parametrize("party", ["bolshevik", "menshevik", "left_sr"])
def test_it_is_the_same_for_whoever_shot(party: str) -> None:
    """A party of a third as many deputies loses as its electors' votes do; nobody is spared."""
    p = PARTY[party]
    found = seats_after(0.5, p, 3)
    assert found[3][p] < found[1][p] < found[0][p]
    tilted = CALM * np.where(np.arange(P) == p, np.exp(-0.5), 1.0)
    full = 1_200 * (CALM - tilted / tilted.sum())[p]
    assert (found[0] - found[1])[p] == pytest.approx((1 - np.exp(-0.5)) * full, rel=0.2)


def test_without_outrage_nothing_changes() -> None:
    still = seats_after(0.0, B, 3)
    assert all(seats.tolist() == still[0].tolist() for seats in still)


# --- in the model -----------------------------------------------------------------------------------------------------

SHOT = own_event(
    "a_shooting",
    "1917-03-10",
    {"shooting": {"shooter": "red_guards", "crowd": ["worker"], "places": ["petrograd"], "deaths": [20, 40]}},
)


def test_only_the_crowds_own_hold_it_against_the_shooters_side_and_it_fades() -> None:
    model = made(without_events(SHOT), until="1917-03-31").run("1917-03-10")
    cells, felt = model.cells, model.shocks.total("outrage").copy()
    hit = np.array([p.startswith("petrograd/") for p in cells.place]) & (cells.stratum == STRATUM["worker"])
    charged = model.armed.charged("red_guards")
    assert charged.any() and np.all((felt[hit] > 0) == (charged > 0)) and not felt[~hit].any()
    model.run("1917-03-31")
    np.testing.assert_allclose(model.shocks.total("outrage"), felt / 8, rtol=1e-9)


def test_the_soviet_sits_on_the_day_of_an_outrage_and_only_a_body_of_those_hit_moves() -> None:
    """On a day between two weekly sittings; people's own attitudes know nothing of recall."""
    model = made(without_events(SHOT), until="1917-03-10").run("1917-03-09")
    board = model.chamber.board
    assert board is not None and (model.day + 1 - model.first) % 7 != 0
    before, sat = board.held.copy(), board.sat
    model.run("1917-03-10")
    assert board.sat == model.day > sat
    own = [board.rooms[i] for i in board._rooms_of("petrograd_soviet")]
    workers, soldiers = (next(r for r in own if r.section.id == name) for name in ("workers", "soldiers"))
    moved = np.abs(board.held - before).sum(axis=1)
    assert moved[workers.first : workers.last].mean() > 2 * moved[soldiers.first : soldiers.last].mean()

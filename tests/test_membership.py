"""Members are counted from followers and reach, with a lag."""

from __future__ import annotations

import numpy as np
import pytest

from sim.politics.membership import after, founding, potential
from sim.words.identifiers import PARTY, P

B = PARTY["bolshevik"]


def test_petrograd_in_october_from_its_followers() -> None:
    """A-081, A-203: 28,000 of 420,000 workers, with two thirds following and nearly all reached."""
    share = np.zeros((1, P))
    share[0, B], share[0, -1] = 0.67, 0.33
    could = potential(np.array([420_000.0]), share, np.ones((1, P)), 0.1)
    assert could[0, B] == pytest.approx(28_140)
    assert could[0, -1] == 0


def test_growth_takes_time_and_nobody_joins_what_he_left() -> None:
    could, members = np.full((2, P), 1_000.0), np.zeros((2, P))
    followers = np.full((2, P), 10_000.0)
    followers[1] = 100.0
    grown = after(members, could, followers, days=60, half_life=60)
    assert grown[0, B] == pytest.approx(500)
    assert grown[1, B] == 100


def test_the_first_count_is_kept_and_spread() -> None:
    could = np.zeros((2, P))
    could[:, B] = 300, 100
    counted = np.zeros(P)
    counted[B] = 24_000
    counted[PARTY["sr"]] = 5
    members = founding(counted, could)
    assert members[:, B].tolist() == [18_000, 6_000]
    assert members[:, PARTY["sr"]].sum() == 0

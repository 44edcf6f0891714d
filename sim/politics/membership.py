"""Party members: who carries a card, from a party's followers (A-080 to A-087, D-096).

A party's following in a group sets how many could join, and counts follow with a lag. How far a party is heard is not
counted again: people follow only a party that they have heard of. Members say nothing about allegiance: they are
counted from it (rule 1).
"""

from __future__ import annotations

import numpy as np

from sim.politics.view import Floats


def potential(persons: Floats, share: Floats, card_share: float | Floats) -> Floats:
    """Members [N, P] that a party would have in the long run: followers x ``card_share``.

    ``persons`` [N] real persons, ``share`` [N, P] allegiance (of those active, whose allegiance makes members),
    ``card_share`` one number or [N]. The last party of the axis is none and has no members.
    """
    ready = np.broadcast_to(np.asarray(card_share, dtype=np.float64), persons.shape) * persons
    could = ready[:, None] * share
    could[:, -1] = 0.0
    return np.asarray(could)


def after(members: Floats, could: Floats, followers: Floats, *, days: float, half_life: float) -> Floats:
    """Members [N, P] after ``days``: half of the way to ``could`` in ``half_life``, and never more than followers."""
    moved = could + (members - could) * float(np.exp2(-days / half_life))
    return np.asarray(np.minimum(moved, followers))

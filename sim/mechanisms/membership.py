"""Membership: which people carry a party card (D-096, A-080 to A-087).

How many cards there are is counted in :mod:`sim.politics.membership`; here they come into hands. Nobody carries the
card of a party other than the one followed, and a card makes no one follow (rule 1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.kernels import kernel


@kernel
def carry(
    group_start: NDArray[np.int64],
    weight: NDArray[np.float64],
    consciousness: NDArray[np.float32],
    attitude: NDArray[np.float32],
    luck: NDArray[np.float64],
    members: NDArray[np.float64],
    member: NDArray[np.int8],
) -> None:
    """Deal the cards of each group among its people, ``member`` [n] (party index, -1 for none), in place.

    ``members`` [groups, P] real persons with a card. Among those who follow a party most (``attitude`` [n, P]) the
    chance is in proportion to class consciousness; whoever's ``luck`` [n] in 0..1 is below the chance carries the card.
    """
    parties = attitude.shape[1]
    among = np.empty(parties, np.float64)
    followed = np.empty(weight.size, np.int8)
    for g in range(group_start.size - 1):
        among[:] = 0.0
        for i in range(group_start[g], group_start[g + 1]):
            best = 0
            for p in range(1, parties):
                if attitude[i, p] > attitude[i, best]:
                    best = p
            followed[i] = best
            among[best] += weight[i] * consciousness[i]
        for i in range(group_start[g], group_start[g + 1]):
            p = followed[i]
            member[i] = -1
            if luck[i] * among[p] < members[g, p] * consciousness[i]:
                member[i] = p

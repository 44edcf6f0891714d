"""Membership: which people carry a party card (D-096, A-080 to A-087).

How many cards there are is counted in :mod:`sim.politics.membership`; here they come into hands. Nobody carries the
card of a party other than the one followed, and a card makes no one follow (rule 1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import P
from sim.words.kernels import kernel


@kernel
def first_choice(attitude: NDArray[np.float32], followed: NDArray[np.int8]) -> None:
    """The party that each person follows before all others, ``followed`` [n], by ``attitude`` [n, P].

    Choosing without a branch: which party leads is a guess that a processor mostly loses.
    """
    for i in range(attitude.shape[0]):
        best, first = attitude[i, 0], 0
        for p in range(1, P):
            higher = attitude[i, p] > best
            first = p if higher else first
            best = attitude[i, p] if higher else best
        followed[i] = first


@kernel
def hear_base(
    voice: NDArray[np.float64],
    shares: NDArray[np.float32],
    soviet_power: NDArray[np.float32],
    heard: NDArray[np.float64],
) -> None:
    """The voices that lean to each party and those of them for soviet power, ``heard`` [2, P].

    ``voice`` [n] real persons times how likely they are to carry a card; ``shares`` [n, P]; ``soviet_power`` [n].
    """
    heard[:] = 0.0
    for i in range(voice.size):
        wish = voice[i] * soviet_power[i]
        for p in range(shares.shape[1]):
            heard[0, p] += voice[i] * shares[i, p]
            heard[1, p] += wish * shares[i, p]


@kernel
def carry(
    group_start: NDArray[np.int64],
    weight: NDArray[np.float64],
    consciousness: NDArray[np.float32],
    followed: NDArray[np.int8],
    luck: NDArray[np.float64],
    members: NDArray[np.float64],
    member: NDArray[np.int8],
) -> None:
    """Deal the cards of each group among its people, ``member`` [n] (party index, -1 for none), in place.

    ``members`` [groups, P] real persons with a card. Among those who follow a party most (``followed`` [n]) the chance
    is in proportion to class consciousness; whoever's ``luck`` [n] in 0..1 is below the chance carries the card.
    """
    among = np.empty(members.shape[1], np.float64)
    for g in range(group_start.size - 1):
        among[:] = 0.0
        for i in range(group_start[g], group_start[g + 1]):
            among[followed[i]] += weight[i] * consciousness[i]
        for i in range(group_start[g], group_start[g + 1]):
            p = followed[i]
            member[i] = -1
            if luck[i] * among[p] < members[g, p] * consciousness[i]:
                member[i] = p

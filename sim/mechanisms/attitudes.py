"""Attitudes: one utility, and attitudes that relax toward it.

For a person i of cell c and a party p the utility is

    identity + programme + independence + agreement + taste + consideration - blame

* identity: what the stratum brought from 1905 to 1916, fading with a half-life (D-052, D-108);
* programme: the sum over demands of ``demand * stance``, where a promise (positive stance) counts as far as the party
  is believed, and opposition to a demand (negative stance) counts in full: nobody needs to trust a party to believe
  that it is against them (D-016, D-106);
* consideration: people choose among the parties that they hear of, so shares are proportional to reach: its logarithm
  (consideration sets: Manski, The structure of random utility models, 1977);
* independence: class-conscious people discount a party that allies with the propertied (D-012, D-013);
* agreement: on soviet power, as far as it matters for party choice (D-154);
* taste: personal liking that no mechanism explains, constant;
* blame: what the cell charges to the party.

Nothing is added to an attitude directly. The same terms, kept apart, are what ``october why`` reports.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.curves import exp32
from sim.words.identifiers import K, P
from sim.words.kernels import kernel

#: Parties are padded to a multiple of this inside a kernel: the number of float32 that a processor takes at once.
_LANES = 8


@kernel
def appeal(
    stance: NDArray[np.float32], credibility: NDArray[np.float32], weight: float, out: NDArray[np.float32]
) -> None:
    """Utility of a party per unit of each demand, ``out`` [cells, K, P].

    Weight x stance, times credibility [cells, P, K] for a promise. ``stance`` [P, K] in -1..1.
    """
    said, promise = np.empty((K, P), np.float64), np.empty((K, P), np.bool_)
    for k in range(K):
        for p in range(P):
            said[k, p], promise[k, p] = weight * stance[p, k], stance[p, k] > 0.0
    for c in range(credibility.shape[0]):
        for k in range(K):
            for p in range(P):
                out[c, k, p] = said[k, p] * credibility[c, p, k] if promise[k, p] else said[k, p]


@kernel
def relax_attitudes(
    cell: NDArray[np.int32],
    demand: NDArray[np.float32],
    soviet_power: NDArray[np.float32],
    consciousness: NDArray[np.float32],
    taste: NDArray[np.float32],
    standing: NDArray[np.float32],
    appealing: NDArray[np.float32],
    allied: NDArray[np.float32],
    soviet_stance: NDArray[np.float32],
    independence: float,
    agreement: float,
    rate: float,
    attitude: NDArray[np.float32],
) -> None:
    """Move each person's attitudes a day toward the utility, in place.

    Shapes: ``demand`` [n, K]; ``taste``, ``attitude`` [n, P]; ``standing`` [cells, P] is identity and consideration
    less blame; ``appealing`` [cells, K, P] from :func:`appeal`; ``allied`` [P] in 0..1, how far a party allies with the
    propertied; ``soviet_stance`` [P] in -1..1. Independence takes ``independence * consciousness * allied`` from the
    utility, agreement adds ``agreement * (2 * soviet_power - 1) * soviet_stance``.

    What a cell's people share is laid out once a cell: a row a demand, then soviet power, alliance and standing; a
    column a party, padded to whole lanes. ``K`` is a constant here so that the sum over demands is unrolled. Both
    together make it twice as fast.
    """
    n, parties = attitude.shape
    width = (parties + _LANES - 1) // _LANES * _LANES
    shared = np.zeros((K + 3, width), np.float32)
    goal = np.empty(width, np.float32)
    shared[K, :parties] = soviet_stance
    shared[K + 1, :parties] = allied
    step = np.float32(rate)
    here = -1
    for i in range(n):
        if cell[i] != here:
            here = cell[i]
            for p in range(parties):
                shared[K + 2, p] = standing[here, p]
                for k in range(K):
                    shared[k, p] = appealing[here, k, p]
        lean = np.float32(agreement) * (np.float32(2.0) * soviet_power[i] - np.float32(1.0))
        apart = np.float32(independence) * consciousness[i]
        wants = demand[i]
        for p in range(width):
            utility = shared[K + 2, p] + lean * shared[K, p] - apart * shared[K + 1, p]
            for k in range(K):
                utility += wants[k] * shared[k, p]
            goal[p] = utility
        for p in range(parties):
            attitude[i, p] += step * (goal[p] + taste[i, p] - attitude[i, p])


@kernel
def follow(attitude: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Allegiance: the softmax of attitudes, person by person; rows of ``out`` sum to 1.

    Shapes: ``attitude``, ``out`` [n, P]. The exponential is taken over all numbers in one pass, which is three times
    as fast as person by person.
    """
    n, parties = attitude.shape
    for i in range(n):
        top = attitude[i, 0]
        for p in range(1, parties):
            top = max(top, attitude[i, p])
        for p in range(parties):
            out[i, p] = attitude[i, p] - top
    every = out.reshape(n * parties)
    for j in range(every.size):
        every[j] = exp32(every[j])
    for i in range(n):
        total = np.float32(0.0)
        for p in range(parties):
            total += out[i, p]
        for p in range(parties):
            out[i, p] /= total

"""Support for soviet power: its own state, so that policy and party can part (D-001, D-025, D-110).

It rises with distrust of the cabinet and with the threat to the soviets, follows in part the party a person
follows, and is held back where the local majority sees itself isolated in the country (fear of a split inside
revolutionary democracy). Whether it runs ahead of party support is a result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.curves import logistic32
from sim.words.identifiers import P
from sim.words.kernels import kernel


@kernel
def relax_support(
    cell: NDArray[np.int32],
    demand: NDArray[np.float32],
    attitude: NDArray[np.float32],
    distrust: NDArray[np.float32],
    isolation: NDArray[np.float32],
    soviet_stance: NDArray[np.float32],
    standing: NDArray[np.float32],
    power: int,
    weight_distrust: float,
    weight_threat: float,
    weight_following: float,
    weight_split: float,
    rate: float,
    support: NDArray[np.float32],
) -> None:
    """Move each person's support for soviet power, ``support`` [n] in 0..1, a day toward its level, in place.

    ``distrust`` [cells]: blame on the cabinet; ``isolation`` [cells] in 0..1; ``standing`` [cells]: where the
    stratum starts (logit); ``power``: the index of the demand that measures felt threat. The level is the logistic of
    ``standing`` plus each weight times its term; ``soviet_stance`` [P] counts for the party with the highest attitude.
    """
    n = attitude.shape[0]
    step = np.float32(rate)
    lean = np.empty(n, np.float32)
    for i in range(n):
        c = cell[i]
        # Without a branch, as in membership.first_choice.
        best, said = attitude[i, 0], soviet_stance[0]
        for p in range(1, P):
            higher = attitude[i, p] > best
            said = soviet_stance[p] if higher else said
            best = attitude[i, p] if higher else best
        lean[i] = (
            standing[c]
            + weight_distrust * distrust[c]
            + weight_threat * demand[i, power]
            + weight_following * said
            - weight_split * isolation[c]
        )
    for i in range(n):
        support[i] += step * (logistic32(lean[i]) - support[i])

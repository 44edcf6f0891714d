"""Support for soviet power: its own state, so that policy and party can part (D-001, D-025, D-110).

It rises with distrust of the cabinet and with the threat to the soviets; among people of strong class feeling it rises
with what they hold against parties outside the soviets, as long as these sit in the cabinet at all (D-004, D-014: it is
the coalition with them that is refused, by people who may go on following a party that is in it). It follows in part
the party a person follows, and is held back where the local majority sees itself isolated in the country (fear of a
split inside revolutionary democracy). Whether it runs ahead of party support is a result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.curves import logistic32
from sim.words.kernels import kernel

#: Weight in office at which parties outside the soviets count for 63 per cent as sharing in power: a few ministers do.
FEW_MINISTERS = 0.1


def coalition(
    blame: NDArray[np.float32], outside: NDArray[np.float64], office: NDArray[np.float64], patience: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What people hold against the parties outside the soviets as one side, while these share in power, [cells].

    It tells as the time runs out that people gave those in office (``patience`` [cells] in 0..1).
    ``blame`` [cells, P], ``outside`` [P] 1 for parties that don't sit in soviets, ``office`` [P] weights in office.
    """
    shared = 1.0 - np.exp(-float(office @ outside) / FEW_MINISTERS)
    return np.asarray(shared * (1.0 - patience) * (blame @ outside), dtype=np.float32)


@kernel
def relax_support(
    cell: NDArray[np.int32],
    demand: NDArray[np.float32],
    followed: NDArray[np.int8],
    consciousness: NDArray[np.float32],
    distrust: NDArray[np.float32],
    refused: NDArray[np.float32],
    isolation: NDArray[np.float32],
    soviet_stance: NDArray[np.float32],
    standing: NDArray[np.float32],
    power: int,
    weight_distrust: float,
    weight_refused: float,
    weight_threat: float,
    weight_following: float,
    weight_split: float,
    rate: float,
    support: NDArray[np.float32],
) -> None:
    """Move each person's support for soviet power, ``support`` [n] in 0..1, a day toward its level, in place.

    ``distrust`` [cells]: blame on the cabinet; ``refused`` [cells] from :func:`coalition`, which counts by the person's
    ``consciousness`` [n] in 0..1; ``isolation`` [cells] in 0..1; ``standing`` [cells]: where the
    stratum starts (logit); ``power``: the index of the demand that measures felt threat. The level is the logistic of
    ``standing`` plus each weight times its term; ``soviet_stance`` [P] counts for the party that a person follows
    before all others, ``followed`` [n] from :func:`sim.mechanisms.membership.first_choice`.
    """
    n = followed.size
    step = np.float32(rate)
    lean = np.empty(n, np.float32)
    for i in range(n):
        c = cell[i]
        lean[i] = (
            standing[c]
            + weight_distrust * distrust[c]
            + weight_refused * refused[c] * consciousness[i]
            + weight_threat * demand[i, power]
            + weight_following * soviet_stance[followed[i]]
            - weight_split * isolation[c]
        )
    for i in range(n):
        support[i] += step * (logistic32(lean[i]) - support[i])

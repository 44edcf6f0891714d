"""Action: a threshold cascade inside each assembly (Granovetter 1978; D-019, D-031, H-19).

Someone moves first who is ready to; others join when the share of real people already acting passes their own
threshold, which readiness lowers. What an action is called depends on who acts and where, not on a rule of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.kernels import kernel


@kernel
def cascade(
    start: NDArray[np.int64],
    weight: NDArray[np.float64],
    readiness: NDArray[np.float32],
    threshold: NDArray[np.float32],
    luck: NDArray[np.float64],
    rounds: int,
    acting: NDArray[np.bool_],
) -> None:
    """Find who acts today, ``acting`` [n], in place.

    Round 0: those whose daily draw ``luck`` [n] in 0..1 falls below ``readiness``. Later rounds: those for whom the
    acting share of the assembly times their readiness (doubled, at most 1) passes their ``threshold``. Members of a
    sampled assembly stand for its real people, so shares are weighted.
    """
    for a in range(start.size - 1):
        persons = 0.0
        moving = 0.0
        for i in range(start[a], start[a + 1]):
            persons += weight[i]
            acting[i] = luck[i] < readiness[i]
            if acting[i]:
                moving += weight[i]
        for _ in range(rounds):
            if moving == 0.0 or moving >= persons:
                break
            share = moving / persons
            joined = 0.0
            for i in range(start[a], start[a + 1]):
                if not acting[i] and share * min(1.0, 2.0 * readiness[i]) > threshold[i]:
                    acting[i] = True
                    joined += weight[i]
            if joined == 0.0:
                break
            moving += joined


@kernel
def tally(
    group: NDArray[np.int32],
    weight: NDArray[np.float64],
    demand: NDArray[np.float32],
    acting: NDArray[np.bool_],
    persons: NDArray[np.float64],
) -> None:
    """Add today's participants to ``persons`` [groups, K] by the demand that each presses most."""
    n, k_axis = demand.shape
    for i in range(n):
        if not acting[i]:
            continue
        top = 0
        for k in range(1, k_axis):
            if demand[i, k] > demand[i, top]:
                top = k
        persons[group[i], top] += weight[i]


#: What an action is called, by the stratum of those who act and the demand that they press most. What is left out is
#: a demonstration.
NAMES = {
    ("worker", "bread"): "strike",
    ("worker", "work"): "occupation",
    ("worker", "land"): "strike",
    ("worker", "order"): "strike",
    ("soldier", "peace"): "refusal",
    ("soldier", "land"): "desertion",
    ("sailor", "peace"): "refusal",
    ("peasant", "land"): "land_seizure",
    ("middle", "bread"): "strike",
}

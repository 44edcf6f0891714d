"""Assemblies: those who meet daily and vote by show of hands draw each other together (D-015, D-070, H-19)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import P
from sim.words.kernels import kernel


@kernel
def pull_together(
    start: NDArray[np.int64],
    weight: NDArray[np.float64],
    stubbornness: NDArray[np.float32],
    pull: float,
    attitude: NDArray[np.float32],
) -> None:
    """Move members toward their assembly's weighted mean attitude by ``pull * (1 - stubbornness)``, in place.

    ``start`` [assemblies + 1]: assembly a owns rows ``start[a]:start[a + 1]``. ``attitude`` [n, P].
    """
    mean = np.empty(P, np.float64)
    goal = np.empty(P, np.float32)
    for a in range(start.size - 1):
        mean[:] = 0.0
        persons = 0.0
        for i in range(start[a], start[a + 1]):
            persons += weight[i]
            heavy, own = weight[i], attitude[i]
            for p in range(P):
                mean[p] += heavy * own[p]
        if persons <= 0.0:
            continue
        for p in range(P):
            goal[p] = np.float32(mean[p] / persons)
        for i in range(start[a], start[a + 1]):
            step = np.float32(pull) * (np.float32(1.0) - stubbornness[i])
            own = attitude[i]
            for p in range(P):
                own[p] += step * (goal[p] - own[p])

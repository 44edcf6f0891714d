"""Demands rise with hardship and fall when a policy meets them (D-014, D-026, D-053)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import K
from sim.words.kernels import kernel

#: People whose demands are reckoned in one row of numbers.
_BLOCK = 32


@kernel
def relax_demands(
    cell: NDArray[np.int32],
    want: NDArray[np.float32],
    urgency: NDArray[np.float32],
    hardship: NDArray[np.float32],
    push: NDArray[np.float32],
    policy: NDArray[np.float32],
    relief: float,
    rate: float,
    demand: NDArray[np.float32],
) -> None:
    """Move each person's demands a day toward what hardship and policy make of them, in place.

    The level aimed at is ``(want + (1 - want) * pressed) * (1 - relief * policy)``, where ``pressed`` is
    ``push * hardship * urgency``, at most 1. It stays in 0..1.

    Shapes: ``cell`` [n]; ``want``, ``demand`` [n, K]; ``urgency`` [n]; ``hardship``, ``push`` [cells, K];
    ``policy`` [K].
    """
    n = demand.shape[0]
    one = np.float32(1.0)
    step = np.float32(rate)
    pressure = push * hardship
    easing = one - np.float32(relief) * policy
    # In blocks of people laid out in one row, so that a processor takes the numbers of several people at once.
    pressed, eased = np.empty(_BLOCK * K, np.float32), np.empty(_BLOCK * K, np.float32)
    for j in range(_BLOCK):
        for k in range(K):
            eased[j * K + k] = easing[k]
    every_want, every_demand = want.reshape(n * K), demand.reshape(n * K)
    for first in range(0, n, _BLOCK):
        last = min(first + _BLOCK, n)
        for i in range(first, last):
            c, own = cell[i], urgency[i]
            for k in range(K):
                pressed[(i - first) * K + k] = pressure[c, k] * own
        wants, now = every_want[first * K : last * K], every_demand[first * K : last * K]
        for j in range(now.size):
            felt = pressed[j] if pressed[j] < one else one
            aim = (wants[j] + (one - wants[j]) * felt) * eased[j]
            now[j] += step * (aim - now[j])


@kernel
def mean_by_cell(
    start: NDArray[np.int64], weight: NDArray[np.float64], values: NDArray[np.float32], out: NDArray[Any]
) -> None:
    """Weighted mean of a person column over each cell's slice. ``values`` [n, k]; ``out`` [cells, k]."""
    k_axis = values.shape[1]
    total = np.empty(k_axis, np.float64)
    for c in range(start.size - 1):
        total[:] = 0.0
        persons = 0.0
        for i in range(start[c], start[c + 1]):
            persons += weight[i]
            for k in range(k_axis):
                total[k] += weight[i] * values[i, k]
        if persons > 0.0:
            for k in range(k_axis):
                out[c, k] = total[k] / persons

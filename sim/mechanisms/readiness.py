"""Readiness: who would take the initiative. It is not support (D-002, D-003, D-019 to D-021, D-028)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.curves import logistic32
from sim.words.identifiers import K
from sim.words.kernels import kernel


@kernel
def steel(
    cell: NDArray[np.int32],
    demand: NDArray[np.float32],
    soviet_power: NDArray[np.float32],
    consciousness: NDArray[np.float32],
    member: NDArray[np.int8],
    fear_here: NDArray[np.float32],
    insecurity_here: NDArray[np.float32],
    base: float,
    weight_grievance: float,
    weight_efficacy: float,
    weight_fear: float,
    weight_insecurity: float,
    weight_member: float,
    fear: NDArray[np.float32],
    insecurity: NDArray[np.float32],
    readiness: NDArray[np.float32],
) -> None:
    """Update ``fear``, ``insecurity`` and ``readiness`` [n], each in 0..1, in place.

    ``fear_here`` and ``insecurity_here`` [cells] are today's levels from events and closures; a third of the gap is
    closed a day. Grievance is the strongest demand and the mean of all, half each; efficacy is support for soviet
    power times one half plus class consciousness, what a person believes that people like oneself could do (D-008).
    A member (``member`` >= 0) is readier by ``weight_member``. ``demand`` [n, K].
    """
    n = demand.shape[0]
    third = np.float32(1.0 / 3.0)
    for i in range(n):
        c = cell[i]
        fear[i] += third * (fear_here[c] - fear[i])
        insecurity[i] += third * (insecurity_here[c] - insecurity[i])
        most = np.float32(0.0)
        total = np.float32(0.0)
        for k in range(K):
            total += demand[i, k]
            most = max(most, demand[i, k])
        grievance = np.float32(0.5) * (most + total / np.float32(K))
        drive = (
            base
            + weight_grievance * grievance
            + weight_efficacy * soviet_power[i] * (0.5 + consciousness[i])
            - weight_fear * fear[i]
            - weight_insecurity * insecurity[i]
        )
        if member[i] >= 0:
            drive += weight_member
        readiness[i] = np.float32(drive)
    for i in range(n):
        readiness[i] = logistic32(readiness[i])

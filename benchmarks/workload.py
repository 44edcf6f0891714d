"""A workload for the kernels of influence: as many cells and assemblies as a run of the model has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.assemblies import pull_together
from sim.mechanisms.attitudes import relax_attitudes
from sim.words.identifiers import K, P

CELLS = 650
PEOPLE_PER_ASSEMBLY = 10
INDEPENDENCE, AGREEMENT, RATE, PULL = 0.8, 0.4, 0.03, 0.02


@dataclass
class Workload:
    """Columns of ``n`` people in :data:`CELLS` cells; shapes as in the kernels."""

    cell: NDArray[np.int32]
    assembly_start: NDArray[np.int64]
    weight: NDArray[np.float64]
    demand: NDArray[np.float32]
    soviet_power: NDArray[np.float32]
    consciousness: NDArray[np.float32]
    stubbornness: NDArray[np.float32]
    taste: NDArray[np.float32]
    attitude: NDArray[np.float32]
    standing: NDArray[np.float32]
    appealing: NDArray[np.float32]
    allied: NDArray[np.float32]
    soviet_stance: NDArray[np.float32]


def workload(n: int, seed: int = 1917) -> Workload:
    """Random columns in the bounds that the model declares, the same for the same seed."""
    draw = np.random.default_rng(seed)

    def share(*shape: int) -> NDArray[np.float32]:
        return draw.random(shape, dtype=np.float32)

    def utility(*shape: int) -> NDArray[np.float32]:
        return draw.normal(size=shape).astype(np.float32)

    return Workload(
        cell=np.sort(draw.integers(0, CELLS, n)).astype(np.int32),
        assembly_start=np.arange(0, n + 1, PEOPLE_PER_ASSEMBLY, dtype=np.int64),
        weight=draw.uniform(100.0, 20_000.0, n),
        demand=share(n, K),
        soviet_power=share(n),
        consciousness=share(n),
        stubbornness=share(n),
        taste=utility(n, P),
        attitude=utility(n, P),
        standing=utility(CELLS, P),
        appealing=utility(CELLS, K, P),
        allied=share(P),
        soviet_stance=2.0 * share(P) - 1.0,
    )


def live(w: Workload, days: int) -> None:
    """Days of influence by the kernels of the model: attitudes relax, assemblies pull together."""
    for _ in range(days):
        relax_attitudes(
            w.cell, w.demand, w.soviet_power, w.consciousness, w.taste, w.standing, w.appealing,
            w.allied, w.soviet_stance, INDEPENDENCE, AGREEMENT, RATE, w.attitude,
        )  # fmt: skip
        pull_together(w.assembly_start, w.weight, w.stubbornness, PULL, w.attitude)

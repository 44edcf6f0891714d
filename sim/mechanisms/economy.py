"""The economy's first form: closures make work insecure; villages withhold grain while land and goods are unsettled.

Bread, prices and closures come as forcing series from evidence. What the model adds is feedback: the more the
peasants press for land and the less there is to buy, the less grain reaches the towns (D-050, D-051).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def insecurity_of_work(
    hardship_work: NDArray[np.float32], shocks: NDArray[np.float64], workers: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """How far people of each cell must fear for their work, [cells] in 0..1 (D-003).

    It is half of the hardship, where there are workers, and what shocks add.
    """
    level = np.where(workers, 0.5 * hardship_work, 0.0) + shocks
    return np.asarray(np.clip(level, 0.0, 1.0), dtype=np.float32)


def grain_withheld(land_demand: NDArray[np.float32], persons: NDArray[np.float64], normal: float) -> float:
    """Share of the usual deliveries that villages hold back: the peasants' mean land demand above its start, 0..1.

    ``land_demand`` and ``persons`` [peasant cells]; ``normal`` is the mean land demand of the first day.
    """
    pressed = float(np.average(land_demand, weights=persons)) - normal
    return min(max(pressed, 0.0), 1.0)

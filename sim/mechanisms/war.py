"""The army's first form: how far orders are obeyed, and the disorder that disobedience brings (D-030, D-034, D-040).

Obedience is a state of each soldiers' and sailors' cell. It falls with the demand for peace and with blame on those in
office, and moves with what events do to discipline; orders that nobody must obey leave order in towns to itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def relax_obedience(
    obedience: NDArray[np.float32],
    peace_demand: NDArray[np.float32],
    distrust: NDArray[np.float32],
    discipline: NDArray[np.float64],
    base: float,
    weight_peace: float,
    weight_distrust: float,
    rate: float,
) -> None:
    """Move ``obedience`` [cells] in 0..1 a day toward its level, in place. ``discipline`` are shocks, in logits."""
    lean = base - weight_peace * peace_demand - weight_distrust * distrust + 4.0 * discipline
    obedience += (rate * (1.0 / (1.0 + np.exp(-lean)) - obedience)).astype(np.float32)


def disorder(obedience: NDArray[np.float32], persons: NDArray[np.float64]) -> float:
    """Share of men in uniform whom orders do not bind, 0..1. Shapes [soldiers' and sailors' cells]."""
    return 1.0 - float(np.average(obedience, weights=persons))

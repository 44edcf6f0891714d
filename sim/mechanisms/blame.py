"""Blame: what a group suffers is charged to those it holds responsible (D-026, D-107, D-112, D-140).

The popular strata charge the cabinet and the parties that prop it up; the middle and the propertied charge, in part,
the side of the soviets for disorder. A floor of all suffering is charged to nobody in politics. Responsibility is seen
the more clearly the more the opposition is heard. Blame is forgotten with a half-life.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.words.kernels import kernel

#: Responsibility at which a party's word against the government is worth a third of that of one that has none.
OUT_OF_OFFICE = 0.1


@kernel
def clarity(
    reach: NDArray[np.float32],
    demand: NDArray[np.float32],
    stance: NDArray[np.float32],
    responsibility: NDArray[np.float32],
    floor: float,
    out: NDArray[np.float32],
) -> None:
    """How clearly each cell sees who is responsible: a floor, and above it the voice of the opposition.

    A party out of office is heard as far as it reaches and as far as it speaks to what the cell demands; the voices of
    several join as independent chances. Shapes: ``reach`` [cells, P]; ``demand`` [cells, K]; ``stance`` [P, K];
    ``responsibility`` [P], adding up to about 1; ``out`` [cells] in 0..1.
    """
    cells, parties = reach.shape
    k_axis = demand.shape[1]
    outside = np.exp(-responsibility / np.float32(OUT_OF_OFFICE))
    for c in range(cells):
        wanted = 0.0
        for k in range(k_axis):
            wanted += demand[c, k]
        unheard = 1.0
        for p in range(parties):
            answered = 0.0
            for k in range(k_axis):
                answered += demand[c, k] * stance[p, k]
            fit = max(answered / wanted, 0.0) if wanted > 0.0 else 0.0
            unheard *= 1.0 - reach[c, p] * fit * outside[p]
        out[c] = floor + (1.0 - floor) * (1.0 - unheard)


#: The most that a cell can hold against a party (utility).
MOST_BLAME = 60.0


def lay_on_shooters(
    blame: NDArray[np.float32],
    shot_at: Iterable[tuple[NDArray[np.intp], NDArray[np.float64]]],
    weight: float,
) -> None:
    """People like those shot at charge the shooters' side, whoever it is (D-120), ``blame`` [cells, P] in place.

    ``shot_at``: for each shooting the cells fired on, and the shooter's side [P] times the shooting's size.
    """
    for cells, side in shot_at:
        blame[cells] = np.minimum(blame[cells] + weight * side, MOST_BLAME)


@kernel
def charge(
    demand: NDArray[np.float32],
    policy: NDArray[np.float32],
    seen: NDArray[np.float32],
    responsibility: NDArray[np.float32],
    soviet_side: NDArray[np.float32],
    charge_left: NDArray[np.float32],
    floor: NDArray[np.float32],
    rate: float,
    half_life: float,
    blame: NDArray[np.float32],
) -> None:
    """Add a day's charges to ``blame`` [cells, P] and let the rest fade, in place.

    Unmet demand of a cell is the mean over demands of ``demand * (1 - policy)``. Its charge is split between those
    responsible ([P]) and the side of the soviets ([P], adding up to 1) by ``charge_left`` [cells]; ``floor`` [cells] of
    it is laid on nobody.
    """
    cells, parties = blame.shape
    k_axis = demand.shape[1]
    keep = 0.5 ** (1.0 / half_life)
    for c in range(cells):
        unmet = 0.0
        for k in range(k_axis):
            unmet += demand[c, k] * (1.0 - policy[k])
        weight = rate * (1.0 - floor[c]) * seen[c] * unmet / k_axis
        for p in range(parties):
            at = (1.0 - charge_left[c]) * responsibility[p] + charge_left[c] * soviet_side[p]
            blame[c, p] = blame[c, p] * keep + weight * at

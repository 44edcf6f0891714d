"""Reach: how far each party is heard in each cell, by channel and by word of mouth (D-054, D-097 to D-099, D-158).

Channels decay differently: the capitals' press by rail for towns (heavy-tailed), quickly along the fronts,
weakly into villages; workplaces and committees where there are plants and units; kin and neighbours carry what they
follow themselves. Repression cuts reach, a new paper or speaker raises it. Every party uses the same channels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.kernels import kernel


@kernel
def hear(
    access: NDArray[np.float32],
    voice: NDArray[np.float32],
    opened: NDArray[np.float32],
    silenced: NDArray[np.float32],
    kin_start: NDArray[np.int64],
    kin_cell: NDArray[np.int32],
    kin_weight: NDArray[np.float32],
    share: NDArray[np.float32],
    kin_tie: float,
    reach: NDArray[np.float32],
) -> None:
    """Recompute ``reach`` [cells, P] in place: ``1 - exp(-heard)``.

    ``access`` [cells, C]; ``voice`` [P, C] is how strongly each party speaks through each channel; ``opened``
    [cells, P, C] adds to it, ``silenced`` [cells, P] in 0..1 takes a share of all channels, but not of what kin tell.
    Ties between cells are rows in compressed form: cell ``c`` hears from
    ``kin_cell[kin_start[c]:kin_start[c + 1]]``, each with a weight; what it hears of a party is the party's ``share``
    [cells, P] there.
    """
    cells, parties = reach.shape
    channels = access.shape[1]
    for c in range(cells):
        for p in range(parties):
            spoken = 0.0
            for h in range(channels):
                spoken += (voice[p, h] + opened[c, p, h]) * access[c, h]
            told = 0.0
            for j in range(kin_start[c], kin_start[c + 1]):
                told += kin_weight[j] * share[kin_cell[j], p]
            heard = spoken * (1.0 - silenced[c, p]) + kin_tie * told
            reach[c, p] = 1.0 - np.exp(-max(heard, 0.0))

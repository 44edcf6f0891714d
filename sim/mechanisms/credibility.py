"""Credibility: whether people believe that a party will do what it says on a demand.

It moves in four ways, the same for every party. Office: a demand met raises belief in those who met it, a demand
left unmet lowers it (D-014, D-026, D-124). Warnings: an event that bears one out raises belief in whoever gave it,
where it was heard (D-016, D-094). Charges: an accusation lowers belief where it is read, until it is exposed, and then
part of it turns round (D-092, D-093, D-160). Talk: belief passes along the ties of kin, front and workplace (D-015,
D-036, D-097).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import K
from sim.words.kernels import kernel


@kernel
def keep_or_break(
    demand: NDArray[np.float32],
    policy: NDArray[np.float32],
    seen: NDArray[np.float32],
    responsibility: NDArray[np.float32],
    delivery: float,
    failure: float,
    credibility: NDArray[np.float32],
) -> None:
    """A day in office, in place: what is given is felt by all, what is left undone where it is ``seen`` who governs.

    Shapes: ``demand`` [cells, K]; ``policy`` [K]; ``seen`` [cells] in 0..1, the clarity of
    :func:`sim.mechanisms.blame.clarity`; ``responsibility`` [P]; ``credibility`` [cells, P, K].
    """
    cells, parties, _ = credibility.shape
    given, missed = np.empty(K), np.empty(K)
    for k in range(K):
        given[k] = delivery * policy[k]
    for c in range(cells):
        for k in range(K):
            missed[k] = failure * seen[c] * (1.0 - policy[k])
        for p in range(parties):
            if responsibility[p] <= 0.0:
                continue
            for k in range(K):
                belief = credibility[c, p, k]
                moved = given[k] * (1.0 - belief) - missed[k] * belief
                credibility[c, p, k] = belief + responsibility[p] * demand[c, k] * moved


@kernel
def pass_on(
    kin_start: NDArray[np.int64],
    kin_cell: NDArray[np.int32],
    kin_weight: NDArray[np.float32],
    share: NDArray[np.float32],
    rate: float,
    before: NDArray[np.float32],
    credibility: NDArray[np.float32],
) -> None:
    """Belief passes along ties: those who follow a party elsewhere tell kin and comrades what they believe of it.

    Each cell moves toward the belief of the cells it hears from, by ``rate`` times the weight of the tie times the
    share of the party's followers there. ``before`` is a copy of ``credibility`` [cells, P, K]; ties as in
    :func:`sim.mechanisms.reach.hear`. In place.
    """
    cells, parties, k_axis = credibility.shape
    for c in range(cells):
        for j in range(kin_start[c], kin_start[c + 1]):
            other = kin_cell[j]
            if other == c:
                continue
            for p in range(parties):
                step = rate * kin_weight[j] * share[other, p]
                for k in range(k_axis):
                    credibility[c, p, k] += step * (before[other, p, k] - before[c, p, k])


def bear_out(
    credibility: NDArray[np.float32],
    reach: NDArray[np.float32],
    cells: NDArray[np.intp],
    parties: NDArray[np.intp],
    demand: int,
    step: float,
) -> None:
    """Raise (``step`` > 0) or lower belief on one demand in the parties that gave a warning, where each was heard.

    The gap to full belief (or to none) shrinks by ``1 - exp(-|step| * reach)``. In place; no party counts twice.
    """
    each = cells[:, None]
    belief = credibility[each, parties, demand]
    closed = 1.0 - np.exp(-abs(step) * reach[each, parties])
    goal = 1.0 if step > 0 else 0.0
    credibility[each, parties, demand] = belief + closed * (goal - belief)


def accuse(
    credibility: NDArray[np.float32], heard: NDArray[np.floating[Any]], cells: NDArray[np.intp], party: int, step: float
) -> None:
    """Scale belief in a party, on all demands, by ``exp(-step * heard)``, in place.

    A negative step raises it, up to 1.
    """
    factor = np.exp(-step * heard[cells])[:, None]
    credibility[cells, party, :] = np.minimum(credibility[cells, party, :] * factor, 1.0)

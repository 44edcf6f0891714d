"""Knowledge: what people know of the party they follow, and whom they expect to rule (H-17, D-130 to D-133).

Support may rest on knowledge or on hope. A person comes to know what the party followed would do by hearing it, by
reading and by taking part, and forgets. Whoever follows a party that asks power for the soviets expects soviets of
several parties to rule; knowing the party better, people may expect less of it (``party_aim``, on which the sources
disagree). Once a government stands in the soviets' name, expectation follows what it is; the part that was
disappointed costs those in office belief on ``power``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.curves import exp32
from sim.words.kernels import kernel


@kernel
def learn(
    cell: NDArray[np.int32],
    followed: NDArray[np.int8],
    literate: NDArray[np.bool_],
    acting: NDArray[np.bool_],
    member: NDArray[np.int8],
    reach: NDArray[np.float32],
    told: NDArray[np.float32],
    rate: float,
    unread: float,
    forgetting: float,
    aim: float,
    days: float,
    knows: NDArray[np.float32],
    expects: NDArray[np.float32],
) -> None:
    """Move ``knows`` and ``expects`` [n], both in 0..1, by some days, in place.

    A day teaches ``rate`` times the ``reach`` [cells, P] of the party followed before all others (``followed`` [n]),
    times ``unread`` for those who don't read, twice over for those acting today or with a card; ``forgetting`` of what
    is known is lost a day. Expectation goes the same way toward what one's party has ``told`` [P], less ``aim`` times
    what is known. Exact for any ``days``.
    """
    one, fading, span = np.float32(1.0), np.float32(forgetting), np.float32(days)
    for i in range(followed.size):
        party = followed[i]
        taught = np.float32(rate) * reach[cell[i], party]
        if not literate[i]:
            taught *= np.float32(unread)
        if acting[i] or member[i] >= 0:
            taught += taught
        speed = taught + fading
        if speed > 0.0:
            rest = taught / speed
            knows[i] = rest + (knows[i] - rest) * exp32(-speed * span)
        goal = told[party] * (one - np.float32(aim) * knows[i])
        expects[i] = goal + (expects[i] - goal) * exp32(-taught * span)


@kernel
def disappoint(
    cell_start: NDArray[np.int64],
    weight: NDArray[np.float64],
    soviet_power: NDArray[np.float32],
    expects: NDArray[np.float32],
    plural: float,
    disappointed: NDArray[np.float64],
) -> None:
    """How far a cell's people want soviets in power and expected more of them than there is, ``disappointed`` [cells].

    The weighted mean of ``soviet_power`` [n] times what ``expects`` [n] is above ``plural`` (0: one party governs
    alone; 1: two or more alike); 0 where nobody lives.
    """
    for c in range(cell_start.size - 1):
        total, persons = 0.0, 0.0
        for i in range(cell_start[c], cell_start[c + 1]):
            persons += weight[i]
            total += weight[i] * soviet_power[i] * max(expects[i] - plural, 0.0)
        disappointed[c] = total / persons if persons > 0.0 else 0.0


@kernel
def count_beliefs(
    followed: NDArray[np.int8],
    weight: NDArray[np.float64],
    knows: NDArray[np.float32],
    expects: NDArray[np.float32],
    counted: NDArray[np.float64],
) -> None:
    """Real persons who follow each party before all others, who of them know it, who expect plural soviets.

    Fills ``counted`` [3, P]; the rest are [n].
    """
    counted[:] = 0.0
    for i in range(followed.size):
        counted[0, followed[i]] += weight[i]
        counted[1, followed[i]] += weight[i] * knows[i]
        counted[2, followed[i]] += weight[i] * expects[i]


def plurality(held: NDArray[np.float64]) -> float:
    """How plural a cabinet is, 0..1: effective number of its parties (inverse sum of squares) less one, at most one.

    ``held`` [P] weights in office; nobody in office gives 0.
    """
    total = float(held.sum())
    if total <= 0.0:
        return 0.0
    return min(1.0, 1.0 / float(((held / total) ** 2).sum()) - 1.0)

"""The terms of an attitude, kept apart: what :mod:`attitudes` and :mod:`assemblies` add up, here side by side.

An attitude relaxes toward the sum of terms, so it is itself the sum of parts that each relax, at the same rate, toward
one term; the pull of the assembly is a part of its own. A group's share then splits exactly: over a day each person's
attitudes move along a straight line, and the share's gradient is integrated along it, part by part (rule 3 of the
model). Only a traced run does this. Whoever changes a formula there changes it here: the parts are checked against the
attitudes every day, and the run stops when they no longer add up (:data:`MOST_ROUNDING`).

The programme counts demand x stance x belief. What a person wanted at the start is one term a demand, at the stances
and beliefs of that day; the rest is what changed since: the demand (at mean stance and belief of the day), the stance
offered, belief won, belief lost (at the mean demand of the day).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import DEMANDS, K
from sim.words.kernels import kernel

#: Every part, in the order of the axis. 'wanted/...' is a demand as it was at the start, 'grew/...' its change since.
TERMS = (
    "identity",
    "reach",
    "blame",
    "taste",
    "independence",
    "soviet_power",
    "peers",
    "stubbornness",
    *(f"wanted/{demand}" for demand in DEMANDS),
    *(f"grew/{demand}" for demand in DEMANDS),
    "offered",
    "won",
    "lost",
)
TERM = {name: i for i, name in enumerate(TERMS)}
T = len(TERMS)
#: Cells' terms come in this order: identity, reach, blame.
STANDING = 3
_TASTE, _INDEPENDENCE, _AGREEMENT = TERM["taste"], TERM["independence"], TERM["soviet_power"]
_PEERS, _STUBBORN, _PROGRAMME = TERM["peers"], TERM["stubbornness"], TERM["wanted/peace"]
#: Levels that are carried along: demands as wanted, demands as they grew, and the three shifts.
LEVELS = 2 * K + 3
#: Shifts of a programme's appeal, in this order: stance offered, belief won, belief lost.
SHIFTS = 3
assert _PROGRAMME + LEVELS == T
#: The parts of an attitude may differ from it by so much (utility): the rounding of single precision, no more.
MOST_ROUNDING = 1e-4
#: Two nodes of Gauss and Legendre on 0..1, of equal weight: with a day's step of a tenth the error is below 1e-9.
NODES = np.array([0.5 - 12.0**-0.5, 0.5 + 12.0**-0.5])


@kernel
def relax_terms(
    cell: NDArray[np.int32],
    demand: NDArray[np.float32],
    demand_before: NDArray[np.float32],
    soviet_power: NDArray[np.float32],
    consciousness: NDArray[np.float32],
    taste: NDArray[np.float32],
    standing: NDArray[np.float64],
    appealing: NDArray[np.float32],
    appealing_before: NDArray[np.float32],
    shift: NDArray[np.float64],
    allied: NDArray[np.float32],
    soviet_stance: NDArray[np.float32],
    independence: float,
    agreement: float,
    rate: float,
    level: NDArray[np.float64],
    part: NDArray[np.float64],
    move: NDArray[np.float64],
) -> None:
    """How far each part of each attitude moves today, ``move`` [n, T, P]; the twin of ``attitudes.relax_attitudes``.

    ``part`` [n, T, P] stays as it is; ``level`` [n, LEVELS, P], what the programme's terms have come to, is updated.
    ``standing`` [cells, STANDING, P] is identity, reach and blame (less than zero). ``appealing`` [cells, K, P] of
    today and of the day before; ``shift`` [cells, SHIFTS, K, P] is the change between them by what caused it.
    """
    n, parties = taste.shape
    for i in range(n):
        c = cell[i]
        for k in range(K):
            change = np.float64(demand[i, k]) - np.float64(demand_before[i, k])
            mean = 0.5 * (np.float64(demand[i, k]) + np.float64(demand_before[i, k]))
            for p in range(parties):
                both = 0.5 * (np.float64(appealing[c, k, p]) + np.float64(appealing_before[c, k, p]))
                level[i, K + k, p] += change * both
                for s in range(SHIFTS):
                    level[i, 2 * K + s, p] += mean * shift[c, s, k, p]
        lean = agreement * (2.0 * np.float64(soviet_power[i]) - 1.0)
        apart = independence * np.float64(consciousness[i])
        for p in range(parties):
            for q in range(STANDING):
                move[i, q, p] = rate * (standing[c, q, p] - part[i, q, p])
            move[i, _TASTE, p] = rate * (taste[i, p] - part[i, _TASTE, p])
            move[i, _INDEPENDENCE, p] = rate * (-apart * allied[p] - part[i, _INDEPENDENCE, p])
            move[i, _AGREEMENT, p] = rate * (lean * soviet_stance[p] - part[i, _AGREEMENT, p])
            move[i, _PEERS, p] = -rate * part[i, _PEERS, p]
            move[i, _STUBBORN, p] = -rate * part[i, _STUBBORN, p]
            for q in range(LEVELS):
                move[i, _PROGRAMME + q, p] = rate * (level[i, q, p] - part[i, _PROGRAMME + q, p])


@kernel
def pull_terms(
    start: NDArray[np.int64],
    weight: NDArray[np.float64],
    stubbornness: NDArray[np.float32],
    pull: float,
    attitude: NDArray[np.float32],
    move: NDArray[np.float64],
) -> None:
    """Add the assemblies' pull to ``move`` [n, T, P]; the twin of ``assemblies.pull_together``.

    'peers' is the pull as if nobody resisted it, 'stubbornness' what each person withstood of it. ``attitude`` [n, P]
    as it was before the pull; ``start`` [assemblies + 1] as there.
    """
    parties = attitude.shape[1]
    mean = np.empty(parties, np.float64)
    for a in range(start.size - 1):
        mean[:] = 0.0
        persons = 0.0
        for i in range(start[a], start[a + 1]):
            persons += weight[i]
            for p in range(parties):
                mean[p] += weight[i] * attitude[i, p]
        if persons <= 0.0:
            continue
        for i in range(start[a], start[a + 1]):
            for p in range(parties):
                felt = pull * (mean[p] / persons - attitude[i, p])
                move[i, _PEERS, p] += felt
                move[i, _STUBBORN, p] -= np.float64(stubbornness[i]) * felt


@kernel
def split_shares(
    start: NDArray[np.int64],
    counted: NDArray[np.float64],
    before: NDArray[np.float32],
    after: NDArray[np.float32],
    move: NDArray[np.float64],
    out: NDArray[np.float64],
    own: NDArray[np.float64],
) -> None:
    """Add to ``out`` [groups, T, P] what each part of the day's move did to the shares of each group.

    ``start`` [groups + 1]: group g owns rows ``start[g]:start[g + 1]``; ``counted`` [n] is each row's part of its group
    (adding up to 1). ``before`` and ``after`` [n, P] are the attitudes of yesterday evening and of today; ``move``
    [n, T, P] what each part adds. The gradient of the softmax is integrated along the straight line between them.
    ``own`` [groups, T, P] gets the part of ``out`` that comes of the attitude to the party itself; the rest comes of
    the attitudes to others.
    """
    parties = before.shape[1]
    terms = move.shape[1]
    share = np.empty((NODES.size, parties), np.float64)
    for g in range(start.size - 1):
        for i in range(start[g], start[g + 1]):
            of = counted[i] / NODES.size
            for node in range(NODES.size):
                along = NODES[node]
                top = -np.inf
                for p in range(parties):
                    share[node, p] = before[i, p] + along * (np.float64(after[i, p]) - before[i, p])
                    top = max(top, share[node, p])
                total = 0.0
                for p in range(parties):
                    share[node, p] = np.exp(share[node, p] - top)
                    total += share[node, p]
                for p in range(parties):
                    share[node, p] /= total
            for q in range(terms):
                for node in range(NODES.size):
                    mean = 0.0
                    for p in range(parties):
                        mean += share[node, p] * move[i, q, p]
                    for p in range(parties):
                        mine = of * share[node, p]
                        out[g, q, p] += mine * (move[i, q, p] - mean)
                        own[g, q, p] += mine * (1.0 - share[node, p]) * move[i, q, p]


@kernel
def settle(part: NDArray[np.float64], move: NDArray[np.float64], attitude: NDArray[np.float32]) -> float:
    """Close a day: add ``move`` to ``part`` [n, T, P], clear it; the largest gap to ``attitude`` [n, P] (utility)."""
    n, terms, parties = part.shape
    total = np.empty(parties, np.float64)
    most = 0.0
    for i in range(n):
        total[:] = 0.0
        for q in range(terms):
            for p in range(parties):
                part[i, q, p] += move[i, q, p]
                total[p] += part[i, q, p]
                move[i, q, p] = 0.0
        for p in range(parties):
            gap = abs(total[p] - attitude[i, p])
            if not gap <= most:
                most = gap
    return most

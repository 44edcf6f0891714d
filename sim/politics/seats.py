"""Whole seats from shares: largest remainder (soviets, dumas, congresses) and highest average (the Assembly).

Both give seats that add up to the house, and both treat parties by their weights alone: permute the parties and the
seats are permuted. Two parties with the same weight that contest a last seat get it in the order of PARTIES.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.words.kernels import kernel

Seats = NDArray[np.int64]


def apportion(weights: ArrayLike, houses: ArrayLike) -> Seats:
    """Largest remainder, row by row.

    ``weights`` [N, P] or [P], not negative; ``houses`` [N] or a number, whole seats. A row without weight stays
    empty. Quotas are rounded to nine digits so that the last bits of a sum can't decide a seat.
    """
    rows = np.atleast_2d(np.asarray(weights, dtype=np.float64))
    house = np.broadcast_to(np.asarray(houses, dtype=np.int64), rows.shape[:1])
    result: Seats = np.zeros(rows.shape, dtype=np.int64)
    largest_remainder(np.ascontiguousarray(rows), rows.sum(axis=1), np.ascontiguousarray(house), result)
    return result if np.ndim(weights) == 2 else np.asarray(result[0])


@kernel
def largest_remainder(
    weight: NDArray[np.float64], total: NDArray[np.float64], house: NDArray[np.int64], seats: NDArray[np.int64]
) -> None:
    """Deal each ``house`` [N] by ``weight`` [N, P] that adds up to ``total`` [N]: ``seats`` [N, P], given as zeros.

    Whole quotas first, then one seat each by largest remainder. Of equal remainders the larger quota comes first, of
    equal quotas the earlier party.
    """
    parties = weight.shape[1]
    quota, rest = np.empty(parties), np.empty(parties)
    for row in range(house.size):
        if not total[row] > 0.0:
            continue
        left = house[row]
        for p in range(parties):
            quota[p] = np.rint(weight[row, p] * house[row] / total[row] * 1e9) / 1e9
            seats[row, p] = np.int64(np.floor(quota[p]))
            rest[p] = quota[p] - seats[row, p]
            left -= seats[row, p]
        for _ in range(left):
            first = 0
            for p in range(1, parties):
                more = rest[p] - rest[first]
                if more > 0.0 or (more == 0.0 and quota[p] > quota[first]):
                    first = p
            seats[row, first] += 1
            rest[first] = -1.0


def highest_average(votes: ArrayLike, house: int) -> Seats:
    """D'Hondt: each seat in turn to the largest votes / (seats + 1). ``votes`` [P]; returns seats [P].

    The statute on the election of the Constituent Assembly (1917, articles on the distribution of seats) used it.
    """
    ballots = np.asarray(votes, dtype=np.float64)
    if house <= 0 or ballots.sum() <= 0:
        return np.zeros(ballots.size, dtype=np.int64)
    quotients = (ballots[:, None] / np.arange(1, house + 1)).ravel()
    owner = np.repeat(np.arange(ballots.size), house)
    first = np.argsort(-quotients, kind="stable")[:house]
    return np.bincount(owner[first], minlength=ballots.size).astype(np.int64)

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
    total = rows.sum(axis=1, keepdims=True)
    quota = np.divide(rows * house[:, None], total, out=np.zeros_like(rows), where=total > 0).round(9)
    seats = np.floor(quota)
    left = np.where(total[:, 0] > 0, house - seats.sum(axis=1), 0)
    deal_rest(quota, left.astype(np.int64), seats)
    result: Seats = seats.astype(np.int64)
    return result if np.ndim(weights) == 2 else np.asarray(result[0])


@kernel
def deal_rest(quota: NDArray[np.float64], left: NDArray[np.int64], seats: NDArray[np.float64]) -> None:
    """Give the seats that are ``left`` [N] after whole quotas, one each, by largest remainder, in place.

    ``quota``, ``seats`` [N, P]. Of equal remainders the larger quota comes first, of equal quotas the earlier party.
    """
    parties = quota.shape[1]
    rest = quota - seats
    for row in range(left.size):
        for _ in range(left[row]):
            first = 0
            for p in range(1, parties):
                more = rest[row, p] - rest[row, first]
                if more > 0.0 or (more == 0.0 and quota[row, p] > quota[row, first]):
                    first = p
            seats[row, first] += 1.0
            rest[row, first] = -1.0


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

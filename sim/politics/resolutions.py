"""A resolution: for, against, abstained. Support for a motion is not support for a party (D-001, A-061).

Deputies answer to their electors and to their party. Those pulled both ways abstain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.politics.seats import apportion
from sim.words.identifiers import PARTY

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Resolution:
    """Hands counted."""

    votes_for: int
    votes_against: int
    abstained: int

    @property
    def carried(self) -> bool:
        """More for than against."""
        return self.votes_for > self.votes_against

    @property
    def share(self) -> float:
        """For, as a share of those present."""
        return self.votes_for / max(1, self.votes_for + self.votes_against + self.abstained)


def leaning(power: float | Floats, line: Floats, discipline: float) -> Floats:
    """Readiness [P] of each party's deputies to vote for soviet power, 0..1.

    ``power`` is what their electors think (0..1), ``line`` [P] what their party says (-1..1), ``discipline`` (0..1)
    how much the party counts. Deputies of no party have no line. Several bodies at once: ``power`` [B, 1] gives [B, P].
    """
    said = (1.0 + np.asarray(line, dtype=np.float64)) / 2.0
    weight = np.full(said.shape, discipline)
    weight[PARTY["unaligned"]] = 0.0
    return np.asarray(weight * said + (1.0 - weight) * power)


def sides(seats: Floats, power: Floats, line: Floats, *, discipline: float, abstention: float) -> NDArray[np.int64]:
    """On which side of soviet power each of several bodies stands [B]: 1 for, -1 against, 0 neither.

    ``seats`` [B, P] and ``power`` [B] as in :func:`divide`. A side needs more than half of those present, so that a
    body near the middle stands on neither.
    """
    wish = leaning(power[:, None], line, discipline)
    torn = abstention * 4.0 * wish * (1.0 - wish)
    half = 0.5 * seats.sum(axis=1)
    agree, refuse = (seats * wish * (1.0 - torn)).sum(axis=1), (seats * (1.0 - wish) * (1.0 - torn)).sum(axis=1)
    return np.asarray((agree > half).astype(np.int64) - (refuse > half).astype(np.int64))


def divide(
    seats: NDArray[np.int64],
    power: float,
    line: Floats,
    *,
    discipline: float,
    abstention: float,
    present: Floats | None = None,
) -> Resolution:
    """Count the hands of ``seats`` [P] deputies on a motion for soviet power.

    ``abstention`` (0..1) is the share that abstains among deputies who are split evenly; it falls to none among the
    united. ``present`` [P] is the share of each party's deputies in the hall (all by default: D-072, thin sessions).
    """
    hall = seats * (np.ones(seats.size) if present is None else present)
    wish = leaning(power, line, discipline)
    torn = abstention * 4.0 * wish * (1.0 - wish)
    counts = np.array([hall @ (wish * (1 - torn)), hall @ ((1 - wish) * (1 - torn)), hall @ torn])
    whole = apportion(counts, round(float(hall.sum())))
    return Resolution(int(whole[0]), int(whole[1]), int(whole[2]))

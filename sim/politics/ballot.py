"""How a preference becomes a vote: which lists stand, where their people go without one, and who is watching.

Two observation channels (``history.md``, 10). By show of hands a meeting leans toward its own majority; with a paper
in an envelope it does not, save where a commune decides together. Both are the same function with another pressure.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def transfer(stand: ArrayLike, second: ArrayLike, abstain: ArrayLike) -> Floats:
    """Matrix [P, P] that turns preferences into list votes; rows sum to 1 or, with abstention, to less.

    ``stand`` [P] says which parties have a list. ``second`` [P, P] holds, for a party without one, the weights of
    the parties that its people turn to; ``abstain`` [P] the share of them who then stay at home. Someone whose
    second choices don't stand either stays at home.
    """
    standing = np.asarray(stand, dtype=np.bool_)
    others = np.asarray(second, dtype=np.float64) * standing
    total = others.sum(axis=1, keepdims=True)
    spread = np.divide(others, total, out=np.zeros_like(others), where=total > 0)
    spread *= 1.0 - np.asarray(abstain, dtype=np.float64)[:, None]
    return np.where(standing[:, None], np.eye(standing.size), spread)


def under_pressure(share: Floats, pressure: ArrayLike) -> Floats:
    """Votes [N, P] when a meeting can see them: shares to the power 1 + pressure, normed to sum to 1.

    ``pressure`` (a number or [N], 0 or more) is 0 in a secret ballot. At 0.3, 60 against 40 shows as 63 against 37.
    """
    push = np.asarray(pressure, dtype=np.float64)
    if not push.any():
        return share
    seen = np.power(share, 1.0 + (push[:, None] if push.ndim else push))
    total = seen.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(seen, total, out=np.zeros_like(seen), where=total > 0))


def normed(votes: Floats) -> Floats:
    """Rows [N, P] divided by their sums: shares of those who voted. A row without votes stays zero."""
    total = votes.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(votes, total, out=np.zeros_like(votes), where=total > 0))

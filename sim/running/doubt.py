"""Doubt about the model itself: what it gets wrong whatever its parameters, carried beside the spread of runs.

The sets of parameters come with a discrepancy for each kind of question: the standard deviation of the model's error at
its best, in points at a share of 50 per cent. Where runs drew from such sets, a band of a share can be widened by it.
What a band of runs alone leaves out is thereby shown, not mended: the discrepancy was estimated on votes and houses at
single places, and of a whole of many places, where errors partly cancel, it says too much rather than too little.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.words.errors import unknown

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

#: Kinds of question: votes and followings, standing bodies, congresses, policy (motions and support for soviet power).
KINDS = ("space", "soviets", "congresses", "motions")
#: Shares nearer to 0 or 1 than this count as this far: an error there is small, but not nothing.
EDGE = 0.05


def error_of(points: float, share: Any) -> Floats:
    """The standard deviation (0..1) of the model's error at a ``share`` (0..1), from points at 50 per cent."""
    part = np.clip(np.asarray(share, dtype=np.float64), EDGE, 1.0 - EDGE)
    return np.asarray(points / 100.0 * 2.0 * np.sqrt(part * (1.0 - part)))


def widened(low: Any, middle: Any, high: Any, points: float, width: float) -> tuple[Floats, Floats]:
    """Ends of a band of shares, 0..1, that holds ``width`` of the runs, with the model's own error added in quadrature.

    Each side by itself: the distance from the middle and that of the same part of a normal distribution of the error.
    """
    ends = [np.asarray(end, dtype=np.float64) for end in (low, middle, high)]
    reach = float(ndtri(0.5 + width / 2.0)) * error_of(points, ends[1])
    return (
        np.clip(ends[1] - np.hypot(ends[1] - ends[0], reach), 0.0, 1.0),
        np.clip(ends[1] + np.hypot(ends[2] - ends[1], reach), 0.0, 1.0),
    )


def points_of(content: Mapping[str, Any], kind: str) -> float | None:
    """The discrepancy of a kind of question by a manifest, in points at 50 per cent; None where none is known."""
    if kind not in KINDS:
        raise unknown("kind of question", kind, KINDS)
    found = (content.get("sets") or {}).get("discrepancy", {}).get(kind)
    return None if found is None else float(found)


def widen(band: pd.DataFrame, points: float | None, width: float) -> pd.DataFrame:
    """A frame of low, middle, high with ``wide_low`` and ``wide_high`` beside them; as it is where nothing is known."""
    if points is None:
        return band
    low, high = widened(band["low"], band["middle"], band["high"], points, width)
    return band.assign(wide_low=low, wide_high=high)

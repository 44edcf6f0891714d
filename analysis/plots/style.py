"""How figures look: one colour and one line for each party and stratum, kept in every figure; sizes; labels.

The colours part for the common kinds of colour blindness (after Paul Tol, Colour Schemes, SRON technical note 2021);
neighbours in hue also differ in their line. Lines are labelled directly, so that no reader has to match a legend.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

import matplotlib
from matplotlib.dates import date2num


@dataclass(frozen=True)
class Line:
    """How one party or stratum is drawn: its name in words, colour, and dashes."""

    label: str
    colour: str
    dashes: str | tuple[int, tuple[int, ...]] = "-"


_LONG, _SHORT = (0, (5, 2)), (0, (1, 1))

PARTY_LINES: dict[str, Line] = {
    "bolshevik": Line("Bolsheviks", "#CC3311"),
    "left_sr": Line("Left SRs", "#AA4499", _LONG),
    "sr": Line("SRs", "#117733"),
    "menshevik": Line("Mensheviks", "#EE7733"),
    "menshevik_internationalist": Line("Menshevik Internationalists", "#B8860B", _LONG),
    "anarchist": Line("Anarchists", "#000000", _SHORT),
    "kadet": Line("Kadets", "#0077BB"),
    "right": Line("The right", "#332288"),
    "national_socialist": Line("National socialists", "#7A8B00", _LONG),
    "national": Line("National parties", "#44AA99", _LONG),
    "unaligned": Line("Unaligned", "#888888"),
}

STRATUM_LINES: dict[str, Line] = {
    "worker": Line("Workers", "#CC3311"),
    "soldier": Line("Soldiers", "#117733"),
    "sailor": Line("Sailors", "#0077BB"),
    "peasant": Line("Peasants", "#B8860B"),
    "middle": Line("Middle strata", "#AA4499"),
    "propertied": Line("Propertied", "#332288"),
}

#: Inches of one panel, and of the strip for the list of events.
PANEL_WIDTH, PANEL_HEIGHT = 4.3, 2.75
EVENT_LINE_HEIGHT = 0.19
DPI = 150

_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.6,
    "svg.hashsalt": "october1917",
    "pdf.fonttype": 42,
}


def house_style() -> AbstractContextManager[None]:
    """The settings of every figure, for a ``with`` block; the user's own settings come back after it."""
    return matplotlib.rc_context(_SETTINGS)  # type: ignore[arg-type]


def axis_day(when: date) -> float:
    """A date's position on an axis of dates."""
    return float(date2num(when))  # type: ignore[no-untyped-call]


def spread_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near to ``wanted`` as can be, at least ``gap`` apart, between ``low`` and ``high``.

    Keeps the order of ``wanted``. When there is no room for the gap, positions are spaced evenly.
    """
    count = len(wanted)
    if count == 0:
        return []
    gap = min(gap, (high - low) / max(count - 1, 1))
    order = sorted(range(count), key=lambda i: wanted[i])
    # With the gaps taken out, what is left is the nearest rising sequence (pool adjacent violators).
    blocks: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        mean, size = wanted[i] - rank * gap, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        blocks.append((mean, size))
    level = [mean for mean, size in blocks for _ in range(size)]
    out = [0.0] * count
    for rank, i in enumerate(order):
        out[i] = min(max(level[rank], low), high - (count - 1) * gap) + rank * gap
    return out

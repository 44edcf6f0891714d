"""How figures look: one colour and one line for each party and stratum, kept in every figure; sizes; label inks.

The colours were searched for so that any two parties stay apart (CIELAB distance 24 with the same line, 14.5 with
another one) to usual sight and under full protanopia, deuteranopia and tritanopia (matrices of Machado, Oliveira and
Fernandes, 2009); a test holds them to it. Strata take the palette of Okabe and Ito (2008). Lines are labelled directly,
so that no reader has to match a legend; labels are darkened until they can be read on white.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import matplotlib
from matplotlib.colors import to_hex, to_rgb
from matplotlib.dates import date2num

import sim
from analysis.words.naming import PARTY_TITLES, STRATUM_TITLES

Calendar = Literal["os", "ns"]
SizeName = Literal["slide", "page", "poster"]


@dataclass(frozen=True)
class Line:
    """How one party or stratum is drawn: its name in words, colour, and dashes."""

    label: str
    colour: str
    dashes: str | tuple[int, tuple[float, ...]] = "-"


_LONG, _SHORT = (0, (4.5, 1.5)), (0, (1, 1))

PARTY_LINES: dict[str, Line] = {
    "bolshevik": Line(PARTY_TITLES["bolshevik"], "#DB142F"),
    "left_sr": Line(PARTY_TITLES["left_sr"], "#8F14B8", _LONG),
    "sr": Line(PARTY_TITLES["sr"], "#089B57"),
    "menshevik": Line(PARTY_TITLES["menshevik"], "#FF8200"),
    "menshevik_internationalist": Line(PARTY_TITLES["menshevik_internationalist"], "#7A2900", _LONG),
    "anarchist": Line(PARTY_TITLES["anarchist"], "#000000", _SHORT),
    "kadet": Line(PARTY_TITLES["kadet"], "#006AFF"),
    "right": Line(PARTY_TITLES["right"], "#09075F"),
    "national_socialist": Line(PARTY_TITLES["national_socialist"], "#86C331", _SHORT),
    "national": Line(PARTY_TITLES["national"], "#2DC4D2", _LONG),
    "unaligned": Line(PARTY_TITLES["unaligned"], "#9F9E9E"),
}

STRATUM_LINES: dict[str, Line] = {
    "worker": Line(STRATUM_TITLES["worker"], "#D55E00"),
    "soldier": Line(STRATUM_TITLES["soldier"], "#009E73"),
    "sailor": Line(STRATUM_TITLES["sailor"], "#0072B2"),
    "peasant": Line(STRATUM_TITLES["peasant"], "#E69F00", _LONG),
    "middle": Line(STRATUM_TITLES["middle"], "#CC79A7"),
    "propertied": Line(STRATUM_TITLES["propertied"], "#3B3B3B", _LONG),
}

#: Parties too small in a panel to be told apart, summed up.
OTHERS = "others"
OTHERS_LINE = Line("Others together", "#C9C4BA", _SHORT)
#: Support for soviet power, the policy: no party's colour.
SOVIET_POWER_LINE = Line("For soviet power", "#1F3B4D")
#: The only line of a panel, where no party or stratum is meant.
PLAIN_LINE = Line("", "#44546A")


@dataclass(frozen=True)
class Size:
    """Where a figure is seen. ``height`` None: as high as its panels need, up to ``tallest``. Inches, points."""

    name: str
    width: float
    height: float | None
    tallest: float
    text: float
    dpi: int

    def points(self, factor: float) -> float:
        """A size of text, as a multiple of the plain text's."""
        return self.text * factor

    @property
    def stroke(self) -> float:
        """The width of a curve, points."""
        return self.text / 5.5


SIZES: dict[str, Size] = {
    "slide": Size("slide", 13.333, 7.5, 7.5, 10.5, 144),
    "page": Size("page", 7.0, None, 9.8, 7.0, 170),
    "poster": Size("poster", 33.1, 23.4, 23.4, 27.0, 100),
}
#: Sizes of text, as multiples of :attr:`Size.text`.
TITLE, PANEL, TOLD, LABEL, TICK, MARK, EVENT, NOTE = 1.75, 1.15, 1.0, 0.98, 0.88, 0.85, 0.92, 0.85

_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
    "svg.hashsalt": "october1917",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


def house_style(size: str = "slide") -> AbstractContextManager[None]:
    """The settings of every figure, for a ``with`` block; the user's own settings come back after it."""
    thick = size_of(size).text / 10.0
    widths = {"axes.linewidth": 0.8 * thick, "grid.linewidth": 0.6 * thick, "hatch.linewidth": 0.5 * thick}
    widths |= {"xtick.major.width": 0.8 * thick, "ytick.major.width": 0.8 * thick}
    return matplotlib.rc_context(_SETTINGS | widths)  # type: ignore[arg-type]


def size_of(name: str) -> Size:
    """A size by name; raises :class:`sim.InputError` for one that does not exist."""
    if name not in SIZES:
        raise sim.InputError(f"unknown size '{name}'. Known: {', '.join(SIZES)}.")
    return SIZES[name]


def ink(colour: str, contrast: float = 4.5) -> str:
    """The colour, darkened until text in it can be read on white (contrast of WCAG 2: 4.5 to 1)."""
    red, green, blue = to_rgb(colour)
    while 1.05 / (_luminance(red, green, blue) + 0.05) < contrast:
        red, green, blue = 0.96 * red, 0.96 * green, 0.96 * blue
    return str(to_hex((red, green, blue)))


def _luminance(*rgb: float) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def axis_day(when: date) -> float:
    """A date's position on an axis of dates."""
    return float(date2num(when))  # type: ignore[no-untyped-call]


def both_dates(when: date, calendar: Calendar) -> str:
    """An Old Style date in the style asked for, the other style in brackets."""
    one, other = (when, sim.new_style(when)) if calendar == "os" else (sim.new_style(when), when)
    return f"{one.day} {one:%b} ({other.day} {other:%b})"


def per_cent(share: float) -> str:
    """A share in words of the figures: 0.123 is '12 %'."""
    return f"{100.0 * share:.0f} %"


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

"""Panels of curves: a median and a band each, named at its end. What most kinds of figure are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.sheet import Cell, Plan, Sheet, Words, sheet
from analysis.plots.style import LABEL, TICK, Calendar, Line, Size, ink, spread_apart
from analysis.plots.text import width

#: Inches from a panel to its labels, as a multiple of the text.
_LEADER = 1.25
#: Names are set in letters no smaller than this part of the usual.
_SMALLEST = 0.55
#: A scale of differences reaches at least so far to both sides of zero.
_LEAST_POINTS = 0.01


@dataclass(frozen=True)
class Curve:
    """One line: its look (with the label), and a frame of when, low, middle, high.

    With columns ``inner_low`` and ``inner_high`` a darker band stands inside, with ``wide_low`` and ``wide_high`` a
    paler one around; from the day ``fades`` on all is paler.
    """

    look: Line
    rows: pd.DataFrame
    step: bool = False
    fades: date | None = None


@dataclass(frozen=True)
class Panel:
    """One panel: its title, lines under it, curves by key, and observed points (when, value, checked).

    ``unit`` is share (0..1, written in per cent), points (a difference of shares, of either sign) or number.
    """

    title: str
    curves: Mapping[str, Curve]
    under: str = ""
    unit: Literal["share", "number", "points"] = "share"
    dots: Sequence[tuple[date, float, bool]] = field(default=())


def figure(
    results: Sequence[sim.Results],
    panels: Sequence[Panel],
    words: Words,
    size: str,
    calendar: Calendar,
    *,
    own_scales: bool = False,
) -> Figure:
    """Draw the panels on a sheet; each with its own scale, in its own unit, if ``own_scales``."""
    if not panels:
        raise sim.InputError("nobody of the kind asked for lives there: the figure has no panel.")
    chosen = style.size_of(size)
    labels = [curve.look.label for panel in panels for curve in panel.curves.values()]
    gutter = max((width(label, chosen.points(LABEL)) for label in labels), default=0.0)
    gutter += (_LEADER + 0.6) * chosen.text / 72.0
    scales = [_scale(panel) for panel in panels]
    if not own_scales:
        scales = [(min(low for low, _ in scales), max(top for _, top in scales))] * len(scales)
    margin = max(_scale_width(panel, scale, chosen) for panel, scale in zip(panels, scales, strict=True))
    margin += 0.8 * chosen.text / 72.0
    head = 1 + max(len(panel.under.splitlines()) for panel in panels)
    since, faded = bands.extrapolates(results)
    words = replace(words, notes=[note for note in (*words.notes, faded) if note])
    plan = Plan(len(panels), gutter, margin, head=head, own_scales=own_scales)
    made = sheet(results, words, plan, size, calendar)
    first, last = bands.span(results)
    for cell, panel, scale in zip(made.cells, panels, scales, strict=True):
        draw_panel(made, cell, panel, scale)
        made.dates(cell, first, last, since if faded else None)
        made.title(cell, panel.title, panel.under)
    return made.figure


def draw_panel(made: Sheet, cell: Cell, panel: Panel, scale: tuple[float, float]) -> None:
    """Bands, lines, dots, labels at the ends, and the scale from its lowest to its highest value."""
    axes, size = cell.axes, made.size
    if scale[0] < 0.0:
        axes.axhline(0.0, color="#555555", linewidth=size.text / 13, zorder=1)
    for curve in panel.curves.values():
        _draw(axes, curve, size)
    for when, value, checked in panel.dots:
        face = "#000000" if checked else "#FFFFFF"
        axes.plot(
            [style.axis_day(when)], [value], "o", color="#000000", markerfacecolor=face, markersize=size.text / 2,
            markeredgewidth=size.text / 9, zorder=5, clip_on=False,
        )  # fmt: skip
    draw_scale(made, cell, scale, panel.unit)
    ends = [(c.look, float(c.rows["middle"].iloc[-1]), c.rows["when"].iloc[-1].date()) for c in panel.curves.values()]
    label_ends(made, axes, ends, scale)


def draw_scale(made: Sheet, cell: Cell, scale: tuple[float, float], unit: str) -> None:
    """The scale at the left of a panel, its figures only where they are not those of the panel beside it."""
    ticks = _ticks(scale, made.panel_height, made.size)
    cell.axes.set_ylim(*scale)
    cell.axes.set_yticks(ticks)
    shown = [_written(tick, unit) if cell.leftmost else "" for tick in ticks]
    cell.axes.set_yticklabels(shown, fontsize=made.size.points(TICK))
    cell.axes.tick_params(axis="y", length=made.size.text / 4, pad=made.size.text / 5)


def _draw(axes: Axes, curve: Curve, size: Size) -> None:
    if curve.fades is None:
        _stretch(axes, curve, curve.rows, size, 1.0)
        return
    pale = curve.rows["when"].dt.date >= curve.fades
    # The paler stretch begins where the other ends, so that the line is not cut.
    _stretch(axes, curve, curve.rows[~pale.shift(1, fill_value=False)], size, 1.0)
    _stretch(axes, curve, curve.rows[pale], size, 0.5)


def _stretch(axes: Axes, curve: Curve, rows: pd.DataFrame, size: Size, strength: float) -> None:
    look, days = curve.look, rows["when"].to_numpy()
    kind: Literal["post"] | None = "post" if curve.step else None
    bands_ = [("wide_low", "wide_high", 0.07), ("low", "high", 0.16), ("inner_low", "inner_high", 0.3)]
    for low, high, alpha in (band for band in bands_ if band[0] in rows):
        axes.fill_between(
            days, rows[low], rows[high], color=look.colour, alpha=alpha * strength, linewidth=0, step=kind
        )
    axes.plot(
        days, rows["middle"], color=look.colour, linestyle=look.dashes, linewidth=size.stroke, alpha=strength,
        drawstyle="steps-post" if curve.step else "default", solid_capstyle="butt",
    )  # fmt: skip


def fitting(made: Sheet, count: int) -> float:
    """Size of so many labels beside a panel, as a multiple of the plain text: smaller where many must fit."""
    fits = (0.95 + 0.75 * made.label_gap(LABEL)) / made.label_gap(LABEL) / count
    if fits < _SMALLEST:
        raise sim.InputError(f"{count} names don't fit beside a panel of this size. Name fewer lines or panels.")
    return LABEL * min(1.0, fits)


def label_ends(
    made: Sheet, axes: Axes, ends: Sequence[tuple[Line, float, date]], scale: tuple[float, float]
) -> None:
    """Each line's name right of its end (look, value, day), moved apart where lines end close together.

    Letters are smaller where many names must fit.
    """
    if not ends:
        return
    size, factor = made.size, fitting(made, len(ends))
    gap = made.label_gap(factor)
    low, top = scale
    at = [(value - low) / (top - low) for _, value, _ in ends]
    heights = spread_apart(at, gap, 0.25 * gap, 1.0)
    start = 1.0 + _LEADER * size.text / 72.0 / made.panel_width
    for (look, _, day), end, height in zip(ends, at, heights, strict=True):
        axes.annotate(
            look.label,
            xy=(style.axis_day(day), end),
            xytext=(start, height),
            xycoords=("data", "axes fraction"),
            textcoords="axes fraction",
            va="center",
            fontsize=size.points(factor),
            color=ink(look.colour),
            annotation_clip=False,
            gid="label",
            arrowprops={
                "arrowstyle": "-", "linewidth": size.text / 16, "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5),
                "color": look.colour,
            },
        )  # fmt: skip


def _scale(panel: Panel) -> tuple[float, float]:
    """The lowest and the highest value of a panel's scale, both round."""
    highest = max((_highest(curve.rows) for curve in panel.curves.values()), default=0.0)
    highest = max([highest, *(value for _, value, _ in panel.dots)])
    if panel.unit == "share":
        return 0.0, top_of_shares(highest)
    if panel.unit == "points":
        lowest = min((float(curve.rows["low"].min()) for curve in panel.curves.values()), default=0.0)
        return -_rounded_up(max(-lowest, _LEAST_POINTS)), _rounded_up(max(highest, _LEAST_POINTS))
    return 0.0, _rounded_up(highest) if highest > 0 else 1.0


def _highest(rows: pd.DataFrame) -> float:
    return float(rows["wide_high" if "wide_high" in rows else "high"].max())


def top_of_shares(highest: float) -> float:
    """The top of a scale that begins at zero and holds shares up to ``highest``."""
    return min(1.0, max(0.1, math.ceil(highest * 20 - 1e-9) / 20))


def _rounded_up(value: float) -> float:
    """The next round number."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * 0.999999)


def _ticks(scale: tuple[float, float], inches: float, size: Size) -> list[float]:
    """Round values from the lowest to the highest, as many as have room."""
    low, top = scale
    most = min(6, max(2, int(inches * 72.0 / (2.0 * size.points(TICK)))))
    steps = sorted(part * 10.0**power for part in (1, 2, 5) for power in range(-4, 9))
    step = next(step for step in steps if (top - low) / step <= most + 1e-6)
    return [i * step for i in range(math.ceil(low / step - 1e-6), int(top / step + 1e-6) + 1)]


def _scale_width(panel: Panel, scale: tuple[float, float], size: Size) -> float:
    """Inches of the widest figure on a panel's scale."""
    return max(width(_written(tick, panel.unit), size.points(TICK)) for tick in _ticks(scale, 10.0, size))


def _written(value: float, unit: str) -> str:
    if unit == "points":
        return f"{100.0 * value:+.3g}" if abs(value) > 1e-9 else "0"
    return style.per_cent(value) if unit == "share" else f"{round(value, 6):g}"

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


@dataclass(frozen=True)
class Curve:
    """One line: its look (with the label), and a frame of when, low, middle, high."""

    look: Line
    rows: pd.DataFrame
    step: bool = False


@dataclass(frozen=True)
class Panel:
    """One panel: its title, a line under it, curves by key, and observed points (when, value, checked).

    ``unit`` is share (0..1, written in per cent) or number.
    """

    title: str
    curves: Mapping[str, Curve]
    under: str = ""
    unit: Literal["share", "number"] = "share"
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
    tops = [_top(panel) for panel in panels]
    tops = tops if own_scales else [max(tops)] * len(tops)
    margin = max(_scale_width(panel, top, chosen) for panel, top in zip(panels, tops, strict=True))
    margin += 0.8 * chosen.text / 72.0
    head = 2 if any(panel.under for panel in panels) else 1
    since, faded = bands.extrapolates(results)
    words = replace(words, notes=[note for note in (*words.notes, faded) if note])
    plan = Plan(len(panels), gutter, margin, head=head, own_scales=own_scales)
    made = sheet(results, words, plan, size, calendar)
    first, last = bands.span(results)
    for cell, panel, top in zip(made.cells, panels, tops, strict=True):
        draw_panel(made, cell, panel, top)
        made.dates(cell, first, last, since if faded else None)
        made.title(cell, panel.title, panel.under)
    return made.figure


def draw_panel(made: Sheet, cell: Cell, panel: Panel, top: float) -> None:
    """Bands, lines, dots, labels at the ends, and the scale."""
    axes, size = cell.axes, made.size
    for curve in panel.curves.values():
        _draw(axes, curve, size)
    for when, value, checked in panel.dots:
        face = "#000000" if checked else "#FFFFFF"
        axes.plot(
            [style.axis_day(when)], [value], "o", color="#000000", markerfacecolor=face, markersize=size.text / 2,
            markeredgewidth=size.text / 9, zorder=5, clip_on=False,
        )  # fmt: skip
    axes.set_ylim(0, top)
    ticks = _ticks(top, made.panel_height, size)
    axes.set_yticks(ticks)
    shown = cell.leftmost
    axes.set_yticklabels([_written(t, panel.unit) if shown else "" for t in ticks], fontsize=size.points(TICK))
    axes.tick_params(axis="y", length=size.text / 4, pad=size.text / 5)
    ends = [(c.look, float(c.rows["middle"].iloc[-1]), c.rows["when"].iloc[-1].date()) for c in panel.curves.values()]
    label_ends(made, axes, ends, top)


def _draw(axes: Axes, curve: Curve, size: Size) -> None:
    rows, look = curve.rows, curve.look
    days = rows["when"].to_numpy()
    kind: Literal["post"] | None = "post" if curve.step else None
    axes.fill_between(days, rows["low"], rows["high"], color=look.colour, alpha=0.16, linewidth=0, step=kind)
    axes.plot(
        days, rows["middle"], color=look.colour, linestyle=look.dashes, linewidth=size.stroke,
        drawstyle="steps-post" if curve.step else "default", solid_capstyle="butt",
    )  # fmt: skip


def fitting(made: Sheet, count: int) -> float:
    """Size of so many labels beside a panel, as a multiple of the plain text: smaller where many must fit."""
    fits = (0.95 + 0.75 * made.label_gap(LABEL)) / made.label_gap(LABEL) / count
    if fits < _SMALLEST:
        raise sim.InputError(f"{count} names don't fit beside a panel of this size. Name fewer lines or panels.")
    return LABEL * min(1.0, fits)


def label_ends(made: Sheet, axes: Axes, ends: Sequence[tuple[Line, float, date]], top: float) -> None:
    """Each line's name right of its end (look, value, day), moved apart where lines end close together.

    Letters are smaller where many names must fit.
    """
    if not ends:
        return
    size, factor = made.size, fitting(made, len(ends))
    gap = made.label_gap(factor)
    heights = spread_apart([value / top for _, value, _ in ends], gap, 0.25 * gap, 1.0)
    start = 1.0 + _LEADER * size.text / 72.0 / made.panel_width
    for (look, value, day), height in zip(ends, heights, strict=True):
        axes.annotate(
            look.label,
            xy=(style.axis_day(day), value / top),
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


def _top(panel: Panel) -> float:
    highest = max((float(curve.rows["high"].max()) for curve in panel.curves.values()), default=0.0)
    highest = max([highest, *(value for _, value, _ in panel.dots)])
    if panel.unit == "share":
        return min(1.0, max(0.1, math.ceil(highest * 20 - 1e-9) / 20))
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= highest * 0.999999)


def _ticks(top: float, inches: float, size: Size) -> list[float]:
    """Round values from 0 to the top, as many as have room."""
    most = min(6, max(2, int(inches * 72.0 / (2.0 * size.points(TICK)))))
    steps = sorted(part * 10.0**power for part in (1, 2, 5) for power in range(-4, 9))
    step = next(step for step in steps if top / step <= most + 1e-6)
    return [i * step for i in range(int(top / step + 1e-6) + 1)]


def _scale_width(panel: Panel, top: float, size: Size) -> float:
    """Inches of the widest figure on a panel's scale."""
    return max(width(_written(tick, panel.unit), size.points(TICK)) for tick in _ticks(top, 10.0, size))


def _written(value: float, unit: str) -> str:
    return style.per_cent(value) if unit == "share" else f"{round(value, 6):g}"

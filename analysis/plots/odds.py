"""Odds in dots: when, and in how many runs, each dated outcome came.

A dot is a run, or a twentieth of the runs (a quantile of their dates). Hollow dots right of the panel are those in
which it did not come.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.ribbons import BASE_COLOUR, SCENARIO_LOOKS
from analysis.plots.sheet import Plan, Sheet, Words, sheet
from analysis.plots.style import LABEL, Calendar, Size, SizeName, ink
from analysis.plots.text import shorten, width, wrap
from analysis.words.naming import one_of

#: Dots of a row, where there are so many runs.
DOTS = 20
_DATE = "_date"
#: Drawn first, where they are among the outcomes.
_ORDER = ("soviet_power_date", "insurrection_date", "petrograd_soviet_majority_date")
_MOST_OUTCOMES = 4
#: A row's height in lines of text: at least, and where there is room.
_LOW, _HIGH = 1.9, 4.0
#: Inches of a line of a scenario's name at most, as a multiple of the text; and lines.
_LONGEST, _LINES = 16.0, 2
#: From so many scenarios on, the title leaves their names to the rows.
_MANY = 4
#: A dot's width as a multiple of the text: at most, and at least. Columns of hollow dots beside a panel at most.
_WIDEST, _NARROWEST, _BESIDE = 0.62, 0.12, 5
#: Dots of one date stand on each other, closer where there are many: at least so much of a dot apart.
_CLOSEST = 0.3


@dataclass(frozen=True)
class _Row:
    """One scenario's dates of an outcome: those that came, and how many runs there are."""

    title: str
    colour: str
    dates: Sequence[date]
    runs: int

    @property
    def often(self) -> str:
        return f"{len(self.dates)} of {self.runs}: "

    def label(self, size: Size) -> str:
        """How often, and the scenario's name in as many lines as there may be."""
        points = size.points(LABEL)
        room = _LONGEST * size.text / 72.0
        lines = wrap(self.often + self.title, room, points)
        last = shorten(" ".join(lines[_LINES - 1 :]), room, points)
        return "\n".join([*lines[: _LINES - 1], *([last] if last else [])])


def draw(
    comparison: sim.Comparison, *, outcome: str | Sequence[str] | None = None, size: SizeName = "slide",
    calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """A panel an outcome, a row of dots a scenario."""
    results, chosen = comparison.results, style.size_of(size)
    panels = [(measure, _rows(results, measure)) for measure in _measures(comparison, outcome, chosen)]
    gutter = max(width(row.label(chosen), chosen.points(LABEL)) for _, rows in panels for row in rows)
    gutter += (_BESIDE * _WIDEST + 2.0) * chosen.text / 72.0
    faded = [bands.extrapolates([result]) for result in results]
    note = next((told for _, told in faded if told), "")
    a_dot = "a run" if max(len(result.runs) for result in results) <= DOTS else "a twentieth of the runs"
    words = Words(
        "What came, when, and how often"
        + (f": {' / '.join(result.title for result in results[1:])}" if len(results) < _MANY else ""),
        f"A dot is {a_dot}, at its date; hollow dots beside the panel: it did not come. At the right: in how many runs "
        f"it came. {bands.calendar_told(calendar)}",
        [note] if note else [],
    )
    line = 1.38 * chosen.text / 72.0
    shape = 0.55 * chosen.width / (_HIGH * line * len(results))
    # Long titles take lines from the panels, so those that were not asked for by name give way.
    while True:
        plan = Plan(len(panels), gutter, line, columns=1, fill=True, shape=shape)
        try:
            made = sheet(results, words, plan, size, calendar)
            break
        except sim.InputError:
            if outcome is not None or len(panels) == 1:
                raise
            panels.pop()
    first, last = bands.span(results)
    for cell, (measure, rows) in zip(made.cells, panels, strict=True):
        made.dates(cell, first, last)
        _grey(cell.axes, [day if note else None for day, note in faded], last)
        _draw(made, cell.axes, rows, first, last)
        made.title(cell, comparison.title(measure))
    return made.figure


def _measures(comparison: sim.Comparison, outcome: str | Sequence[str] | None, size: Size) -> list[str]:
    """The outcomes asked for, or those that came in any run, as many as have room."""
    values = pd.concat([results.outcomes.astype({"measure": str}) for results in comparison.results])
    dated = dict.fromkeys(measure for measure in values["measure"] if measure.endswith(_DATE))
    known = sorted(dated, key=lambda measure: _ORDER.index(measure) if measure in _ORDER else len(_ORDER))
    if outcome is not None:
        asked = [outcome] if isinstance(outcome, str) else list(outcome)
        return [one_of("dated outcome", name if name.endswith(_DATE) else name + _DATE, known) for name in asked]
    came = set(values.dropna()["measure"])
    room = int(0.5 * size.tallest / (_LOW * 1.38 * size.text / 72.0 * len(comparison.results)))
    found = [measure for measure in known if measure in came][: max(1, min(_MOST_OUTCOMES, room))]
    if not found:
        raise sim.InputError("no dated outcome came in any run: there are no dots to draw.")
    return found


def _rows(results: Sequence[sim.Results], measure: str) -> list[_Row]:
    first = date(1917, 2, 23).toordinal()
    found = []
    for number, result in enumerate(results):
        values = result.outcomes
        days = sorted(round(day) for day in values[values["measure"] == measure]["value"].dropna())
        colour = SCENARIO_LOOKS[(number - 1) % len(SCENARIO_LOOKS)][0] if number else BASE_COLOUR
        found.append(_Row(result.title, colour, [date.fromordinal(first + day) for day in days], len(result.runs)))
    return found


def quantile_dots(dates: Sequence[date], runs: int) -> tuple[list[date], int]:
    """The dates of the dots of so many runs, and how many hollow dots stand for the runs without a date.

    An outcome that came in some run has a dot, one that failed to come in some has a hollow one.
    """
    if runs <= DOTS:
        return list(dates), runs - len(dates)
    count = round(DOTS * len(dates) / runs)
    count = min(max(count, int(len(dates) > 0)), DOTS - int(len(dates) < runs))
    if not count:
        return [], DOTS
    levels = (np.arange(count) + 0.5) / count
    days = np.quantile([day.toordinal() for day in dates], levels, method="nearest")
    return [date.fromordinal(int(day)) for day in days], DOTS - count


# --- dots ----------------------------------------------------------------------------------------------------------


def _draw(made: Sheet, axes: Axes, rows: Sequence[_Row], first: date, last: date) -> None:
    """A row a scenario from the top down: dots piled at their dates, hollow ones beside the panel, and its name."""
    size, height = made.size, 1.0 / len(rows)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    dots = [quantile_dots(row.dates, row.runs) for row in rows]
    per_day = made.panel_width / max((last - first).days, 1)
    tall = made.panel_height * height * 0.86
    across = _dot_width([[(day - first).days * per_day for day in days] for days, _ in dots], tall, size)
    high = max(1, int(tall / across))
    for number, (row, (days, hollow)) in enumerate(zip(rows, dots, strict=True)):
        floor = made.panel_height * (1.0 - (number + 1.0) * height)
        axes.axhline(floor / made.panel_height, color="#BBBBBB", linewidth=size.text / 16, zorder=0.6)
        full = _pile([(day - first).days * per_day for day in days], across, tall)
        columns = math.ceil(hollow / high)
        beside = [(made.panel_width + (0.9 + i // high) * across, (i % high) * across) for i in range(hollow)]
        _mark(made, axes, full, floor, across, row.colour, True)
        _mark(made, axes, beside, floor, across, row.colour, False)
        axes.text(
            1.0 + (0.9 + columns) * across / made.panel_width + 0.5 * size.text / 72.0 / made.panel_width,
            floor / made.panel_height + 0.5 * height, row.label(size), transform=axes.transAxes, va="center",
            fontsize=size.points(LABEL), color=ink(row.colour), gid="label",
        )  # fmt: skip


def _grey(axes: Axes, since: Sequence[date | None], last: date) -> None:
    """Grey ground in each scenario's row from the day on which the model extrapolates."""
    height = 1.0 / len(since)
    for number, day in enumerate(since):
        if day is not None:
            edges = (1.0 - (number + 1.0) * height, 1.0 - number * height)
            axes.axvspan(
                style.axis_day(day), style.axis_day(last), *edges, color="#F1F1EE", zorder=0, linewidth=0
            )  # fmt: skip


def _mark(
    made: Sheet, axes: Axes, places: Sequence[tuple[float, float]], floor: float, across: float, colour: str, full: bool
) -> None:
    """Dots at (inches from the left, inches over the floor)."""
    x = [inches / made.panel_width for inches, _ in places]
    y = [(floor + up + 0.6 * across) / made.panel_height for _, up in places]
    axes.plot(
        x, y, "o", transform=axes.transAxes, color=colour, markerfacecolor=colour if full else "none", clip_on=False,
        markersize=across * 72.0 * (0.86 if full else 0.7), markeredgewidth=0 if full else across * 72.0 * 0.12,
    )  # fmt: skip


def _dot_width(rows: Sequence[Sequence[float]], tall: float, size: Size) -> float:
    """The widest dot with which no pile runs into the next and none is too dense, inches."""
    widest, narrowest = (factor * size.text / 72.0 for factor in (_WIDEST, _NARROWEST))
    for across in np.geomspace(min(widest, tall), min(narrowest, tall), 24):
        high = max(1, int(tall / across))
        clear = all(_clear(_pile(row, across, tall), across) for row in rows)
        if clear and DOTS / high <= _BESIDE:
            return float(across)
    return min(narrowest, tall)


def _clear(dots: Sequence[tuple[float, float]], across: float) -> bool:
    """Whether piles stand clear of each other, and the dots of each can be told apart."""
    piles = sorted({x for x, _ in dots})
    steps = [b - a for (x, a), (y, b) in pairwise(sorted(dots)) if x == y]
    return all(b - a >= 0.98 * across for a, b in pairwise(piles)) and min(steps, default=across) >= _CLOSEST * across


def _pile(places: Sequence[float], across: float, tall: float) -> list[tuple[float, float]]:
    """(inches, inches up) of each dot: those that would touch stand on each other, closer where ``tall`` asks it."""
    found: list[tuple[float, float]] = []
    waiting = sorted(places)
    while waiting:
        together = [x for x in waiting if x < waiting[0] + across]
        waiting = waiting[len(together) :]
        middle = sum(together) / len(together)
        step = min(across, (tall - across) / max(len(together) - 1, 1))
        found += [(middle, level * step) for level in range(len(together))]
    return found

"""The sheet of a figure: head, panels in rows and columns, list of events, notes, each in room that was measured.

Every position is reckoned in inches from the sizes of the texts, so nothing runs into anything else on a slide, a page
or a poster, and equal figures are equal files. Panels share their axis of dates: its labels stand under the lowest
panel of each column, the numbers of events over the highest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from analysis.plots.marks import Mark, at_most, draw_lines, draw_numbers, landmarks, room_for, shared
from analysis.plots.style import (
    EVENT,
    NOTE,
    PANEL,
    TICK,
    TITLE,
    TOLD,
    Calendar,
    Size,
    axis_day,
    both_dates,
    size_of,
)
from analysis.plots.text import line_height, shorten, width, wrap

#: A panel's width over its height, where both are free.
_SHAPE = 1.45
#: Panels narrower or lower than so many lines of plain text are refused.
_NARROWEST, _LOWEST = 9.0, 4.2
#: Between panels that share a scale, as a multiple of the text.
_STEP = 0.9
_MOST_PANELS = 24
#: A panel's title, and a line under it, is set smaller, down to this, before it is cut.
_SMALLER = {"bold": 0.8, "normal": 0.7}
#: Inches over or under the panels of a row.
Room = Callable[[int], float]


@dataclass
class Words:
    """What stands over and under the panels."""

    title: str
    told: str
    notes: Sequence[str] = ()


@dataclass
class Plan:
    """What a sheet must make room for: panels, their labels at the right and left, lines of head and foot.

    ``gutter`` is the room for labels right of each panel, ``margin`` for those left of each panel (of the first column
    alone unless ``own_scales``); ``head`` lines over each panel, ``foot`` lines under each panel (under the lowest of
    each column unless ``own_dates``). Inches and lines of text.
    """

    count: int
    gutter: float
    margin: float
    head: int = 1
    foot: int = 2
    own_scales: bool = False
    own_dates: bool = False
    shape: float = _SHAPE
    columns: int | None = None
    #: Whether panels take all the height of a slide or poster, whatever their shape.
    fill: bool = False


@dataclass
class Cell:
    """One panel: its axes, whether it is the lowest of its column and the first of its row, and whether the highest."""

    axes: Axes
    lowest: bool
    leftmost: bool
    highest: bool


@dataclass
class Sheet:
    """A figure with room for everything; see :func:`sheet`."""

    figure: Figure
    size: Size
    calendar: Calendar
    marks: list[Mark]
    panel_width: float
    panel_height: float
    #: Inches right of a panel that its title may run into.
    overhang: float = 0.0
    cells: list[Cell] = field(default_factory=list)

    def label_gap(self, factor: float) -> float:
        """Least distance between two labels of a panel, as a part of its height."""
        return line_height(self.size.points(factor)) / self.panel_height

    def title(self, cell: Cell, title: str, under: str = "") -> None:
        """A panel's title, and the lines under it, over the numbers of events."""
        up = (self._numbers(cell) + 3.0) / 72.0
        for line in reversed(under.splitlines()):
            self._over(cell, line, up, TICK, "normal", "#444444")
            up += line_height(self.size.points(TICK))
        self._over(cell, title, up, PANEL, "bold", "#000000")

    def _over(self, cell: Cell, text: str, up: float, factor: float, weight: str, colour: str) -> None:
        room = self.panel_width + self.overhang
        points = self.size.points(factor)
        points *= max(_SMALLER[weight], min(1.0, room / width(text, points, weight)))
        cell.axes.text(
            0.0, 1.0 + up / self.panel_height, shorten(text, room, points, weight), transform=cell.axes.transAxes,
            fontsize=points, weight=weight, color=colour, va="bottom", gid="head",
        )  # fmt: skip

    def _numbers(self, cell: Cell) -> float:
        """Points that the numbers of events take over a panel."""
        return 2.1 * self.size.points(TICK) if cell.highest and self.marks else 0.0

    def dates(self, cell: Cell, first: date, last: date, since: date | None = None) -> None:
        """The axis of dates, event marks, and grey ground from ``since``, where the model extrapolates."""
        axes = cell.axes
        last = max(last, first + timedelta(days=1))
        axes.set_xlim(axis_day(first), axis_day(last))
        if since is not None and since < last:
            axes.axvspan(axis_day(max(since, first)), axis_day(last), color="#F1F1EE", zorder=0, linewidth=0)
        draw_lines(axes, self.marks, first, last, self.size)
        if cell.highest and self.marks:
            draw_numbers(axes, self.marks, first, last, self.size, self.panel_width, self.panel_height)
        days = self._ticks(first, last)
        axes.set_xticks([axis_day(day) for day in days])
        labels = [both_dates(day, self.calendar).replace(" (", "\n(") for day in days]
        axes.set_xticklabels(labels if cell.lowest else [""] * len(days), fontsize=self.size.points(TICK))
        axes.tick_params(axis="x", pad=self.size.text / 4, length=self.size.text / 3)

    def _ticks(self, first: date, last: date) -> list[date]:
        """First days of months in the style asked for: every one, every other ..., as many as have room."""
        months = [date(year, month, 1) for year in (1917, 1918) for month in range(1, 13)]
        days = [sim.old_style(month) if self.calendar == "ns" else month for month in months]
        days = [day for day in days if first <= day <= last] or [first]
        room = width("(14 May)  ", self.size.points(TICK))
        fits = max(1, int(self.panel_width / room))
        for step in (1, 2, 3, 4, 6, 12):
            apart = self.panel_width * 30.4 * step / max((last - first).days, 1)
            if len(days[::step]) <= fits + 1 and apart >= room:
                return days[::step]
        return days[:1]


def sheet(
    results: Sequence[sim.Results], words: Words, plan: Plan, size: str, calendar: Calendar, mark: bool = True
) -> Sheet:
    """Lay out a figure. Raises :class:`sim.InputError` when the panels don't fit the size asked for.

    Of several histories those events are marked that came in all of them at about the same time; a note names the rest.
    """
    if not mark:
        return sheet_of([], words, plan, size, calendar)
    events, apart = shared([landmarks(result.events, len(result.runs)) for result in results])
    if apart:
        told = f"Not marked, since they came in one history alone or not within a week: {', '.join(apart)}."
        words = replace(words, notes=[*words.notes, told])
    return sheet_of(events, words, plan, size, calendar)


def sheet_of(events: Sequence[Mark], words: Words, plan: Plan, size: str, calendar: Calendar) -> Sheet:
    """Lay out a figure with events of one's own, as :func:`sheet` does."""
    chosen = size_of(size)
    if plan.count > _MOST_PANELS:
        raise sim.InputError(f"{plan.count} panels don't fit a figure (at most {_MOST_PANELS}). Name fewer places.")
    edge = 2.2 * chosen.text / 72.0
    usable = chosen.width - 2 * edge
    tried = []
    for columns in [plan.columns] if plan.columns else range(1, plan.count + 1):
        panel = _panel_width(plan, chosen, usable, columns)
        if panel >= _NARROWEST * chosen.text / 72.0 or columns == plan.columns:
            marks = at_most(events, room_for(panel, chosen))
            tried.append(_Frame(words, plan, chosen, calendar, marks, columns, panel, edge))
    frame = max((f for f in tried if f.panel_height >= _LOWEST * chosen.text / 72.0), key=_Frame.worth, default=None)
    if frame is None:
        raise sim.InputError(f"{plan.count} panels don't fit a {chosen.name}. Name fewer, or choose a larger size.")
    return frame.build()


def _panel_width(plan: Plan, size: Size, usable: float, columns: int) -> float:
    """Inches that are left for each panel beside margins and gutters."""
    steps = plan.margin if plan.own_scales else _STEP * size.text / 72.0
    return min((usable - plan.margin - (columns - 1) * steps - columns * plan.gutter) / columns, 2.6 * size.tallest)


class _Frame:
    """One arrangement of the panels, with the heights that follow from it."""

    def __init__(
        self, words: Words, plan: Plan, size: Size, calendar: Calendar, marks: list[Mark], columns: int,
        panel_width: float, edge: float,
    ):  # fmt: skip
        self.plan, self.size, self.calendar, self.marks = plan, size, calendar, marks
        self.columns, self.panel_width, self.edge = columns, panel_width, edge
        self.rows = math.ceil(plan.count / columns)
        usable = size.width - 2 * edge
        self.head, self.foot = _Block(words, size, usable), _Foot(words, marks, size, usable, calendar)
        self.over, self.under = _around(plan, size, bool(marks), self.rows)
        spent = edge * 1.3 + self.head.height + self.foot.height
        self.spent = spent + sum(self.over(row) + self.under(row) for row in range(self.rows))
        free = ((size.height or size.tallest) - self.spent) / self.rows
        most = panel_width / plan.shape if size.height is None else 1.4 * panel_width
        self.panel_height = free if plan.fill and size.height else min(free, most)

    def worth(self) -> float:
        """The area of a panel's largest well-shaped part; a little less for every cell left empty."""
        area = min(self.panel_width, self.panel_height * self.plan.shape) ** 2
        return area * (1.0 - 0.09 * (self.columns * self.rows - self.plan.count))

    def build(self) -> Sheet:
        """The figure, with its panels and words."""
        height = self.size.height or self.spent + self.rows * self.panel_height
        figure = Figure(figsize=(self.size.width, height), dpi=self.size.dpi)
        made = Sheet(
            figure, self.size, self.calendar, self.marks, self.panel_width, self.panel_height, 0.9 * self.plan.gutter
        )
        top = height - self.edge * 0.7
        _panels(made, self.plan, self.columns, self.edge, top - self.head.height, self.over, self.under)
        self.head.set(figure, self.edge, top, height)
        self.foot.set(figure, self.edge, self.edge * 0.6, height)
        return made


def _around(plan: Plan, size: Size, marked: bool, rows: int) -> tuple[Room, Room]:
    """Functions that give the inches over and under the panels of a row."""
    title = line_height(size.points(PANEL)) + (plan.head - 1) * line_height(size.points(TICK)) + 6.0 / 72.0
    numbers = 2.1 * size.points(TICK) / 72.0 if marked else 0.0
    labels = plan.foot * line_height(size.points(TICK)) + 0.75 * size.text / 72.0

    def over(row: int) -> float:
        return title + (numbers if row == 0 or plan.own_dates else 0.0) + 0.35 * size.text / 72.0

    def under(row: int) -> float:
        return labels if row == rows - 1 or plan.own_dates else 0.9 * size.text / 72.0

    return over, under


def _panels(made: Sheet, plan: Plan, columns: int, edge: float, top: float, over: Room, under: Room) -> None:
    width_all, height_all = made.figure.get_size_inches()
    rows = math.ceil(plan.count / columns)
    step = _STEP * made.size.text / 72.0
    y = top
    for row in range(rows):
        y -= over(row) + made.panel_height
        x = edge + plan.margin
        for column in range(columns):
            index = row * columns + column
            if index >= plan.count:
                break
            box = (x / width_all, y / height_all, made.panel_width / width_all, made.panel_height / height_all)
            axes = made.figure.add_axes(box)
            lowest = index + columns >= plan.count or plan.own_dates
            made.cells.append(Cell(axes, lowest, column == 0 or plan.own_scales, row == 0 or plan.own_dates))
            x += made.panel_width + plan.gutter + (plan.margin if plan.own_scales else step)
        y -= under(row)


class _Block:
    """Title and what is told under it."""

    def __init__(self, words: Words, size: Size, room: float):
        self.title, self.told = size.points(TITLE), size.points(TOLD)
        self.lines = [(line, self.title, "bold", "#000000") for line in wrap(words.title, room, self.title, "bold")]
        self.lines += [(line, self.told, "normal", "#444444") for line in wrap(words.told, room, self.told)]
        self.height = sum(line_height(points) for _, points, _, _ in self.lines) + 0.6 * size.text / 72.0

    def set(self, figure: Figure, left: float, top: float, height: float) -> None:
        """Write it from ``top`` downwards."""
        across = figure.get_size_inches()[0]
        for text, points, weight, colour in self.lines:
            top -= line_height(points)
            figure.text(
                left / across, (top + 0.3 * points / 72.0) / height, text, fontsize=points, weight=weight,
                color=colour, va="baseline",
            )  # fmt: skip


class _Foot:
    """The list of events in columns, and the notes under it."""

    def __init__(self, words: Words, marks: Sequence[Mark], size: Size, room: float, calendar: Calendar):
        self.points, self.note_points = size.points(EVENT), size.points(NOTE)
        told = [mark.told(calendar) for mark in marks]
        widest = max((width(text, self.points) for text in told), default=room) + 1.2 * self.points / 72.0
        self.columns = max(1, min(int(room / widest), len(told)))
        self.column = room / self.columns
        self.rows = math.ceil(len(told) / self.columns)
        self.told = [shorten(text, self.column, self.points) for text in told]
        self.notes = [line for note in words.notes for line in wrap(note, room, self.note_points)]
        self.gap = 0.5 * size.text / 72.0
        self.height = (
            self.rows * line_height(self.points) + len(self.notes) * line_height(self.note_points) + 2 * self.gap
        )

    def set(self, figure: Figure, left: float, bottom: float, height: float) -> None:
        """Write it from ``bottom`` upwards."""
        across = figure.get_size_inches()[0]
        y = bottom
        for line in reversed(self.notes):
            figure.text(left / across, y / height, line, fontsize=self.note_points, color="#555555", va="bottom")
            y += line_height(self.note_points)
        y += self.gap
        for index, text in enumerate(self.told):
            column, row = divmod(index, self.rows)
            at = y + (self.rows - 1 - row) * line_height(self.points)
            figure.text(
                (left + column * self.column) / across, at / height, text, fontsize=self.points, color="#333333",
                va="bottom",
            )  # fmt: skip

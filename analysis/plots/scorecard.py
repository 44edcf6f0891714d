"""The worksheet of a debate as a sheet of words and numbers: questions, quantities, and both readings side by side."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import sim
from analysis.answers import scorecard
from analysis.plots.style import EVENT, LABEL, TITLE, TOLD, Calendar, Size, SizeName, size_of
from analysis.plots.text import line_height, shorten, wrap

#: Parts of the sheet's width: question, quantity, number, for few, for many; the rest is space between.
_COLUMNS = (0.17, 0.25, 0.20, 0.16, 0.16)
_GAP = 0.015
_HEADS = ("question", "measured", "median (eight runs in ten)", "speaks for few", "speaks for many")


def draw(results: Sequence[sim.Results], *, size: SizeName = "slide", calendar: Calendar = "os") -> Figure:
    """Every question with its quantities; both readings in the same ink."""
    if len(results) > 1:
        raise sim.InputError("the figure 'scorecard' draws one result.")
    (result,) = results
    chosen = size_of(size)
    entries = list(scorecard.entries(result, calendar))
    for scale in (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52):
        laid = _Laid(entries, chosen, scale, f"{result.title}. {scorecard.note(result)}")
        if laid.height <= (chosen.height or chosen.tallest):
            break
    return laid.build()


class _Laid:
    """The worksheet laid out at one size of text."""

    def __init__(self, entries: Sequence[scorecard.Entry], size: Size, scale: float, note: str):
        self.size, self.points = size, size.points(EVENT) * scale
        self.edge = 1.6 * size.text / 72.0
        self.room = size.width - 2 * self.edge
        self.rooms = [part * self.room for part in _COLUMNS]
        step = line_height(self.points)
        self.head = [(TITLE, "bold", line) for line in wrap(scorecard.TITLE, self.room, size.points(TITLE), "bold")]
        self.head += [(TOLD * scale, "normal", t) for t in wrap(note, self.room, size.points(TOLD * scale))]
        self.rows = [self._row(line, quantities) for line, quantities in entries]
        self.height = 2 * self.edge + sum(line_height(size.points(f)) for f, _, _ in self.head) + 2.2 * step
        self.height += sum(max(len(c) for c in row) * step + 0.35 * step for row in self.rows)

    def _row(self, line: scorecard.Line, quantities: Sequence[tuple[str, str]]) -> list[list[str]]:
        """Lines of text of each column; a quantity and its number stand on the same height."""
        names: list[str] = []
        numbers: list[str] = []
        for name, value in quantities:
            one, other = self._wrapped(name, 1), self._wrapped(value, 2)
            most = max(len(one), len(other))
            names += one + [""] * (most - len(one))
            numbers += other + [""] * (most - len(other))
        return [self._wrapped(line.question, 0, "bold"), names, numbers, self._wrapped(line.few, 3),
                self._wrapped(line.many, 4)]  # fmt: skip

    def _wrapped(self, text: str, column: int, weight: str = "normal") -> list[str]:
        return wrap(text, self.rooms[column] - self.points / 72.0, self.points, weight)

    def build(self) -> Figure:
        """The figure."""
        height = self.size.height or self.height
        figure = Figure(figsize=(self.size.width, height), dpi=self.size.dpi)
        y = height - self.edge * 0.8

        def put(x: float, text: str, points: float, weight: str = "normal", colour: str = "#222222") -> None:
            across = x / self.size.width
            figure.text(across, y / height, text, fontsize=points, weight=weight, color=colour, va="baseline")

        for factor, weight, text in self.head:
            points = self.size.points(factor)
            y -= line_height(points)
            put(self.edge, text, points, weight, "#000000" if weight == "bold" else "#444444")
        step = line_height(self.points)
        y -= 1.5 * step
        lefts = [self.edge + sum(self.rooms[:i]) + i * _GAP * self.room for i in range(len(_COLUMNS))]
        for left, room, heading in zip(lefts, self.rooms, _HEADS, strict=True):
            put(left, shorten(heading, room, self.points * LABEL, "bold"), self.points * LABEL, "bold", "#444444")
        y -= 0.2 * step
        for row in self.rows:
            top = y
            for left, column, weight in zip(lefts, row, ("bold", *["normal"] * 4), strict=True):
                y = top
                for text in column:
                    y -= step
                    if text:
                        put(left, text, self.points, weight)
            y = top - max(len(column) for column in row) * step - 0.35 * step
            figure.add_artist(_rule(self.edge, self.room, y + 0.02 * step, self.size.width, height))
        return figure


def _rule(left: float, room: float, y: float, width_all: float, height_all: float) -> Line2D:
    return Line2D([left / width_all, (left + room) / width_all], [y / height_all] * 2, color="#DDDDDD", linewidth=0.5)

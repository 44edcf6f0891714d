"""The worksheet of a debate as a sheet of words and numbers: questions, quantities, and both readings side by side."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import sim
from analysis.answers import scorecard
from analysis.plots.style import EVENT, TITLE, TOLD, Calendar, Size, SizeName, size_of
from analysis.plots.text import line_height, wrap

#: Parts of the sheet's width: question, quantity, number, for few, for many; the rest is space between.
_COLUMNS = (0.17, 0.25, 0.20, 0.16, 0.16)
_GAP = 0.015
#: Between two blocks side by side, as a multiple of the text.
_BETWEEN = 2.5
#: Sizes of text that are tried, the largest that fits is taken.
_SCALES = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52)
_HEADS = ("question", "measured", "median (eight runs in ten)", "speaks for few", "speaks for many")


def draw(results: Sequence[sim.Results], *, size: SizeName = "slide", calendar: Calendar = "os") -> Figure:
    """Every question with its quantities; both readings in the same ink."""
    if len(results) > 1:
        raise sim.InputError("the figure 'scorecard' draws one result.")
    (result,) = results
    chosen = size_of(size)
    entries = list(scorecard.entries(result, calendar))
    note = f"{result.title}. {scorecard.note(result)}"
    tried = (_Laid(entries, chosen, scale, note, blocks) for scale in _SCALES for blocks in (1, 2))
    fits = (laid for laid in tried if laid.height <= (chosen.height or chosen.tallest) and laid.whole)
    return (next(fits, None) or _Laid(entries, chosen, _SCALES[-1], note, 1)).build()


#: Lines of each column of a row.
Row = list[list[str]]


class _Laid:
    """The worksheet laid out at one size of text, in one block or in two side by side."""

    def __init__(self, entries: Sequence[scorecard.Entry], size: Size, scale: float, note: str, blocks: int):
        self.size, self.points = size, size.points(EVENT) * scale
        self.edge = 1.6 * size.text / 72.0
        whole, between = size.width - 2 * self.edge, _BETWEEN * size.text / 72.0
        self.room = (whole - (blocks - 1) * between) / blocks
        self.rooms = [part * self.room for part in _COLUMNS]
        step = line_height(self.points)
        self.head = [(TITLE, "bold", line) for line in wrap(scorecard.TITLE, whole, size.points(TITLE), "bold")]
        self.head += [(TOLD * scale, "normal", t) for t in wrap(note, whole, size.points(TOLD * scale))]
        self.headings: Row = [self._wrapped(heading, column, "bold") for column, heading in enumerate(_HEADS)]
        self.blocks = _halves([self._row(line, quantities) for line, quantities in entries], blocks)
        self.lefts = [self.edge + block * (self.room + between) for block in range(blocks)]
        self.height = 2 * self.edge + sum(line_height(size.points(f)) for f, _, _ in self.head) + step
        self.height += max(_lines([self.headings, *rows]) for rows in self.blocks) * step

    @property
    def whole(self) -> bool:
        """Whether every word has room."""
        columns = (column for rows in ([self.headings], *self.blocks) for row in rows for column in row)
        return not any(line.endswith("...") for column in columns for line in column)

    def _row(self, line: scorecard.Line, quantities: Sequence[tuple[str, str]]) -> Row:
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
        for factor, weight, text in self.head:
            points = self.size.points(factor)
            y -= line_height(points)
            colour = "#000000" if weight == "bold" else "#444444"
            at = (self.edge / self.size.width, (y + 0.3 * points / 72.0) / height)
            figure.text(*at, text, fontsize=points, weight=weight, color=colour, va="baseline")
        for left, rows in zip(self.lefts, self.blocks, strict=True):
            self._block(figure, height, left, y, rows)
        return figure

    def _block(self, figure: Figure, height: float, left: float, y: float, rows: Sequence[Row]) -> None:
        """Headings and rows of a block, from ``y`` downwards."""
        step = line_height(self.points)
        lefts = [left + sum(self.rooms[:i]) + i * _GAP * self.room for i in range(len(_COLUMNS))]
        y -= 0.5 * step
        for row in (self.headings, *rows):
            heading = row is self.headings
            for column, (x, lines) in enumerate(zip(lefts, row, strict=True)):
                for number, text in enumerate(lines, start=1):
                    weight, colour = "bold" if heading or column == 0 else "normal", "#444444" if heading else "#222222"
                    at = (x / self.size.width, (y - number * step) / height)
                    figure.text(*at, text, fontsize=self.points, weight=weight, color=colour, va="baseline")
            y -= _lines([row]) * step
            if not heading:
                figure.add_artist(_rule(left, self.room, y + 0.02 * step, self.size.width, height))


def _lines(rows: Sequence[Row]) -> float:
    """The height of rows, in lines of text."""
    return sum(max(len(column) for column in row) + 0.35 for row in rows)


def _halves(rows: list[Row], blocks: int) -> list[list[Row]]:
    """The rows in one block, or in two of nearly the same height."""
    if blocks == 1:
        return [rows]
    cut = min(range(1, len(rows)), key=lambda at: max(_lines(rows[:at]), _lines(rows[at:])))
    return [rows[:cut], rows[cut:]]


def _rule(left: float, room: float, y: float, width_all: float, height_all: float) -> Line2D:
    return Line2D([left / width_all, (left + room) / width_all], [y / height_all] * 2, color="#DDDDDD", linewidth=0.5)

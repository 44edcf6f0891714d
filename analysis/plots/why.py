"""Why a group moved: a bar a channel, each beginning where the last one ended, and the single events that did most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from analysis.plots.bands import calendar_told
from analysis.plots.sheet import Cell, Plan, Sheet, Words, sheet
from analysis.plots.style import LABEL, PARTY_LINES, TICK, Calendar, Line, SizeName, both_dates, ink, size_of
from analysis.plots.text import shorten, width, wrap

if TYPE_CHECKING:
    from analysis.answers.why import Why

#: Channels that move the share by less are summed up as one bar.
_LEAST = 0.005
_MOST_EVENTS = 12
#: A label that is too long for one line takes two, and all of its panel are set smaller.
_SMALLER = 0.86
#: A bar's room in lines of text, where labels take one line or two.
_ONE_LINE, _TWO_LINES = 1.75, 2.2
_AGAINST, _WHOLE = "#A8A39A", "#3B3B3B"
_REST = "All other channels together"


@dataclass(frozen=True)
class _Bar:
    """One bar, in points: from ``start`` to ``end``, with the smallest and largest change of the runs."""

    label: str
    start: float
    end: float
    spread: tuple[float, float] | None = None
    whole: bool = False

    @property
    def change(self) -> float:
        """What it adds, in points."""
        return self.end - self.start

    @property
    def told(self) -> str:
        """Its number: a share, or a change with its sign."""
        return f"{self.end:.1f} %" if self.whole else f"{self.change:+.1f}".replace("-", "\u2212")


def draw(split: Why, size: SizeName = "page", calendar: Calendar = "os") -> Figure:
    """The split of one change as a figure; see :class:`analysis.answers.why.Why`."""
    from analysis.answers.why import group_words, party_words

    chosen, look = size_of(size), PARTY_LINES[split.party]
    panels = [_steps(split, calendar)]
    if not split.events.empty:
        panels.append(_single(split, calendar)[: len(panels[0])])
    columns = 2 if chosen.height is not None and len(panels) == 2 else 1
    room = 0.46 * chosen.width / columns
    margin = min(max(width(bar.label, chosen.points(LABEL)) for bars in panels for bar in bars), room)
    margin += 0.8 * chosen.text / 72.0
    rows = max(len(bars) for bars in panels)
    wraps = any(width(bar.label, chosen.points(LABEL)) > room for bars in panels for bar in bars)
    lines = _TWO_LINES if wraps else _ONE_LINE
    across = chosen.width / columns - margin - 6.0 * chosen.text / 72.0
    plan = Plan(
        len(panels), 1.2 * chosen.text / 72.0, margin, foot=1, own_scales=True, own_dates=True, columns=columns,
        shape=across / (rows * lines * chosen.points(LABEL) / 72.0), fill=True,
    )  # fmt: skip
    subject = f"{party_words(split.party)} among {group_words(split.place, split.stratum)}"
    words = Words(_title(split, subject), _told(split, calendar), _notes(split))
    made = sheet([], words, plan, size, calendar, mark=False)
    heads = ("Channels, in points: they add up", "Single events, within the channels")
    for cell, bars, head in zip(made.cells, panels, heads, strict=False):
        _draw(made, cell, bars, rows, look, margin - 0.8 * chosen.text / 72.0)
        made.title(cell, head)
    return made.figure


def _title(split: Why, subject: str) -> str:
    if split.between:
        return f"Why they differ: {subject}"
    return f"What moved people: {subject}"


def _told(split: Why, calendar: Calendar) -> str:
    until = both_dates(split.until, calendar)
    if split.between:
        span = f"On {until}: from \u2018{split.between[0]}\u2019 to \u2018{split.between[1]}\u2019."
    else:
        span = f"{split.title}. From {both_dates(split.since, calendar)} to {until}."
    runs = len(split.runs)
    spread = f" Means of {runs} runs; thin lines from the lowest to the highest." if runs > 1 else " One run."
    return f"{span}{spread} {calendar_told(calendar)}"


def _notes(split: Why) -> Sequence[str]:
    rounding = float(split.table.loc[split.table["channel"] == "rounding", "change"].abs().max())
    return [
        "Each person's attitudes are sums of parts; the share's change is integrated along their path day by day. "
        f"Left over by rounding: {100.0 * rounding:.5f} points.",
        "A channel counts what it did through the attitude to this party and through those to all others. Attitudes "
        "follow slowly, so events of before the span can stand among the single events.",
    ]


def _steps(split: Why, calendar: Calendar) -> list[_Bar]:
    start, end = (both_dates(d, calendar) for d in (split.since, split.until))
    if split.between:
        start, end = split.between
    bars, at = [_Bar(start, 0.0, 100.0 * split.start, whole=True)], 100.0 * split.start
    table = split.table.sort_values("change", key=lambda c: -c.abs(), kind="stable")
    large = table[table["change"].abs() >= _LEAST]
    rows: Iterable[Any] = large.itertuples()
    for row in rows:
        step = 100.0 * float(row.change)
        reach = (at + 100.0 * float(row.low), at + 100.0 * float(row.high)) if len(split.runs) > 1 else None
        bars.append(_Bar(str(row.words), at, at + step, reach))
        at += step
    bars.append(_Bar(_REST, at, 100.0 * split.end))
    bars.append(_Bar(end, 0.0, 100.0 * split.end, whole=True))
    return bars


def _single(split: Why, calendar: Calendar) -> list[_Bar]:
    from analysis.answers.why_words import WAYS

    bars = []
    rows: Iterable[Any] = split.events.head(_MOST_EVENTS).itertuples()
    for row in rows:
        when = f"{both_dates(row.date, calendar).split(' (')[0]}: " if row.date is not None else ""
        reach = (100.0 * float(row.low), 100.0 * float(row.high)) if len(split.runs) > 1 else None
        bars.append(_Bar(f"{when}{row.title} ({WAYS[str(row.way)]})", 0.0, 100.0 * float(row.change), reach))
    return bars


def _draw(made: Sheet, cell: Cell, bars: Sequence[_Bar], rows: int, look: Line, room: float) -> None:
    axes, size = cell.axes, made.size
    for index, bar in enumerate(bars):
        colour = _WHOLE if bar.whole else look.colour if bar.change >= 0.0 else _AGAINST
        axes.barh(index, bar.change, left=bar.start, height=0.66, color=colour, linewidth=0)
        if bar.spread is not None:
            axes.plot(bar.spread, [index, index], color="#000000", linewidth=size.text / 9, zorder=3)
        edge = max(bar.start, bar.end, *(bar.spread or ()))
        axes.annotate(
            bar.told, (edge, index), xytext=(0.35 * size.text, 0), textcoords="offset points", va="center",
            fontsize=size.points(TICK), color=_WHOLE if bar.whole or bar.change < 0.0 else ink(look.colour),
        )  # fmt: skip
        if index + 1 < len(bars) and bars[-1].whole:
            axes.plot([bar.end, bar.end], [index, index + 1], color="#999999", linewidth=size.text / 16, zorder=1)
    points = size.points(LABEL)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_yticks(range(len(bars)))
    labels = [_fitting(bar.label, room, points) for bar in bars]
    factor = min(factor for _, factor in labels)
    for tick in axes.set_yticklabels([label for label, _ in labels]):
        tick.set_fontsize(points * factor)
        tick.set_linespacing(0.95)
    axes.tick_params(axis="y", length=0, pad=size.text / 2)
    low, high = min(min(b.start, b.end) for b in bars), max(max(b.start, b.end) for b in bars)
    wide = max(high - low, 1.0)
    axes.set_xlim(low - (0.04 * wide if low < 0.0 else 0.0), high + 0.16 * wide)
    axes.tick_params(axis="x", labelsize=size.points(TICK), pad=size.text / 4, length=size.text / 3)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color="#555555", linewidth=size.text / 14)


def _fitting(label: str, room: float, points: float) -> tuple[str, float]:
    """The label in one line or, set smaller, in two, and how much smaller; what ends it in brackets is kept."""
    if width(label, points) <= room:
        return label, 1.0
    lines = wrap(label, room, _SMALLER * points)
    if len(lines) <= 2:
        return "\n".join(lines), _SMALLER
    rest, tail = " ".join(lines[1:]), ""
    if rest.endswith(")"):
        rest, _, tail = rest.rpartition(" (")
        tail = f" ({tail}"
    rest = shorten(rest, room - width(tail, _SMALLER * points), _SMALLER * points)
    return f"{lines[0]}\n{rest}{tail}", _SMALLER

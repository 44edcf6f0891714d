"""The year as a list of events: when each came in these runs, how widely, how often, beside its date in history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import accumulate

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.marks import LANDMARKS
from analysis.plots.ribbons import BASE_COLOUR, SCENARIO_LOOKS
from analysis.plots.sheet import Cell, Plan, Sheet, Words, sheet
from analysis.plots.style import LABEL, TICK, Calendar, SizeName, axis_day, ink
from analysis.plots.text import width, wrap
from analysis.words.naming import one_of

#: Rows that a figure holds; a row needs so many lines of text, and so many for each further line of its name.
_MOST_ROWS, _ROW_LINES, _MORE_LINES = 22, 1.25, 0.85
#: Events of no recorded history that a figure makes room for.
_MOST_IN_PLACE = 4
_CAME = ("pinned", "fired", "forced")
_COLOURS = (BASE_COLOUR, *(colour for colour, _ in SCENARIO_LOOKS))
#: Width of an event's name at most, as a multiple of the text; a longer one is broken into lines.
_LONGEST = 24.0


def draw(
    results: Sequence[sim.Results], *, event: str | Sequence[str] | None = None, size: SizeName = "slide",
    calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """A row an event: median and spread of its dates for each result, and the day on which it came in 1917."""
    chosen = style.size_of(size)
    came = [_dates(result) for result in results]
    points = chosen.points(LABEL)

    def broken(name: str) -> str:
        return "\n".join(wrap(_title(name), _LONGEST * chosen.text / 72.0, points))

    names = _events(results, came, event, _room(chosen.tallest, chosen.text), lambda name: _height(broken(name)))
    if not names:
        raise sim.InputError("no event that is a landmark, or whose date varies, came in these runs.")
    shown = {name: broken(name) for name in names}
    gutter = width("100 %  " * len(results), points) + 2.0 * chosen.text / 72.0
    margin = max(width(text, points) for text in shown.values()) + chosen.text / 72.0
    since, faded = bands.extrapolates(results)
    runs = " / ".join(str(len(result.runs)) for result in results)
    of = f"{results[0].title}. " if len(results) == 1 else ""
    words = Words(
        "When each event came",
        f"{of}Dots: median of {runs} runs; bars: eight in ten of those in which it came; right: the part of the runs "
        f"in which it did. Diamonds: its date in 1917. {bands.calendar_told(calendar)}",
        [note for note in (_key(results), faded) if note],
    )
    plan = Plan(1, gutter, margin, head=1, fill=True, columns=1, shape=0.5)
    made = sheet(results, words, plan, size, calendar, mark=False)
    (cell,) = made.cells
    first, last = bands.span(results)
    made.dates(cell, first, last, since if faded else None)
    _rows(made, cell, names, shown, came, results)
    return made.figure


def _room(inches: float, text: float) -> int:
    """Rows of one line that fit a figure of that height, beside its title and notes."""
    return max(6, min(_MOST_ROWS, int(0.68 * inches * 72.0 / (_ROW_LINES * 1.38 * text))))


def _height(shown: str) -> float:
    """The height of a row with that name, rows of one line."""
    return 1.0 + shown.count("\n") * _MORE_LINES / _ROW_LINES


def _dates(result: sim.Results) -> pd.DataFrame:
    """run, event, day (an ordinal) of each event that came."""
    rows = result.events
    rows = rows[rows["status"].isin(_CAME)]
    rows = rows.assign(event=rows["event"].astype(str)).groupby(["run", "event"])["date"].min().reset_index()
    return rows.assign(day=[date.fromisoformat(day).toordinal() for day in rows["date"]])


def _events(
    results: Sequence[sim.Results], came: Sequence[pd.DataFrame], event: str | Sequence[str] | None, most: int,
    height: Callable[[str], float],
) -> list[str]:  # fmt: skip
    """The events asked for; else landmarks that vary, what came in history's place, what else varies, other landmarks.

    In order of date, and so many that their rows are not higher together than ``most`` rows of one line.
    """
    every = pd.concat(list(came))
    known = sorted(every["event"].unique())
    if event is not None:
        names = [one_of("event of these runs", name, known) for name in ([event] if isinstance(event, str) else event)]
        return _in_order(names, every)
    runs = sum(len(result.runs) for result in results)
    by_event = every.groupby("event")["day"]
    varies = by_event.std().fillna(0.0) + 60.0 * (1.0 - by_event.count() / runs)
    landmarks = [name for name in LANDMARKS if name in varies.index]
    unsure = [str(name) for name in varies[varies > 0.0].sort_values(ascending=False).index]
    first = [*(name for name in landmarks if name in unsure), *_in_its_place(results, came)]
    ranked = list(dict.fromkeys([*first, *unsure[: max(0, most - len(landmarks))], *landmarks, *unsure]))
    used = accumulate(height(name) for name in ranked)
    return _in_order([name for name, so_far in zip(ranked, used, strict=True) if so_far <= most], every)


def _in_its_place(results: Sequence[sim.Results], came: Sequence[pd.DataFrame]) -> list[str]:
    """Events of no recorded history that came in half of a result's runs or more, those of the most runs first.

    An attempt that may end in several ways is left out: its end is an event of its own.
    """
    found: dict[str, int] = {}
    attempts = {name for name, event in sim.alternatives().items() if event.outcomes}
    for frame, result in zip(came, results, strict=True):
        counts = frame.groupby("event")["run"].nunique()
        for name, count in counts[2 * counts >= len(result.runs)].items():
            if _history(str(name)) is None and name not in attempts:
                found[str(name)] = max(found.get(str(name), 0), int(count))
    return sorted(found, key=lambda name: (-found[name], name))[:_MOST_IN_PLACE]


def _in_order(names: Sequence[str], every: pd.DataFrame) -> list[str]:
    middle = every.groupby("event")["day"].median()
    return sorted(names, key=lambda name: (_history(name) or float(middle[name]), name))


def _history(name: str) -> float | None:
    """The ordinal of an event's day in 1917, None for one that is no part of recorded history."""
    found = sim.events().get(name)
    return None if found is None else float(found.date.toordinal())


def _title(name: str) -> str:
    found = sim.events().get(name) or sim.alternatives().get(name)
    return LANDMARKS.get(name) or (found.title if found is not None else name.replace("_", " ").capitalize())


def _key(results: Sequence[sim.Results]) -> str:
    if len(results) == 1:
        return ""
    titles = ", ".join(f"'{result.title}'" for result in results)
    return f"In each row from the top, and at the right from the left: {titles}."


def _rows(
    made: Sheet, cell: Cell, names: Sequence[str], shown: dict[str, str], came: Sequence[pd.DataFrame],
    results: Sequence[sim.Results],
) -> None:  # fmt: skip
    axes, size = cell.axes, made.size
    heights = [_height(shown[name]) for name in names]
    middles = [below - height / 2.0 for below, height in zip(accumulate(heights), heights, strict=True)]
    axes.set_ylim(sum(heights) + 0.1, -0.1)
    axes.set_yticks(middles)
    axes.set_yticklabels([shown[name] for name in names], fontsize=size.points(LABEL))
    axes.tick_params(axis="y", length=0, pad=size.text / 2)
    step = width("100 %  ", size.points(LABEL)) / made.panel_width
    for row, name in zip(middles, names, strict=True):
        history = _history(name)
        if history is not None:
            axes.plot(
                [axis_day(date.fromordinal(int(history)))], [row], "D", color="#000000", markerfacecolor="none",
                markersize=size.text / 1.5, markeredgewidth=size.text / 14, zorder=4, clip_on=False,
            )  # fmt: skip
        for i, (frame, result) in enumerate(zip(came, results, strict=True)):
            days = frame[frame["event"] == name]["day"].to_numpy()
            colour = _COLOURS[i % len(_COLOURS)]
            at = row + (i - (len(results) - 1) / 2.0) * 0.6 / max(len(results), 2)
            _bar(axes, days, at, colour, size.text)
            part = len(days) / max(len(result.runs), 1)
            axes.text(
                1.0 + 1.3 * size.text / 72.0 / made.panel_width + i * step, row, style.per_cent(part),
                transform=axes.get_yaxis_transform(), va="center", fontsize=size.points(TICK), color=ink(colour),
                gid="label",
            )  # fmt: skip


def _bar(axes: Axes, days: np.ndarray, at: float, colour: str, text: float) -> None:
    """Eight runs in ten as a bar, the median as a dot."""
    if not days.size:
        return
    low, middle, high = (
        axis_day(date.fromordinal(int(day))) for day in np.quantile(days, (0.1, 0.5, 0.9), method="nearest")
    )
    axes.plot([low, high], [at, at], color=colour, linewidth=text / 4, alpha=0.45, solid_capstyle="butt", zorder=2)
    axes.plot([middle], [at], "o", color=colour, markersize=text / 2, markeredgewidth=0, zorder=3, clip_on=False)

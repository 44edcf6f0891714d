"""Curves of allegiance through the year: one panel a stratum, a place or a party, with the spread of runs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from analysis.plots import style
from analysis.plots.marks import Mark, draw_marks, landmarks

By = Literal["stratum", "place", "party"]
Calendar = Literal["os", "ns"]

#: A line that never comes above this share, in the middle of the runs, is left out of its panel.
_FAINTEST = 0.04
#: Part of the runs that a band holds.
BAND = 0.8
_MOST_PANELS = 24
#: Letters of the list of events that fit an inch.
_LETTERS_PER_INCH = 17
#: The thin line from a label to the end of its curve.
_LEADER = {"arrowstyle": "-", "linewidth": 0.5, "shrinkA": 1, "shrinkB": 0, "relpos": (0, 0.5)}


@dataclass(frozen=True)
class _Panel:
    """One panel: its title, and for each line (key) the frame date, low, middle, high."""

    title: str
    lines: dict[str, pd.DataFrame]


def draw(
    *results: sim.Results,
    by: By = "stratum",
    place: str = "empire",
    stratum: str | None = None,
    parties: Sequence[str] | None = None,
    calendar: Calendar = "os",
) -> Figure:
    """Small multiples of the parties' shares through the year; one row of panels for each result if there are several.

    ``by`` says what a panel is: a stratum or a place of ``place`` (lines are parties), or a party (lines are strata).
    A line is the median of the runs, a band holds eight runs in ten. Numbers over the panels are events, listed below.
    """
    if not results:
        raise TypeError("draw needs at least one sim.Results")
    rows = [_panels(result, by, place, stratum, parties) for result in results]
    count = max(map(len, rows)) * len(rows)
    if count > _MOST_PANELS:
        raise sim.InputError(f"{count} panels don't fit a figure (at most {_MOST_PANELS}). Name a smaller place.")
    marks = landmarks(results[0].events, len(results[0].runs))
    with style.house_style():
        return _figure(results, rows, marks, by, place, stratum, calendar, parties)


def save(figure: Figure, path: str) -> None:
    """Write a figure as PNG, SVG or PDF, by the suffix of ``path``; undated, so that equal figures are equal files."""
    kind = path.rpartition(".")[2].lower()
    if kind not in ("png", "svg", "pdf"):
        raise sim.InputError(f"'{path}' must end in .png, .svg or .pdf.")
    nameless = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[kind]
    with style.house_style():
        figure.savefig(path, dpi=style.DPI, metadata=nameless)


# --- what is drawn -------------------------------------------------------------------------------------------------


def _panels(
    results: sim.Results, by: By, place: str, stratum: str | None, parties: Sequence[str] | None
) -> list[_Panel]:
    wanted = list(sim.PARTIES if parties is None else parties)
    for party in wanted:
        if party not in sim.PARTIES:
            raise sim.InputError(f"unknown party '{party}'. Known: {', '.join(sim.PARTIES)}.")
    column = "place" if by == "place" else "stratum"
    shares = results.shares(column, place, stratum)
    bands = _bands(shares[shares["party"].isin(wanted)], [column, "party"])
    if by == "party":
        strata = list(sim.STRATA)
        panels = [_panel(style.PARTY_LINES[p].label, bands, "party", p, "stratum", strata, 0.0) for p in wanted]
    else:
        keys = _in_order(list(bands[column].unique()), column)
        faintest = _FAINTEST if parties is None else 0.0
        panels = [_panel(_title(column, key), bands, column, key, "party", wanted, faintest) for key in keys]
    return [panel for panel in panels if panel.lines]


def _bands(shares: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Median and band over runs, by date and ``keys``."""
    grouped = shares.groupby([*keys, "date"], observed=True)["share"]
    tail = (1.0 - BAND) / 2.0
    levels = ((tail, "low"), (0.5, "middle"), (1.0 - tail, "high"))
    low, middle, high = (grouped.quantile(level).rename(name) for level, name in levels)
    found: pd.DataFrame = low.to_frame().join([middle, high]).reset_index()
    return found.assign(when=pd.to_datetime(found["date"]))


def _panel(
    title: str, bands: pd.DataFrame, column: str, key: str, line: str, order: list[str], faintest: float
) -> _Panel:
    here = bands[bands[column] == key]
    lines = {name: here[here[line] == name].sort_values("date") for name in order}
    return _Panel(title, {n: rows for n, rows in lines.items() if len(rows) and rows["middle"].max() > faintest})


def _in_order(keys: Sequence[str], column: str) -> list[str]:
    order = list(sim.STRATA) if column == "stratum" else [place.id for place in sim.PLACES]
    return sorted(map(str, keys), key=order.index)


def _where(place: str) -> str:
    """A place or a whole in words."""
    if place == "empire":
        return "the Empire"
    titles = {known.id: known.title for known in sim.PLACES}
    return titles.get(place, place if "*" in place else place.replace("_", " ").title())


def _title(column: str, key: str) -> str:
    if column == "stratum":
        return style.STRATUM_LINES[key].label
    return next(place.title for place in sim.PLACES if place.id == key)


# --- how it is drawn -----------------------------------------------------------------------------------------------


def _figure(
    results: Sequence[sim.Results], rows: list[list[_Panel]], marks: list[Mark], by: By, place: str,
    stratum: str | None, calendar: Calendar, parties: Sequence[str] | None,
) -> Figure:  # fmt: skip
    count = max(map(len, rows))
    columns = min(3, count) if len(rows) == 1 else count
    lines = math.ceil(count / columns) if len(rows) == 1 else len(rows)
    listed = math.ceil(len(marks) / _event_columns(columns))
    below = 0.5 + style.EVENT_LINE_HEIGHT * listed
    width, height = style.PANEL_WIDTH * columns, (style.PANEL_HEIGHT + 0.55) * lines + 0.75 + below
    figure = Figure(figsize=(width, height))
    grid = figure.subplots(lines, columns, squeeze=False)
    figure.subplots_adjust(
        left=0.55 / width, right=1 - 1.25 / width, top=1 - 1.15 / height, bottom=(below + 0.4) / height, wspace=0.56,
        hspace=0.45,
    )  # fmt: skip
    top = min(1.0, math.ceil(max(b["high"].max() for r in rows for p in r for b in p.lines.values()) * 10) / 10 + 0.02)
    looks = style.STRATUM_LINES if by == "party" else style.PARTY_LINES
    flat = [axes for line in grid for axes in line] if len(rows) == 1 else None
    for r, panels in enumerate(rows):
        for c in range(count if len(rows) > 1 else len(flat or ())):
            axes = flat[c] if flat is not None else grid[r][c]
            if c >= len(panels):
                axes.set_visible(False)
                continue
            head = f"{results[r].scenario}: " if len(rows) > 1 and c == 0 else ""
            _draw_panel(axes, panels[c], looks, marks, top, calendar, head)
    _words(figure, results, marks, place, stratum, calendar, width, height, by, parties)
    return figure


def _event_columns(panels: int) -> int:
    """Columns of the list of events under so many panels."""
    return 1 if panels == 1 else 2


def _draw_panel(
    axes: Axes, panel: _Panel, looks: dict[str, style.Line], marks: list[Mark], top: float, calendar: Calendar,
    head: str,
) -> None:  # fmt: skip
    ends: list[tuple[str, float]] = []
    first, last = date.max, date.min
    for name, rows in panel.lines.items():
        look = looks[name]
        days = rows["when"].to_numpy()
        axes.fill_between(days, rows["low"], rows["high"], color=look.colour, alpha=0.14, linewidth=0)
        axes.plot(days, rows["middle"], color=look.colour, linestyle=look.dashes, linewidth=1.5)
        ends.append((name, float(rows["middle"].iloc[-1])))
        first = min(first, rows["when"].iloc[0].date())
        last = max(last, rows["when"].iloc[-1].date())
    axes.set_ylim(0, top)
    axes.set_xlim(style.axis_day(first), style.axis_day(max(last, first + timedelta(days=1))))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}".replace("%", " %"))
    axes.set_title(head + panel.title, pad=17)
    _date_ticks(axes, first, last, calendar)
    draw_marks(axes, marks, first, last)
    _label_ends(axes, ends, looks, top)


def _label_ends(axes: Axes, ends: list[tuple[str, float]], looks: dict[str, style.Line], top: float) -> None:
    """Each line's name beside its end, moved apart where lines end close together."""
    ends = sorted(ends, key=lambda end: end[1])
    heights = style.spread_apart([value for _, value in ends], 0.062 * top, 0.0, 0.99 * top)
    for (name, value), height in zip(ends, heights, strict=True):
        look = looks[name]
        label = look.label.replace("Menshevik Internationalists", "Menshevik Int.")
        axes.annotate(
            label,
            xy=(1.0, value),
            xytext=(1.045, height),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            va="center",
            fontsize=7.2,
            color=look.colour,
            annotation_clip=False,
            arrowprops={**_LEADER, "color": look.colour},
        )


def _date_ticks(axes: Axes, first: date, last: date, calendar: Calendar) -> None:
    """The first of every other month in the style asked for, the other style's date beneath in brackets."""
    months = [date(year, month, 1) for year in (1917, 1918) for month in range(1, 13)]
    days = [sim.old_style(month) if calendar == "ns" else month for month in months]
    days = [day for day in days if first <= day <= last]
    days = days[:: 1 if len(days) <= 5 else 2]
    axes.set_xticks([style.axis_day(day) for day in days])
    axes.set_xticklabels([_both(day, calendar).replace(" (", "\n(") for day in days], fontsize=7)


def _words(
    figure: Figure, results: Sequence[sim.Results], marks: list[Mark], place: str, stratum: str | None,
    calendar: Calendar, width: float, height: float, by: By, parties: Sequence[str] | None,
) -> None:  # fmt: skip
    where = _where(place)
    whose = f", {style.STRATUM_LINES[stratum].label.lower()}" if stratum else ""
    split = {"stratum": "by stratum", "place": "by place", "party": "by party"}[by]
    titles = " / ".join(result.title for result in results)
    figure.text(0.012, 1 - 0.3 / height, f"Whom people follow in {where}{whose}, {split}", fontsize=13, weight="bold")
    runs = " / ".join(str(len(result.runs)) for result in results)
    styles = ("Old Style", "New Style") if calendar == "os" else ("New Style", "Old Style")
    told = (
        f"{titles}. Lines: median of {runs} runs. Bands: eight runs in ten; they show chance alone, not doubt about "
        f"the model. Dates {styles[0]} ({styles[1]})."
    )
    figure.text(0.012, 1 - 0.52 / height, told, fontsize=8, color="#444444")
    columns = _event_columns(round(width / style.PANEL_WIDTH))
    per_column = math.ceil(len(marks) / columns) if marks else 1
    for index, mark in enumerate(marks):
        column, line = divmod(index, per_column)
        often = "" if mark.often > 0.995 else f", in {mark.often:.0%} of runs"
        text = f"{mark.number}. {_both(mark.when, calendar)}: {mark.title}{often}"
        y = (0.28 + style.EVENT_LINE_HEIGHT * (per_column - 1 - line)) / height
        text = shorten(text, int(_LETTERS_PER_INCH * (width / columns - 0.2)), placeholder=" ...")
        figure.text(0.012 + column / columns, y, text, fontsize=7.2, color="#333333")
    notes = []
    if by != "party" and parties is None:
        notes.append(f"Parties that stay below {_FAINTEST:.0%} in a panel are not drawn there.")
    if len(results) > 1:
        notes.append(f"Events are those of '{results[0].scenario}'.")
    figure.text(0.012, 0.09 / height, " ".join(notes), fontsize=6.8, color="#666666")


def _both(when: date, calendar: Calendar) -> str:
    """An Old Style date in the style asked for, the other style in brackets."""
    one, other = (when, sim.new_style(when)) if calendar == "os" else (sim.new_style(when), when)
    return f"{one.day} {one:%b} ({other.day} {other:%b})"

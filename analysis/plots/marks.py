"""Events on a figure: which ones, when they came in these runs, and numbered marks that don't run into each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from matplotlib.axes import Axes

import sim
from analysis.plots.style import axis_day, spread_apart

#: What a reader of a year's curves looks for, if the runs hold it. The order is of no account.
LANDMARKS: tuple[str, ...] = (
    "garrison_mutiny",
    "abdication_provisional_government",
    "april_days",
    "first_coalition",
    "june_offensive",
    "july_days",
    "second_coalition",
    "kornilov_march",
    "petrograd_soviet_resolution_31_aug",
    "third_coalition",
    "insurrection_25_oct",
    "decree_land",
    "constituent_assembly_election",
    "assembly_closed",
)

#: Share of runs in which an event must come to be marked.
_MOST = 0.5


@dataclass(frozen=True)
class Mark:
    """An event to mark: its number on the figure, id, title, Old Style date, and share of runs in which it came."""

    number: int
    event: str
    title: str
    when: date
    often: float


def landmarks(events: pd.DataFrame, runs: int, chosen: Sequence[str] = LANDMARKS) -> list[Mark]:
    """The chosen events that came in at least half of the runs, at the median of their dates, in order of date."""
    came = events[events["status"].isin(["pinned", "fired", "forced"]) & events["event"].isin(list(chosen))]
    titles = {name: event.title for name, event in sim.events().items()}
    found = []
    for name, rows in came.groupby("event", observed=True):
        often = rows["run"].nunique() / runs
        if often >= _MOST:
            days = sorted(rows.groupby("run")["date"].min())
            found.append((date.fromisoformat(days[(len(days) - 1) // 2]), str(name), often))
    found.sort()
    return [Mark(n, name, titles.get(name, name), when, often) for n, (when, name, often) in enumerate(found, start=1)]


def draw_marks(axes: Axes, marks: Sequence[Mark], first: date, last: date) -> None:
    """A thin line at each event's day, its number above the panel; numbers of near events step aside."""
    shown = [mark for mark in marks if first <= mark.when <= last]
    days = [axis_day(mark.when) for mark in shown]
    left, right = axis_day(first), axis_day(last)
    room = (right - left) / 18.0
    for mark, day, at in zip(shown, days, spread_apart(days, room, left, right), strict=True):
        axes.axvline(day, color="#777777", linewidth=0.5, alpha=0.6, zorder=0.5)
        axes.annotate(
            str(mark.number),
            xy=(day, 1.0),
            xytext=(at, 1.045),
            xycoords=("data", "axes fraction"),
            textcoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            fontsize=6.5,
            color="#444444",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#999999", "linewidth": 0.4, "shrinkA": 0, "shrinkB": 0},
        )

"""Events on a figure: which ones, when they came in these runs, and numbered marks that don't run into each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from matplotlib.axes import Axes

import sim
from analysis.plots.style import MARK, Calendar, Size, axis_day, both_dates, spread_apart
from analysis.plots.text import width

#: What a reader of a year's curves looks for, in short words; first what is kept longest where room is scarce.
LANDMARKS: Mapping[str, str] = {
    "insurrection_25_oct": "Provisional Government removed",
    "abdication_provisional_government": "Abdication; Provisional Government",
    "kornilov_march": "Kornilov's march",
    "july_days": "July Days",
    "june_offensive": "June offensive",
    "constituent_assembly_election": "Constituent Assembly elected",
    "first_coalition": "First coalition",
    "april_days": "April Days",
    "assembly_closed": "Constituent Assembly closed",
    "second_coalition": "Second coalition",
    "petrograd_soviet_resolution_31_aug": "Petrograd Soviet: Bolshevik motion",
    "third_coalition": "Third coalition",
    "decree_land": "Decree on Land",
    "garrison_mutiny": "Garrison joins demonstrators",
}

#: Share of runs in which an event must come to be marked.
_MOST = 0.5
#: Days apart at most, in two histories on one figure, for an event to have one mark.
_NEAR = 7


@dataclass(frozen=True)
class Mark:
    """An event to mark: its number on the figure, id, title, Old Style date, and share of runs in which it came.

    ``least``: of several histories, in one of which it came more often.
    """

    number: int
    event: str
    title: str
    when: date
    often: float
    least: bool = False

    def told(self, calendar: Calendar) -> str:
        """Its line in the list under the panels."""
        more = " or more" if self.least else ""
        often = "" if self.often > 0.995 else f", in {100 * self.often:.0f} % of runs{more}"
        return f"{self.number}  {both_dates(self.when, calendar)} {self.title}{often}"


def landmarks(events: pd.DataFrame, runs: int, chosen: Sequence[str] = tuple(LANDMARKS)) -> list[Mark]:
    """The chosen events that came in at least half of the runs, at the median of their dates, in order of date."""
    came = events[events["status"].isin(["pinned", "fired", "forced"]) & events["event"].isin(list(chosen))]
    titles = {name: event.title for name, event in sim.events().items()} | dict(LANDMARKS)
    found = []
    for name, rows in came.groupby("event", observed=True):
        often = rows["run"].nunique() / runs
        if often >= _MOST:
            days = sorted(rows.groupby("run")["date"].min())
            found.append((date.fromisoformat(days[(len(days) - 1) // 2]), str(name), often))
    found.sort()
    return [Mark(n, name, titles.get(name, name), when, often) for n, (when, name, often) in enumerate(found, start=1)]


def shared(every: Sequence[Sequence[Mark]]) -> tuple[list[Mark], list[str]]:
    """Of the marks of several histories those that all have within a week, numbered anew, and the others' titles.

    A shared mark stands at the day of the first history, with the least of its odds; titles are in order of date.
    """
    if len(every) == 1:
        return list(every[0]), []
    by_event = [{mark.event: mark for mark in marks} for marks in every]
    found: list[Mark] = []
    apart: dict[str, Mark] = {}
    for marks in every:
        for mark in marks:
            here = [known[mark.event] for known in by_event if mark.event in known]
            near = max(one.when for one in here).toordinal() - min(one.when for one in here).toordinal() <= _NEAR
            if len(here) < len(every) or not near:
                apart[mark.event] = mark
            elif marks is every[0]:
                often = [one.often for one in here]
                found.append(replace(mark, number=len(found) + 1, often=min(often), least=min(often) < max(often)))
    return found, [mark.title for mark in sorted(apart.values(), key=lambda mark: mark.when)]


def at_most(marks: Sequence[Mark], most: int) -> list[Mark]:
    """So many of the marks, those that stand first in :data:`LANDMARKS`, numbered anew."""
    order = list(LANDMARKS)
    ranked = sorted(marks, key=lambda mark: order.index(mark.event) if mark.event in order else len(order))
    kept = sorted(ranked[:most], key=lambda mark: mark.number)
    return [replace(mark, number=number) for number, mark in enumerate(kept, start=1)]


def room_for(inches: float, size: Size) -> int:
    """How many numbers fit beside each other over a panel of that width."""
    return int(inches / _number_width(size)) + 1


def draw_lines(axes: Axes, marks: Sequence[Mark], first: date, last: date, size: Size) -> None:
    """A thin line at each event's day."""
    for mark in marks:
        if first <= mark.when <= last:
            axes.axvline(axis_day(mark.when), color="#777777", linewidth=size.text / 20, alpha=0.55, zorder=0.5)


def draw_numbers(
    axes: Axes, marks: Sequence[Mark], first: date, last: date, size: Size, inches: float, height: float
) -> None:
    """The events' numbers above a panel of ``inches`` by ``height``; numbers of near events step aside."""
    shown = [mark for mark in marks if first <= mark.when <= last]
    days = [axis_day(mark.when) for mark in shown]
    left, right = axis_day(first), axis_day(last)
    room = _number_width(size) / inches * (right - left)
    lift = size.points(MARK) / 72.0 / height
    for mark, day, at in zip(shown, days, spread_apart(days, room, left, right), strict=True):
        axes.annotate(
            str(mark.number),
            xy=(day, 1.0),
            xytext=(at, 1.0 + 0.75 * lift),
            xycoords=("data", "axes fraction"),
            textcoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            fontsize=size.points(MARK),
            color="#444444",
            annotation_clip=False,
            gid="number",
            arrowprops={"arrowstyle": "-", "color": "#999999", "linewidth": size.text / 20, "shrinkA": 0, "shrinkB": 0},
        )


def _number_width(size: Size) -> float:
    return width("14", size.points(MARK)) + 0.45 * size.points(MARK) / 72.0

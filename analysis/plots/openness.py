"""When was it still open: the odds of an outcome by the date from which history is left to the model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.curves import draw_scale, label_ends
from analysis.plots.marks import LANDMARKS, Mark
from analysis.plots.ribbons import SCENARIO_LOOKS
from analysis.plots.sheet import Plan, Words, sheet_of
from analysis.plots.style import LABEL, TICK, Calendar, Line, SizeName
from analysis.plots.text import width


def draw(
    contingency: sim.Contingency, *, outcome: str | Sequence[str] = "soviet_power", size: SizeName = "slide",
    calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """A curve for each outcome, with Wilson's intervals; marks are the recorded dates of events."""
    outcomes = [outcome] if isinstance(outcome, str) else list(outcome)
    looks = [
        Line(contingency.title(name), *SCENARIO_LOOKS[i % len(SCENARIO_LOOKS)]) for i, name in enumerate(outcomes)
    ]
    chosen = style.size_of(size)
    runs = f"{len(contingency.runs)} {'run' if len(contingency.runs) == 1 else 'runs'}"
    words = Words(
        f"When was it still open? {looks[0].label if len(looks) == 1 else 'Odds by date'}",
        f"Odds that it comes by {_until(contingency, calendar)}, if history is as recorded up to a date and left to "
        f"the model from then on. Dots: part of {runs}; bands: 90 % intervals. {bands.calendar_told(calendar)}",
        ["Numbers: recorded dates of events. Six weeks after each branching the model extrapolates."],
    )
    gutter = max(width(look.label, chosen.points(LABEL)) for look in looks) + 2.0 * chosen.text / 72.0
    margin = width("100 %", chosen.points(TICK)) + 0.8 * chosen.text / 72.0
    first, last = (date.fromisoformat(day) for day in (contingency.dates[0], contingency.dates[-1]))
    made = sheet_of(_marks(first, last), words, Plan(1, gutter, margin, fill=True, shape=1.9), size, calendar)
    (cell,) = made.cells
    ends = []
    for name, look in zip(outcomes, looks, strict=True):
        rows = contingency.odds(name)
        days = pd.to_datetime(rows["date"]).to_numpy()
        cell.axes.fill_between(days, rows["low"], rows["high"], color=look.colour, alpha=0.16, linewidth=0)
        cell.axes.plot(
            days, rows["odds"], color=look.colour, linestyle=look.dashes, linewidth=chosen.stroke, marker="o",
            markersize=chosen.text / 2.2, clip_on=False,
        )  # fmt: skip
        ends.append((look, float(rows["odds"].iloc[-1]), date.fromisoformat(str(rows["date"].iloc[-1]))))
    made.dates(cell, first, last)
    draw_scale(made, cell, (0.0, 1.0), "share")
    label_ends(made, cell.axes, ends, (0.0, 1.0))
    return made.figure


def _until(contingency: sim.Contingency, calendar: Calendar) -> str:
    until = date.fromisoformat(contingency.manifest["identity"]["options"]["until"])
    return style.both_dates(until, calendar)


def _marks(first: date, last: date) -> list[Mark]:
    """The landmarks of recorded history between two dates."""
    known = sim.events()
    days = {name: known[name].date for name in LANDMARKS if name in known}
    found = sorted((when, name) for name, when in days.items() if first <= when <= last)
    return [Mark(n, name, LANDMARKS[name], when, 1.0) for n, (when, name) in enumerate(found, start=1)]

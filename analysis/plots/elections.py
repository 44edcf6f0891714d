"""Votes, houses and motions: the model's spread beside what the sources counted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import sim
from analysis.evidence import contests, observe
from analysis.inference.posterior import kind_of
from analysis.plots import bands, style
from analysis.plots.sheet import Cell, Plan, Sheet, Words, sheet
from analysis.plots.style import LABEL, SOVIET_POWER_LINE, TICK, Calendar, Line, SizeName, both_dates
from analysis.plots.text import width
from analysis.words.naming import one_of

#: What may be asked for: a family of parties, or the share for soviet power in motions and mandates.
TARGETS: dict[str, tuple[str, Line]] = {
    "bolshevik": ("Bolsheviks", style.PARTY_LINES["bolshevik"]),
    "sr": ("SRs (with Left SRs)", style.PARTY_LINES["sr"]),
    "menshevik": ("Mensheviks (all kinds)", style.PARTY_LINES["menshevik"]),
    "right": ("Kadets and the right", style.PARTY_LINES["right"]),
    "kadet": ("Kadets", style.PARTY_LINES["kadet"]),
    contests.FOR: ("For soviet power", SOVIET_POWER_LINE),
}
Target = Literal["bolshevik", "sr", "menshevik", "right", "kadet", "for"]
_USES = {"calibrate": "used to fit", "validate": "held back from the fit", "context": "neither fitted nor scored"}
_MARKERS = {"calibrate": ("o", "white"), "validate": ("o", "black"), "context": ("D", "#BBBBBB")}


@dataclass(frozen=True)
class _Row:
    """One contest: its label, the evidence, and the model's low, middle and high, in per cent.

    ``reach``: low and high with the model's own error added; those of the runs where it is not known.
    """

    label: str
    observed: float
    split: contests.Split
    spread: tuple[float, float, float]
    reach: tuple[float, float]


def draw(
    results: Sequence[sim.Results], *, target: Target = "bolshevik", size: SizeName = "slide",
    calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """One row a contest that the tables can answer, in order of date; all of one ``target``."""
    if len(results) > 1:
        raise sim.InputError("the figure 'elections' draws one result.")
    (result,) = results
    label, look = TARGETS[one_of("target", target, tuple(TARGETS))]
    rows = _rows(result, target, calendar)
    if not rows:
        raise sim.InputError(f"the tables answer no contest on '{target}': they may end too early.")
    chosen = style.size_of(size)
    margin = max(width(row.label, chosen.points(LABEL)) for row in rows) + 0.8 * chosen.text / 72.0
    columns = 1 if chosen.height is None or len(rows) < 12 else 2
    told = bands.told(results, "Thick marks", "bars", "pale bars")
    words = Words(
        f"{label}: the model beside what was counted",
        f"{told} {bands.calendar_told(calendar)} Per cent of the votes, deputies or mandates that each source counts.",
        ["The evidence stands row by row with its sources in analysis/targets/politics.csv."],
    )
    tall = math.ceil(len(rows) / columns)
    shape = _shape(chosen.width, margin, tall, chosen.points(LABEL))
    plan = Plan(
        columns, 1.5 * chosen.text / 72.0, margin, foot=1, own_scales=True, own_dates=True, columns=columns,
        shape=shape, fill=True,
    )  # fmt: skip
    made = sheet(results, words, plan, size, calendar, mark=False)
    top = min(100.0, 5.0 * math.ceil((max(max(row.observed, row.reach[1]) for row in rows) + 2.0) / 5.0))
    for index, cell in enumerate(made.cells):
        _draw(made, cell, rows[index * tall : (index + 1) * tall], tall, look, top)
    _key(made, look, {row.split for row in rows})
    return made.figure


def _shape(across: float, margin: float, rows: int, points: float) -> float:
    """Width over height of a panel on a page: as high as its rows of labels need."""
    return (across - margin - 0.6) / (rows * 1.55 * points / 72.0)


def _rows(result: sim.Results, target: str, calendar: Calendar) -> list[_Row]:
    asked = [contest for contest in contests.contests() if target in contest.observed]
    answers = [observe.predict(_tables(result, run), asked) for run in result.runs]
    rows = []
    for contest in sorted(asked, key=lambda c: (c.day, c.group)):
        values = [answer[contest.id][target] for answer in answers if target in answer.get(contest.id, {})]
        if values and len(values) == len(answers):
            label = f"{contest.title}, {both_dates(contest.day, calendar)}"
            low, middle, high = bands.spread(values)
            spread = pd.DataFrame({"low": [low / 100.0], "middle": [middle / 100.0], "high": [high / 100.0]})
            wide = 100.0 * result.widen(spread, kind_of(contest)).iloc[0]
            reach = (float(wide.get("wide_low", low)), float(wide.get("wide_high", high)))
            rows.append(_Row(label, contest.observed[target], contest.split, (low, middle, high), reach))
    return rows


def _tables(result: sim.Results, run: int) -> dict[str, object]:
    """The tables of one run that contests ask."""
    found = {}
    for name in ("soviet_power", "soviets", "elections", "province_elections", "macro"):
        frame = result.frame(name)
        frame = frame[frame["run"] == run]
        found[name] = {column: np.asarray(frame[column].astype(str) if frame[column].dtype == "category"
                                          else frame[column]) for column in frame}  # fmt: skip
    return dict(found)


def _draw(made: Sheet, cell: Cell, rows: Sequence[_Row], tall: int, look: Line, top: float) -> None:
    axes, size = cell.axes, made.size
    for index, row in enumerate(rows):
        low, middle, high = row.spread
        for ends, alpha in ((row.reach, 0.2 * (row.reach != (low, high))), ((low, high), 0.35)):
            axes.plot(ends, [index, index], color=look.colour, linewidth=size.text / 2.6, alpha=alpha,
                      solid_capstyle="butt")  # fmt: skip
        axes.plot([middle], [index], "|", color=look.colour, markersize=size.text, markeredgewidth=size.text / 4.5)
        marker, face = _MARKERS[row.split]
        axes.plot([row.observed], [index], marker, color="black", markerfacecolor=face, markersize=size.text * 0.62,
                  markeredgewidth=size.text / 9, zorder=4, clip_on=False)  # fmt: skip
    axes.set_ylim(tall - 0.5, -0.5)
    axes.set_yticks(range(len(rows)))
    points = min(size.points(LABEL), 72.0 * made.panel_height / tall / 1.3)
    axes.set_yticklabels([row.label for row in rows], fontsize=points)
    axes.tick_params(axis="y", length=0, pad=size.text / 2)
    axes.set_xlim(0, top)
    axes.set_xticks(np.arange(0, top + 0.1, 10 if top <= 60 and made.panel_width > 22 * size.text / 72 else 20))
    axes.set_xticklabels([f"{tick:.0f} %" for tick in axes.get_xticks()], fontsize=size.points(TICK))
    axes.tick_params(axis="x", pad=size.text / 4, length=size.text / 3)
    axes.grid(True, axis="both")
    axes.spines["left"].set_visible(False)


def _key(made: Sheet, look: Line, splits: set[contests.Split]) -> None:
    """What the marks mean, over the first panel."""
    size = made.size
    handles = [
        Line2D([], [], marker=_MARKERS[split][0], color="black", markerfacecolor=_MARKERS[split][1], linestyle="",
               markersize=size.text * 0.62, label=f"Counted, {_USES[split]}")
        for split in _USES if split in splits
    ]  # fmt: skip
    handles.append(Line2D([], [], color=look.colour, linewidth=size.text / 2.6, alpha=0.6, label="Model"))
    cell = made.cells[0]
    left = made.figure.get_size_inches()[0]
    cell.axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(2.2 * size.text / 72.0 / left, cell.axes.get_position().y1),
        bbox_transform=made.figure.transFigure, ncols=len(handles), frameon=False, fontsize=size.points(LABEL),
        borderaxespad=0.2, handletextpad=0.4, columnspacing=1.5, borderpad=0.1,
    )  # fmt: skip

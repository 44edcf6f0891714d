"""Figures of a validation: counted dots on foreseen bands, the reliability diagram, CRPS beside the rivals'."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.evidence.contests import FOR, Contest
from analysis.evidence.scores import PARTS
from analysis.plots import style
from analysis.plots.sheet import Plan, Sheet, Words, sheet_of
from analysis.plots.style import LABEL, SOVIET_POWER_LINE, TICK, Line, both_dates
from analysis.plots.text import width
from analysis.validation.baselines import BASELINES, TITLES
from analysis.validation.comparison import HELD_BACK, Report
from analysis.validation.forecasts import Forecast, wilson
from analysis.validation.leave_out import MODEL

#: Targets that have a figure of dots on bands: the targets of the evidence that it shows, its name, its line.
DOTS: dict[str, tuple[tuple[str, ...], str, Line]] = {
    "bolshevik": (("bolshevik",), "Bolsheviks", style.PARTY_LINES["bolshevik"]),
    "sr": (("sr",), "SRs with Left SRs", style.PARTY_LINES["sr"]),
    "menshevik": (("menshevik",), "Mensheviks of all kinds", style.PARTY_LINES["menshevik"]),
    "right": (("right", "kadet"), "Kadets and the right", style.PARTY_LINES["right"]),
    "soviet_power": ((FOR,), "For soviet power", SOVIET_POWER_LINE),
}
_FACES = {"calibrate": "white", "validate": "black", "context": "#BBBBBB"}
_USES = {"calibrate": "fitted", "validate": "held back", "context": "neither"}
#: Parts of the diagram and the bars, in words.
_PARTS = {"all": "All", "space": "In space", "elections": "Elections in time", "time": "Along time"}
_TARGETS = {"bolshevik": "Bolshevik share", "families": "Four families", "motions": "Motions"}


def save(report: Report, folder: Path, suffix: str = "png") -> list[Path]:
    """Write every figure that the report has numbers for; returns their paths."""
    made: dict[str, Figure] = {}
    if report.forecasts:
        for name in DOTS:
            found = dots(report, name)
            if found is not None:
                made[f"contests_{name}"] = found
        made["reliability"] = diagram(report)
        made["crps"] = bars(report)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, figure in made.items():
        path = folder / f"{name}.{suffix}"
        with style.house_style("slide"):
            figure.savefig(path, dpi=style.size_of("slide").dpi, metadata=_PLAIN.get(suffix))
        paths.append(path)
    return paths


#: No date in the files, so that equal figures are equal files.
_PLAIN: dict[str, dict[str, Any]] = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}


def _told(report: Report) -> str:
    """What was run, under a title."""
    s = report.setting
    return f"{len(s.draws)} sets of the posterior, one run of {s.agents:,} people each; model {report.model}."


# --- dots on bands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Row:
    label: str
    forecast: Forecast


def dots(report: Report, name: str) -> Figure | None:
    """Every contest of a family in order of date: bands of half and of nine in ten, and what was counted."""
    targets, title, look = DOTS[name]
    found = sorted((f for f in report.forecasts if f.target in targets), key=lambda f: (f.contest.day, f.contest.group))
    if not found:
        return None
    rows = [_Row(_label(f.contest), f) for f in found]
    chosen = style.size_of("slide")
    margin = max(width(row.label, chosen.points(LABEL)) for row in rows) + 0.8 * chosen.text / 72.0
    columns = 1 if len(rows) < 12 else 2
    tall = math.ceil(len(rows) / columns)
    words = Words(
        f"{title}: what was counted, on what the model foresees",
        f"{_told(report)} Dark band: half of the forecast, light band: nine tenths, with doubt about parameters, "
        "chance and the model's discrepancy. Without a date: the vote of 12 (25) November.",
        ["The evidence stands row by row with its sources in analysis/targets/politics.csv."],
    )
    with style.house_style("slide"):
        plan = Plan(
            columns, 1.5 * chosen.text / 72.0, margin, foot=1, own_scales=True, own_dates=True, columns=columns,
            fill=True,
        )  # fmt: skip
        made = sheet_of([], words, plan, "slide", "os")
        for index, cell in enumerate(made.cells):
            _draw_rows(made, cell.axes, rows[index * tall : (index + 1) * tall], tall, look)
        _key(made, look, [f.contest.split for f in found])
    return made.figure


def _label(contest: Contest) -> str:
    """Title and date, which the vote for the Constituent Assembly, most of the evidence, goes without."""
    if contest.question.subject == "constituent_assembly":
        return contest.title
    return f"{contest.title}, {both_dates(contest.day, 'os')}"


def _draw_rows(made: Sheet, axes: Axes, rows: Sequence[_Row], tall: int, look: Line) -> None:
    size = made.size
    for index, row in enumerate(rows):
        for level, alpha in ((0.9, 0.22), (0.5, 0.5)):
            low, high = row.forecast.interval(level)
            axes.plot([low, high], [index, index], color=look.colour, linewidth=size.text / 2.2, alpha=alpha,
                      solid_capstyle="butt")  # fmt: skip
        face = _FACES[row.forecast.contest.split]
        axes.plot([row.forecast.observed], [index], "o", color="black", markerfacecolor=face,
                  markersize=size.text * 0.55, markeredgewidth=size.text / 9, zorder=4, clip_on=False)  # fmt: skip
    axes.set_ylim(tall - 0.5, -0.5)
    axes.set_yticks(range(len(rows)))
    points = min(size.points(LABEL), 72.0 * made.panel_height / tall / 1.25)
    axes.set_yticklabels([row.label for row in rows], fontsize=points)
    axes.tick_params(axis="y", length=0, pad=size.text / 2)
    _per_cent_axis(axes, made)
    axes.spines["left"].set_visible(False)
    axes.grid(True, axis="both")


def _per_cent_axis(axes: Axes, made: Sheet) -> None:
    axes.set_xlim(0, 100)
    axes.set_xticks(np.arange(0, 101, 20 if made.panel_width > 24 * made.size.text / 72 else 25))
    axes.set_xticklabels([f"{tick:.0f} %" for tick in axes.get_xticks()], fontsize=made.size.points(TICK))
    axes.tick_params(axis="x", pad=made.size.text / 4, length=made.size.text / 3)


def _key(made: Sheet, look: Line, splits: Sequence[str]) -> None:
    """What the marks mean, over the first panel."""
    size = made.size
    handles = [
        Line2D([], [], marker="o", color="black", markerfacecolor=_FACES[split], linestyle="",
               markersize=size.text * 0.55, label=f"Counted, {use}")
        for split, use in _USES.items() if split in splits
    ]  # fmt: skip
    handles += [
        Line2D([], [], color=look.colour, linewidth=size.text / 2.2, alpha=alpha, label=label)
        for alpha, label in ((0.6, "Half"), (0.25, "Nine tenths"))
    ]
    across = made.figure.get_size_inches()[0]
    cell = made.cells[0]
    cell.axes.legend(
        handles=handles, loc="lower left",
        bbox_to_anchor=(2.2 * size.text / 72.0 / across, cell.axes.get_position().y1),
        bbox_transform=made.figure.transFigure, ncols=len(handles), frameon=False, fontsize=size.points(LABEL),
        borderaxespad=0.2, handletextpad=0.4, columnspacing=1.5, borderpad=0.1,
    )  # fmt: skip


# --- reliability ------------------------------------------------------------------------------------------------------

_SIDES = ((HELD_BACK, "#1F3B4D", "-", "o"), ("calibrate", "#999999", "--", "s"))


def diagram(report: Report) -> Figure:
    """Share of contests that intervals of each level hold, beside the level, with the spread that luck alone gives."""
    words = Words(
        "Reliability: how often the model's intervals hold what was counted",
        f"{_told(report)} On the diagonal, intervals of every level hold as many contests as they say; under it they "
        "are too narrow. Grey: where nine in ten honest forecasters of so few contests would lie.",
    )
    chosen = style.size_of("slide")
    with style.house_style("slide"):
        plan = Plan(len(_TARGETS), 2.0 * chosen.text / 72.0, 3.6 * chosen.text / 72.0, foot=2, shape=1.0)
        made = sheet_of([], words, plan, "slide", "os")
        for cell, (targets, title) in zip(made.cells, _TARGETS.items(), strict=True):
            _draw_diagram(made, cell.axes, report, targets)
            counts = [report.reliability(targets, side)[0][2] for side, *_ in _SIDES]
            made.title(cell, title, f"{counts[0]} contests held back, {counts[1]} fitted")
            if not cell.leftmost:
                cell.axes.set_yticklabels([])
    return made.figure


def _draw_diagram(made: Sheet, axes: Axes, report: Report, targets: str) -> None:
    size = made.size
    for side, colour, dashes, marker in _SIDES:
        found = report.reliability(targets, side)
        levels, held, n = [100 * f[0] for f in found], [100 * f[1] for f in found], found[0][2]
        if not n:
            continue
        if side == HELD_BACK:
            fine = np.linspace(0.0, 1.0, 51)
            low, high = np.array([wilson(float(x), n) for x in fine]).T
            axes.fill_between(100 * fine, 100 * low, 100 * high, color="#EEEEEA", linewidth=0, zorder=0)
        axes.plot(levels, held, marker, linestyle=dashes, color=colour, linewidth=size.stroke,
                  markersize=size.text * 0.5, label="Held back" if side == HELD_BACK else "Fitted")  # fmt: skip
    axes.plot([0, 100], [0, 100], color="#777777", linewidth=size.stroke / 2)
    _per_cent_axis(axes, made)
    axes.set_ylim(0, 100)
    axes.set_yticks(np.arange(0, 101, 20))
    axes.set_yticklabels([f"{tick:.0f} %" for tick in axes.get_yticks()], fontsize=size.points(TICK))
    axes.set_xlabel("level of the interval", fontsize=size.points(TICK))
    axes.legend(loc="upper left", frameon=False, fontsize=size.points(LABEL))
    axes.grid(True, axis="both")


# --- rivals -----------------------------------------------------------------------------------------------------------

_COLOURS = {MODEL: "#DB142F", "regression": "#44546A"}


def bars(report: Report) -> Figure:
    """CRPS of the model and of its rivals on the contests held back, by part."""
    shown = [
        (of, targets)
        for targets in _TARGETS
        for of in PARTS
        if report.proper(targets, of=of).n and not (targets == "motions" and of != "all")
    ]
    words = Words(
        "Held back from the fit: the model and its rivals",
        f"{_told(report)} CRPS in points: how far a forecast and its spread lie from what was counted; less is better. "
        "In brackets the mean absolute error. Rivals are fitted to the same contests as the model.",
    )
    chosen = style.size_of("slide")
    margin = max(width(title, chosen.points(LABEL)) for title in ("The model", *map(_of, TITLES))) + 0.1
    with style.house_style("slide"):
        plan = Plan(len(shown), 5.4 * chosen.text / 72.0, margin, foot=1, head=2, shape=1.6)
        made = sheet_of([], words, plan, "slide", "os")
        top = max(report.proper(t, of=of, who=who).crps for of, t in shown for who in (MODEL, *BASELINES))
        for cell, (of, targets) in zip(made.cells, shown, strict=True):
            _draw_bars(made, cell.axes, report, of, targets, top)
            made.title(cell, _TARGETS[targets], f"{_PARTS[of]}, {report.proper(targets, of=of).n} contests")
            if not cell.leftmost:
                cell.axes.set_yticklabels([])
    return made.figure


def _of(name: str) -> str:
    title = TITLES[name]
    return title[0].upper() + title[1:]


def _draw_bars(made: Sheet, axes: Axes, report: Report, of: str, targets: str, top: float) -> None:
    size = made.size
    who = (MODEL, *BASELINES)
    for index, name in enumerate(who):
        p = report.proper(targets, of=of, who=name)
        axes.barh(index, p.crps, height=0.66, color=_COLOURS.get(name, "#A9B0B8"))
        axes.text(p.crps + top * 0.02, index, f"{p.crps:.1f} ({p.error:.1f})", va="center", fontsize=size.points(TICK))
    axes.set_ylim(len(who) - 0.5, -0.5)
    axes.set_xlim(0, top * 1.02)
    axes.set_yticks(range(len(who)))
    axes.set_yticklabels(["The model", *map(_of, BASELINES)], fontsize=size.points(LABEL))
    axes.tick_params(axis="y", length=0, pad=size.text / 2)
    axes.tick_params(axis="x", labelsize=size.points(TICK))
    axes.spines["left"].set_visible(False)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")

"""Figures of sensitivity: Morris's mu* and sigma with the noise floor, and bars of Sobol's indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.plots import style
from analysis.plots.sheet import Cell, Plan, Sheet, Words, sheet_of
from analysis.plots.style import TICK, spread_apart
from analysis.plots.text import shorten, width
from analysis.studies.morris import Screened, Screening
from analysis.studies.sensitivity import EFFECT_HEADLINES, HEADLINES, title_of
from analysis.studies.sobol import Indices

#: Panels of a figure, and labelled parameters of a panel.
PANELS, LABELLED = 6, 6
BARS = 8
FIRST, TOTAL, FLOOR, POINT, FAINT = "#1F3B4D", "#A9BCC9", "#EFEBE2", "#1F3B4D", "#B5B5B5"
#: Outputs of the Sobol figure, a row each.
ROWS = HEADLINES[:5]


def words_of(parameter: str) -> str:
    """A parameter's name without underscores."""
    return parameter.replace("_", " ")


# --- Morris -----------------------------------------------------------------------------------------------------------


def draw_morris(found: Screening, *, outputs: Sequence[str] | None = None, size: str = "page") -> Figure:
    """A panel an output: mu* against sigma, the largest named, the noise floor as a shaded strip."""
    by_name = {s.output: s for s in found.screened}
    wanted = outputs or (*HEADLINES[:3], HEADLINES[4], *EFFECT_HEADLINES)
    some = [by_name[name] for name in wanted if name in by_name and by_name[name].spread > 0.0][:PANELS]
    some = some or [s for s in found.screened if s.spread > 0.0][:PANELS]
    with style.house_style(size):
        chosen = style.size_of(size)
        names = [words_of(n) for n in found.setting.parameters]
        gutter = max(width(name, chosen.points(TICK)) for name in names) + 1.6 * chosen.text / 72.0
        s = found.setting
        over = "their whole ranges" if s.within >= 1.0 else f"{s.within:.0%} of their ranges, round the fitted values"
        words = Words(
            "Which parameters matter, and what chance alone would do",
            f"Morris's screening of {len(names)} parameters over {over}, {s.trajectories} trajectories, {s.agents:,} "
            "people a run. Right: what a parameter's range does to the output (mu*). Up: how much that depends on the "
            "others (sigma). Shaded: what other seeds alone would give.",
        )
        made = sheet_of((), words, Plan(len(some), gutter, 3.2 * chosen.text / 72.0, own_scales=True, own_dates=True,
                                        foot=2, columns=2 if len(some) > 1 else 1), size, "os")  # fmt: skip
        for cell, screened in zip(made.cells, some, strict=True):
            _morris_panel(made, cell, screened, names)
        return made.figure


def _morris_panel(made: Sheet, cell: Cell, s: Screened, names: Sequence[str]) -> None:
    axes, points = cell.axes, made.size.text
    right, top = 1.06 * float(s.mu_star.max()), 1.12 * max(float(s.sigma.max()), 1e-12)
    order = np.argsort(-s.mu_star, kind="stable")
    labelled = [int(i) for i in order[:LABELLED] if s.mu_star[i] > 0.0]
    axes.set_xlim(0.0, max(right, 1.1 * s.floor))
    axes.set_ylim(0.0, top)
    axes.axvspan(0.0, s.floor, color=FLOOR, zorder=0, linewidth=0)
    others = [i for i in range(len(names)) if i not in labelled]
    axes.scatter(s.mu_star[others], s.sigma[others], s=0.9 * points, color=FAINT, linewidths=0, zorder=2)
    axes.scatter(s.mu_star[labelled], s.sigma[labelled], s=2.2 * points, color=POINT, linewidths=0, zorder=3)
    at = spread_apart([s.sigma[i] / top for i in labelled], made.label_gap(TICK), 0.02, 0.98)
    edge = axes.get_xlim()[1]
    for i, y in zip(labelled, at, strict=True):
        axes.annotate(
            names[i], (s.mu_star[i], s.sigma[i]), (1.02, y), textcoords="axes fraction", va="center",
            fontsize=made.size.points(TICK), color="#222222", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#9A9A9A", "linewidth": 0.05 * points, "shrinkA": 0, "shrinkB": 1},
        )  # fmt: skip
    axes.tick_params(labelsize=made.size.points(TICK))
    axes.set_xlabel(f"mu*   (noise floor {_short(s.floor)})" if edge else "mu*", fontsize=made.size.points(TICK))
    axes.set_ylabel("sigma", fontsize=made.size.points(TICK))
    made.title(cell, title_of(s.output))


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2g}"


# --- Sobol ------------------------------------------------------------------------------------------------------------


def draw_sobol(
    names: Sequence[str], found: Mapping[str, Sequence[Indices]], *, outputs: Sequence[str] | None = None,
    size: str = "page",
) -> Figure:  # fmt: skip
    """A row an output, a column a box: bars of total and first-order indices of the parameters with the largest."""
    boxes = list(found)
    known = [s.output for s in found[boxes[0]] if s.sd > 0.0]
    rows = [name for name in outputs or ROWS if name in known] or known[: len(ROWS)]
    with style.house_style(size):
        chosen = style.size_of(size)
        labels = [words_of(name) for name in names]
        longest = max(width(label, chosen.points(TICK)) for label in labels) + 0.8 * chosen.text / 72.0
        words = Words(
            "How much of an output's variance each parameter accounts for",
            "Sobol's indices through the emulator. Dark: first order, what would go if the parameter alone were "
            "known; light: total, what would stay if all others were. Whiskers: 95 in 100 resamples. Foretold: the "
            "part of the variance of unseen runs that the emulator tells. The prior is every declared range; the "
            "posterior, the ranges that nine in ten of the shipped sets keep to, their correlations left out.",
        )
        plan = Plan(len(rows) * len(boxes), 0.6 * chosen.text / 72.0, longest, head=2, foot=1, own_scales=True,
                    own_dates=True, columns=len(boxes))  # fmt: skip
        made = sheet_of((), words, plan, size, "os")
        for number, cell in enumerate(made.cells):
            output, box = rows[number // len(boxes)], boxes[number % len(boxes)]
            indices = next(s for s in found[box] if s.output == output)
            _sobol_panel(made, cell.axes, indices, labels)
            told = f"over the {box}: spread {_short(indices.sd)}; {indices.foretold:.0%} foretold"
            made.title(cell, title_of(output), told)
        return made.figure


def _sobol_panel(made: Sheet, axes: Axes, s: Indices, labels: Sequence[str]) -> None:
    order = np.argsort(-s.total, kind="stable")[:BARS]
    at = np.arange(len(order))[::-1]
    thin = 0.05 * made.size.text
    axes.barh(at, s.total[order], height=0.74, color=TOTAL, zorder=2)
    axes.barh(at, np.maximum(s.first[order], 0.0), height=0.36, color=FIRST, zorder=3)
    axes.errorbar(s.total[order], at, xerr=s.total_conf[order], fmt="none", ecolor="#5E7382", elinewidth=thin, zorder=4)
    axes.set_yticks(at, [shorten(labels[i], 3.0, made.size.points(TICK)) for i in order])
    axes.tick_params(axis="y", length=0)
    axes.tick_params(labelsize=made.size.points(TICK))
    axes.set_xlim(0.0, max(0.2, 1.08 * float((s.total + s.total_conf)[order].max())))
    axes.set_ylim(-0.7, len(order) - 0.3)
    axes.grid(axis="y", visible=False)
    axes.grid(axis="x", visible=True)

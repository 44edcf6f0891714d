"""``docs/posterior.md`` and its figure, from the stored table, the shipped sets and the reports beside them.

``python -m analysis posterior_page`` writes both. Every number is read off a file that a command made; what the numbers
mean is written by hand in ``docs/source/posterior.md`` and says for which table it was written.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.inference.calibrate import Axis
from analysis.inference.posterior import SHIPPED_SETS
from analysis.inference.recovery import REPORT as RECOVERY
from analysis.inference.rejection import REPORT as REJECTION
from analysis.inference.report import REPORT
from analysis.running.folders import DOCS
from analysis.words.markdown import table

Floats = NDArray[np.float64]
FIGURE = "posterior.png"
#: A parameter is told as informed where at most this share of the prior's standard deviation is left.
NARROWED = 0.7
#: What is told of both ways of inference: parameters of which one of them leaves at most this share.
TOLD = 0.85
#: Log evidence apart by less than this can't be told apart (Kass and Raftery 1995: not worth more than a mention).
APART = 1.1


def page(found: Mapping[str, Any], recovered: Mapping[str, Any], rejected: Mapping[str, Any], reading: str) -> str:
    """The page in Markdown."""
    parts = [_head(found), _recovery(recovered), _informed(found), _modes(found), _parameters(found)]
    parts += [_rejection(found, rejected), _trades(found), _lenses(found), _errors(found), reading.strip()]
    return "\n\n".join(parts) + "\n"


def _head(found: Mapping[str, Any]) -> str:
    runs, e = found["runs"], found["emulator"]
    waves = ", ".join(f"{n:,} in wave {w}" for w, n in runs.items() if w != "candidates")
    total, fitted = sum(runs.values()), len(found["calibrated"])
    return f"""# The posterior: what the evidence leaves standing

Written by `python -m analysis posterior_page` (`make posterior`), for the model that behaves as {found["model"]}.
Nothing here was fitted to, chosen by or mended after a contest of the `validate` side; those are scored by
`october validate`.

The reference table holds {total:,} runs of {found["agents"]:,} people ({waves}, {runs["candidates"]:,} candidates);
{found["failed"]} failed. {len(found["parameters"])} parameters vary: the {fitted} calibrated ones over their declared
ranges, and so do {len(found["parameters"]) - fitted} on which lenses differ. Gaussian
processes predict every contest from them. On rows it has not seen, near the posterior, it errs by
{e["error"]:.1f} points (Bolshevik shares {e["bolshevik"]:.1f}; worst {e["worst"][0]}, {e["worst"][1]}:
{e["worst"][2]:.1f}), next to a chance of {e["chance"]:.1f} in a single run of that size (Bolshevik
{e["chance_bolshevik"]:.1f}).

{found["contests"]} contests of the `calibrate` side are fitted, each one datum. Between the model's expectation and
history stand the emulator's error, chance, and the model's discrepancy: what it gets wrong whatever its parameters,
estimated by leaving each fitted contest out in turn. In points at a share of 50 per cent (smaller toward the edges, by
2 sqrt(p (1 - p))): {", ".join(f"{kind} {v:.1f}" for kind, v in found["discrepancy"].items())}."""


def _recovery(recovered: Mapping[str, Any]) -> str:
    rows = [
        (name, r["truths"], *(_p(r[of][level]) for of in ("parameters", "contests") for level in ("0.5", "0.9")),
         f"{r['width']['0.9']:.0f}", f"{r['informed']:.1f}")
        for name, r in recovered.items()
    ]  # fmt: skip
    heads = ("truths from", "n", "parameters, 50", "parameters, 90", "contests, 50", "contests, 90",
             "width of 90, points", "informed directions")  # fmt: skip
    first = next(iter(recovered.values()))
    best = sorted(first["correlation"].items(), key=lambda item: -item[1])
    told = ", ".join(f"`{name}` {value:.2f}" for name, value in best if value >= 0.5)
    return "\n".join(
        [
            "## Before anything is shown: truths recovered, and intervals that hold",
            "",
            "Rows of the table were taken for history, with a draw of the discrepancy on them, and left out of the "
            "emulator. Share of truths inside the posterior's intervals, per cent; contests are those of the side that "
            "is not fitted, simulated.",
            "",
            table(heads, rows, right=heads[1:]),
            "",
            f"Correlation of the posterior's mean with the truth, where it is at least 0.5: {told or 'none'}.",
        ]
    )


def _informed(found: Mapping[str, Any]) -> str:
    lines = [
        f"{k}. {found['ratios'][k - 1]:.2f}: " + ", ".join(f"`{name}` {v:+.2f}" for name, v in direction)
        for k, direction in enumerate(found["directions"], start=1)
    ]
    return "\n".join(
        [
            f"## {found['informed']} directions are informed",
            "",
            "A direction of the parameter space counts as informed where at most half of the prior's variance is left. "
            "The share left, and the largest parts of each direction (in units of a prior's range):",
            "",
            *lines,
        ]
    )


def _modes(found: Mapping[str, Any]) -> str:
    shares = found["modes"]
    if len(shares) == 1:
        return (
            "## Modes\n\nThe draws form one cloud: along no axis or direction do they thin out to half of what they "
            "are on either side. It is long rather than parted; see the trade-offs."
        )
    return f"## Modes\n\n{len(shares)} modes are kept, with {', '.join(f'{100 * s:.0f}' for s in shares)} per cent."


def _parameters(found: Mapping[str, Any]) -> str:
    rows = []
    for name, p in found["parameters"].items():
        kind = "calibrated" if name in found["calibrated"] else "lens"
        low, middle, high = p["quantiles"]
        informed = "yes" if p["left"] <= NARROWED else "no"
        rows.append(
            (f"`{name}`", kind, f"{p['low']:g} to {p['high']:g}{' (log)' if p['log'] else ''}", f"{p['default']:g}",
             f"{low:g}", f"{middle:g}", f"{high:g}", _p(p["left"]), informed)
        )  # fmt: skip
    heads = ("parameter", "varied as", "prior", "declared", "5", "50", "95", "left", "informed")
    count = sum(p["left"] <= NARROWED for p in found["parameters"].values())
    return "\n".join(
        [
            "## Parameter by parameter",
            "",
            "Prior range, declared value, and the posterior's 5, 50 and 95 per cent points. `left`: standard deviation "
            f"next to the prior's, per cent; informed where at most {100 * NARROWED:.0f} is left ({count} are). The "
            "prior is even over the range, in logarithms where the table says so.",
            "",
            table(heads, rows, right=heads[3:8]),
            "",
            f"![Posterior of each parameter over its prior range]({FIGURE})",
        ]
    )


def _rejection(found: Mapping[str, Any], rejected: Mapping[str, Any]) -> str:
    rows, inside, apart = [], 0, []
    for name, p in found["parameters"].items():
        axis = Axis(name, p["low"], p["high"], p["default"], p["log"])
        own, other = [axis.unit(q) for q in p["quantiles"]], rejected["quantiles"][name]
        inside += own[0] <= other[1] <= own[2]
        apart.append(abs(own[1] - other[1]))
        if min(p["left"], rejected["left"][name]) <= TOLD:
            cells = (" to ".join(f"{q[k]:.2f}" for k in (0, 2)) for q in (own, other))
            mine, theirs = cells
            rows.append((f"`{name}`", f"{own[1]:.2f}", mine, _p(p["left"]), f"{other[1]:.2f}", theirs,
                         _p(rejected["left"][name])))  # fmt: skip
    heads = ("parameter", "emulator: 50", "5 to 95", "left", "ABC: 50", "5 to 95", "left")
    beyond = ", ".join(f"`{name}`" for name in rejected["outside"])
    return "\n".join(
        [
            "## The same without the emulator",
            "",
            f"Approximate Bayesian computation on the {rejected['rows']:,} runs of the prior alone (wave 1): for each "
            f"parameter the {rejected['kept']:,} of {rejected['drawn']:,} draws whose summary of all contests is "
            "nearest to history's (`python -m analysis rejection`). Cruder, and blind to what several parameters do "
            "together, but no Gaussian process stands between the runs and what it says. In parts of the prior's "
            f"range; parameters of which either leaves at most {100 * TOLD:.0f} per cent of the prior's spread:",
            "",
            table(heads, rows, right=heads[1:]),
            "",
            f"Its median lies inside the other's nine-in-ten interval for {inside} of {len(apart)} parameters; medians "
            f"differ by {np.mean(apart):.2f} of the range on average. "
            + (f"History's summary lies beyond all rows for {beyond}." if beyond else
               "History's summary lies among those of the rows for every parameter: as far as these summaries tell, "
               "the prior can bring forth what was counted."),
        ]
    )  # fmt: skip


def _trades(found: Mapping[str, Any]) -> str:
    lines = [f"- `{a}` and `{b}`: {rho:+.2f}" for a, b, rho in found["trades"]]
    return "\n".join(
        [
            "## What the evidence can't separate",
            "",
            "Pairs that the posterior ties to each other: the evidence says what they do together, not what each does "
            "(correlation, in units of the prior's range).",
            "",
            *(lines or ["- none as strong as 0.25"]),
        ]
    )


def _lenses(found: Mapping[str, Any]) -> str:
    every = found["lenses"]
    base = every["neutral"]["evidence_run"]
    order = sorted(every, key=lambda lens: -every[lens]["evidence_run"])
    rows = []
    for lens in order:
        one = every[lens]
        gap = one["evidence_run"] - base
        verdict = "" if lens == "neutral" else "no" if abs(gap) < max(APART, 2 * one["doubt"]) else "yes"
        rows.append(
            (lens, f"{one['axes']} of {one['named']}", f"{one['evidence'] - every['neutral']['evidence']:+.1f}",
             f"{gap:+.1f}", f"{one['doubt']:.1f}", verdict, f"{one['kept']} of {one['candidates']}")
        )  # fmt: skip
    heads = ("lens", "varied", "fit, emulator", "fit, with runs", "doubt", "told apart", "sets kept")
    return "\n".join(
        [
            "## Lenses",
            "",
            "A lens is a narrower prior. Its fit is the log of its mean likelihood next to that of the neutral prior, "
            "which takes no side: above 0 the evidence speaks for the lens's values, below against them. `varied`: how "
            "many of the parameters that it names history as pinned answers to; the rest can't be weighed here. "
            "`doubt`: how far two samplings differ. Told apart from the neutral prior where the gap is "
            f"{APART} (3 to 1) or more.",
            "",
            table(heads, rows, right=heads[2:5]),
        ]
    )


def _errors(found: Mapping[str, Any]) -> str:
    fit = found["fit"]
    rows = [
        (of, fit[of]["n"], f"{fit[of]['mean']:.1f}", f"{fit[of]['single'][1]:.1f}",
         f"{fit[of]['single'][0]:.1f} to {fit[of]['single'][2]:.1f}")
        for of in ("bolshevik", "families", "motions")
    ]  # fmt: skip
    heads = ("of", "contests", "of the mean", "single run, median", "5 to 95 per cent")
    return "\n".join(
        [
            "## How near the sets come to what they were fitted to",
            "",
            f"Mean absolute error in points on the fitted side, contests weighing alike, of the {fit['sets']} neutral "
            "sets' own runs: of their mean, and of single runs.",
            "",
            table(heads, rows, right=heads[1:4]),
        ]
    )


def _p(share: float) -> str:
    return f"{100 * share:.0f}"


# --- the figure -------------------------------------------------------------------------------------------------------


def draw(found: Mapping[str, Any], sets: Mapping[str, Floats]) -> Figure:
    """Every parameter's posterior over its prior range; dots are the shipped sets, the line the declared value."""
    parameters = found["parameters"]
    order = sorted(parameters, key=lambda name: (name not in found["calibrated"], parameters[name]["left"]))
    columns = 6
    lines = -(-len(order) // columns)
    figure = Figure(figsize=(13.0, 1.55 * lines + 0.9))
    for number, name in enumerate(order):
        p = parameters[name]
        axis = Axis(name, p["low"], p["high"], p["default"], p["log"])
        panel = figure.add_subplot(lines, columns, number + 1)
        heights = np.array(p["histogram"], dtype=np.float64)
        heights *= len(heights) / heights.sum()
        edges = np.linspace(0.0, 1.0, len(heights) + 1)
        colour = "#b5403a" if p["left"] <= NARROWED else "#9a9a9a"
        panel.stairs(heights, edges, fill=True, color=colour, alpha=0.55)
        panel.axhline(1.0, color="#444444", linewidth=0.8, linestyle=":")
        panel.axvline(axis.unit(p["default"]), color="#1f4e79", linewidth=1.2)
        own = np.array([axis.unit(v) for v in sets[name]])
        top = max(2.0, float(heights.max()) * 1.15)
        panel.plot(own, np.full(len(own), -0.05 * top), "|", color="#222222", markersize=4, markeredgewidth=0.4)
        panel.set(xlim=(0.0, 1.0), ylim=(-0.12 * top, top), yticks=[], xticks=[0.0, 1.0])
        panel.set_xticklabels([f"{p['low']:g}", f"{p['high']:g}"], fontsize=7)
        left, right = panel.get_xticklabels()
        left.set_horizontalalignment("left")
        right.set_horizontalalignment("right")
        panel.set_title(name + (" (log)" if p["log"] else ""), fontsize=8, loc="left", pad=3)
        for side in ("top", "right", "left"):
            panel.spines[side].set_visible(False)
    figure.suptitle(
        "Posterior over the prior range: red where at most 70 per cent of the prior's spread is left, calibrated "
        "parameters first.\nDotted: the prior. Blue: the declared value. Ticks below: the shipped sets.",
        fontsize=10, x=0.01, ha="left",
    )  # fmt: skip
    figure.tight_layout(rect=(0, 0, 1, 0.985 - 0.25 / figure.get_figheight()))
    return figure


def neutral_sets(path: Path = SHIPPED_SETS) -> dict[str, Floats]:
    """Parameter -> its values in the shipped neutral sets."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lens"] == "neutral"]
    names = [name for name in rows[0] if name not in ("set", "lens", "mode", "fit")]
    return {name: np.array([float(row[name]) for row in rows]) for name in names}


def files(folder: Path) -> Iterator[Path]:
    """Write the page and its figure into a folder."""
    found = json.loads(REPORT.read_text(encoding="utf-8"))
    recovered = json.loads(RECOVERY.read_text(encoding="utf-8"))
    rejected = json.loads(REJECTION.read_text(encoding="utf-8"))
    reading = (DOCS / "source" / "posterior.md").read_text(encoding="utf-8")
    (folder / "posterior.md").write_text(page(found, recovered, rejected, reading), encoding="utf-8")
    yield folder / "posterior.md"
    draw(found, neutral_sets()).savefig(folder / FIGURE, dpi=110)
    yield folder / FIGURE


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis posterior_page", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of the page")
    for path in files(parser.parse_args(arguments).out):
        print(f"wrote {path}")

"""``docs/sensitivity.md`` and ``docs/ablation.md``, from the reports of the studies in ``analysis/studies``.

Every number is read off a report that a command made: ``october sensitivity`` (both methods), ``python -m
analysis doubts`` and ``python -m analysis ablation``. ``python -m analysis studies_page`` writes the pages;
``--take FOLDER`` first takes reports and figures from folders that ``october sensitivity`` wrote. What the numbers mean
is written by hand, in ``docs/source/sensitivity.md`` and ``ablation.md``, and stands below them.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.running.folders import DOCS, STUDIES
from analysis.studies.ablation import FULL
from analysis.studies.doubts import DOUBTS, PLAIN
from analysis.studies.sensitivity import EFFECT_HEADLINES, HEADLINES, title_of
from analysis.words.markdown import table

PAGES = ("sensitivity.md", "ablation.md")
#: Study -> the command that makes its report.
COMMANDS = {
    "morris": "october sensitivity --method morris",
    "sobol": "october sensitivity --method sobol",
    "doubts": "python -m analysis doubts --ship",
    "ablation": "python -m analysis ablation --ship",
}
#: Parameters that a table of rankings shows.
MOST = 12
Report = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis studies_page", description=__doc__.split("\n")[0])
    parser.add_argument("--take", type=Path, nargs="*", default=[], help="folders that `october sensitivity` wrote")
    parser.add_argument("--short", action="store_true", help="print the table of contributions for the README instead")
    given = parser.parse_args(arguments)
    if given.short:
        print(short_table())
        return
    for folder in given.take:
        take(folder)
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
        print(f"written: docs/{name}")


def take(folder: Path) -> None:
    """Take a study's report and figure into the repository."""
    STUDIES.mkdir(exist_ok=True)
    for method in ("morris", "sobol"):
        if (folder / f"{method}.json").is_file():
            shutil.copy(folder / f"{method}.json", STUDIES / f"{method}.json")
            shutil.copy(folder / f"{method}.png", DOCS / f"{method}.png")


def report(name: str) -> Report | None:
    """A study's report; None where it has not been made."""
    path = STUDIES / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def pages() -> dict[str, str]:
    """Name -> text of each page."""
    return {"sensitivity.md": sensitivity_page(), "ablation.md": ablation_page()}


# --- sensitivity ------------------------------------------------------------------------------------------------------


def sensitivity_page() -> str:
    """Which parameters and hand-set numbers matter."""
    parts = ["""# Sensitivity: what the answers depend on

Written by `python -m analysis studies_page` from the reports of `october sensitivity`, `python -m analysis doubts` and
the reference table. Parameters are those of [parameters.md](parameters.md)."""]
    made = {"morris": _morris, "sobol": _sobol, "doubts": _doubts}
    parts += [tell(found) for name, tell in made.items() if (found := report(name)) is not None]
    parts += [_not_made(name) for name in made if report(name) is None]
    return "\n\n".join(part for part in (*parts, _reading("sensitivity")) if part) + "\n"


def _not_made(study: str) -> str:
    """What a page says of a study that has no report, so that nobody takes silence for a finding."""
    return f"**Not made yet:** no report of the model as it stands is kept; `{COMMANDS[study]}` makes one."


def _reading(name: str) -> str:
    path = DOCS / "source" / f"{name}.md"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _morris(found: Report) -> str:
    part = f"{100 * found['within']:.0f} per cent of the range, round the declared value,"
    over = "the whole declared range" if found["within"] >= 1.0 else part
    kinds = {"curve": "curves", "outcome": "outcomes", "effect": "the effect"}
    rankings, above = found["ranking"], found["above_floor"]
    rows = []
    for place in range(MOST):
        row = [str(place + 1)]
        for kind in kinds:
            names = list(rankings[kind])
            name = names[place] if place < len(names) else None
            told = f"`{name}` {rankings[kind][name]:.2f} ({100 * above[kind][name]:.0f} %)" if name else ""
            row.append(told)
        rows.append(row)
    lost = found["refused"]
    silent = [n for n in found["inert"]["curve"] if n in found["inert"]["outcome"]]
    woken = [n for n in silent if n not in found["inert"]["effect"]]
    worst = sorted(lost.items(), key=lambda item: -item[1][0])[:4]
    refused = ", ".join(f"`{name}` in {missing}" for name, (missing, _) in worst)
    beside = f"with `{found['what_if']}` beside it" if found["what_if"] else "of history alone"
    never = [n for n in silent if n not in woken]
    others = f" The others act only where more is left free ([free_history.md](free_history.md)): {_names(never)}."
    others = others if never else ""
    return f"""## Screening (Morris)

`october sensitivity --method morris --trajectories {found["trajectories"]} --seed {found["seed"]}`: {found["runs"]:,}
runs of {found["agents"]:,} people over {over} of {len(found["parameters"])} parameters, each
{beside}. mu* is what a parameter's range does to an output, here in standard deviations of that output over the design,
as a mean over all curves (allegiance and support for soviet power by group and day), over all outcomes, and over what
the what-if changes. In brackets: the part of those outputs on which it does more than other seeds alone would (the
noise floor).

{table(("", *kinds.values()), rows)}

![Morris's mu* and sigma, with the noise floor](morris.png)

{len(silent)} parameters move neither a curve nor an outcome of history by a hair, since nothing reads them where all
events are pinned; of these {len(woken)} act once history is left free, in the what-if: {_names(woken)}.{others}

{len(lost)} numbers have no indices, since some run lacks them (a date that never came is not made up): {refused} of
{found["runs"]:,} runs, and others.

{_headlines(found)}"""


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) if names else "none"


def _headlines(found: Report) -> str:
    rows = []
    for output in (*HEADLINES, *EFFECT_HEADLINES):
        told = found["headlines"].get(output)
        if told is None or not told["spread"]:
            continue
        order = sorted(told["effects"], key=lambda name: -told["effects"][name][1])[:4]
        parts = "; ".join(f"`{n}` {_sized(told['effects'][n][1])}" for n in order)
        rows.append([title_of(output), _sized(told["spread"]), _sized(told["floor"]), parts])
    return table(("output", "spread", "noise floor", "largest mu*"), rows, right=("spread", "noise floor"))


def _sized(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"


def _sobol(found: Report) -> str:
    over = found["over"]
    boxes = list(over)
    order = sorted(found["parameters"], key=lambda n: -max(over[b]["mean_total"].get(n, 0.0) for b in boxes))[:MOST]
    rows = [[f"`{n}`", *(f"{over[b]['mean_total'].get(n, 0.0):.2f}" for b in boxes)] for n in order]
    told = []
    for output in HEADLINES:
        for box in boxes:
            one = over[box]["outputs"].get(output)
            if one is None:
                continue
            best = sorted(one["indices"].items(), key=lambda item: -item[1][2])[:3]
            parts = "; ".join(f"`{n}` {i[0]:.2f} ± {i[1]:.2f}, {i[2]:.2f} ± {i[3]:.2f}" for n, i in best)
            told.append([title_of(output), box, _sized(one["sd"]), f"{100 * one['foretold']:.0f} %", parts])
    numbers, totals = ("spread", "foretold", "first, total"), [f"total, {b}" for b in boxes]
    left = "".join(f"\n- {why}" for why in list(found["left_out"].values())[:3])
    return f"""## Shares of variance (Sobol)

`october sensitivity --method sobol --base {found["base"]} --seed {found["seed"]}`: an emulator of the curves and
outcomes of {found["runs"]:,} runs of {found["agents"]:,} people (the reference table, model {found["model"]}), asked at
{found["points"]:,} points a box. The total index of a parameter is the part of an output's variance that would stay if
all others were known; the table gives its mean over curves. The *prior* is every range of the table; the *posterior*
the ranges that nine in ten of the shipped sets keep to, drawn apart: what the sets' correlations cancel counts in full
here.

{table(("parameter", *totals), rows, right=totals)}

![Sobol's indices](sobol.png)

First order and total with 95 per cent intervals, beside the spread over the box in the output's unit and *foretold*,
the
part of the variance of the table's runs that the emulator tells without having seen them (chance is in the rest):

{table(("output", "over", *numbers), told, right=numbers)}

{len(found["left_out"])} numbers have no indices; for instance:
{left}"""


def _doubts(found: Report) -> str:
    doubts = [name for name in DOUBTS if name != PLAIN]
    errors = [[d, *(f"{e:.1f}" for e in found["errors"][d].values())] for d in DOUBTS]
    moved = []
    for d in doubts:
        s = found["shift"][d]
        moved.append([d, f"{s['mean']:.2f}", f"{s['chance']:.2f}", f"{s['most']:+.1f} ({s['where']})"])
    rows = []
    for output in (*HEADLINES, *EFFECT_HEADLINES, "effect/insurrection_came", "effect/soviet_power_date"):
        told = [found["numbers"][d].get(output) for d in doubts]
        if any(t is None for t in told):
            continue
        first = told[0]
        cells = [f"{_sized(t['doubted'])}; {_sized(t['added'])}; {_sized(t['paired'])}" for t in told]
        rows.append([title_of(output), f"{_sized(first['mean'])} ± {_sized(first['sd'])}", *cells])
    alone = sorted(found["alone"].items(), key=lambda item: -item[1]["mean"])
    series = [[f"`{n}`", f"{s['mean']:.2f}", f"{s['most']:+.1f} ({s['where']})"] for n, s in alone[:MOST]]
    nothing = [n for n, s in alone if s["mean"] == 0.0]
    idle = f"\n\nNo prediction changes at all without {_names(nothing)}." if nothing else ""
    return f"""## Numbers set by hand, or from memory

`python -m analysis doubts`: {found["runs"]} pairs of runs (history and `{found["what_if"]}`) of {found["agents"]:,}
people, each pair with a shipped set of parameters, lived four times with the same luck: as it stands; with the
magnitude of every effect of every event drawn within a factor of {found["factor"]:g} (*events*); with the figures from
outside that rest on memory drawn within their error factor (*memory drawn*, see [forcing.md](forcing.md)); and
without those figures (*memory left out*). No party is named anywhere: a factor belongs to an effect of an event, or
to a series.

Mean absolute error of the mean of the runs, in points, contests weighing alike:

{table(("", *found["errors"][PLAIN]), errors, right=found["errors"][PLAIN])}

What it does to predictions: mean size over targets of the change of their means, beside what other seeds alone would
do, and the target that moves most, in points:

{table(("doubt", "mean change", "other seeds", "most"), moved, right=("mean change", "other seeds", "most"))}

Numbers: as it stands (mean ± spread of runs); then, for each doubt, the mean, the spread that it adds to chance and
parameters, and the mean size of a run's own change:

{table(("number", PLAIN, *doubts), rows, right=(PLAIN, *doubts))}

Without one series from memory at a time ({len(found["alone"])} series, {found["alone_runs"]} runs each): mean change of
predictions, and the target that moves most. The first {min(MOST, len(series))}:

{table(("series left out", "mean change", "most"), series, right=("mean change", "most"))}{idle}"""


# --- ablation ---------------------------------------------------------------------------------------------------------


def ablation_page() -> str:
    """What each mechanism contributes."""
    parts = ["""# Ablation: what each mechanism contributes

Written by `python -m analysis studies_page` from the report of `python -m analysis ablation` (`make sensitivity`)."""]
    found = report("ablation")
    parts.append(_not_made("ablation") if found is None else _ablation(found))
    return "\n\n".join(part for part in (*parts, _reading("ablation")) if part) + "\n"


def _ablation(found: Report) -> str:
    full = next(v for v in found["variants"] if v["name"] == FULL)
    errors = ", ".join(f"{e['error']:.1f} ({name}, {e['n']} contests)" for name, e in full["errors"].items())
    tables = [_contributions([v for v in found["variants"] if v["kind"] == kind]) for kind in ("mechanism", "term")]
    return f"""Each line is the model without one mechanism of the day, or without one term inside a larger one,
refitted from the best of the shipped sets with {found["evaluations"]} evaluations of {found["runs"]} runs (Gauss
and Newton's steps on the `calibrate` side; the full model gets the same), then run {found["looks"]} times with fresh
seeds
and {found["agents"]:,} people to April 1918. The full model so treated errs, in points of the Bolshevik share (or of
four
families), by {errors}. It meets {full["patterns_met"]} of the patterns and controls.

The columns of errors say by how much the mean absolute error is *larger without it* (in points; in brackets nine in ten
resamples of the contests), with a star where that is more than contests and chance explain. A negative number: the fit
is better without it. *Chance* is the standard error of the difference in the column before it from the seeds alone.
*Patterns*: which of those that the full model meets are lost without it, and which are won. *Carries*: outcomes that
change by three or more standard deviations of the full model's runs. *Lenses*: how many of the readings of 1917 set it,
or do without it.

## Mechanisms of the day

{tables[0]}

## Terms inside them

{tables[1]}"""


def _contributions(variants: Sequence[Report]) -> str:
    rows = []
    for v in variants:
        cells = [_gain(v["errors"][name]) for name in ("calibrate", "validate", "validate, families")]
        told = {"lost": v["patterns_lost"], "won": v["patterns_won"]}
        patterns = "; ".join(f"{word}: {', '.join(names)}" for word, names in told.items() if names)
        carries = ", ".join(f"`{name}` {z:+.0f}" for name, z in list(v["outcomes_moved"].items())[:4])
        rows.append([
            f"**{v['name']}**: {v['without']}", *cells, f"{v['errors']['validate']['chance']:.1f}", patterns or "-",
            carries or "-", str(len(v["lenses"])), v["other"],
        ])  # fmt: skip
    headings = ("without", "calibrate", "validate", "validate, families", "chance", "patterns", "carries", "lenses",
                "other evidence")  # fmt: skip
    return table(headings, rows, right=(*headings[1:5], "lenses"))


def short_table() -> str:
    """What each mechanism of the day contributes, in few columns; empty where no ablation has been made."""
    found = report("ablation")
    rows = []
    for v in found["variants"] if found is not None else ():
        if v["kind"] == "mechanism":
            cells = [_short(v["errors"][name]) for name in ("calibrate", "validate", "validate, families")]
            lost = ", ".join(v["patterns_lost"]) or "-"
            rows.append([f"{v['name'].replace('_', ' ')}: {v['without']}", *cells, lost])
    headings = ("without", "fitted", "not fitted", "not fitted, families", "patterns lost")
    return table(headings, rows, right=headings[1:]) if rows else ""


def _short(error: Mapping[str, Any]) -> str:
    return f"{error['more']:+.1f}" + ("\\*" if error["certain"] else "")


def _gain(error: Mapping[str, Any]) -> str:
    star = "\\*" if error["certain"] else ""
    return f"{error['more']:+.1f}{star} ({error['low']:+.1f} to {error['high']:+.1f})"

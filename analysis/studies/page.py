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
from analysis.studies.ablation import CERTAIN, FALL, FULL, MEASURES, sure
from analysis.studies.doubts import DOUBTS, PLAIN
from analysis.studies.refit import trial_steps
from analysis.studies.sensitivity import EFFECT_HEADLINES, HEADLINES, title_of
from analysis.validation.comparison import marks
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
#: Measure of error -> its name in the README, and the measures that its table shows.
SHORT_NAMES = {
    "calibrate": "fitted", "validate": "not fitted", "validate, in space": "not fitted, in space",
    "validate, in time": "not fitted, along time", "validate, families": "not fitted, families",
}  # fmt: skip
SHORT_MEASURES = ("calibrate", "validate", "validate, families")
Report = Mapping[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis studies_page", description=__doc__.split("\n")[0])
    parser.add_argument("--take", type=Path, nargs="*", default=[], help="folders that `october sensitivity` wrote")
    parser.add_argument("--short", action="store_true", help="print the table of contributions for the README instead")
    given = parser.parse_args(arguments)
    if given.short:
        print(short())
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


def _signed(value: float) -> str:
    return ("+" if value > 0.0 else "") + _sized(value)


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
    wrong = f"; {found['failed']} more failed and are left out" if found["failed"] else ""
    return f"""## Shares of variance (Sobol)

`october sensitivity --method sobol --base {found["base"]} --seed {found["seed"]}`: an emulator of the curves and
outcomes of {found["runs"]:,} runs of {found["agents"]:,} people (the reference table,
model {found["model"]}{wrong}), asked at {found["points"]:,} points a box. The
total index of a parameter is the part of an output's variance that would stay if
all others were known; the table gives its mean over curves. The *prior* is every range of the table; the *posterior*
the ranges that nine in ten of the shipped sets keep to, drawn apart: what the sets' correlations cancel counts in full
here.

{table(("parameter", *totals), rows, right=totals)}

![Sobol's indices](sobol.png)

First order and total with 95 per cent intervals, beside the spread over the box in the output's unit and *foretold*,
the part of the variance of the table's runs that the emulator tells without having seen them, from points run once
(chance is in the rest):

{table(("output", "over", *numbers), told, right=numbers)}

{len(found["left_out"])} numbers have no indices; for instance:
{left}"""


def _doubts(found: Report) -> str:
    doubts = [name for name in DOUBTS if name != PLAIN]
    errors = [[d, *(f"{e:.1f}" for e in found["errors"][d].values())] for d in DOUBTS]
    shift = ("doubt", "mean change", "other sets and seeds", "most")
    moved = []
    for d in doubts:
        s = found["shift"][d]
        moved.append([d, f"{s['mean']:.2f}", f"{s['redrawn']:.2f}", f"{s['most']:+.1f} ({s['where']})"])
    rows = []
    for output in (*HEADLINES, *EFFECT_HEADLINES, "effect/insurrection_came", "effect/soviet_power_date"):
        told = [found["numbers"][d].get(output) for d in doubts]
        if any(t is None for t in told):
            continue
        first = told[0]
        cells = [f"{_sized(t['doubted'])}; {_signed(t['added'])}; {_sized(t['paired'])}" for t in told]
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

What it does to predictions: mean size over targets of the change of their means, beside the change that drawing other
sets and seeds would make, and the target that moves most, in points. Every run has another set of parameters, so that
*other sets and seeds* holds what parameters do, and is more than chance:

{table(shift, moved, right=shift[1:])}

Numbers: as it stands (mean ± spread of runs); then, for each doubt, the mean, the spread that it adds to that of sets
and seeds (a root of a difference of variances, with the sign of the difference; one below zero is error of sampling:
the doubted runs happen to spread less), and the mean size of a run's own change:

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
    full = _full(found)
    errors = ", ".join(f"{e['error']:.1f} ({name}, {e['n']} contests)" for name, e in full["errors"].items())
    tables = [_contributions(found, kind) for kind in ("mechanism", "term")]
    return f"""Each line is the model without one mechanism of the day, or without one term inside a larger one,
refitted (Gauss and Newton's steps on the `calibrate` side; the full model gets the same), then run {found["looks"]}
times with fresh seeds and {found["agents"]:,} people to April 1918. {_refitted(found)}

The full model so treated errs, in points of the Bolshevik share (or of four families), by {errors}.

The columns of errors say by how much the mean absolute error is *larger without it*, in points; after ± what chance
does to that, the standard error of the difference from the seeds alone (seeds are those of the full model, and each is
left out of both at once); in brackets nine in ten resamples of the contests. A star stands where the difference is
more than contests and chance explain, either way: the brackets leave out nought, and it is {sure(found["looks"]):.1f}
times its chance or more (which for {found["looks"]} seeds is as rare as {CERTAIN:g} times for many). A negative number:
the fit is better without it. The heading gives the number of contests; where they are few, the interval is little more
than their range.

{_falls(found)}

*Patterns*: which of those that the full model meets are lost without it, and which are won. {_judged(found)}

*Carries*: outcomes that change by three or more standard deviations of the full model's runs. *Lenses*: how many of the
readings of 1917 set it, or do without it.

## Mechanisms of the day

{tables[0]}

## Terms inside them

{tables[1]}"""


def _full(found: Report) -> Report:
    return next(v for v in found["variants"] if v["name"] == FULL)


def _refitted(found: Report) -> str:
    """How little a refit is."""
    evaluations, axes = found["evaluations"], _full(found)["axes"]
    most = max(trial_steps(evaluations, v["axes"]) for v in found["variants"])
    steps = trial_steps(evaluations, axes)
    more = f" ({most} where the line fixes a fitted parameter)" if most > steps else ""
    return (
        f"The refit is a nominal one. It starts from the best of the shipped sets and has {evaluations} evaluations of "
        f"{found['runs']} runs: 1 at the start, 1 for the slope along each of {axes} axes, and so {_steps(steps)}"
        f"{more}; the best of these points is kept. What a longer fit could make up for is counted as a contribution."
    )


def _steps(count: int) -> str:
    return f"{count} trial step{'' if count == 1 else 's'}"


def _falls(found: Report, names: Mapping[str, str] | None = None) -> str:
    """Where the error falls without a mechanism or term by more than chance. ``names`` of measures, if others."""
    rule = f"by more than {_points(FALL)} and by more than {CERTAIN:g} times its chance"
    told = []
    for v in found["variants"]:
        columns = [
            f"{(names or {}).get(name, name)} {e['more']:+.1f}{_chance(e)} over {e['n']} contests"
            for name, e in v["errors"].items() if e["falls"]
        ]  # fmt: skip
        if columns:
            told.append(f"{v['name'].replace('_', ' ')} ({'; '.join(columns)})")
    if not told:
        return f"Without none of them does the error fall in any scored column {rule}."
    return f"The error falls in a scored column, {rule}, without {len(told)} of them: {', '.join(told)}."


def _points(value: float) -> str:
    return "one point" if value == 1.0 else f"{value:g} points"


def _judged(found: Report) -> str:
    """What the full model meets, and that the validation judges otherwise."""
    met = _full(found)["patterns_met"]
    return (
        f"Here a pattern is met where its rule holds, wholly or in part, for the mean of its numbers over "
        f"{found['looks']} runs of one refitted point; so judged the full model meets {len(met)} of the patterns and "
        f"controls: {', '.join(met) or 'none'}. `october validate` judges set by set (met where at least "
        f"{100 * marks()['share_of_sets']:.0f} per cent of the sets show it, each by itself), so that a pattern "
        "which is met or lost here may not be met there at all."
    )


def _contributions(found: Report, kind: str) -> str:
    rows = []
    for v in found["variants"]:
        if v["kind"] != kind:
            continue
        told = {"lost": v["patterns_lost"], "won": v["patterns_won"]}
        patterns = "; ".join(f"{word}: {', '.join(names)}" for word, names in told.items() if names)
        carries = ", ".join(f"`{name}` {z:+.0f}" for name, z in list(v["outcomes_moved"].items())[:4])
        rows.append([
            f"**{v['name']}**: {v['without']}", *(_gain(v["errors"][name]) for name in MEASURES), patterns or "-",
            carries or "-", str(len(v["lenses"])), v["other"],
        ])  # fmt: skip
    errors = [f"{name} ({_full(found)['errors'][name]['n']})" for name in MEASURES]
    headings = ("without", *errors, "patterns", "carries", "lenses", "other evidence")
    return table(headings, rows, right=(*errors, "lenses"))


def short() -> str:
    """What the README shows of the ablation; empty where none has been made."""
    found = report("ablation")
    if found is None:
        return ""
    return f"{short_table()}\n\n{_falls(found, SHORT_NAMES)} {_judged(found)}"


def short_table() -> str:
    """What each mechanism of the day contributes, in few columns; empty where no ablation has been made."""
    found = report("ablation")
    rows = []
    for v in found["variants"] if found is not None else ():
        if v["kind"] == "mechanism":
            cells = [_short(v["errors"][name]) for name in SHORT_MEASURES]
            lost = ", ".join(v["patterns_lost"]) or "-"
            rows.append([f"{v['name'].replace('_', ' ')}: {v['without']}", *cells, lost])
    headings = ("without", *(SHORT_NAMES[name] for name in SHORT_MEASURES), "patterns lost")
    return table(headings, rows, right=headings[1:]) if rows else ""


def _short(error: Mapping[str, Any]) -> str:
    return f"{error['more']:+.1f}{_star(error)}"


def _gain(error: Mapping[str, Any]) -> str:
    return f"{error['more']:+.1f}{_star(error)}{_chance(error)} ({error['low']:+.1f} to {error['high']:+.1f})"


def _star(error: Mapping[str, Any]) -> str:
    return "\\*" if error["certain"] else ""


def _chance(error: Mapping[str, Any]) -> str:
    """Nothing where one run alone tells nothing of chance."""
    return f" ± {error['chance']:.1f}" if error["chance"] is not None else ""

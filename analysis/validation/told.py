"""A validation on a terminal: contests by side, errors and marks, CRPS against rivals, patterns, what is off."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.evidence.contests import MEMBERS
from analysis.evidence.scores import PARTS, Line, score
from analysis.validation.baselines import BASELINES, TITLES
from analysis.validation.cells import FEW, TOO_FEW
from analysis.validation.comparison import HELD_BACK, SIDES, TARGETED, Report, explanations, marks
from analysis.validation.leave_out import MODEL
from analysis.validation.rivalry import HINDCAST, best, cells, left_mark

#: What the numbers in brackets are, once for all tables.
BRACKETS = "In brackets behind errors and shares: nine tenths of bootstrap resamples of contests, or Wilson's interval."


def tell(report: Report, console: Console) -> None:
    """Print everything."""
    for line in head(report):
        console.print(line)
    console.print()
    for split in SIDES:
        if report.side(split):
            console.print(_lines_table(report, split))
            console.print()
    for contest in report.unanswered:
        console.print(f"not answered by the tables: {contest.title}, {contest.day} ({contest.split})")
    for table in _tables(report):
        console.print(table)
        console.print()
    for line in _far_off(report):
        console.print(line)


def head(report: Report) -> list[str]:
    """What was run, and how to read it."""
    s = report.setting
    if not s.draws:
        return [f"{s.runs} runs of {s.agents:,} people, seed {s.seed}, model {report.model}. Points of a per cent."]
    stale = report.stale()
    warning = f"Made with another behaviour of the model than it has now ({report.behaves}): {', '.join(stale)}."
    return [
        *([warning] if stale else []),
        f"{len(s.draws)} runs of {s.agents:,} people, one with each of {s.source}.",
        f"Seed {s.seed}, model {report.model}.",
        "Points of a per cent. Intervals hold doubt about parameters, chance, and the model's discrepancy together. "
        + BRACKETS,
    ]


def _tables(report: Report) -> Iterator[Table]:
    """Every table after the contests."""
    yield _goals_table(report)
    yield _apart_table(report)
    if report.forecasts:
        yield _intervals_table(report)
        yield _rivals_table(report)
        yield _reliability_table(report)
    if report.left_out:
        yield _left_out_table(report.left_out)
        yield _groups_table(report.left_out)
    if report.hindcast:
        yield _hindcast_table(report.hindcast)
    yield _patterns_table(report)


def _table(title: str, *headings: str, right: Sequence[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    return table


def _number(value: float | None, digits: int = 1) -> str:
    return "-" if value is None or math.isnan(value) else f"{value:,.{digits}f}"


def _span(low: float | None, high: float | None, n: int, digits: int = 1) -> str:
    """A bootstrap interval over ``n`` contests; of few of them none."""
    if low is None or high is None or math.isnan(low):
        return ""
    return f"({_number(low, digits)} to {_number(high, digits)})" if n >= FEW else f"({TOO_FEW})"


# --- contests ---------------------------------------------------------------------------------------------------------


def _lines_table(report: Report, split: str) -> Table:
    lines = report.side(split)
    n = len({line.contest.id for line in lines})
    titles = {"context": f"Context: shown, neither fitted nor scored, {n} contests"}
    title = titles.get(split, f"{split.capitalize()}: {n} contests")
    numbers = ["evidence", "model", *(["half", "nine in ten"] if report.forecasts else ["spread"]), "difference"]
    table = _table(title, "contest", "date", "of", "target", *numbers, "rows", right=numbers)
    last = ""
    for line in lines:
        c = line.contest
        head = ("", "", "") if c.id == last else (c.title, c.day.isoformat(), c.question.of)
        last = c.id
        table.add_row(*head, line.target, *_figures(report, line), " ".join(c.rows[line.target]))
    return table


def _figures(report: Report, line: Line) -> list[Text | str]:
    """Evidence, model, spread or intervals, difference."""
    if line.target.startswith(MEMBERS):
        middle = ["", ""] if report.forecasts else [_number(line.spread, 0)]
        return [_number(line.observed, 0), _number(line.mean, 0), *middle, f"x {math.exp(line.error):.2f}"]
    forecast = report.forecast(line.contest.id, line.target)
    middle = [f"{line.spread:.1f}"]
    if forecast is not None:
        middle = ["{:.0f}-{:.0f}".format(*forecast.interval(level)) for level in (0.5, 0.9)]
    off = "bold" if abs(line.difference) > marks()["explain_beyond"] else ""
    return [f"{line.observed:.1f}", f"{line.mean:.1f}", *middle, Text(f"{line.difference:+.1f}", off)]


# --- errors, intervals, rivals ----------------------------------------------------------------------------------------


def _goals_table(report: Report) -> Table:
    numbers = ("error", "mark", "n")
    table = _table(
        "Mean absolute error, contests weighing alike", "side", "part", "of", "error", "", "mark", "n", " ",
        right=numbers,
    )  # fmt: skip
    for g in report.goals:
        s = g.score
        table.add_row(
            g.split, g.of, g.targets, _number(s.error), _span(s.low, s.high, s.n), f"{g.at_most:g}", str(s.n), g.status
        )
    return table


def _apart_table(report: Report) -> Table:
    table = _table("Counted apart, never fitted, without a mark", "side", "of", "error", "", "n", right=("error", "n"))
    for split in ("calibrate", "validate"):
        members, national = (score(report.side(split), targets) for targets in ("members", "national"))
        factor, low, high = (math.exp(v) for v in (members.error, members.low, members.high))
        table.add_row(split, "members", f"x {_number(factor, 2)}", _span(low, high, members.n, 2), str(members.n))
        span = _span(national.low, national.high, national.n)
        table.add_row(split, "national lists", _number(national.error), span, str(national.n))
    return table


def _intervals_table(report: Report) -> Table:
    mark = marks()["intervals"]
    title = (
        f"Intervals: the nine-in-ten one should hold {100 * mark['least_coverage']:.0f} to "
        f"{100 * mark['most_coverage']:.0f} per cent, its mean width be under {mark['mean_width']:g}"
    )
    half, most, *rest = numbers = ("half holds", "nine in ten holds", "mean width", "n")
    table = _table(title, "side", "of", half, "", most, " ", *rest, "  ", right=numbers)
    for split in ("calibrate", HELD_BACK):
        for targets in TARGETED:
            p = report.proper(targets, split)
            if p.n:
                held = [(f"{100 * p.coverage[x]:.0f} %", _percents(*p.coverage_interval(x))) for x in (0.5, 0.9)]
                good = mark["least_coverage"] <= p.coverage[0.9] <= mark["most_coverage"]
                status = "met" if good and p.width[0.9] < mark["mean_width"] else "not met"
                table.add_row(split, targets, *held[0], *held[1], _number(p.width[0.9]), str(p.n), status)
    return table


def _percents(low: float, high: float) -> str:
    return f"({100 * low:.0f} to {100 * high:.0f})"


def _rivals_table(report: Report) -> Table:
    whole = marks()["crps"]["part_of_regression"]
    title = (
        "Contests not fitted: CRPS, and mean absolute error in brackets, of the model and of its rivals "
        f"(lower is better; the model's error should be at most {whole:g} of the regression's)"
    )
    numbers = ("n", "model", *BASELINES)
    table = _table(title, "part", "of", *numbers, "", right=numbers)
    for of in PARTS:
        for targets in TARGETED:
            own = report.proper(targets, of=of)
            if not own.n:
                continue
            rivals = {name: report.proper(targets, of=of, who=name) for name in BASELINES}
            cells = [f"{_number(p.crps)} ({_number(p.error)})" for p in (own, *rivals.values())]
            beaten = sum(own.crps < p.crps for p in rivals.values())
            part = own.error / rivals["regression"].error
            told = f"better than {beaten} of {len(rivals)}; {part:.2f} of the regression's error, CRPS lower by "
            gain, low, high = report.gain("regression", targets, of)
            told += f"{_number(gain)} {_span(low, high, own.n)}"
            table.add_row(of, targets, str(own.n), *cells, told)
    table.caption = "; ".join(f"{name}: {title}" for name, title in TITLES.items())
    table.caption_justify = "left"
    return table


def _reliability_table(report: Report) -> Table:
    table = _table("Reliability: share of contests not fitted that an interval of each level holds", "level", *TARGETED)
    found = {targets: report.reliability(targets) for targets in TARGETED}
    for i, (level, _, _) in enumerate(found[TARGETED[0]]):
        cells = [f"{100 * held:.0f} % (n {n})" if n else "-" for _, held, n in (found[t][i] for t in TARGETED)]
        table.add_row(f"{100 * level:.0f} %", *cells)
    return table


def _left_out_table(kept: Mapping[str, Any]) -> Table:
    title = (
        "Leave one group out (by place, region, date; each contest's error is the mean of the three), through the "
        f"emulator of model {kept['model']}: python -m analysis leave_out. CRPS, the rivals' error in brackets"
    )
    numbers = ("error", "mark", "n", "crps", *BASELINES, "nine in ten holds", "mean width")
    table = _table(title, "part", "of", "error", "", *numbers[1:], right=numbers)
    for of, targets, found in cells(kept["scores"]):
        own = found[MODEL]
        rivals = [f"{_number(found[name]['crps'])} ({_number(found[name]['error'])})" for name in BASELINES]
        table.add_row(
            of, targets, _number(own["error"]), _span(own["low"], own["high"], own["n"]),
            left_mark(of, targets, found), str(own["n"]), _number(own["crps"]), *rivals, f"{100 * own['held']:.0f} %",
            _number(own["width"]),
        )  # fmt: skip
    return table


def _groups_table(kept: Mapping[str, Any]) -> Table:
    numbers = ("fitted", "n", "error", "class by distance", "nine in ten holds")
    table = _table("Groups left out: Bolshevik share", "by", "group", *numbers, right=numbers)
    for row in kept["groups"]:
        if row["targets"] == "bolshevik" and row["n"]:
            table.add_row(
                row["grouping"], row["group"], str(row["fitted"]), str(row["n"]), _number(row["error"]),
                _number(row["regression_error"]), f"{100 * row['held']:.0f} %",
            )  # fmt: skip
    return table


def _hindcast_table(kept: Mapping[str, Any]) -> Table:
    title = (
        f"Foreseen {HINDCAST}, with {len(kept['known'])} contests known ({', '.join(kept['known'])}): Bolshevik "
        "share and motions of what came after; no mark"
    )
    numbers = ("evidence", "model", "nine in ten")
    table = _table(title, "contest", "date", "target", *numbers, right=numbers)
    for row in kept["contests"]:
        if row["target"] in ("bolshevik", "for"):
            figures = (_number(row["evidence"]), _number(row["model"]), f"{row['low']:.0f}-{row['high']:.0f}")
            table.add_row(row["title"], row["date"], row["target"], *figures)
    told = []
    for of, targets, found in cells(kept["scores"]):
        if of != "all":
            continue
        own = found[MODEL]
        told.append(f"{targets}: error {_number(own['error'])}, CRPS {_number(own['crps'])}, {100 * own['held']:.0f} % "
                    f"held, n {own['n']}; best rival, CRPS (error): {best(found)}")  # fmt: skip
    table.caption, table.caption_justify = "; ".join(told), "left"
    return table


# --- patterns ---------------------------------------------------------------------------------------------------------


def _patterns_table(report: Report) -> Table:
    over = bool(report.setting.draws)
    met = sum(v.status == "met" for v in report.verdicts)
    how = f"each set by itself; met where at least {100 * marks()['share_of_sets']:.0f} per cent of them show it"
    title = f"Patterns of 1917: {met} of {len(report.verdicts)} met ({how if over else 'on the means over runs'})"
    held = ["sets" if over else "runs"]
    table = _table(title, "", "pattern", "", *held, "numbers", "rule", "source")
    for v in report.verdicts:
        numbers = ", ".join(f"{name} {_short(value)}" for name, value in v.numbers.items())
        note = f" Not measured: {v.pattern.unmeasured}." if v.pattern.unmeasured else ""
        note += f" Extrapolation: {v.pattern.beyond}." if v.pattern.beyond else ""
        note += f" No independent test: {', '.join(v.pattern.ties)}." if v.pattern.ties else ""
        share, rule = f"{v.held} of {v.runs}" if v.numbers else "", f"{v.pattern.rule}.{note}"
        table.add_row(v.pattern.id, v.pattern.title, v.status, share, numbers, rule, v.pattern.source)
    return table


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _far_off(report: Report) -> list[str]:
    """What is off by more than needs an explanation."""
    found = report.far_off()
    off = dict.fromkeys(line.contest.id for line in found)
    told = [f"Off by more than {marks()['explain_beyond']:g} points: {len(found)} figures of {len(off)} contests."]
    unexplained = [name for name in off if name not in explanations()]
    if unexplained:
        told.append(f"Without an explanation in docs/limits.md: {', '.join(unexplained)}.")
    return told

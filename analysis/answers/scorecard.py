"""The worksheet 'coup or revolution': a debate's questions, each with measured quantities and no total (F-60 to F-72).

The questions are those of Ron Tabor's essay on the October insurrection (seed 003); the measures are of a run's table
of outcomes. Each line says which of its readings would speak for power taken by few and which for power taken by many.
The reader weighs them: nothing here adds them up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

import sim

#: Eight runs in ten lie between these.
LOW, HIGH = 0.1, 0.9
#: The day that dates are counted from.
START = date(1917, 2, 23)
TABOR = "Tabor, The October Insurrection (seed 003)"


@dataclass(frozen=True)
class Measured:
    """One quantity: its name in the table of outcomes, what to call it, and how to write it."""

    name: str
    told: str
    form: str = "share"


@dataclass(frozen=True)
class Line:
    """A question with its quantities, and what each reading of the debate would point to."""

    ledger: str
    question: str
    measures: tuple[Measured, ...]
    few: str
    many: str
    source: str = TABOR


#: A line with its quantities: what each is called, what it came to.
Entry = tuple[Line, Sequence[tuple[str, str]]]


def _m(name: str, told: str, form: str = "share") -> Measured:
    return Measured(name, told, form)


LINES: tuple[Line, ...] = (
    Line(
        "F-60", "Who took part?",
        (
            _m("stance_in_capital/active", "of the capital's people, those who came out"),
            _m("stance_in_capital/supporting", "for soviet power, but stayed at home"),
            _m("stance_in_capital/opposed", "against it"),
        ),
        "few came out", "many more stood behind those who did",
    ),
    Line(
        "F-61", "Who supplied the force?",
        (
            _m("participants/worker", "workers under arms", "persons"),
            _m("participants/soldier", "soldiers", "persons"),
            _m("participants/sailor", "sailors", "persons"),
            _m("strikers_on_eve", "most on strike in the week before", "persons"),
        ),
        "armed detachments; no general strike", "workers and soldiers themselves, not a party's own troops",
    ),
    Line(
        "F-62", "Who led?",
        (
            _m("initiative_to_july", "first movers without a party card, to July"),
            _m("initiative_on_eve", "the same in the last month before"),
        ),
        "first moves pass to people with a party card", "first moves stay with the rank and file",
        f"{TABOR}; Mandel (2017)",
    ),
    Line(
        "F-63", "What was the programme?",
        tuple(_m(f"programme_promised/{d}", f"stance on {d}", "level") for d in ("peace", "land", "power")),
        "what was said was not what was meant", "what was said was what most wanted",
    ),
    Line(
        "F-64", "What was done?",
        tuple(_m(f"programme_kept/{d}", f"policy on {d}, eight weeks on", "level") for d in ("peace", "land", "power")),
        "deeds fall short of the programme", "deeds follow it",
    ),
    Line(
        "F-65", "Who supported it, and why?",
        (
            _m("approval_soviet_name", "popular strata for power in the soviets' name"),
            _m("approval_party_name", "popular strata for the party"),
            _m("supporters_by_reason/party", "supporters who follow a party for it"),
            _m("supporters_by_reason/coalition", "who refuse to share power with parties outside"),
            _m("supporters_by_reason/threat", "who feel the soviets threatened"),
        ),
        "support was for soviets, not for the party", "support was wide, whatever its reasons",
    ),
    Line(
        "F-66", "Who governed in the end?",
        (
            _m("cabinet_parties_after", "parties in the cabinet, effective number", "number"),
            _m("soviet_parties_end", "parties in the Petrograd Soviet at the end", "number"),
            _m("ebb_date", "the ebb in town soviets", "date"),
            _m("government_changed_after_ebb", "the cabinet changed after it"),
        ),
        "one party, whatever soviets came to want", "soviets of several parties, whose wishes counted",
    ),
    Line(
        "F-67", "How far did society change?",
        (
            _m("land_taken", "villages that took land"),
            _m("workers_control_on_eve", "workers in plants under some control"),
            _m("men_gone_home", "men in uniform gone home"),
            _m("front_obedience", "front soldiers who still obeyed, on the eve"),
        ),
        "the change came from above, afterwards", "land, plants and army had changed hands before",
    ),
    Line(
        "F-68", "What is said for power taken by few?",
        (
            _m("insurgents_on_eve", "insurgents", "persons"),
            _m("stance_in_capital/neutral", "of the capital, neither for nor against"),
            _m("cabinet_parties_after", "breadth of the cabinet that came of it", "number"),
        ),
        "few active, planned, most look on, one party rules", "see the next line",
    ),
    Line(
        "F-69", "What is said for power taken by many?",
        (
            _m("left_majority_date/petrograd_soviet", "Bolshevik and Left SR majority in the Petrograd Soviet", "date"),
            _m("left_majority_date/moscow_soviet", "the same in the Moscow Soviet", "date"),
            _m("congress_for_soviet_power/second_congress", "votes for soviet power at the Second Congress"),
            _m("defenders_on_eve", "defenders of the cabinet", "persons"),
            _m("rural_support_change", "villages behind those in office, four weeks on", "change"),
            _m("deaths_taking_power_high", "deaths in the weeks around it, highest count", "persons"),
        ),
        "see the line before", "local majorities, a congress, next to no defenders, villages content",
    ),
    Line(
        "F-70", "Did people know what they supported?",
        (_m("bolshevik_followers_who_know", "followers who know the programme"),),
        "support rested on hope", "support rested on knowledge",
    ),
    Line(
        "F-71", "Did they expect soviets of several parties?",
        (_m("bolshevik_followers_who_expect_soviets", "followers who expect them to rule"),),
        "they expected what did not come", "they expected the party to rule",
    ),
    Line(
        "F-72", "Were they disappointed?",
        (_m("disappointed_end", "support times what was expected in vain, at the end"),),
        "disappointment was wide", "there was little of it",
    ),
)  # fmt: skip
TITLE = "'Coup or revolution': a worksheet"
NOTE = (
    "A line gives the median of the runs and, in brackets, where eight runs in ten lie. Both readings are those of the "
    "debate; no line decides it and no total is drawn. Four of the sources behind the model's reading of October are "
    "not independent of each other."
)


#: Said where power passed without force, or not at all: the eve's numbers are of who was ready, not of who acted.
NO_RISING = "Power was taken by force in {came} of {runs} runs; elsewhere the force is who would have come out."


def note(results: sim.Results) -> str:
    """What is said with the worksheet; where a run had no rising, that its force is counted and was not used."""
    outcomes = results.outcomes
    came = int(outcomes.loc[outcomes["measure"].astype(str) == "insurrection_date", "value"].notna().sum())
    runs = len(results.runs)
    return NOTE if came >= runs else f"{NOTE} {NO_RISING.format(came=came, runs=runs)}"


def table(results: sim.Results) -> pd.DataFrame:
    """A row for each quantity: ledger, question, measure, told, median, low, high, runs, few, many, source.

    ``runs`` counts those in which the quantity has a value; median, low and high are over these, NaN for none.
    """
    outcomes = results.outcomes
    names = outcomes["measure"].astype(str)
    rows = []
    for line in LINES:
        for measured in line.measures:
            values = outcomes.loc[names == measured.name, "value"].dropna()
            spread = [float(values.quantile(q)) if len(values) else float("nan") for q in (0.5, LOW, HIGH)]
            rows.append(
                (line.ledger, line.question, measured.name, measured.told, *spread, len(values), line.few, line.many,
                 line.source)
            )  # fmt: skip
    columns = ["ledger", "question", "measure", "told", "median", "low", "high", "runs", "few", "many", "source"]
    return pd.DataFrame(rows, columns=columns)


def told(measured: Measured, row: Mapping[Any, Any], runs: int, calendar: str = "os") -> str:
    """A quantity in words: its median, and the span of eight runs in ten where there are several."""
    if not row["runs"]:
        return "in no run"
    middle, low, high = (_write(float(row[c]), measured.form, calendar) for c in ("median", "low", "high"))
    some = f", in {row['runs']} of {runs} runs" if row["runs"] < runs else ""
    return f"{middle} ({low} to {high}){some}" if runs > 1 and low != high else middle + some


def _write(value: float, form: str, calendar: str) -> str:
    if form == "persons":
        return f"{value:,.0f}" if value < 1000 else f"{round(value, -2):,.0f}"
    if form == "date":
        when = START + timedelta(days=round(value))
        when = sim.new_style(when) if calendar == "ns" else when
        return f"{when.day} {when:%b %Y}"
    if form in ("number", "level"):
        return f"{value:.1f}"
    return f"{100.0 * value:+.0f} points" if form == "change" else f"{100.0 * value:.0f} %"


def entries(results: sim.Results, calendar: str = "os") -> Iterable[Entry]:
    """Each line with its quantities: (what it is called, what it came to)."""
    rows = iter(table(results).to_dict("records"))
    runs = len(results.runs)
    for line in LINES:
        yield line, [(m.told, told(m, next(rows), runs, calendar)) for m in line.measures]


def tell(results: sim.Results, console: Console, calendar: str = "os") -> None:
    """Print the worksheet."""
    title = f"{TITLE}\n{results.title}"
    shown = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for heading in ("question", "measured", "would speak for few", "would speak for many"):
        shown.add_column(heading, overflow="fold", no_wrap=heading == "question")
    for line, quantities in entries(results, calendar):
        shown.add_row(line.question, "\n".join(f"{name}: {value}" for name, value in quantities), line.few, line.many)
        shown.add_row("", "", "", "")
    console.print(shown)
    console.print(f"{note(results)} Questions: {TABOR}.")

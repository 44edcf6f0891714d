"""Results on a scenario's page: paired runs of it, of history with every event on its date, and of history left open.

In ``historical`` every event keeps its date; a what-if leaves to the model what the model can bring about. So a part of
any difference between the two comes of that alone. What the change itself does is its difference from
``historical@DATE``: history in which nothing is changed and the model is left to itself from the same day on.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.history.catalogue import all_events
from sim.history.freedom import free_from
from sim.inputs.scenario import Scenario
from sim.running import manifest
from sim.running.compare import plans_of
from sim.running.comparison import Comparison
from sim.running.comparison_words import pairing
from sim.running.pairs import Pairs
from sim.running.progress import Report, progress
from sim.running.results import Results
from sim.running.single import RunRecord
from sim.running.vocabulary import load
from sim.words.calendar import date_of, show_both

#: Measures on a page, in words that stand alone: those that are days, then quantities.
DAYS = {
    "petrograd_soviet_majority_date": "Bolshevik majority in the Petrograd Soviet",
    "soviet_power_date": "Power passes to soviets",
    "insurrection_date": "Power is taken by force",
}
QUANTITIES = {
    "bolshevik_share_ca": "Bolshevik share of the Assembly's votes",
    "ca_share/sr": "SR share of the Assembly's votes",
    "deaths_low": "Deaths in shootings, least count",
    "deaths_high": "Deaths in shootings, highest count",
    "civil_war_risk_across_peak": "Risk of war across classes, at its highest",
    "civil_war_risk_within_peak": "Risk of war within the popular classes, at its highest",
    "cabinet_parties_after": "Parties in the cabinet after power passes (effective number)",
    "soviet_parties_end": "Parties in the Petrograd Soviet at the end (effective number)",
    "initiative_rank_and_file": "Initiative of the rank and file",
}
#: Events whose odds differ by at least so much are named.
TELLING = 0.3
#: So many of them are named.
MOST = 12
HISTORY = "historical"
#: Recorded are first and last day, elections and every so many days.
EVERY = 30


@dataclass(frozen=True)
class Answer:
    """What a page tells of. Values by measure of each side; ``pinned`` is history where the base is not."""

    name: str
    compared: Any
    base: Mapping[str, Sequence[float]]
    here: Mapping[str, Sequence[float]]
    runs: int
    stamp: str
    pinned: Mapping[str, Sequence[float]] | None = None
    #: What pairing gained, in a sentence.
    gained: str = ""


def base_of(scenario: Scenario) -> str:
    """What a scenario is set beside: history left open from the day on which the scenario leaves it open."""
    since = free_from(scenario)
    return HISTORY if since is None else f"{HISTORY}@{since.isoformat()}"


def made(names: Iterable[str], out: Path, runs: int, agents: int, jobs: int) -> Iterator[tuple[str, str]]:
    """Scenario and its results part; those that end later come in a second batch. Kept in ``out``, and continued."""
    chosen = [load(name) for name in names if name != HISTORY]
    for until in sorted({scenario.until for scenario in chosen}):
        batch = [scenario for scenario in chosen if scenario.until == until]
        every = list(dict.fromkeys([HISTORY, *(base_of(one) for one in batch), *(one.name for one in batch)]))
        plans = plans_of(every, runs=runs, agents=agents, until=until.isoformat(), every=EVERY)
        folders = [out / until.isoformat() / name for name in every]
        with progress(runs * len(every), "scenarios") as bar:
            Pairs(plans, folders, jobs, bar or _told_now_and_then(runs * len(every))).execute()
        found = {name: Results(folder) for name, folder in zip(every, folders, strict=True)}
        yield from ((one.name, results(_answer(one, found, until))) for one in batch)


def _told_now_and_then(whole: int) -> Report:
    """A line on standard error after every twentieth part, where there is no bar."""
    done = 0

    def told(_record: RunRecord) -> None:
        nonlocal done
        done += 1
        if done % max(whole // 20, 1) == 0:
            print(f"{done} of {whole} runs", file=sys.stderr, flush=True)

    return told


def _answer(scenario: Scenario, found: Mapping[str, Results], until: date) -> Answer:
    base, here = found[base_of(scenario)], found[scenario.name]
    since = scenario.divergence
    told = {"scenarios": [{"folder": scenario.name, "divergence": since.isoformat() if since else None}]}
    compared = Comparison(base=base, others={scenario.name: here}, told=told)
    pinned = _values(found[HISTORY]) if base.scenario != HISTORY else None
    runs = len(compared.pairs())
    stamp = _stamp(here.manifest, runs, until)
    gained = " ".join(pairing(compared, scenario.name, "os"))
    return Answer(scenario.name, compared, _values(base), _values(here), runs, stamp, pinned, gained)


def _values(found: Results) -> dict[str, list[float]]:
    """Measure -> its values in the runs that have it."""
    kept = found.outcomes.dropna(subset=["value"])
    return {str(measure): rows["value"].tolist() for measure, rows in kept.groupby("measure", observed=True)}


def _stamp(told: Mapping[str, Any], runs: int, until: date) -> str:
    """Which model made the results, and how."""
    identity = told["identity"]
    doubt = "chance and doubt about parameters" if told.get("sets") else "chance between runs alone"
    return (
        f"Results of {runs} pairs of runs of {identity['options']['agents']:,} simulated people to "
        f"{show_both(until)}, seed {told['seed']}, neutral lens, by the model of version "
        f"`{identity['code_hash'][:12]}`. {manifest.parameters_told(dict(told))} Intervals are of the mean over pairs, "
        f"90%; they show {doubt}."
    )


def results(answer: Answer) -> str:
    """Days, quantities and events of one comparison, in Markdown."""
    gaps = {row["measure"]: row for row in answer.compared.of_other("outcome_differences").to_dict("records")}
    lines = ["## Results", "", *_wrapped(answer.stamp), "", *_beside(answer)]
    columns = ["in history", *(["left open"] if answer.pinned is not None else []), "here"]
    lines += [f"| day on which | {' | '.join(columns)} |", f"|{' --- |' * (len(columns) + 1)}"]
    lines += [_day_row(answer, measure) for measure in DAYS]
    less = "here less left open" if answer.pinned is not None else "difference"
    lines += ["", f"| measure | {' | '.join(columns)} | {less} | odds that it is above zero |"]
    lines += [f"| --- |{' ---: |' * (len(columns) + 2)}"]
    lines += [_row(answer, measure, gaps[measure]) for measure in QUANTITIES if measure in gaps]
    lines += ["", *_told_events(answer.compared.of_other("event_odds").to_dict("records"), answer.pinned is not None)]
    lines += ["", *_wrapped(answer.gained)] if answer.gained else []
    fades = answer.compared.extrapolates_from(answer.name)
    if fades is not None and fades < load(answer.name).until:
        lines += ["", f"From {show_both(fades)} on, six weeks after the change, the model extrapolates."]
    return "\n".join(lines)


def _beside(answer: Answer) -> list[str]:
    """Why there is a second base."""
    if answer.pinned is None:
        return []
    since = free_from(load(answer.name))
    assert since is not None
    told = (
        f"*In history* every recorded event keeps its date. *Left open* is `{HISTORY}@{since}`: nothing is changed, "
        f"and from {show_both(since)} on events come if and when their conditions arise, as they do *here*. "
        "Differences and odds are those between *here* and *left open*: they belong to the change. What lies between "
        "*in history* and *left open* belongs to leaving history open."
    )
    return [*_wrapped(told), ""]


def _sides(answer: Answer) -> list[Mapping[str, Sequence[float]]]:
    return [*([answer.pinned] if answer.pinned is not None else []), answer.base, answer.here]


def _day_row(answer: Answer, measure: str) -> str:
    cells = []
    for side in _sides(answer):
        days = side.get(measure, [])
        mean = f", mean {show_both(date_of(round(sum(days) / len(days))))}" if days else ""
        cells.append(f"{len(days)} of {answer.runs} runs{mean}")
    return f"| {DAYS[measure]} | {' | '.join(cells)} |"


def _row(answer: Answer, measure: str, gap: Mapping[str, Any]) -> str:
    pinned = answer.pinned.get(measure, []) if answer.pinned is not None else None
    first = [] if pinned is None else [_number(sum(pinned) / len(pinned)) if pinned else "none"]
    numbers = " | ".join([*first, _number(gap["base"]), _number(gap["other"]), _number(gap["difference"])])
    low, high = gap["low"], gap["high"]
    span = f" ({_number(low)} to {_number(high)})" if low == low else ""
    odds = f"{gap['odds_above_zero']:.2f}" if gap["difference"] or low != high else "no difference"
    return f"| {QUANTITIES[measure]} | {numbers}{span} | {odds} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.3f}".replace("-0.000", "0.000")


def _told_events(rows: list[dict[str, Any]], left_open: bool) -> list[str]:
    """Events that come much more, or much less, often; what hangs on one of them is left out, and counted."""
    titles = {name: event.title for name, event in all_events().items()}
    more = [r for r in rows if r["other_odds"] - r["base_odds"] >= TELLING]
    less = [r for r in rows if r["base_odds"] - r["other_odds"] >= TELLING]
    told = []
    beside = "where history is left open" if left_open else "in history"
    for title, some in ((f"More often than {beside}", more), ("Less often", less)):
        first = _first_causes(some)
        if first:
            named = "; ".join(
                f"{titles.get(r['event'], r['event'])} ({r['other_odds']:.2f} beside {r['base_odds']:.2f})"
                for r in first
            )
            rest = len(some) - len(first)
            hanging = f" And {rest} more, which hang on these or come later." if rest else ""
            told += _wrapped(f"{title}: {named}.{hanging}") + [""]
    return told[:-1] if told else [f"No event comes much more or much less often than {beside}."]


def _first_causes(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first rows whose event hangs on no other of them."""
    named, known = {row["event"] for row in rows}, all_events()
    found = [row for row in rows if row["event"] not in known or not named & set(known[row["event"]].requires)]
    return found[:MOST]


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 118, break_long_words=False, break_on_hyphens=False)

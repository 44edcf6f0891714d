"""How free history goes: odds and dates of every free event beside history's, choices of bodies, order of events.

``python -m analysis free --runs 30`` runs ``open`` and writes ``docs/free_history.md``. Reads the public names of
``sim`` and the tables of a result only.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from analysis.running.folders import DOCS
from analysis.words import markdown

if TYPE_CHECKING:
    import pandas as pd

#: The year's main events, in the order in which they are recorded.
MAIN = (
    "april_days",
    "first_coalition",
    "june_offensive",
    "july_days",
    "kornilov_march",
    "petrograd_soviet_resolution_31_aug",
    "third_coalition",
    "mrc_formed",
    "insurrection_25_oct",
    "sovnarkom_formed",
    "assembly_closed",
)
#: Events by which soviets come to power other than by a cabinet of the moderate parties.
OCTOBER = (
    "insurrection_25_oct",
    "insurrection_in_partys_name",
    "congress_takes_power",
    "moderates_stay_in_congress",
    "july_rising_succeeds",
)
HAPPENED = ("fired", "forced", "pinned")
PAGE = DOCS / "free_history.md"


def firings(results: sim.Results) -> pd.DataFrame:
    """The first day of every event in every run: columns run, event, date (a date), status."""
    import pandas as pd

    table = results.frame("events")
    table = table[table["status"].astype(str).isin(HAPPENED)]
    found = pd.DataFrame({
        "run": table["run"].to_numpy(),
        "event": table["event"].astype(str).to_numpy(),
        "date": [date.fromisoformat(str(day)[:10]) for day in table["date"]],
        "status": table["status"].astype(str).to_numpy(),
    })  # fmt: skip
    return found.sort_values("date", kind="stable").drop_duplicates(["run", "event"])


def odds(results: sim.Results) -> pd.DataFrame:
    """One row a free event: its odds, the 10, 50 and 90 per cent days of the runs in which it came, history's day.

    An event counts as free if it was fired in some run, or did not happen in some.
    """
    import pandas as pd

    found, runs = firings(results), len(results.runs)
    recorded = dict(sim.events())
    known = {**recorded, **sim.alternatives()}
    rows = []
    for name, event in known.items():
        days = sorted(found.loc[found["event"] == name, "date"])
        pinned = len(days) == runs and set(found.loc[found["event"] == name, "status"]) == {"pinned"}
        if pinned or (name not in recorded and not days) or event.date > date.fromisoformat(results.dates[-1]):
            continue
        low, middle, high = (_at(days, q) for q in (0.1, 0.5, 0.9))
        rows.append({
            "event": name, "title": event.title, "recorded": name in recorded, "history": event.date,
            "odds": len(days) / runs, "low": low, "median": middle, "high": high,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _at(days: Sequence[date], quantile: float) -> date | None:
    return days[round(quantile * (len(days) - 1))] if days else None


def choices(results: sim.Results) -> Mapping[str, Mapping[str, float]]:
    """Decision -> option -> share of runs whose last choice it was; the rest never took the question up."""
    table = results.frame("macro")
    series = table["series"].astype(str)
    table = table[series.str.startswith("decision/")]
    parts = table["series"].astype(str).str.split("/", expand=True)
    table = table.assign(decision=parts[1] if len(table) else [], option=parts[2] if len(table) else [])
    last = table.sort_values("date", kind="stable").drop_duplicates(["run", "decision"], keep="last")
    found: dict[str, dict[str, float]] = {}
    for name, rows in last.groupby("decision"):
        counts = rows["option"].value_counts()
        found[str(name)] = {str(option): int(count) / len(results.runs) for option, count in counts.items()}
    return found


def order(results: sim.Results) -> tuple[float, list[tuple[str, str, float, float]]]:
    """How often the main events come in history's order.

    The share of runs in which those that came did so in the recorded order; and for each neighbouring pair, the share
    of runs in which both came and, of those, the share in the recorded order.
    """
    found = firings(results)
    days = {run: dict(zip(rows["event"], rows["date"], strict=True)) for run, rows in found.groupby("run")}
    whole = 0
    for run in results.runs:
        came = [days.get(run, {})[name] for name in MAIN if name in days.get(run, {})]
        whole += came == sorted(came)
    pairs = []
    for one, other in zip(MAIN, MAIN[1:], strict=False):
        both = [d for d in days.values() if one in d and other in d]
        kept = sum(d[one] <= d[other] for d in both)
        pairs.append((one, other, len(both) / len(results.runs), kept / len(both) if both else float("nan")))
    return whole / len(results.runs), pairs


def october(results: sim.Results) -> float:
    """Share of runs in which a rising or a congress put a soviet government in office by the end."""
    found = firings(results)
    return len(set(found.loc[found["event"].isin(OCTOBER), "run"])) / len(results.runs)


# --- the page ---------------------------------------------------------------------------------------------------------

_ABOUT = """\
# Free history

Generated by `{command}`; do not edit. Dates are Old Style.

From a scenario's divergence on, and in `open` from 23 February, nothing that the model can bring about has a date.
An event comes by a daily draw while its conditions hold, by the choice of a body, as the outcome of an attempt, or
after what it hangs on, at history's delay. What comes from outside (the war, the harvest, the winter) and what no
rule brings (journeys, speeches, founding congresses) keeps its date. This page says how {runs} runs of {agents:,}
simulated people went in `{scenario}`. It is neither a replay nor a lottery; how near it is to either is shown
below.

## What was set, and how

- **Slopes** are three steps (weak, medium, strong), the parameters `hazard_slope_*`. One date each can't fit a
  slope, so none was fitted; lenses move the steps.
- **Base rates** are three steps (rare, occasional, likely: `hazard_rare`, `hazard_occasional`, `hazard_likely`).
  Which step an event has, and for July what its rate rises with, was chosen looking at the spread below, so that
  recorded dates lie inside it: that they do is no finding. When a soviet passes to a majority for soviet power is
  not a hazard but what it elects, and may lie outside.
- **Conditions** name who must be there and what must have happened. Thresholds are majorities (one half) wherever a
  body votes; where they are not, the recorded year of the model passes them about when history did.
- **Decisions**: a body takes the first option that is good enough (`aspiration`), moved a little by chance
  (`decision_noise`). Weights of reasons are three steps, ours, from the works that `october list decisions` names.
  They were set so that history's choice is the likeliest in recorded conditions and, where votes were close or
  parties divided, not the only one: 23 to 22 against entering the cabinet on 29 April (Galili, 1989); 766 to 688 for
  a coalition at the Democratic Conference, then 595 to 493 for shutting out the Kadets (Rabinowitch, 1976, from
  memory); ten to two in the Bolshevik committee on 10 October after a refusal in September (its minutes); 123 to 102
  in the Pre-Parliament (Reed, 1919). How often runs left history was seen while this was done: the noise was lowered
  once, from 0.15 to 0.12, because small departures at 22 points add up.
- **Outcomes** are not set. A march or a rising succeeds by who obeys and who comes out that day (`odds_coup`,
  `odds_insurrection`), counted in people.

## Could October be missed?

In {october:.0%} of these runs a rising or a vote of a congress put a soviet government in office by the last day; in
{rising:.0%} it was a rising in the Soviet's name. While the rules were written the first figure was between 57 and 79
per cent; it was seen, and nothing was set to move it. What argues for six to nine in ten: the Bolshevik committee had
refused in mid-September and two of its leaders opposed the rising in print; Lenin wrote that waiting might lose the
moment; the congress on which the date hung was put off once and might have been cancelled; the cabinet's own raid gave
the occasion for a defence; other cabinets of soviet parties were offered in July and September. Against a lower
figure: by October nearly nobody in the capital would fight for the cabinet, whatever was decided (ledger D-119). In
the model a moment that is not used fades with a half-life of 20 days (ledger D-022: two to six weeks), and a rising
that fails can be tried again after three weeks.

## Order

In {whole:.0%} of runs the main events that came did so in the recorded order.

{pairs}

## Choices

Share of runs, by the last choice where a question was taken up again. History's choice is marked.

{decisions}

## Events

`inside` says whether the recorded date lies between the 10 and 90 per cent days of the runs in which the event
came.

{events}

## What could have come and did in some runs

{others}

## Limits

- The odds of a march of the high command in August are near nil in the model: nearly nobody would have marched.
  Whether Kornilov could have won with Kerensky's consent is asked by a decision, not by a hazard; there, too,
  railwaymen who obey the soviets let few trains through, talk wears down who arrives, and those who would resist are
  many times more. The model knows no surprise: it asks whom people obey once all have heard. Under no lens were the
  odds of August and September above 4 in a hundred.
- Twenty-two decisions that each leave history seldom leave it often together: shares of later events are low for that
  reason too. Choices at later points are told only of runs that came to them.
- On 1 and 2 March the model's garrison has hardly turned yet, so odds of an attack on the capital are too high
  then.
- Events with a fixed delay after their cause are as near or far as in history; only causes are free.
- After about six weeks from a divergence the model extrapolates.
"""


def page(results: sim.Results, command: str = "python -m analysis free") -> str:
    """The page as Markdown."""
    table, (whole, pairs) = odds(results), order(results)
    rising = table.loc[table["event"] == "insurrection_25_oct", "odds"]
    told = results.manifest["identity"]["options"]
    return _ABOUT.format(
        command=command,
        runs=len(results.runs),
        agents=told["agents"],
        scenario=results.scenario,
        october=october(results),
        rising=float(rising.iloc[0]) if len(rising) else 0.0,
        whole=whole,
        pairs=markdown.table(("first", "then", "both came", "in this order"), [
            (one, other, f"{both:.0%}", f"{kept:.0%}" if kept == kept else "") for one, other, both, kept in pairs
        ]),
        decisions=_decisions(choices(results)),
        events=_events(table[table["recorded"]]),
        others=_others(table[~table["recorded"]]),
    )  # fmt: skip


def _decisions(found: Mapping[str, Mapping[str, float]]) -> str:
    rows = []
    for decision in sim.decision_points().values():
        shares = found.get(decision.id, {})
        told = ", ".join(
            f"{option.id}{' (history)' if option.history else ''} {shares.get(option.id, 0.0):.0%}"
            for option in decision.options
        )
        rows.append((str(decision.number), decision.id, told, f"{1.0 - sum(shares.values()):.0%}"))
    return markdown.table(("", "decision", "choices", "never taken up"), rows)


def _events(table: pd.DataFrame) -> str:
    rows = []
    for row in table.to_dict("records"):
        came = row["odds"] > 0.0
        inside = "yes" if came and row["low"] <= row["history"] <= row["high"] else "no" if came else ""
        days = tuple(_day(row[name]) if came else "" for name in ("low", "median", "high"))
        rows.append((str(row["event"]), _day(row["history"]), f"{row['odds']:.0%}", *days, inside))
    return markdown.table(("event", "history", "odds", "10 %", "median", "90 %", "inside"), rows)


def _others(table: pd.DataFrame) -> str:
    rows = [
        (str(row["event"]), str(row["title"]), f"{row['odds']:.0%}", _day(row["median"]))
        for row in table.to_dict("records")
    ]
    return markdown.table(("event", "what it is", "odds", "median"), rows)


def _day(when: Any) -> str:
    return f"{when.day} {when:%b}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the scenario and write the page."""
    parser = argparse.ArgumentParser(prog="python -m analysis free", description=__doc__.split("\n")[0])
    parser.add_argument("--scenario", default="open", help="a scenario with free events")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--agents", type=int, default=2000, help="simulated people")
    parser.add_argument("--seed", type=int, default=1917)
    parser.add_argument("--parameters", default="posterior", help="posterior, default, or a CSV file of sets")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("-o", "--out", type=Path, default=PAGE)
    given = parser.parse_args(arguments)
    results = sim.run(
        given.scenario, runs=given.runs, agents=given.agents, seed=given.seed, jobs=given.jobs,
        parameters=given.parameters,
    )  # fmt: skip
    command = f"python -m analysis free --runs {given.runs} --agents {given.agents} --seed {given.seed}"
    command += "" if given.parameters == "posterior" else f" --parameters {given.parameters}"
    given.out.write_text(page(results, command), encoding="utf-8")
    print(f"written: {given.out.name}; October in {october(results):.0%} of {len(results.runs)} runs")

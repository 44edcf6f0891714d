"""Do runs of few and of many people agree? ``make scale``, or ``python -m benchmarks.scale --write``.

Rule 5 of the model: the number of simulated people must not change the answer beyond the run-to-run spread. Every size
is run with a few seeds up to the vote for the Constituent Assembly; each measure's mean is compared with that of the
largest size, beside the spread of single runs.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.engine.model import Revolution
from sim.words.identifiers import PARTY

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scale.md"
VOTE = "1917-11-12"
#: Simulated people and how many seeds each.
SIZES = {2_000: 8, 20_000: 6, 100_000: 3}
PARTIES = {"bolshevik": "Bolshevik", "sr": "SR"}
#: Groups of the people whose allegiance is compared: title, place or whole, stratum.
GROUPS = (
    ("Petrograd, workers", "petrograd", "worker"),
    ("Vyborg district, workers", "petrograd/vyborg", "worker"),
    ("Petrograd garrison", "petrograd/garrison", "soldier"),
    ("Moscow, workers", "moscow", "worker"),
    ("Moscow, middle strata", "moscow", "middle"),
    ("Kronstadt, sailors", "kronstadt", "sailor"),
    ("Northern Front", "northern_front", "soldier"),
    ("Romanian Front", "romanian_front", "soldier"),
    ("Central Industrial villages", "central_industrial/villages", "peasant"),
    ("Black Earth villages", "black_earth/villages", "peasant"),
    ("Ukrainian villages", "ukraine/villages", "peasant"),
    ("Urals, workers", "urals", "worker"),
    ("The country, everybody", "empire", None),
)
#: Bodies whose seats are compared, on the last day with seats before the vote.
BODIES = (
    "petrograd_soviet", "petrograd_soviet/soldiers", "petrograd_soviet/executive", "moscow_soviet", "kronstadt_soviet",
    "petrograd/vyborg/soviet", "northern_front/soviet", "urals/towns/soviet", "first_congress", "second_congress",
)  # fmt: skip
ACTIONS = ("strike", "demonstration", "land_seizure", "refusal", "desertion")


@dataclass(frozen=True)
class Measure:
    """What is compared: its part of the page, its title and its unit."""

    part: str
    title: str
    unit: str


Found = dict[Measure, float]


def live(agents: int, seed: int) -> Found:
    """One run up to the vote, and what it showed."""
    model = Revolution("historical", agents=agents, seed=seed, until=VOTE).run()
    tables = model.recorder.tables()
    found: Found = {}
    for title, place, stratum in GROUPS:
        for party, name in PARTIES.items():
            share = model.share(party, place=place, stratum=stratum)
            found[Measure("Allegiance on 12 November", f"{title}: {name}", "%")] = 100 * share
    support = model.soviet_power("petrograd", "worker")
    found[Measure("Allegiance on 12 November", "Petrograd, workers: for soviet power", "%")] = 100 * support
    votes = model.chamber.votes["constituent_assembly"]
    for party, name in PARTIES.items():
        title = f"Votes for the Constituent Assembly: {name}"
        found[Measure("Votes and seats", title, "%")] = 100 * votes[PARTY[party]] / votes.sum()
    for body in BODIES:
        for party, name in PARTIES.items():
            found[Measure("Votes and seats", f"{body}: {name}", "%")] = _seats(tables["soviets"], body, party)
    acted = tables["actions"]
    for action in ACTIONS:
        persons = float(acted["persons"][acted["action"] == action].sum())
        found[Measure("Persons in actions, summed over days", action.replace("_", " "), "log")] = math.log(
            max(persons, 1.0)
        )
    return found


def _seats(table: dict[str, np.ndarray], body: str, party: str) -> float:
    """A party's share of a body's seats on its last recorded day, per cent; NaN for a body that never sat."""
    rows = table["body"] == body
    if not rows.any():
        return math.nan
    rows &= table["date"] == table["date"][rows].max()
    seats = table["seats"][rows]
    return 100 * float(seats[table["party"][rows] == party].sum()) / float(seats.sum())


@dataclass(frozen=True)
class Comparison:
    """A measure at two sizes. ``spread`` is the standard deviation of single runs of the smaller size."""

    small: float
    large: float
    spread: float

    @property
    def difference(self) -> float:
        """Smaller size less larger, in the measure's unit."""
        return self.small - self.large

    @property
    def within(self) -> bool:
        """Whether the two agree within twice the spread of single runs."""
        return abs(self.difference) <= 2 * self.spread


def compare(small: Sequence[float], large: Sequence[float]) -> Comparison:
    """Two samples of runs."""
    return Comparison(statistics.fmean(small), statistics.fmean(large), statistics.stdev(small))


def study(sizes: dict[int, int], tell: Callable[[str], None]) -> dict[int, list[Found]]:
    """Size -> what each of its runs showed."""
    found: dict[int, list[Found]] = {}
    for agents, seeds in sizes.items():
        begun = time.perf_counter()
        found[agents] = [live(agents, seed) for seed in range(1, seeds + 1)]
        tell(f"{agents:,} people: {seeds} runs, {(time.perf_counter() - begun) / seeds:.1f} s each")
    return found


HEAD = """# Does the number of simulated people change the answer?

Written by `python -m benchmarks.scale --write` (`make scale`). History as it was, up to the vote of 12 November:
{runs}.

A difference is the mean at a size less the mean at the largest size. The spread is the standard deviation of single
runs of the smaller size. A difference is marked `*` when it is more than twice the spread. Shares and seats are in per
cent; persons in actions are compared by the logarithm, so that 0.10 is about a tenth more.
"""


def page(found: dict[int, list[Found]], remarks: str = "") -> str:
    """The study as Markdown; ``remarks`` stand under the summary."""
    largest = max(found)
    rest = sorted(size for size in found if size != largest)
    measures = list(found[largest][0])
    pairs = {
        (m, size): compare([run[m] for run in found[size]], [run[m] for run in found[largest]])
        for m in measures
        for size in rest
    }
    runs = ", ".join(f"{len(found[size])} runs of {size:,} people" for size in sorted(found))
    lines = [HEAD.format(runs=runs)]
    for size in rest:
        lines.append(_summary(size, [c for (m, s), c in pairs.items() if s == size and m.unit == "%"]))
    lines += [""] + ([remarks.strip(), ""] if remarks else [])
    for part in dict.fromkeys(m.part for m in measures):
        lines += [f"## {part}", "", *_table(part, measures, rest, largest, pairs), ""]
    return "\n".join(lines).rstrip() + "\n"


def _summary(size: int, shares: list[Comparison]) -> str:
    """One line on all shares at a size."""
    known = [c for c in shares if not math.isnan(c.difference)]
    outside = sum(not c.within for c in known)
    mean = statistics.fmean(abs(c.difference) for c in known)
    most = max(abs(c.difference) for c in known)
    spread = statistics.fmean(c.spread for c in known)
    return (
        f"- {size:,} people: of {len(known)} shares, {outside} differ by more than twice the spread; mean absolute "
        f"difference {mean:.2f} points, largest {most:.1f}, mean spread {spread:.2f}."
    )


def _table(
    part: str, measures: list[Measure], rest: list[int], largest: int, pairs: dict[tuple[Measure, int], Comparison]
) -> list[str]:
    heads = ["measure", f"{largest:,}"] + [h for s in rest for h in (f"{s:,}", "difference", "spread")]
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    for m in (m for m in measures if m.part == part):
        digits = 1 if m.unit == "%" else 2
        row = [m.title, f"{pairs[m, rest[0]].large:.{digits}f}"]
        for size in rest:
            c = pairs[m, size]
            mark = "" if c.within or math.isnan(c.difference) else " *"
            row += [f"{c.small:.{digits}f}", f"{c.difference:+.{digits + 1}f}{mark}", f"{c.spread:.{digits + 1}f}"]
        lines.append("| " + " | ".join(row) + " |")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write docs/scale.md")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of simulated people")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SIZES.values()), help="runs of each size")
    options = parser.parse_args()
    if len(options.sizes) != len(options.seeds) or len(options.sizes) < 2 or min(options.seeds) < 2:
        parser.error("give as many --seeds as --sizes, at least two of each, and at least two seeds a size")
    if hasattr(os, "nice"):
        os.nice(10)
    found = study(dict(zip(options.sizes, options.seeds, strict=True)), print)
    remarks = PAGE.with_name("source") / "scale.md"
    text = page(found, remarks.read_text(encoding="utf-8") if remarks.exists() else "")
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

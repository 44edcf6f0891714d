"""One question under every lens: which conclusions survive all of them, and which turn on the lens.

A conclusion is the sign of a difference: of an outcome, or of a party's share of a stratum on the last day. Under a
lens it is settled when the interval of the mean over pairs does not hold zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.inputs.lens import load_lens
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_file import shipped_lenses
from sim.running import histories, manifest, tables
from sim.running.compare import Comparing, plans_of
from sim.running.comparison import Comparison
from sim.running.comparison_words import FIRST
from sim.running.intervals import LEVEL, paired
from sim.running.measured import CAME, is_date, title_of
from sim.running.plan import Plan
from sim.running.progress import Report
from sim.running.vocabulary import under
from sim.words.calendar import Style, show_date
from sim.words.identifiers import STRATA

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal["survives", "flips", "depends", "undecided"]
NEUTRAL, LEFT, OTHER = "neutral", "left", "other"
_COLUMNS = [
    "lens", "camp", "scenario", "measure", "base", "other", "difference", "low", "high", "odds_above_zero", "sign",
]  # fmt: skip
#: Conclusions named in a row at most.
_MOST = 12
#: Parties whose share of each stratum the summary tells.
_TOLD_PARTIES = ("bolshevik", "sr", "menshevik", "kadet")


def compare_lenses(
    base: Scenario | str | Path, *others: Scenario | str | Path, lenses: Sequence[str] = (), out: str | Path,
    jobs: int = 1, **options: Any,
) -> Lenses:  # fmt: skip
    """Compare under several lenses (all that are shipped, unless named), in a directory that can be continued.

    Options as for :func:`sim.compare`.

    >>> sim.compare_lenses("historical", "no_offensive", runs=20, out="results/lenses").conclusions  # doctest: +SKIP
    """
    return UnderEveryLens(plans_of((base, *others), **options), Path(out), lenses, jobs).execute()


@dataclass
class UnderEveryLens:
    """The same plans under several lenses, each a comparison in a folder of its own."""

    plans: Sequence[Plan]
    directory: Path
    lenses: Sequence[str] = ()
    jobs: int = 1
    report: Report | None = None

    def __post_init__(self) -> None:
        self.lenses = tuple(self.lenses) or shipped_lenses()

    def execute(self) -> Lenses:
        """Compare under each lens, and write what survives. Raises ``Interrupted``: the same call continues."""
        found = {}
        for lens in self.lenses:
            plans = [replace(plan, scenario=under(plan.scenario, lens)) for plan in self.plans]
            found[lens] = Comparing(plans, self.directory / lens, self.jobs, self.report).execute()
        table = Lenses(found, {lens: load_lens(lens).camp for lens in self.lenses})
        rows = tables.write(
            self.directory, {"lenses": table.table, "conclusions": table.conclusions}, self.plans[0].fmt
        )
        manifest.write(self.directory, {
            "form": manifest.FORM, "kind": "lenses", "status": "finished", "lenses": table.camps, "level": LEVEL,
            "identity": {"lenses": list(self.lenses)}, "rows": rows, "runs": [],
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
        })  # fmt: skip
        return table


class Lenses:
    """Comparisons by lens, with the camp of each lens (neutral, left or other)."""

    def __init__(self, comparisons: Mapping[str, Comparison], camps: Mapping[str, str]):
        self.comparisons, self.camps = dict(comparisons), dict(camps)
        self._table: pd.DataFrame | None = None

    @property
    def table(self) -> pd.DataFrame:
        """lens, camp, scenario, measure, base, other, difference, low, high, odds_above_zero, sign (1, -1 or 0)."""
        import pandas as pd

        if self._table is None:
            rows = [
                (lens, self.camps[lens], name, *row)
                for lens, comparison in self.comparisons.items()
                for name in comparison.others
                for row in _measures(comparison, name)
            ]
            self._table = pd.DataFrame(rows, columns=_COLUMNS)
        return self._table

    @property
    def conclusions(self) -> pd.DataFrame:
        """scenario, measure, verdict, higher, lower, unsettled (numbers of lenses), least_odds, told (a sentence).

        ``least_odds`` is the smallest share of pairs that agree with the sign, over the lenses that settle it.
        """
        import pandas as pd

        rows = []
        for (scenario, measure), here in self.table.groupby(["scenario", "measure"], sort=False):
            # A lens without the measure on both sides settles nothing of it.
            signs = np.pad(here["sign"].to_numpy(), (0, len(self.camps) - len(here)))
            verdict = verdict_of(signs.tolist())
            settled = here[here["sign"] != 0]
            agree = np.where(settled["sign"] > 0, settled["odds_above_zero"], 1.0 - settled["odds_above_zero"])
            least = float(agree.min()) if len(agree) else np.nan
            counts = [int((signs == sign).sum()) for sign in (1, -1, 0)]
            rows.append((scenario, measure, verdict, *counts, least, self._sentence(str(measure), verdict, counts)))
        columns = ["scenario", "measure", "verdict", "higher", "lower", "unsettled", "least_odds", "told"]
        return pd.DataFrame(rows, columns=columns)

    def _sentence(self, measure: str, verdict: Verdict, counts: Sequence[int]) -> str:
        up, down = ("later", "earlier") if is_date(measure) else ("higher", "lower")
        higher, lower, unsettled = counts
        way = up if higher else down
        if verdict == "survives":
            return f"{way}: {survives(set(self.camps.values()))}"
        if verdict == "flips":
            return f"flips: {up} under {higher}, {down} under {lower}, unsettled under {unsettled}"
        if verdict == "depends":
            others = "the other" if unsettled == 1 else "the others"
            return f"{way} under {higher + lower} of {sum(counts)} lenses, unsettled under {others}"
        return "unsettled under every lens"

    @property
    def fits(self) -> dict[str, float]:
        """Lens -> log of its likelihood next to the best lens's, of those whose runs drew from sets of their own."""
        told = {lens: one.base.manifest.get("sets") or {} for lens, one in self.comparisons.items()}
        return {lens: float(sets["fit"]) for lens, sets in told.items() if sets.get("fit") is not None}

    def summary(self, style: Style = "os") -> str:
        """Which conclusions survive, one line each for the measures that most readers ask for."""
        told = self.conclusions
        lines = []
        for name in dict.fromkeys(told["scenario"]):
            some = next(iter(self.comparisons.values()))
            rows = [row for row in told.to_dict("records") if row["scenario"] == name]
            last = max(some.others[name].dates)
            lines += [
                f"{some.others[name].title}, beside {some.base.title}, under {len(self.camps)} "
                f"{'lens' if len(self.camps) == 1 else 'lenses'}: {', '.join(self.camps)}",
                f"Settled: the {LEVEL:.0%} interval of the mean difference does not hold zero. Shares are those of "
                f"{show_date(date.fromisoformat(last), style)}.",
                *(f"  {_words(row['measure'])}: {row['told']}" for row in rows if _is_told(row["measure"])),
                f"  Of {len(rows)} conclusions: {self._counted(rows)}. Each lens settles one in ten by chance of those "
                "that are nothing.",
                *self._named(rows),
            ]
        lines += self._weighed()
        if OTHER not in self.camps.values():
            lines.append("No lens here stands for a reading that is not of the left: nothing survives every lens yet.")
        return "\n".join(lines)

    def _weighed(self) -> list[str]:
        """How well each lens fits; less than 1 is worth a bare mention by Kass and Raftery (Bayes Factors, 1995)."""
        if len(self.fits) < 2:
            return []
        best = max(self.fits.values())
        ordered = sorted(self.fits.items(), key=lambda item: -item[1])
        told = ", ".join(f"{lens} {fit - best:.1f}" for lens, fit in ordered)
        return [
            f"How well each lens's own sets fit the evidence, as the log of its likelihood next to the best: {told}. "
            "Lenses less than 1 apart are not told apart by it."
        ]

    def _named(self, rows: Sequence[Mapping[Any, Any]]) -> list[str]:
        """Which conclusions hold under all lenses, and which flip, of those that have no line of their own."""
        lines = []
        for verdict, head in (("survives", "Hold under all"), ("flips", "Flip")):
            some = [row for row in rows if row["verdict"] == verdict and not _is_told(row["measure"])]
            told = [
                _words(row["measure"]) + (f" ({row['told'].partition(':')[0]})" if verdict == "survives" else "")
                for row in some
            ]
            more = f"; and {len(some) - _MOST} more: see the table conclusions" if len(some) > _MOST else ""
            lines += [f"  {head}, besides: {'; '.join(told[:_MOST])}{more}."] if some else []
        return lines

    def _counted(self, rows: Sequence[Mapping[Any, Any]]) -> str:
        names = {
            "survives": "hold under all", "flips": "flip", "depends": "are unsettled under some",
            "undecided": "are unsettled under all",
        }  # fmt: skip
        return ", ".join(f"{sum(row['verdict'] == v for row in rows)} {told}" for v, told in names.items())


def verdict_of(signs: Sequence[int]) -> Verdict:
    """What lenses together say of a difference: each gives 1, -1, or 0 where it is unsettled."""
    if 1 in signs and -1 in signs:
        return "flips"
    if not any(signs):
        return "undecided"
    return "survives" if all(signs) else "depends"


def survives(camps: set[str]) -> str:
    """What may be said of a conclusion that holds under all lenses, given whose readings they are.

    Lenses of one side alone are not independent: until others stand, it survives every lens of that side.
    """
    if OTHER in camps:
        return "survives every lens"
    return "survives every left lens" if LEFT in camps else "holds under the neutral lens, the only one there is"


def _measures(comparison: Comparison, name: str) -> list[tuple[Any, ...]]:
    """Rows of the table for one lens and scenario: outcomes, then shares on the last day."""
    gaps = comparison.of_other("outcome_differences", name)
    rows = [
        (row["measure"], *(row[c] for c in gaps.columns[1:]), _sign(row["low"], row["high"]))
        for row in gaps.to_dict("records")
    ]
    one, two = (results.shares("stratum") for results in (comparison.base, comparison.others[name]))
    days = sorted(set(one["date"]) & set(two["date"]))
    one, two = (frame[frame["date"] == days[-1]] for frame in (one, two))
    keys, a, b = histories.side_by_side(one, two, ("stratum", "party"), "share", comparison.pairs(name))
    found = paired(a, b)
    above = (b > a).mean(axis=0)
    for i, (stratum, party) in enumerate(zip(keys["stratum"].astype(str), keys["party"].astype(str), strict=True)):
        low, high = float(found.low[i]), float(found.high[i])
        numbers = (float(found.base[i]), float(found.other[i]), float(found.difference[i]), low, high, float(above[i]))
        rows.append((f"{party}, {stratum}", *numbers, _sign(low, high)))
    return rows


def _sign(low: float, high: float) -> int:
    """1 or -1 where an interval lies on one side of zero, 0 where it holds zero or is not there."""
    return int(low > 0.0) - int(high < 0.0)


def _is_told(measure: str) -> bool:
    party, _, stratum = measure.partition(", ")
    return measure.removesuffix(CAME) in FIRST or party in _TOLD_PARTIES and stratum in STRATA


def _words(measure: str) -> str:
    if measure.endswith(CAME):
        return f"{title_of(measure.removesuffix(CAME))}: that it comes"
    return measure if ", " in measure else title_of(measure)

"""When was it still open? The odds of an outcome, by the date from which history is left to the model."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.history.catalogue import alternatives, events
from sim.inputs.measures import MEASURES, measure_of
from sim.inputs.parameter_sets import Wanted, chosen
from sim.inputs.scenario import Scenario
from sim.running import manifest, store, tables
from sim.running.branches import Branches, branch_dates
from sim.running.intervals import LEVEL, wilson
from sim.running.measured import is_date, is_kind, title_of
from sim.running.plan import Plan
from sim.running.results import figure
from sim.running.vocabulary import load
from sim.words.calendar import Style, date_of, parse_date, show_date
from sim.words.errors import InputError, unknown
from sim.words.identifiers import POSTERIOR

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_DATE = "_date"


def known_outcome(name: str) -> None:
    """Refuse, before any work, an outcome that no run could tell of."""
    dated = [measure.removesuffix(_DATE) for measure in MEASURES if is_date(measure) and not measure.endswith("/")]
    declared = next((measure_of(one) for one in (name, name + _DATE) if measure_of(one) is not None), None)
    if declared is None and name not in {**events(), **alternatives()}:
        raise unknown("outcome", name, [*dated, *events()])


def contingency(
    scenario: Scenario | str | Path = "open",
    *,
    runs: int = 20,
    agents: int = 20_000,
    seed: int = 1917,
    jobs: int = 1,
    every: int = 7,
    first: date | str | None = None,
    last: date | str | None = None,
    until: date | str | None = None,
    out: str | Path | None = None,
    format: store.Format = "parquet",
    parameters: Wanted = POSTERIOR,
) -> Contingency:
    """Branch every run at dates ``every`` days apart (from ``first`` to ``last``), free from each on, to ``until``.

    Options as for :func:`sim.run`; the past of each run is lived once. With ``out`` the work can be continued there.

    >>> sim.contingency(runs=20, every=14).odds("soviet_power")  # doctest: +SKIP
    """
    plan = Plan(
        scenario=scenario if isinstance(scenario, Scenario) else load(scenario), runs=runs, agents=agents, seed=seed,
        until=parse_date(until) if until is not None else None, fmt=format, parameters=chosen(parameters),
    )  # fmt: skip
    edges = (parse_date(day) if day is not None else None for day in (first, last))
    dates = branch_dates(plan, every, *edges)
    if out is not None:
        Branches(plan, dates, Path(out), jobs).execute()
        return Contingency(out)
    with tempfile.TemporaryDirectory(prefix="october1917-") as folder:
        Branches(plan, dates, Path(folder), jobs).execute()
        kept = Contingency(folder)
        return Contingency(branches=kept.branches, events=kept.events, told=kept.manifest)


class Contingency:
    """The outcomes of one ensemble branched at many dates.

    ``branches`` is run, date (of the branching), measure, value; ``events`` run, date, event, came (its date).
    """

    def __init__(self, directory: str | Path | None = None, *, branches: pd.DataFrame | None = None,
                 events: pd.DataFrame | None = None, told: dict[str, Any] | None = None):  # fmt: skip
        self.directory = Path(directory) if directory is not None else None
        if self.directory is not None:
            told = manifest.read(self.directory)
            if told.get("kind") != "contingency":
                raise InputError(f"{directory} is not the directory of a contingency.")
            branches, events = (tables.read(self.directory, name) for name in ("branches", "branch_events"))
            if branches is None or events is None:
                raise InputError(
                    f"{directory} holds no finished contingency: `october contingency` goes on with what it began."
                )
        if branches is None or events is None or told is None:
            raise TypeError("Contingency takes a finished directory, or branches=, events= and told=")
        self.branches, self.events, self.manifest = branches, events, told

    def __repr__(self) -> str:
        where = f", in {self.directory}" if self.directory is not None else ""
        return f"<Contingency of '{self.scenario}': {len(self.runs)} runs, {len(self.dates)} dates{where}>"

    @property
    def scenario(self) -> str:
        """Name of the scenario that holds from each date on."""
        return str(self.manifest["scenarios"][0]["name"])

    @property
    def runs(self) -> list[int]:
        """Runs that finished all their branches."""
        return sorted(self.branches["run"].unique().tolist())

    @property
    def dates(self) -> list[str]:
        """Dates of the branching, ISO, Old Style."""
        return sorted(self.branches["date"].unique().tolist())

    @property
    def outcomes(self) -> list[str]:
        """What can be asked for: dated outcomes (without ``_date``) and kinds such as ``government_6_jan/...``."""
        names = dict.fromkeys(self.branches["measure"].astype(str))
        return [name.removesuffix(_DATE) for name in names if is_date(name) or is_kind(name)]

    def odds(self, outcome: str = "soviet_power") -> pd.DataFrame:
        """date, runs, came, odds, low, high (Wilson's interval at 90 per cent), median (ISO date, None if none came).

        ``outcome`` is one of :attr:`outcomes`, or the id of an event. Odds are of its coming by the runs' last day.
        """
        import pandas as pd

        came = self._came(outcome)
        rows = []
        for day in self.dates:
            here = came.loc[came["date"] == day, "day"].to_numpy(dtype=float)
            times = int((~np.isnan(here)).sum())
            low, high = wilson(times, here.size)
            known = here[np.isfinite(here)]
            middle = date_of(round(float(np.median(known)))).isoformat() if known.size else None
            rows.append((day, here.size, times, times / max(here.size, 1), float(low), float(high), middle))
        return pd.DataFrame(rows, columns=["date", "runs", "came", "odds", "low", "high", "median"])

    def _came(self, outcome: str) -> pd.DataFrame:
        """run, date, day: the day on which the outcome came, infinite where it came without one, NaN where not."""
        import pandas as pd

        whole = pd.MultiIndex.from_product([self.runs, self.dates], names=["run", "date"])
        measures = self.branches["measure"].astype(str)
        measured = set(measures)
        dated = next((name for name in (outcome, outcome + _DATE) if name in measured and is_date(name)), None)
        if dated is not None:
            found = self.branches[measures == dated].set_index(["run", "date"])["value"]
        elif outcome in measured and is_kind(outcome):
            values = self.branches[measures == outcome].set_index(["run", "date"])["value"]
            found = values.where(values.isna(), np.inf)
        elif outcome in set(self.events["event"]):
            rows = self.events[self.events["event"] == outcome]
            days = pd.to_datetime(rows["came"]) - pd.Timestamp("1917-02-23")
            found = rows.assign(value=days.dt.days.astype(float)).set_index(["run", "date"])["value"]
        else:
            raise unknown("outcome", outcome, [*self.outcomes, *sorted(set(self.events["event"]))])
        return found.reindex(whole).rename("day").reset_index()

    def title(self, outcome: str) -> str:
        """An outcome in words."""
        return title_of(outcome + _DATE if outcome + _DATE in set(self.branches["measure"].astype(str)) else outcome)

    def summary(self, outcome: str = "soviet_power", style: Style = "os") -> str:
        """The odds at each date, in lines."""
        rows = self.odds(outcome)
        agents = self.manifest["identity"]["options"]["agents"]
        until = show_date(date.fromisoformat(self.manifest["identity"]["options"]["until"]), style)
        lines = [
            f"{self.title(outcome)}: odds by {until}, by the day from which history is left to the model",
            f"{len(self.runs)} {'run' if len(self.runs) == 1 else 'runs'} of {agents:,} simulated people, branched at "
            f"each date. Intervals: Wilson's, {LEVEL:.0%}. Six weeks after each date the model extrapolates.",
            manifest.parameters_told(self.manifest),
        ]
        for row in rows.to_dict("records"):
            day = show_date(date.fromisoformat(row["date"]), style)
            when = f", median date {show_date(date.fromisoformat(row['median']), style)}" if row["median"] else ""
            lines.append(
                f"  {day:17s} in {row['came']:3d} of {row['runs']} runs ({row['low']:.0%} to {row['high']:.0%}){when}"
            )
        return "\n".join(lines)

    def plot(self, outcome: str | list[str] = "soviet_power", kind: str = "contingency", **options: Any) -> Figure:
        """The curve of odds with its intervals."""
        return figure(self, kind=kind, outcome=outcome, **options)

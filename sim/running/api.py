"""What a user of the library calls: load a scenario, run it."""

from __future__ import annotations

import tempfile
import warnings
from datetime import date
from pathlib import Path

from sim.inputs.parameter_sets import Wanted, chosen
from sim.inputs.scenario import Scenario
from sim.running import manifest, store
from sim.running.ensemble import Ensemble
from sim.running.plan import Plan
from sim.running.results import Results
from sim.running.vocabulary import load
from sim.words.calendar import parse_date
from sim.words.errors import OctoberError
from sim.words.identifiers import POSTERIOR


class RunFailed(OctoberError):
    """No run of an ensemble finished: there is nothing to show."""


def run(
    scenario: Scenario | str | Path,
    *,
    runs: int = 1,
    agents: int = 20_000,
    seed: int = 1917,
    jobs: int = 1,
    until: date | str | None = None,
    every: int = 7,
    out: str | Path | None = None,
    format: store.Format = "parquet",
    parameters: Wanted = POSTERIOR,
) -> Results:
    """Run a scenario ``runs`` times and return what came out.

    ``agents`` is the number of simulated people; ``until`` an Old Style date; ``every`` the days between records. With
    ``out`` the tables go to that directory, where the work can be continued; without it they are held in memory.

    Each run takes one set of ``parameters``: of the shipped posterior unless it is ``"default"`` (the declared values),
    a CSV file of sets, or :class:`Parameters`. The spread of runs then holds doubt about parameters as well as chance.

    ``jobs`` above 1 starts other processes: a script must then keep its calls under ``if __name__ == "__main__":``,
    as for every use of :mod:`multiprocessing`.

    A run that fails is left out, with a warning; :attr:`Results.failures` tells why. If all fail,
    :class:`RunFailed` is raised.
    """
    plan = Plan(
        scenario=scenario if isinstance(scenario, Scenario) else load(scenario),
        runs=runs,
        agents=agents,
        seed=seed,
        until=parse_date(until) if until is not None else None,
        every=every,
        fmt=format,
        parameters=chosen(parameters),
    )
    if out is not None:
        return _checked(_execute(plan, Path(out), jobs))
    with tempfile.TemporaryDirectory(prefix="october1917-") as folder:
        kept = _execute(plan, Path(folder), jobs)
        tables = {table: kept.arrow(table) for table in store.TABLES}
        return _checked(Results(tables=tables, told=manifest.read(Path(folder))))


def _execute(plan: Plan, directory: Path, jobs: int) -> Results:
    Ensemble(plan, directory, jobs).execute()
    return Results(directory)


def _checked(results: Results) -> Results:
    """The results, with a warning about failed runs; an error when there are no others."""
    failures = results.failures
    if failures and not results.runs:
        first = failures[0]
        raise RunFailed(f"all {len(failures)} runs failed; the first: {first['error']}\n{first.get('trace', '')}")
    if failures:
        told = f"{len(failures)} of {len(failures) + len(results.runs)} runs failed; the first: {failures[0]['error']}"
        warnings.warn(told, RuntimeWarning, stacklevel=3)
    return results

"""The command that runs an ensemble of one scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kit import (
    Calendar,
    CalendarOption,
    LensOption,
    ParametersOption,
    TableFormat,
    cores,
    date_in,
    say,
    scenario_of,
)
from sim.words.identifiers import POSTERIOR

if TYPE_CHECKING:
    from sim.running.results import Results


def run(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped name (see `october list scenarios`) or a YAML file; NAME@DATE: left open from that day."
        ),
    ],
    runs: Annotated[int, typer.Option(min=1, help="Number of runs.")] = 20,
    agents: Annotated[int, typer.Option(min=1, help="Simulated people in each run.")] = 20_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all chance; the same seed gives the same tables.")] = 1917,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes. Default: one for each core.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First date of the tables.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day, to 1918-04-30 (Old Style).")] = None,
    every: Annotated[int, typer.Option(min=1, help="Days between the dates of the tables.")] = 7,
    lens: LensOption = None,
    parameters: ParametersOption = POSTERIOR,
    calendar: CalendarOption = Calendar.os,
    out: Annotated[Path | None, typer.Option(help="Directory of the result. Default: results/NAME.")] = None,
    format: Annotated[TableFormat, typer.Option(help="Format of the tables.")] = TableFormat.parquet,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Run an ensemble of one scenario and write its tables.

    The first, the last and election days are always in the tables. A directory that holds finished runs of the same
    work is continued: nothing is done twice.
    """
    from sim.inputs.parameter_sets import chosen
    from sim.running import manifest
    from sim.running.ensemble import Ensemble, Interrupted, free_directory
    from sim.running.plan import Plan
    from sim.running.progress import progress
    from sim.running.results import Results

    plan = Plan(
        scenario=scenario_of(scenario, lens),
        runs=runs,
        agents=agents,
        seed=seed,
        until=date_in(until, calendar),
        every=every,
        first=date_in(first, calendar),
        fmt=format.value,
        parameters=chosen(parameters),
    )
    directory = out or free_directory(Path("results") / plan.scenario.name, manifest.identity(plan))
    ensemble = Ensemble(plan, directory, jobs or cores())
    try:
        with progress(runs, plan.scenario.name, quiet) as report:
            ensemble.report = report
            ensemble.execute()
    except Interrupted as stopped:
        raise KeyboardInterrupt(f"interrupted: {stopped}. The same command continues.") from None
    results = Results(directory)
    if not quiet and results.runs:
        _tell(results, calendar)
    if results.failures:
        first_failure = results.failures[0]
        say(f"{len(results.failures)} of {runs} runs failed (run {first_failure['run']}: {first_failure['error']}).")
        say(f"{directory / 'manifest.json'} holds each trace; the same command tries them again.")
        raise typer.Exit(1)


def _tell(results: Results, calendar: Calendar) -> None:
    from sim.running.summary import summary

    typer.echo(summary(results, calendar.value))
    typer.echo(f"Tables: {results.directory}")

"""The commands of ``october`` that set histories beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kit import (
    AgentsOption,
    Calendar,
    CalendarOption,
    FormatOption,
    JobsOption,
    LensOption,
    ParametersOption,
    QuietOption,
    SeedOption,
    TableFormat,
    UntilOption,
    cores,
    date_in,
    say,
    scenario_of,
)
from sim.words.identifiers import POSTERIOR

if TYPE_CHECKING:
    from sim.running.plan import Plan
    from sim.running.progress import Report

#: The name that asks for every lens.
ALL = "all"


def compare(
    base: Annotated[
        str,
        typer.Argument(
            help="What the others are set beside: a shipped name or a YAML file; NAME@DATE: left open from that day."
        ),
    ],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="One scenario or more.")],
    runs: Annotated[int, typer.Option(min=1, help="Number of pairs of runs.")] = 20,
    agents: AgentsOption = 20_000,
    seed: SeedOption = 1917,
    jobs: JobsOption = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First date of the tables.")] = None,
    until: UntilOption = None,
    every: Annotated[int, typer.Option(min=1, help="Days between the dates of the tables.")] = 7,
    lens: LensOption = None,
    parameters: ParametersOption = POSTERIOR,
    calendar: CalendarOption = Calendar.os,
    out: Annotated[Path | None, typer.Option(help="Directory. Default: results/BASE-OTHER.")] = None,
    format: FormatOption = TableFormat.parquet,
    quiet: QuietOption = False,
) -> None:
    """Run scenarios with the same luck beside a base, and tell the differences with intervals and odds.

    The past that they share is lived once. The directory holds the differences and a folder of results for each
    scenario, which `october plot` and `october why` read; the same command continues what was interrupted. `--lens all`
    tells which conclusions survive every lens.
    For example: october compare historical no_offensive --runs 50
    """
    from sim.running.compare import Comparing, plans_of
    from sim.running.ensemble import free_directory

    plans = plans_of(
        (base, *others), runs, agents, seed, date_in(until, calendar), every, format.value,
        parameters=parameters, lens=None if lens == ALL else lens, first=date_in(first, calendar),
    )  # fmt: skip
    work = Comparing(plans, out or Path(), jobs or cores())
    name = "-".join(work.folders())
    if lens == ALL:
        _compare_lenses(plans, out or Path("results") / f"{name}-lenses", work.jobs, calendar, quiet)
        return
    if out is None:
        work.directory = free_directory(Path("results") / name, work.identity())
    with _at_work(runs * len(plans), name, quiet) as work.report:
        comparison = work.execute()
    if not quiet and all(comparison.pairs(name) for name in comparison.others):
        typer.echo(comparison.summary(calendar.value))
        typer.echo(f"Tables: {comparison.directory}")
    failed = [failure for results in comparison.results for failure in results.failures]
    if failed:
        say(f"{len(failed)} of {runs * len(plans)} runs failed (run {failed[0]['run']}: {failed[0]['error']}).")
        say(f"The manifests in {work.directory} hold each trace; the same command tries them again.")
        raise typer.Exit(1)


def _compare_lenses(plans: Sequence[Plan], directory: Path, jobs: int, calendar: Calendar, quiet: bool) -> None:
    from sim.running.lenses import UnderEveryLens

    work = UnderEveryLens(plans, directory, jobs=jobs)
    with _at_work(plans[0].runs * len(plans) * len(work.lenses), directory.name, quiet) as work.report:
        table = work.execute()
    if not quiet:
        typer.echo(table.summary(calendar.value))
        typer.echo(f"Tables: {directory}")


@contextmanager
def _at_work(runs: int, title: str, quiet: bool) -> Iterator[Report | None]:
    """A progress bar round long work that may be interrupted."""
    from sim.running.ensemble import Interrupted
    from sim.running.progress import progress

    try:
        with progress(runs, title, quiet) as report:
            yield report
    except Interrupted as stopped:
        raise KeyboardInterrupt(f"interrupted: {stopped}. The same command continues.") from None


def contingency(
    outcome: Annotated[
        str, typer.Option(help="soviet_power, insurrection, a kind such as government_6_jan/NAME, or an event's id.")
    ] = "soviet_power",
    scenario: Annotated[str, typer.Option(help="What holds from each date on; its events are pinned before.")] = "open",
    runs: Annotated[int, typer.Option(min=1, help="Number of runs; each is branched at every date.")] = 20,
    agents: AgentsOption = 20_000,
    seed: SeedOption = 1917,
    jobs: JobsOption = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First date to branch at.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last date to branch at.")] = None,
    every: Annotated[int, typer.Option(min=1, help="Days between the dates.")] = 7,
    until: UntilOption = None,
    lens: LensOption = None,
    parameters: ParametersOption = POSTERIOR,
    calendar: CalendarOption = Calendar.os,
    out: Annotated[Path | None, typer.Option(help="Directory. Default: results/contingency-SCENARIO.")] = None,
    format: FormatOption = TableFormat.parquet,
    quiet: QuietOption = False,
) -> None:
    """When was it still open? The odds of an outcome by the date from which history is left to the model.

    Each run is lived once as recorded and branched at every date; the directory answers for any outcome, and the same
    command continues what was interrupted. For example: october contingency --outcome soviet_power --runs 50
    """
    from sim.inputs.parameter_sets import chosen
    from sim.running import manifest
    from sim.running.branches import Branches, branch_dates
    from sim.running.contingency import Contingency, known_outcome
    from sim.running.ensemble import free_directory
    from sim.running.plan import Plan

    known_outcome(outcome)
    plan = Plan(
        scenario=scenario_of(scenario, lens), runs=runs, agents=agents, seed=seed, until=date_in(until, calendar),
        fmt=format.value, parameters=chosen(parameters),
    )  # fmt: skip
    dates = branch_dates(plan, every, date_in(first, calendar), date_in(last, calendar))
    work = Branches(plan, dates, out or Path(), jobs or cores())
    if out is None:
        work.directory = free_directory(Path("results") / f"contingency-{plan.scenario.name}", work.identity())
    with _at_work(runs, f"{plan.scenario.name} from {len(dates)} dates", quiet) as work.report:
        work.execute()
    if work.finished() and not quiet:
        typer.echo(Contingency(work.directory).summary(outcome, calendar.value))
        typer.echo(f"Tables: {work.directory}")
    failed = list(work.failures.values())
    if failed:
        say(f"{len(failed)} of {runs} runs failed (run {failed[0].run}: {failed[0].error}).")
        say(f"{work.directory / manifest.NAME} holds each trace; the same command tries them again.")
        raise typer.Exit(1)

"""The commands of ``october`` that set histories beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli_kit import (
    AgentsOption,
    Calendar,
    CalendarOption,
    FormatOption,
    JobsOption,
    LensOption,
    QuietOption,
    SeedOption,
    TableFormat,
    UntilOption,
    cores,
    date_in,
    say,
    scenario_of,
)


def compare(
    base: Annotated[str, typer.Argument(help="What the others are set beside: a shipped name or a YAML file.")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="One scenario or more.")],
    runs: Annotated[int, typer.Option(min=1, help="Number of pairs of runs.")] = 20,
    agents: AgentsOption = 20_000,
    seed: SeedOption = 1917,
    jobs: JobsOption = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First date of the tables.")] = None,
    until: UntilOption = None,
    every: Annotated[int, typer.Option(min=1, help="Days between the dates of the tables.")] = 7,
    lens: LensOption = None,
    calendar: CalendarOption = Calendar.os,
    out: Annotated[Path | None, typer.Option(help="Directory. Default: results/BASE-OTHER.")] = None,
    format: FormatOption = TableFormat.parquet,
    quiet: QuietOption = False,
) -> None:
    """Run scenarios with the same luck beside a base, and tell the differences with intervals and odds.

    The past that they share is lived once. The directory holds the differences and a folder of results for each
    scenario, which `october plot` and `october why` read; the same command continues what was interrupted.
    For example: october compare historical no_offensive --runs 50
    """
    from sim.running.compare import Comparing
    from sim.running.ensemble import Interrupted, free_directory
    from sim.running.plan import Plan
    from sim.running.progress import progress

    plans = [
        Plan(
            scenario=scenario_of(name, lens), runs=runs, agents=agents, seed=seed, until=date_in(until, calendar),
            every=every, first=date_in(first, calendar), fmt=format.value,
        )
        for name in (base, *others)
    ]  # fmt: skip
    work = Comparing(plans, out or Path(), jobs or cores())
    if out is None:
        work.directory = free_directory(Path("results") / "-".join(work.folders()), work.identity())
    try:
        with progress(runs * len(plans), " and ".join(work.folders()), quiet) as report:
            work.report = report
            comparison = work.execute()
    except Interrupted as stopped:
        raise KeyboardInterrupt(f"interrupted: {stopped}. The same command continues.") from None
    if not quiet and all(comparison.pairs(name) for name in comparison.others):
        typer.echo(comparison.summary(calendar.value))
        typer.echo(f"Tables: {comparison.directory}")
    failed = [failure for results in comparison.results for failure in results.failures]
    if failed:
        say(f"{len(failed)} of {runs * len(plans)} runs failed (run {failed[0]['run']}: {failed[0]['error']}).")
        say(f"The manifests in {work.directory} hold each trace; the same command tries them again.")
        raise typer.Exit(1)


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
    calendar: CalendarOption = Calendar.os,
    out: Annotated[Path | None, typer.Option(help="Directory. Default: results/contingency-SCENARIO.")] = None,
    format: FormatOption = TableFormat.parquet,
    quiet: QuietOption = False,
) -> None:
    """When was it still open? The odds of an outcome by the date from which history is left to the model.

    Each run is lived once as recorded and branched at every date; the directory answers for any outcome, and the same
    command continues what was interrupted. For example: october contingency --outcome soviet_power --runs 50
    """
    from sim.running import manifest
    from sim.running.branches import Branches, branch_dates
    from sim.running.contingency import Contingency, known_outcome
    from sim.running.ensemble import Interrupted, free_directory
    from sim.running.plan import Plan
    from sim.running.progress import progress

    known_outcome(outcome)
    plan = Plan(
        scenario=scenario_of(scenario, lens), runs=runs, agents=agents, seed=seed, until=date_in(until, calendar),
        fmt=format.value,
    )  # fmt: skip
    dates = branch_dates(plan, every, date_in(first, calendar), date_in(last, calendar))
    work = Branches(plan, dates, out or Path(), jobs or cores())
    if out is None:
        work.directory = free_directory(Path("results") / f"contingency-{plan.scenario.name}", work.identity())
    try:
        with progress(runs, f"{plan.scenario.name} from {len(dates)} dates", quiet) as report:
            work.report = report
            work.execute()
    except Interrupted as stopped:
        raise KeyboardInterrupt(f"interrupted: {stopped}. The same command continues.") from None
    if work.finished() and not quiet:
        typer.echo(Contingency(work.directory).summary(outcome, calendar.value))
        typer.echo(f"Tables: {work.directory}")
    failed = list(work.failures.values())
    if failed:
        say(f"{len(failed)} of {runs} runs failed (run {failed[0].run}: {failed[0].error}).")
        say(f"{work.directory / manifest.NAME} holds each trace; the same command tries them again.")
        raise typer.Exit(1)

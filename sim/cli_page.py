"""The command of ``october`` that makes a page for a class. It reaches the page through the command line's door."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli_kit import AgentsOption, JobsOption, QuietOption, SeedOption, cores, make_parent, say, scenario_of
from sim.words.errors import InputError

if TYPE_CHECKING:
    from sim.running.results import Results


def export(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO...",
            help="Up to six: names, YAML files, or directories written by `run` or `compare`. The first is the base.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PAGE.html", help="The page.")] = Path("lesson.html"),
    runs: Annotated[int, typer.Option(min=2, help="Runs of each scenario.")] = 20,
    agents: AgentsOption = 20_000,
    seed: SeedOption = 1917,
    jobs: JobsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Make one page for a class: it opens from the disk, offline, in any browser, and loads nothing from anywhere.

    Scenarios that are named are run with the same luck and kept in results/; directories are taken as they are.
    For example: october export historical no_offensive -o lesson.html
    """
    from analysis.page.export import MOST, write

    if out.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"'{out}' must end in .html.")
    if len(scenarios) > MOST:
        raise InputError(f"a page holds at most {MOST} scenarios, and {len(scenarios)} were named.")
    named = [one for one in scenarios if not _is_result(one)]
    if named and len(named) < len(scenarios):
        raise InputError("name scenarios or directories of results, not both: their runs would not be paired.")
    if named:
        results = _run(named, runs, agents, seed, jobs or cores(), quiet)
    else:
        results = [found for one in scenarios for found in _read(Path(one))]
    make_parent(out)
    size = write(results, out)
    if not quiet:
        typer.echo(f"Page: {out} ({size / 1e6:.1f} MB, {len(results)} scenarios)")


def _is_result(name: str) -> bool:
    return (Path(name) / "manifest.json").is_file()


def _read(directory: Path) -> list[Results]:
    """The results of a directory: one, or all of a comparison."""
    from sim.running import manifest
    from sim.running.comparison import Comparison
    from sim.running.results import Results

    if manifest.read(directory).get("kind") == "comparison":
        return Comparison(directory).results
    return [Results(directory)]


def _run(names: list[str], runs: int, agents: int, seed: int, jobs: int, quiet: bool) -> list[Results]:
    """Run what was named, paired where there are several; the same command goes on where it was stopped."""
    from sim.running import manifest
    from sim.running.compare import Comparing
    from sim.running.ensemble import Ensemble, Interrupted, free_directory
    from sim.running.plan import Plan
    from sim.running.progress import progress
    from sim.running.results import Results

    plans = [Plan(scenario=scenario_of(name), runs=runs, agents=agents, seed=seed) for name in names]
    base = Path("results")
    try:
        with progress(runs * len(plans), " and ".join(plan.scenario.name for plan in plans), quiet) as report:
            if len(plans) == 1:
                directory = free_directory(base / plans[0].scenario.name, manifest.identity(plans[0]))
                Ensemble(plans[0], directory, jobs, report).execute()
                results = [Results(directory)]
            else:
                work = Comparing(plans, Path(), jobs, report)
                work.directory = free_directory(base / "-".join(work.folders()), work.identity())
                results = work.execute().results
    except Interrupted as stopped:
        raise KeyboardInterrupt(f"interrupted: {stopped}. The same command continues.") from None
    failed = [failure for result in results for failure in result.failures]
    if failed:
        say(f"{len(failed)} of {runs * len(plans)} runs failed and are left out (the first: {failed[0]['error']}).")
    return results

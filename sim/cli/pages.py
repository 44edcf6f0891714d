"""The commands of ``october`` that make a page for a class: they reach it through the command line's door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kit import (
    AgentsOption,
    JobsOption,
    ParametersOption,
    QuietOption,
    SeedOption,
    cores,
    make_parent,
    say,
    scenario_of,
)
from sim.words.errors import InputError
from sim.words.identifiers import DEFAULT, POSTERIOR

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario
    from sim.running.contingency import Contingency
    from sim.running.plan import Plan
    from sim.running.results import Results

LensesOption = Annotated[
    list[str] | None,
    typer.Option(
        "--lens", metavar="NAME", show_default=False,
        help="Reading of 1917: see `october list lenses`. Several, each with its own --lens, stand side by side.",
    ),
]  # fmt: skip
WhyOption = Annotated[bool, typer.Option(help="Split changes by cause: one run of each scenario is lived again.")]


def export(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO...",
            help="Up to six: names, YAML files, or directories written by `run` or `compare`. The first is the base. "
            "A directory written by `contingency` adds its curve.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PAGE.html", help="The page.")] = Path("lesson.html"),
    runs: Annotated[int, typer.Option(min=2, help="Runs of each scenario.")] = 20,
    agents: AgentsOption = 20_000,
    seed: SeedOption = 1917,
    jobs: JobsOption = None,
    lens: LensesOption = None,
    parameters: ParametersOption = POSTERIOR,
    why: WhyOption = True,
    words: Annotated[Path | None, typer.Option(metavar="FILE.json", help="Words in another language.")] = None,
    write_words: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Leave all words of this page in one file, to translate.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Make one page for a class: it opens from the disk, offline, in any browser, and loads nothing from anywhere.

    Scenarios that are named are run with the same luck and kept in results/; a what if is set beside the base left open
    from the same day, which is run too. Directories are taken as they are.
    For example: october export historical no_offensive -o lesson.html
    """
    from analysis.page.export import Words, write

    openness, scenarios = _contingency(scenarios)
    if out.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"'{out}' must end in .html.")
    _refuse_too_many(scenarios, lens)
    said = Words.read(words) if words else Words()
    results = _results(scenarios, runs, agents, seed, jobs or cores(), quiet, parameters, lens)
    make_parent(out)
    size = write(results, out, why=why, contingency=openness, words=said, quiet=quiet)
    if write_words:
        make_parent(write_words)
        said.write(write_words)
    if not quiet:
        typer.echo(f"Page: {out} ({size / 1e6:.1f} MB, {len(results)} scenarios)")


def classroom(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO...]", help="As for `export`. Default: history alone.", show_default=False),
    ] = None,
    runs: Annotated[int, typer.Option(min=2, help="Runs of each scenario; at most 30.")] = 10,
    agents: AgentsOption = 2_000,
    seed: SeedOption = 1917,
    jobs: JobsOption = None,
    lens: LensesOption = None,
    parameters: ParametersOption = POSTERIOR,
    why: WhyOption = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    quiet: QuietOption = False,
) -> None:
    """Serve the page to this machine alone, where a scenario file can be picked or edited, checked and run.

    Open the address that is printed; it holds a secret made at each start. Ctrl-C ends it.
    """
    from analysis.classroom.lesson import Lesson
    from analysis.classroom.server import Classroom
    from analysis.page.export import split

    openness, named = _contingency(scenarios or ["historical"])
    _refuse_too_many(named, lens)
    results = _results(named, runs, agents, seed, jobs or cores(), quiet, parameters, lens)
    work = partial(run_file, base=results[0].asked, parameters=taken_by(results[0], parameters))
    lesson = Lesson(results, work, split if why else None, openness)
    server = Classroom(lesson, port)
    typer.echo(f"Classroom: {server.address}")
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        typer.echo("Classroom closed.")
    finally:
        lesson.close()
        server.server_close()


def taken_by(base: Results, parameters: str) -> str:
    """What a live run takes its parameters from, so that it is paired with a base that was read from a directory."""
    if base.manifest["identity"]["options"]["parameters"] is None:
        return DEFAULT
    return POSTERIOR if base.manifest.get("sets", {}).get("file") == POSTERIOR else parameters


def run_file(
    file: Path, folder: Path, runs: int, agents: int, seed: int, finished: Callable[[int], None], base: Scenario,
    parameters: str = DEFAULT,
) -> None:  # fmt: skip
    """Run a scenario file into a folder; where it leaves events to the model, with the base left open from that day.

    ``finished`` is called after each run with the number of all. For a process of its own.
    """
    from sim.inputs.parameter_sets import chosen
    from sim.running.compare import Comparing
    from sim.running.ensemble import Ensemble
    from sim.running.plan import Plan

    scenario = scenario_of(str(file))
    plan = Plan(scenario, runs=runs, agents=agents, seed=seed, parameters=chosen(parameters))
    beside = [replace(plan, scenario=one) for one in _left_open(base, [scenario])]
    if beside:
        Comparing([*beside, plan], folder, 1, lambda _record: finished(2 * runs)).execute()
    else:
        Ensemble(plan, folder, 1, lambda _record: finished(runs)).execute()


def _left_open(base: Scenario, others: Sequence[Scenario]) -> list[Scenario]:
    """The base left open from each day on which one of the others leaves events to the model, and it does not itself.

    Beside a base that keeps every event on its date, part of what differs would come of leaving history open.
    """
    from sim.history.freedom import free_from
    from sim.inputs.left_open import left_open

    if free_from(base) is not None:
        return []
    # One that names what is free leaves nothing else open: no day of the base is like it.
    asked = [(free_from(one), one.lens) for one in others if one.events.free in ((), "all")]
    found = []
    for since, lens in dict.fromkeys(asked):
        if since is None or f"{base.name}@{since}" in [one.name for one in others]:
            continue
        found.append(left_open(base, since).model_copy(update={"lens": lens}))
    return found


def _is_result(name: str) -> bool:
    return (Path(name) / "manifest.json").is_file()


def _contingency(names: list[str]) -> tuple[Contingency | None, list[str]]:
    """The contingency among what was named, if there is one, and the rest."""
    from sim.running import manifest
    from sim.running.contingency import Contingency

    found = [one for one in names if _is_result(one) and manifest.read(Path(one)).get("kind") == "contingency"]
    if len(found) > 1:
        raise InputError("a page holds one contingency: name one directory of that kind.")
    rest = [one for one in names if one not in found]
    if not rest:
        raise InputError("name a scenario, or a directory written by `run` or `compare`, beside the contingency.")
    return (Contingency(found[0]) if found else None), rest


def _refuse_too_many(scenarios: Sequence[str], lenses: Sequence[str] | None) -> None:
    from analysis.page.export import MOST

    if len(scenarios) * len(lenses or [""]) > MOST:
        under = f" under {len(lenses)} lenses" if lenses and len(lenses) > 1 else ""
        raise InputError(f"a page holds at most {MOST} scenarios, and {len(scenarios)}{under} were named.")


def _results(
    names: list[str], runs: int, agents: int, seed: int, jobs: int, quiet: bool, parameters: str = POSTERIOR,
    lenses: Sequence[str] | None = None,
) -> list[Results]:  # fmt: skip
    """Results of what was named: run now, under each lens that is named, or read from directories."""
    from sim.inputs.parameter_sets import chosen
    from sim.running import vocabulary
    from sim.running.plan import Plan

    to_run = [one for one in names if not _is_result(one)]
    if to_run and len(to_run) < len(names):
        raise InputError("name scenarios or directories of results, not both: their runs would not be paired.")
    if to_run:
        under: Sequence[str | None] = list(dict.fromkeys(lenses)) if lenses else [None]
        values = chosen(parameters)
        found: list[Results] = []
        for lens in under:
            seen = [vocabulary.under(vocabulary.load(one), lens) for one in to_run]
            seen += _left_open(seen[0], seen[1:])
            plans = [Plan(one, runs=runs, agents=agents, seed=seed, parameters=values) for one in seen]
            found += _run(plans, jobs, quiet)
        return found
    if lenses:
        raise InputError("--lens is for scenarios that are named: a directory holds the lens that it was run under.")
    return [found for one in names for found in _read(Path(one))]


def _read(directory: Path) -> list[Results]:
    """The results of a directory: one, or all of a comparison."""
    from sim.running import manifest
    from sim.running.comparison import Comparison
    from sim.running.results import Results

    if manifest.read(directory).get("kind") == "comparison":
        return Comparison(directory).results
    return [Results(directory)]


def _run(plans: list[Plan], jobs: int, quiet: bool) -> list[Results]:
    """Run what was asked, paired where there are several; the same command goes on where it was stopped."""
    from sim.running import manifest
    from sim.running.compare import Comparing
    from sim.running.ensemble import Ensemble, Interrupted, free_directory
    from sim.running.progress import progress
    from sim.running.results import Results

    runs, lens = plans[0].runs, plans[0].scenario.lens
    base, under = Path("results"), f"-{lens}" if lens else ""
    title = " and ".join(plan.scenario.name for plan in plans) + (f", {lens}" if lens else "")
    try:
        with progress(runs * len(plans), title, quiet) as report:
            if len(plans) == 1:
                directory = free_directory(base / f"{plans[0].scenario.name}{under}", manifest.identity(plans[0]))
                Ensemble(plans[0], directory, jobs, report).execute()
                results = [Results(directory)]
            else:
                work = Comparing(plans, Path(), jobs, report)
                work.directory = free_directory(base / ("-".join(work.folders()) + under), work.identity())
                results = work.execute().results
    except Interrupted as stopped:
        raise KeyboardInterrupt(f"interrupted: {stopped}. The same command continues.") from None
    failed = [failure for result in results for failure in result.failures]
    if failed:
        say(f"{len(failed)} of {runs * len(plans)} runs failed and are left out (the first: {failed[0]['error']}).")
    return results

"""The command line, ``october``. Thin: each command reads its options, calls the layer that does it, tells the result.

What a command needs is imported inside it, so that help, lists and checks answer at once. Exit codes: 0 done, 1 our
fault (or a failed run), 2 the user's input is wrong, 130 interrupted with what was finished kept.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim import __version__
from sim.cli_compare import compare, contingency
from sim.cli_kit import (
    Calendar,
    CalendarOption,
    Debugging,
    FigureSize,
    LensOption,
    ParametersOption,
    TableFormat,
    cores,
    date_in,
    guarded,
    known_suffix,
    make_parent,
    say,
    scenario_of,
    show,
)
from sim.cli_page import classroom, export
from sim.cli_sensitivity import sensitivity
from sim.cli_why import why
from sim.listings import LISTINGS, Listing
from sim.words.errors import InputError
from sim.words.identifiers import DEFAULT, POSTERIOR

if TYPE_CHECKING:
    from sim.running.results import Results

app = typer.Typer(
    help="October 1917: a model of the Russian Revolution, for asking what would have followed had it gone otherwise.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class FigureKind(StrEnum):
    """Kinds of figures."""

    strata = "strata"
    places = "places"
    parties = "parties"
    policy = "policy"
    seats = "seats"
    regions = "regions"
    actions = "actions"
    elections = "elections"
    power = "power"
    scorecard = "scorecard"
    differences = "differences"
    odds = "odds"
    histories = "histories"
    contingency = "contingency"
    timeline = "timeline"


class PanelOf(StrEnum):
    """What a panel of the figure 'policy' shows."""

    stratum = "stratum"
    place = "place"


What = StrEnum("What", {name: name for name in LISTINGS})  # type: ignore[misc]

def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"october {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the trace of an internal error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Options of every command."""
    Debugging.on = debug


@app.command()
@guarded
def run(
    scenario: Annotated[str, typer.Argument(help="A shipped name (see `october list scenarios`) or a YAML file.")],
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


app.command()(guarded(compare))
app.command()(guarded(contingency))
app.command()(guarded(export))
app.command()(guarded(classroom))
app.command()(guarded(why))
app.command()(guarded(sensitivity))


@app.command()
@guarded
def plot(
    directories: Annotated[
        list[Path], typer.Argument(metavar="RESULT_DIR...", help="Written by `run`, `compare` or `contingency`.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The figure: PNG, SVG or PDF by its suffix.")] = Path(
        "figure.png"
    ),
    kind: Annotated[
        FigureKind | None,
        typer.Option(
            help="strata, places, parties: whom people follow; policy: support for soviet power beside a party; "
            "seats: soviets and congresses; regions; actions: month by month; elections: model and evidence; "
            "power: whose orders are obeyed; scorecard: a worksheet; timeline: when each event came. Of a comparison: "
            "differences, odds in dots, single histories. Of a contingency: contingency. Default: what the directory "
            "holds."
        ),
    ] = None,
    size: Annotated[
        FigureSize, typer.Option(help="slide 16:9, page (17.8 cm wide) or poster (A1).")
    ] = FigureSize.slide,
    place: Annotated[
        list[str] | None,
        typer.Option(
            help="A place, a whole (petrograd, volga, fronts) or a pattern (*/villages); may be given again for places."
        ),
    ] = None,
    stratum: Annotated[str | None, typer.Option(help="Only the people of one stratum.")] = None,
    party: Annotated[list[str] | None, typer.Option(help="Only this party; may be given again.")] = None,
    by: Annotated[PanelOf | None, typer.Option(help="policy: what a panel is. Default: stratum.")] = None,
    body: Annotated[list[str] | None, typer.Option(help="seats: this body; may be given again.")] = None,
    action: Annotated[list[str] | None, typer.Option(help="actions: only this one; may be given again.")] = None,
    target: Annotated[
        str | None, typer.Option(help="elections: bolshevik, sr, menshevik, right, kadet, or 'for' (soviet power).")
    ] = None,
    other: Annotated[str | None, typer.Option(help="differences: this scenario of several.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="odds, contingency: this outcome; may be given again.")
    ] = None,
    event: Annotated[list[str] | None, typer.Option(help="timeline: this event; may be given again.")] = None,
    calendar: CalendarOption = Calendar.os,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Draw a figure from saved results: curves with the spread of runs, events marked, both calendars.

    For example: october plot results/historical --kind policy --size page -o policy.svg
    """
    from analysis.plots.kinds import draw, save
    from sim.running.opening import opened

    known_suffix(out)
    asked: dict[str, Any] = {
        "place": place[0] if place and len(place) == 1 else place, "stratum": stratum, "parties": party,
        "by": by and by.value, "body": body, "action": action, "target": target, "other": other, "outcome": outcome,
        "event": event,
    }  # fmt: skip
    options = {name: value for name, value in asked.items() if value}
    results = [opened(directory) for directory in directories]
    figure = draw(*results, kind=kind and kind.value, size=size.value, calendar=calendar.value, **options)
    make_parent(out)
    save(figure, out)
    if not quiet:
        typer.echo(f"Figure: {out}")


@app.command()
@guarded
def scorecard(
    directory: Annotated[Path, typer.Argument(metavar="RESULT_DIR", help="A directory written by `run`.")],
    calendar: CalendarOption = Calendar.os,
) -> None:
    """Print the worksheet of the debate over October: questions, measured quantities, both readings, no total."""
    from rich.console import Console

    from analysis.answers.scorecard import tell
    from sim.running.results import Results

    tell(Results(directory), Console() if sys.stdout.isatty() else Console(width=150), calendar.value)


@app.command(name="list")
@guarded
def list_(
    what: Annotated[What, typer.Argument(metavar="WHAT", help=f"One of {', '.join(LISTINGS)}.")],
    calendar: CalendarOption = Calendar.os,
) -> None:
    """List scenarios, places, events, parameters, or the order of a day."""
    show(LISTINGS[what.value](calendar.value))


@app.command()
@guarded
def check(
    file: Annotated[Path | None, typer.Argument(help="A scenario file.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of scenario files instead.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Check a scenario file: every error with file, line, column and what was expected."""
    from sim.running.vocabulary import problems, schema_text

    if schema:
        typer.echo(schema_text(), nl=False)
        return
    if file is None:
        raise InputError("no file to check. Expected `october check FILE` or `october check --schema`.")
    found = problems(file)
    for problem in found:
        typer.echo(str(problem), err=True)
    if found:
        raise typer.Exit(2)
    if not quiet:
        typer.echo(f"{file}: no errors")


@app.command()
@guarded
def explain(
    scenario: Annotated[str, typer.Argument(help="A shipped name or a YAML file.")],
    lens: LensOption = None,
    parameters: ParametersOption = POSTERIOR,
) -> None:
    """Show the effective scenario: each value with the file and line that set it, each parameter that runs draw."""
    from sim.inputs.parameter_sets import chosen
    from sim.inputs.parameter_sets import origins as drawn
    from sim.inputs.scenario_file import explain as origins

    asked = scenario_of(scenario, lens)
    drawn_rows = drawn(chosen(parameters), asked)
    found = [*origins(asked), *drawn_rows]
    rows = [(key, str(value), f"{file}:{line}" if line else file) for key, value, file, line in found]
    note = "A set goes over the lens, the scenario over both: rows of it replace those of 'lens.parameters'."
    show(Listing(("key", "value", "set in"), rows, note=note if drawn_rows else ""))


@app.command()
@guarded
def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario; the file is NAME.yaml.")],
    source: Annotated[str, typer.Option("--from", metavar="SCENARIO", help="What it builds on.")] = "historical",
) -> None:
    """Start a commented scenario file in the current folder."""
    from sim.inputs.starter import starter

    path = Path(f"{name.removesuffix('.yaml')}.yaml")
    scenario_of(source)
    text = starter(name.removesuffix(".yaml"), source)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path} exists already. Choose another name.") from None
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror}.") from None
    typer.echo(f"{path}: edit it, then `october check {path}` and `october run {path}`")


@app.command()
@guarded
def calibrate(
    name: Annotated[str, typer.Argument(help="Name of the fit; the file is NAME.yaml.")] = "fit",
    runs: Annotated[int, typer.Option(min=1, help="Runs for each point tried.")] = 2,
    agents: Annotated[int, typer.Option(min=1, help="Simulated people in each run.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the search and of the runs.")] = 1917,
    restarts: Annotated[int, typer.Option(min=1, help="Searches from different points: each gives a mode.")] = 3,
    generations: Annotated[int, typer.Option(min=1, help="Steps of each search.")] = 40,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes. Default: one for each core.")] = None,
    out: Annotated[Path, typer.Option(help="Directory of the fit.")] = Path("analysis/fits"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Fit the parameters marked calibrated to the evidence marked calibrate, and to nothing else.

    The history stands in results/calibrate/NAME.csv; the same command goes on where an interrupted one stopped.
    """
    from analysis.inference.calibrate import Setting, calibrate

    setting = Setting(agents, runs, seed, restarts, generations)
    fit, path = calibrate(name, setting, jobs=jobs or cores(), out=out, quiet=quiet)
    if not quiet:
        for mode in fit.modes:
            typer.echo(f"restart {mode.restart}: loss {mode.loss:.2f}, Bolshevik error {mode.bolshevik:.2f} points")
        typer.echo(f"Fit: {path}")


@app.command()
@guarded
def validate(
    quick: Annotated[bool, typer.Option("--quick", help="4 runs with the declared values instead of 40 sets.")] = False,
    sets: Annotated[int, typer.Option(min=1, help="Sets of parameters, spread over the file, each run once.")] = 40,
    parameters: ParametersOption = POSTERIOR,
    lens: LensOption = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs of --quick, or with --fit or one set of values.")] = 4,
    agents: Annotated[int, typer.Option(min=1, help="Simulated people in each run.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all chance.")] = 1917,
    fit: Annotated[Path | None, typer.Option(help="A fit by `calibrate`, instead of sets.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes. Default: one for each core.")] = None,
    log_look: Annotated[
        bool | None, typer.Option(help="Log that held-out figures were looked at. Default: where it can be written.")
    ] = None,
    figures: Annotated[bool | None, typer.Option(help="Write figures. Default: unless --quick.")] = None,
    out: Annotated[Path, typer.Option(help="Directory of what is written.")] = Path("results/validation"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Compare with the evidence: contests, errors, intervals, rivals, the patterns of the year. Some minutes."""
    from rich.console import Console

    from analysis.inference.calibrate import read_fit
    from analysis.validation import comparison as validation
    from analysis.validation.kept import write
    from analysis.validation.told import tell

    if quick or fit or parameters == DEFAULT:
        setting = validation.Setting(runs, agents, seed, tuple(read_fit(fit).items()) if fit else ())
    else:
        setting = validation.over_sets(agents, seed, parameters, lens, sets)
    report = validation.validate(setting, jobs or cores(), quiet)
    written = [write(report, out)]
    if figures if figures is not None else not quick:
        from analysis.plots.validation import save

        written += save(report, out)
    if not quiet:
        tell(report, Console() if sys.stdout.isatty() else Console(width=170))
        typer.echo(f"\nWritten: {', '.join(map(str, written))}")
    if log_look is not False:
        looks = validation.log_look(report, must=log_look is True)
        typer.echo(f"Looks at held-out figures so far: {looks}", err=True)


# --- helpers -------------------------------------------------------------------------------------------------------


def _tell(results: Results, calendar: Calendar) -> None:
    from sim.running.summary import summary

    typer.echo(summary(results, calendar.value))
    typer.echo(f"Tables: {results.directory}")


def main() -> None:
    """The entry point of ``october``."""
    app()


if __name__ == "__main__":
    main()

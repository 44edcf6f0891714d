"""The commands that fit the model to the evidence and compare it with the evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.kit import LensOption, ParametersOption, cores
from sim.words.identifiers import DEFAULT, POSTERIOR


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

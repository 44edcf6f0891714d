"""Ways to run a scenario that tests of the classroom hand to it: at once, for ever, or into the ground."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import page_kit

import sim
from analysis.page.reasons import Split


def at_once(file: Path, folder: Path, runs: int, agents: int, seed: int, finished: Callable[[int], None]) -> None:
    """Hand out the runs that the test page was made of."""
    for _ in range(runs):
        finished(runs)
    shutil.copytree(page_kit.folder() / "results" / "no_offensive", folder)


def split_before(results: sim.Results, run: int) -> Split:
    """The split by cause that the test page was made of."""
    names = [result.scenario for result in page_kit.results()]
    return page_kit.splits()[names.index(results.scenario)]


def for_ever(file: Path, folder: Path, runs: int, agents: int, seed: int, finished: Callable[[int], None]) -> None:
    """Finish one run and no other."""
    folder.mkdir(parents=True)
    finished(runs)
    time.sleep(600)


def into_the_ground(*asked: object) -> None:
    """Fail as a program does."""
    raise ZeroDivisionError("by a test")

"""Ways to run a scenario that tests of the classroom hand to it: at once, for ever, or into the ground."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import page_kit


def at_once(file: Path, folder: Path, runs: int, agents: int, seed: int, finished: Callable[[], None]) -> None:
    """Hand out the runs that the test page was made of."""
    for _ in range(runs):
        finished()
    shutil.copytree(page_kit.folder() / "results" / "no_offensive", folder)


def for_ever(file: Path, folder: Path, runs: int, agents: int, seed: int, finished: Callable[[], None]) -> None:
    """Finish one run and no other."""
    folder.mkdir(parents=True)
    finished()
    time.sleep(600)


def into_the_ground(file: Path, folder: Path, runs: int, agents: int, seed: int, finished: Callable[[], None]) -> None:
    """Fail as a program does."""
    raise ZeroDivisionError("by a test")

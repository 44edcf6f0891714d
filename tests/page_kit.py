"""A small page for tests: history and one other scenario, three paired runs, made once for all test processes."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import tempfile
import time
from functools import lru_cache
from pathlib import Path

import sim
from analysis.page.export import split, write
from analysis.page.reasons import Split
from analysis.page.words import Words
from sim.running import store

AGENTS, RUNS = 1_500, 3
_PATIENCE = 240.0
#: Folders of earlier test runs are removed after so many seconds.
_FORGOTTEN = 3600.0


@lru_cache(maxsize=1)
def folder() -> Path:
    """The folder of the comparison and its page; the first process makes it, the others wait."""
    # Kept in the environment, so that a process started by a test finds the page instead of making its own.
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID") or os.environ.setdefault("OCTOBER_TEST_PAGE", str(os.getpid()))
    place = Path(tempfile.gettempdir()) / f"october1917-page-{session}"
    done = place / "done"
    try:
        place.mkdir()
    except FileExistsError:
        until = time.monotonic() + _PATIENCE
        while not done.exists():
            if time.monotonic() > until:
                raise TimeoutError("the page of the tests was not made in time") from None
            time.sleep(0.2)
        return place
    for old in place.parent.glob("october1917-page-*"):
        if time.time() - old.stat().st_mtime > _FORGOTTEN:
            shutil.rmtree(old, ignore_errors=True)
    made = sim.compare(
        "historical", "no_offensive", runs=RUNS, agents=AGENTS, out=place / "results", parameters="default"
    ).results
    splits = [split(result) for result in made]
    (place / "splits").write_bytes(pickle.dumps(splits))
    words = Words()
    write(made, place / "lesson.html", why=splits, words=words)
    words.write(place / "words.json")
    done.touch()
    return place


def page() -> Path:
    """The page on the disk."""
    return folder() / "lesson.html"


def results() -> list[sim.Results]:
    """What it was made of."""
    return sim.Comparison(folder() / "results").results


def splits() -> list[Split]:
    """Their changes split by cause."""
    return list(pickle.loads((folder() / "splits").read_bytes()))


def left_open(result: sim.Results, since: str) -> sim.Results:
    """The same tables, said to be of the scenario left open from a day."""
    told = json.loads(json.dumps(result.manifest))
    told["scenario"]["name"] += f"@{since}"
    told["scenario"]["text"] += f'\ndivergence: "{since}"\n'
    return sim.Results(tables={table: result.arrow(table) for table in store.TABLES}, told=told)


def under(result: sim.Results, lens: str) -> sim.Results:
    """The same tables, said to have been made under a lens."""
    told = json.loads(json.dumps(result.manifest))
    told["scenario"]["text"] += f"\nlens: {lens}\n"
    return sim.Results(tables={table: result.arrow(table) for table in store.TABLES}, told=told)

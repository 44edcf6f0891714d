"""One lesson: the base, what was run since, the job at work. It knows nothing of the web."""

from __future__ import annotations

import multiprocessing
import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import sim
from analysis.page.build import build
from analysis.page.data import MOST, is_left_open, payload
from analysis.page.reasons import Split
from analysis.page.told import lens_of, open_since

#: Largest scenario file, bytes.
LARGEST_FILE = 100_000
#: Most runs and simulated people of a live page: a class does not wait longer.
MOST_RUNS, MOST_AGENTS = 30, 5_000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Runs a scenario file: (file, folder of the result or of a comparison, runs, agents, seed, what to call after each run
#: with the number of all).
Work = Callable[[Path, Path, int, int, int, Callable[[int], None]], None]
#: Splits what moved people by cause: (results, run), as :func:`analysis.page.reasons.split`.
Why = Callable[[sim.Results, int], Split]


@dataclass
class Job:
    """A scenario being run in a process of its own."""

    name: str
    folder: Path
    asked: int
    process: Any
    progress: Connection
    done: int = 0
    stage: str = "runs"
    splits: list[Split] = field(default_factory=list)
    status: str = "running"
    message: str = ""


def _child(
    work: Work, why: Why | None, run: int, file: Path, folder: Path, base: tuple[int, int, int], progress: Connection
) -> None:
    """What the process does: tell each finished run, hand over a split of each result, then 'done' or what is wrong."""
    try:
        work(file, folder, *base, progress.send)
        if why is not None:
            progress.send("why")
            with suppress(sim.InputError):
                for results in _read(folder):
                    progress.send(why(results, run))
        progress.send("done")
    except sim.InputError as error:
        progress.send(f"wrong: {error}")
    except Exception as error:
        progress.send(f"wrong: internal error, our fault: {type(error).__name__}: {error}")


class Lesson:
    """The results of a page, and at most one job. Methods may be called from several threads.

    With ``why`` changes are split by cause: of what there is already at once, of a new scenario after its runs.
    """

    def __init__(
        self, results: list[sim.Results], work: Work, why: Why | None = None, contingency: sim.Contingency | None = None
    ):
        options = results[0].manifest["identity"]["options"]
        self.results = list(results)
        self.base = (len(results[0].runs), int(options["agents"]), int(options["seed"]))
        if self.base[0] > MOST_RUNS or self.base[1] > MOST_AGENTS:
            raise sim.InputError(
                f"a live page takes at most {MOST_RUNS} runs of {MOST_AGENTS:,} simulated people: make a page with "
                "`october export` instead."
            )
        self._work, self._why, self._contingency = work, why, contingency
        self._run = results[0].runs[0]
        self._splits = {_known_by(result): why(result, self._run) for result in results} if why else {}
        self._job: Job | None = None
        self._lock = threading.RLock()
        self._page: str | None = None
        self._folder = Path(tempfile.mkdtemp(prefix="october1917-classroom-"))

    def page(self) -> str:
        """The page of what there is now."""
        with self._lock:
            if self._page is None:
                splits = [self._splits.get(_known_by(result)) for result in self.results]
                self._page = build(payload(self.results, why=splits, contingency=self._contingency), live=True)
            return self._page

    def problems(self, name: str, text: str) -> list[str]:
        """What is wrong with a scenario file, in the words of `october check`; empty when nothing is."""
        return self._checked(name, text)[1]

    def start(self, name: str, text: str) -> list[str]:
        """Run a scenario file. Returns what is wrong with it, or nothing once it runs.

        Raises :class:`sim.InputError` while another runs.
        """
        with self._lock:
            if self.state()["status"] == "running":
                raise sim.InputError("a scenario is running; wait for it or cancel it.")
            file, problems = self._checked(name, text)
            if problems:
                return problems
            folder = Path(tempfile.mkdtemp(prefix="result-", dir=self._folder)) / name
            context = multiprocessing.get_context("spawn")
            mine, theirs = context.Pipe(duplex=False)
            given = (self._work, self._why, self._run, file, folder, self.base, theirs)
            process = context.Process(target=_child, args=given, daemon=True)
            process.start()
            theirs.close()
            self._job = Job(name, folder, self.base[0], process, mine)
            return []

    def state(self) -> dict[str, Any]:
        """How far the job is: status (idle, running, done, failed, cancelled), stage (runs, why), done of asked."""
        with self._lock:
            job = self._job
            if job is None:
                return {"status": "idle", "name": "", "done": 0, "asked": 0, "stage": "", "message": ""}
            self._listen(job)
            return {"status": job.status, "name": job.name, "done": job.done, "asked": job.asked, "stage": job.stage,
                    "message": job.message}  # fmt: skip

    def cancel(self) -> None:
        """Stop the job, if one runs; nothing of it is kept."""
        with self._lock:
            job = self._job
            if job is not None and job.status == "running":
                self._end(job)
                job.status = "cancelled"

    def close(self) -> None:
        """Stop what runs and remove what was written."""
        self.cancel()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _checked(self, name: str, text: str) -> tuple[Path, list[str]]:
        """The file of a scenario, and every problem of it with file, line and column."""
        if not _NAME.fullmatch(name):
            return self._folder, ["The name of a scenario is of small letters, digits and '_', at most 40."]
        if len(text.encode()) > LARGEST_FILE:
            return self._folder, [f"A scenario file has at most {LARGEST_FILE:,} bytes."]
        if any(result.scenario == name for result in self.results[:1]):
            return self._folder, [f"'{name}' is the base of this page: choose another name."]
        place = Path(tempfile.mkdtemp(prefix="file-", dir=self._folder))
        file = place / f"{name}.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            scenario = sim.load(file)
        except sim.InputError as error:
            return file, [line.replace(f"{place}/", "").replace(f"{place}\\", "") for line in _lines(error)]
        if scenario.extends is not None and not _NAME.fullmatch(scenario.extends):
            return file, [f"{name}.yaml: on a live page a scenario extends a shipped one, not a file."]
        return file, []

    def _listen(self, job: Job) -> None:
        """Take in what the process has told since."""
        while job.status == "running":
            try:
                if not job.progress.poll():
                    if job.process.is_alive():
                        return
                    if not job.progress.poll():
                        self._fail(job, f"the process ended with exit code {job.process.exitcode}")
                        return
                word = job.progress.recv()
            except (EOFError, OSError):
                self._fail(job, f"the process ended with exit code {job.process.exitcode}")
                return
            if isinstance(word, Split):
                job.splits.append(word)
            elif isinstance(word, int):
                job.done, job.asked = job.done + 1, word
            elif word == "why":
                job.stage = "why"
            elif word == "done":
                self._keep(job)
            else:
                self._fail(job, str(word).removeprefix("wrong: "))

    def _keep(self, job: Job) -> None:
        """Put the job's results on the page, in place of an earlier run of that name or of the oldest."""
        *beside, new = _read(job.folder)
        for results in (*beside, new):
            if not results.runs:
                self._fail(job, str(results.failures[0]["error"]) if results.failures else "no run was finished")
                return
        for results in (*beside, new):
            self._splits.pop(_known_by(results), None)
        self._splits |= {_known_by(one): split for one, split in zip((*beside, new), job.splits, strict=False)}
        first, *others = self.results
        taken = {_known_by(one) for one in (*beside, new)}
        kept = [one for one in others if _known_by(one) not in taken]
        asked = [one for one in kept if not is_left_open(one, first.scenario)][-(MOST - 2) :]
        bases = [one for one in kept if is_left_open(one, first.scenario)]
        self.results = [first, *asked, *_needed(bases, asked, first.scenario), new, *beside]
        self._page = None
        job.status = "done"
        job.process.join(timeout=5)

    def _fail(self, job: Job, message: str) -> None:
        job.status, job.message = "failed", message
        self._end(job)

    def _end(self, job: Job) -> None:
        job.process.terminate()
        job.process.join(timeout=5)
        if job.process.is_alive():
            job.process.kill()
        job.progress.close()
        shutil.rmtree(job.folder.parent, ignore_errors=True)


def _read(folder: Path) -> list[sim.Results]:
    """What a job left: one result, or the results of a comparison, of which the last is the new one."""
    if (folder / "manifest.json").is_file() and not any(folder.glob("*/manifest.json")):
        return [sim.Results(folder)]
    return sim.Comparison(folder).results


def _needed(bases: list[sim.Results], asked: list[sim.Results], first: str) -> list[sim.Results]:
    """The bases left open that one of the scenarios is set beside."""
    wanted = {(f"{first}@{open_since(one)}", lens_of(one)) for one in asked}
    return [base for base in bases if _known_by(base) in wanted]


def _known_by(results: sim.Results) -> tuple[str, str]:
    return results.scenario, lens_of(results)


def _lines(error: sim.InputError) -> list[str]:
    problems = getattr(error, "problems", None)
    return [str(problem) for problem in problems] if problems else [str(error)]

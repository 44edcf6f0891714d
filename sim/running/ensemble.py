"""Many runs of one scenario into one result directory: spread, resumed, interrupted, and put together.

The same plan gives the same bytes in every table, for any number of processes and however often it was stopped and
continued. The manifest tells the times and is therefore never the same twice.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sim.running import manifest, store
from sim.running.plan import Plan
from sim.running.pool import Lost, spread
from sim.running.progress import Report
from sim.running.single import RunRecord, lost, perform
from sim.words.errors import InputError

Status = Literal["running", "finished", "interrupted"]

_LOG = logging.getLogger("october1917")
#: Enough people for every group to stand, few enough to be done in a moment.
_WARM_AGENTS = 2_000


class Interrupted(KeyboardInterrupt):
    """The work was stopped from the keyboard; what was finished has been written."""

    def __init__(self, directory: Path, finished: int, asked: int):
        super().__init__(f"{finished} of {asked} runs are finished and kept in {directory}")
        self.directory, self.finished, self.asked = directory, finished, asked


@dataclass
class Ensemble:
    """One plan at work in one directory."""

    plan: Plan
    directory: Path
    jobs: int = 1
    report: Report | None = None
    records: dict[int, RunRecord] = field(default_factory=dict)
    begun: float = field(default_factory=time.perf_counter)
    earlier_seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise InputError(f"--jobs {self.jobs} is below 1.")

    def execute(self) -> None:
        """Do the runs that are missing, then write the tables and the manifest.

        Raises :class:`Interrupted` after writing what was finished when Ctrl-C is pressed, and
        :class:`~sim.words.errors.InputError` when a run finds the user's input wrong.
        """
        fresh = not self.directory.exists() or not any(self.directory.iterdir())
        complete = self.resume()
        missing = self.missing()
        if not missing:
            if not complete:
                self.close("finished")
            return
        self.write("running")
        try:
            if self.jobs > 1 and len(missing) > 1:
                warm(self.plan)
            for record in self._answers(missing):
                self.keep(record)
        except KeyboardInterrupt:
            self.close("interrupted")
            raise Interrupted(self.directory, len(self.finished()), self.plan.runs) from None
        except InputError:
            if fresh and not self.finished():
                self.leave_no_trace()
            else:
                self.close("interrupted")
            raise
        self.close("finished")

    def missing(self) -> list[int]:
        """Runs asked for that are not finished (a failed run is tried again)."""
        done = self.finished()
        return [run for run in range(self.plan.runs) if run not in done]

    def finished(self) -> set[int]:
        """Runs whose tables are kept."""
        return {run for run, record in self.records.items() if record.status == "finished"}

    def failed(self) -> list[RunRecord]:
        """Records of the runs that failed, in order."""
        return [self.records[run] for run in sorted(self.records) if self.records[run].status == "failed"]

    def resume(self) -> bool:
        """Take over what an earlier call left in the directory, or refuse when it was other work.

        Returns whether that call had put its tables together.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        if not (self.directory / manifest.NAME).exists():
            if any(self.directory.iterdir()):
                raise InputError(f"{self.directory} is not empty and not a result directory. Choose another --out.")
            return False
        old = manifest.read(self.directory)
        unlike = manifest.differences(old["identity"], manifest.identity(self.plan))
        if unlike:
            lines = "\n  ".join(unlike)
            raise InputError(
                f"{self.directory} holds runs of other work, which can't be continued with what is asked now:"
                f"\n  {lines}\nChoose another --out, or remove the directory."
            )
        self.records = {record.run: record for record in manifest.records(old) if record.status == "finished"}
        self._take_in_parts()
        self.earlier_seconds = float(old["wall_seconds"])
        return bool(old["status"] == "finished")

    def leave_no_trace(self) -> None:
        """Take away an empty result directory that a wrong input would have left behind."""
        store.clear_parts(self.directory)
        (self.directory / manifest.NAME).unlink(missing_ok=True)
        self.directory.rmdir()

    def _answers(self, missing: list[int]) -> Iterator[RunRecord]:
        work = partial(perform, self.plan, self.directory)
        if self.jobs == 1 or len(missing) == 1:
            yield from map(work, missing)
            return
        for run, answer in spread(work, missing, self.jobs):
            if isinstance(answer, Lost):
                answer = lost(self.plan, run, answer.exit_code)
            yield answer

    def _take_in_parts(self) -> None:
        """Know the runs whose tables wait on file, also those whose process was stopped before it could answer."""
        waiting = (RunRecord(**json.loads(text)) for text in store.parts(self.directory).values())
        self.records |= {record.run: record for record in waiting}

    def keep(self, record: RunRecord) -> None:
        """Take in what became of a run. Raises :class:`InputError` when the user's input was wrong."""
        if record.users_fault:
            raise InputError(record.error)
        self.records[record.run] = record
        if self.report is not None:
            self.report(record)

    def close(self, status: Status) -> None:
        """Put the tables together, then tell so in the manifest, and only then drop the parts."""
        self._take_in_parts()
        rows = store.merge(self.directory, self.plan.fmt, self.finished())
        self.write(status, rows)
        store.clear_parts(self.directory)

    def write(self, status: Status, rows: dict[str, int] | None = None) -> None:
        """Write the manifest as of now."""
        seconds = self.earlier_seconds + time.perf_counter() - self.begun
        content = manifest.compose(self.plan, self.records.values(), status, seconds, self.jobs, rows)
        manifest.write(self.directory, content)


def warm(plan: Plan) -> None:
    """Compile the kernels once, here, before workers would all compile the same."""
    try:
        until = min(plan.scenario.start + timedelta(days=1), plan.last_day)
        plan.build(0, agents=min(plan.agents, _WARM_AGENTS), until=until).run()
    except InputError:
        raise
    except Exception:
        # The runs themselves will meet the same trouble and keep a record of it.
        _LOG.debug("the run that warms the kernels' cache failed", exc_info=True)


def free_directory(base: Path, wanted: dict[str, Any]) -> Path:
    """``base``, or ``base-2``, ``base-3`` ...: the first that is free or holds work of this very identity."""
    candidates = [base, *(base.with_name(f"{base.name}-{n}") for n in range(2, 1000))]
    for candidate in candidates:
        if not candidate.exists() or (candidate.is_dir() and not any(candidate.iterdir())):
            return candidate
        if (candidate / manifest.NAME).is_file() and manifest.read(candidate)["identity"] == wanted:
            return candidate
    raise InputError(f"{base} and 998 more names like it are taken. Choose another place with --out.")

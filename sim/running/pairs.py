"""Paired ensembles: one base and others with the same seeds; what base and other have in common is lived once.

A task is one run of all scenarios that still lack it. The base lives its days, leaves a checkpoint on the eve of each
parting, and the others take it up there. A scenario without a past in common, or that never parts, is run from its
start: the tables are the same bytes either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sim.history.parting import own_past, parting
from sim.running import manifest
from sim.running.ensemble import Ensemble, Interrupted, Status, warm
from sim.running.plan import Plan
from sim.running.pool import Lost, spread
from sim.running.progress import Report
from sim.running.single import RunRecord, lost, perform
from sim.words.errors import InputError

#: A run, and the places in the list of plans that still lack it.
Task = tuple[int, tuple[int, ...]]
Answers = list[tuple[int, RunRecord]]


@dataclass
class Pairs:
    """Several plans at work, each in a folder of its own under one directory. The first is the base."""

    plans: Sequence[Plan]
    folders: Sequence[Path]
    jobs: int = 1
    report: Report | None = None
    ensembles: list[Ensemble] = field(init=False)

    def __post_init__(self) -> None:
        asked = {(plan.runs, plan.agents, plan.seed, plan.every, plan.model) for plan in self.plans}
        if len(asked) != 1:
            raise ValueError("paired plans must ask for the same runs, people, seed and spacing of records")
        self.ensembles = [
            Ensemble(plan, folder, self.jobs) for plan, folder in zip(self.plans, self.folders, strict=True)
        ]

    def execute(self) -> None:
        """Do the runs that are missing, then write each scenario's tables and manifest.

        Raises :class:`Interrupted` after writing what was finished when Ctrl-C is pressed, and
        :class:`~sim.words.errors.InputError` when a run finds the user's input wrong.
        """
        fresh = [not e.directory.exists() or not any(e.directory.iterdir()) for e in self.ensembles]
        for ensemble in self.ensembles:
            ensemble.directory.parent.mkdir(parents=True, exist_ok=True)
        whole = [ensemble.resume() for ensemble in self.ensembles]
        tasks = self.tasks()
        at_work = sorted({i for _, wanted in tasks for i in wanted})
        for i in at_work:
            self.ensembles[i].write("running")
        try:
            if self.jobs > 1 and len(tasks) > 1:
                warm(self.plans[0])
            for answers in self._answers(tasks):
                self._keep(answers)
        except KeyboardInterrupt:
            self._close(at_work, "interrupted")
            raise Interrupted(self.folders[0].parent, len(self.finished()), self.plans[0].runs) from None
        except InputError:
            if all(fresh) and not any(ensemble.finished() for ensemble in self.ensembles):
                for ensemble in self.ensembles:
                    ensemble.leave_no_trace()
            else:
                self._close(at_work, "interrupted")
            raise
        self._close([i for i, done in enumerate(whole) if i in at_work or not done], "finished")

    def complete(self) -> bool:
        """Whether an earlier call left nothing to do."""
        if not all((ensemble.directory / manifest.NAME).exists() for ensemble in self.ensembles):
            return False
        return all([ensemble.resume() for ensemble in self.ensembles]) and not self.tasks()

    def tasks(self) -> list[Task]:
        """What is still to be done: runs that some scenario lacks."""
        missing = [set(ensemble.missing()) for ensemble in self.ensembles]
        every = sorted(set().union(*missing))
        return [(run, tuple(i for i, runs in enumerate(missing) if run in runs)) for run in every]

    def finished(self) -> set[int]:
        """Runs that every scenario has."""
        return set.intersection(*(ensemble.finished() for ensemble in self.ensembles))

    def _answers(self, tasks: list[Task]) -> Iterator[Answers]:
        base, *others = self.plans
        eves = (None, *(eve(base, other) for other in others))
        work = partial(perform_together, tuple(self.plans), tuple(self.folders), eves)
        if self.jobs == 1 or len(tasks) == 1:
            yield from map(work, tasks)
            return
        for (run, wanted), answers in spread(work, tasks, self.jobs):
            if isinstance(answers, Lost):
                record = lost(self.plans[0], run, answers.exit_code)
                answers = [(i, record) for i in wanted]
            yield answers

    def _keep(self, answers: Answers) -> None:
        for i, record in answers:
            self.ensembles[i].keep(record)
            if self.report is not None:
                self.report(record)

    def _close(self, which: Sequence[int], status: Status) -> None:
        for i in which:
            self.ensembles[i].close(status)


def eve(base: Plan, other: Plan) -> date | None:
    """The last day that base and other have in common, if it is worth taking the base up there; Old Style."""
    if base.parameters != other.parameters or own_past(base.scenario, other.scenario):
        return None
    since = parting(base.scenario, other.scenario)
    if since is None or since > min(base.last_day, other.last_day) or since <= base.scenario.start:
        return None
    return since - timedelta(days=1)


def perform_together(
    plans: Sequence[Plan], folders: Sequence[Path], eves: Sequence[date | None], task: Task
) -> Answers:
    """One run of the plans that lack it, the past that they share lived once; ``eves`` as :func:`eve` gives them."""
    run, wanted = task
    days = sorted({day for i in wanted if (day := eves[i]) is not None})
    packed: dict[date, bytes] = {}
    found: Answers = []
    past = partial(_live_past, plans[0], run, days, packed)
    if 0 in wanted:
        found.append((0, perform(plans[0], folders[0], run, past)))
    elif days:
        # A base that fails here leaves no checkpoint: the others then run from their start, and tell what is wrong.
        with suppress(Exception):
            past()
    for i in wanted:
        if i == 0:
            continue
        day = eves[i]
        make = partial(plans[i].branch, packed[day]) if day is not None and day in packed else None
        found.append((i, perform(plans[i], folders[i], run, make)))
    return found


def _live_past(base: Plan, run: int, days: Sequence[date], packed: dict[date, bytes]) -> Any:
    """The base's model, with a checkpoint left on each of the days."""
    model = base.build(run)
    for day in days:
        packed[day] = model.run(day).checkpoint()
    return model

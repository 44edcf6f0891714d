"""Runs lived again with every attitude kept apart: what a split is made from.

A run of a saved result is made anew from the manifest, traced, and compared with the saved tables: only a run that is
the same is split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim

Exact = NDArray[np.float64]
#: A place, whole or pattern, and a stratum (None: all of them together).
Group = tuple[str, str | None]

#: Saved shares and those of the run lived again may differ by so much; more is another program's run.
SAME = 1e-6
#: Single events are followed in groups of up to so many simulated people: their cost grows with people times events.
MOST_FOLLOWED = 6_000


@dataclass
class Traced:
    """One run, split. Groups as asked for; axes of ``change`` and ``own``: days, groups, channels, parties.

    ``change`` is what each of ``channels`` has done to the share since the eve of the first day, ``own`` the part of it
    through the attitude to the party itself; ``share`` [days, groups, parties]. ``causes`` maps (event, way) to its
    cumulative effect [days, groups, parties]; None where single events were not followed.
    """

    run: int
    dates: list[date]
    channels: tuple[str, ...]
    groups: tuple[Group, ...]
    share: Exact
    change: Exact
    own: Exact
    causes: dict[tuple[str, str], Exact] | None
    rounding: float
    #: Titles of the events among the causes.
    titles: dict[str, str]

    def at(self, when: date) -> int:
        """The position of a day. Raises :class:`sim.InputError` for one that was not kept."""
        if when not in self.dates:
            raise sim.InputError(f"{when} is not a day of this run: it has {self.dates[1]} to {self.dates[-1]}.")
        return self.dates.index(when)


def trace(
    results: sim.Results,
    groups: Sequence[Group],
    run: int | None = None,
    *,
    every: int = 1,
    causes: bool = False,
    until: date | None = None,
    report: Any = None,
) -> Traced:
    """Live one run again, traced; days every ``every`` and the last. ``report`` is called after each day.

    Raises :class:`sim.InputError` for a run, place or stratum that there is not, and where the program has changed
    since the result was saved, so that the run lived again is another.
    """
    model = results.model(run)
    number = results.runs[0] if run is None else run
    tracer = model.trace(groups, every=every)
    if causes and tracer.rows.size <= MOST_FOLLOWED:
        tracer.follow_causes()
    while model.running and (until is None or model.day < model.first or model.today < until):
        model.step()
        if report is not None:
            report()
    tracer.keep()
    _same_run(results, number, tracer)
    return _merged(number, tracer, tuple(groups))


def _merged(run: int, tracer: Any, groups: tuple[Group, ...]) -> Traced:
    """Wholes are sums over their parts, weighted by real persons."""
    model = tracer.m
    weight = np.zeros((len(groups), len(tracer.groups)))
    for row, (place, stratum) in enumerate(groups):
        here = set(sim.matching(place))
        for column, g in enumerate(tracer.groups):
            of_place, of_stratum = model.society.groups[g]
            if of_place in here and stratum in (None, of_stratum):
                weight[row, column] = model.recorder.persons[g]
    weight /= weight.sum(axis=1, keepdims=True)
    eve = model.scenario.start - timedelta(days=1)
    causes = None
    if tracer.causes is not None:
        causes = {key: weight @ effect for key, effect in tracer.causes_over_time().items()}
    return Traced(
        run=run,
        dates=[eve + timedelta(days=int(d - tracer.days[0])) for d in tracer.days],
        channels=tuple(tracer.channels),
        groups=groups,
        share=np.einsum("ag,dgp->dap", weight, tracer.share),
        change=np.einsum("ag,dgcp->dacp", weight, tracer.total),
        own=np.einsum("ag,dgcp->dacp", weight, tracer.total_own),
        causes=causes,
        rounding=tracer.rounding,
        titles={event: model.event(event).title for event, _ in causes or () if event in model.course.events},
    )


def _same_run(results: sim.Results, run: int, tracer: Any) -> None:
    """Compare with the saved shares on the last day that both have."""
    model = tracer.m
    saved = results.allegiance
    saved = saved[saved["run"] == run]
    days = {date.fromisoformat(d) for d in saved["date"].unique()}
    both = [i for i, d in enumerate(tracer.days) if model.scenario.start + timedelta(days=int(d - model.first)) in days]
    if not both:
        return
    when = model.scenario.start + timedelta(days=int(tracer.days[both[-1]] - model.first))
    rows = saved[saved["date"] == when.isoformat()]
    table = rows.pivot_table(index=["place", "stratum"], columns="party", values="share", observed=True)
    told = table.loc[[model.society.groups[g] for g in tracer.groups], list(sim.PARTIES)].to_numpy()
    gap = float(np.abs(told - tracer.share[both[-1]]).max())
    if gap > SAME:
        raise sim.InputError(
            f"run {run} of '{results.scenario}', lived again, is another run: on {when} a share differs by {gap:.2g}. "
            "The program has changed since the result was written. Run the scenario again, then ask."
        )

"""A traced run: the same days, watched, so that every change of allegiance can be split by what caused it.

A :class:`Tracer` is attached before the first day. It looks on after each phase and changes nothing: the tables of a
traced run are those of any other, and a run that is not traced does none of this work. What it keeps are the parts of
each attitude (:mod:`sim.mechanisms.attitude_terms`) and, day by day, what each part has done to the share of each
party in each group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.trace_causes import Causes
from sim.mechanisms import attitude_terms as terms
from sim.mechanisms import attitudes
from sim.mechanisms.attitude_terms import LEVELS, SHIFTS, STANDING, TERM, TERMS, T
from sim.words.errors import InputError
from sim.words.identifiers import K, P

if TYPE_CHECKING:
    from sim.engine.model import Revolution

Exact = NDArray[np.float64]
Floats = NDArray[np.float32]

#: What a split is made of: the terms, who moved into or out of the group, and what rounding leaves over.
CHANNELS = (*TERMS, "moved", "rounding")
#: Belief moves with what parties do in office and with talk along ties, and where people were disappointed.
OFFICE, DISAPPOINTED = "office and talk", "disappointment"


class PartsDoNotAddUp(AssertionError):
    """The terms in :mod:`sim.mechanisms.attitude_terms` no longer mirror the mechanisms."""


class Tracer:
    """Watches some groups of a model (all of them unless ``groups`` names their numbers), from before its first day.

    ``every`` is the spacing in days of what is kept. With ``causes`` the effects of single events are followed too
    (:class:`sim.engine.trace_causes.Causes`), which is for a few groups. ``person`` is the row of one person to follow.

    After the run: ``days`` [d] day numbers, the first of them the eve of the first day; ``share`` [d, groups, P];
    ``total`` [d, groups, channels, P], what each of :data:`CHANNELS` has changed in the share since that eve; adding up
    to the change of the share. ``rounding`` is the largest gap met between an attitude and the sum of its parts.
    """

    def __init__(
        self,
        model: Revolution,
        groups: Sequence[int] | None = None,
        every: int = 1,
        causes: bool = False,
        person: int | None = None,
    ):
        if model.day >= model.first:
            raise InputError("a run is traced from before its first day; this one has begun.")
        self.m, self.every = model, every
        society, people = model.society, model.people
        self.groups = tuple(range(len(society.groups))) if groups is None else tuple(sorted(set(groups)))
        slices = [np.arange(society.group_start[g], society.group_start[g + 1]) for g in self.groups]
        self.rows = np.concatenate(slices)
        self.start = np.r_[0, np.cumsum([s.size for s in slices])].astype(np.int64)
        #: Only the cells of these groups are looked at; ``cell`` [n] counts among them.
        self.cells, at = np.unique(people.cell[self.rows], return_inverse=True)
        self.cell, self.taste = at.astype(np.int32), people.taste[self.rows]
        meeting = np.unique(people.assembly[self.rows], return_counts=True)[1]
        self.meeting = np.r_[0, np.cumsum(meeting)].astype(np.int64)
        self.attitude = people.attitude[self.rows].copy()
        self.before = self.attitude.copy()
        self.demand = people.demand[self.rows].copy()
        self.stance = model.parties.stance.copy()
        self.belief = model.cells.credibility[self.cells]
        self.told: list[tuple[str, Floats]] = []
        self.appealing = self._appeal(self.stance, self.belief)
        n = self.rows.size
        self.part, self.move = np.zeros((n, T, P)), np.zeros((n, T, P))
        self.part[:, TERM["taste"]] = self.taste
        self.part[:, TERM["identity"]] = self.attitude.astype(np.float64) - self.taste
        self.level = np.zeros((n, LEVELS, P))
        self.level[:, :K] = self.demand[:, :, None].astype(np.float64) * self.appealing[self.cell]
        self.counted = self._counted()
        self.rounding = 0.0
        self.now = self._shares()
        self.sum, self.own = np.zeros((2, len(self.groups), len(CHANNELS), P))
        self.days: list[int] = [model.first - 1]
        self._share, self._total, self._own = [self.now.copy()], [self.sum.copy()], [self.own.copy()]
        self.person = None if person is None else int(np.flatnonzero(self.rows == person)[0])
        self.told_of_person: list[Exact] = []
        self.causes: Causes | None = None
        if causes:
            self.follow_causes()
        model.stage.witness = self._witness
        model.watch(self._seen)

    def follow_causes(self) -> None:
        """Follow single events too, from before the first day."""
        self.causes = Causes(self)

    def keep(self) -> None:
        """Keep today, if it is not kept yet: for a run that is left before its last day."""
        if self.days[-1] != self.m.day:
            self.days.append(self.m.day)
            self._share.append(self.now.copy())
            self._total.append(self.sum.copy())
            self._own.append(self.own.copy())
            if self.causes is not None:
                self.causes.keep()

    # --- what came out ----------------------------------------------------------------------------------------------

    @property
    def share(self) -> Exact:
        """Shares of parties on the days kept, [days, groups, P]."""
        return np.array(self._share)

    @property
    def total(self) -> Exact:
        """What each channel has changed in them since the eve of the first day, [days, groups, channels, P]."""
        return np.array(self._total)

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the channels, in the order of the axis."""
        return CHANNELS

    def causes_over_time(self) -> dict[tuple[str, str], Exact]:
        """What each event has done to the shares in each way, within the terms, [days, groups, P]."""
        if self.causes is None:
            raise ValueError("this tracer follows no single causes")
        whole = np.zeros((len(self.days), len(self.groups), len(self.causes.keys), P))
        for d, kept in enumerate(self.causes.kept):
            whole[d, :, : kept.shape[1]] = kept
        return {key: whole[:, :, e] for key, e in self.causes.keys.items()}

    @property
    def total_own(self) -> Exact:
        """The part of :attr:`total` that comes of the attitude to the party itself; the rest comes of others'."""
        return np.array(self._own)

    # --- looking on -------------------------------------------------------------------------------------------------

    def _seen(self, phase: str) -> None:
        if phase == "credibility":
            self._note(OFFICE)
        elif phase == "bodies" and self.causes is not None:
            self.causes.fade()
        elif phase == "demands" and self.causes is not None:
            self.causes.press()
        elif phase == "attitudes":
            self._relax()
        elif phase == "assemblies":
            self._pull()
        elif phase == "knowledge":
            self._note(DISAPPOINTED)
        elif phase == "record":
            self._close()

    def _witness(self) -> None:
        self._note(self.m.stage.striking)
        if self.causes is not None:
            self.causes.note_shock(self.m.stage.striking)

    def _note(self, cause: str) -> None:
        """If beliefs have changed since the last look, the cause did it."""
        last = self.told[-1][1] if self.told else self.belief
        now = self.m.cells.credibility[self.cells]
        if not np.array_equal(last, now):
            self.told.append((cause, now))

    def _appeal(self, stance: Floats, belief: Floats) -> Floats:
        out = np.empty((belief.shape[0], K, P), dtype=np.float32)
        attitudes.appeal(stance, belief, self.m.parameters.programme_weight, out)
        return out

    def _shifts(self) -> tuple[Floats, Exact]:
        """Today's appeal of programmes, and its change since yesterday by offer, belief won and belief lost."""
        stance = self.m.parties.stance
        shift = np.zeros((self.belief.shape[0], SHIFTS, K, P))
        now = self.appealing
        if not np.array_equal(stance, self.stance):
            self.stance = stance.copy()
            now = self._appeal(stance, self.belief)
            shift[:, 0] = now.astype(np.float64) - self.appealing
        for cause, belief in self.told:
            then, now = now, self._appeal(stance, belief)
            change = now.astype(np.float64) - then
            shift[:, 1] += np.maximum(change, 0.0)
            shift[:, 2] += np.minimum(change, 0.0)
            self.belief = belief
            if self.causes is not None:
                self.causes.note_belief(cause, change)
        self.told.clear()
        return now, shift

    def _relax(self) -> None:
        m, p, rows = self.m, self.m.parameters, self.rows
        people = m.people
        standing = np.stack(m.standing(), axis=1)[self.cells].astype(np.float64)
        assert standing.shape[1] == STANDING
        now, shift = self._shifts()
        demand = people.demand[rows]
        rate = float(np.float32(p.attitude_rate))
        terms.relax_terms(
            self.cell, demand, self.demand, people.soviet_power[rows], people.consciousness[rows], self.taste,
            standing, now, self.appealing, shift, m.parties.allied, m.parties.soviet_stance,
            float(p.independence_weight), float(p.soviet_issue_weight), rate, self.level, self.part, self.move,
        )  # fmt: skip
        if self.causes is not None:
            self.causes.relax(demand, self.demand, now, self.appealing, rate)
        self.demand, self.appealing = demand, now
        self.attitude = people.attitude[rows]

    def _pull(self) -> None:
        people, pull = self.m.people, float(self.m.parameters.assembly_pull)
        terms.pull_terms(
            self.meeting, people.weight[self.rows], people.stubbornness[self.rows], pull, self.attitude, self.move
        )

    def _close(self) -> None:
        """The day is over: split the change of every share, and check that the parts add up."""
        after = self.m.people.attitude[self.rows]
        counted = self._counted()
        mean = 0.5 * (counted + self.counted)
        terms.split_shares(self.start, mean, self.before, after, self.move, self.sum, self.own)
        if not np.array_equal(counted, self.counted):
            self.sum[:, T] += self._moved(counted - self.counted, after)
            self.own[:, T] = self.sum[:, T]
        if self.causes is not None:
            self.causes.split(self.start, mean, self.before, after)
        if self.person is not None:
            self.told_of_person.append(self._split_person(after))
        self._settle(after)
        self.before, self.counted = after, counted
        self.now = self._shares()
        self.sum[:, T + 1] = self.now - self._share[0] - self.sum[:, : T + 1].sum(axis=1)
        if (self.m.day - self.m.first + 1) % self.every == 0 or self.m.day == self.m.last:
            self.keep()

    def _settle(self, attitude: Floats) -> None:
        gap = float(terms.settle(self.part, self.move, attitude))
        self.rounding = max(self.rounding, gap)
        if not gap <= terms.MOST_ROUNDING:
            raise PartsDoNotAddUp(
                f"day {self.m.day}: an attitude and the sum of its parts differ by {gap:.2g}. A formula of attitudes "
                "or assemblies has changed; sim/mechanisms/attitude_terms.py must say the same."
            )

    # --- shares -----------------------------------------------------------------------------------------------------

    def _counted(self) -> Exact:
        """Each row's part of its group, by real persons, adding up to 1 [n]; whoever left the group counts nothing."""
        people = self.m.people
        here = np.repeat(np.array(self.groups), np.diff(self.start))
        weight = np.where(people.group[self.rows] == here, people.weight[self.rows], 0.0)
        total = np.add.reduceat(weight, self.start[:-1])
        return np.asarray(weight / np.repeat(np.maximum(total, 1e-300), np.diff(self.start)))

    def _shares(self) -> Exact:
        return np.asarray(np.add.reduceat(self.counted[:, None] * _softmax(self.before), self.start[:-1]))

    def _moved(self, change: Exact, after: Floats) -> Exact:
        mean = 0.5 * (_softmax(self.before) + _softmax(after))
        return np.asarray(np.add.reduceat(change[:, None] * mean, self.start[:-1]))

    def _split_person(self, after: Floats) -> Exact:
        i, (out, own) = self.person, np.zeros((2, 1, T, P))
        assert i is not None
        one, alone = slice(i, i + 1), np.array([0, 1], dtype=np.int64)
        terms.split_shares(alone, np.ones(1), self.before[one], after[one], self.move[one], out, own)
        return np.asarray(out[0])


def _softmax(attitude: Floats) -> Exact:
    e = np.exp(attitude.astype(np.float64) - attitude.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))

"""One simulated person's days in a traced run: what is recorded of them, and nothing else.

Most of it is the person's own columns. Desertion, closure and the Red Guard are kept by cell, not by person: of these
the diary holds how many of the people around had done so, or been struck by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.trace import CHANNELS, Tracer
from sim.engine.trace_causes import BELIEF
from sim.history.acting import NEWS
from sim.inputs.effects import Elect
from sim.mechanisms.action import NAMES
from sim.words.draws import Stream, uniforms
from sim.words.errors import InputError
from sim.words.identifiers import PARTIES, STRATA, TONGUES, TRADES

if TYPE_CHECKING:
    from sim.engine.model import Revolution

#: Shares kept by cell that are told of the people around.
AROUND = ("deserted", "locked", "closed", "red_guard", "seized", "control")


@dataclass
class Diary:
    """Days of one person. Lists have an entry a day, except ``ballots`` and ``news``.

    ``who`` holds traits; ``first`` the party followed before all others; ``parts`` [T, P] what each term did to the
    person's leaning to each party; ``acts`` the names of what the person takes part in; ``ballots`` (day, election,
    shares [P] in the person's assembly); ``news`` (event, day it struck, day it was heard of here).
    """

    who: dict[str, Any]
    days: list[int] = field(default_factory=list)
    share: list[NDArray[np.float64]] = field(default_factory=list)
    first: list[str] = field(default_factory=list)
    parts: list[NDArray[np.float64]] = field(default_factory=list)
    acts: list[tuple[str, ...]] = field(default_factory=list)
    card: list[str] = field(default_factory=list)
    soviet_power: list[float] = field(default_factory=list)
    around: list[dict[str, float]] = field(default_factory=list)
    ballots: list[tuple[int, str, NDArray[np.float64]]] = field(default_factory=list)
    news: list[tuple[str, int, int, float]] = field(default_factory=list)
    terms: tuple[str, ...] = CHANNELS


class Diarist:
    """Keeps the diary of the person in row ``row`` of a model that has not begun."""

    def __init__(self, model: Revolution, row: int):
        people, cells, meeting = model.people, model.cells, model.society.assemblies
        if not 0 <= row < people.n:
            raise InputError(f"there is no person {row}: this run has persons 0 to {people.n - 1}.")
        self.m, self.row = model, row
        self.cell, self.meeting = int(people.cell[row]), int(people.assembly[row])
        self.tracer = Tracer(model, [int(people.group[row])], causes=True, person=row)
        place, stratum = model.society.groups[int(people.group[row])]
        self.stratum = STRATA.index(stratum)
        self.diary = Diary(
            {
                "row": row, "place": place, "province": cells.province[self.cell] or "", "stratum": stratum,
                "trade": TRADES[int(people.trade[row])], "kind": cells.kind[self.cell],
                "woman": bool(people.woman[row]), "literate": bool(people.literate[row]),
                "village_tie": float(people.village_tie[row]), "tongue": TONGUES[int(people.tongue[row])],
                "stands_for": float(people.weight[row]), "assembly": float(meeting.real_size[self.meeting]),
                "news_delay": int(cells.wire_delay[self.cell]),
            }
        )  # fmt: skip
        self.struck: dict[str, int] = {}
        model.watch(self._seen)

    def _seen(self, phase: str) -> None:
        if phase == "record":
            self._write()

    def _write(self) -> None:
        m, d, people, row = self.m, self.diary, self.m.people, self.row
        attitude = people.attitude[row].astype(np.float64)
        e = np.exp(attitude - attitude.max())
        d.days.append(m.day)
        d.share.append(e / e.sum())
        d.first.append(PARTIES[int(attitude.argmax())])
        d.parts.append(self.tracer.told_of_person[-1])
        d.acts.append(self._acts())
        member = int(people.member[row])
        d.card.append(PARTIES[member] if member >= 0 else "")
        d.soviet_power.append(float(people.soviet_power[row]))
        d.around.append({name: float(getattr(m.cells, name)[self.cell]) for name in AROUND})
        for entry in m.course.striking(m.day):
            self.struck[entry.event.id] = m.day
            for effect in entry.event.effects:
                if isinstance(effect, Elect):
                    d.ballots.append((m.day, effect.election, self._here()))

    def _acts(self) -> tuple[str, ...]:
        """What the person takes part in today: the form in which this copy of the assembly is out, if the person is.

        The draw that decides whether the copy is out (:func:`sim.mechanisms.action.mark`) also says in which form.
        """
        if not self.m.people.acting[self.row]:
            return ()
        luck = float(uniforms(self.m.draw_seed, Stream.ACTION, self.m.day, np.array([self.meeting]))[0])
        reached = np.cumsum(self.m.movement.out[self.meeting])
        form = int(np.searchsorted(reached, luck * self.m.society.assemblies.copies[self.meeting], side="right"))
        name = NAMES.get((STRATA[self.stratum], form))
        return (name,) if name is not None else ()

    def _here(self) -> NDArray[np.float64]:
        """Shares of parties in the person's assembly today [P]."""
        people, start = self.m.people, self.m.society.assemblies.start
        rows = slice(int(start[self.meeting]), int(start[self.meeting + 1]))
        attitude = people.attitude[rows].astype(np.float64)
        e = np.exp(attitude - attitude.max(axis=1, keepdims=True))
        return np.asarray(np.average(e / e.sum(axis=1, keepdims=True), axis=0, weights=people.weight[rows]))

    def close(self) -> Diary:
        """The diary, with the news that changed the person's beliefs, by how much it moved any attitude (utility)."""
        causes, i = self.tracer.causes, self.tracer.person
        assert causes is not None and i is not None
        self.diary.news = [
            (event, self.struck[event], self.struck[event] + self._on_the_way(event), float(np.abs(moved).max()))
            for (event, way), e in causes.keys.items()
            if way == BELIEF and event in self.struck and (moved := causes.level[i, e]).any()
        ]
        return self.diary

    def _on_the_way(self, event: str) -> int:
        """Days until the first word of an event that can change beliefs comes to the person."""
        came = [NEWS[e.kind] for e in self.m.event(event).effects if e.kind in NEWS and e.kind != "fear"]
        return int(min((getattr(self.m.cells, column)[self.cell] for column in came), default=0))

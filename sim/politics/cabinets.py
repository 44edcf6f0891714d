"""The government in office: composition, policy, and who is held responsible (B-070, B-071; D-026, D-090).

Responsibility is office and support for office. A party is as responsible as its weight in the cabinet; parties that
sit outside answer for their part of the majority in each body that props the cabinet up. People take time to see
who governs, so the responsibility they perceive follows with a lag and outlives a cabinet for as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from mesa import Agent, Model

from sim.inputs.cabinet_data import CabinetData
from sim.politics.view import Floats
from sim.words.errors import unknown
from sim.words.identifiers import DEMAND, DEMANDS, PARTY, P


def office(composition: Mapping[str, float]) -> Floats:
    """Weights in office [P]; they sum to 1 less the part of ministers of no party, for whom no party answers."""
    held = np.zeros(P)
    for party, weight in composition.items():
        held[PARTY[party]] = weight
    held /= held.sum()
    held[PARTY["unaligned"]] = 0.0
    return held


def majority_behind(seats: Floats, soviet_stance: Floats, held: Floats) -> Floats:
    """Who makes up the majority [P] that props a cabinet up in a body; sums to 1, or to 0 if nobody there does.

    Parties in office (``held`` [P] above 0) and parties that do not want power for the soviets (``soviet_stance`` [P]
    of 0 or less: whoever refuses power in a soviet leaves it with the cabinet), by ``seats`` [P]. Deputies of no
    party answer for nothing.
    """
    behind = np.where((held > 0) | (soviet_stance <= 0), seats, 0.0)
    behind[PARTY["unaligned"]] = 0.0
    total = behind.sum()
    return behind / total if total > 0 else behind


def responsibility(held: Floats, props: Iterable[Floats], support_share: float) -> Floats:
    """Responsibility [P]: ``held`` plus ``support_share`` times the mean majority of the bodies that prop it up.

    A party outside the cabinet whose majority alone props it up is ``support_share`` as responsible as a party that
    governs alone. A party that is in both pays for both.
    """
    majorities = [m for m in props if m.any()]
    if not majorities:
        return held.copy()
    return np.asarray(held + support_share * np.mean(majorities, axis=0))


class Cabinet(Agent):
    """The seat of government, whoever holds it. State for checkpoints: :meth:`state`."""

    def __init__(self, model: Model, known: Mapping[str, CabinetData], first: str):
        super().__init__(model)
        self._known = known
        self._own = np.zeros(len(DEMANDS))
        #: Demand -> level that a scenario sets in place of the cabinet's own, whoever governs.
        self._set: dict[str, float] = {}
        self.perceived = np.zeros(P)
        self.props: tuple[str, ...] = ()
        #: Responsibility as it is, with what it was reckoned from.
        self._true: tuple[Mapping[str, Floats], tuple[object, ...], Floats] | None = None
        self.take_office(first)
        self.perceived = self.held.copy()

    def take_office(self, name: str) -> None:
        """A new cabinet: its composition, policy and the bodies behind it."""
        if name not in self._known:
            raise unknown("cabinet", name, self._known)
        data = self._known[name]
        self.id, self.title = data.id, data.title
        self.held = office(data.composition)
        self._own = np.array([data.policy.get(demand, 0.0) for demand in DEMANDS])
        self.props = data.props

    @property
    def policy(self) -> Floats:
        """What is done about each demand today [K], 0..1."""
        done = self._own.copy()
        for demand, level in self._set.items():
            done[DEMAND[demand]] = level
        return done

    def overrule(self, levels: Mapping[str, float]) -> None:
        """Demand -> level that goes before any cabinet's own, until it is overruled again."""
        self._set = dict(levels)

    def set_policy(self, demand: str, level: float) -> None:
        """What the cabinet now does about a demand, 0..1."""
        if demand not in DEMAND:
            raise unknown("demand", demand, DEMANDS)
        self._own[DEMAND[demand]] = level

    def support(self, body: str, supports: bool) -> None:
        """A body props the cabinet up from now on, or stops."""
        others = tuple(b for b in self.props if b != body)
        self.props = (*others, body) if supports else others

    def answer(
        self, seats: Mapping[str, Floats], soviet_stance: Floats, *, days: float, lag: float, support_share: float
    ) -> Floats:
        """Responsibility [P] as people see it after ``days`` more; half of a change is seen in ``lag`` days.

        ``seats`` holds seats [P] of bodies by id; a propping body that isn't there props nothing. They are looked at
        again when this is another object, as :meth:`sim.engine.chamber.Chamber.seats` has it.
        """
        asked = (self.held.tobytes(), self.props, soviet_stance.tobytes(), support_share)
        if self._true is None or self._true[0] is not seats or self._true[1] != asked:
            majorities = [
                majority_behind(np.asarray(seats[b], dtype=float), soviet_stance, self.held)
                for b in self.props
                if b in seats
            ]
            self._true = seats, asked, responsibility(self.held, majorities, support_share)
        true = self._true[2]
        self.perceived = true + (self.perceived - true) * float(np.exp2(-days / lag))
        return self.perceived

    def state(self) -> dict[str, object]:
        """All that a restart needs."""
        return {"id": self.id, "policy": self._own.copy(), "perceived": self.perceived.copy(), "props": self.props}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take up a state saved by :meth:`state`."""
        self.take_office(str(state["id"]))
        self._own = np.array(state["policy"], dtype=np.float64)
        self.perceived = np.array(state["perceived"], dtype=np.float64)
        self.props = tuple(state["props"])  # type: ignore[arg-type]

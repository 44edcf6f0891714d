"""The party system: what every party says today, as arrays that the mechanisms read.

Party agents hold the data; this holds the numbers of the day, refreshed when a programme changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.party_data import PartyData, Since, parties
from sim.politics.parties import Origins, Party, origins, programmes
from sim.politics.view import Floats
from sim.words.identifiers import TONGUES, P

Floats32 = NDArray[np.float32]


#: Bodies whose seats say who leads the soviets.
LEADING = ("petrograd_soviet", "tsik")


def held_by(seats: Mapping[str, NDArray[np.float64]], known: Floats32) -> NDArray[np.float64]:
    """Parties' mean shares [P] of the seats of the leading bodies that sit; zeros while none does.

    ``known`` [P] is 1 for following no party, whose deputies speak for nobody.
    """
    held = [seats[body] * (1.0 - known) for body in LEADING if body in seats]
    return np.asarray(np.mean([h / max(h.sum(), 1e-9) for h in held], axis=0) if held else np.zeros(P))


class PartySystem:
    """All parties on one day.

    ``identity`` [strata, P] and ``credibility`` [strata, P, K] are where people start; ``voice`` [P, C] how strongly
    each party speaks through each channel; ``stance`` [P, K], ``soviet_stance`` [P] in -1..1, ``allied`` [P] in 0..1
    (with the propertied) and ``soviet_side`` [P] (its part of the side of the soviets, adding up to 1) follow the
    programmes in force. Once the levels of the parties settle their lines (:meth:`settle`), ``soviet_stance`` is the
    line that each has come to, and the programme only what its centre wants.
    """

    def __init__(self, model: Any, when: date):
        self.data: tuple[PartyData, ...] = parties()
        self.agents = [Party(model, data, when) for data in self.data]
        self.origins: Origins = origins(self.data, when)
        self.identity = self.origins.identity.astype(np.float32)
        self.credibility = self.origins.belief.astype(np.float32)
        self.voice = self.origins.channels.astype(np.float32)
        #: 1 where a party speaks to people of a mother tongue, 0 where it does not, [tongues, P].
        spoken = [[not p.speaks_to or t in p.speaks_to for p in self.data] for t in TONGUES]
        self.speaks = np.array(spoken, dtype=np.float32)
        #: 1 for what nobody needs to be told of (following no party), 0 for parties, which must be heard.
        self.known = (self.voice.sum(axis=1) == 0.0).astype(np.float32)
        steps = _steps(self.data)
        self._dates = frozenset(step.since for step in steps)
        self._conditions = frozenset(step.hangs_on for step in steps if step.hangs_on is not None)
        self.stance: Floats32
        self.settled = False
        #: The seats from which the present sides were taken; None once a line has changed.
        self._sided: Mapping[str, NDArray[np.float64]] | None = None
        self.soviet_stance: Floats32
        self.allied: Floats32
        self.soviet_side: Floats32
        self.speak(when, None)

    def speak(self, when: date, happened: frozenset[str] | None) -> None:
        """Take the programmes in force on a day; ``happened`` as in :func:`sim.inputs.party_data.value_on`."""
        today = programmes(self.data, when, happened)
        self.stance = today.stance.astype(np.float32)
        if not self.settled:
            self.soviet_stance = today.soviet_power.astype(np.float32)
        self.allied = np.maximum(today.coalition, 0.0).astype(np.float32)
        self._sided = None
        self.take_sides({})

    def settle(
        self,
        when: date,
        middle: Floats,
        base: Floats,
        *,
        days: float,
        pressure_days: float,
        happened: frozenset[str] | None,
    ) -> None:
        """Let every party's centre, middle and base settle its line for some days (D-101).

        ``middle`` and ``base`` [P] as in :meth:`sim.politics.parties.Party.settle`; where a party has no deputies (NaN)
        its followers count for both. Following no party has no line to settle.
        """
        self.settled, self._sided = True, None
        heard = np.where(np.isnan(middle), base, middle)
        for party in self.agents:
            p = party.index
            if not self.known[p]:
                party.settle(
                    when, float(heard[p]), float(base[p]), days=days, pressure_days=pressure_days, happened=happened
                )
                self.soviet_stance[p] = party.line

    def state(self) -> dict[str, Any]:
        """What settling has led to: each party's line, programme and what it had heard (NaN: none yet)."""
        lines = [(party.line, party.programme, *(party.heard or (np.nan, np.nan))) for party in self.agents]
        return {"settled": self.settled, "lines": np.array(lines)}

    def load(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`state` gave, after :meth:`speak`."""
        self.settled, self._sided = bool(state["settled"]), None
        rows = np.asarray(state["lines"]).tolist()
        for party, (line, programme, middle, base) in zip(self.agents, rows, strict=True):
            party.line, party.programme = line, programme
            party.heard = None if np.isnan(middle) else (middle, base)
            if self.settled and not self.known[party.index]:
                self.soviet_stance[party.index] = party.line

    def take_sides(self, seats: Mapping[str, NDArray[np.float64]]) -> None:
        """Who answers for the soviets: half those who want them in power, half those who sit in their majority.

        ``seats`` [P] of bodies by id; the two leading ones (:data:`LEADING`) count. Until one sits, only wishes do.
        Nothing changes while lines and seats (the same object) stay as they are.
        """
        if self._sided is seats:
            return
        self._sided = seats
        wish = np.maximum(self.soviet_stance, 0.0).astype(np.float64)
        wish /= max(wish.sum(), 1e-9)
        in_seat = held_by(seats, self.known)
        self.soviet_side = (0.5 * wish + 0.5 * (in_seat if in_seat.any() else wish)).astype(np.float32)

    def changes_on(self, when: date, rows: frozenset[str] = frozenset()) -> bool:
        """Whether a programme may change this day: a step is dated on it, or hangs on one of the day's chronology rows.

        An event that a scenario moves past the date of a step brings the step with it.
        """
        return when in self._dates or not self._conditions.isdisjoint(rows)


def _steps(data: tuple[PartyData, ...]) -> list[Since]:
    return [s for p in data for dated in (*p.stance.values(), p.soviet_power, p.coalition) for s in dated]

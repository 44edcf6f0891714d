"""Gauges: the quantities of :mod:`sim.inputs.quantities`, read off a running model.

Reading changes nothing in the model. What people think, do and suffer is read as it stands when first asked on a day
(in the order of the day that is the evening before) and kept for the rest of the day; what has happened and been
decided is always read anew, so that one event may answer another on the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.conditions import Condition
from sim.inputs.quantities import NEVER, QUANTITIES
from sim.inputs.terms import Arguments, Sustained, Value
from sim.society.places import matching
from sim.words.errors import OctoberError
from sim.words.identifiers import ACTIONS, DEMAND, PARTY, STRATUM

if TYPE_CHECKING:
    from sim.engine.model import Revolution

Floats = NDArray[np.float64]
#: Read anew whenever asked: they change in the middle of a day.
LIVE = frozenset(
    {"fired", "happened", "days_since", "decided", "cabinet", "in_office", "office", "policy", "sits", "soviets_govern"}
)
#: Days over which ``acting`` counts.
WEEK = 7
UNIFORM = frozenset({STRATUM["soldier"], STRATUM["sailor"]})


class Gauges:
    """Reads quantities of one model. State for checkpoints: how long watched truths have held, and a week's actions."""

    def __init__(self, model: Revolution):
        self.m = model
        self._kept: dict[tuple[str, Arguments], Value] = {}
        self._arrays: dict[str, Floats] = {}
        self._asked_on = model.day
        self._watched: dict[str, Sustained] = {}
        #: Text of a watched truth -> days in a row on which it has held.
        self._streaks: dict[str, int] = {}
        #: Persons who came out on each of the last seven days, [WEEK, groups, actions]; a day's row is day modulo 7.
        self.week = np.zeros((WEEK, len(model.groups), len(ACTIONS)))
        self._outside: dict[str, Floats] | None = None
        #: Event -> day on which it happened; decision -> option. Kept by whoever makes events happen and decides.
        self.happened: Mapping[str, int] = {}
        self.decisions: Mapping[str, str] = {}
        self._read: dict[str, Callable[..., Value]] = {name: getattr(self, f"_{name}") for name in QUANTITIES}

    # --- a day --------------------------------------------------------------------------------------------------------

    def watch(self, conditions: Iterable[Condition]) -> None:
        """Count from now on how long the truths that these conditions want sustained have held."""
        for condition in conditions:
            for term in condition.sustained:
                self._watched[str(term.inner)] = term
                self._streaks.setdefault(str(term.inner), 0)

    def begin(self) -> None:
        """A day begins: watched truths are asked whether they hold."""
        self._refresh()
        for text, term in self._watched.items():
            self._streaks[text] = self._streaks[text] + 1 if term.inner.of(self) else 0

    def note(self, took_part: Floats) -> None:
        """Persons who came out today, [groups, actions], in place of those of a week ago."""
        self.week[self.m.day % WEEK] = took_part

    def held_for(self, text: str) -> int:
        """Days in a row, today among them, on which a watched truth has held."""
        if text not in self._streaks:
            raise OctoberError(f"nobody watches '{text}': hand its condition to Gauges.watch before the first day")
        return self._streaks[text]

    def read(self, name: str, arguments: Arguments) -> Value:
        """A quantity today, in the unit of its declaration."""
        self._refresh()
        if name in LIVE:
            return self._read[name](*arguments)
        key = (name, arguments)
        if key not in self._kept:
            self._kept[key] = self._read[name](*arguments)
        return self._kept[key]

    def state(self) -> dict[str, Any]:
        """All that a restart needs."""
        return {"streaks": dict(self._streaks), "week": self.week.copy()}

    def load(self, state: Mapping[str, Any]) -> None:
        """Put back what :meth:`state` gave."""
        self._streaks.update({text: int(days) for text, days in state["streaks"].items()})
        self.week[:] = state["week"]
        self._asked_on = self.m.day
        self._kept.clear()
        self._arrays.clear()

    def forget(self) -> None:
        """Read everything anew: people have been asked in the middle of the day."""
        self._kept.clear()
        self._arrays.clear()

    def _refresh(self) -> None:
        if self._asked_on != self.m.day:
            self._asked_on = self.m.day
            self._kept.clear()
            self._arrays.clear()

    # --- means over people --------------------------------------------------------------------------------------------

    def _array(self, name: str, make: Callable[[], Floats]) -> Floats:
        if name not in self._arrays:
            self._arrays[name] = make()
        return self._arrays[name]

    def _groups(self, values: Floats, place: str, stratum: str | None) -> float:
        """Mean over the groups of a place and stratum, by persons."""
        at = [g for g, (p, s) in enumerate(self.m.society.groups) if p in set(matching(place)) and stratum in (None, s)]
        persons = self.m.recorder.persons[at]
        return float(values[at] @ persons / max(float(persons.sum()), 1e-9))

    def _cells(self, values: NDArray[Any], place: str, stratum: str | None, weights: Floats | None = None) -> float:
        """Mean over the cells of a place and stratum, by persons."""
        strata = frozenset(STRATUM.values()) if stratum is None else frozenset({STRATUM[stratum]})
        return self._among(values, place, strata, weights)

    def _among(self, values: NDArray[Any], place: str, strata: frozenset[int], weights: Floats | None = None) -> float:
        at = self.m.cells.where(frozenset(matching(place)), strata)
        weight = (self.m.cells.persons if weights is None else weights)[at]
        return float(values[at] @ weight / max(float(weight.sum()), 1e-9))

    def _people(self, column: str, place: str, stratum: str | None) -> float:
        def mean() -> Floats:
            return self.m.mean_by_group(getattr(self.m.people, column)[:, None])[:, 0]

        return self._groups(self._array(column, mean), place, stratum)

    def _share(self, party: str, place: str, stratum: str | None) -> float:
        return self._groups(self._array("shares", self.m.group_shares)[:, PARTY[party]], place, stratum)

    def _soviet_power(self, place: str, stratum: str | None) -> float:
        return self._groups(self._array("support", self.m.group_support), place, stratum)

    def _demand(self, demand: str, place: str, stratum: str | None) -> float:
        return self._cells(self.m.cells.demand[:, DEMAND[demand]], place, stratum)

    def _hardship(self, demand: str, place: str, stratum: str | None) -> float:
        return self._cells(self.m.cells.hardship[:, DEMAND[demand]], place, stratum)

    def _blame(self, whom: str, place: str, stratum: str | None) -> float:
        blame = self.m.cells.blame
        charged = blame @ self.m.government.perceived if whom == "cabinet" else blame[:, PARTY[whom]]
        return self._cells(charged, place, stratum)

    def _credibility(self, party: str, demand: str, place: str, stratum: str | None) -> float:
        return self._cells(self.m.cells.credibility[:, PARTY[party], DEMAND[demand]], place, stratum)

    def _reach(self, party: str, place: str, stratum: str | None) -> float:
        return self._cells(self.m.cells.reach[:, PARTY[party]], place, stratum)

    def _fear(self, place: str, stratum: str | None) -> float:
        return self._people("fear", place, stratum)

    def _insecurity(self, place: str, stratum: str | None) -> float:
        return self._people("insecurity", place, stratum)

    def _readiness(self, place: str, stratum: str | None) -> float:
        return self._people("readiness", place, stratum)

    # --- what people do -----------------------------------------------------------------------------------------------

    def _acting(self, action: str, place: str, stratum: str | None) -> float:
        wanted = set(matching(place))
        at = [g for g, (p, s) in enumerate(self.m.society.groups) if p in wanted and stratum in (None, s)]
        return float(self.week[:, at, ACTIONS.index(action)].sum())

    def _obedience(self, place: str) -> float:
        return self._among(self.m.cells.obedience, place, UNIFORM)

    def _obeys(self, whom: str, place: str) -> float:
        if self.m.armed.asked is None:
            return 0.0
        found = dict(zip(("cabinet", "soviet", "nobody"), self.m.armed.told_obeys_in(matching(place)), strict=True))
        return float(found[whom])

    def _deserted(self, place: str) -> float:
        return self._among(self.m.cells.deserted, place, UNIFORM)

    def _closed(self, place: str) -> float:
        return self._cells(self.m.cells.closed, place, "worker", self.m.cells.at_work)

    def _seized(self, place: str) -> float:
        return self._cells(self.m.cells.seized, place, "peasant")

    def _red_guards(self, place: str) -> float:
        at = self.m.cells.where(frozenset(matching(place)), frozenset({STRATUM["worker"]}))
        return float(self.m.cells.red_guard[at] @ self.m.cells.at_work[at])

    def _members(self, party: str) -> float:
        return float(self.m.party_life.members[:, PARTY[party]].sum())

    # --- bodies and those in office -----------------------------------------------------------------------------------

    def _held(self, body: str) -> Floats:
        """Shares [P] of the seats of a body; zeros if it does not sit."""
        seats = np.asarray(self.m.chamber.seats_of(body), dtype=np.float64)
        return np.asarray(seats / max(float(seats.sum()), 1e-9))

    def _seats(self, body: str, party: str) -> float:
        return float(self._held(body)[PARTY[party]])

    def _for_soviet_power(self, body: str) -> float:
        return float(self._held(body) @ (self.m.parties.soviet_stance > 0.0))

    def _sits(self, body: str) -> bool:
        return self.m.chamber.sits_today(body)

    def _line(self, party: str) -> float:
        return float(self.m.parties.soviet_stance[PARTY[party]])

    def _votes(self, election: str, party: str) -> float:
        votes = self.m.chamber.votes.get(election)
        return 0.0 if votes is None else float(votes[PARTY[party]] / max(float(votes.sum()), 1e-9))

    def _cabinet(self, cabinet: str) -> bool:
        return self.m.government.id == cabinet

    def _in_office(self, party: str) -> bool:
        return self._office(party) > 0.0

    def _office(self, party: str) -> float:
        return float(self.m.government.held[PARTY[party]])

    def _soviets_govern(self) -> bool:
        return self.m.armed.answers_to_soviets()

    def _policy(self, demand: str) -> float:
        return float(self.m.government.policy[DEMAND[demand]])

    # --- armed strength -----------------------------------------------------------------------------------------------

    def _odds_coup(self) -> float:
        return self.m.armed.told.odds_coup

    def _odds_insurrection(self) -> float:
        odds = self.m.armed.told.odds_insurrection
        return 0.0 if np.isnan(odds) else odds

    def _passage_command(self) -> float:
        return self.m.armed.told.passage_command

    def _passage_soviets(self) -> float:
        return self.m.armed.told.passage_soviets

    def _risk_across(self) -> float:
        return self.m.armed.told.civil_war_risk_across

    def _risk_within(self) -> float:
        return self.m.armed.told.civil_war_risk_within

    # --- the day and what has happened --------------------------------------------------------------------------------

    def _date(self) -> Value:
        return self.m.today

    def _day(self) -> float:
        return float(self.m.day)

    def _month(self) -> float:
        return float(self.m.today.month)

    def _forcing(self, series: str) -> float:
        if self._outside is None:
            self._outside = self.m.forcing.values(self.m.scenario.outside())
        return float(self._outside[series][self.m.day])

    def _fired(self, event: str) -> bool:
        return self.happened.get(event, self.m.day + 1) <= self.m.day

    def _happened(self, event: str) -> float:
        return float(self._fired(event))

    def _days_since(self, event: str) -> float:
        return float(self.m.day - self.happened[event]) if self._fired(event) else NEVER

    def _decided(self, decision: str, option: str) -> bool:
        return self.decisions.get(decision) == option

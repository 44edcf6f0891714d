"""The model that a user holds: a :class:`mesa.Model` whose step is a day.

Institutions and groups are Mesa agents; people are columns behind the groups; both obey one clock. The order of a
day stands in :mod:`sim.engine.day_table`; :mod:`sim.engine.day` binds each phase to what does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import checkpoint
from sim.engine.armed import Armed
from sim.engine.branching import branched, scenario_of
from sim.engine.chamber import Chamber
from sim.engine.collector import Collector, Latest
from sim.engine.day import Day, considered
from sim.engine.gauges import Gauges
from sim.engine.orders import Orders
from sim.engine.outcomes import outcomes
from sim.engine.party_life import PartyLife
from sim.engine.recorder import Recorder
from sim.engine.tally import Tally
from sim.history.acting import Stage, refuse_unmodelled
from sim.history.catalogue import alternatives, decision_points, events, warnings
from sim.history.course import Course
from sim.history.doubting import doubted, event_factor
from sim.history.shocks import Shocks
from sim.history.timeline import Entry
from sim.inputs.cabinet_data import cabinets
from sim.inputs.events import Event
from sim.inputs.forcing import forcing
from sim.inputs.known import current
from sim.inputs.lens import load_lens, settled, switched_off
from sim.inputs.listened import unheard
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario, load_scenario
from sim.mechanisms import attitudes, demands
from sim.politics.cabinets import Cabinet
from sim.politics.party_system import PartySystem
from sim.society.groups import GROUP_OF_STRATUM, Group
from sim.society.society import found
from sim.words.calendar import date_of, day_of, recorded_days
from sim.words.errors import InputError
from sim.words.identifiers import PARTY, STRATA, P

if TYPE_CHECKING:
    from sim.engine.diary import Diarist
    from sim.engine.movement import Movement
    from sim.engine.trace import Tracer

#: Parts of a scenario that the engine acts on; see :meth:`sim.inputs.scenario.Scenario.uses`.
SUPPORTED = frozenset(
    {
        "events.pin",
        "events.free",
        "events.remove",
        "events.shift",
        "events.force",
        "events.add",
        "decisions",
        "parameters",
        "off",
        "policy",
        "information",
        "initial.persons",
        "initial.wants",
        "initial.fear",
        "representation.sr_lists",
        "representation.seats",
        "representation.recall",
        "doubt",
        "lens",
    }
)
#: Who governs on the morning of 23 February 1917.
FIRST_CABINET = "tsarist_government"


class Revolution(mesa.Model):
    """One history of 1917 under a scenario.

    ``agents`` is the number of simulated people (kept as ``n_people``; Mesa owns ``.agents``, which holds groups,
    parties and bodies). ``every`` is the spacing of recorded days. ``seed`` None takes a new one each time (for
    :func:`mesa.batch_run` with iterations), which ``draw_seed`` tells. Raises
    :class:`sim.words.errors.InputError` for a scenario that asks for something the engine does not support.

    One run is one point: it takes the declared parameters, where :func:`sim.run` draws from the posterior's sets.
    ``parameters`` gives others: whole :class:`Parameters` in the place of the declared ones, or names and values (such
    as ``sim.parameter_sets().of()[0].values``), which also go over a lens. What the scenario sets goes over both.

    Example::

        model = Revolution("historical", agents=5_000, seed=1917)
        model.run()
        model.share("bolshevik", place="petrograd", stratum="worker")
    """

    def __init__(
        self,
        scenario: Scenario | str = "historical",
        agents: int = 20_000,
        seed: int | None = 1917,
        until: date | str | None = None,
        every: int = 7,
        parameters: Parameters | Mapping[str, float] | None = None,
        **kwargs: Any,
    ):
        seed = int(np.random.SeedSequence().generate_state(1)[0]) if seed is None else int(seed)
        super().__init__(seed=seed, **kwargs)
        self.scenario = load_scenario(scenario) if isinstance(scenario, str) else scenario
        self.draw_seed = seed
        self.n_people = agents
        _refuse_unsupported(self.scenario)
        lens = load_lens(self.scenario.lens)
        #: Mechanisms that the scenario or its lens switches off.
        self.off = frozenset(switched_off(self.scenario, lens))
        self.parameters = settled(parameters, self.scenario, lens)
        self.first = day_of(self.scenario.start)
        self.last = day_of(date.fromisoformat(until) if isinstance(until, str) else until or self.scenario.until)
        if not self.first <= self.last:
            raise InputError(f"--until {date_of(self.last)} comes before the first day, {date_of(self.first)}.")
        self.every = every
        self.day = self.first - 1
        self.first_majority: int | None = None

        self.society = found(agents, seed, self.parameters, self.scenario.initial.persons)
        self.people, self.cells = self.society.people, self.society.cells
        self.groups = self._found_groups()
        self.parties = PartySystem(self, self.scenario.start)
        self.government = Cabinet(self, cabinets(), FIRST_CABINET)
        self.chamber = Chamber(self)
        self.shocks = Shocks(self.cells.n)
        self.forcing = doubted(forcing(), self.scenario.doubt, self.draw_seed)
        self.stage = Stage(self.cells, self.shocks, self.government, self.chamber, self.parameters, warnings())
        self.stage.doubts = partial(event_factor, self.scenario.doubt, self.draw_seed)
        self.course = Course(
            self.scenario, events(), alternatives(), decision_points(), self.parameters, self.draw_seed
        )
        refuse_unmodelled(self.course.possible())
        self.news: list[tuple[int, str, int, int]] = []
        self.recorder = Recorder(self.society.groups, self.society.group_persons)
        self.recorded = set(recorded_days(self.first, self.last, every, self._days_to_record()))
        self.gauges = Gauges(self)
        self.gauges.happened, self.gauges.decisions = self.course.happened, self.course.choices
        self.gauges.watch(self.course.conditions())
        self.orders = Orders(self)
        self.orders.start()
        self.shares = np.empty((agents, P), dtype=np.float32)
        self._rows_of = {e.event.id: [row for source in e.event.sources for row in source.rows] for e in self.timeline}
        self._cited = frozenset(row for rows in self._rows_of.values() for row in rows)
        self._start_attitudes()
        self.armed = Armed(self)
        self.stage.charged = self.armed.charged
        self._day = Day(self)
        self._first_hearing()
        self.tally = Tally(self)
        self.datacollector = Collector(self.groups)
        self.running = True

    # --- what a user asks -------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The Old Style date of the last day that was lived."""
        return date_of(self.day)

    def step(self) -> None:
        """Live one day. ``running`` turns False on the last."""
        if self.day >= self.last:
            self.running = False
            return
        self.day += 1
        self._day.live()
        if self.day not in self.recorded:
            self.datacollector.repeat()
        self._note_majority()
        if self.day >= self.last:
            self.running = False
            self._close()

    def run(self, until: date | str | None = None) -> Revolution:
        """Live until the last day, or until ``until`` (Old Style) has been lived."""
        goal = self.last if until is None else min(self.last, day_of(date.fromisoformat(str(until))))
        while self.running and self.day < goal:
            self.step()
        return self

    def run_model(self) -> None:
        """Mesa's name for :meth:`run`."""
        self.run()

    def share(self, party: str, place: str = "empire", stratum: str | None = None) -> float:
        """Share of a party among the people of a place or whole (all strata unless one is named), today."""
        index = PARTY[party]
        return float(self.group_shares()[self._chosen(place, stratum), index] @ self._weights(place, stratum))

    def soviet_power(self, place: str = "empire", stratum: str | None = None) -> float:
        """Mean support for soviet power among the people of a place or whole, today."""
        return float(self.group_support()[self._chosen(place, stratum)] @ self._weights(place, stratum))

    def group_shares(self) -> NDArray[np.float64]:
        """Allegiance of each group, [groups, P]; rows sum to 1."""
        attitudes.follow(self.people.attitude, self.shares)
        return self.mean_by_group(self.shares)

    def group_support(self) -> NDArray[np.float64]:
        """Mean support for soviet power of each group, [groups]."""
        return self.mean_by_group(self.people.soviet_power[:, None])[:, 0]

    @property
    def timeline(self) -> tuple[Entry, ...]:
        """All events of this history as they stand today, by day: see :class:`sim.history.course.Course`."""
        return self.course.entries

    @property
    def party_life(self) -> PartyLife:
        """Lines, members and what people know of parties."""
        return self._day.parties

    def event(self, name: str) -> Event:
        """An event of this history, by id."""
        return self.course.events[name]

    def happened(self) -> frozenset[str]:
        """Chronology rows of all events but those that have not happened (yet) in this history."""
        awaited = (self._rows_of.get(name, ()) for name in self.course.missing(self.day))
        return self._cited.difference(*awaited)

    def rows_of_today(self) -> frozenset[str]:
        """Chronology rows of the events that strike today."""
        striking = (entry.event for entry in self.course.striking(self.day))
        return frozenset(row for event in striking for source in event.sources for row in source.rows)

    def write_day(self) -> None:
        """Put today into the tables; the DataCollector reads the same aggregates."""
        self._day.follow()
        shares, support = self.mean_by_group(self.shares), self.group_support()
        self.latest = Latest(self.today, shares, support, self.recorder.persons)
        self.recorder.people(self.day, shares, support)
        self.chamber.record(self.recorder)
        self._day.write(self.recorder)
        self.armed.record()
        self.datacollector.collect(self)

    def trace(self, places: Sequence[tuple[str, str | None]] = (("empire", None),), **options: Any) -> Tracer:
        """Have the whole run watched from before its first day; see :class:`sim.engine.trace.Tracer`.

        ``places`` are pairs of a place (or whole, or pattern) and a stratum (None: all). Options are those of a tracer.
        """
        from sim.engine.trace import Tracer

        chosen = [self._chosen(place, stratum) for place, stratum in places]
        return Tracer(self, np.concatenate(chosen).tolist(), **options)

    def rows_of(self, place: str = "empire", stratum: str | None = None) -> NDArray[np.intp]:
        """Rows of the people of a place (or whole, or pattern) and stratum (None: all)."""
        return np.flatnonzero(np.isin(self.people.group, self._chosen(place, stratum)))

    def keep_diary(self, row: int) -> Diarist:
        """Have the days of one person written down, from before the first day; see :mod:`sim.engine.diary`."""
        from sim.engine.diary import Diarist

        return Diarist(self, row)

    @property
    def movement(self) -> Movement:
        """Who comes out, by assembly."""
        return self._day.movement

    def watch(self, seen: Callable[[str], None]) -> None:
        """Have ``seen(name of the phase)`` called after each phase of each day from now on."""
        self._day.watch(seen)

    def standing(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """What all people of a cell have in common toward each party today; see :meth:`sim.engine.day.Day.standing`."""
        return self._day.standing()

    def pressing_without_events(self) -> NDArray[np.float32]:
        """Hardship of the day as it would be if no event had struck, [cells, K]."""
        return self._day.baseline

    def checkpoint(self) -> bytes:
        """The whole state at the end of today; :meth:`restore` goes on from it to the same bytes."""
        return checkpoint.pack(self)

    @classmethod
    def restore(cls, packed: bytes) -> Revolution:
        """The model that a checkpoint was taken of."""
        return checkpoint.unpack(cls, packed)

    @classmethod
    def branch(cls, packed: bytes, scenario: Scenario | str, until: date | str | None = None) -> Revolution:
        """Take up a checkpoint under another scenario: its past is that of the run it was taken of.

        The day of the checkpoint must lie before the first day on which the two scenarios may differ
        (:func:`sim.history.parting.parting`); what follows is then the same, to the byte, as a run of ``scenario`` from
        its start. ``until`` is the last day (that of the other run unless said). Raises :class:`InputError` when the
        scenarios have no past in common, or part earlier.

        Example: one June, two Octobers::

            june = Revolution("historical", seed=7).run("1917-06-15").checkpoint()
            one, other = Revolution.restore(june).run(), Revolution.branch(june, "no_offensive").run()
        """
        chosen = load_scenario(scenario) if isinstance(scenario, str) else scenario
        return checkpoint.unpack(cls, packed, lambda state: branched(state, chosen, until))

    def state(self) -> dict[str, Any]:
        """What a day changes, with what the model was made of; see :mod:`sim.engine.checkpoint`."""
        stage = self.stage
        return {
            "made_of": {
                "scenario": self.scenario.effective(), "name": self.scenario.name,
                "agents": self.n_people, "seed": self.draw_seed,
                "until": date_of(self.last).isoformat(), "every": self.every, "parameters": self.parameters.as_dict(),
            },
            "day": self.day,
            "people": self.people.state(),
            "cells": self.cells.state(),
            "shocks": self.shocks.state(),
            "government": self.government.state(),
            "chamber": self.chamber.state(),
            "stage": {
                "against": dict(stage.charges.against), "loss": dict(stage.charges.loss), "armed": dict(stage.armed),
                "deaths": [stage.deaths_low, stage.deaths_high], "seasons": [list(s) for s in stage.seasons],
            },
            "armed": self.armed.state(),
            "gauges": self.gauges.state(),
            "course": self.course.state(),
            "news": [list(n) for n in self.news],
            "first_majority": self.first_majority,
            "tally": self.tally.state(),
            "day_arrays": self._day.state(),
            "parties": self.parties.state(),
            "party_life": self.party_life.state(),
            "recorder": self.recorder.state(),
        }  # fmt: skip

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Revolution:
        """A model made anew and put into a saved state. Mesa's DataCollector starts empty; the tables are whole."""
        made, scenario = state["made_of"], scenario_of(state)
        model = cls(scenario, made["agents"], made["seed"], made["until"], made["every"], made["parameters"])
        model.day = int(state["day"])
        model.steps = model.day - model.first + 1
        model.running = model.day < model.last
        model.people.load(state["people"])
        model.cells.load(state["cells"])
        model.shocks.load(state["shocks"])
        model.government.restore(state["government"])
        attitudes.follow(model.people.attitude, model.shares)
        model.chamber.restore(state["chamber"], model.chamber.views.assemblies(model.shares, model.people.soviet_power))
        stage = state["stage"]
        model.stage.charges.against = {k: int(v) for k, v in stage["against"].items()}
        model.stage.charges.loss = dict(stage["loss"])
        model.stage.deaths_low, model.stage.deaths_high = stage["deaths"]
        model.stage.seasons = [tuple(s) for s in stage["seasons"]]
        model.stage.armed = dict(stage["armed"])
        model.armed.load(state["armed"])
        model.gauges.load(state["gauges"])
        model.course.load(state["course"])
        model.news = [tuple(n) for n in state["news"]]
        model.first_majority = state["first_majority"]
        model.tally.load(state["tally"])
        if model.day >= model.first:
            model.parties.speak(model.today, model.happened())
        model.parties.load(state["parties"])
        model._day.load(state["day_arrays"])
        model.party_life.load(state["party_life"])
        model.recorder.load(state["recorder"])
        return model

    # --- making -----------------------------------------------------------------------------------------------------

    def _found_groups(self) -> list[Group]:
        start = self.society.group_start
        return [
            GROUP_OF_STRATUM[stratum](self, g, place, self.people, slice(int(start[g]), int(start[g + 1])))
            for g, (place, stratum) in enumerate(self.society.groups)
        ]

    def _days_to_record(self) -> tuple[int, ...]:
        """Days of elections: the tables always hold them."""
        return tuple(e.day for e in self.timeline if any(x.kind == "elect" for x in e.event.effects))

    def _start_attitudes(self) -> None:
        """Attitudes of 22 February: identity and taste. A party of one people is hardly heard by others."""
        heard = np.where(self.parties.speaks > 0.0, 0.0, np.log(self.parameters.foreign_tongue)).astype(np.float32)
        self.people.taste += heard[self.people.tongue]
        identity = self.parameters.identity_weight * self.parties.identity[self.cells.stratum]
        self.people.attitude[:] = identity[self.people.cell] + self.people.taste
        self.cells.credibility[:] = self.parties.credibility[self.cells.stratum]
        self.people.soviet_power[:] = 1.0 / (1.0 + np.exp(-self.cells.soviet_start[self.people.cell]))
        demands.mean_by_cell(self.society.cell_start, self.people.weight, self.people.demand, self.cells.demand)

    def _first_hearing(self) -> None:
        """People begin among the parties that they have heard of: those unheard in February were chosen by nobody."""
        self._day.hear()
        self.people.attitude += considered(self.cells.reach, self.parties.known)[self.people.cell]

    def mean_by_group(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Means of a column of people by group, by persons, [groups, columns]; rows of shares [n, P] sum to 1."""
        out = np.empty((len(self.groups), values.shape[1]), dtype=np.float32)
        demands.mean_by_cell(self.society.group_start, self.people.weight, values, out)
        total = out.astype(np.float64)
        return total / total.sum(axis=1, keepdims=True) if values.shape[1] == P else total

    def _chosen(self, place: str, stratum: str | None) -> NDArray[np.intp]:
        from sim.society.places import parts

        wanted = set(parts(place))
        found_ = [g for g, (p, s) in enumerate(self.society.groups) if p in wanted and stratum in (None, s)]
        if not found_:
            raise InputError(f"nobody of stratum '{stratum}' lives in {place}. Strata: {', '.join(STRATA)}.")
        return np.array(found_, dtype=np.intp)

    def _note_majority(self) -> None:
        """The first day on which Bolsheviks hold more than half of the Petrograd Soviet."""
        seats = self.chamber.seats().get("petrograd_soviet")
        if self.first_majority is None and seats is not None and 2 * seats[PARTY["bolshevik"]] > seats.sum():
            self.first_majority = self.day

    def _close(self) -> None:
        """After the last day: what did not happen, and the outcomes."""
        for entry in self.course.unhappened(self.first, self.last):
            self.recorder.row("events", entry.day, entry.event.id, entry.status, entry.cause)
        for measure, value in outcomes(self).items():
            self.recorder.row("outcomes", measure, value)
        # Mesa counts the agents of every model in a table of the class, which would keep finished models in memory.
        mesa.Agent._ids.pop(self, None)

    def _weights(self, place: str, stratum: str | None) -> NDArray[np.float64]:
        persons = self.recorder.persons[self._chosen(place, stratum)]
        return np.asarray(persons / persons.sum())


def _refuse_unsupported(scenario: Scenario) -> None:
    """Rule 8: a scenario that asks for what this version can't do is refused by name, never run with it left out."""
    asked = sorted(scenario.uses() - SUPPORTED - {f"forcing.{name}" for name in forcing().names})
    asked += [f"forcing.{name}" for name in unheard(scenario, current())]
    if asked:
        raise InputError(f"scenario '{scenario.name}' asks for {', '.join(asked)}, which this version does not model.")

"""A stand-in for the model, small and exact, for tests of what runs it. Its numbers follow from the seed alone."""

from __future__ import annotations

import os
import signal
from datetime import date, timedelta

import numpy as np

from sim.words.errors import InputError
from sim.words.identifiers import PARTIES


def named(name, scenario):
    """The scenario as if read from a file of that name."""
    scenario._name = name
    return scenario


PLACES = (("petrograd/vyborg", "worker"), ("petrograd/garrison", "soldier"), ("volga/villages", "peasant"))


class Recorder:
    def __init__(self, tables):
        self._tables = tables

    def tables(self):
        return self._tables


class Fake:
    """Same signature as Revolution; three groups, a record every ``every`` days."""

    def __init__(self, scenario, agents=20_000, seed=1917, until=None, every=None, parameters=None):
        self.scenario, self.agents_asked, self.seed = scenario, agents, seed
        self.until, self.every = until or scenario.until, every or 7
        self.recorder = Recorder({})

    def run(self):
        rng = np.random.default_rng(self.seed)
        start = self.scenario.start
        days = list(range(0, (self.until - start).days + 1, self.every))
        dates = np.array([start + timedelta(days=d) for d in days], dtype="datetime64[D]")
        groups, parties = len(PLACES), len(PARTIES)
        share = rng.dirichlet(np.ones(parties), size=(len(days), groups))
        persons = np.array([1000.0, 3000.0, 6000.0])
        places, strata = (np.array(x) for x in zip(*PLACES, strict=True))
        by_group = {"date": np.repeat(dates, groups), "place": np.tile(places, len(days)),
                    "stratum": np.tile(strata, len(days))}
        self.recorder = Recorder({
            "allegiance": {**{k: np.repeat(v, parties) for k, v in by_group.items()},
                           "party": np.tile(PARTIES, len(days) * groups), "share": share.ravel(),
                           "persons": np.tile(np.repeat(persons, parties), len(days))},
            "soviet_power": {**by_group, "share": share[:, :, 0].ravel(),
                             "persons": np.tile(persons, len(days))},
            "soviets": {"date": dates, "body": np.full(len(days), "petrograd_soviet"),
                        "party": np.full(len(days), "sr"), "seats": rng.integers(0, 900, len(days))},
            "elections": {"date": dates[:0], "election": np.array([], str), "place": np.array([], str),
                          "party": np.array([], str), "votes": np.array([]), "share": np.array([])},
            "province_elections": {k: np.array([], str) for k in ("date", "election", "place", "province", "party")}
            | {"votes": np.array([]), "share": np.array([])},
            "actions": {**by_group, "action": np.full(len(days) * groups, "strike"),
                        "persons": rng.integers(0, 99, len(days) * groups)},
            "events": {"date": dates[:1], "event": np.array(["womens_day"]), "status": np.array(["pinned"]),
                       "cause": np.array(["history"])},
            "macro": {"date": dates, "place": np.full(len(days), "empire"), "series": np.full(len(days), "bread"),
                      "value": rng.random(len(days))},
            "outcomes": {"measure": np.array(["soviet_power_date", "insurrection_date"]),
                         "value": np.array([243.0, np.nan])},
        })


class FailsOnOddRuns(Fake):
    def run(self):
        if self.seed % 2:
            raise ZeroDivisionError("odd")
        super().run()


class DiesOnOddRuns(Fake):
    def run(self):
        if self.seed % 2:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        super().run()


class RefusesScenario(Fake):
    def __init__(self, scenario, **options):
        raise InputError("events.free is not supported")


class InterruptedOnce(Fake):
    """Ctrl-C in the middle of the third run, the first time."""

    pressed = False

    def run(self):
        if self.seed % 1_000_003 == 2 and not InterruptedOnce.pressed:
            InterruptedOnce.pressed = True
            raise KeyboardInterrupt
        super().run()


class TakesLong(Fake):
    """The first two runs are done at once, the others take longer than a test may."""

    def run(self):
        if self.seed % 1_000_003 >= 2 and self.until > date(1917, 2, 24):
            import time

            time.sleep(120)
        super().run()


class Forked(Fake):
    """Can be taken up under another scenario: from its divergence on shares differ, and an event comes or does not.

    Days lived are counted, so that a test can tell how often a past was lived.
    """

    days_lived = 0

    def __init__(self, scenario, **options):
        super().__init__(scenario, **options)
        self.day = scenario.start - timedelta(days=1)

    def run(self, until=None):
        goal = min(until or self.until, self.until)
        Forked.days_lived += (goal - self.day).days
        self.day = goal
        if until is not None:
            return self
        super().run()
        since = self.scenario.divergence
        tables = self.recorder.tables()
        if since is not None:
            followed = tables["allegiance"]
            later = followed["date"] >= np.datetime64(since)
            first, second = (followed["party"] == party for party in PARTIES[:2])
            taken = 0.5 * followed["share"][later & first]
            followed["share"][later & first] -= taken
            followed["share"][later & second] += taken
            came = np.array([float((since - self.scenario.start).days), np.nan])[[self.seed % 2]]
            tables["outcomes"] = {"measure": np.array(["soviet_power_date", "insurrection_date", "deaths_low"]),
                                  "value": np.array([243.0, came[0], 7.0])}
            tables["events"] = {"date": np.array([tables["events"]["date"][0], np.datetime64(since)]),
                                "event": np.array(["womens_day", "july_days"]),
                                "status": np.array(["pinned", "fired"]), "cause": np.array(["history", "a test"])}
        return self

    def checkpoint(self):
        return repr((self.seed, self.day.toordinal(), self.agents_asked, self.every)).encode()

    @classmethod
    def branch(cls, packed, scenario, until=None):
        seed, day, agents, every = (int(word) for word in packed.decode().strip("()").split(","))
        model = cls(scenario, agents=agents, seed=seed, until=until, every=every)
        model.day = date.fromordinal(day)
        return model


class ForkedInterruptedOnce(Forked):
    """Ctrl-C in the middle of the third run's other history, the first time."""

    pressed = False

    def run(self, until=None):
        halfway = until is None and self.scenario.divergence is not None
        if halfway and self.seed % 1_000_003 == 2 and not ForkedInterruptedOnce.pressed:
            ForkedInterruptedOnce.pressed = True
            raise KeyboardInterrupt
        return super().run(until)


class TellsParameters(Fake):
    """Its outcomes tell the value of ``blame_rate`` that it was given, NaN where it was given none by name."""

    def __init__(self, *args, parameters=None, **options):
        super().__init__(*args, parameters=parameters, **options)
        self.given = parameters if isinstance(parameters, dict) else {}

    def run(self, until=None):
        super().run()
        outcomes = {"measure": np.array(["blame"]), "value": np.array([self.given.get("blame_rate", np.nan)])}
        self.recorder = Recorder({**self.recorder.tables(), "outcomes": outcomes})
        return self

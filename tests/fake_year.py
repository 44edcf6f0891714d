"""A stand-in for the model with every place, body and election: smooth made-up curves, for tests of figures."""

from __future__ import annotations

import numpy as np
from fake_revolution import Fake, Recorder

import sim

#: Days on which the fake records; weekly, with the days of votes and of sessions.
VOTES = {
    "petrograd_district_dumas": ("1917-05-27", "petrograd/*"), "moscow_duma": ("1917-06-25", "moscow/*"),
    "petrograd_duma": ("1917-08-20", "petrograd/*"), "constituent_assembly": ("1917-11-12", "*"),
}  # fmt: skip
STANDING = {"petrograd_soviet": 1200, "moscow_soviet": 900, "tsik": 250, "kronstadt_soviet": 300}
SESSIONS = {"first_congress": ("1917-06-03", 777), "second_congress": ("1917-10-25", 670),
            "constituent_assembly": ("1918-01-05", 707)}  # fmt: skip
LANDMARKS = {
    "abdication_provisional_government": "1917-03-02", "first_coalition": "1917-05-05", "june_offensive": "1917-06-18",
    "july_days": "1917-07-03", "kornilov_march": "1917-08-27", "insurrection_25_oct": "1917-10-25",
    "decree_land": "1917-10-26",
}  # fmt: skip


class Year(Fake):
    """Same signature as Revolution; all groups, weekly."""

    def run(self):
        rng = np.random.default_rng(self.seed)
        every = np.arange(np.datetime64(self.scenario.start), np.datetime64(self.until) + 1, self.every)
        extra = [day for day, _ in (*VOTES.values(), *SESSIONS.values())]
        dates = np.unique(np.concatenate([every, np.array(extra, "datetime64[D]"), [np.datetime64(self.until)]]))
        dates = dates[dates <= np.datetime64(self.until)]
        groups = [(place.id, stratum) for place in sim.PLACES for stratum in place.strata]
        when = np.linspace(0.0, 1.0, len(dates))
        lean = rng.normal(0.0, 0.8, (len(groups), len(sim.PARTIES)))
        drift = rng.normal(0.0, 1.5, (1, len(sim.PARTIES)))
        logits = lean[None] + when[:, None, None] * drift[None]
        share = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
        self.recorder = Recorder(_tables(rng, dates, groups, share))


def _tables(rng, dates, groups, share):
    parties, n = list(sim.PARTIES), len(groups)
    place, stratum = (np.array(x) for x in zip(*groups, strict=True))
    persons = np.linspace(1e4, 1e5, n)
    base = {"date": np.repeat(dates, n), "place": np.tile(place, len(dates)), "stratum": np.tile(stratum, len(dates))}
    mean = share.mean(axis=1)
    seats = [
        (day, body, party, int(house * part))
        for body, house in STANDING.items()
        for day, parts in zip(dates, mean, strict=True)
        for party, part in zip(parties, parts, strict=True)
    ]
    seats += [
        (np.datetime64(day), body, party, int(house * part))
        for body, (day, house) in SESSIONS.items()
        if np.datetime64(day) in dates
        for party, part in zip(parties, mean[list(dates).index(np.datetime64(day))], strict=True)
    ]
    votes = [
        (np.datetime64(day), election, where.id, province, party, 1000.0 * part)
        for election, (day, pattern) in VOTES.items()
        if np.datetime64(day) in dates
        for where in sim.PLACES
        if pattern == "*" or where.id in sim.matching(pattern)
        for province in where.provinces or ("",)
        for party, part in zip(parties, mean[list(dates).index(np.datetime64(day))], strict=True)
    ]
    acts = [
        (day, p, s, action, float(rng.integers(1, 900)))
        for day in dates
        for p, s, action in (
            ("petrograd/vyborg", "worker", "strike"), ("urals/towns", "worker", "strike"),
            ("moscow/city", "middle", "demonstration"), ("petrograd/garrison", "soldier", "refusal"),
            ("volga/villages", "peasant", "land_seizure"),
        )
    ]  # fmt: skip
    obeys = [
        (day, where, f"obeys/{who}", float(rng.random() / 3))
        for day in dates
        for where in ("petrograd/vyborg", "moscow/city", "western_front")
        for who in ("cabinet", "soviet", "nobody")
    ]
    came = [(np.datetime64(d), e, "pinned", "history") for e, d in LANDMARKS.items() if np.datetime64(d) <= dates[-1]]
    allegiance = {k: np.repeat(v, len(parties)) for k, v in base.items()}
    allegiance |= {"party": np.tile(parties, len(dates) * n), "share": share.ravel(),
                   "persons": np.tile(np.repeat(persons, len(parties)), len(dates))}  # fmt: skip
    power = np.clip(share[:, :, 0] * 1.3, 0, 1).ravel()
    return {
        "allegiance": allegiance,
        "soviet_power": {**base, "share": power, "persons": np.tile(persons, len(dates))},
        "soviets": _columns(("date", "body", "party", "seats"), seats),
        "elections": _columns(("date", "election", "place", "party", "votes", "share"),
                              [(d, e, w, p, v, 0.1) for d, e, w, _, p, v in votes]),
        "province_elections": _columns(("date", "election", "place", "province", "party", "votes", "share"),
                                       [(*row, 0.1) for row in votes]),
        "actions": _columns(("date", "place", "stratum", "action", "persons"), acts),
        "events": _columns(("date", "event", "status", "cause"), came),
        "macro": _columns(("date", "place", "series", "value"), obeys),
        "outcomes": {"measure": np.array(["soviet_power_date"]), "value": np.array([245.0])},
    }  # fmt: skip


def _columns(names, rows):
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return {name: np.array(column) for name, column in zip(names, columns, strict=True)}



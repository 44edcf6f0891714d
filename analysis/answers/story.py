"""One simulated person's year in sentences, each from what was recorded of that person or of the people around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

import sim
from analysis.answers.story_words import (
    ACTS,
    ELECTIONS,
    MEETS,
    NO_TIE,
    SENTENCES,
    SEVERAL,
    STRONG_TIE,
    TONGUES,
    TRADES,
    VILLAGE,
)
from analysis.answers.why import merge_terms, party_words
from analysis.answers.why_words import CHANNELS, shown_date
from analysis.words.naming import place_title

#: A leaning to another party is a turn when it is held for so many days.
HELD = 7
#: News that is told of: so many pieces, of those that moved an attitude by at least so much (utility).
_NEWS, _LEAST_NEWS = 4, 0.05
#: A share of the people around below this is not told.
_LEAST_AROUND = 0.01


@dataclass(frozen=True)
class Told:
    """One sentence: its key in the glossary, the day it is of (days from the first; -1 for the head), its text."""

    key: str
    day: int
    text: str


def tell(
    results: sim.Results, person: int, place: str = "empire", stratum: str | None = None, *,
    run: int | None = None, calendar: str = "os",
) -> str:  # fmt: skip
    """The story of person number ``person`` among the people of a place and stratum, a paragraph a part.

    Raises :class:`sim.InputError` for a person, place or run that there is not.
    """
    told = story(results, person, place, stratum, run=run, calendar=calendar)
    head = " ".join(t.text for t in told if t.day < 0)
    return "\n".join([head, "", *(t.text for t in told if t.day >= 0)])


def story(
    results: sim.Results, person: int, place: str = "empire", stratum: str | None = None, *,
    run: int | None = None, calendar: str = "os",
) -> list[Told]:  # fmt: skip
    """The sentences of :func:`tell`, in the order in which they are told."""
    number = run if run is not None else results.runs[0] if results.runs else 0
    model = results.model(number)
    row = _row(model, person, place, stratum)
    diarist = model.keep_diary(row)
    model.run()
    return _Teller(results, number, model, diarist.close(), calendar).told()


def _row(model: Any, person: int, place: str, stratum: str | None) -> int:
    rows = model.rows_of(place, stratum)
    if not 0 <= person < rows.size:
        of = f"{stratum} of {place}" if stratum else place
        raise sim.InputError(f"there is no person {person} in {of}: this run has persons 0 to {rows.size - 1} there.")
    return int(rows[person])


class _Teller:
    def __init__(self, results: sim.Results, run: int, model: Any, diary: Any, calendar: str):
        self.results, self.run, self.model, self.diary, self.calendar = results, run, model, diary, calendar
        self.who = diary.who
        she = "she" if self.who["woman"] else "he"
        her, him = ("her", "her") if self.who["woman"] else ("his", "him")
        self.words = {"she": she, "She": she.capitalize(), "her": her, "Her": her.capitalize(), "him": him}
        self.first = results.asked.start

    def told(self) -> list[Told]:
        dated = [*self.turns(), *self.soviets(), *self.acts(), *self.cards(), *self.news(), *self.ballots()]
        begin = self.leaning(0, "start")
        return [*self.head(), begin, *sorted(dated, key=lambda t: t.day), *self.end()]

    def say(self, key: str, day: int, **values: Any) -> Told:
        return Told(key, day, SENTENCES[key].format(**self.words, **values))

    def date(self, day: int) -> str:
        """A day counted from the first, in words."""
        return shown_date(self.first + timedelta(days=day), self.calendar)

    # --- who ---------------------------------------------------------------------------------------------------------

    def head(self) -> list[Told]:
        w = self.who
        tie = w["village_tie"]
        village = "strong" if tie >= STRONG_TIE else "some" if tie >= NO_TIE else ""
        of_region = w["kind"] in ("towns", "garrisons", "villages") and w["province"]
        province = f" (province: {w['province'].replace('_', ' ').title()})" if of_region else ""
        delay = w["news_delay"]
        late = "" if delay < 1 else f"; news from Petrograd takes {_many(delay, 'day')}"
        fellows, _ = MEETS[w["stratum"]]
        return [
            self.say("not_real", -1, row=w["row"], run=self.run, title=self.results.title,
                     stands_for=_round(w["stands_for"])),
            self.say("who", -1, trade=TRADES[w["trade"]], place=place_title(w["place"]), province=province,
                     tongue=TONGUES[w["tongue"]], reads="reads" if w["literate"] else "does not read",
                     village="" if w["stratum"] == "peasant" else VILLAGE[village]),
            self.say("assembly", -1, fellows=fellows, assembly=_round(w["assembly"]), delay=late),
        ]  # fmt: skip

    # --- what happened -----------------------------------------------------------------------------------------------

    def leaning(self, day: int, key: str) -> Told:
        party = self.diary.first[day]
        share = self.share(day, party)
        if party == "unaligned":
            return self.say("no_party", day, date=self.date(day), share=share)
        return self.say(key, day, date=self.date(day), party=party_words(party), share=share)

    def share(self, day: int, party: str) -> str:
        return f"{100.0 * float(self.diary.share[day][sim.PARTIES.index(party)]):.0f}"

    def turns(self) -> list[Told]:
        """Changes of the party followed before all others that are held for a week."""
        told, since = [], 0
        for day, before, party in turns(self.diary.first):
            channel = self.moved_most(since, day, party, before)
            key = "turn_from_none" if before == "unaligned" else "turn"
            told.append(self.say(key, day, date=self.date(day), party=_party(party), before=_party(before),
                                 since=self.date(since), channel=channel))  # fmt: skip
            since = day
        return told

    def moved_most(self, since: int, day: int, party: str, before: str) -> str:
        """The channel that did most to set the new party above the old one between two days."""
        merge, names = merge_terms(self.diary.terms)
        change = np.sum(self.diary.parts[since : day + 1], axis=0)
        gap = change[:, sim.PARTIES.index(party)] - change[:, sim.PARTIES.index(before)]
        name = names[int((merge[:, : gap.size] @ gap).argmax())]
        return CHANNELS[name].said_of_others if name in ("blame", "lost") else CHANNELS[name].said

    def soviets(self) -> list[Told]:
        sides = [support > 0.5 for support in self.diary.soviet_power]
        return [
            self.say("soviets" if now else "no_soviets", day, date=self.date(day))
            for day, _, now in turns(sides)
        ]  # fmt: skip

    def acts(self) -> list[Told]:
        found: dict[str, list[int]] = {}
        for day, names in enumerate(self.diary.acts):
            for name in names:
                found.setdefault(name, []).append(day)
        told = []
        for name, days in found.items():
            key = "act_once" if len(days) == 1 else "act"
            told.append(self.say(key, days[0], date=self.date(days[0]), act=ACTS[name], days=len(days),
                                 last=self.date(days[-1])))  # fmt: skip
        return told

    def cards(self) -> list[Told]:
        told, held = [], ""
        for day, card in enumerate(self.diary.card):
            if card != held:
                key, extra = ("card", {"party": party_words(card)}) if card else ("card_gone", {})
                told.append(self.say(key, day, date=self.date(day), **extra))
            held = card
        return told

    def news(self) -> list[Told]:
        first = self.model.first
        moving = sorted((n for n in self.diary.news if n[3] >= _LEAST_NEWS), key=lambda n: -n[3])[:_NEWS]
        told = []
        for event, struck, heard, _ in moving:
            if heard <= self.diary.days[-1]:
                when = "the same day" if heard == struck else f"after {_many(heard - struck, 'day')}"
                told.append(self.say("news", heard - first, event=self.model.event(event).title, when=when,
                                     date=self.date(struck - first)))  # fmt: skip
        return told

    def ballots(self) -> list[Told]:
        held = self.results.elections
        held = held[(held["run"] == self.run) & (held["place"] == self.who["place"])]
        places = {(str(e), str(d)) for e, d in zip(held["election"], held["date"], strict=True)}
        told = []
        for number, election, shares in self.diary.ballots:
            day = number - self.model.first
            if (election, (self.first + timedelta(days=day)).isoformat()) not in places:
                continue
            one, two = np.argsort(-shares)[:2]
            told.append(self.say(
                "ballot", day, election=ELECTIONS[election], are="are" if election in SEVERAL else "is",
                date=self.date(day), assembly=MEETS[self.who["stratum"]][1],
                first=_party(sim.PARTIES[one]), first_share=f"{100 * shares[one]:.0f}",
                second=_party(sim.PARTIES[two]), second_share=f"{100 * shares[two]:.0f}",
                own=_party(self.diary.first[day]),
            ))  # fmt: skip
        return told

    # --- how it ends -------------------------------------------------------------------------------------------------

    def end(self) -> list[Told]:
        last = len(self.diary.days) - 1
        told = [] if any(self.diary.acts) else [self.say("never_acted", last)]
        around, stratum = self.diary.around[last], self.who["stratum"]
        kept = {"deserted": ("soldier", "sailor"), "locked": ("worker",), "red_guard": ("worker",),
                "seized": ("peasant",)}  # fmt: skip
        for key, strata in kept.items():
            if stratum in strata and around[key] >= _LEAST_AROUND:
                told.append(self.say(key, last, date=self.date(last), share=f"{100 * around[key]:.0f}"))
        one, two = (sim.PARTIES[p] for p in np.argsort(-self.diary.share[last])[:2])
        told.append(self.say("end", last, date=self.date(last), party=_party(one), share=self.share(last, one),
                             second=_party(two), second_share=self.share(last, two)))  # fmt: skip
        told.append(self.say("end_soviets", last, support=f"{100 * self.diary.soviet_power[last]:.0f}"))
        return told


def turns(states: list[Any]) -> list[tuple[int, Any, Any]]:
    """(day, before, after) for each change of state that is held for :data:`HELD` days or to the end."""
    found, held = [], states[0]
    for day, state in enumerate(states):
        if state != held and all(later == state for later in states[day : day + HELD]):
            found.append((day, held, state))
            held = state
    return found


def _party(party: str) -> str:
    return "no party" if party == "unaligned" else party_words(party)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _round(number: float) -> str:
    """A number to two figures: 1234 is '1,200'."""
    if number < 10.0:
        return f"{number:.0f}"
    scale = 10 ** (len(str(int(number))) - 2)
    return f"{round(number / scale) * scale:,.0f}"

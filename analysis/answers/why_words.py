"""The channels of a split, in words: which terms each sums up, and how a split is told in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import sim

if TYPE_CHECKING:
    from analysis.answers.why import Why


@dataclass(frozen=True)
class Channel:
    """One channel: its words in a table, in a sentence, and the terms of a traced run that it sums up.

    ``grew`` is the term that is the change of a demand since the first day; the rest of it is what the demand as it
    was then came to mean for a choice. ``said_of_others`` is said where it worked mostly through the attitudes to other
    parties.
    """

    words: str
    said: str
    terms: tuple[str, ...]
    said_of_others: str = ""
    grew: str = ""


#: Demands in words.
DEMANDS = {
    "peace": "peace", "bread": "bread", "work": "work", "land": "land", "power": "the defence of what February had won",
    "order": "order", "nation": "national rights",
}  # fmt: skip

#: Every channel, in the order of tables and figures.
CHANNELS: Mapping[str, Channel] = {
    "identity": Channel("What people brought from before 1917", "what they brought from before", ("identity",)),
    **{
        demand: Channel(
            f"Wish for {words}", f"the wish for {words}", (f"wanted/{demand}", f"grew/{demand}"), grew=f"grew/{demand}"
        )
        for demand, words in DEMANDS.items()
    },
    "offered": Channel(
        "What parties stood for changed", "what they came to stand for", ("offered",), "what others came to stand for"
    ),
    "won": Channel("Belief in parties won", "belief won", ("won",), "belief won by others"),
    "lost": Channel("Belief in parties lost", "belief lost", ("lost",), "belief lost by others"),
    "blame": Channel("Blame for what people suffered", "blame laid on them", ("blame",), "blame laid on others"),
    "reach": Channel("Who was heard", "how far they were heard", ("reach",), "how far others were heard"),
    "independence": Channel(
        "Distance from parties allied with the propertied", "distance from parties allied with the propertied",
        ("independence",),
    ),
    "soviet_power": Channel("Agreement on soviet power", "agreement on soviet power", ("soviet_power",)),
    "peers": Channel("Talk in the factory, company or village", "talk among peers", ("peers",)),
    "stubbornness": Channel("Holding out against that talk", "holding out against peers", ("stubbornness",)),
    "taste": Channel("Personal liking (constant)", "personal liking", ("taste",)),
    "moved": Channel("Who moved into the group or out of it", "who moved in or out", ("moved",)),
    "rounding": Channel("Rounding", "rounding", ("rounding",)),
}  # fmt: skip

#: Causes of belief that are no events.
EVENT_WAYS = {
    "office and talk": "What parties in office did or left undone, day by day, and talk of it",
    "disappointment": "Soviets in power, measured against what was expected of them",
}
WAYS = {"belief": "belief", "demand": "wishes"}
#: Channels that move a share by less than this are not named in a sentence.
_LEAST = 0.005
_NAMED = 3


def shown_date(when: date, calendar: str) -> str:
    """``1 June`` in the style asked for."""
    shown = sim.new_style(when) if calendar == "ns" else when
    return f"{shown.day} {shown:%B}" + (f" {shown.year}" if shown.year != 1917 else "")


def points(change: float) -> str:
    """A change of a share in points: 0.0341 is '+3.4'."""
    return f"{100.0 * change:+.1f}".replace("-", "\u2212")


def sentence(split: Why, calendar: str = "os") -> str:
    """What changed, the channels that did most of it, those that worked against it, and the events that did most."""
    from analysis.answers.why import group_words, party_words

    party, group = party_words(split.party), group_words(split.place, split.stratum)
    until = shown_date(split.until, calendar)
    ends = f"from {100 * split.start:.1f} to {100 * split.end:.1f} per cent ({points(split.change)} points)"
    if split.between:
        base, other = split.between
        told = f"On {until} the share of {party} among {group} differs between \u2018{base}\u2019 and " \
               f"\u2018{other}\u2019: {ends}."  # fmt: skip
    else:
        since = shown_date(split.since, calendar)
        verb = "rose" if split.change >= 0.0 else "fell"
        told = f"Between {since} and {until} the share of {party} among {group} {verb} {ends}."
    sign = 1.0 if split.change >= 0.0 else -1.0
    along = _named(split, sign)
    against = _named(split, -sign)
    if along:
        told += f" Most of it: {along}."
    if against:
        told += f" Against it: {against}."
    if not split.events.empty:
        single = split.events[split.events["date"].notna() & (split.events["change"] * sign > _LEAST / 2)]
        if len(single):
            title, change = str(single["title"].iloc[0]), float(single["change"].iloc[0])
            told += f" The single event that did most: {title} ({points(change)})."
    if len(split.runs) > 1:
        told += f" Mean of {len(split.runs)} runs."
    return told


def _named(split: Why, sign: float) -> str:
    rows = split.table[split.table["change"] * sign >= _LEAST]
    rows = rows.sort_values("change", key=lambda c: -c.abs(), kind="stable").head(_NAMED)
    named: Iterable[Any] = rows.itertuples()
    return ", ".join(f"{_said(row)} ({points(row.change)})" for row in named)


def _said(row: Any) -> str:
    channel = CHANNELS[row.channel]
    return channel.said_of_others if channel.said_of_others and abs(row.others) > abs(row.own) else channel.said

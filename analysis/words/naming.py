"""Names in words for parties, strata, places, wholes and bodies, and the checks of what a user names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from re import sub

import sim

_TITLES = {place.id: place.title for place in sim.PLACES}
_WHOLES = {
    "empire": "the Empire", "all": "the Empire", "baltic": "the Baltic bases and fleet", "fronts": "the fronts",
    "fleets": "the fleets", "capitals": "the capitals", "towns": "the towns", "villages": "the villages",
    "garrisons": "the garrisons", "districts": "the districts of Petrograd",
}  # fmt: skip
#: Names too long for a panel.
_SHORT = {"petrograd/centre": "Petrograd, centre and others"}

#: Parties and strata by name.
PARTY_TITLES: dict[str, str] = {
    "bolshevik": "Bolsheviks",
    "left_sr": "Left SRs",
    "sr": "SRs",
    "menshevik": "Mensheviks",
    "menshevik_internationalist": "Menshevik Int.",
    "anarchist": "Anarchists",
    "kadet": "Kadets",
    "right": "The right",
    "national_socialist": "National socialists",
    "national": "National parties",
    "unaligned": "Unaligned",
}
STRATUM_TITLES: dict[str, str] = {
    "worker": "Workers",
    "soldier": "Soldiers",
    "sailor": "Sailors",
    "peasant": "Peasants",
    "middle": "Middle strata",
    "propertied": "Propertied",
}

#: Bodies by name; other soviets are named after their place.
BODIES: dict[str, str] = {
    "petrograd_soviet": "Petrograd Soviet",
    "moscow_soviet": "Moscow Soviets",
    "kronstadt_soviet": "Kronstadt Soviet",
    "tsik": "Central Executive Committee (TsIK)",
    "peasant_executive": "Peasants' Executive",
    "factory_committees_petrograd": "Factory committees of Petrograd",
    "first_congress": "First Congress of Soviets",
    "second_congress": "Second Congress of Soviets",
    "third_congress": "Third Congress of Soviets",
    "first_peasant_congress": "First Peasants' Congress",
    "extraordinary_peasant_congress": "Extraordinary Peasants' Congress",
    "second_peasant_congress": "Second Peasants' Congress",
    "northern_region_congress": "Congress of the Northern Region",
    "democratic_conference": "Democratic Conference",
    "pre_parliament": "Pre-Parliament",
    "constituent_assembly": "Constituent Assembly",
}
_MOST_TOLD = 20
_SECTIONS = {"workers": "workers", "soldiers": "soldiers", "executive": "executive", "other_trades": "other trades"}


#: How tables and notes name a work that the project was given: by the number of its file.
_NUMBERED = re.compile(r"seed \d{3} \(([^()]*)\)| \(seed \d{3}\)")
_FROM_MEMORY = re.compile(r"memory: (.*?), unverified")


def cited(source: str) -> str:
    """A source as a reader can look it up: by author and title, not by the number of a file; doubt said in words."""
    named = _NUMBERED.sub(lambda found: found[1] or "", source)
    return _FROM_MEMORY.sub(r"\1 (from memory, not checked)", named).removeprefix("memory: ")


def place_title(place: str) -> str:
    """A place, a whole or a pattern in words."""
    return _TITLES.get(place) or _WHOLES.get(place) or (place if "*" in place else place.replace("_", " ").title())


def short_title(place: str) -> str:
    """A place in words for a narrow panel: a shorter name where there is one, and nothing in brackets."""
    return _SHORT.get(place) or sub(r" \([^)]*\)", "", place_title(place))


def body_title(body: str) -> str:
    """A body in words: ``petrograd_soviet/executive`` is 'Petrograd Soviet, executive'."""
    if body in BODIES:
        return BODIES[body]
    whole, _, section = body.rpartition("/")
    if section in _SECTIONS:
        return f"{body_title(whole)}, {_SECTIONS[section]}"
    if section == "soviet":
        kind = "committees" if whole.endswith(("_front", "_fleet")) else "soviet"
        return f"{place_title(whole)}: {kind}"
    return body.replace("_", " ")


def strata_in(where: str, known: Iterable[str]) -> list[str]:
    """The strata of a table that live in ``where``, in the usual order."""
    here = {stratum for place in sim.PLACES if place.id in sim.matching(where) for stratum in place.strata}
    return [stratum for stratum in sim.STRATA if stratum in here & set(known)]


def one_of(kind: str, word: str, known: Sequence[str]) -> str:
    """The word, if it is known; otherwise :class:`sim.InputError` that says what is."""
    if word in known:
        return word
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    meant = f" Did you mean '{close[0]}'?" if close else ""
    more = f" and {len(known) - _MOST_TOLD} more" if len(known) > _MOST_TOLD else ""
    raise sim.InputError(f"unknown {kind} '{word}'.{meant} Known: {', '.join(known[:_MOST_TOLD])}{more}.")


def parties_of(parties: Sequence[str] | None) -> list[str]:
    """The parties asked for, checked; all of them for None."""
    return [one_of("party", party, sim.PARTIES) for party in (sim.PARTIES if parties is None else parties)]


def who(stratum: str | None) -> str:
    """'workers' for a stratum, 'people' for all."""
    if stratum is None:
        return "people"
    label = STRATUM_TITLES[one_of("stratum", stratum, sim.STRATA)].lower()
    return f"the {label}" if stratum in ("middle", "propertied") else label


def the(label: str) -> str:
    """A party's label inside a sentence: 'the Bolsheviks', 'the right'."""
    return label[0].lower() + label[1:] if label.startswith("The ") else f"the {label}"

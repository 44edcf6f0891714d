"""Rules of representation that a scenario changes: other numbers of electors per deputy, in soviets and congresses.

The same people under another key give another house (ledger G-22). A key acts from a date on; seats then follow from
electors, not from the size that the body had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fnmatch import fnmatchcase

from sim.inputs.body_data import ELECTORS, BodyRule, CongressRule, Curia, Key, Section
from sim.words.errors import InputError

#: Body -> stratum -> persons per deputy.
PerDeputy = Mapping[str, Mapping[str, int]]


def rekeyed(rules: Iterable[BodyRule], seats: PerDeputy, since: date) -> tuple[BodyRule, ...]:
    """Standing bodies under other keys. A body may be named by a pattern, such as ``*/towns/soviet``."""
    return tuple(_body(rule, _for(rule.id, seats), since) for rule in rules)


def _for(body: str, seats: PerDeputy) -> dict[str, int]:
    """Stratum -> persons per deputy of one body; its own name goes before a pattern."""
    found: dict[str, int] = {}
    for name, strata in sorted(seats.items(), key=lambda item: item[0] == body):
        if fnmatchcase(body, name):
            found.update(strata)
    return found


def _body(rule: BodyRule, per: Mapping[str, int], since: date) -> BodyRule:
    if not per:
        return rule
    return rule.model_copy(update={"sections": tuple(_section(rule.id, s, per, since) for s in rule.sections)})


def _section(body: str, section: Section, per: Mapping[str, int], since: date) -> Section:
    wanted = {per[stratum] for stratum in section.strata if stratum in per}
    if not wanted:
        return section
    if len(wanted) > 1:
        together = " and ".join(s for s in section.strata if s in per)
        raise InputError(
            f"representation.seats: {together} of {body} elect together, in '{section.id}'. Expected one number."
        )
    key = Key(since=since, rule="persons", per=wanted.pop(), source="the scenario", confidence="low")
    earlier = tuple(k for k in section.keys if k.since < since)
    return section.model_copy(update={"keys": (*earlier, key)})


def congress_under(rule: CongressRule, seats: PerDeputy, since: date, when: date) -> CongressRule:
    """The rule of a congress that meets on a day: curiae whose strata have another key send by it."""
    per = _for(rule.id, seats)
    if not per or when < since:
        return rule
    return rule.model_copy(update={"curiae": tuple(c for curia in rule.curiae for c in _curiae(rule.id, curia, per))})


def _curiae(congress: str, curia: Curia, per: Mapping[str, int]) -> tuple[Curia, ...]:
    """A curia by itself, or one for each kind of sender if their key is changed."""
    strata = {kind: ELECTORS.get(kind) for kind in curia.sent_by}
    named = [kind for kind, stratum in strata.items() if stratum in per]
    if not named:
        return (curia,)
    if len(named) < len(strata):
        left = ", ".join(str(strata[kind] or kind) for kind in strata if kind not in named)
        raise InputError(
            f"representation.seats: '{curia.id}' of {congress} is sent by several together. "
            f"Expected a number for {left} too."
        )
    key = {kind: float(per[str(strata[kind])]) for kind in named}
    return tuple(
        curia.model_copy(update={"id": f"{curia.id}_{kind}", "sent_by": (kind,), "delegates": None, "per": key[kind]})
        for kind in named
    )

"""The evidence as contests: what a source counted, on which side of the split it stands, what it asks of the tables.

A contest is one vote, house or motion at one place and date. Contests carry equal weight, whatever the number of rows
that report them. ``analysis/targets/observation.yaml`` names the rows of each contest and its question; this module
reads it, takes the figures from ``politics.csv`` (a few motions from ``outcomes.csv``) and settles the split. Counts
of party members and shares of national lists stand apart (:func:`apart`): scored, never fitted. Nothing here runs the
model.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from ruamel.yaml import YAML

import sim
from analysis.running.folders import TARGETS

Split = Literal["calibrate", "validate", "context"]

#: The coin that parts context contests. What it gave is in splits.csv, written down before the posterior.
COIN_SEED = 1917
#: National lists count as strong where more than this share of the voters have another mother tongue than Russian.
NATIONAL_LISTS = 1 / 3
#: Family -> parties of the tables. ``kadet`` alone stands for its family where no figure for the right is given.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "bolshevik": ("bolshevik",),
    "sr": ("sr", "left_sr"),
    "menshevik": ("menshevik", "menshevik_internationalist"),
    "right": ("kadet", "right"),
    "kadet": ("kadet",),
    "national": ("national_socialist", "national"),
}
#: The target of a motion.
FOR = "for"
#: A target that counts members begins with this; its figures are persons.
MEMBERS = "members/"
#: Kinds of place in which civilians and garrisons of a province vote.
HOME_KINDS = ("towns", "garrisons", "villages", "industrial", "district", "city", "garrison")


@dataclass(frozen=True)
class Question:
    """What is asked of the tables; ``form`` is election, seats, mandated or support, ``subject`` the id asked for.

    ``places`` and ``provinces`` choose cells of an election (``provinces`` empty: all of the places); ``sections``
    gives, for a motion, the places and strata that elect each section. ``of`` is the denominator. The subject of
    ``members`` is a place or whole. With ``sympathisers`` the Bolsheviks of a congress are counted with the delegates
    of no party who favour soviet power, as the source counts them.
    """

    form: Literal["election", "seats", "mandated", "support", "members"]
    subject: str
    day: date
    of: Literal["all", "declared", "russian"] = "all"
    places: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    sections: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = ()
    sympathisers: bool = False


@dataclass(frozen=True)
class Contest:
    """One contest: its figures by target (per cent; persons of members), their rows, its question and side."""

    id: str
    title: str
    group: str
    split: Split
    why: str
    question: Question
    observed: Mapping[str, float]
    rows: Mapping[str, tuple[str, ...]]
    note: str = ""

    @property
    def day(self) -> date:
        """The day asked for, Old Style."""
        return self.question.day

    @property
    def is_motion(self) -> bool:
        """Whether it is a motion or mandate on soviet power, never compared with a party."""
        return FOR in self.observed


def contests(split: Split | None = None) -> tuple[Contest, ...]:
    """All contests in the order of the file, or those on one side."""
    return tuple(c for c in _all() if split in (None, c.split))


def apart(split: Split | None = None) -> tuple[Contest, ...]:
    """Contests that are scored and never fitted: counts of members, shares of national lists."""
    return tuple(c for c in _apart() if split in (None, c.split))


def left_out() -> dict[str, str]:
    """Row id -> why it is not asked, for every row that no contest uses."""
    rows = politics()
    found = {row: entry["reason"] for entry in _file()["left_out"] for row in entry["rows"]}
    used = used_rows()
    memory = "not verified: the source begins with 'memory:'"
    return found | {r.id: memory for r in rows.values() if r.is_memory and r.id not in used and r.id not in found}


def used_rows() -> dict[str, str]:
    """Row id -> contest that uses it."""
    return {row: c.id for c in (*_all(), *_apart()) for rows in c.rows.values() for row in rows}


@lru_cache(maxsize=1)
def politics() -> Mapping[str, sim.PoliticsRow]:
    """The rows of politics.csv by id."""
    text = (TARGETS / "politics.csv").read_text(encoding="utf-8")
    rows = [row for row in sim.read_rows(sim.PoliticsRow, text, "politics.csv") if isinstance(row, sim.PoliticsRow)]
    return {row.id: row for row in rows}


@lru_cache(maxsize=1)
def outcomes() -> Mapping[str, Mapping[str, str]]:
    """The rows of outcomes.csv by id, as text."""
    with (TARGETS / "outcomes.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def source(row: str) -> str:
    """The work that a row of either table comes from."""
    return outcomes()[row]["source"] if row in outcomes() else politics()[row].source


def coin(contest: str, seed: int = COIN_SEED) -> Split:
    """The side that a context contest falls on: a pure function of its id and the seed."""
    drawn = hashlib.sha256(f"{seed}:{contest}".encode()).digest()[0]
    return "calibrate" if drawn % 2 == 0 else "validate"


# --- reading ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    text = (TARGETS / "observation.yaml").read_text(encoding="utf-8")
    data: Mapping[str, Any] = YAML(typ="safe", pure=True).load(text)
    return data


@lru_cache(maxsize=1)
def _all() -> tuple[Contest, ...]:
    entries = _entries("contests")
    return tuple(_contest(entry, entries) for entry in entries.values())


@lru_cache(maxsize=1)
def _apart() -> tuple[Contest, ...]:
    known = _entries("contests") | _entries("apart")
    return tuple(_contest(entry, known) for entry in _entries("apart").values())


def _entries(part: str) -> dict[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in _file()[part]}


def _contest(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> Contest:
    question = _question(entry)
    split, why = _side(entry, entries)
    rows = {target: tuple(ids) for target, ids in entry["rows"].items()}
    if question.form == "members":
        observed = {target: sum(_count(politics()[row]) for row in ids) for target, ids in rows.items()}
    elif FOR in rows:
        observed = _motion(rows)
    else:
        observed = _figures(entry["id"], rows, question.of, entry.get("total"))
    return Contest(
        entry["id"], entry["title"], entry["group"], split, why, question, observed, rows, entry.get("note", "")
    )


def _side(entry: Mapping[str, Any], entries: Mapping[str, Mapping[str, Any]]) -> tuple[Split, str]:
    """The side of a contest, and why: its rows' own, another contest's, the coin's, or none."""
    rows = [politics()[row] for ids in entry["rows"].values() for row in ids if row in politics()]
    fixed = {row.use for row in rows} - {"context"}
    if len(fixed) > 1:
        raise sim.InputError(f"contest {entry['id']} has rows on both sides of the split.")
    if fixed:
        (side,) = fixed
        return ("calibrate" if side == "calibrate" else "validate"), "evidence"
    if "keep" in entry:
        return "context", entry["keep"]
    if "follows" in entry:
        return _side(entries[entry["follows"]], entries)[0], f"follows {entry['follows']}"
    if any(row.is_memory or row.confidence == "low" for row in rows):
        return "context", "low confidence"
    return coin(entry["id"]), "coin"


def _question(entry: Mapping[str, Any]) -> Question:
    ask = dict(entry["ask"])
    day = ask.pop("date")
    day = day if isinstance(day, date) else date.fromisoformat(str(day))
    of = entry.get("of", "all")
    if "seats" in ask:
        return Question("seats", ask["seats"], day, of, sympathisers=ask.get("sympathisers", False))
    if "members" in ask:
        return Question("members", ask["members"], day)
    if "mandated" in ask:
        return Question("mandated", ask["mandated"], day)
    if "support" in ask:
        sections = tuple(
            (name, _places(section["places"]), frozenset(section["strata"]))
            for name, section in ask["sections"].items()
        )
        return Question("support", ask["support"], day, sections=sections)
    provinces = frozenset(ask.get("provinces", ()))
    places = _places(ask["places"]) if "places" in ask else _of_kinds(ask.get("kinds", HOME_KINDS))
    if "of" not in entry:
        of = "russian" if other_tongues(places, provinces) > NATIONAL_LISTS else "all"
    return Question("election", ask["election"], day, of, places, provinces)


def _places(patterns: Iterable[str]) -> frozenset[str]:
    return frozenset(place for pattern in patterns for place in sim.matching(pattern))


def _of_kinds(kinds: Iterable[str]) -> frozenset[str]:
    wanted = set(kinds)
    return frozenset(place.id for place in sim.PLACES if place.kind in wanted)


def other_tongues(places: frozenset[str], provinces: frozenset[str]) -> float:
    """Share of the voters of these cells whose mother tongue is not Russian, 0..1."""
    voters = other = 0.0
    for cell in sim.population().cells:
        if cell.place in places and (not provinces or cell.province in provinces):
            voters += cell.voters
            other += cell.voters * (1.0 - cell.tongues[0])
    if not voters:
        raise sim.InputError(f"nobody votes in {', '.join(sorted(provinces or places))}.")
    return other / voters


def _figures(contest: str, rows: Mapping[str, tuple[str, ...]], of: str, total: int | None) -> dict[str, float]:
    """Per cent by target: of the total, as printed, or of the contest's own targets."""
    found = {target: [politics()[row] for row in ids] for target, ids in rows.items()}
    every = [row for of_target in found.values() for row in of_target]
    if total is not None:
        return {t: 100.0 * sum(_count(r) for r in of_target) / total for t, of_target in found.items()}
    by_count = of == "russian" and all(row.count is not None for row in every)
    figures = {t: sum(_count(r) if by_count else _share(r) for r in of_target) for t, of_target in found.items()}
    if of != "russian":
        return figures
    if len(figures) < 2:
        raise sim.InputError(f"contest {contest}: one figure can't be set among Russian parties.")
    whole = sum(figures.values())
    return {target: 100.0 * figure / whole for target, figure in figures.items()}


def _motion(rows: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """Per cent for, of those who voted for or against; as printed where the other side's count is not given."""
    (wanted,) = rows[FOR]
    if wanted in outcomes():
        yes, no = tally(wanted)
    elif "against" not in rows:
        return {FOR: _share(politics()[wanted])}
    else:
        (other,) = rows["against"]
        yes = _count(politics()[wanted])
        no = tally(other)[1] if other in outcomes() else _count(politics()[other])
    return {FOR: 100.0 * yes / (yes + no)}


def tally(row: str) -> tuple[float, float]:
    """Votes for and against of a row of outcomes.csv that tells a vote, as in ``355-254``."""
    yes, _, no = outcomes()[row]["value"].partition("-")
    return float(yes), float(no)


def _count(row: sim.PoliticsRow) -> float:
    if row.count is None:
        raise sim.InputError(f"{row.id} has no count.")
    return float(row.count)


def _share(row: sim.PoliticsRow) -> float:
    if row.share is not None:
        return float(row.share)
    if row.count is not None and row.total:
        return 100.0 * row.count / row.total
    raise sim.InputError(f"{row.id} has neither a share nor a count with its total.")

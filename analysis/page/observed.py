"""What was counted in 1917, as points for the page: each with its nearest group, its sources, the model's answer.

A vote is not a sympathy: people of no party do not vote, and lists were joined. So each point also carries what the
model answers to the very same question (:mod:`analysis.evidence.observe`), low, middle and high over the runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

import sim
from analysis.evidence import contests, observe
from analysis.page.groups import EVERYBODY, WHOLES
from analysis.page.pack import rounded
from analysis.page.words import Words
from analysis.words.naming import cited

#: Bodies whose deputies spoke for a group of people of the page.
_SPEAK_FOR = {
    "kronstadt_soviet": "kronstadt|all",
    "petrograd_soviet": "petrograd|all",
    "soldiers": "petrograd/garrison|all",
}
#: Votes of provinces stand with the garrisons or towns of their region.
_OF_REGION = {"garrison": "garrisons", "city": "towns"}
#: Runs that are asked: enough for eight in ten.
_RUNS = 40
_TABLES = ("soviet_power", "soviets", "elections", "province_elections", "macro")


def observed(base: sim.Results, words: Words) -> list[dict[str, Any]]:
    """Every figure of every contest: one entry a target, in order of date."""
    asked = contests.contests()
    frames = _frames(base, asked)
    answers = [observe.predict(_tables(frames, run), asked) for run in base.runs[:_RUNS]]
    found = [
        _point(contest, target, value, [answer[contest.id][target] for answer in answers if contest.id in answer])
        | {"title": words.name(contest.title, "contests", contest.id)}
        for contest in sorted(asked, key=lambda c: (c.day, c.id))
        for target, value in contest.observed.items()
    ]
    return found


def _point(contest: contests.Contest, target: str, value: float, model: Sequence[float]) -> dict[str, Any]:
    rows = contest.rows[target]
    series = ["soviet_power"] if target == contests.FOR else list(observe.parties_of(target))
    point: dict[str, Any] = {
        "contest": contest.id, "date": contest.day.isoformat(), "target": target,
        "series": series, "value": round(value / 100.0, 4), "split": contest.split, "form": contest.question.form,
        "of": contest.question.of, "group": _group(contest), "kind": contest.group,
        "sources": sorted({cited(contests.source(row)) for row in rows}),
    }  # fmt: skip
    if model:
        point["model"] = rounded(np.quantile(np.asarray(model) / 100.0, (0.1, 0.5, 0.9)))
    return point


def _group(contest: contests.Contest) -> str | None:
    """The group of the page whose people voted, or None where no group is near enough."""
    question = contest.question
    if question.form in ("seats", "mandated", "support"):
        return _SPEAK_FOR.get(question.subject)
    if question.provinces:
        region = _region(question.provinces)
        if region is None:
            return None
        if contest.group in _OF_REGION:
            return f"{region}/{_OF_REGION[contest.group]}|{EVERYBODY}"
        return f"{region}|{EVERYBODY}" if contest.group == "region" else None
    if len(question.places) == 1:
        return f"{next(iter(question.places))}|{EVERYBODY}"
    for whole in WHOLES:
        if frozenset(sim.matching(whole)) == question.places:
            return f"{whole}|{EVERYBODY}"
    return None


def _region(provinces: frozenset[str]) -> str | None:
    """The region that holds all of these provinces, if one does (capitals stand apart from theirs)."""
    places = [place for place in sim.PLACES if place.kind == "towns" and provinces <= set(place.provinces)]
    return places[0].region if places else None


def _frames(base: sim.Results, asked: Sequence[contests.Contest]) -> dict[str, pd.DataFrame]:
    """The tables that contests ask, without the bodies and series that none of them names."""
    bodies = {part for c in asked for part in (c.question.subject, *_sections(c))}
    frames = {name: base.frame(name) for name in _TABLES}
    frames["soviets"] = frames["soviets"][frames["soviets"]["body"].isin(bodies)]
    frames["macro"] = frames["macro"][frames["macro"]["series"].isin(observe.SERIES)]
    return frames


def _sections(contest: contests.Contest) -> list[str]:
    return [f"{contest.question.subject}/{name}" for name, _, _ in contest.question.sections]


def _tables(frames: dict[str, pd.DataFrame], run: int) -> dict[str, Any]:
    """The tables of one run, column by column."""
    found = {}
    for name, every in frames.items():
        frame = every[every["run"] == run]
        found[name] = {
            column: np.asarray(frame[column].astype(str) if frame[column].dtype == "category" else frame[column])
            for column in frame
        }
    return found

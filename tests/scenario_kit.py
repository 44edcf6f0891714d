"""What the tests of scenario files share: a small world of names, and files written where a test can see them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

from sim.inputs.events import Event
from sim.inputs.known import Known
from sim.inputs.scenario_file import check_file


def event(name: str, date: str, *requires: str) -> Event:
    return Event.model_validate(
        {"id": name, "title": name, "date": date, "text": "It happened.", "kind": "action", "requires": list(requires)}
    )


EVENTS = {
    e.id: e
    for e in (
        event("april_note", "1917-04-18"),
        event("june_offensive", "1917-06-16"),
        event("tarnopol_rout", "1917-07-06", "june_offensive"),
        event("front_death_penalty", "1917-07-12", "tarnopol_rout"),
        event("kornilov_march", "1917-08-27"),
    )
}
PLACES = ("petrograd", "petrograd/vyborg", "*/towns", "fronts", "all")
KNOWN = Known(
    matching=lambda pattern: (pattern,) if pattern in PLACES else (),
    places=PLACES,
    events=EVENTS,
    warnings=(),
    cabinets=("first_coalition",),
    decisions={"offensive": ("attack", "defend")},
    decided={"offensive": date(1917, 6, 16)},
    mechanisms=("blame", "reach"),
    parameters={
        "news_delay": SimpleNamespace(low=1.0, high=30.0, unit="days", meaning="how long news takes to a village")
    },
)


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return path


def problems(folder: Path, text: str, name: str = "mine.yaml") -> list[tuple[int, int, str]]:
    """Line, column and message of each problem of a text."""
    return [(p.line, p.column, p.message) for p in check_file(written(folder, text, name), KNOWN)]

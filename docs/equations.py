"""Equations of each phase, written by hand in ``docs/source/equations.md``, and against which code they were read.

Each section of that file is a phase of the day. ``docs/source/read.yaml`` holds, for each, a fingerprint of the code
that somebody compared the equations with. When the code has changed since, the page says so to its reader.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from docs import code
from docs.rooms import files_of
from sim.engine.day_table import PHASES

SOURCE = Path(__file__).resolve().parent / "source"
_READ = SOURCE / "read.yaml"
#: What a reader is told when nobody has compared the equations with the present code.
CHANGED = "*The code of this phase has changed since these equations were written; where they differ, the code holds.*"


@cache
def written() -> dict[str, str]:
    """Phase -> its equations, as Markdown."""
    parts = re.split(r"^## (\w+)\n", (SOURCE / "equations.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def _notes() -> dict[str, str]:
    lines = _READ.read_text(encoding="utf-8").splitlines() if _READ.exists() else []
    pairs = (line.split(": ") for line in lines if not line.startswith("#"))
    return {name: mark.strip('"') for name, mark in pairs}


def now(phase: str) -> str:
    """The fingerprint of the phase's code as it is."""
    return code.fingerprint(files_of(phase), phase)


def note_as_read(phase: str) -> None:
    """Somebody has compared the equations of a phase with its code. Raises KeyError when it has none."""
    if phase not in written():
        raise KeyError(f"docs/source/equations.md has no section '{phase}'")
    notes = {**_notes(), phase: now(phase)}
    head = (
        "# Fingerprints of the code that the equations were compared with: `python -m docs --read PHASE` writes them.\n"
    )
    rows = (f'{p.name}: "{notes[p.name]}"\n' for p in PHASES if p.name in notes)
    _READ.write_text(head + "".join(rows), encoding="utf-8")


def changed(phase: str) -> bool:
    """Whether the code of a phase has changed since its equations were compared with it."""
    return _notes().get(phase) != now(phase)


def to_read() -> list[str]:
    """Phases whose equations should be compared with the code again."""
    return [phase.name for phase in PHASES if phase.name in written() and changed(phase.name)]


def of(phase: str) -> str:
    """The equations of a phase, with a warning if the code has moved on; empty when there are none."""
    text = written().get(phase, "")
    return f"{text}\n\n{CHANGED}" if text and changed(phase) else text

"""Errors that a user can act on.

Whatever a user typed wrongly, in a file or on the command line, becomes one :class:`InputError`; the
command line prints its message and exits with code 2. Anything else is our fault and exits with 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches


class OctoberError(Exception):
    """Base of the project's own errors."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input, with the spot where it stands (line and column count from 1)."""

    file: str
    line: int
    column: int
    message: str = field(compare=False)
    expected: str = field(default="", compare=False)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        expected = f" Expected {self.expected}." if self.expected else ""
        return f"{where}: {self.message}{expected}"


class InputError(OctoberError):
    """The user's input is wrong. Carries every problem found, in file order."""

    def __init__(self, problems: Iterable[Problem] | str):
        if isinstance(problems, str):
            problems = [Problem("input", 0, 0, problems)]
        self.problems = sorted(problems)
        super().__init__("\n".join(str(p) if p.line or p.file != "input" else p.message for p in self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest known name, or an empty string when none is close."""
    close = get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f" Did you mean '{close[0]}'?" if close else ""


def unknown(kind: str, word: str, known: Iterable[str]) -> InputError:
    """The error for a name that does not exist: says what is known and what was probably meant."""
    names = list(known)
    return InputError(f"unknown {kind} '{word}'.{nearest(word, names)} Known: {', '.join(names)}.")

"""How a study's command ends when the user errs or stops it: one sentence, exit code 2 or 130, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import sim

#: Said where an interruption brings no words of its own.
INTERRUPTED = "interrupted."


@contextmanager
def plainly(stopped: str = INTERRUPTED) -> Iterator[None]:
    """Around a command, as ``with plainly():`` or a decorator. ``stopped`` is what an interruption says.

    Raises :class:`SystemExit` with 2 for a :class:`sim.InputError`, with 130 for an interruption.
    """
    try:
        yield
    except sim.InputError as wrong:
        print(wrong, file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt as interruption:
        print(str(interruption) or stopped, file=sys.stderr)
        raise SystemExit(130) from None

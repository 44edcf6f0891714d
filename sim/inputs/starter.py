"""The file that ``october new`` starts: a complete scenario, with a comment on everything that may be written in it."""

from __future__ import annotations

import re

from sim.words.errors import InputError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")

_TEXT = """\
# {name}.yaml: a scenario of October 1917. Check it with `october check {name}.yaml`,
# run it with `october run {name}.yaml`. Lines that begin with '#' are comments: remove the '#' to use them.
# Dates are Old Style, in the form 1917-06-18.

# What it builds on: a shipped scenario (`october list scenarios`) or a .yaml file in this folder.
extends: {source}

# One line for lists and figures, and the question that it asks of 1917.
title: {title}
# question: What would have followed if the offensive of June had not been ordered?

# How far it is from history: minimal_rewrite (somebody proposed it at the time), stretch (several people must act
# against what they are known to have wanted) or mechanism_probe (a part is switched off to see what it does).
# kind: minimal_rewrite

# The day on which it parts from what it builds on: before it, runs are the same to the bit.
# divergence: 1917-06-16

# The last day (to 1918-04-30).
# until: 1918-01-06

# Events: `october list events` gives their ids. What hangs on a removed event goes with it.
# events:
#   remove: [event_id]             # it doesn't happen
#   shift: {{event_id: -7}}          # it comes seven days earlier; or a date
#   force: {{event_id: 1917-09-01}}  # it happens on that day, whatever its conditions
#   free: [event_id]               # it happens if and when its conditions arise; or `all`

# What comes from outside, multiplied; with `from` and `until` for a part of the year.
# forcing:
#   bread: {{scale: 1.2, from: 1917-08-01, until: 1917-10-31}}

# Parameters: `october list parameters` gives names, ranges and units.
# parameters:
#   blame_half_life: 100 days

# Mechanisms to switch off, to see what they do: `october list day` names them.
# off: [assemblies]

# What a reader must know before believing the answer.
# card:
#   changed: What is different.
#   held_fixed: What is kept as it was.
#   why_possible: Who proposed it, and when.
#   settle_by: What evidence would settle the question.
#   cannot_say: What the model can't tell.
"""


def starter(name: str, source: str) -> str:
    """The text of a new scenario file. ``source`` is what it extends. Raises :class:`InputError` for a bad name."""
    if not _NAME.fullmatch(name):
        raise InputError(f"'{name[:60]}' can't name a scenario. Expected a form such as no_offensive.")
    return _TEXT.format(name=name, source=source, title=name.replace("_", " ").capitalize())

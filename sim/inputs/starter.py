"""The file that ``october new`` starts: a complete scenario, with a comment on everything that may be written in it."""

from __future__ import annotations

import re

from sim.inputs.left_open import split
from sim.inputs.scenario_file import shipped
from sim.words.errors import InputError

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")

_TEXT = """\
# {name}.yaml: a scenario of October 1917. Check it with `october check {name}.yaml`,
# run it with `october run {name}.yaml`. How to write one: docs/scenarios.md.
# What stands behind a '#' without a blank is an example: remove the '#' of its lines to use it.
# Dates are Old Style, in the form 1917-06-18.

# What it builds on: a shipped scenario (`october list scenarios`) or a .yaml file in this folder.
extends: {source}

# One line for lists and figures, and the question that it asks of 1917.
title: {title}
#question: What would have followed if the offensive of June had not been ordered?

# How far it is from history: minimal_rewrite (somebody proposed it at the time), stretch (several people must act
# against what they are known to have wanted) or mechanism_probe (a part is switched off to see what it does).
#kind: minimal_rewrite

# The day on which it parts from what it builds on: before it, runs are the same to the bit.
#divergence: 1917-06-01

# The last day (to 1918-04-30).
#until: 1918-01-06

# Events: `october list events` gives their ids. What hangs on a removed event goes with it.
#events:
#  remove: [june_offensive]             # it doesn't happen
#  shift: {{april_days: 7}}               # it comes seven days later; or a date
#  force: {{kornilov_march: 1917-09-01}}  # it happens on that day, whatever its conditions
#  free: [moscow_goes_over]             # it happens if and when its conditions arise; or `all`

# Decisions: `october list decisions` gives the points, history's choice and the alternatives.
#decisions:
#  land_before_assembly: interim_decree

# What a body chooses: `october list decisions` gives decisions and choices. From the divergence on, what is not set
# is left to the model; `events: {{pin: all}}` keeps every recorded event on its date.
# decisions: {{summer_offensive: defence_only}}

# What comes from outside, multiplied; with `from` and `until` for a part of the year (docs/forcing.md).
#forcing:
#  bread: {{scale: 1.2, from: 1917-08-01, until: 1917-10-31}}

# What any cabinet does about a demand, from nothing (0) to all (1), in place of its own policy.
#policy:
#  land: {{level: 0.75, from: 1917-06-01}}

# How well channels reach some people, multiplied.
#information:
#  - {{channels: [capital_press, village], places: "*/villages", scale: 1.5, from: 1917-06-01}}

# Who elects how: SR lists joint or split, recall open, none or binding, persons per deputy.
#representation:
#  sr_lists: split
#  recall: binding
#  seats: {{petrograd_soviet: {{worker: 500, soldier: 500}}}}

# Conditions of 23 February: numbers of people, what they wanted, what they feared (such a file has no divergence).
#initial:
#  persons: {{petrograd/garrison: {{soldier: 60000}}}}
#  wants: [{{demand: land, strata: peasant, scale: 0.7}}]

# Parameters: `october list parameters` gives names, ranges and units.
#parameters:
#  blame_half_life: 100 days

# Mechanisms to switch off, to see what they do: `october list day` names them.
#off: [assemblies]

# Numbers set by hand or from memory that each run draws anew, or does without, to see what depends on them.
#doubt: {{event_sizes: 1.5, memory_drawn: all}}

# A reading of 1917: `october list lenses`.
#lens: neutral

# Where the question comes from.
#sources:
#  - Allan K. Wildman, The End of the Russian Imperial Army, vol. 2 (1987)

# What a reader must know before believing the answer.
#card:
#  changed: What is different.
#  held_fixed: What is kept as it was.
#  why_possible: Who proposed it, and when.
#  settle_by: What evidence would settle the question.
#  cannot_say: What the model can't tell.
"""


def starter(name: str, source: str) -> str:
    """The text of a new scenario file. ``source`` is what it extends. Raises :class:`InputError` for a bad name."""
    if not _NAME.fullmatch(name):
        raise InputError(f"'{name[:60]}' can't name a scenario. Expected a form such as no_offensive.")
    if name in shipped():
        raise InputError(f"'{name}' is a shipped scenario, and the name means that one. Choose another name.")
    base, since = split(source)
    if since is not None:
        told = f"Expected '--from {base}', and in the file: divergence: {since.isoformat()}"
        raise InputError(f"a file can't extend '{source[:60]}'. {told}")
    return _TEXT.format(name=name, source=source, title=name.replace("_", " ").capitalize())

"""People: one row a simulated person, one array a column.

:data:`COLUMNS` declares every column once, with its meaning, unit and bounds; arrays, checkpoints, docs and tests
read it. Rows are sorted by group (place and stratum), cell (province) and assembly, so that each group, cell and
assembly owns one slice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.society.columns import Column, ColumnTable
from sim.words.identifiers import K, P

COLUMNS = (
    Column("group", "place", np.int32, (), 0, 1e9, "index", "place and stratum"),
    Column("cell", "place", np.int32, (), 0, 1e9, "index", "place, province and stratum"),
    Column("assembly", "place", np.int32, (), 0, 1e9, "index", "factory, company, ship, village or office"),
    Column("weight", "place", np.float64, (), 0, 1e9, "persons", "how many real people the row stands for"),
    Column("trade", "trait", np.int8, (), 0, 127, "index", "occupation or type of unit"),
    Column("tongue", "trait", np.int8, (), 0, 3, "index", "mother tongue"),
    Column("woman", "trait", np.bool_, (), 0, 1, "flag", "sex"),
    Column("literate", "trait", np.bool_, (), 0, 1, "flag", "reads"),
    Column("consciousness", "trait", np.float32, (), 0, 1, "0..1", "class consciousness and dignity (D-012, D-013)"),
    Column("village_tie", "trait", np.float32, (), 0, 1, "0..1", "how far the village is still home (D-035, D-158)"),
    Column("stubbornness", "trait", np.float32, (), 0, 1, "0..1", "resistance to the assembly's pull"),
    Column(
        "memory",
        "trait",
        np.float32,
        (),
        0,
        1,
        "0..1",
        "what the person remembers of 1905 and of the lockouts before the war (D-004, H-18)",
    ),
    Column(
        "threshold",
        "trait",
        np.float32,
        (),
        0,
        1,
        "share",
        "share of the assembly already acting at which the person joins",
    ),
    Column("want", "trait", np.float32, (K,), 0, 1, "0..1", "what the person wants when nothing presses"),
    Column("urgency", "trait", np.float32, (), 0, 10, "factor", "how hard hardship presses on the person"),
    Column("taste", "trait", np.float32, (P,), -20, 20, "utility", "liking for a party that no mechanism explains"),
    Column("demand", "state", np.float32, (K,), 0, 1, "0..1", "how much the person now presses each demand"),
    Column("attitude", "state", np.float32, (P,), -60, 60, "utility", "attitude to each party"),
    Column("soviet_power", "state", np.float32, (), 0, 1, "0..1", "support for soviet power"),
    Column("fear", "state", np.float32, (), 0, 1, "0..1", "fear of force used against people like oneself"),
    Column("insecurity", "state", np.float32, (), 0, 1, "0..1", "fear of losing work"),
    Column("readiness", "state", np.float32, (), 0, 1, "0..1", "readiness to take the initiative (D-002)"),
    Column(
        "knows",
        "state",
        np.float32,
        (),
        0,
        1,
        "0..1",
        "how well the person knows what the party followed would do (D-130)",
    ),
    Column(
        "expects_soviets",
        "state",
        np.float32,
        (),
        0,
        1,
        "0..1",
        "belief that power goes to soviets of several parties (D-132)",
    ),
    Column("acting", "state", np.bool_, (), 0, 1, "flag", "takes part in an action today"),
    Column("member", "state", np.int8, (), -1, P, "index", "party card, -1 for none"),
    Column("status", "state", np.int8, (), 0, 3, "index", "at work, locked out, at the front, deserted"),
)


class People(ColumnTable):
    """The columns of ``n`` people as attributes (``people.demand`` has shape [n, 7], ``people.fear`` [n])."""

    COLUMNS = COLUMNS

    group: NDArray[np.int32]
    cell: NDArray[np.int32]
    assembly: NDArray[np.int32]
    weight: NDArray[np.float64]
    trade: NDArray[np.int8]
    tongue: NDArray[np.int8]
    woman: NDArray[np.bool_]
    literate: NDArray[np.bool_]
    consciousness: NDArray[np.float32]
    village_tie: NDArray[np.float32]
    stubbornness: NDArray[np.float32]
    memory: NDArray[np.float32]
    threshold: NDArray[np.float32]
    want: NDArray[np.float32]
    urgency: NDArray[np.float32]
    taste: NDArray[np.float32]
    demand: NDArray[np.float32]
    attitude: NDArray[np.float32]
    soviet_power: NDArray[np.float32]
    fear: NDArray[np.float32]
    insecurity: NDArray[np.float32]
    readiness: NDArray[np.float32]
    knows: NDArray[np.float32]
    expects_soviets: NDArray[np.float32]
    acting: NDArray[np.bool_]
    member: NDArray[np.int8]
    status: NDArray[np.int8]

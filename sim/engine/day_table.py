"""The order of a day: one table, and the only place where the order is written.

``october list day`` prints it. :mod:`sim.engine.day` binds each name to the function that does it. A phase whose
``mechanism`` stands in a scenario's ``off`` list is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.inputs import known


@dataclass(frozen=True)
class Phase:
    """One step of the day."""

    name: str
    mechanism: str | None
    reads: str
    writes: str
    does: str


PHASES = (
    Phase("forcing", None, "forcing series, scenario", "hardship", "what comes from outside today: bread, prices, closures, war, season"),
    Phase("economy", "economy", "forcing, strikes, land demand, memory", "hardship; grain, wages, closures, control", "grain withheld, wages won, plants closed and why, what earlier actions did to supply"),
    Phase("war", "war", "forcing, blame, discipline, demand", "obedience, deserters, losses, hardship", "how far orders are obeyed, who goes home, what the front costs"),
    Phase("bodies", None, "session calendar, last seats", "cabinet, office support", "bodies in session decide"),
    Phase("events", None, "timeline", "shocks, office, reach, warnings", "events strike, each through the closed vocabulary of effects"),
    Phase("demands", "demands", "hardship, policy", "demand", "demands rise with hardship and fall with policy"),
    Phase("blame", "blame", "demand, policy, responsibility, reach", "blame", "suffering is charged to those held responsible"),
    Phase("credibility", "credibility", "policy, office, warnings, charges", "credibility", "warnings borne out, promises kept or not, charges believed or exposed"),
    Phase("reach", "reach", "channels, repression, ties", "reach", "who is heard where"),
    Phase("attitudes", "attitudes", "demand, credibility, blame, reach", "attitude", "one utility; attitudes relax toward it"),
    Phase("assemblies", "assemblies", "attitude", "attitude", "factories, companies and villages pull their members together"),
    Phase("soviet_power", "soviet_power", "blame, demand, attitude", "soviet_power", "support for soviet power, its own variable"),
    Phase("readiness", "readiness", "demand, shocks, office, fear", "outrage, patience, fear, insecurity, readiness", "who would move"),
    Phase("action", "action", "readiness, thresholds, claims, members", "acting, actions, seizures, Red Guard", "who comes out and for what: first movers, followers, those who see them"),
    Phase("strength", "strength", "obedience, soviet_power, readiness, seats, Red Guards", "forces, odds", "whose orders would be obeyed, by place and by unit, and the odds"),
    Phase("elections", None, "assemblies, cells", "seats, results", "deputies follow their electors; elections due today are held"),
    Phase("party_levels", "party_levels", "deputies, assemblies, programmes", "lines", "weekly: centre, middle ranks and base settle each party's line on soviet power"),
    Phase("membership", "membership", "allegiance", "member", "weekly: who carries a party card"),
    Phase("knowledge", "knowledge", "reach, member, acting, cabinet", "knows, expects_soviets, credibility", "weekly: what people know of their party, whom they expect to rule, and disappointment"),
    Phase("record", None, "everything", "tables", "the day's aggregate goes into the tables"),
)

#: Mechanisms that a scenario may switch off by name.
MECHANISMS = tuple(phase.mechanism for phase in PHASES if phase.mechanism is not None)
known.offer("mechanisms", lambda: MECHANISMS)

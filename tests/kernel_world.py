"""Random valid inputs for the kernels of sim/mechanisms, and a day made of nothing but kernels."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from sim.mechanisms import (
    action,
    assemblies,
    attitude_terms,
    attitudes,
    blame,
    credibility,
    demands,
    economy,
    knowledge,
    membership,
    reach,
    readiness,
    soviet_power,
    strength,
)
from sim.words.identifiers import ACTIONS, DEMAND, C, K, P

F = np.float32
NUMBERS = SimpleNamespace(
    relief=0.6,
    demand_rate=0.06,
    blame_rate=0.05,
    blame_half_life=75.0,
    clarity_floor=0.25,
    delivery=0.02,
    failure=0.03,
    kin_tie=0.5,
    programme=3.0,
    independence=0.8,
    agreement=0.4,
    attitude_rate=0.03,
    pull=0.05,
    soviet=(1.2, 0.8, 1.5, 2.0, 1.0),
    soviet_rate=0.04,
    steel=(-2.0, 4.0, 1.5, 3.0, 1.5, 1.0, 0.8, 0.5),
    press=(2.0, 0.8),
    contagion=0.5,
    muster=(0.5, 0.1, 0.5),
    rest=25.0,
    rounds=3,
    learning=(0.02, 0.4, 0.006, 0.3, 7.0),
    plural=0.2,
    goods=0.7,
    won=(0.4, 60.0),
    closures=(0.2, 0.25, 0.6),
    control_rate=0.2,
    politics=(0.6, 0.5),
    keep=0.99,
    belief_spread=0.1,
    survey=(0.6, 2.0),
)

#: Columns with a party axis, and which axis it is: what a relabelling of parties permutes.
PARTY_AXIS = {
    "stance": 0,
    "allied": 0,
    "soviet_stance": 0,
    "soviet_side": 0,
    "responsibility": 0,
    "voice": 0,
    "standing": 1,
    "identity": 1,
    "blame": 1,
    "credibility": 1,
    "reach": 1,
    "opened": 1,
    "silenced": 1,
    "share": 1,
    "appealing": 2,
    "taste": 1,
    "attitude": 1,
    "shares": 1,
    "cards": 1,
    "believers": 1,
    "heard": 1,
    "told": 0,
    "before": 1,
    "leaning": 2,
    "before_attitude": 1,
    "appealing_before": 2,
    "cell_terms": 2,
    "shift": 3,
    "term_level": 2,
    "term_part": 2,
    "term_move": 2,
    "split": 2,
    "split_own": 2,
}
#: Columns whose values are parties: what a relabelling maps.
PARTY_VALUED = ("member", "followed")


def world(seed: int, people: int = 40, cells: int = 5, extreme: bool = False) -> SimpleNamespace:
    """Columns of a small society; all in their declared bounds. ``extreme`` puts bounded columns on their bounds.

    One cell has nobody in it. People are sorted by cell; assemblies cut across cells, as they may.
    """
    draw = np.random.default_rng(seed)

    def bounded(*shape):
        values = draw.random(shape)
        return (np.round(values) if extreme else values).astype(F)

    def free(*shape):
        return draw.normal(0.0, 2.0, shape).astype(F)

    def shared():
        values = draw.random(P) * (draw.random(P) < 0.4)
        return (values / max(values.sum(), 1e-9)).astype(F)

    cell = np.sort(draw.integers(0, cells - 1, people)).astype(np.int32)
    cuts = np.sort(draw.choice(np.arange(1, people), size=people // 8, replace=False))
    kin = draw.integers(0, 4, cells)
    start = np.searchsorted(cell, np.arange(cells + 1)).astype(np.int64)
    w = SimpleNamespace(cell=cell, cell_start=start)
    w.assembly_start = np.r_[0, cuts, people].astype(np.int64)
    w.kin_start = np.r_[0, np.cumsum(kin)].astype(np.int64)
    w.kin_cell = draw.integers(0, cells, kin.sum()).astype(np.int32)
    w.kin_weight = bounded(kin.sum())
    w.weight = draw.random(people) * 900.0 + 1.0
    w.member = draw.integers(-1, P, people).astype(np.int8)
    w.luck = draw.random(people)
    w.acting = draw.random(people) < 0.5
    w.urgency = np.exp(0.5 * free(people))
    traits = ("consciousness", "memory", "stubbornness", "threshold")
    for name in (*traits, "soviet_power", "fear", "insecurity", "readiness", "knows", "expects"):
        setattr(w, name, bounded(people))
    w.want, w.demand, w.taste, w.attitude = bounded(people, K), bounded(people, K), free(people, P), free(people, P)
    w.shares = np.zeros((people, P), F)
    w.hardship, w.push, w.policy = bounded(cells, K), bounded(cells, K), bounded(K)
    here = ("fear_here", "insecurity_here", "outrage_here", "patience_here")
    for name in ("seen", "charge_left", "blame_floor", "isolation", *here):
        setattr(w, name, bounded(cells))
    w.cell_demand, w.soviet_start, w.distrust = bounded(cells, K), free(cells), np.abs(free(cells))
    w.refused = np.abs(free(cells))
    for name in ("withheld", "wage_gain", "closed", "control", "suspicion", "seized", "work_felt"):
        setattr(w, name, bounded(cells))
    w.locked, w.remembered = w.closed * bounded(cells), bounded(cells).astype(float)
    w.land_wanted, w.work_pressed = w.hardship[:, DEMAND["land"]].copy(), w.hardship[:, DEMAND["work"]].copy()
    w.struck, w.laid_off, w.lockouts, w.felt, w.insecure = draw.random((5, cells))
    w.works, w.villages = draw.random(cells) < 0.5, np.flatnonzero(draw.random(cells) < 0.5)
    w.stance, w.voice, w.access = bounded(P, K), 3.0 * bounded(P, C), bounded(cells, C)
    w.stance = (2.0 * w.stance - 1.0).astype(F)
    w.soviet_stance, w.allied = (2.0 * bounded(P) - 1.0).astype(F), bounded(P)
    w.responsibility, w.soviet_side = shared(), shared()
    w.opened, w.silenced = bounded(cells, P, C), bounded(cells, P)
    w.share = draw.dirichlet(np.ones(P), cells).astype(F)
    w.reach, w.credibility, w.blame = bounded(cells, P), bounded(cells, P, K), np.abs(free(cells, P))
    w.identity, w.standing, w.appealing = free(cells, P), free(cells, P), free(cells, K, P)
    w.literate, w.told, w.disappointed = draw.random(people) < 0.5, bounded(P), np.zeros(cells)
    w.believers, w.heard = np.zeros((3, P)), np.zeros((2, P))
    w.followed = draw.integers(0, P, people).astype(np.int8)
    w.cards = draw.random((cells, P)) * 900.0
    w.before, w.body = w.credibility.copy(), np.zeros(cells, np.int32)
    w.leaning, w.line, w.props = bounded(1, 5, P), bounded(1), bounded(1)
    w.shock, w.custom, w.fresh = draw.normal(0.2, 0.4, (cells, K)), bounded(cells, K), bounded(cells, K)
    w.stirred = np.zeros(cells, F)
    w.news, w.unmet, w.policy_now = np.zeros(cells, F), np.zeros(cells), w.policy.astype(float)
    _terms(w, draw, cells)
    _assemblies(w, draw, cells)
    return w


def _terms(w: SimpleNamespace, draw: np.random.Generator, cells: int) -> None:
    """Columns of a traced run: the parts of each attitude, and yesterday's demands, appeals and attitudes."""
    n = w.cell.size
    w.demand_before, w.appealing_before = draw.random((n, K)).astype(F), draw.normal(0.0, 2.0, (cells, K, P)).astype(F)
    w.cell_terms = draw.normal(0.0, 2.0, (cells, attitude_terms.STANDING, P))
    w.shift = draw.normal(0.0, 0.1, (cells, attitude_terms.SHIFTS, K, P))
    w.term_level = draw.normal(0.0, 1.0, (n, attitude_terms.LEVELS, P))
    w.term_part = draw.normal(0.0, 1.0, (n, attitude_terms.T, P))
    w.term_move = draw.normal(0.0, 0.05, (n, attitude_terms.T, P))
    w.before_attitude = (w.attitude + draw.normal(0.0, 0.2, (n, P))).astype(F)
    w.counted = draw.random(n)
    w.split, w.split_own = np.zeros((2, cells, attitude_terms.T, P))


def _assemblies(w: SimpleNamespace, draw: np.random.Generator, cells: int) -> None:
    """Columns of assemblies: whole copies, of which some are out or rest."""
    n = w.assembly_start.size - 1
    w.assembly_cell = draw.integers(0, cells, n).astype(np.int32)
    w.kind, w.town = draw.integers(0, 3, n), draw.integers(0, 2, n)
    w.real_size, w.copies = np.round(20.0 + 500.0 * draw.random(n)), 1.0 + np.round(40.0 * draw.random(n))
    w.boldness, w.led_by_party, w.following = 0.2 * draw.random(n), draw.random(n), draw.random(n)
    w.assembly_luck = draw.random(n)
    w.spark, w.catch = 0.2 * draw.random((cells, action.F)), draw.random((cells, action.F))
    w.lasting, w.tiring = action.LASTING.copy(), action.TIRING.copy()
    w.out = np.floor(0.3 * w.copies[:, None] * draw.random((n, action.F)))
    w.crowd = w.out * w.real_size[:, None] * draw.random((n, action.F))
    w.spent, w.begun, w.starts = 0.1 * w.copies * draw.random(n), np.zeros((n, action.F)), np.zeros(n)
    persons = w.real_size * w.copies
    w.surveyed = np.zeros((n, strength.COLUMNS))
    w.would, w.act = draw.random(w.acting.size) < 0.5, draw.integers(-1, len(ACTIONS), (n, action.F))
    w.at_work = 1.0 + 900.0 * draw.random(cells)
    w.took_part, w.idle, w.began = np.zeros((cells, len(ACTIONS))), np.zeros(cells), np.zeros(cells)
    w.claim, w.pressed = draw.random((cells, action.F, K)), np.zeros((cells, action.F))
    for name, most in (("steep", 2.0), ("occasion", 2.0), ("base", 0.05), ("catching", 1.0)):
        setattr(w, name, most * draw.random((cells, action.F)))
    w.under_orders = np.arange(cells) % 2 == 1
    w.taken = (draw.random((cells, action.F)) < 0.7).astype(float)
    w.called, w.assurance = 0.1 * draw.random(cells), 1.0 + draw.random(cells)
    w.kind_persons = np.maximum(np.bincount(w.kind, persons, 3), 1.0)
    w.town_persons = np.maximum(np.bincount(w.town, persons, 2), 1.0)


def copy(w: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(**{name: value.copy() for name, value in vars(w).items()})


_N = NUMBERS
#: Each kernel: the function, its arguments (column names or numbers) and the columns that it writes.
CALLS = {
    "demands.relax_demands": (
        demands.relax_demands,
        ("cell", "want", "urgency", "hardship", "push", "policy", _N.relief, _N.demand_rate, "demand"),
        ("demand",),
    ),
    "demands.mean_by_cell": (
        demands.mean_by_cell,
        ("cell_start", "weight", "demand", "cell_demand"),
        ("cell_demand",),
    ),
    "blame.clarity": (
        blame.clarity,
        ("reach", "cell_demand", "stance", "responsibility", _N.clarity_floor, "seen"),
        ("seen",),
    ),
    "blame.charge": (
        blame.charge,
        ("cell_demand", "policy", "seen", "responsibility", "soviet_side", "charge_left")
        + ("blame_floor", _N.blame_rate, _N.blame_half_life, "blame"),
        ("blame",),
    ),
    "credibility.keep_or_break": (
        credibility.keep_or_break,
        ("cell_demand", "policy", "seen", "responsibility", _N.delivery, _N.failure, "credibility"),
        ("credibility",),
    ),
    "credibility.pass_on": (
        credibility.pass_on,
        ("kin_start", "kin_cell", "kin_weight", "share", _N.belief_spread, "before", "credibility"),
        ("credibility",),
    ),
    "reach.hear": (
        reach.hear,
        ("access", "voice", "opened", "silenced", "kin_start", "kin_cell", "kin_weight", "share", _N.kin_tie, "reach"),
        ("reach",),
    ),
    "attitudes.appeal": (
        attitudes.appeal,
        ("stance", "credibility", _N.programme, "appealing"),
        ("appealing",),
    ),
    "attitudes.relax_attitudes": (
        attitudes.relax_attitudes,
        ("cell", "demand", "soviet_power", "consciousness", "taste", "standing", "appealing", "allied")
        + ("soviet_stance", _N.independence, _N.agreement, _N.attitude_rate, "attitude"),
        ("attitude",),
    ),
    "assemblies.pull_together": (
        assemblies.pull_together,
        ("assembly_start", "weight", "stubbornness", _N.pull, "attitude"),
        ("attitude",),
    ),
    "attitude_terms.relax_terms": (
        attitude_terms.relax_terms,
        ("cell", "demand", "demand_before", "soviet_power", "consciousness", "taste", "cell_terms", "appealing")
        + ("appealing_before", "shift", "allied", "soviet_stance", _N.independence, _N.agreement, _N.attitude_rate)
        + ("term_level", "term_part", "term_move"),
        ("term_level", "term_move"),
    ),
    "attitude_terms.pull_terms": (
        attitude_terms.pull_terms,
        ("assembly_start", "weight", "stubbornness", _N.pull, "attitude", "term_move"),
        ("term_move",),
    ),
    "attitude_terms.split_shares": (
        attitude_terms.split_shares,
        ("cell_start", "counted", "before_attitude", "attitude", "term_move", "split", "split_own"),
        ("split", "split_own"),
    ),
    "attitude_terms.settle": (
        attitude_terms.settle,
        ("term_part", "term_move", "attitude"),
        ("term_part", "term_move"),
    ),
    "attitudes.follow": (attitudes.follow, ("attitude", "shares"), ("shares",)),
    "soviet_power.relax_support": (
        soviet_power.relax_support,
        ("cell", "demand", "followed", "consciousness", "distrust", "refused", "isolation", "soviet_stance")
        + ("soviet_start", DEMAND["power"])
        + (*_N.soviet, _N.soviet_rate, "soviet_power"),
        ("soviet_power",),
    ),
    "readiness.steel": (
        readiness.steel,
        ("cell", "demand", "soviet_power", "consciousness", "member", "fear_here", "insecurity_here")
        + ("outrage_here", "patience_here")
        + (*_N.steel, "fear", "insecurity", "readiness"),
        ("fear", "insecurity", "readiness"),
    ),
    "readiness.stir": (
        readiness.stir,
        ("shock", "push", "custom", "fresh", "stirred", "news"),
        ("custom", "fresh", "stirred", "news"),
    ),
    "readiness.unmet": (readiness.unmet, ("cell_demand", "policy_now", "unmet"), ("unmet",)),
    "action.press": (
        action.press,
        ("claim", "cell_demand", "fresh", "patience_here", *_N.press, "pressed"),
        ("pressed",),
    ),
    "action.call_out": (
        action.call_out,
        ("steep", "occasion", "base", "catching", "taken", "under_orders", "called", "assurance", _N.contagion)
        + ("spark", "catch"),
        ("spark", "catch"),
    ),
    "action.muster": (
        action.muster,
        ("assembly_start", "weight", "readiness", "threshold", "memory", "member", "real_size")
        + (*_N.muster, "boldness", "led_by_party", "following", "acting"),
        ("boldness", "led_by_party", "following", "acting"),
    ),
    "action.rise": (
        action.rise,
        ("assembly_cell", "kind", "town", "real_size", "copies", "boldness", "following", "spark", "catch")
        + ("assembly_luck", "lasting", "tiring", _N.rest, _N.rounds, "kind_persons", "town_persons")
        + ("out", "crowd", "spent", "begun", "starts"),
        ("out", "crowd", "spent", "begun", "starts"),
    ),
    "action.mark": (
        action.mark,
        ("assembly_start", "out", "copies", "assembly_luck", "would", "acting"),
        ("acting",),
    ),
    "action.tally": (
        action.tally,
        ("assembly_cell", "act", "begun", "crowd", "at_work", "took_part", "idle", "began"),
        ("took_part", "idle", "began"),
    ),
    "action.take_land": (action.take_land, ("seized", "villages", "struck", _N.keep), ("seized",)),
    "action.turn_to_politics": (
        action.turn_to_politics,
        ("pressed", "villages", _N.politics[0], "remembered", _N.politics[1]),
        ("pressed",),
    ),
    "economy.withhold": (economy.withhold, ("withheld", "land_wanted", _N.goods), ("withheld",)),
    "economy.settle": (economy.settle, ("wage_gain", "struck", *_N.won), ("wage_gain",)),
    "economy.close": (economy.close, ("closed", "locked", "laid_off", "lockouts", "control"), ("closed", "locked")),
    "economy.suspect": (
        economy.suspect,
        ("suspicion", "remembered", _N.closures[0], "closed", "locked", *_N.closures[1:]),
        ("suspicion",),
    ),
    "economy.take_control": (
        economy.take_control,
        ("control", "felt", "suspicion", "insecure", _N.control_rate),
        ("control",),
    ),
    "economy.insecurity_of_work": (
        economy.insecurity_of_work,
        ("work_pressed", "insecure", "locked", "works", "work_felt"),
        ("work_felt",),
    ),
    "strength.survey": (
        strength.survey,
        ("assembly_start", "weight", "cell", "body", "shares", "soviet_power", "readiness", "fear")
        + ("leaning", "line", "props", *_N.survey, "surveyed"),
        ("surveyed",),
    ),
    "membership.first_choice": (membership.first_choice, ("attitude", "followed"), ("followed",)),
    "membership.hear_base": (
        membership.hear_base,
        ("weight", "shares", "soviet_power", "heard"),
        ("heard",),
    ),
    "membership.carry": (
        membership.carry,
        ("cell_start", "weight", "consciousness", "followed", "luck", "cards", "member"),
        ("member",),
    ),
    "knowledge.learn": (
        knowledge.learn,
        ("cell", "followed", "literate", "acting", "member", "reach", "told", *_N.learning, "knows", "expects"),
        ("knows", "expects"),
    ),
    "knowledge.disappoint": (
        knowledge.disappoint,
        ("cell_start", "weight", "soviet_power", "expects", _N.plural, "disappointed"),
        ("disappointed",),
    ),
    "knowledge.count_beliefs": (
        knowledge.count_beliefs,
        ("followed", "weight", "knows", "expects", "believers"),
        ("believers",),
    ),
}


def call(name: str, w: SimpleNamespace, compiled: bool = True) -> SimpleNamespace:
    """Run one kernel on ``w`` in place."""
    function, arguments, _ = CALLS[name]
    function = function if compiled else function.py_func
    function(*(getattr(w, a) if isinstance(a, str) else a for a in arguments))
    return w


def live(w: SimpleNamespace, days: int = 3) -> SimpleNamespace:
    """Days made of every kernel in turn, in place: the day of the engine without events and bodies."""
    for _ in range(days):
        for name in CALLS:
            if name == "credibility.pass_on":
                w.before = w.credibility.copy()
            if name == "attitudes.relax_attitudes":
                w.standing = (w.identity + np.log(0.01 + w.reach) - w.blame).astype(F)
            if name == "soviet_power.relax_support":
                w.distrust = (w.blame @ w.responsibility).astype(F)
            call(name, w)
    return w

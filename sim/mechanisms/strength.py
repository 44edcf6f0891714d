"""Armed strength: whose orders people would obey, which side units take, and the odds that follow.

Ledger D-031 to D-040, D-081, D-111, D-119, D-136; F-30 to F-33, F-36, F-48.

Nothing here knows a date, a force's name or an outcome. A unit takes a side when enough of its own people would obey
that side; a unit without such a majority stays out. All counts are real people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.words.kernels import kernel

Floats = NDArray[np.float64]

#: Columns of :func:`survey`.
OBEY, WANT, PROP, FREE, LOYAL, HIGH, READY, FEAR, FIGHT_FOR, FIGHT_AGAINST, HOSTILE = range(11)
COLUMNS = 11
#: Columns that tell who would come out and fight.
FIGHTING = [READY, FIGHT_FOR, FIGHT_AGAINST]
#: Strength below which odds are read as if both sides had a few hundred more (men).
FEW = 500.0
#: Days that two sides stand opposite each other before they fight, and the least that any way is open.
FACE_TO_FACE = 1.0
LEAST_PASSAGE = 0.05


#: Columns of the table of :func:`leanings`.
FOLLOW, IN_OFFICE, OF_COMMAND, AHEAD, AGAINST = range(5)


def leanings(
    trust: NDArray[np.float32],
    in_office: NDArray[np.float32],
    high_command: NDArray[np.float32],
    soviet_stance: NDArray[np.float32],
) -> NDArray[np.float32]:
    """What following a party means for whom one obeys, [bodies, 5, P], by the soviet that people have.

    ``trust`` [bodies, P] in 0..1: how far following the party is following those who lead the soviet; ``in_office``,
    ``high_command`` [P] in 0..1; ``soviet_stance`` [P] in -1..1, for or against power to the soviets.
    """
    table = np.empty((len(trust), 5, trust.shape[1]), dtype=np.float32)
    table[:, FOLLOW] = trust
    table[:, IN_OFFICE], table[:, OF_COMMAND] = in_office, high_command
    table[:, AHEAD], table[:, AGAINST] = np.maximum(soviet_stance, 0.0), np.maximum(-soviet_stance, 0.0)
    return table


@kernel
def survey(
    start: NDArray[np.int64],
    weight: Floats,
    cell: NDArray[np.int32],
    body: NDArray[np.int32],
    share: NDArray[np.float32],
    soviet_power: NDArray[np.float32],
    readiness: NDArray[np.float32],
    fear: NDArray[np.float32],
    leaning: NDArray[np.float32],
    line: NDArray[np.float32],
    props: NDArray[np.float32],
    authority: float,
    call: float,
    out: Floats,
) -> None:
    """Means of each assembly, ``out`` [assemblies, COLUMNS], from its people, ``start[a]:start[a + 1]``.

    OBEY  would obey the soviet if it and the cabinet part: support for soviet power S, and of the rest those who
          follow the parties that lead the soviet, by ``authority`` (Order No. 1; D-081).
    WANT  would obey a call to take power: S, and of those followers as many as the soviet's own ``line`` is for it.
    PROP  would obey the soviet's call to stand by the cabinet that it props up.
    FREE  would not obey the soviet; LOYAL those of them who follow parties in office, HIGH those who follow the
          parties that speak for the high command.
    READY would come out of their own accord (``call`` times readiness, at most 1); FEAR mean fear.
    FIGHT_FOR, FIGHT_AGAINST ready, and for or against soviet power by S and by their party's stance.
    HOSTILE the same as the last without readiness.

    Shapes: ``share`` [n, P]; ``body`` [cells] index of the soviet of a cell's place; ``leaning`` from
    :func:`leanings`; ``line``, ``props`` [bodies].
    """
    parties = share.shape[1]
    one = np.float32(1.0)
    for a in range(start.size - 1):
        total = 0.0
        out[a, :] = 0.0
        for i in range(start[a], start[a + 1]):
            b = body[cell[i]]
            follow = loyal = high = ahead = against = np.float32(0.0)
            for p in range(parties):
                q = share[i, p]
                follow += q * leaning[b, FOLLOW, p]
                loyal += q * leaning[b, IN_OFFICE, p]
                high += q * leaning[b, OF_COMMAND, p]
                ahead += q * leaning[b, AHEAD, p]
                against += q * leaning[b, AGAINST, p]
            s = soviet_power[i]
            called = (one - s) * np.float32(authority) * follow
            free = one - s - called
            ready = min(one, np.float32(call) * readiness[i])
            w = weight[i]
            total += w
            out[a, OBEY] += w * (s + called)
            out[a, WANT] += w * (s + line[b] * called)
            out[a, PROP] += w * ((one - line[b]) * props[b] * called)
            out[a, FREE] += w * free
            out[a, LOYAL] += w * (free * loyal)
            out[a, HIGH] += w * (free * high)
            out[a, READY] += w * ready
            out[a, FEAR] += w * fear[i]
            out[a, FIGHT_FOR] += w * (ready * s * ahead)
            out[a, FIGHT_AGAINST] += w * (ready * (one - s) * against)
            out[a, HOSTILE] += w * ((one - s) * against)
        out[a, :] /= total


def civil_obedience(
    pressing: Floats, distrust: Floats, base: float, weight_demand: float, weight_distrust: float
) -> Floats:
    """How far civilians of each cell obey those in office, 0..1: the army's rule without discipline.

    What they press most, ``pressing`` [cells] in 0..1, stands where the soldiers' demand for peace does; ``distrust``
    is blame on the cabinet.
    """
    return np.asarray(1.0 / (1.0 + np.exp(weight_demand * pressing + weight_distrust * distrust - base)))


def shifted(obedience: Floats, logits: Floats) -> Floats:
    """Obedience of a unit that keeps better discipline than its people by ``logits``."""
    o = np.clip(obedience, 1e-9, 1.0 - 1e-9)
    return np.asarray(1.0 / (1.0 + (1.0 - o) / o * np.exp(-logits)))


def will_to_fight(peace: NDArray[np.float32], reluctance: float) -> Floats:
    """Part of those who would come out that would fight, 0..1: who wants peace above all fights for nobody (D-119).

    ``peace`` demand for it in 0..1; the same for every side, and for those who are told to and those who choose to.
    """
    return np.asarray((1.0 - np.clip(peace, 0.0, 1.0).astype(np.float64)) ** reluctance)


def sides_with(share: Floats, steepness: float) -> Floats:
    """Chance that a unit takes a side that ``share`` of its people would obey: one half at one half (D-031)."""
    up, down = (np.minimum(np.maximum(part, 0.0), 1.0) ** steepness for part in (share, 1.0 - share))
    return np.asarray(up / (up + down))


@dataclass(frozen=True)
class Units:
    """Units as Command lays them out, one row a company (or another assembly) of a force. All arrays [units].

    ``mean`` [units, COLUMNS] from :func:`survey`; ``persons`` under arms and free to go; ``command`` how far they
    obey those over them, 0..1, discipline included; ``linked`` to the soviet's own committee, 0..1; ``drill`` how far
    they come out for their own officers whoever governs, 0..1.
    """

    mean: Floats
    persons: Floats
    command: Floats
    linked: Floats
    drill: Floats


@dataclass(frozen=True)
class Muster:
    """What each unit would do, in persons [units].

    Counted as who obeys: ``government``, ``high_command`` (would follow the high command when it and the cabinet part),
    ``soviets``, ``neutral``; they add up to the persons. Counted as who comes out: ``defend`` (the cabinet against
    the soviets), ``rise`` (for the soviets), ``march`` (for the high command), ``resist`` (against it).
    """

    government: Floats
    high_command: Floats
    soviets: Floats
    neutral: Floats
    defend: Floats
    rise: Floats
    march: Floats
    resist: Floats


def muster(units: Units, steepness: float, rift: float) -> Muster:
    """Sides and strength of units under one rule for all.

    ``rift`` 0..1: how far cabinet and high command stand against each other (D-116): with a rift those under orders
    divide by the parties they follow, and who follows neither stays out; without one they all follow both.
    """
    m, persons = units.mean, units.persons
    linked, ready = units.linked, m[:, READY]
    want = m[:, WANT] + linked * (m[:, OBEY] - m[:, WANT])
    ordered = m[:, FREE] * units.command * (1.0 - linked)
    propped = m[:, PROP] * (1.0 - linked)
    for_soviets = sides_with(want, steepness)
    for_cabinet = sides_with(ordered + propped, steepness)
    unmoved = 1.0 - m[:, FEAR]
    by_order = ordered / np.maximum(ordered + propped, 1e-12)
    free = np.maximum(m[:, FREE], 1e-12)
    to_cabinet, to_command = ordered * m[:, LOYAL] / free, ordered * m[:, HIGH] / free
    marching = sides_with(to_command + (1.0 - rift) * (ordered - to_command), steepness)
    resisting = sides_with(m[:, OBEY] + rift * to_cabinet, steepness)
    of_command = for_cabinet * by_order * m[:, HIGH] / free
    return Muster(
        government=persons * (for_cabinet - of_command),
        high_command=persons * of_command,
        soviets=persons * for_soviets,
        neutral=persons * (1.0 - for_cabinet - for_soviets),
        defend=persons * for_cabinet * (by_order * units.command * unmoved + (1.0 - by_order) * ready),
        rise=persons * for_soviets * ready,
        march=persons * marching * units.command * unmoved,
        resist=persons * resisting * ready,
    )


def passage(refusing: Floats, weight: Floats, veto: float) -> float:
    """How much of a movement gets through, 0..1, when a share of each kind of people who run lines and wires refuses.

    ``refusing`` [vetoes] in 0..1, ``weight`` [vetoes]; ``veto`` is how strongly refusal counts (D-136).
    """
    return float(np.prod((1.0 - refusing) ** (veto * weight)))


def worn_down(days: Floats, open_way: Floats, contact: float, others: float) -> Floats:
    """Part of a force that is left after talk with people of the other side, on its way and face to face, 0..1 (D-032).

    ``days`` undisturbed travel; a half-open way takes twice as long. ``contact`` is what a day among people of whom
    all are of the other side wears away; ``others`` is their share in the city.
    """
    return np.asarray(np.exp(-contact * others * (FACE_TO_FACE + days / np.maximum(open_way, LEAST_PASSAGE))))


def odds(attackers: float, defenders: float, slope: float) -> float:
    """Chance that attackers prevail: one half for equals, by the ratio of strength to the power ``slope``."""
    a, d = (attackers + FEW) ** slope, (defenders + FEW) ** slope
    return float(a / (a + d)) if attackers > 0.0 else 0.0


def war_risk(one: float, other: float, division: float, scale: float) -> float:
    """Risk of a lasting war between two sides, 0..1: it takes two, so it goes by the weaker side's fighters (D-111).

    ``division`` 0..1 is how far the sides stand apart; ``scale`` the fighters on the weaker side at which the risk of
    two wholly divided sides is 63 per cent.
    """
    return float(1.0 - np.exp(-division * min(one, other) / scale))


def apart(one: Floats, other: Floats) -> float:
    """Distance of two mean allegiances [P], 0 (the same, or nobody there) to 1 (nothing in common)."""
    if one.sum() <= 0.0 or other.sum() <= 0.0:
        return 0.0
    return float(0.5 * np.abs(one / one.sum() - other / other.sum()).sum())


def hostility(blame: Floats, side: Floats, persons: Floats) -> float:
    """Mean over cells of how far people hold a side's parties to blame, 0..1.

    ``blame`` [cells, P], ``side`` [P] weights adding up to 1 (or all 0), ``persons`` [cells].
    """
    return float(np.average(1.0 - np.exp(-(blame @ side)), weights=persons)) if persons.sum() > 0 else 0.0


def link_up(linked: Floats, willing: Floats, rate: float, days: int) -> None:
    """Units link up one by one, in place: of those willing and not yet linked, ``rate`` a day (D-039).

    ``linked`` and ``willing`` [units], 0..1: a unit stands for many companies like it. Those no longer willing let go
    as fast.
    """
    linked += (1.0 - np.exp(-rate * days)) * (willing - linked)

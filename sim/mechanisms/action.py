"""Action: who comes out, for what, and how many (Granovetter 1978; D-005 to D-007, D-019, D-031, D-035, D-051, H-19).

An assembly stands for so many real plants, companies or villages (its copies). Each day some of them come out: by
their own spark, or because others around them are out. Whoever comes out first in an assembly is followed by those
whose threshold the acting share passes; a party cell and the memory of earlier struggles lower thresholds. What
people come out for depends on which demands press: nothing here knows of a date or of a party's name. Persons are
real persons at work, in the unit or in the commune, never more than there are.

There are three forms. A halt: workers and employees strike, men in uniform refuse orders, villages seize land. The
street: a demonstration. A hold: workers occupy their plant.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import ACTIONS, DEMANDS, STRATA
from sim.words.kernels import kernel

Floats = NDArray[np.float32]
Exact = NDArray[np.float64]

HALT, STREET, HOLD = 0, 1, 2
FORMS = ("halt", "street", "hold")
F = len(FORMS)

#: What each form is called where a stratum takes it; a form that is not named is not taken.
NAMES = {
    ("worker", HALT): "strike",
    ("middle", HALT): "strike",
    ("soldier", HALT): "refusal",
    ("sailor", HALT): "refusal",
    ("peasant", HALT): "land_seizure",
    ("worker", STREET): "demonstration",
    ("soldier", STREET): "demonstration",
    ("sailor", STREET): "demonstration",
    ("middle", STREET): "demonstration",
    ("propertied", STREET): "demonstration",
    ("worker", HOLD): "occupation",
}
#: What a stratum comes out for in each form: shares of demands, adding up to 1 (ledger B for what each wanted).
CLAIMS = {
    ("worker", HALT): {"bread": 0.6, "work": 0.4},
    ("worker", STREET): {"power": 0.45, "peace": 0.35, "bread": 0.2},
    ("worker", HOLD): {"work": 0.7, "power": 0.3},
    ("soldier", HALT): {"peace": 0.6, "power": 0.4},
    ("soldier", STREET): {"power": 0.5, "peace": 0.5},
    ("sailor", HALT): {"peace": 0.6, "power": 0.4},
    ("sailor", STREET): {"power": 0.5, "peace": 0.5},
    ("peasant", HALT): {"land": 0.6, "power": 0.2, "bread": 0.2},
    ("middle", HALT): {"bread": 0.6, "order": 0.4},
    ("middle", STREET): {"order": 0.6, "power": 0.4},
    ("propertied", STREET): {"order": 1.0},
}
#: How long each form lasts in one assembly (days), and for how many days half of those who came out rest after it.
LASTING = np.array([4.0, 1.0, 15.0])
#: Part of those who go back that must rest before they come out again: a march costs less than a strike.
TIRING = np.array([1.0, 0.3, 1.0])
#: First movers in an assembly: a workshop, a platoon, a few households.
CIRCLE = 20.0
#: How much what others do counts for a stratum, next to workers of one city: in barracks and on drill grounds companies
#: live side by side, villages and offices see little of each other (assumption; S065: 66,000 men of the garrison went
#: over between a morning and a night). And for a form, since a plant is not occupied because others are.
SEEN_BY = {"worker": 1.0, "soldier": 2.5, "sailor": 1.0, "peasant": 0.1, "middle": 0.05, "propertied": 0.05}
SEEN_OF = (1.0, 1.0, 0.2)
#: How readily a stratum comes out at all, next to workers: offices and clubs seldom do.
USED_TO_IT = {"middle": 0.01, "propertied": 0.02}
#: Companies in the line see little of each other.
SEEN_AT_FRONT = 0.02
#: Readiness at which a spark is as its parameter says.
USUAL_READINESS = 0.05
#: How much of what is seen of others of a town counts next to what is seen of one's own kind.
OF_TOWN = 0.5


def claims() -> Exact:
    """:data:`CLAIMS` as an array [strata, F, K]; zero where a stratum does not take a form."""
    return np.array(
        [[[CLAIMS.get((s, f), {}).get(k, 0.0) for k in DEMANDS] for f in range(F)] for s in STRATA], dtype=np.float64
    )


def catching() -> Exact:
    """How much what others do counts, [strata, F]; zero where a stratum does not take a form."""
    return np.array([[SEEN_BY[s] * SEEN_OF[f] * ((s, f) in NAMES) for f in range(F)] for s in STRATA], dtype=np.float64)


def names() -> NDArray[np.int64]:
    """Index into ACTIONS by stratum and form, [strata, F]; -1 where the form is not taken."""
    return np.array(
        [[ACTIONS.index(NAMES[s, f]) if (s, f) in NAMES else -1 for f in range(F)] for s in STRATA], dtype=np.int64
    )


@kernel
def press(
    claim: NDArray[np.float64],
    demand: NDArray[np.float32],
    fresh: NDArray[np.float32],
    patience: NDArray[np.float32],
    weight_fresh: float,
    weight_patience: float,
    pressed: NDArray[np.float64],
) -> None:
    """How hard what a form is for presses, ``pressed`` [cells, F]: demands and what has newly struck, less by patience.

    ``claim`` [cells, F, K]; ``demand``, ``fresh`` [cells, K]; ``patience`` [cells].
    """
    cells, forms, k_axis = claim.shape
    of_fresh, of_patience = np.float32(weight_fresh), np.float32(weight_patience)
    for c in range(cells):
        held_back = np.float32(1.0) - of_patience * patience[c]
        for f in range(forms):
            total = 0.0
            for k in range(k_axis):
                total += claim[c, f, k] * (demand[c, k] + of_fresh * fresh[c, k])
            pressed[c, f] = total * held_back


@kernel
def turn_to_politics(
    pressed: Exact, paid: NDArray[np.intp], squeeze: float, consciousness: Exact, weight: float
) -> None:
    """Where prices outrun pay, organised people take to the street what no strike can win, in place (D-005).

    ``paid`` are the cells of those who live by pay, ``consciousness`` [paid] their mean class consciousness.
    """
    for i in range(paid.size):
        moved = weight * squeeze * consciousness[i] * pressed[paid[i], HALT]
        pressed[paid[i], HALT] -= moved
        pressed[paid[i], STREET] += 0.5 * moved


@kernel
def call_out(
    steep: NDArray[np.float64],
    occasion: NDArray[np.float64],
    base: NDArray[np.float64],
    catching: NDArray[np.float64],
    taken: NDArray[np.float64],
    under_orders: NDArray[np.bool_],
    called: NDArray[np.float64],
    assurance: NDArray[np.float64],
    contagion: float,
    spark: NDArray[np.float64],
    catch: NDArray[np.float64],
) -> None:
    """How often assemblies come out of themselves or are called, ``spark``, and because others do, ``catch``, a day.

    Arrays are [cells, F] but ``under_orders``, ``called`` and ``assurance`` [cells]. ``steep`` is how much oftener than
    usual for what presses, ``occasion`` for all else; ``base`` and ``catching`` hold what is usual, ``taken`` 1 for the
    forms that a stratum takes. Word of an action, ``called``, goes to what presses most; nobody is called out to strike
    or to occupy without a claim that presses (D-019). ``assurance`` is the factor by which people count on each other.

    Men ``under_orders`` whom orders bind are deaf to word and to others, where elsewhere what holds people back only
    slows them; and no word calls a unit to refuse orders (D-031).
    """
    cells, forms = steep.shape
    for c in range(cells):
        total = 0.0
        for f in range(forms):
            total += steep[c, f] * taken[c, f]
        total = max(total, 1e-9)
        for f in range(forms):
            word = called[c] * steep[c, f] * taken[c, f] / total
            if f != STREET:
                word *= min(steep[c, f], 1.0)
            pull = contagion * catching[c, f] * np.sqrt(steep[c, f] * min(occasion[c, f], 1.0))
            if under_orders[c]:
                word *= occasion[c, f] if f == STREET else 0.0
                pull *= occasion[c, f]
            spark[c, f] = base[c, f] * steep[c, f] * occasion[c, f] + word
            catch[c, f] = pull * assurance[c]


@kernel
def tally(
    group: NDArray[np.int32],
    column: NDArray[np.int64],
    begun: NDArray[np.float64],
    crowd: NDArray[np.float64],
    at_work: NDArray[np.float64],
    took_part: NDArray[np.float64],
    idle: NDArray[np.float64],
    struck: NDArray[np.float64],
) -> None:
    """Count persons by group: who came out today, by act, and the shares who are idle and who began to strike.

    ``group`` [a] of each assembly; ``column`` [a, F] of its act in ACTIONS (-1: none); ``begun``, ``crowd`` [a, F];
    ``at_work`` [groups] persons. Written: ``took_part`` [groups, acts], ``idle`` and ``struck`` [groups].
    """
    took_part[:] = 0.0
    idle[:] = 0.0
    struck[:] = 0.0
    assemblies, forms = begun.shape
    for a in range(assemblies):
        g = group[a]
        for f in range(forms):
            if column[a, f] >= 0:
                took_part[g, column[a, f]] += begun[a, f]
        idle[g] += crowd[a, HALT] + crowd[a, HOLD]
        struck[g] += begun[a, HALT]
    for g in range(idle.size):
        idle[g] /= at_work[g]
        struck[g] /= at_work[g]


@kernel
def take_land(seized: Floats, villages: NDArray[np.intp], joining: Exact, keep: float) -> None:
    """Villages that have taken land (``seized`` [cells], 0..1) after today, in place.

    Of it ``keep`` lasts; ``joining`` [cells] is the share of the rest that takes land today. ``villages``: their cells.
    """
    for i in range(villages.size):
        c = villages[i]
        left = seized[c] * np.float32(keep)
        seized[c] = left + np.float32((np.float32(1.0) - left) * joining[c])


@kernel
def muster(
    start: NDArray[np.int64],
    weight: NDArray[np.float64],
    readiness: NDArray[np.float32],
    threshold: NDArray[np.float32],
    memory: NDArray[np.float32],
    member: NDArray[np.int8],
    real_size: NDArray[np.float64],
    follow: float,
    of_memory: float,
    of_cell: float,
    boldness: NDArray[np.float64],
    party: NDArray[np.float64],
    following: NDArray[np.float64],
    acting: NDArray[np.bool_],
) -> None:
    """What each assembly would do if somebody in it made a start, in place.

    ``boldness`` [a] mean readiness; ``party`` [a] chance that the first mover is a member of a party; ``following``
    [a] share that comes out in the end; ``acting`` [n] who they are. Weighted by the people the rows stand for.

    First a circle of the most willing moves; a person joins when the acting share passes the threshold less
    ``follow`` x sqrt(readiness), ``of_memory`` x memory and ``of_cell`` x the share of members in the assembly.
    """
    lowered = np.empty(64, np.float32)
    ease, recall = np.float32(follow), np.float32(of_memory)
    for a in range(start.size - 1):
        persons, ready, ready_members, members = 0.0, 0.0, 0.0, 0.0
        for i in range(start[a], start[a + 1]):
            persons += weight[i]
            ready += weight[i] * readiness[i]
            acting[i] = False
            if member[i] >= 0:
                members += weight[i]
                ready_members += weight[i] * readiness[i]
        boldness[a] = ready / persons
        party[a] = ready_members / ready if ready > 0.0 else 0.0
        first = start[a]
        size = start[a + 1] - first
        if size > lowered.size:
            lowered = np.empty(size, np.float32)
        for j in range(size):
            i = first + j
            lowered[j] = threshold[i] - ease * np.sqrt(readiness[i]) - recall * memory[i]
        level = min(CIRCLE / real_size[a], 0.25)
        eased = of_cell * members / persons
        moving = 0.0
        joined, left = 1.0, size
        while joined > 0.0 and left > 0:
            joined = 0.0
            # Without a branch: who joins in which round is a guess that a processor mostly loses. Whoever has joined is
            # lifted out of reach, and when nobody is left there is no further round.
            for j in range(size):
                joins = lowered[j] < level + eased
                joined += joins * weight[first + j]
                left -= joins
                acting[first + j] |= joins
                lowered[j] += joins * np.float32(4.0)
            moving += joined
            level = max(level, moving / persons)
        following[a] = level


@kernel
def rise(
    cell: NDArray[np.int32],
    kind: NDArray[np.int64],
    town: NDArray[np.int64],
    real_size: NDArray[np.float64],
    copies: NDArray[np.float64],
    boldness: NDArray[np.float64],
    following: NDArray[np.float64],
    spark: NDArray[np.float64],
    catch: NDArray[np.float64],
    luck: NDArray[np.float64],
    lasting: NDArray[np.float64],
    tiring: NDArray[np.float64],
    rest_days: float,
    rounds: int,
    kind_persons: NDArray[np.float64],
    town_persons: NDArray[np.float64],
    out: NDArray[np.float64],
    crowd: NDArray[np.float64],
    spent: NDArray[np.float64],
    begun: NDArray[np.float64],
    starts: NDArray[np.float64],
) -> None:
    """A day of coming out and going back, by assembly and form, in place.

    ``out`` [a, F] copies of each assembly that are out, ``crowd`` [a, F] their persons, ``spent`` [a] copies that
    rest after it. ``begun`` [a, F] are persons who come out today and ``starts`` [a] the copies that do: whole ones,
    rounded by ``luck`` [a], so that on the mean a row of one plant does what a row of a hundred does.

    Those who are out go back with 1 / ``lasting`` [F] a day, fewer while others of their kind stay out; ``tiring`` [F]
    of them rest. Of those who are in, in each of ``rounds``, a share comes out at
    the rate of boldness over the usual times (``spark`` [cells, F] + ``catch`` [cells, F] x the share who are out
    around them: of their ``kind`` [a] in the same form, and of their ``town`` [a] in any, for half).
    """
    assemblies, forms = out.shape
    resting = 0.5 ** (1.0 / rest_days)
    want = np.zeros((assemblies, forms))
    own = np.zeros((kind_persons.size, forms))
    for a in range(assemblies):
        for f in range(forms):
            own[kind[a], f] += crowd[a, f] / kind_persons[kind[a]]
    for a in range(assemblies):
        spent[a] *= resting
        starts[a] = 0.0
        for f in range(forms):
            back = (1.0 - min(own[kind[a], f], 1.0)) / lasting[f] if lasting[f] > 1.0 else 1.0
            spent[a] += tiring[f] * back * out[a, f]
            out[a, f] *= 1.0 - back
            crowd[a, f] *= 1.0 - back
    around = np.empty(town_persons.size)
    bold = boldness / USUAL_READINESS / rounds
    for _ in range(rounds):
        own[:] = 0.0
        around[:] = 0.0
        for a in range(assemblies):
            each = following[a] * real_size[a]
            for f in range(forms):
                persons = crowd[a, f] + want[a, f] * each
                own[kind[a], f] += persons
                around[town[a]] += persons
        for k in range(own.shape[0]):
            own[k] /= kind_persons[k]
        around /= town_persons
        for a in range(assemblies):
            c = cell[a]
            room = copies[a] - spent[a]
            for f in range(forms):
                room -= out[a, f] + want[a, f]
            room = max(room, 0.0)
            for f in range(forms):
                seen = own[kind[a], f] + OF_TOWN * around[town[a]]
                rate = bold[a] * (spark[c, f] + catch[c, f] * seen)
                # The first terms of the exponential serve where little happens.
                come = room * (1.0 - np.exp(-rate)) if rate > 0.01 else room * rate * (1.0 - 0.5 * rate)
                want[a, f] += come
                room -= come
    for a in range(assemblies):
        total, busy = 0.0, spent[a]
        for f in range(forms):
            total += want[a, f]
            busy += out[a, f]
        most = np.floor(copies[a])
        scale = min(most / total, 1.0) if total > 0.0 else 1.0
        total *= scale
        # Where a row is one plant, one more may be one that is out or rests already. It does so no more; and if none
        # comes, it is the likelier that it is out or rests: on the mean both change nothing.
        part = total - np.floor(total)
        taken = max(busy + total - part + 1.0 - copies[a], 0.0) if part > 0.0 and busy > 1e-9 else 0.0
        shift = -1.0 if luck[a] + part >= 1.0 else part / (1.0 - part)
        keep = max(1.0 + shift * taken / max(busy, 1e-9), 0.0)
        spent[a] *= keep
        starts[a] = 0.0
        below = luck[a]
        for f in range(forms):
            above = below + scale * want[a, f]
            whole = np.floor(above) - np.floor(below)
            below = above
            begun[a, f] = whole * real_size[a] * following[a]
            out[a, f] = out[a, f] * keep + whole
            crowd[a, f] = crowd[a, f] * keep + begun[a, f]
            starts[a] += whole


def enrol(
    guard: Floats,
    pressed: Exact,
    rifles: Exact,
    at_work: Exact,
    patience: Floats,
    rate: float,
    days: int,
    elsewhere: float,
) -> Exact:
    """Workers who join the Red Guard in ``days``, in persons [cells]; ``guard``, a share of those at work, is updated.

    They join at ``rate`` (over the days) times what the defence of the revolution presses (``pressed`` 0..1), as long
    as there are rifles, two men to one; where nobody handed any out, up to ``elsewhere`` of those at work have some
    arm. Guards go back to their lathes within a quarter while they trust those in office.
    """
    limit = np.minimum(elsewhere + 2.0 * rifles / np.maximum(at_work, 1.0), 0.25)
    joined = min(rate, 1.0) * pressed * np.maximum(limit - guard, 0.0)
    guard *= (1.0 - days * patience / 90.0).astype(np.float32)
    guard += joined.astype(np.float32)
    return np.asarray(joined * at_work, dtype=np.float64)


@kernel
def mark(
    start: NDArray[np.int64],
    out: NDArray[np.float64],
    copies: NDArray[np.float64],
    luck: NDArray[np.float64],
    would: NDArray[np.bool_],
    acting: NDArray[np.bool_],
) -> None:
    """Who is out today, ``acting`` [n]: those who ``would`` [n], with the chance that a copy of their assembly is out.

    ``luck`` [a] decides, the same for all of an assembly.
    """
    for a in range(start.size - 1):
        total = 0.0
        for f in range(out.shape[1]):
            total += out[a, f]
        is_out = total > luck[a] * copies[a]
        for i in range(start[a], start[a + 1]):
            acting[i] = would[i] and is_out

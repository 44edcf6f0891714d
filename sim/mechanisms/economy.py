"""The economy: bread as an institution, wages against prices, closures with a true and a perceived cause, control.

What comes from outside (rations, coal, goods, real wages, plants without materials) is forcing. Here stands what
people's own acts add to it: villages hold grain back while land is unsettled and there is nothing to buy (D-050),
settlements won by strikes fade as prices rise (D-005, D-058), owners lock out where committees control plants and the
right feels strong (D-061, D-129), and workers read a closure as politics the more they remember (D-004).

Every function works on arrays of cells; shares lie in 0..1 and rates are a day's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.kernels import kernel

Floats = NDArray[np.float32]
Exact = NDArray[np.float64]

#: One worker in five out of work is felt by all as the full hardship (the rule that closures of events follow too).
FELT_IN_FULL = 0.2
#: How fast villages change what they sell, and how fast workers change their minds about closures (1/day): a month.
SELLING_RATE, BELIEF_RATE = 0.03, 0.03
#: In this many days half of those put out of work have found other work or gone home to the village.
AWAY_HALF_LIFE = 60.0
#: What a plant without materials can still be kept open by its committee: share of closures that full control averts.
AVERTED = 0.3
#: Managers had fled state plants in March; committees ran them from the start (D-056; Smith, Red Petrograd, 1983).
FIRST_CONTROL = 0.02


# --- bread ----------------------------------------------------------------------------------------------------------


@kernel
def withhold(withheld: Floats, land_demand: Floats, goods_short: float) -> None:
    """Villages [peasant cells] hold back the more, the more they press for land and the less they can buy (D-050)."""
    rate, short = np.float32(SELLING_RATE), np.float32(goods_short)
    for c in range(withheld.size):
        aim = min(max(land_demand[c] * short, np.float32(0.0)), np.float32(1.0))
        withheld[c] += rate * (aim - withheld[c])


def missing_grain(withheld: Floats, usual: Exact, for_sale: Exact) -> float:
    """How much more of the grain for sale is held back than the forcing of bread already counts, -1..1.

    ``usual`` [peasant cells] is what would be held back under the goods famine of the evidence and the land demand of
    February; ``for_sale`` weighs the cells (people of villages that sell) and adds up to 1. Below 0 more comes in than
    in history.
    """
    return float((withheld - usual) @ for_sale)


def bread_lost(missing: float, railways_out: float, deficit: Exact, weight: float) -> Exact:
    """What towns [cells] lose in bread, added to their hardship: grain not sold, and grain not carried.

    ``deficit`` is 1 in provinces that buy their grain and less where it is grown; ``railways_out`` is the share of
    railway workers on strike, of whom a fifth stops a fifth of the trains.
    """
    return weight * deficit * (missing + 0.5 * railways_out)


# --- wages ----------------------------------------------------------------------------------------------------------


def concession(squeeze: float, willing: float) -> float:
    """How much of its claim a strike wins, 0..1: less as real wages fall and owners have less to give (D-058)."""
    return willing * (1.0 - min(max(squeeze, 0.0), 1.0))


@kernel
def settle(wage_gain: Floats, struck: Exact, won: float, half_life: float) -> None:
    """Settlements raise pay where people struck (``struck`` [cells], share of those at work); prices eat it (D-005)."""
    keep = np.float32(0.5 ** (1.0 / half_life))
    for c in range(wage_gain.size):
        left = wage_gain[c] * keep
        wage_gain[c] = left + np.float32(won * struck[c] * (np.float32(1.0) - left))


# --- closures, lockouts, control ------------------------------------------------------------------------------------


def ascendancy(office: Floats, order_stance: Floats, workers_fear: float) -> float:
    """How strong the propertied feel, 0..1: order in office, half; fear among workers, half (D-129).

    ``office`` [P] is who is held to govern, ``order_stance`` [P] what parties say on order.
    """
    held = float(office.sum())
    in_office = float(office @ np.maximum(order_stance, 0.0)) / held if held > 0.0 else 0.0
    return min(max(0.5 * in_office + 0.5 * workers_fear, 0.0), 1.0)


def lock_out(control: Floats, struck: Exact, strength: float, rate: float) -> Exact:
    """Share of workers [cells] locked out today: where committees control or strikes go on, if owners feel strong."""
    return rate * strength * np.minimum(control + struck, 1.0)


@kernel
def close(closed: Floats, locked: Floats, laid_off: Exact, lockouts: Exact, control: Floats) -> None:
    """Workers out of work [cells] after today, in place: plants without materials, lockouts, and those who leave.

    ``laid_off`` is the share of workers whose plant has to close today; committees avert a part (D-061).
    """
    stay = np.float32(0.5 ** (1.0 / AWAY_HALF_LIFE))
    one, averted = np.float32(1.0), np.float32(AVERTED)
    for c in range(closed.size):
        forced = laid_off[c] * (one - averted * control[c])
        out, shut = closed[c] * stay, locked[c] * stay
        open_still = max(one - out, np.float32(0.0))
        shut += np.float32(lockouts[c] * open_still)
        out += np.float32(min(forced + lockouts[c], 1.0) * open_still)
        closed[c], locked[c] = out, min(shut, out)


def risk(closed: Floats) -> Exact:
    """Closures as they are felt by those still at work, 0..1."""
    return np.asarray(np.minimum(closed / FELT_IN_FULL, 1.0), dtype=np.float64)


@kernel
def suspect(
    suspicion: Floats, memory: Floats, refusal: float, closed: Floats, locked: Floats, base: float, of_memory: float
) -> None:
    """Share of closures that workers take for politics, in place (D-004).

    It tends to ``base`` (a lens setting), more by the memory of earlier lockouts, by owners' ``refusal`` of wage
    claims (0..1), and by the true share of lockouts among closures.
    """
    for c in range(suspicion.size):
        true = locked[c] / closed[c] if closed[c] > np.float32(1e-6) else np.float32(0.0)
        doubt = of_memory * memory[c] + 0.3 * refusal + np.float32(0.4) * true
        aim = min(max(base + (1.0 - base) * min(doubt, 1.0), 0.0), 1.0)
        suspicion[c] += np.float32(BELIEF_RATE * (aim - suspicion[c]))


@kernel
def take_control(control: Floats, felt: Exact, suspicion: Floats, insecurity: Exact, rate: float) -> None:
    """Workers' control spreads from plant to plant, faster where closure threatens (A-105, D-061), in place.

    The threat is closures felt and the fear for work, half each, more so where closures are taken for politics.
    """
    half, one, first = np.float32(0.5), np.float32(1.0), np.float32(FIRST_CONTROL)
    for c in range(control.size):
        now = control[c]
        threat = (0.5 * felt[c] + 0.5 * insecurity[c]) * (half + suspicion[c])
        now += np.float32(rate * threat * (now + first) * (one - now))
        control[c] = min(max(now, np.float32(0.0)), one)


@kernel
def insecurity_of_work(
    hardship_work: Floats, shocks: Exact, locked: Floats, workers: NDArray[np.bool_], felt: Floats
) -> None:
    """How far people of each cell must fear for their work, ``felt`` [cells] in 0..1 (D-003).

    Where there are workers it is half of the hardship and what lockouts add; shocks come on top.
    """
    in_full = np.float32(FELT_IN_FULL)
    for c in range(workers.size):
        level = shocks[c]
        if workers[c]:
            level += np.float32(0.5) * hardship_work[c] + np.float64(min(locked[c] / in_full, np.float32(1.0)))
        felt[c] = min(max(level, 0.0), 1.0)

"""Readiness: who would take the initiative. It is not support (D-002, D-003, D-019 to D-021, D-028).

Grievance drives it, sooner where something new has struck (outrage) and later where people give those who took office
time (patience, D-014, D-026). Fear and insecurity hold it down, fear less in people of strong class feeling (D-012).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.words.curves import logistic32
from sim.words.identifiers import K
from sim.words.kernels import kernel

#: People grow used to a hardship in about a month, half of it in this many days.
CUSTOM_HALF_LIFE = 10.0
#: Patience lost (log ratio) by a day's outrage of one; and how much blame keeps people from giving a party time.
BREACH, GRUDGE = 3.0, 3.0


@kernel
def steel(
    cell: NDArray[np.int32],
    demand: NDArray[np.float32],
    soviet_power: NDArray[np.float32],
    consciousness: NDArray[np.float32],
    member: NDArray[np.int8],
    fear_here: NDArray[np.float32],
    insecurity_here: NDArray[np.float32],
    outrage_here: NDArray[np.float32],
    patience_here: NDArray[np.float32],
    base: float,
    weight_grievance: float,
    weight_efficacy: float,
    weight_fear: float,
    weight_insecurity: float,
    weight_member: float,
    weight_patience: float,
    honour: float,
    fear: NDArray[np.float32],
    insecurity: NDArray[np.float32],
    readiness: NDArray[np.float32],
) -> None:
    """Update ``fear``, ``insecurity`` and ``readiness`` [n], each in 0..1, in place.

    ``fear_here`` and ``insecurity_here`` [cells] are today's levels from events and closures; a third of the gap is
    closed a day. Grievance is the strongest demand and the mean of all, half each, plus the cell's outrage; patience
    takes ``weight_patience`` of it. Efficacy is support for soviet power times one half plus class consciousness,
    what a person believes that people like oneself could do (D-008). Fear weighs 1 - ``honour`` x consciousness. A
    member (``member`` >= 0) is readier by ``weight_member``. ``demand`` [n, K].
    """
    n = demand.shape[0]
    third = np.float32(1.0 / 3.0)
    half, each = np.float32(0.5), np.float32(0.5 / K)
    of_grievance, of_efficacy = np.float32(weight_grievance), np.float32(weight_efficacy)
    of_fear, of_insecurity = np.float32(weight_fear), np.float32(weight_insecurity)
    of_member, start = np.float32(weight_member), np.float32(base)
    brave = np.float32(honour)
    hope = np.float32(1.0) - np.float32(weight_patience) * patience_here
    for i in range(n):
        c = cell[i]
        fear[i] += third * (fear_here[c] - fear[i])
        insecurity[i] += third * (insecurity_here[c] - insecurity[i])
        most = np.float32(0.0)
        total = np.float32(0.0)
        for k in range(K):
            total += demand[i, k]
            most = max(most, demand[i, k])
        grievance = (half * most + each * total + outrage_here[c]) * hope[c]
        drive = (
            start
            + of_grievance * grievance
            + of_efficacy * soviet_power[i] * (half + consciousness[i])
            - of_fear * fear[i] * (np.float32(1.0) - brave * consciousness[i])
            - of_insecurity * insecurity[i]
        )
        if member[i] >= 0:
            drive += of_member
        readiness[i] = drive
    for i in range(n):
        readiness[i] = logistic32(readiness[i])


@kernel
def stir(
    shock: NDArray[np.float64],
    push: NDArray[np.float32],
    custom: NDArray[np.float32],
    outrage: NDArray[np.float32],
    mean: NDArray[np.float32],
    news: NDArray[np.float32],
) -> None:
    """What has newly struck, ``outrage`` [cells, K] in 0..1: shocks above what people are used to, as they press them.

    ``mean`` [cells] becomes its mean over demands, ``news`` [cells] the day's rise of it over all of them. Then people
    grow used to what events did to them: ``custom`` [cells, K] moves a day toward ``shock``. Seasons and slow decay are
    no news to anybody and stir no outrage; they work through demands.
    """
    cells, k_axis = shock.shape
    rate = 1.0 - 0.5 ** (1.0 / CUSTOM_HALF_LIFE)
    for c in range(cells):
        rise, total = np.float32(0.0), np.float32(0.0)
        for k in range(k_axis):
            felt = min(max(shock[c, k], 0.0), 1.0)
            fresh = np.float32(max(felt - custom[c, k], 0.0) * push[c, k])
            rise += max(fresh - outrage[c, k], np.float32(0.0))
            outrage[c, k] = fresh
            total += fresh
            custom[c, k] += np.float32(rate * (felt - custom[c, k]))
        news[c], mean[c] = rise, total / np.float32(k_axis)


@kernel
def unmet(demand: NDArray[np.float32], policy: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """What policy leaves of the demands of a cell, ``out`` [cells]: the strongest and the mean of all, half each."""
    cells, k_axis = demand.shape
    for c in range(cells):
        most, total = 0.0, 0.0
        for k in range(k_axis):
            left = demand[c, k] * (1.0 - policy[k])
            most = max(most, left)
            total += left
        out[c] = 0.5 * (most + total / k_axis)


def hope(
    patience: NDArray[np.float32],
    change: NDArray[np.float64],
    blame: NDArray[np.float32],
    unmet: NDArray[np.float64],
    news: NDArray[np.floating],
    half_life: float,
) -> None:
    """Patience [cells] with those in office after a day, in place (D-014, D-026).

    ``change`` [P] is the weight in the cabinet that each party gained today. Newcomers are given time: as much as the
    square of what they gained together, since a reshuffle promises little, and less by people who blame them already
    (``blame`` [cells, P]). Unmet demands (``unmet`` [cells], 0.3 as usual) use it up, and so does what strikes today
    (``news`` [cells], the day's rise of outrage over all demands).
    """
    spent = np.log(2.0) / half_life * (0.5 + unmet / 0.6) + BREACH * news
    patience *= np.exp(-spent).astype(np.float32)
    if change.any():
        given = (np.exp(-GRUDGE * blame) @ change) * change.sum()
        patience += ((1.0 - patience) * np.clip(given, 0.0, 1.0)).astype(np.float32)

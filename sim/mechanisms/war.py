"""War: how far orders are obeyed, who goes home, what the front costs (D-030, D-033 to D-035, D-037, D-040).

Obedience is a state of each soldiers' and sailors' cell. Its steady part falls, over weeks, with the demand for peace,
with blame on those in office, with comrades who leave and, in garrisons, with the threat of being sent to the front.
What an event does to discipline shows the same day, on top of it, and fades with the event. Desertion is counted in
persons who leave in a day; those who leave are at home in the villages that the front or garrison draws on. Losses at
the front are ranges. Every function works on arrays of cells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Exact = NDArray[np.float64]

#: Losses a day (killed, wounded, missing) of a million men on a quiet front, least and most; and how they rise with the
#: burden of the front above :data:`QUIET`. Set so that three weeks of the June offensive lie between the returns of
#: the front (S155) and the higher counts (S156). Assumption.
QUIET_LOSSES = (60.0, 180.0)
QUIET = 0.45
LOSS_GROWTH = 5.0
#: A month of half a year's obedience: how long comrades' leaving is talked of, in days.
TALKED_OF = 30.0
#: Kilometres of German advance that alarm as much as an advance can.
ALARMING_KM = 100.0


def relax_obedience(
    steady: Exact,
    peace_demand: Floats,
    distrust: Floats,
    pull: Exact,
    base: float,
    weight_peace: float,
    weight_distrust: float,
    rate: float,
) -> None:
    """Move the ``steady`` part of obedience [cells], 0..1, a day toward its level, in place.

    ``pull`` is what else takes obedience away, in logits.
    """
    steady += rate * (level(peace_demand, distrust, pull, base, weight_peace, weight_distrust) - steady)


def struck(steady: Exact, discipline: Exact) -> Exact:
    """Obedience today [cells]: the ``steady`` part, moved by what events did to ``discipline`` (logits over 4)."""
    odds = np.clip(steady, 1e-9, 1.0 - 1e-9)
    return np.asarray(1.0 / (1.0 + (1.0 - odds) / odds * np.exp(-4.0 * discipline)))


def level(
    peace_demand: Floats,
    distrust: Floats,
    pull: Exact,
    base: float,
    weight_peace: float,
    weight_distrust: float,
) -> Exact:
    """The steady obedience [cells] that things as they are lead to, 0..1."""
    lean = base - weight_peace * peace_demand - weight_distrust * distrust - pull
    return np.asarray(1.0 / (1.0 + np.exp(-lean)), dtype=np.float64)


def disorder(obedience: Floats, persons: Exact) -> float:
    """Share of men in uniform whom orders do not bind, 0..1. Shapes [soldiers' and sailors' cells]."""
    return 1.0 - float(obedience @ persons) / float(persons.sum())


def dread(threat: float, rear: NDArray[np.bool_], gone: Floats, weight_threat: float, weight_gone: float) -> Exact:
    """What takes obedience away besides the war itself, in logits [cells].

    ``threat`` 0..1 of being sent, felt in garrisons (``rear``; D-033); ``gone`` is the share of comrades who have left.
    """
    return np.asarray(weight_threat * threat * rear + weight_gone * gone, dtype=np.float64)


def leave(
    obedience: Floats,
    usual: Exact,
    land: Exact,
    peace: Exact,
    fields: float,
    settled: float,
    fear: Exact,
    monthly: float,
    weights: tuple[float, float, float, float, float],
) -> Exact:
    """Share of the men [cells] who leave today.

    On a February day it is ``monthly`` / 30 (registered desertion before the revolution, S148). It rises by a factor
    exp of: obedience lost since February (``usual`` less ``obedience``); the rise of the demands for ``land`` and
    ``peace`` since then; hands wanted at home (``fields`` since February); and what the government has settled, land
    given out and peace made, after which few see a reason to stay (``settled`` 0..2; D-037). Fear of punishment
    lowers it. ``weights``: obedience, land and peace, fields, settled, fear.
    """
    of_obedience, of_demand, of_fields, of_settled, of_fear = weights
    lean = of_obedience * (usual - obedience) + of_demand * (land + peace) - of_fear * fear
    lean += of_fields * fields + of_settled * settled
    return np.asarray(np.minimum(monthly / 30.0 * np.exp(lean), 0.2), dtype=np.float64)


def homeward(peasants: NDArray[np.intp], uniform: NDArray[np.intp], ties: Exact) -> Exact:
    """Where those who leave go: [peasant cells, soldiers' cells], each column adding up to 1 or, without ties, 0.

    ``ties`` [peasant cells, soldiers' cells] are persons times the weight of the tie between village and unit.
    """
    if ties.shape != (peasants.size, uniform.size):
        raise ValueError(f"ties of shape {ties.shape}, expected {(peasants.size, uniform.size)}")
    total = ties.sum(axis=0)
    return np.asarray(np.divide(ties, total, out=np.zeros_like(ties), where=total > 0.0))


def losses(men: Exact, burden: Floats, peace_policy: float) -> tuple[float, float]:
    """Least and most killed, wounded and missing today, over the fronts: ``men`` and ``burden`` [front cells].

    ``burden`` is the hardship of war there; what a government does for peace (0..1) stills the front.
    """
    intensity = np.exp(LOSS_GROWTH * np.maximum(burden - QUIET, 0.0))
    fighting = float((men * intensity).sum()) / 1e6 * (1.0 - peace_policy) ** 2
    return QUIET_LOSSES[0] * fighting, QUIET_LOSSES[1] * fighting


def alarm(advance_km: float, weight: float) -> float:
    """What a German advance adds to the fear for order among those who fear it most, 0..``weight``."""
    return weight * min(max(advance_km / ALARMING_KM, 0.0), 1.0)

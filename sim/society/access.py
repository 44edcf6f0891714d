"""Access: how well each channel carries to each cell, from distance, rail, literacy, plants and languages.

Measured things only. Which parties profit depends on the channels they speak through, not on the place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.inputs.strata import strata_traits
from sim.society.cells import Cells
from sim.words.identifiers import CHANNEL, STRATA, STRATUM, TONGUE

#: Papers and speakers go by rail, about this many kilometres a day; by cart where there was none, these days more.
KM_A_DAY_BY_RAIL = 700.0
DAYS_OFF_THE_RAILWAY = 5.0
#: The wire reaches any district town and staff, however far, with the next day's bulletin: February was known in towns
#: of Siberia within two or three days, held back by governors rather than by distance (assumption).
DAYS_BY_WIRE = 1.0
#: Around Petrograd, Kronstadt included, people know the same day.
KM_SAME_DAY = 100.0
#: From the telegraph or the newspaper of the district town to the village, on foot.
DAYS_TO_THE_VILLAGE = 4.0
#: Share of inhabitants in industry at which party life in plants is half of what it is in a great centre (assumption).
HALF_ORGANISED = 0.01
#: Schools, parishes and papers of a people stand at half of what they can be where one inhabitant in ten is of it
#: (assumption): its word reaches its own, however many others live there.
HALF_COMMUNITY = 0.1
#: Kiev was where Ukrainian papers, co-operatives and societies had their centres, and from spring the Rada: their word
#: is half as strong at this distance, in km (assumption).
FROM_KIEV_KM = 300.0
#: News comes in steps of days: nobody's account is finer, and a day's work stays small.
DELAYS = np.array([0.0, 1.0, 2.0, 4.0, 7.0, 10.0, 14.0, 21.0])


def open_channels(cells: Cells, parameters: Parameters) -> None:
    """Fill ``cells.access`` [cells, C] and the delays of wire and print [cells] in place (D-054, D-097, D-158).

    Two capitals print and send speakers, Moscow by ``moscow_press`` of what Petrograd does. Their word falls off as
    1 / (1 + d / L) by rail for towns and as exp(-d / L) along the fronts: an exponential starves the towns of Siberia
    and the Urals when it fits the fronts (measured before the project).
    """
    kinds = np.array(cells.kind)
    front = np.isin(kinds, ("front", "fleet"))
    village = kinds == "villages"
    heard = np.zeros(cells.n)
    for km, weight in ((cells.km_to_petrograd, 1.0), (cells.km_to_moscow, parameters.moscow_press)):
        by_rail = (0.5 + 0.5 * cells.rail) / (1.0 + km / parameters.rail_distance)
        heard += weight * np.where(front, np.exp(-km / parameters.front_distance), by_rail)
    carried = heard / (1.0 + parameters.moscow_press)
    carried = np.where(village, carried * parameters.village_access, carried)

    rear = (cells.stratum == STRATUM["soldier"]) & ~front
    access = strata_traits().access[np.where(rear, len(STRATA), cells.stratum)].astype(np.float64)
    peoples = cells.tongues[:, TONGUE["ukrainian"]] + cells.tongues[:, TONGUE["other"]]
    understood = 1.0 - parameters.tongue_barrier * peoples
    access[:, CHANNEL["capital_press"]] *= carried * understood * (0.3 + 0.7 * cells.literacy)
    # Cells and agitators stood where industry was dense: half as thick at one inhabitant in a hundred in industry.
    organised = (0.4 + 0.6 * cells.plant_size) * cells.industry / (cells.industry + HALF_ORGANISED)
    around = np.minimum(parameters.industry_pull * cells.industry, 1.5)
    access[:, CHANNEL["workplace"]] *= np.where(cells.stratum == STRATUM["worker"], organised, around)
    access[:, CHANNEL["nation"]] *= _own_word(cells)
    cells.access[:] = access

    distance = np.minimum(cells.km_to_petrograd, cells.km_to_moscow)
    on_foot = np.where(village, DAYS_TO_THE_VILLAGE, 0.0)
    by_rail = distance / KM_A_DAY_BY_RAIL + (1.0 - cells.rail) * DAYS_OFF_THE_RAILWAY
    cells.print_delay[:] = _whole_steps(by_rail + on_foot)
    by_wire = np.where(cells.km_to_petrograd > KM_SAME_DAY, DAYS_BY_WIRE, 0.0)
    cells.wire_delay[:] = np.minimum(_whole_steps(by_wire + on_foot), cells.print_delay)


def _own_word(cells: Cells) -> NDArray[np.float64]:
    """How far the word of the peoples with parties of their own reaches them, 0..1 [cells]."""
    ukrainian, other = cells.tongues[:, TONGUE["ukrainian"]], cells.tongues[:, TONGUE["other"]]
    from_kiev = ukrainian / (1.0 + cells.km_to_kiev / FROM_KIEV_KM)
    reached: NDArray[np.float64] = (other + from_kiev) / (other + ukrainian + HALF_COMMUNITY)
    return reached


def _whole_steps(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """The nearest of :data:`DELAYS` [cells]."""
    nearest: NDArray[np.float64] = DELAYS[np.abs(days[:, None] - DELAYS).argmin(axis=1)]
    return nearest

"""Cells: place, province and stratum. What is the same for everybody who lives there.

A cell holds covariates that can be measured (distance, literacy, industry, languages: never a constant for a party)
and the state that is social rather than personal: hardship, reach, blame, credibility.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.inputs.strata import strata_traits
from sim.society.cell import Cell
from sim.society.columns import Column, ColumnTable
from sim.society.places import PLACES
from sim.society.sizes import size_classes
from sim.words.identifiers import STRATUM, TONGUE, TRADE, TRADES, C, K, P

_F = np.float32


def _covariate(name: str, high: float, unit: str, meaning: str) -> Column:
    return Column(name, "trait", np.float64, (), 0, high, unit, meaning)


COLUMNS = (
    Column("stratum", "place", np.int32, (), 0, 5, "index", "stratum"),
    Column("persons", "place", np.float64, (), 0, 1e9, "persons", "real people"),
    Column("voters", "place", np.float64, (), 0, 1e9, "persons", "people with the vote under the law of 1917"),
    Column(
        "at_work",
        "place",
        np.float64,
        (),
        0,
        1e9,
        "persons",
        "people who meet in assemblies: at work, in the unit, in the commune",
    ),
    _covariate("km_to_petrograd", 1e4, "km", "great circle to Petrograd"),
    _covariate("km_to_moscow", 1e4, "km", "great circle to Moscow"),
    _covariate("km_to_kiev", 1e4, "km", "great circle to Kiev, seat of the Central Rada"),
    _covariate("rail", 1, "0..1", "whether the seat of the province had a railway"),
    _covariate("literacy", 1, "share", "people who read"),
    _covariate("industry", 1, "share", "industrial workers among the inhabitants around"),
    _covariate("plant_size", 1, "0..1", "share of the workers around who are in plants of over 1,000"),
    _covariate("serf_share", 1, "share", "landlords' serfs in 1858"),
    _covariate("black_earth", 1, "share", "chernozem"),
    _covariate("non_russian", 1, "share", "mother tongue other than Russian"),
    _covariate("wire_delay", 60, "days", "days until word of an event arrives, by wire and on foot"),
    _covariate("print_delay", 60, "days", "days until papers and speakers arrive, by rail, cart and on foot"),
    Column("push", "trait", np.float32, (K,), 0, 1, "0..1", "how strongly hardship pushes each demand of the stratum"),
    Column("soviet_start", "trait", np.float32, (), -10, 10, "logit", "where the stratum starts on soviet power"),
    Column("access", "trait", np.float32, (C,), 0, 5, "factor", "access to each channel"),
    Column("hardship", "state", np.float32, (K,), 0, 1, "0..1", "what people suffer today, by the demand it feeds"),
    Column("demand", "state", np.float32, (K,), 0, 1, "0..1", "mean demand of the people of the cell"),
    Column(
        "share",
        "state",
        np.float32,
        (P,),
        0,
        1,
        "share",
        "mean allegiance, refreshed weekly (news by letter and word of mouth)",
    ),
    Column("soviet_power", "state", np.float32, (), 0, 1, "share", "mean support for soviet power, refreshed weekly"),
    Column("obedience", "state", np.float32, (), 0, 1, "0..1", "how far orders are obeyed (soldiers and sailors)"),
    Column("withheld", "state", np.float32, (), 0, 1, "share", "grain for sale that villages hold back (D-050)"),
    Column(
        "wage_gain",
        "state",
        np.float32,
        (),
        0,
        1,
        "share",
        "what strikes have won on top of the wage, and prices have not eaten yet",
    ),
    Column(
        "closed",
        "state",
        np.float32,
        (),
        0,
        1,
        "share",
        "workers whose plant has closed and who have found no other work",
    ),
    Column("locked", "state", np.float32, (), 0, 1, "share", "of all workers, those whom an owner locked out"),
    Column("suspicion", "state", np.float32, (), 0, 1, "share", "closures that workers take for politics (D-004)"),
    Column("control", "state", np.float32, (), 0, 1, "share", "workers in plants under some workers' control (D-061)"),
    Column("seized", "state", np.float32, (), 0, 1, "share", "villages that have taken landlords' land"),
    Column("returned", "state", np.float32, (), 0, 1, "share", "deserters among the people of villages (D-035)"),
    Column("deserted", "state", np.float32, (), 0, 1, "share", "soldiers and sailors who have left since February"),
    Column("red_guard", "state", np.float32, (), 0, 1, "share", "workers at work who have enrolled in the Red Guard"),
    Column("patience", "state", np.float32, (), 0, 1, "0..1", "time given to those who took office (D-014, D-026)"),
    Column("custom", "state", np.float32, (K,), 0, 1, "0..1", "what events did to people and they have grown used to"),
    Column("reach", "state", np.float32, (P,), 0, 1, "0..1", "how far each party is heard"),
    Column("blame", "state", np.float32, (P,), 0, 60, "utility", "blame remembered against each party"),
    Column(
        "credibility", "state", np.float32, (P, K), 0, 1, "0..1", "belief that a party will do what it says on a demand"
    ),
)


class Cells(ColumnTable):
    """The columns of all cells, with the ids that name them."""

    COLUMNS = COLUMNS

    stratum: NDArray[np.int32]
    persons: NDArray[np.float64]
    voters: NDArray[np.float64]
    at_work: NDArray[np.float64]
    km_to_petrograd: NDArray[np.float64]
    km_to_moscow: NDArray[np.float64]
    km_to_kiev: NDArray[np.float64]
    rail: NDArray[np.float64]
    literacy: NDArray[np.float64]
    industry: NDArray[np.float64]
    plant_size: NDArray[np.float64]
    serf_share: NDArray[np.float64]
    black_earth: NDArray[np.float64]
    non_russian: NDArray[np.float64]
    wire_delay: NDArray[np.float64]
    print_delay: NDArray[np.float64]
    push: NDArray[np.float32]
    soviet_start: NDArray[np.float32]
    access: NDArray[np.float32]
    hardship: NDArray[np.float32]
    demand: NDArray[np.float32]
    share: NDArray[np.float32]
    soviet_power: NDArray[np.float32]
    obedience: NDArray[np.float32]
    withheld: NDArray[np.float32]
    wage_gain: NDArray[np.float32]
    closed: NDArray[np.float32]
    locked: NDArray[np.float32]
    suspicion: NDArray[np.float32]
    control: NDArray[np.float32]
    seized: NDArray[np.float32]
    returned: NDArray[np.float32]
    deserted: NDArray[np.float32]
    red_guard: NDArray[np.float32]
    patience: NDArray[np.float32]
    custom: NDArray[np.float32]
    reach: NDArray[np.float32]
    blame: NDArray[np.float32]
    credibility: NDArray[np.float32]

    def __init__(self, cells: Sequence[Cell]):
        super().__init__(len(cells))
        order = {place.id: i for i, place in enumerate(PLACES)}
        self.source = tuple(sorted(cells, key=lambda c: (order[c.place], STRATUM[c.stratum], c.province or "")))
        cells = self.source
        self.place = tuple(c.place for c in cells)
        self.kind = tuple(PLACES[order[c.place]].kind for c in cells)
        self.province = tuple(c.province for c in cells)
        self._found: dict[tuple[frozenset[str], frozenset[int]], NDArray[np.intp]] = {}
        self.stratum[:] = [STRATUM[c.stratum] for c in cells]
        for name in (
            "persons",
            "voters",
            "at_work",
            "km_to_petrograd",
            "km_to_moscow",
            "km_to_kiev",
            "rail",
            "literacy",
            "industry",
            "serf_share",
            "black_earth",
        ):
            getattr(self, name)[:] = [float(getattr(c, name) or 0.0) for c in cells]
        self.plant_size[:] = [_in_big_plants(c.place) for c in cells]
        self.push[:] = strata_traits().push[self.stratum]
        self.soviet_start[:] = strata_traits().soviet_start[self.stratum]
        self.non_russian[:] = 1.0 - self.tongues[:, TONGUE["russian"]]

    @cached_property
    def tongues(self) -> NDArray[np.float64]:
        """Shares of mother tongues among the people of each cell, [cells, TONGUES]; not to be written to."""
        return np.array([c.tongues for c in self.source])

    @cached_property
    def trades(self) -> NDArray[np.float64]:
        """Shares of trades among the people of each cell, [cells, TRADES]."""
        shares = np.zeros((self.n, len(TRADES)))
        for i, cell in enumerate(self.source):
            for trade, share in cell.trades:
                shares[i, TRADE[trade]] = share
        return shares

    def where(self, places: frozenset[str], strata: frozenset[int]) -> NDArray[np.intp]:
        """Indices of the cells of some places and strata."""
        key = (places, strata)
        if key not in self._found:
            here = [i for i in range(self.n) if self.place[i] in places and int(self.stratum[i]) in strata]
            self._found[key] = np.array(here, dtype=np.intp)
        return self._found[key]


def _in_big_plants(place: str) -> float:
    """Share of the workers of a place who work in plants of 500 and more."""
    return sum(c.share for c in size_classes("factory", place) if c.low >= 500)

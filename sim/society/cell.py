"""A cell: the people of one stratum, in one place, from one province. The finest unit that the model tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

#: Shares of a cell by occupation, as (trade, share) pairs in the order of ``identifiers.TRADES``; they sum to 1.
Trades = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Cell:
    """How many people there are and what is known about where they live.

    ``persons`` are real people, children included; ``low`` and ``high`` bound them. Shares are 0 to 1, distances km.
    """

    place: str
    #: Province of the table; for fleets and fronts their own id.
    province: str
    stratum: str
    persons: float
    low: float
    high: float
    #: Share of ``persons`` who may vote for the Constituent Assembly: 20 and over, both sexes; 18 and over in the army.
    electorate: float
    #: People who meet in the assemblies of the stratum: workers at work, soldiers, adults of a commune, employees.
    at_work: float
    #: Persons in October over those of February (rear garrisons and fronts shrank).
    persons_autumn: float
    km_to_petrograd: float
    km_to_moscow: float
    km_to_kiev: float
    km_to_european_front: float
    #: Front that the men of the cell are taken to have followed.
    nearest_front: str
    rail: bool
    literacy: float
    #: Industrial workers over inhabitants of the province.
    industry: float
    urban_share: float
    black_earth: float
    serf_share: float
    #: Mother tongues in the order of ``identifiers.TONGUES``.
    tongues: tuple[float, float, float, float]
    #: Rear soldiers of the province in February over its townspeople.
    garrison_per_civilian: float
    #: Women among those who may vote.
    women: float
    #: Cossack estate among the inhabitants (memory figures).
    cossack_share: float
    trades: Trades
    reckoning: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Place, province and stratum: what makes the cell one of its kind."""
        return self.place, self.province, self.stratum

    @property
    def group(self) -> tuple[str, str]:
        """Place and stratum: the group that tables report."""
        return self.place, self.stratum

    @property
    def voters(self) -> float:
        """Persons who may vote."""
        return self.persons * self.electorate


def bounds(persons: float, *factors: float) -> tuple[float, float]:
    """Low and high of a count whose errors, each a factor either way, are independent."""
    factor = exp(sqrt(sum(log(max(error, 1.0)) ** 2 for error in factors)))
    return persons / factor, persons * factor


def blend(*pairs: tuple[str, float]) -> Trades:
    """Trade shares that sum to one, without the empty ones."""
    total = sum(share for _, share in pairs)
    return tuple((trade, share / total) for trade, share in pairs if share > 0)

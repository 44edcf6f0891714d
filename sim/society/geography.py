"""Where the fronts ran in autumn 1917, and which of them a province was nearest to.

The points are those of the evidence notes on ``provinces`` (rough: trust the line to about 30 km). The European line is
parted into its four fronts at Dvinsk, at the Pripet and in the Bukovina. A village follows its own front (findings of
the prototype: a national average of the fronts failed as a link).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt

from sim.inputs.evidence import ProvinceRow

Point = tuple[float, float]

EARTH_KM = 6371.0

#: Latitude and longitude of points of each front, in degrees.
FRONT_POINTS: Mapping[str, tuple[Point, ...]] = {
    "northern_front": ((57.25, 24.60), (56.90, 25.60), (56.50, 25.85), (55.87, 26.50)),
    "western_front": ((54.87, 26.80), (54.48, 26.40), (53.13, 26.05), (52.11, 26.10)),
    "southwestern_front": (
        (51.30, 25.30),
        (50.60, 25.00),
        (50.10, 25.20),
        (49.05, 26.20),
        (48.50, 26.40),
        (48.20, 26.30),
    ),
    "romanian_front": ((47.50, 25.70), (46.60, 26.20), (46.10, 26.60), (45.87, 27.15), (45.45, 28.00), (45.15, 29.60)),
    "caucasian_front": (
        (41.00, 38.85),
        (39.80, 39.20),
        (39.30, 40.90),
        (38.80, 42.80),
        (38.40, 43.50),
        (37.00, 44.80),
        (35.80, 46.00),
    ),
}
PETROGRAD: Point = (59.934, 30.335)
MOSCOW: Point = (55.756, 37.617)
KIEV: Point = (50.45, 30.523)
#: Bases of the fleets, which lie in no province of the table or far from its seat (gazetteer knowledge).
BASES: Mapping[str, Point] = {
    "kronstadt": (59.99, 29.77),
    "helsingfors": (60.17, 24.94),
    "baltic_fleet": (59.44, 24.75),
    "black_sea_fleet": (44.62, 33.53),
}
#: How much nearer the Caucasian line must be than the European one to count as a province's own front.
CAUCASIAN_PULL = 0.75


def km(one: Point, other: Point) -> float:
    """Great-circle distance in kilometres (haversine)."""
    north, south = radians(one[0]), radians(other[0])
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def middle(points: tuple[Point, ...]) -> Point:
    """The mean point of a line."""
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def nearest_european_front(where: Point) -> tuple[str, float]:
    """The European front nearest to a point, and the distance to its nearest point in kilometres."""
    distances = {
        front: min(km(where, point) for point in points)
        for front, points in FRONT_POINTS.items()
        if front != "caucasian_front"
    }
    front = min(distances, key=lambda key: distances[key])
    return front, distances[front]


def own_front(province: ProvinceRow) -> str:
    """The front that the men of a province are taken to have followed: the nearest by geography."""
    if province.front_nearest == "caucasus" and province.km_to_front < CAUCASIAN_PULL * province.km_to_european_front:
        return "caucasian_front"
    return nearest_european_front((province.lat, province.lon))[0]

"""Where places stand on the two schematic maps: coordinates of a chief town or district, then a tile grid.

Tiles keep the order of north and south, west and east; they do not keep distance or area. Coordinates are degrees north
and east, to a tenth, of the place named behind each; tiles were set from them by hand so that none covers another.
"""

from __future__ import annotations

from typing import Any

#: place -> (north, east, column, row) on the map of the capital. The Neva runs between the rows as drawn by the page.
CAPITAL: dict[str, tuple[float, float, float, float]] = {
    "kronstadt": (59.99, 29.77, 0.0, 0.0),
    "petrograd/petrograd_side": (59.96, 30.31, 1.95, 0.0),
    "petrograd/vyborg": (59.97, 30.35, 3.1, 0.0),
    "petrograd/vasilevsky": (59.94, 30.26, 0.8, 1.16),
    "petrograd/centre": (59.93, 30.34, 2.4, 1.36),
    "petrograd/garrison": (59.94, 30.33, 3.45, 1.36),
    "petrograd/narva": (59.90, 30.28, 1.15, 2.5),
    "petrograd/moscow_gate": (59.89, 30.32, 2.35, 2.55),
    "petrograd/nevsky": (59.88, 30.44, 3.6, 2.55),
    "petrograd/peterhof": (59.88, 30.25, 0.0, 2.5),
}

#: place -> (north, east, column, row) on the map of the country; a region's three kinds of place stand side by side.
COUNTRY: dict[str, tuple[float, float, float, float]] = {
    "helsingfors": (60.2, 24.9, 0.0, 0.0),
    "baltic_fleet": (59.4, 24.7, 1.0, 0.0),
    "petrograd": (59.9, 30.3, 2.35, 0.0),
    "northern": (59.2, 34.0, 3.7, 0.0),
    "northern_front": (56.9, 25.5, 0.0, 1.25),
    "western_front": (53.9, 27.6, 0.0, 2.5),
    "western": (54.8, 30.4, 1.4, 1.95),
    "moscow": (55.8, 37.6, 4.9, 1.3),
    "central_industrial": (56.6, 40.0, 6.2, 1.3),
    "urals": (57.0, 57.0, 9.6, 0.6),
    "siberia": (56.0, 85.0, 12.9, 0.6),
    "southwestern_front": (50.6, 25.8, 0.0, 3.75),
    "ukraine": (49.6, 33.0, 1.4, 3.4),
    "black_earth": (52.4, 38.5, 5.1, 2.7),
    "volga": (52.6, 48.0, 8.4, 2.7),
    "romanian_front": (46.2, 27.6, 0.0, 5.0),
    "black_sea_fleet": (44.6, 33.5, 2.9, 4.9),
    "south": (47.2, 41.0, 5.1, 4.0),
    "steppe_turkestan": (45.0, 68.0, 11.7, 3.4),
    "caucasian_front": (40.6, 41.3, 5.8, 5.35),
    "caucasus": (41.7, 44.8, 7.1, 5.35),
}


def maps() -> dict[str, Any]:
    """Both maps as lists of place, column, row."""
    return {
        name: [{"place": place, "column": column, "row": row} for place, (_, _, column, row) in table.items()]
        for name, table in (("capital", CAPITAL), ("country", COUNTRY))
    }

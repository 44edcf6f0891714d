"""What kind of number an outcome is: a date, the name of a kind, or a quantity; and its title."""

from __future__ import annotations

from sim.inputs.cabinet_data import cabinets
from sim.inputs.measures import measure_of

#: Ending of the measure that says whether a date is there.
CAME = "/came"
_DATE = "_date"


def is_date(name: str) -> bool:
    """Whether an outcome is a day, empty where it never came."""
    declared = measure_of(name)
    return not name.endswith(CAME) and (name.endswith(_DATE) if declared is None else declared.unit.startswith("days"))


def is_declared(name: str) -> bool:
    """Whether an outcome stands in the table of measures."""
    return measure_of(name) is not None


def is_kind(name: str) -> bool:
    """Whether an outcome says only that one of several kinds holds: 1, or not there at all."""
    declared = measure_of(name)
    return declared is not None and declared.family and (declared.low, declared.high) == (1.0, 1.0)


def is_named(name: str) -> bool:
    """Whether an outcome's numbers are names (a place in a table), whose mean says nothing; its kinds say more."""
    return is_kind(f"{name}/")


def is_single(name: str) -> bool:
    """Whether an outcome stands for itself, not for one of a family."""
    return "/" not in name.removesuffix(CAME)


def title_of(name: str) -> str:
    """An outcome in words."""
    declared = measure_of(name)
    if declared is None:
        return name.removesuffix(_DATE).replace("/", ": ").replace("_", " ").capitalize()
    if is_kind(name):
        kind = name.removeprefix(declared.id)
        known = cabinets()
        return f"In office on 6 January: {known[kind].title if kind in known else kind}"
    rest = name.removeprefix(declared.id).replace("_", " ").strip("/")
    return f"{declared.title}: {rest}" if rest and declared.family else declared.title

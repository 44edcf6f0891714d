"""Old Style and New Style dates: the one place that converts between them.

Russia kept the Julian calendar (Old Style) until 31 January 1918, whose morrow was 14 February (New Style).
The model stores Old Style dates, as a count of days from 23 February 1917, and shows either style. In the
twentieth century the Gregorian calendar (New Style) runs 13 days ahead (ledger A-013). Old Style dates after
31 January 1918 are nominal: nobody in Russia wrote them.

An Old Style date is held as a :class:`datetime.date` with the same digits. That is exact for 1917 and 1918, in
which no 29 February falls in either calendar.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Literal

from sim.words.errors import InputError

Style = Literal["os", "ns"]

#: Days by which the New Style runs ahead in 1900 to 2100.
STYLE_GAP = timedelta(days=13)
#: The first recorded day: International Women's Day in Petrograd, the start of the February Revolution.
FIRST_DAY = date(1917, 2, 23)
#: The last day of the year that is calibrated: the Constituent Assembly is closed.
LAST_DAY = date(1918, 1, 6)
#: The furthest day that can be asked for (the ebb of spring 1918, marked as extrapolation).
FURTHEST_DAY = date(1918, 4, 30)

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_of(when: date) -> int:
    """Days from 23 February 1917 (Old Style) to ``when`` (Old Style)."""
    return (when - FIRST_DAY).days


@cache
def date_of(day: int) -> date:
    """The Old Style date of a day number."""
    return FIRST_DAY + timedelta(days=int(day))


def new_style(when: date) -> date:
    """The New Style date of an Old Style date."""
    return when + STYLE_GAP


def old_style(when: date) -> date:
    """The Old Style date of a New Style date."""
    return when - STYLE_GAP


def parse_date(text: str | date, style: Style = "os") -> date:
    """Read an ISO date written in ``style`` and return it in Old Style.

    Raises :class:`InputError` for anything that is not a date of the form 1917-06-18.
    """
    if isinstance(text, date):
        when = text
    else:
        if not _ISO.fullmatch(text.strip()):
            raise InputError(f"'{text}' is not a date. Expected the form 1917-06-18.")
        try:
            when = date.fromisoformat(text.strip())
        except ValueError as error:
            raise InputError(f"'{text}' is not a date: {error}. Expected the form 1917-06-18.") from None
    return old_style(when) if style == "ns" else when


def show_date(when: date, style: Style = "os") -> str:
    """``18 June 1917`` in the style asked for."""
    shown = new_style(when) if style == "ns" else when
    return f"{shown.day} {shown:%B} {shown.year}"


def show_both(when: date) -> str:
    """``18 June (1 July) 1917``: Old Style first, New Style in brackets."""
    other = new_style(when)
    if other.year != when.year:
        return f"{when.day} {when:%B} {when.year} ({other.day} {other:%B} {other.year})"
    return f"{when.day} {when:%B} ({other.day} {other:%B}) {when.year}"


def recorded_days(first: int, last: int, every: int, extra: tuple[int, ...] = ()) -> list[int]:
    """The days whose state goes into the tables: every ``every`` days, the first, the last and ``extra``."""
    days = set(range(first, last + 1, every)) | {first, last}
    days |= {d for d in extra if first <= d <= last}
    return sorted(days)

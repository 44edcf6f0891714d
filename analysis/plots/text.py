"""Words on a figure, measured before they are set: widths in inches, lines broken where they would run out."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

#: Height of a line of text, as a multiple of its size.
LEADING = 1.38
_MEASURE = TextToPath()


@lru_cache(maxsize=4096)
def width(text: str, points: float, weight: str = "normal") -> float:
    """Inches that a line of text takes; of several lines, the widest."""
    font = FontProperties(family="DejaVu Sans", size=points, weight=weight)
    measured = [_MEASURE.get_text_width_height_descent(line, font, False)[0] for line in text.split("\n")]
    return float(max(measured)) / 72.0


def line_height(points: float) -> float:
    """Inches from one line to the next."""
    return points * LEADING / 72.0


def wrap(text: str, room: float, points: float, weight: str = "normal") -> list[str]:
    """The text in lines that fit ``room`` inches, broken between words; a longer word is shortened."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, points, weight) <= room:
            lines[-1] = longer
        else:
            lines.append(shorten(word, room, points, weight))
    return lines


def shorten(text: str, room: float, points: float, weight: str = "normal") -> str:
    """The text, or as much of it as fits ``room`` inches with three dots after it."""
    if width(text, points, weight) <= room:
        return text
    kept = text
    while kept and width(f"{kept.rstrip()} ...", points, weight) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()} ..."

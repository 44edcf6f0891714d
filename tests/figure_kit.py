"""What tests of figures share: the words on a figure, and which of them run into each other or off the sheet."""

from __future__ import annotations

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def words(figure: Figure) -> list[Text]:
    """Every text that is shown."""
    figure.draw_without_rendering()
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip() and _shown(text)]


def strings(figure: Figure) -> list[str]:
    return [text.get_text() for text in words(figure)]


def labels(figure: Figure, gid: str = "label") -> list[str]:
    return [text.get_text() for text in words(figure) if text.get_gid() == gid]


def _shown(text: Text) -> bool:
    axes = text.axes
    if axes is None:
        return True
    if not axes.get_visible():
        return False
    if not axes.axison and text.get_gid() is None:
        return False
    ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    if text not in ticks:
        return True
    low, high = sorted(axes.get_xlim() if text in axes.get_xticklabels() else axes.get_ylim())
    at = text.get_position()[0 if text in axes.get_xticklabels() else 1]
    return axes.axison and low <= at <= high


Boxes = list[tuple[str, Bbox]]


def boxes(figure: Figure) -> Boxes:
    """Each text with the box of its letters (an annotation's leader left out), pixels."""
    return [(text.get_text(), Text.get_window_extent(text)) for text in words(figure)]


def faults(figure: Figure) -> list[tuple[str, ...]]:
    """Pairs of texts that run into each other, and single texts that run off the sheet."""
    found = boxes(figure)
    return [*collisions(found), *((text,) for text in outside(found, figure.bbox))]


def collisions(found_boxes: Boxes, slack: float = 0.06) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes overlap by more than ``slack`` of the lower one's height in both directions."""
    found = []
    for (one, a), (other, b) in combinations(found_boxes, 2):
        allowed = slack * min(a.height / (one.count("\n") + 1), b.height / (other.count("\n") + 1))
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        upward = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > allowed and upward > allowed:
            found.append((one, other))
    return found


def outside(found_boxes: Boxes, sheet: Bbox) -> list[str]:
    """Texts that run off the sheet."""
    return [
        text for text, box in found_boxes
        if box.x0 < sheet.x0 - 1 or box.x1 > sheet.x1 + 1 or box.y0 < sheet.y0 - 1 or box.y1 > sheet.y1 + 1
    ]  # fmt: skip

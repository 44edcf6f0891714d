"""A table of a page, in Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], right: Collection[str] = ()) -> str:
    """Headings and rows; the columns named in ``right`` hold numbers. A bar inside a cell becomes a slash."""
    rule = ["---:" if heading in right else "---" for heading in headings]
    lines = (headings, rule, *rows)
    return "\n".join("| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |" for line in lines)

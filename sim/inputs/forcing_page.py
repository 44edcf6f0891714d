"""The page ``docs/forcing.md``, printed from the series: ``python -m sim.inputs.forcing_page > docs/forcing.md``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.inputs.forcing import Series, forcing
from sim.inputs.series import Knot, Quantity

COMMAND = "python -m sim.inputs.forcing_page > docs/forcing.md"

_HEAD = f"""# Forcing: what comes from outside the model

This page is printed by `{COMMAND}` from `sim/evidence/forcing.yaml`; a test keeps it current.

Days run from 23 February 1917 to 30 April 1918, Old Style. A *quantity* is measured, or judged on a scale from 0 to
1. A *hardship* is `base + sum of weight x how far each quantity stands between the value that counts as 0 and the one
that counts as 1`, kept in 0..1; each cell feels, for each demand, the first hardship in the list that fits it.

- Never forcing: unrest, riots, strikes, seizures, desertion after February, votes; nor any decision of a body in the
  model (the June offensive and the rout, the pledge not to move the Petrograd garrison, the armistice, demobilisation,
  decrees). Those are results or events. The evidence table marks some of these rows as usable for forcing; they are
  not used. Food riots in towns (S143 to S146) check the shape of hunger in towns, in a test.
- *Memory*: a number recalled from the literature, or guessed, and not seen in the work named beside it. Its series
  carries an error factor of at least 1.5 and says what a run without memory uses. Ordinal scales carry at least 1.5
  too: dates and order may be sure, heights are ours.
- After 6 January 1918 the series extrapolate more than they report.
"""


def as_markdown() -> str:
    """The whole page."""
    source = forcing()
    told = source.series.values()
    sections = [
        _HEAD,
        "## Levers: names that a scenario may scale\n",
        _table(
            ("lever", "what it scales", "acts on"),
            [
                (n, v.meaning, ", ".join(f"{q} ({w})" for q, w in v.acts_on.items()))
                for n, v in source.file.levers.items()
            ],
        ),
        "\nAlso any series below by its id, and a family of hardships as a whole: "
        + ", ".join(f"`{family}`" for family in source.families)
        + ".\n\n## Quantities\n",
        _table(
            ("id", "unit", "place", "rows and works", "confidence", "memory", "error factor", "without memory"),
            [_quantity_row(series) for series in told if series.kind == "quantity"],
        ),
        "\n## Hardships and other conditions\n",
        _table(
            ("id", "demand", "who", "made of", "confidence", "memory", "error factor"),
            [
                (s.id, s.demand or "", s.where, s.meaning, s.confidence, _yes(s.memory), f"{s.error_factor:g}")
                for s in told
                if s.kind in ("hardship", "condition")
            ],
        ),
        "\n## Factors of persons\n",
        _table(
            ("id", "who", "quantity", "rows", "confidence", "error factor"),
            [
                (s.id, s.where, s.meaning, ", ".join(s.rows), s.confidence, f"{s.error_factor:g}")
                for s in told
                if s.kind == "factor"
            ],
        ),
        "\n## Knots\n",
        *(_knots(quantity) for quantity in source.quantities.values()),
        "## Works\n",
        "\n".join(f"- `{key}`: {work}." for key, work in source.file.works.items()),
    ]
    return "\n".join(sections) + "\n"


def _quantity_row(series: Series) -> tuple[str, ...]:
    return (
        series.id,
        series.unit,
        series.where,
        ", ".join((*series.rows, *series.works)),
        series.confidence,
        _yes(series.memory),
        f"{series.error_factor:g}",
        series.fallback or "the same",
    )


def _knots(quantity: Quantity) -> str:
    """Title, meaning and dated values of one quantity."""
    values = "; ".join(f"{knot.when} {knot.value:g} ({_origin(knot)})" for knot in quantity.knots)
    return (
        f"**{quantity.title}** (`{quantity.id}`, {quantity.interpolation}). {_sentence(quantity.meaning)} {values}.\n"
    )


def _origin(knot: Knot) -> str:
    said = knot.formula or (knot.rows[0] if knot.rows else str(knot.work))
    return f"{said}, memory" if knot.memory else said


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    print(as_markdown(), end="")

"""The model beside its rivals: contests not fitted, groups left out, the hindcast; and where a rival is ahead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from analysis.validation.baselines import BASELINES, TITLES
from analysis.validation.cells import FEW, OF, TARGETS, number, span, status
from analysis.validation.comparison import HELD_BACK, TARGETED, marks
from analysis.validation.leave_out import MODEL
from analysis.words.markdown import table

#: Who -> scores of one part and target.
Scores = Mapping[str, Mapping[str, Any]]
LEFT_OUT, HINDCAST = "leave one group out", "from 31 July, events as they came"


def scores_of(rows: Iterable[Mapping[str, Any]], of: str, targets: str) -> dict[str, Mapping[str, Any]]:
    """Who -> scores, of rows with who, part and targets."""
    return {row["who"]: row for row in rows if (row["of"], row["targets"]) == (of, targets)}


def cells(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str, Scores]]:
    """Part, targets and scores wherever there are contests."""
    every = list(rows)
    for of in OF:
        for targets in TARGETED:
            found = scores_of(every, of, targets)
            if found and found[MODEL]["n"]:
                yield of, targets, found


def best(found: Scores) -> str:
    """The rival with the lowest CRPS, with its CRPS and error."""
    name = min(BASELINES, key=lambda rival: found[rival]["crps"])
    return f"{TITLES[name]} {_both(found[name])}"


def _both(row: Mapping[str, Any]) -> str:
    return f"{number(row['crps'])} ({number(row['error'])})"


def held_back(kept: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Scores of the model and its rivals on contests not fitted."""
    return [row for row in kept["forecasts"] if row["split"] == HELD_BACK]


# --- contests not fitted ----------------------------------------------------------------------------------------------


def rivals_block(kept: Mapping[str, Any]) -> str:
    """CRPS and error of the model and its rivals on contests not fitted, with the marks."""
    rows = [
        (OF[of], TARGETS[targets], str(found[MODEL]["n"]), *(_both(found[who]) for who in (MODEL, *BASELINES)),
         status(below_each(found)), half_told(found))
        for of, targets, found in cells(held_back(kept))
    ]  # fmt: skip
    whole = marks()["crps"]["part_of_regression"]
    heads = ("part", "of", "contests", MODEL, *TITLES.values())
    told = (
        "CRPS on contests not fitted, the mean absolute error in brackets; less is better. Marks: CRPS below each "
        f"rival's, and an error of at most {whole:g} of that of {TITLES['regression']}."
    )
    made = table((*heads, "CRPS below each", "part of the regression's error"), rows, heads[2:])
    ahead = behind_told(held_back(kept), "contests not fitted")
    parts = (told, made, marks_told(kept), ahead, gains_told(kept))
    return "\n\n".join(part for part in parts if part)


def below_each(found: Scores) -> bool:
    """Whether the model's CRPS is below each rival's that the mark names."""
    return all(found[MODEL]["crps"] < found[rival]["crps"] for rival in marks()["crps"]["below"])


def half(found: Scores) -> bool:
    """Whether the model's error is at most the marked part of the regression's."""
    whole = marks()["crps"]["part_of_regression"] * found["regression"]["error"]
    return bool(found[MODEL]["error"] <= whole)


def half_told(found: Scores) -> str:
    """The model's error as a part of the regression's, and whether that meets the mark."""
    other = found["regression"]["error"]
    return f"{number(found[MODEL]['error'] / other if other else None, 2)}, {status(half(found))}"


def marks_told(kept: Mapping[str, Any]) -> str:
    """Both marks over all rows: a mark is met where every row meets it."""
    every = list(cells(held_back(kept)))
    if not every:
        return ""
    told = []
    whole = marks()["crps"]["part_of_regression"]
    named = (("CRPS below each rival's", below_each), (f"error at most {whole:g} of the regression's", half))
    for name, meets in named:
        met = sum(meets(found) for _, _, found in every)
        told.append(f"{name}: {status(met == len(every))} ({met} of {len(every)} rows)")
    return f"Marks, over all rows: {'; '.join(told)}."


def behind(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Parts and targets in which a rival has a lower CRPS than the model, and which rivals, the best first."""
    told = []
    for of, targets, found in cells(rows):
        own = found[MODEL]["crps"]
        ahead = sorted((found[rival]["crps"], TITLES[rival]) for rival in BASELINES if found[rival]["crps"] < own)
        if ahead:
            digits = 2 if any(number(crps) == number(own) for crps, _ in ahead) else 1
            named = ", ".join(f"{title} {number(crps, digits)}" for crps, title in ahead)
            told.append(f"{OF[of]}, {TARGETS[targets]}: {named} for {number(own, digits)}")
    return told


def behind_told(rows: Sequence[Mapping[str, Any]], what: str) -> str:
    """Where a rival is ahead, in a sentence; nothing where nothing was foreseen."""
    if not rows:
        return ""
    told = "; ".join(behind(rows)) or "nowhere"
    return f"Behind a rival, {what} (the rival's CRPS for the model's): {told}."


def gains_told(kept: Mapping[str, Any]) -> str:
    """Where the paired interval of the gain in CRPS is not above zero."""
    n = {(of, targets): found[MODEL]["n"] for of, targets, found in cells(held_back(kept))}
    enough = [g for g in kept["gains"] if n.get((g["of"], g["targets"]), 0) >= FEW]
    if not enough:
        return ""
    by_row: dict[str, list[str]] = {}
    for g in enough:
        if g["low"] <= 0.0:
            figures = f"{number(g['gain'])} ({number(g['low'])} to {number(g['high'])})"
            row = f"{OF[g['of']]}, {TARGETS[g['targets']]}"
            by_row.setdefault(row, []).append(f"{TITLES[g['rival']]} {figures}")
    unsure = sum(map(len, by_row.values()))
    told = "; ".join(f"{row}: {', '.join(named)}" for row, named in by_row.items()) or "none"
    return (
        "The model's gain on a rival is how much lower its CRPS is on the same contests. Its interval (nine tenths of "
        f"resamples) holds zero, or lies below it, in {unsure} of {len(enough)} comparisons over {FEW} contests or "
        f"more: {told}."
    )


# --- groups left out, hindcast ----------------------------------------------------------------------------------------


def left_out_block(kept: Mapping[str, Any]) -> str:
    """Leaving groups out, and the hindcast, each row beside its best rival."""
    left, hind = kept.get("leave_out"), kept.get("hindcast")
    if not left or not hind:
        return "Not run yet: `python -m analysis leave_out --write`, `python -m analysis hindcast --write`."
    rows = [
        _left_row(LEFT_OUT, of, targets, found, left_mark(of, targets, found))
        for of, targets, found in cells(left["scores"])
    ]
    rows += [
        _left_row(HINDCAST, of, targets, found, "none") for of, targets, found in cells(hind["scores"]) if of == "all"
    ]
    heads = ("foreseen", "part", "of", "contests", "error", "nine tenths of resamples", "mark", "CRPS",
             "best rival: CRPS (error)", "class by distance: error", "nine in ten holds", "mean width")  # fmt: skip
    told = [behind_told(some["scores"], name) for name, some in ((LEFT_OUT, left), (HINDCAST, hind))]
    return "\n\n".join((table(heads, rows, (*heads[3:5], "CRPS", *heads[9:])), *told))


def left_mark(of: str, targets: str, found: Scores) -> str:
    """The mark of a part of the groups left out, with whether it is met."""
    at_most = {(m["of"], m["targets"]): m["at_most"] for m in marks()["leave_out"]}.get((of, targets))
    return "" if at_most is None else f"{at_most:g}, {status(found[MODEL]['error'] <= at_most)}"


def _left_row(name: str, of: str, targets: str, found: Scores, mark: str) -> tuple[str, ...]:
    own = found[MODEL]
    return (
        name, OF[of], TARGETS[targets], str(own["n"]), number(own["error"]), span(own), mark, number(own["crps"]),
        best(found), number(found["regression"]["error"]), f"{100 * own['held']:.0f} %", number(own["width"]),
    )  # fmt: skip

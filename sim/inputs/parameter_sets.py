"""Sets of parameters from the calibrated posterior: each a complete answer to the evidence, none of them the answer.

``sim/evidence/parameter_sets.csv`` holds the shipped ones, a row each, and ``parameter_sets.yaml`` beside it says who
made them, for which model, and how wrong the model is expected to be whatever its parameters (its discrepancy). A file
of a user's has the same form; the YAML beside it may be missing. Only the standard library and pydantic are imported,
so that listing stays fast.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sim.inputs.data_file import parse
from sim.inputs.evidence import EVIDENCE, CellProblem, Places
from sim.inputs.fields import Id, Line, Model, Number
from sim.inputs.lens import NEUTRAL, load_lens
from sim.inputs.parameters import DECLARATIONS, Parameters
from sim.inputs.problems import one_of
from sim.inputs.scenario import Scenario
from sim.words.errors import InputError, Problem, nearest
from sim.words.identifiers import DEFAULT, POSTERIOR

SHIPPED = EVIDENCE / "parameter_sets.csv"
#: The columns before those of parameters.
COLUMNS = ("set", "lens", "mode", "fit")

#: Kinds of question that a discrepancy is told for: elections, standing bodies, congresses, motions.
Kind = Literal["space", "soviets", "congresses", "motions"]
Points = Annotated[float, Field(ge=0.0, le=50.0)]


class About(Model):
    """What is known of a file of sets. ``fits``: log of each lens's fit relative to the best.

    ``discrepancy``: standard deviation of the model's error that no parameters mend, by kind of question: points at a
    share of 50 per cent (see :mod:`sim.running.doubt` for other shares).
    """

    made_by: Line
    made_on: date
    model: Line
    runs: Annotated[int, Field(ge=0)]
    agents: Annotated[int, Field(ge=0)] = 0
    contests: tuple[Line, ...] = ()
    fits: dict[Id, Number] = {}
    discrepancy: dict[Kind, Points] = {}
    provisional: bool = False
    note: Annotated[str, Field(max_length=2000)] = ""


@dataclass(frozen=True)
class ParameterSet:
    """One draw of the posterior. ``fit`` is that of its row; ``values`` holds the parameters that it sets."""

    name: str
    lens: str
    mode: int
    fit: float
    values: Mapping[str, float]

    @property
    def id(self) -> str:
        """Lens and name: ``neutral/17``."""
        return f"{self.lens}/{self.name}"


@dataclass(frozen=True)
class ParameterSets:
    """All sets of a file. Two are equal if their files hold the same bytes.

    ``label`` is its name in results, ``file`` that of the file; ``about`` is None where nothing is known of it.
    """

    digest: str
    label: str = field(compare=False)
    file: str = field(compare=False)
    sets: tuple[ParameterSet, ...] = field(compare=False, repr=False)
    about: About | None = field(compare=False, default=None, repr=False)

    @property
    def lenses(self) -> tuple[str, ...]:
        """Lenses that have sets, in the order of the file."""
        return tuple(dict.fromkeys(one.lens for one in self.sets))

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that the sets give."""
        return tuple(self.sets[0].values)

    def of(self, lens: str | None = None) -> tuple[ParameterSet, ...]:
        """The sets of a lens (the neutral one unless named); the neutral ones for a lens that has none.

        Raises :class:`InputError` where neither are there.
        """
        own = tuple(one for one in self.sets if one.lens == (lens or NEUTRAL))
        found = own or tuple(one for one in self.sets if one.lens == NEUTRAL)
        if not found:
            raise InputError(f"{self.label} holds no sets of the lens '{lens or NEUTRAL}', nor of '{NEUTRAL}'.")
        return found


#: What a caller may name as the parameters of runs; see :func:`chosen`.
Wanted = Parameters | ParameterSets | str | Path | None


def chosen(wanted: Wanted) -> Parameters | ParameterSets | None:
    """What runs take their parameters from: None stands for the declared values.

    ``wanted`` is ``posterior`` (the shipped sets), ``default`` or None (the declared values), a CSV file of sets, or
    what is chosen already. Raises :class:`InputError` for a name or file that there is not.
    """
    if wanted is None or wanted == DEFAULT:
        return None
    if isinstance(wanted, (Parameters, ParameterSets)):
        return wanted
    return parameter_sets(wanted)


def parameter_sets(wanted: str | Path = POSTERIOR) -> ParameterSets:
    """The shipped sets, or those of a CSV file. Raises :class:`InputError` with every problem of a file."""
    if wanted == POSTERIOR:
        return _shipped()
    path = Path(wanted)
    if path.suffix.lower() != ".csv":
        hint = nearest(str(wanted)[:60], (POSTERIOR, DEFAULT))
        raise InputError(
            f"unknown parameters '{str(wanted)[:60]}'.{hint} Expected {POSTERIOR}, {DEFAULT}, or a file of sets that "
            "ends in .csv."
        )
    return _read(path, path.name)


@cache
def _shipped() -> ParameterSets:
    return _read(SHIPPED, POSTERIOR)


def _read(path: Path, label: str) -> ParameterSets:
    """The sets of a file, with what the YAML beside it says."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"there is no file {path}.") from None
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} can't be read: it is not text in UTF-8.") from None
    beside = path.with_suffix(".yaml")
    about = parse(beside.read_text(encoding="utf-8"), beside.name, About) if beside.is_file() else None
    return ParameterSets(hashlib.sha256(data).hexdigest()[:16], label, path.name, read_sets(text, path.name), about)


def origins(
    values: Parameters | ParameterSets | None, scenario: Scenario
) -> list[tuple[str, str, str, int]]:
    """Parameters that runs of a scenario draw from sets, as (key, values, file, line) for `october explain`.

    What the scenario sets, or a lens without sets of its own, is not drawn.
    """
    if not isinstance(values, ParameterSets):
        return []
    sets, lens = values.of(scenario.lens), load_lens(scenario.lens)
    held = set(scenario.parameters) | (set() if sets[0].lens == lens.id else set(lens.parameters))
    rows = []
    for name in values.names:
        if name not in held:
            drawn = sorted(one.values[name] for one in sets)
            told = f"drawn: {drawn[0]:.4g} to {drawn[-1]:.4g}, median {drawn[len(drawn) // 2]:.4g}"
            rows.append((f"sets.{name}", told, f"{len(sets)} sets of '{sets[0].lens}' in {values.file}", 0))
    return rows


def read_sets(text: str, file: str = "sets") -> tuple[ParameterSet, ...]:
    """The sets of a CSV text. Raises :class:`InputError` with file, line and column of every problem."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(rows, [])
    names, problems = _header(header, file)
    if problems:
        raise InputError(problems)
    places, found = Places(text, file), []
    seen: dict[str, int] = {}
    line = rows.line_num + 1
    try:
        for cells in rows:
            if cells:
                made = _row(cells, names, places.at(line), problems)
                if made is not None and made.id in seen:
                    message = f"the set '{made.id}' stands on line {seen[made.id]} too"
                    problems.append(places.at(line)(0, message, "a name of its own within its lens"))
                elif made is not None:
                    seen[made.id] = line
                    found.append(made)
            line = rows.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, line, 1, f"the line can't be split into columns: {error}", "well-formed CSV"))
    if not found and not problems:
        problems.append(Problem(file, line, 1, "there is no set", "a row for each set"))
    if problems:
        raise InputError(problems)
    return tuple(found)


def _header(header: list[str], file: str) -> tuple[tuple[str, ...], list[Problem]]:
    """The parameters that have a column, and what is wrong with the heading line."""
    problems = []
    missing = [name for name in COLUMNS if name not in header[: len(COLUMNS)]]
    if missing or tuple(header[: len(COLUMNS)]) != COLUMNS:
        told = f"column '{missing[0]}' is missing" if missing else "the first columns are in another order"
        return (), [Problem(file, 1, 1, told, f"{', '.join(COLUMNS)}, then a column for each parameter")]
    names, column = header[len(COLUMNS) :], len(",".join(COLUMNS)) + 2
    for index, name in enumerate(names):
        if name not in DECLARATIONS:
            told = f"unknown parameter '{name[:60]}'.{nearest(name[:60], DECLARATIONS)}"
            problems.append(Problem(file, 1, column, told, one_of(DECLARATIONS)))
        elif name in names[:index]:
            problems.append(Problem(file, 1, column, f"column '{name}' stands twice", "each parameter once"))
        column += len(name) + 1
    if not names:
        problems.append(Problem(file, 1, column - 1, "no parameter has a column", one_of(DECLARATIONS)))
    return tuple(names), problems


def _row(
    cells: list[str], names: tuple[str, ...], problem: CellProblem, problems: list[Problem]
) -> ParameterSet | None:
    """One set from its cells, or None after noting what is wrong with them."""
    from sim.inputs.scenario_file import shipped_lenses

    wanted = len(COLUMNS) + len(names)
    if len(cells) != wanted:
        at = min(len(cells), wanted)
        problems.append(problem(at, f"the row has {len(cells)} columns", f"{wanted} columns"))
        return None
    before = len(problems)
    name, lens, mode, fit = (cell.strip() for cell in cells[: len(COLUMNS)])
    if not name or "/" in name or len(name) > 40:
        problems.append(problem(0, f"'{name[:60]}' can't name a set", "1 to 40 characters without '/'"))
    if lens not in shipped_lenses():
        problems.append(problem(1, f"unknown lens '{lens[:60]}'.{nearest(lens[:60], shipped_lenses())}",
                                one_of(shipped_lenses())))  # fmt: skip
    if not mode.isdigit():
        problems.append(problem(2, f"the mode is '{mode[:60]}'", "a whole number from 0"))
    if _number(fit) is None:
        problems.append(problem(3, f"the fit is '{fit[:60]}'", "a number"))
    values = {}
    for index, (parameter, cell) in enumerate(zip(names, cells[len(COLUMNS) :], strict=True), start=len(COLUMNS)):
        known, number = DECLARATIONS[parameter], _number(cell)
        if number is None or not known.low <= number <= known.high:
            told = f"'{parameter}' is '{cell[:60]}'" if number is None else f"'{parameter}' is out of range: {number:g}"
            problems.append(problem(index, told, f"a number from {known.low:g} to {known.high:g} {known.unit}"))
        else:
            values[parameter] = number
    return None if len(problems) > before else ParameterSet(name, lens, int(mode), float(fit), values)


def _number(cell: str) -> float | None:
    """A finite number, or None."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None

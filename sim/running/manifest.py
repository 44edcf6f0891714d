"""``manifest.json``: what was asked, of which program, what became of each run, and how long it took.

Everything that settles the tables' content is under ``identity``; a result directory is continued only when that is
equal to the letter. Times and the number of processes stand outside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from sim import __version__
from sim.inputs.lens import NEUTRAL, switched_off
from sim.inputs.parameter_sets import SHIPPED, ParameterSets
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario, scenario_hash
from sim.running.plan import Plan
from sim.running.single import RunRecord
from sim.words.errors import InputError
from sim.words.identifiers import POSTERIOR

NAME = "manifest.json"
#: The form of this file; raised when a reader of the old form would be misled.
FORM = 1
_PACKAGES = ("mesa", "numpy", "scipy", "numba", "llvmlite", "pandas", "pyarrow", "pydantic")
_SOURCES = (".py", ".csv", ".yaml")
#: The room that only asks and tells: no table depends on it.
_ASKS = "cli"


def sources() -> list[Path]:
    """The files that tables depend on, in a fixed order: code and evidence without the command line.

    The shipped sets of parameters are told apart, among the options: runs of the declared values do not depend on them.
    """
    root = Path(__file__).resolve().parents[1]
    return [path for path in sorted(root.rglob("*")) if path.suffix in _SOURCES and _tells(path, root)]


def _tells(path: Path, root: Path) -> bool:
    is_sets = (path.parent.name, path.stem) == (SHIPPED.parent.name, SHIPPED.stem)
    return not is_sets and path.relative_to(root).parts[0] != _ASKS


@cache
def code_hash() -> str:
    """SHA-256 of the :func:`sources`: two trees with the same hash give the same tables."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of this program, of Python and of the packages that a result may depend on."""
    return {
        "october1917": __version__,
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _PACKAGES},
    }


def parameter_set(parameters: Parameters | None) -> str:
    """The id of the parameters that all runs share: ``declared`` with a short hash of the values."""
    values = json.dumps((parameters or Parameters()).as_dict(), sort_keys=True)
    return ("declared-" if parameters is None else "set-") + hashlib.sha256(values.encode()).hexdigest()[:8]


def set_of(plan: Plan, run: int) -> str:
    """The id of the parameters of a run: of its set, where it takes one."""
    if isinstance(plan.parameters, ParameterSets):
        return plan.drawn(run).id  # type: ignore[union-attr]
    return parameter_set(plan.parameters)


def told_sets(plan: Plan, runs: Iterable[int]) -> dict[str, Any] | None:
    """What a manifest keeps of the sets that runs took: whence, which lens's, and the values; None without sets.

    The values are those that were given to the model, so that a run can be lived again without the file.
    """
    if not isinstance(plan.parameters, ParameterSets):
        return None
    about, first = plan.parameters.about, plan.drawn(0)
    assert first is not None
    asked = plan.scenario.lens or NEUTRAL
    first_with = {set_of(plan, run): run for run in sorted(runs, reverse=True)}
    return {
        "file": plan.parameters.label,
        "hash": plan.parameters.digest,
        "lens": first.lens,
        "borrowed": first.lens != asked,
        "fit": about.fits.get(asked) if about and first.lens == asked else None,
        "known": len(plan.parameters.of(plan.scenario.lens)),
        "model": about.model if about else None,
        "made_by": about.made_by if about else None,
        "made_on": about.made_on.isoformat() if about else None,
        "provisional": about.provisional if about else False,
        "discrepancy": dict(about.discrepancy) if about else {},
        "values": {name: plan.values(run) for name, run in first_with.items()},
    }


def identity(plan: Plan) -> dict[str, Any]:
    """What must be equal for two result directories to hold runs of the same ensemble."""
    return {
        "scenario": plan.scenario.name,
        "scenario_hash": scenario_hash(plan.scenario),
        "options": plan.options(),
        "versions": versions(),
        "code_hash": code_hash(),
    }


def compose(
    plan: Plan, records: Iterable[RunRecord], status: str, seconds: float, jobs: int, rows: dict[str, int] | None = None
) -> dict[str, Any]:
    """The manifest of an ensemble that is ``running``, ``finished`` or ``interrupted``."""
    ordered = sorted(records, key=lambda record: record.run)
    runs = [{**record.as_dict(), "parameter_set": set_of(plan, record.run)} for record in ordered]
    content = {
        "form": FORM,
        "status": status,
        "scenario": {
            "name": plan.scenario.name,
            "title": plan.scenario.title,
            "hash": scenario_hash(plan.scenario),
            "text": plan.scenario.text(),
        },
        "off": list(switched_off(plan.scenario)),
        "seed": plan.seed,
        "runs_asked": plan.runs,
        "runs_finished": sum(run["status"] == "finished" for run in runs),
        "runs_failed": sum(run["status"] == "failed" for run in runs),
        "parameter_sets": list(dict.fromkeys(run["parameter_set"] for run in runs)) or [set_of(plan, 0)],
        "sets": told_sets(plan, (run["run"] for run in runs)),
        "identity": identity(plan),
        "rows": rows or {},
        "jobs": jobs,
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(seconds, 3),
        "runs": runs,
    }
    return content if content["sets"] is not None else {key: told for key, told in content.items() if key != "sets"}


def write(directory: Path, content: dict[str, Any]) -> None:
    """Write the manifest; a reader sees the old one or the new one, never half of it."""
    draft = directory / f"{NAME}.tmp"
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(draft, directory / NAME)


def read(directory: Path) -> dict[str, Any]:
    """The manifest of a result directory."""
    path = directory / NAME
    if not path.is_file():
        raise InputError(f"{directory} is not a result directory: it has no {NAME}.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        content["identity"], content["runs"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} can't be read: {error}") from None
    if content.get("form") != FORM:
        raise InputError(f"{path} was written by another version of this program (form {content.get('form')}).")
    return dict(content)


def scenario_of(content: dict[str, Any]) -> Scenario:
    """The scenario that a manifest holds, as it was run. Its lens is looked up when a model is made."""
    from ruamel.yaml import YAML

    told = content["scenario"]
    values = YAML(typ="safe", pure=True).load(told["text"])
    lens = values.pop("lens", None)
    scenario = Scenario.model_validate(values).model_copy(update={"lens": lens})
    scenario._name = told["name"]
    return scenario


def values_of(content: dict[str, Any], record: Mapping[str, Any]) -> Parameters | Mapping[str, float] | None:
    """What the model of a run was given as its parameters, by the manifest and the run's record in it."""
    if "sets" in content:
        values: dict[str, float] = content["sets"]["values"][record["parameter_set"]]
        return values
    values = content["identity"]["options"]["parameters"]
    return None if values is None else Parameters(**values)


def parameters_told(content: dict[str, Any]) -> str:
    """Where the runs of a result took their parameters from, in a sentence."""
    sets = content.get("sets")
    if sets is None:
        return "Parameters: one set of values for all runs, so that their spread is chance alone."
    used, name = len(sets["values"]), "the posterior" if sets["file"] == POSTERIOR else sets["file"]
    name += " (provisional)" if sets["provisional"] else ""
    told = f"Parameters: {used} of the {sets['known']} sets of {name}"
    if sets["borrowed"]:
        told += f"; those of the lens '{sets['lens']}' with this lens's own values over them, since it has no sets"
    return told + "."


def records(content: dict[str, Any]) -> list[RunRecord]:
    """The records of the runs that a manifest tells of."""
    return [RunRecord(**{k: v for k, v in run.items() if k != "parameter_set"}) for run in content["runs"]]


def differences(old: dict[str, Any], new: dict[str, Any], path: str = "") -> list[str]:
    """Where two identities part, one line each: ``options.agents: 2000, now 20000``."""
    found = []
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            found += differences(before, after, f"{path}{key}.")
        elif before != after:
            found.append(f"{path}{key}: {_short(before)}, now {_short(after)}")
    return found


def _short(value: Any) -> str:
    text = "default" if value is None else str(value)
    return text if len(text) <= 40 else text[:12] + "..."

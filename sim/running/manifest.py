"""``manifest.json``: what was asked, of which program, what became of each run, and how long it took.

Everything that settles the tables' content is under ``identity``; a result directory is continued only when that is
equal to the letter. Times and the number of processes stand outside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from sim import __version__
from sim.inputs.lens import switched_off
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import Scenario, scenario_hash
from sim.running.plan import Plan
from sim.running.single import RunRecord
from sim.words.errors import InputError

NAME = "manifest.json"
#: The form of this file; raised when a reader of the old form would be misled.
FORM = 1
_PACKAGES = ("mesa", "numpy", "scipy", "numba", "llvmlite", "pandas", "pyarrow", "pydantic")
_SOURCES = (".py", ".csv", ".yaml")


@cache
def code_hash() -> str:
    """SHA-256 of the model's sources and evidence: two trees with the same hash give the same tables."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in _SOURCES and not path.name.startswith("cli"):
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
    """The id of a set of parameters: ``declared`` with a short hash of the values."""
    values = json.dumps((parameters or Parameters()).as_dict(), sort_keys=True)
    return ("declared-" if parameters is None else "set-") + hashlib.sha256(values.encode()).hexdigest()[:8]


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
    chosen = parameter_set(plan.parameters)
    runs = [{**record.as_dict(), "parameter_set": chosen} for record in sorted(records, key=lambda r: r.run)]
    return {
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
        "parameter_sets": [chosen],
        "identity": identity(plan),
        "rows": rows or {},
        "jobs": jobs,
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(seconds, 3),
        "runs": runs,
    }


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
    """The scenario that a manifest holds, as it was run."""
    from ruamel.yaml import YAML

    told = content["scenario"]
    scenario = Scenario.model_validate(YAML(typ="safe", pure=True).load(told["text"]))
    scenario._name = told["name"]
    return scenario


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
    text = str(value)
    return text if len(text) <= 40 else text[:12] + "..."

"""What an inference found, in numbers that a page and a test can read: ``posterior.json`` beside the table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.contests import Contest, contests
from analysis.evidence.scores import lines, score
from analysis.inference.accept import Accepted, Fit
from analysis.inference.calibrate import axes
from analysis.inference.lens_axes import lenses
from analysis.inference.posterior import Posterior, modes
from analysis.inference.reference import FIRST_OF_CANDIDATES, SHIPPED, Reference, on_steps

Floats = NDArray[np.float64]
REPORT = SHIPPED.with_name("posterior.json")
BINS = 20
#: Correlations of at least this size are told as trade-offs.
TRADE = 0.25


def report(made: Fit, accepted: Sequence[Accepted]) -> dict[str, Any]:
    """Everything the page tells, in JSON types."""
    neutral = made.posteriors["neutral"]
    ratios, vectors = neutral.directions()
    table = made.table
    first = table.waves < FIRST_OF_CANDIDATES
    waves = {str(w): int((table.waves == w).sum()) for w in np.unique(table.waves[first])}
    return {
        "model": table.behaviour,
        "agents": table.agents,
        "runs": waves | {"candidates": int((~first).sum())},
        "failed": int(np.isnan(table.predictions).all(axis=1).sum()),
        "calibrated": [axis.name for axis in axes()],
        "contests": len(contests("calibrate")),
        "emulator": _emulator(made),
        "discrepancy": {kind: round(v, 2) for kind, v in made.discrepancy.points.items()},
        "informed": neutral.informed(),
        "ratios": [round(float(r), 3) for r in ratios],
        "directions": [_direction(table.names, v) for v in vectors[: neutral.informed()]],
        "modes": [round(float(s), 3) for s in np.bincount(modes(neutral)) / len(neutral.points)],
        "parameters": _parameters(made, neutral),
        "trades": _trades(neutral),
        "lenses": {a.lens: _lens(made, a) for a in accepted},
        "fit": _real(accepted[0], table),
    }


def keep(found: Mapping[str, Any], path: Path = REPORT) -> None:
    """Write the report."""
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _emulator(made: Fit) -> dict[str, Any]:
    """Errors on rows not seen (points) where the last wave lies, over targets of all sides, and chance in a run."""
    emulator, table = made.emulator, made.table
    waves = np.minimum(table.waves, FIRST_OF_CANDIDATES)
    near = waves == waves.max()
    varied = np.nanstd(table.predictions[near], axis=0)
    bolshevik = np.array([target == "bolshevik" for _, target in emulator.targets])
    worst = int(np.argmax(emulator.error))
    return {
        "error": round(float(emulator.error.mean()), 2),
        "bolshevik": round(float(emulator.error[bolshevik].mean()), 2),
        "chance": round(float(emulator.noise.mean()), 2),
        "chance_bolshevik": round(float(emulator.noise[bolshevik].mean()), 2),
        "varied_bolshevik": round(float(varied[bolshevik].mean()), 2),
        "worst": [*emulator.targets[worst], round(float(emulator.error[worst]), 2)],
    }


def _direction(names: Sequence[str], vector: Floats, most: int = 4) -> list[list[Any]]:
    order = np.argsort(-np.abs(vector))[:most]
    sign = 1.0 if vector[order[0]] >= 0 else -1.0
    return [[names[i], round(float(sign * vector[i]), 2)] for i in order]


def _parameters(made: Fit, neutral: Posterior) -> dict[str, dict[str, Any]]:
    found = {}
    for i, axis in enumerate(made.table.axes):
        own = neutral.points[:, i]
        quantiles = [axis.value(float(q)) for q in np.quantile(own, [0.05, 0.5, 0.95])]
        found[axis.name] = {
            "low": axis.low, "high": axis.high, "log": axis.log, "default": axis.default,
            "quantiles": [float(f"{q:.3g}") for q in quantiles],
            "left": round(float(own.std() * np.sqrt(12.0)), 3),
            "histogram": np.histogram(own, BINS, (0.0, 1.0))[0].tolist(),
        }  # fmt: skip
    return found


def _trades(neutral: Posterior, most: int = 12) -> list[list[Any]]:
    """Pairs of parameters that the evidence ties to each other, strongest first: correlation in the posterior."""
    whole = np.atleast_2d(np.corrcoef(neutral.points, rowvar=False))
    pairs = [(abs(whole[i, j]), i, j) for i in range(len(whole)) for j in range(i)]
    return [
        [neutral.names[j], neutral.names[i], round(float(whole[i, j]), 2)]
        for size, i, j in sorted(pairs, reverse=True)[:most]
        if size >= TRADE
    ]


def _lens(made: Fit, a: Accepted) -> dict[str, Any]:
    named = next(lens.ranges for lens in lenses() if lens.id == a.lens)
    posterior = made.posteriors[a.lens]
    return {
        "named": len(named), "axes": len(set(named) & set(made.table.names)),
        "evidence": round(a.evidence, 2), "evidence_run": round(a.evidence_run, 2),
        "doubt": round(made.doubt[a.lens], 2),
        "candidates": a.candidates, "kept": len(a.points), "worth": round(a.count_for, 1),
        "informed": posterior.informed(),
    }  # fmt: skip


def _real(neutral: Accepted, done: Reference) -> dict[str, Any]:
    """Errors of the kept neutral sets' own runs on the calibrate side: of their mean, and of single runs."""
    kept = {point.tobytes() for point in on_steps(neutral.points)}
    rows = [int(i) for i in np.flatnonzero(done.waves >= FIRST_OF_CANDIDATES) if done.points[i].tobytes() in kept]
    fitted = contests("calibrate")
    runs = [_figures(done, i, fitted) for i in rows]
    found: dict[str, Any] = {"sets": len(neutral.points)}
    for of in ("bolshevik", "families", "motions"):
        whole = score(lines(fitted, runs), of)
        single = [score(lines(fitted, [run]), of).error for run in runs]
        found[of] = {
            "mean": round(whole.error, 2), "n": whole.n,
            "single": [round(float(q), 2) for q in np.quantile(single, [0.05, 0.5, 0.95])],
        }  # fmt: skip
    return found


def _figures(done: Reference, row: int, wanted: Sequence[Contest]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for contest in wanted:
        for target in contest.observed:
            if (contest.id, target) in done.targets:
                value = float(done.predictions[row, done.column(contest.id, target)])
                if np.isfinite(value):
                    found.setdefault(contest.id, {})[target] = value
    return found

"""A validation as a file: everything that is printed, in plain JSON types; what is not a number is null."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import sim
from analysis.evidence.contests import MEMBERS
from analysis.evidence.scores import PARTS, Line, Score, score
from analysis.evidence.verdicts import Verdict
from analysis.validation.baselines import BASELINES
from analysis.validation.comparison import HELD_BACK, TARGETED, Report, explanations, marks
from analysis.validation.forecasts import Proper
from analysis.validation.leave_out import MODEL


def write(report: Report, folder: Path) -> Path:
    """Keep the report as ``validation.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "validation.json"
    path.write_text(json.dumps(as_dict(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def as_dict(report: Report) -> dict[str, Any]:
    """The report."""
    s = report.setting
    return {
        "version": sim.__version__,
        "model": report.model,
        "runs": len(s.draws) or s.runs, "agents": s.agents, "seed": s.seed, "parameters": dict(s.parameters),
        "sets": [draw.name for draw in s.draws], "source": s.source, "behaves": report.behaves, "stale": report.stale(),
        "contests": [_line(report, line) for line in report.lines],
        "unanswered": [c.id for c in report.unanswered],
        "scores": [
            {"split": g.split, "of": g.of, "targets": g.targets, **_score(g.score), "at_most": g.at_most,
             "status": g.status} for g in report.goals
        ],
        "apart": [
            {"split": split, "targets": targets, **_score(score(report.side(split), targets))}
            for split in ("calibrate", HELD_BACK) for targets in ("members", "national")
        ],
        "forecasts": [
            {"split": split, "of": of, "targets": targets, "who": who,
             **_proper(report.proper(targets, split, of, who))}
            for split in (("calibrate", HELD_BACK) if report.forecasts else ())
            for of in PARTS for targets in TARGETED
            for who in ((MODEL, *BASELINES) if split == HELD_BACK else (MODEL,))
        ],
        "gains": [
            {"of": of, "targets": targets, "rival": rival,
             **dict(zip(("gain", "low", "high"), map(_plain, report.gain(rival, targets, of)), strict=True))}
            for of in (PARTS if report.forecasts else ()) for targets in TARGETED for rival in BASELINES
        ],
        "reliability": [
            {"targets": targets, "level": level, "held": _plain(held), "n": n}
            for targets in (TARGETED if report.forecasts else ()) for level, held, n in report.reliability(targets)
        ],
        "patterns": [_verdict(v) for v in report.verdicts],
        "far_off": [
            {"contest": line.contest.id, "target": line.target, "difference": _plain(line.difference),
             "explained": line.contest.id in explanations()} for line in report.far_off()
        ],
        "explain_beyond": marks()["explain_beyond"],
        "leave_out": report.left_out,
        "hindcast": report.hindcast,
    }  # fmt: skip


def _line(report: Report, line: Line) -> dict[str, Any]:
    forecast = report.forecast(line.contest.id, line.target)
    found: dict[str, Any] = {
        "contest": line.contest.id, "title": line.contest.title, "group": line.contest.group,
        "date": line.contest.day.isoformat(), "split": line.contest.split, "of": line.contest.question.of,
        "target": line.target, "rows": list(line.contest.rows[line.target]), "evidence": _plain(line.observed),
        "model": _plain(line.mean), "spread": _plain(line.spread), "difference": _plain(line.difference),
    }  # fmt: skip
    if line.target.startswith(MEMBERS):
        found["log_ratio"] = _plain(line.error)
    if forecast is not None:
        for name, level in (("half", 0.5), ("nine_in_ten", 0.9)):
            found[name] = [_plain(v) for v in forecast.interval(level)]
        found["crps"] = _plain(forecast.crps())
    return found


def _score(found: Score) -> dict[str, Any]:
    return {"error": _plain(found.error), "low": _plain(found.low), "high": _plain(found.high), "n": found.n}


def _proper(found: Proper) -> dict[str, Any]:
    made: dict[str, Any] = {name: _plain(getattr(found, name)) for name in ("error", "low", "high", "crps")}
    for level in found.coverage:
        name = f"{100 * level:.0f}"
        low, high = found.coverage_interval(level) if found.n else (math.nan, math.nan)
        made |= {f"held_{name}": _plain(found.coverage[level]), f"held_{name}_low": _plain(low),
                 f"held_{name}_high": _plain(high), f"width_{name}": _plain(found.width[level])}  # fmt: skip
    return {"n": found.n, **made}


def _verdict(v: Verdict) -> dict[str, Any]:
    return {
        "id": v.pattern.id, "title": v.pattern.title, "source": v.pattern.source, "rule": v.pattern.rule,
        "status": v.status, "held": v.held, "runs": v.runs, "numbers": {k: _plain(n) for k, n in v.numbers.items()},
        "spread": {k: [_plain(low), _plain(high)] for k, (low, high) in v.spread.items()},
        "unmeasured": v.pattern.unmeasured, "beyond": v.pattern.beyond, "ties": v.pattern.ties,
    }  # fmt: skip


def _plain(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None

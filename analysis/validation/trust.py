"""The honest table: blocks of README.md and docs/ that say how far to trust the model, from one kept validation.

``october validate`` writes ``validation.json``; ``python -m analysis trust --take results/validation/validation.json``
keeps it with the project (without the numbers of single runs) and rewrites every block between the markers
``<!-- trust: NAME -->`` and ``<!-- trust end -->``. Without ``--take`` the blocks are made again from what is kept.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sim
from analysis.evidence.contests import MEMBERS, apart, contests, politics
from analysis.evidence.patterns import PATTERNS
from analysis.running.folders import REFERENCE, ROOT
from analysis.running.plainly import plainly
from analysis.validation import hindcast, leave_out
from analysis.validation.cells import FEW, OF, TARGETS, number, span, status
from analysis.validation.comparison import HELD_BACK, explanations, marks
from analysis.validation.electorates import share_people, voting
from analysis.validation.partisans import partisan_block
from analysis.validation.rivalry import left_out_block, rivals_block
from analysis.words.markdown import table

KEPT = REFERENCE / "validation.json"
#: Pages with blocks.
PAGES = ("README.md", "docs/limits.md", "docs/trace.md")
_BLOCK = re.compile(r"(<!-- trust: ([a-z ]+) -->\n).*?(<!-- trust end -->)", re.DOTALL)
_TIES = {pattern.id: pattern.ties for pattern in PATTERNS}


def read(path: Path = KEPT) -> dict[str, Any]:
    """A validation. Raises :class:`sim.InputError` where there is none."""
    if not path.is_file():
        raise sim.InputError(f"there is no validation at {path}: run `october validate`, then give its file to --take.")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def filled(text: str, kept: Mapping[str, Any]) -> str:
    """A page with its blocks made anew. Raises KeyError for a block that nobody makes."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]](kept).strip()}\n{found[3]}", text)


# --- the blocks -------------------------------------------------------------------------------------------------------


def contests_block(kept: Mapping[str, Any]) -> str:
    """How many contests stand on which side, and of how many the people are also in a fitted contest of that day."""
    del kept
    rows, fitted = [], contests("calibrate")
    for split in ("calibrate", "validate", "context"):
        own, beside = contests(split), apart(split)
        members = sum(c.question.form == "members" for c in beside)
        bolshevik, motions = sum("bolshevik" in c.observed for c in own), sum(c.is_motion for c in own)
        inside = sum(any(c is not other and share_people(c, other) for other in fitted) for c in own)
        counts = (len(own), inside, bolshevik, motions, members, len(beside) - members, len(own) + len(beside))
        rows.append((split, *map(str, counts)))
    heads = (
        "side", "contests", "sharing people with a fitted one", "with a Bolshevik share", "motions", "of members",
        "of national lists", "together",
    )  # fmt: skip
    return table(heads, rows, heads[1:])


def errors_block(kept: Mapping[str, Any]) -> str:
    """Errors against their marks."""
    rows = [
        (r["split"], OF[r["of"]], TARGETS[r["targets"]], number(r["error"]), span(r), f"{r['at_most']:g}",
         str(r["n"]), r["status"])
        for r in kept["scores"]
    ]  # fmt: skip
    heads = ("side", "part", "of", "error", "nine tenths of resamples", "mark", "contests", "")
    return f"{_head(kept)}\n\n{table(heads, rows, ('error', 'mark', 'contests'))}"


def _head(kept: Mapping[str, Any]) -> str:
    ran = f"{kept['runs']} runs of {kept['agents']:,} people, seed {kept['seed']}, model `{kept['model']}`"
    if kept["sets"]:
        ran = f"{len(kept['sets'])} runs of {kept['agents']:,} people, one with each of {kept['source']}"
    stale = f" Made with another behaviour of the model: {', '.join(kept['stale'])}." if kept["stale"] else ""
    return (
        f"`october validate`: {ran}.{stale} Errors are mean absolute differences in points of a per cent, contests "
        f"weighing alike, with no interval told of fewer than {FEW}; the marks were written down before the posterior."
    )


def intervals_block(kept: Mapping[str, Any]) -> str:
    """Coverage and width of intervals, against their marks."""
    rows = []
    for r in kept["forecasts"]:
        if r["who"] == "model" and r["of"] == "all" and r["n"]:
            half, most = (
                f"{100 * r[f'held_{x}']:.0f} % ({100 * r[f'held_{x}_low']:.0f} to {100 * r[f'held_{x}_high']:.0f})"
                for x in (50, 90)
            )
            held, width = map(status, _interval_marks_met(r))
            figures = (half, most, held, number(r["width_90"]), width, str(r["n"]))
            rows.append((r["split"], TARGETS[r["targets"]], *figures))
    share, narrow = _interval_marks()
    heads = ("side", "of", "half holds", "nine in ten holds", share, "mean width", narrow, "contests")
    told = (
        f"Intervals hold doubt about parameters, chance and discrepancy. Marks: nine-in-ten intervals should hold "
        f"{share} per cent with a mean width {narrow} points."
    )
    return f"{told}\n\n{table(heads, rows, ('mean width', 'contests'))}"


def _interval_marks() -> tuple[str, str]:
    """The marks of the share held and of the width, in words."""
    mark = marks()["intervals"]
    share = f"{100 * mark['least_coverage']:.0f} to {100 * mark['most_coverage']:.0f}"
    return share, f"under {mark['mean_width']:g}"


def _interval_marks_met(row: Mapping[str, Any]) -> tuple[bool, bool]:
    """Whether a row's share held and its width meet their marks."""
    mark = marks()["intervals"]
    return mark["least_coverage"] <= row["held_90"] <= mark["most_coverage"], row["width_90"] < mark["mean_width"]


def patterns_block(kept: Mapping[str, Any]) -> str:
    """Every pattern with the share of sets that show it, and what keeps it from being an independent test."""
    rows = [
        (p["id"], p["title"], p["status"], _shown(p), ", ".join(_TIES.get(p["id"], ())),
         p["rule"] + (" (extrapolation)" if p["beyond"] else ""), p["source"])
        for p in kept["patterns"]
    ]  # fmt: skip
    met = sum(p["status"] == "met" for p in kept["patterns"])
    told = f"{met} of {len(rows)} patterns and controls are met."
    if kept["sets"]:
        least = 100 * marks()["share_of_sets"]
        told += f" One is met where at least {least:.0f} per cent of the sets show it, each by itself."
    reasons = [f"{name}: {'; '.join(ties.values())}" for name, ties in _TIES.items() if ties]
    made = table(("", "pattern", "status", "sets", "no independent test", "rule", "source"), rows, ("sets",))
    return f"{told}\n\n{made}\n\nWhy some are no independent test. {'. '.join(reasons)}."


def _shown(pattern: Mapping[str, Any]) -> str:
    return f"{pattern['held']} of {pattern['runs']}" if pattern["numbers"] else ""


def patterns_told(kept: Mapping[str, Any]) -> list[str]:
    """Patterns met, those apart that are no independent test, and patterns not met, in a line each."""
    met = [p for p in kept["patterns"] if p["status"] == "met"]
    free, tied = ([p for p in met if bool(_TIES.get(p["id"])) is some] for some in (False, True))
    lines = {
        f"Patterns and controls that are met: {len(met)} of {len(kept['patterns'])}. Met, with no rule set with it in "
        "view and nothing of it pinned or fitted (in brackets how many sets or runs show it)": free,
        "Met, but no independent test": tied,
        "Not met": [p for p in kept["patterns"] if p["status"] == "not met"],
    }
    rest = [p for p in kept["patterns"] if p["status"] not in ("met", "not met")]
    if rest:
        lines["Met in part or not measured"] = rest
    return [f"{words}: {'; '.join(map(_named, found)) or 'none'}." for words, found in lines.items()]


def _named(pattern: Mapping[str, Any]) -> str:
    return f"{pattern['title']} ({', '.join((_shown(pattern) or pattern['status'], *_TIES.get(pattern['id'], ())))})"


def off_block(kept: Mapping[str, Any]) -> str:
    """Contests off by more than needs an explanation, with it."""
    lines = {(c["contest"], c["target"]): c for c in kept["contests"]}
    by_contest: dict[str, list[str]] = {}
    for row in kept["far_off"]:
        c = lines[row["contest"], row["target"]]
        figure = f"{row['target']} {c['model']:.0f} for {c['evidence']:.0f}"
        by_contest.setdefault(row["contest"], []).append(figure)
    rows = []
    for name, figures in by_contest.items():
        c = next(c for c in kept["contests"] if c["contest"] == name)
        rows.append((c["title"], c["date"], c["split"], "; ".join(figures), explanations().get(name, "not explained")))
    beyond = f"{kept['explain_beyond']:g}"
    told = f"{len(kept['far_off'])} figures of {len(rows)} contests are off by more than {beyond} points."
    return f"{told}\n\n{table(('contest', 'date', 'side', 'model for evidence', 'why'), rows)}"


def apart_block(kept: Mapping[str, Any]) -> str:
    """Counts of members and shares of national lists: scored by themselves, never fitted, without a mark."""
    rows = []
    for r in kept["apart"]:
        if r["n"]:
            members = r["targets"] == "members"
            shown = {k: math.exp(r[k]) for k in ("error", "low", "high")} if members else r
            error = f"x {number(shown['error'], 2)}" if members else number(r["error"])
            interval = span({**shown, "n": r["n"]}, 2 if members else 1)
            rows.append((r["split"], TARGETS[r["targets"]], error, interval, str(r["n"]), _worst(kept, r)))
    told = (
        "Counted apart, in no objective and without a mark: of members the geometric mean of the factor by which a "
        "count is off, either way; of national lists the mean absolute error in points."
    )
    heads = ("side", "of", "error", "nine tenths of resamples", "contests", "worst")
    return f"{told}\n\n{table(heads, rows, ('error', 'contests'))}"


def _worst(kept: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """The contest of a side that is furthest off."""
    members = row["targets"] == "members"
    lines = [
        c for c in kept["contests"]
        if c["split"] == row["split"] and (c["target"].startswith(MEMBERS) if members else c["target"] == "national")
    ]  # fmt: skip
    c = max(lines, key=lambda c: abs(c["log_ratio" if members else "difference"]))
    figures = f"{c['model']:,.0f} for {c['evidence']:,.0f}"
    return f"{c['title']} ({c['date']}): {figures}" + (f", x {math.exp(c['log_ratio']):.2f}" if members else "")


def nation_block(kept: Mapping[str, Any]) -> str:
    """The country's vote beside its marks and what was counted."""
    numbers = next(p["numbers"] for p in kept["patterns"] if p["id"] == "nation")
    national = next(p["numbers"] for p in kept["patterns"] if p["id"] == "national lists")
    if not numbers or not national:
        return "The country's vote was not measured."
    m = {party: _range(marks()["patterns"][f"nation_{party}"]) for party in ("bolshevik", "sr", "national")}
    whole = next(c for c in contests("context") if c.id == "nation").observed
    left = 100.0 - sum(whole.values())
    return (
        f"The country's vote comes to {number(numbers['bolshevik'])} per cent Bolshevik (mark {m['bolshevik']}, "
        f"counted {_counted('bolshevik')}), {number(numbers['sr'])} SR with Left SR (mark {m['sr']}, counted "
        f"{_counted('sr')} for SRs and {whole['sr']:.0f} with Left SRs) and {number(national['country'])} for national "
        f"lists (mark {m['national']}, counted {_counted('national_socialist')} for Ukrainian socialists alone and "
        f"{left:.0f} for all that the Russian parties named leave). The row itself is not fitted, but regions and "
        f"fronts with {100 * _fitted_voters():.0f} per cent of its voters are."
    )


def _range(ends: Iterable[float]) -> str:
    """Lowest to highest."""
    every = sorted(ends)
    low, high = f"{every[0]:.0f}", f"{every[-1]:.0f}"
    return low if low == high else f"{low} to {high}"


def _counted(party: str) -> str:
    """A party's shares of the country's vote in the counts that are no memory."""
    rows = (r for r in politics().values() if (r.place, r.measure, r.party) == ("Russia", "vote_share", party))
    return _range(float(r.share) for r in rows if r.share is not None and not r.is_memory)


def _fitted_voters() -> float:
    """Share of the country's voters whom fitted contests of regions, fronts and fleets ask."""
    whole = [c for c in contests() if c.question.subject == "constituent_assembly"]
    fitted = [c for c in whole if c.split == "calibrate" and c.group in ("region", "front", "fleet")]
    asked = frozenset[tuple[str, str]]().union(*(voting(c.question) for c in fitted))
    cells = sim.population().cells
    return float(sum(c.voters for c in cells if (c.place, c.province) in asked) / sum(c.voters for c in cells))


def intervals_told(kept: Mapping[str, Any]) -> str:
    """Coverage and width on contests not fitted, with marks, in a line; nothing where there are no forecasts."""
    wanted = (HELD_BACK, "all", "model")
    held = [r for r in kept["forecasts"] if (r["split"], r["of"], r["who"]) == wanted and r["n"]]
    share, narrow = _interval_marks()
    told = []
    for r in held:
        good, slim = map(status, _interval_marks_met(r))
        told.append(
            f"{TARGETS[r['targets']]}: {100 * r['held_90']:.0f} per cent of {r['n']} contests (mark {share}: {good}), "
            f"mean width {number(r['width_90'])} (mark {narrow}: {slim})"
        )
    return f"Nine-in-ten intervals hold, on contests not fitted: {'; '.join(told)}." if held else ""


def off_told(kept: Mapping[str, Any]) -> str:
    """How many of the contests that can be off by points are; members are told by a factor and can't."""
    off = len({row["contest"] for row in kept["far_off"]})
    every = len({c["contest"] for c in kept["contests"] if not c["target"].startswith(MEMBERS)})
    return (
        f"{off} of {every} contests in per cent have a figure that is off by more than {kept['explain_beyond']:g} "
        "points; each stands in [docs/limits.md](docs/limits.md) with what explains it."
    )


def readme_block(kept: Mapping[str, Any]) -> str:
    """The table of the README, with what it takes to read it."""
    parts = [errors_block(kept), nation_block(kept)]
    told = intervals_told(kept)
    if told:
        parts += [told, rivals_block(kept)]
    parts += [left_out_block(kept), apart_block(kept), *patterns_told(kept), off_told(kept)]
    return "\n\n".join(parts)


BLOCKS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "readme": readme_block,
    "contests": contests_block,
    "errors": errors_block,
    "intervals": intervals_block,
    "rivals": rivals_block,
    "left out": left_out_block,
    "patterns": patterns_block,
    "apart": apart_block,
    "off": off_block,
    "partisan": partisan_block,
    "nation": nation_block,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """``python -m analysis trust``."""
    parser = argparse.ArgumentParser(prog="python -m analysis trust", description=__doc__.split("\n")[0])
    parser.add_argument("--take", type=Path, metavar="FILE", help="a validation.json to keep with the project")
    parser.add_argument("--show", action="store_true", help="print every block and write no page")
    given = parser.parse_args(arguments)
    with plainly():
        kept = read(given.take or KEPT)
    if given.take:
        kept["leave_out"] = kept["leave_out"] or leave_out.read()
        kept["hindcast"] = kept["hindcast"] or leave_out.read(hindcast.SHIPPED)
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if given.show:
        for name, block in BLOCKS.items():
            print(f"## {name}\n\n{block(kept)}\n")
        return
    for page in PAGES:
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        made = filled(text, kept)
        if made != text:
            path.write_text(made, encoding="utf-8")
            print(f"written: {page}")

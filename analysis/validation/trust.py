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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sim
from analysis.evidence.contests import Contest, apart, contests, source
from analysis.running.folders import REFERENCE, ROOT
from analysis.running.plainly import plainly
from analysis.validation import hindcast, leave_out
from analysis.validation.baselines import BASELINES, TITLES
from analysis.validation.comparison import explanations, marks
from analysis.words.markdown import table

KEPT = REFERENCE / "validation.json"
#: Pages with blocks.
PAGES = ("README.md", "docs/limits.md", "docs/trace.md")
_BLOCK = re.compile(r"(<!-- trust: ([a-z ]+) -->\n).*?(<!-- trust end -->)", re.DOTALL)
#: Works by people who took part in 1917 on a side, or written to uphold one: the beginnings of their names in `source`.
TOOK_PART = ("Lenin", "Stalin", "Trotsky", "John Reed", "Sverdlov", "Rabochaya gazeta", "seed 00", "Journal of People")
_OF = {"all": "all", "space": "in space", "elections": "elections in time", "time": "along time"}
_TARGETS = {"bolshevik": "Bolshevik share", "families": "four families", "motions": "motions"}


def read(path: Path = KEPT) -> dict[str, Any]:
    """A validation. Raises :class:`sim.InputError` where there is none."""
    if not path.is_file():
        raise sim.InputError(f"there is no validation at {path}: run `october validate`, then give its file to --take.")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def filled(text: str, kept: Mapping[str, Any]) -> str:
    """A page with its blocks made anew. Raises KeyError for a block that nobody makes."""
    return _BLOCK.sub(lambda found: f"{found[1]}{BLOCKS[found[2]](kept).strip()}\n{found[3]}", text)


def number(value: float | None, digits: int = 1) -> str:
    """A number, or a dash."""
    return "-" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def _span(row: Mapping[str, Any]) -> str:
    return "" if row.get("low") is None else f"{number(row['low'])} to {number(row['high'])}"


# --- the blocks -------------------------------------------------------------------------------------------------------


def contests_block(kept: Mapping[str, Any]) -> str:
    """How many contests stand on which side."""
    del kept
    rows = []
    for split in ("calibrate", "validate", "context"):
        own, beside = contests(split), apart(split)
        members = sum(c.question.form == "members" for c in beside)
        bolshevik, motions = sum("bolshevik" in c.observed for c in own), sum(c.is_motion for c in own)
        counts = (len(own), bolshevik, motions, members, len(beside) - members, len(own) + len(beside))
        rows.append((split, *map(str, counts)))
    heads = ("side", "contests", "with a Bolshevik share", "motions", "of members", "of national lists", "together")
    return table(heads, rows, heads[1:])


def errors_block(kept: Mapping[str, Any]) -> str:
    """Errors against their marks."""
    rows = [
        (r["split"], _OF[r["of"]], _TARGETS[r["targets"]], number(r["error"]), _span(r), f"{r['at_most']:g}",
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
        "weighing alike; the marks were written down before any fit."
    )


def intervals_block(kept: Mapping[str, Any]) -> str:
    """Coverage and width of intervals."""
    rows = []
    for r in kept["forecasts"]:
        if r["who"] == "model" and r["of"] == "all" and r["n"]:
            held = [
                f"{100 * r[f'held_{x}']:.0f} % ({100 * r[f'held_{x}_low']:.0f} to {100 * r[f'held_{x}_high']:.0f})"
                for x in (50, 90)
            ]
            rows.append((r["split"], _TARGETS[r["targets"]], *held, number(r["width_90"]), str(r["n"])))
    heads = ("side", "of", "half holds", "nine in ten holds", "mean width", "contests")
    mark = marks()["intervals"]
    told = (
        f"Intervals hold doubt about parameters, chance and discrepancy. Marks: nine-in-ten intervals should hold "
        f"{100 * mark['least_coverage']:.0f} to {100 * mark['most_coverage']:.0f} per cent with a mean width under "
        f"{mark['mean_width']:g} points."
    )
    return f"{told}\n\n{table(heads, rows, ('mean width', 'contests'))}"


def rivals_block(kept: Mapping[str, Any]) -> str:
    """CRPS and error of the model and its rivals on contests not fitted."""
    rows = []
    for of, part in _OF.items():
        for targets, name in _TARGETS.items():
            chosen = {
                r["who"]: r for r in kept["forecasts"]
                if (r["split"], r["of"], r["targets"]) == ("validate", of, targets) and r["n"]
            }  # fmt: skip
            if chosen:
                cells = [f"{number(chosen[w]['crps'])} ({number(chosen[w]['error'])})" for w in ("model", *BASELINES)]
                rows.append((part, name, str(chosen["model"]["n"]), *cells))
    heads = ("part", "of", "contests", "model", *TITLES.values())
    told = "CRPS on contests not fitted, the mean absolute error in brackets; less is better."
    return f"{told}\n\n{table(heads, rows, heads[2:])}"


def left_out_block(kept: Mapping[str, Any]) -> str:
    """Leaving groups out, and the hindcast."""
    left, hind = kept.get("leave_out"), kept.get("hindcast")
    if not left or not hind:
        return "Not run yet: `python -m analysis leave_out --write`, `python -m analysis hindcast --write`."
    at_most = {(m["of"], m["targets"]): f"{m['at_most']:g}" for m in marks()["leave_out"]}
    rows = []
    for name, told in (("leave one group out", left), ("from 31 July", hind)):
        for r in told["scores"]:
            if r["who"] == "model" and r["n"] and not (name != "leave one group out" and r["of"] != "all"):
                regression = next(
                    o for o in told["scores"]
                    if (o["who"], o["of"], o["targets"]) == ("regression", r["of"], r["targets"])
                )  # fmt: skip
                mark = at_most.get((r["of"], r["targets"]), "") if name == "leave one group out" else "none"
                rows.append(
                    (name, _OF[r["of"]], _TARGETS[r["targets"]], number(r["error"]), _span(r), mark, str(r["n"]),
                     number(regression["error"]), f"{100 * r['held']:.0f} %", number(r["width"]))
                )  # fmt: skip
    heads = ("foreseen", "part", "of", "error", "nine tenths of resamples", "mark", "contests", "class by distance",
             "nine in ten holds", "mean width")  # fmt: skip
    return table(heads, rows, (*heads[3:4], *heads[5:]))


def patterns_block(kept: Mapping[str, Any]) -> str:
    """Every pattern with the share of sets that show it."""
    rows = [
        (p["id"], p["title"], p["status"], f"{p['held']} of {p['runs']}" if p["numbers"] else "",
         p["rule"] + (" (extrapolation)" if p["beyond"] else ""), p["source"])
        for p in kept["patterns"]
    ]  # fmt: skip
    met = sum(p["status"] == "met" for p in kept["patterns"])
    told = f"{met} of {len(rows)} patterns and controls are met."
    if kept["sets"]:
        least = 100 * marks()["share_of_sets"]
        told += f" One is met where at least {least:.0f} per cent of the sets show it, each by itself."
    return f"{told}\n\n{table(('', 'pattern', 'status', 'sets', 'rule', 'source'), rows, ('sets',))}"


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


def partisan_block(kept: Mapping[str, Any]) -> str:
    """Contests that rest on works of people who took part, or that uphold a side."""
    del kept
    rows = []
    for split in ("calibrate", "validate"):
        every = (*contests(split), *apart(split))
        chosen = [c for c in every if all(took_part(work) for work in works(c))]
        named = "; ".join(c.title if c.question.subject == "constituent_assembly" else _dated(c) for c in chosen)
        rows.append((split, f"{len(chosen)} of {len(every)}", named))
    return table(("side", "contests", "which"), rows)


def _dated(contest: Contest) -> str:
    return f"{contest.title} ({contest.day})"


def works(contest: Contest) -> list[str]:
    """The works that a contest's figures come from."""
    return sorted({source(row) for rows in contest.rows.values() for row in rows})


def took_part(work: str) -> bool:
    """Whether a work is by someone who took part on a side, or upholds one."""
    return work.startswith(TOOK_PART)


def nation_block(kept: Mapping[str, Any]) -> str:
    """The country's vote, which is never fitted."""
    numbers = next(p["numbers"] for p in kept["patterns"] if p["id"] == "nation")
    national = next(p["numbers"] for p in kept["patterns"] if p["id"] == "national lists")
    if not numbers or not national:
        return "The country's vote was not measured."
    return (
        f"The country's vote, never fitted, comes to {numbers['bolshevik']:.0f} per cent Bolshevik, "
        f"{numbers['sr']:.0f} SR with Left SR and {national['country']:.0f} for national lists (about 24, 38 to 41 and "
        "23 were counted)."
    )


def readme_block(kept: Mapping[str, Any]) -> str:
    """The table of the README, with what it takes to read it."""
    parts = [errors_block(kept), nation_block(kept)]
    held = [r for r in kept["forecasts"] if (r["split"], r["of"], r["who"]) == ("validate", "all", "model") and r["n"]]
    if held:
        told = "; ".join(
            f"{_TARGETS[r['targets']]}: {100 * r['held_90']:.0f} per cent of {r['n']} contests, mean width "
            f"{number(r['width_90'])}" for r in held
        )  # fmt: skip
        parts += [f"Nine-in-ten intervals hold, on contests not fitted: {told}.", rivals_block(kept)]
    parts.append(left_out_block(kept))
    for status, words in (("met", "Patterns and controls that are met"), ("not met", "Not met")):
        names = [f"{p['title']} ({p['held']} of {p['runs']})" for p in kept["patterns"] if p["status"] == status]
        parts.append(f"{words} (in brackets how many sets or runs show it): {'; '.join(names) or 'none'}.")
    off = len({row["contest"] for row in kept["far_off"]})
    parts.append(
        f"{off} of {len({c['contest'] for c in kept['contests']})} contests have a figure that is off by more than "
        f"{kept['explain_beyond']:g} points; each stands in [docs/limits.md](docs/limits.md) with what explains it."
    )
    return "\n\n".join(parts)


BLOCKS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "readme": readme_block,
    "contests": contests_block,
    "errors": errors_block,
    "intervals": intervals_block,
    "rivals": rivals_block,
    "left out": left_out_block,
    "patterns": patterns_block,
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

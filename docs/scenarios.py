"""One page per shipped scenario, from its card and, where runs were made, their results.

``python -m docs.scenarios`` writes what the cards say; ``--runs N`` makes the results anew, and goes on where an
earlier call was stopped. Results stay on a page, with the stamp of the model that made them, until they are made again.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

from docs.scenario_results import base_of, made
from sim.inputs.scenario import DESCRIPTION, Scenario
from sim.inputs.scenario_file import shipped, shipped_lenses
from sim.running.vocabulary import lens, load
from sim.words.calendar import show_both

FOLDER = Path(__file__).resolve().parent / "scenarios"
#: What stands around the results on a page.
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
KINDS = {
    "historical": "History",
    "open": "Left to the model",
    "minimal_rewrite": "Minimal rewrite: a choice that someone proposed at the time",
    "stretch": "Stretch: several people must act against known preferences",
    "mechanism_probe": "Mechanism probe: not history; a part is switched off to see what it does",
}
SPEAKERS = {
    "liberal": "A liberal", "menshevik": "A Menshevik", "sr": "An SR", "bolshevik": "A Bolshevik",
    "national_leader": "A national leader", "villager": "A villager",
}  # fmt: skip
PARTS = {
    "changed": "What is changed",
    "held_fixed": "What is held fixed",
    "why_possible": "Why it was possible then",
    "settle_by": "What would settle it",
    "cannot_say": "What it can't say",
}
#: The cards for class, in order of time, and the flagship's three.
CLASS = (
    "coalition_refused", "land_early", "moderates_deliver", "no_offensive", "soviet_power_july",
    "assembly_in_september", "kornilov_with_kerensky", "no_kornilov", "soviet_power_september", "congress_first",
    "land_and_peace_24_october", "no_walkout", "soviet_power_november", "split_lists", "assembly_sits",
)  # fmt: skip
FLAGSHIP = ("soviet_power_july", "soviet_power_september", "soviet_power_november")


def page(name: str, part: str = "") -> str:
    """The page of one scenario with a results part as it is given."""
    scenario = load(name)
    card = scenario.card
    lines = [f"# {scenario.title}", "", f"*{KINDS[str(scenario.kind)]}.* `{name}`{_when(scenario)}", ""]
    lines += [f"> {scenario.question}", ""]
    for key, title in PARTS.items():
        lines += [f"## {title}", "", *_wrapped(str(getattr(card, key))), ""]
    lines += ["## What each would say was at stake", ""]
    voices = card.voices.model_dump() if card is not None else {}
    lines += [line for speaker, title in SPEAKERS.items() for line in _wrapped(f"- {title}: {voices[speaker]}", "  ")]
    lines += ["", "## In the file", "", "```yaml", _changes(scenario), "```", ""]
    lines += [
        "## To run it",
        "",
        "```sh",
        _command(scenario),
        "```",
        "",
        BEGIN,
        *([part] if part else []),
        END,
        "",
    ]
    lines += ["## Sources", "", *[line for s in scenario.sources for line in _wrapped(f"- {s.work}", "  ")], ""]
    if scenario.ledger:
        lines += [f"Ledger: {', '.join(scenario.ledger)}. [All cards](../catalogue.md)", ""]
    return "\n".join(lines)


def kept(path: Path) -> str:
    """The results part of a page as it stands; empty without one."""
    if not path.exists():
        return ""
    return path.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip("\n")


def all_pages() -> dict[Path, str]:
    """Path -> text of every page, with the results that are there."""
    pages = {FOLDER / f"{name}.md": page(name, kept(FOLDER / f"{name}.md")) for name in shipped()}
    return {**pages, FOLDER.parent / "catalogue.md": catalogue()}


def catalogue() -> str:
    """The index of all cards and lenses."""
    others = [name for name in shipped() if name not in {*CLASS, *FLAGSHIP, "historical", "open"}]
    parts = {"class": _index(CLASS), "flagship": _index(FLAGSHIP), "others": _index(others), "lenses": _lenses()}
    text = (FOLDER.parent / "source" / "catalogue.md").read_text(encoding="utf-8")
    for part, table in parts.items():
        text = text.replace(f"{{{{ {part} }}}}", table)
    return text


def _index(names: Iterable[str]) -> str:
    """A table of cards."""
    rows = ["| card | label | question | from | ledger |", "| --- | --- | --- | --- | --- |"]
    for name in names:
        scenario = load(name)
        since = show_both(scenario.divergence) if scenario.divergence is not None else "the first day"
        label = KINDS[str(scenario.kind)].partition(":")[0]
        cells = (
            f"[{scenario.title}](scenarios/{name}.md)",
            label,
            scenario.question,
            since,
            ", ".join(scenario.ledger),
        )
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(rows)


def _lenses() -> str:
    """A table of lenses."""
    rows = ["| lens | camp | what it holds | settings | ledger |", "| --- | --- | --- | ---: | --- |"]
    for name in shipped_lenses():
        found = lens(name)
        cells = (f"`{name}`", found.camp, found.text, str(len(found.parameters)), ", ".join(found.ledger))
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _when(scenario: Scenario) -> str:
    return f" · diverges on {show_both(scenario.divergence)}" if scenario.divergence is not None else ""


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, 118, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _changes(scenario: Scenario) -> str:
    """What a run reads of the scenario, without what all have."""
    from io import StringIO

    from ruamel.yaml import YAML

    told = {k: v for k, v in scenario.substance().items() if k not in (*DESCRIPTION, "start")}
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.width = False, 118
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = StringIO()
    writer.dump(told, stream)
    return stream.getvalue().rstrip("\n")


def _command(scenario: Scenario) -> str:
    if scenario.kind == "historical":
        return "october run historical --runs 20"
    later = f" --until {scenario.until}" if scenario.until != load("historical").until else ""
    return f"october compare {base_of(scenario)} {scenario.name} --runs 20{later}"


def main() -> int:
    """Write the pages that are not current."""
    parser = argparse.ArgumentParser(prog="python -m docs.scenarios", description="Write the pages of the scenarios.")
    parser.add_argument("names", nargs="*", help="whose results to make (all of them)")
    parser.add_argument("--runs", type=int, default=0, help="pairs of runs for the results; 0 leaves them as they are")
    parser.add_argument("--agents", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results/scenario_pages"), help="where runs are kept")
    asked = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if asked.runs:
        for name, part in made(asked.names or shipped(), asked.out, asked.runs, asked.agents, asked.jobs):
            _write(FOLDER / f"{name}.md", page(name, part))
    for path, text in all_pages().items():
        _write(path, text)
    return 0


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
        print(f"written: {path.relative_to(FOLDER.parent.parent).as_posix()}")


if __name__ == "__main__":
    sys.exit(main())

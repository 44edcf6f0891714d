"""``python -m analysis NAME``: the commands of the studies. Without a name: which there are.

What everybody uses are commands of ``october``; these make what the project ships and its pages tell.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

#: Command -> its module, in the order in which the work goes. Each module has a ``main(arguments)``.
COMMANDS: Mapping[str, str] = {
    "lens_axes": "analysis.inference.lens_axes",
    "reference": "analysis.inference.reference",
    "matching": "analysis.inference.matching",
    "accept": "analysis.inference.accept",
    "recovery": "analysis.inference.recovery",
    "rejection": "analysis.inference.rejection",
    "posterior_page": "analysis.inference.page",
    "leave_out": "analysis.validation.leave_out",
    "hindcast": "analysis.validation.hindcast",
    "trust": "analysis.validation.trust",
    "doubts": "analysis.studies.doubts",
    "ablation": "analysis.studies.ablation",
    "studies_page": "analysis.studies.page",
    "free": "analysis.studies.free",
    "gallery": "analysis.plots.gallery",
}


def listing() -> str:
    """The commands with what each is for, in the words of its module."""
    width = max(map(len, COMMANDS))
    rows = [f"  {name:{width}}  {_about(module)}" for name, module in COMMANDS.items()]
    return "\n".join(["usage: python -m analysis NAME [--help] ...", "", *rows])


def _about(module: str) -> str:
    """The first line of a module's docstring, read without importing it."""
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None
    told = ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))) or ""
    return told.splitlines()[0].replace("``", "")


def main(arguments: Sequence[str]) -> None:
    """Run the command that is named first. Ends with 2 and one sentence where there is none of that name."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(listing())
        return
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"unknown command '{name}'. Expected one of: {', '.join(COMMANDS)}.", file=sys.stderr)
        raise SystemExit(2)
    import_module(COMMANDS[name]).main(rest)


if __name__ == "__main__":
    main(sys.argv[1:])

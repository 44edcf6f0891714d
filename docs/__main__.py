"""``python -m docs``: write the generated pages; ``--read PHASE`` notes that equations were compared with the code."""

from __future__ import annotations

import argparse
import sys

from docs import equations, pages


def main() -> int:
    """Write what is not current and tell what needs a reader."""
    parser = argparse.ArgumentParser(prog="python -m docs", description="Write the generated pages of docs/.")
    parser.add_argument(
        "--read",
        metavar="PHASE",
        nargs="+",
        default=[],
        help="these equations were compared with the code as it is now",
    )
    for phase in parser.parse_args().read:
        equations.note_as_read(phase)
    for name, text in pages.all_pages().items():
        path = pages.FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"written: docs/{name}")
    for phase in equations.to_read():
        print(
            f"the code of '{phase}' has changed: compare docs/source/equations.md, then python -m docs --read {phase}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

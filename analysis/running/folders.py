"""Where the project keeps what its studies read and write, whichever room they are in."""

from __future__ import annotations

from pathlib import Path

_ANALYSIS = Path(__file__).resolve().parents[1]

#: The repository, and its pages. A wheel has no pages: only commands that are run from a clone write them.
ROOT = _ANALYSIS.parent
DOCS = ROOT / "docs"
#: The evidence that the model is compared with.
TARGETS = _ANALYSIS / "targets"
#: The table of runs and what was inferred and foreseen from it.
REFERENCE = _ANALYSIS / "reference"
#: Reports of sensitivity, doubts and ablation.
STUDIES = _ANALYSIS / "studies"

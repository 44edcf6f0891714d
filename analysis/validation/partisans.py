"""Contests that rest on works of people who took part in 1917, or of works written to uphold a side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analysis.evidence.contests import Contest, apart, contests, source
from analysis.words.markdown import table

#: People who took part in 1917 on a side, and papers of parties, wherever a source names them.
TOOK_PART = (
    "Lenin", "Stalin", "Trotsky", "Reed", "Sverdlov", "Shestakov", "Melgunov", "Steinberg", "Raskolnikov", "Denikin",
    "Rabochaya gazeta", "Pravda", "Vpered",
)  # fmt: skip
#: Works written to uphold a side: the essays that the project began from, reference works and monographs published
#: under the Soviet party (Spirin where he stands alone, not beside Radkey), magazines and sites of the left.
UPHOLD = (
    "seed 00[0-4]", "Great Soviet Encyclopedia", "Soviet monograph", "Soviet histories", "official Soviet figure",
    r"Spirin \(as reported", r"\(Spirin\)", "History of the Civil War in the USSR", "Journal of People",
    "International Socialist Review", "Marxists Internet Archive", "Marx's theory of",
)  # fmt: skip
_NAMED = re.compile(rf"(?<!\w)(?:{'|'.join((*TOOK_PART, *UPHOLD))})(?!\w)")


def took_part(work: str) -> bool:
    """Whether any part of a source is by someone who took part on a side, or upholds one."""
    return _NAMED.search(work) is not None


def works(contest: Contest) -> list[str]:
    """The works that a contest's figures come from."""
    return sorted({source(row) for rows in contest.rows.values() for row in rows})


def partisan_block(kept: Mapping[str, Any]) -> str:
    """Contests that have no source but such works."""
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

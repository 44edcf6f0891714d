"""The gallery of docs: every kind of figure drawn from one result, with the line that draws it.

``python -m analysis gallery --from DIR --compare DIR --contingency DIR`` writes ``docs/gallery/*.png`` and
``docs/gallery.md`` anew.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

import sim
from analysis.plots.kinds import Drawable, draw, save

#: Bytes that a picture may take, so that the repository stays small.
MOST_BYTES = 250_000
_OPTIONS = {"parties": "party"}
#: Where the examples find what they draw.
FOLDERS = {
    "results": "results/historical",
    "comparison": "results/summer",
    "contingency": "results/contingency-open",
}


@dataclass(frozen=True)
class Picture:
    """One picture: name of its file, heading, what it shows, kind and options."""

    name: str
    heading: str
    text: str
    kind: str
    options: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    #: What it is drawn from: results, a comparison or a contingency.
    of: str = "results"

    @property
    def command(self) -> str:
        """The command that draws it from a result directory."""
        words = ["october", "plot", FOLDERS[self.of], "--kind", self.kind]
        for name, value in self.options.items():
            for one in [value] if isinstance(value, str) else value:
                words += [f"--{_OPTIONS.get(name, name)}", one]
        return shlex.join([*words, "-o", f"{self.name}.png"])

    @property
    def python(self) -> str:
        """The same in Python."""
        rest = [f"{name}={list(v) if isinstance(v, tuple) else v!r}" for name, v in self.options.items()]
        return f"{self.of}.plot({', '.join([f'kind={self.kind!r}', *rest])})".replace("'", '"')


PICTURES: tuple[Picture, ...] = (
    Picture(
        "strata", "Whom each stratum follows",
        "One panel a stratum, a line a party. A line is the median of the runs, a band holds eight runs in ten; the "
        "sentence under the title says whether it shows chance alone or doubt about the parameters too. Parties too "
        "small in a panel to be told apart are summed up.",
        "strata", {"size": "page"},
    ),
    Picture(
        "places", "Chosen places",
        "The same for places: an id, a whole or a pattern, several if wanted, all people or one stratum.",
        "places", {"stratum": "soldier", "size": "slide"},
    ),
    Picture(
        "parties", "Party by party",
        "A panel a party, a line a stratum: the part of each stratum that follows it.",
        "parties", {"parties": ("bolshevik", "sr", "menshevik", "kadet"), "size": "slide"},
    ),
    Picture(
        "policy", "Policy and party",
        "Support for soviet power beside support for a party. The line under a panel's title says which runs ahead, by "
        "how many points at most, and when.",
        "policy", {"size": "slide"},
    ),
    Picture(
        "seats", "Seats",
        "Standing bodies as areas through the year, bodies that met once as half-circles of dots. The order of "
        "seating has no meaning.",
        "seats", {"size": "page"},
    ),
    Picture(
        "regions", "Region by region",
        "Towns, garrisons and villages of each region on one scale, for a party or for soviet power.",
        "regions", {"size": "slide"},
    ),
    Picture(
        "actions", "What people did",
        "People who came out, by month. Dots are what was counted, filled where the figure was read in its source, "
        "open where it is quoted from memory. Offences on the land were counted in another unit, so only the shape of "
        "the year is compared. Deaths are not drawn.",
        "actions", {"size": "slide"},
    ),
    Picture(
        "elections", "Votes, houses and motions beside the evidence",
        "Every contest that the tables can answer. Open circles were used to fit the model, filled ones were held "
        "back, diamonds are neither fitted nor scored.",
        "elections", {"size": "page"},
    ),
    Picture(
        "power", "Whose orders are obeyed",
        "Dual power, measured: the part of the people of a place who would obey soviet or cabinet if they gave "
        "opposite orders.",
        "power", {"size": "slide"},
    ),
    Picture(
        "scorecard", "The worksheet of a debate",
        "Thirteen questions of the debate over October, with the quantities behind each and both readings. No total.",
        "scorecard", {"size": "page"},
    ),
    Picture(
        "timeline", "When events came",
        "Dates of events over the runs beside the recorded ones; drawn of a history left to the model it shows how "
        "widely they spread.",
        "timeline", {"size": "slide"},
    ),
    Picture(
        "differences", "What a change of history made",
        "Two scenarios with the same luck, run by run: the mean difference and its interval. After six weeks the "
        "ribbon fades, since the model extrapolates.",
        "differences", {"size": "slide"}, "comparison",
    ),
    Picture(
        "odds", "When and how often outcomes came",
        "Every dot is a part of the runs, so that odds can be counted; runs in which it did not come stand apart.",
        "odds", {"size": "page"}, "comparison",
    ),
    Picture(
        "histories", "Single histories",
        "Runs one by one, the same luck in each scenario: what a band hides.",
        "histories", {"size": "slide"}, "comparison",
    ),
    Picture(
        "contingency", "Until when was it open?",
        "The odds of an outcome, by the date from which history is left to the model, with intervals.",
        "contingency", {"outcome": ("soviet_power", "insurrection"), "size": "slide"}, "contingency",
    ),
    Picture(
        "new_style", "The other calendar",
        "Any figure with the New Style first: `--calendar ns`.",
        "strata", {"place": "petrograd", "calendar": "ns", "size": "slide"},
    ),
)  # fmt: skip


def write(results: sim.Results, folder: Path, **others: Drawable) -> list[Path]:
    """Draw every picture into ``folder``/gallery and write ``folder``/gallery.md; returns the files.

    ``others``: a ``comparison`` and a ``contingency``. A picture whose tables are not there is left out, and the page
    doesn't name it.
    """
    sources: dict[str, Drawable] = {"results": results, **others}
    target = folder / "gallery"
    target.mkdir(parents=True, exist_ok=True)
    drawn: list[tuple[Picture, Path]] = []
    for picture in PICTURES:
        path = target / f"{picture.name}.png"
        try:
            if picture.of not in sources:
                raise sim.InputError(f"no {picture.of} was given.")
            figure = draw(sources[picture.of], kind=picture.kind, **picture.options)
        except sim.InputError as error:
            print(f"{picture.name} left out: {error}", file=sys.stderr)
            path.unlink(missing_ok=True)
            continue
        save(figure, path)
        _shrink(path)
        drawn.append((picture, path))
    page = folder / "gallery.md"
    page.write_text(_page(results, [picture for picture, _ in drawn]), encoding="utf-8")
    return [*(path for _, path in drawn), page]


def _shrink(path: Path) -> None:
    """Keep a PNG to 256 colours, and to fewer dots if it is still too large."""
    with Image.open(path) as picture:
        plain = picture.convert("RGB")
    for part in (1.0, 0.85, 0.7, 0.55):
        size = (round(plain.width * part), round(plain.height * part))
        small = plain if part == 1.0 else plain.resize(size, Image.Resampling.LANCZOS)
        small.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, "PNG", optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return


def _page(results: sim.Results, pictures: Sequence[Picture]) -> str:
    options = results.manifest["identity"]["options"]
    parts = [
        "# Gallery",
        "Every kind of figure, with the command that draws it and the same in Python. Figures end in `.png`, `.svg` or "
        "`.pdf`; sizes are `slide` (16:9), `page` (17.8 cm wide) and `poster` (A1); dates are Old Style with the New "
        "Style in brackets, the other way round with `--calendar ns`. Numbers over the panels are events, listed "
        "below. Colours part for every common kind of sight, names stand beside their lines, and nothing has to be "
        "matched with a legend.",
        f"These show *{results.title}*: {len(results.runs)} runs of {options['agents']:,} simulated people, seed "
        f"{options['seed']}. They are drawn anew from any result by",
        "```sh\npython -m analysis gallery --from results/historical \\\n"
        "    --compare results/summer --contingency results/contingency-open\n```",
    ]
    for picture in pictures:
        parts += [
            f"## {picture.heading}",
            picture.text,
            f"```sh\n{picture.command}\n```\n\n```python\n{picture.python}\n```",
            f"![{picture.heading}](gallery/{picture.name}.png)",
        ]
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the gallery from a result directory."""
    parser = argparse.ArgumentParser(prog="python -m analysis gallery", description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="source", required=True, metavar="DIR", help="what `october run` wrote")
    parser.add_argument("--to", default="docs", metavar="DIR", help="where gallery.md and gallery/ go (default: docs)")
    parser.add_argument("--compare", metavar="DIR", help="what `october compare` wrote")
    parser.add_argument("--contingency", metavar="DIR", help="what `october contingency` wrote")
    asked = parser.parse_args(arguments)
    others: dict[str, Drawable] = {}
    try:
        results = sim.Results(asked.source)
        if asked.compare:
            others["comparison"] = sim.Comparison(asked.compare)
        if asked.contingency:
            others["contingency"] = sim.Contingency(asked.contingency)
    except sim.InputError as error:
        parser.error(str(error))
    for path in write(results, Path(asked.to), **others):
        print(path)

"""What the sources say of themselves: docstrings, fixed numbers and fingerprints, read without running anything."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEDGER = re.compile(r"\b([A-J]-\d{2,3})\b")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


@dataclass(frozen=True)
class Said:
    """A function or class and its docstring, as Markdown."""

    name: str
    text: str


@dataclass(frozen=True)
class Constant:
    """A fixed number of a module with the comment above it."""

    name: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Module:
    """One source file: its docstring, public functions, Mesa agents and fixed numbers."""

    path: str
    text: str
    functions: tuple[Said, ...]
    agents: tuple[Said, ...]
    constants: tuple[Constant, ...]

    @property
    def name(self) -> str:
        """The last part of the dotted name."""
        return Path(self.path).stem

    @property
    def ledger(self) -> tuple[str, ...]:
        """Ids of the ledger that the docstrings cite, in order."""
        told = " ".join([self.text, *(s.text for s in (*self.functions, *self.agents))])
        return tuple(sorted(set(LEDGER.findall(told))))


@cache
def module(path: str) -> Module:
    """The file at ``path``, such as ``sim/mechanisms/blame.py``. Raises FileNotFoundError."""
    source = (ROOT / path).read_text(encoding="utf-8")
    tree = ast.parse(source)
    public = [node for node in tree.body if not getattr(node, "name", "_").startswith("_")]
    return Module(
        path=path,
        text=markdown(ast.get_docstring(tree) or ""),
        functions=tuple(_said(node) for node in public if isinstance(node, ast.FunctionDef)),
        agents=tuple(_said(node) for node in public if isinstance(node, ast.ClassDef) and _is_agent(node)),
        constants=tuple(_constants(tree, source.splitlines())),
    )


def modules(folder: str) -> tuple[str, ...]:
    """Paths of the files of a folder of ``sim``, by name, without the package's own."""
    found = sorted((ROOT / "sim" / folder).glob("*.py"))
    return tuple(path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py")


def _is_agent(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base) in ("Agent", "mesa.Agent") for base in node.bases)


def _said(node: ast.FunctionDef | ast.ClassDef) -> Said:
    return Said(node.name, markdown(ast.get_docstring(node) or ""))


def _constants(tree: ast.Module, lines: list[str]) -> Iterator[Constant]:
    """Numbers (or tuples of numbers) in capitals with a ``#:`` comment above them."""
    for node in tree.body:
        if not isinstance(node, ast.Assign):
            continue
        names = ast.unparse(node.targets[0]).strip("()")
        if not names.isupper() or not _is_number(node.value):
            continue
        above: list[str] = []
        at = node.lineno - 2
        while at >= 0 and lines[at].startswith("#:"):
            above.insert(0, lines[at].removeprefix("#:").strip())
            at -= 1
        if above:
            yield Constant(names, ast.unparse(node.value).strip("()"), markdown(" ".join(above)))


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(_is_number(part) for part in node.elts)
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def markdown(text: str) -> str:
    """A docstring as Markdown: roles and double ticks become code; what stands indented stays a block."""
    text = re.sub(r":(?:func|class|mod|meth|data|attr):`~?([^`]+)`", r"`\1`", text)
    return re.sub(r"``([^`]+)``", r"`\1`", text).strip()


def first_paragraph(text: str) -> str:
    """The first paragraph on one line."""
    return " ".join(text.split("\n\n")[0].split())


@cache
def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _without_words(node: ast.AST) -> str:
    """The code alone, without docstrings: what a fingerprint is taken of."""
    for part in ast.walk(node):
        if isinstance(part, _DOCUMENTED) and ast.get_docstring(part) is not None:
            part.body = part.body[1:] or [ast.Pass()]
    return ast.unparse(node)


def fingerprint(paths: tuple[str, ...], phase: str) -> str:
    """A short hash of the code of some files and of the phase's method of a day; words don't count."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(_without_words(ast.parse((ROOT / path).read_text(encoding="utf-8"))).encode())
    for node in ast.walk(_tree("sim/engine/day.py")):
        if isinstance(node, ast.FunctionDef) and node.name == phase:
            digest.update(ast.unparse(node).encode())
    return digest.hexdigest()[:10]


def called_in_day(phase: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the files that the phase's method of a day calls, itself or through a method beside it."""
    tree = _tree("sim/engine/day.py")
    methods = {
        node.name: node
        for cls in tree.body
        if isinstance(cls, ast.ClassDef)
        for node in cls.body
        if isinstance(node, ast.FunctionDef)
    }
    names: set[str] = set()
    todo, seen = [phase], set()
    while todo:
        method = todo.pop()
        if method in seen or method not in methods:
            continue
        seen.add(method)
        for node in ast.walk(methods[method]):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id == "self":
                    todo.append(node.attr)
                    names.add(node.attr)
                else:
                    names.add(node.value.id)
    return tuple(path for path in candidates if Path(path).stem in names)

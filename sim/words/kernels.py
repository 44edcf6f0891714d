"""The one decorator that compiles numerical kernels, and the disk cache that they share.

numba's own cache looks only at the file that holds a function and misses edits in files that it calls. So the kernels
of a file have a cache directory named after a hash of that file, of every file that it imports from here, numba's
version and the flags: an edit in any of them means a new directory, never a stale kernel.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from platformdirs import user_cache_path

F = TypeVar("F", bound=Callable[..., Any])

_ROOT = Path(__file__).resolve().parent.parent
_FLAGS: dict[str, Any] = {"fastmath": False, "error_model": "numpy", "nogil": True}


def _sources(path: Path, seen: dict[Path, bytes]) -> dict[Path, bytes]:
    """A file and what it imports from the project, with their text; of files of kernels also what they import."""
    if path in seen:
        return seen
    seen[path] = path.read_bytes()
    for node in ast.walk(ast.parse(seen[path])):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim."):
            inner = _ROOT.joinpath(*node.module.split(".")[1:])
            for imported in (inner.with_suffix(".py"), *(inner / f"{name.name}.py" for name in node.names)):
                if imported.is_file() and b"kernels import" in (text := imported.read_bytes()):
                    _sources(imported, seen)
                elif imported.is_file():
                    seen.setdefault(imported, text)  # constants are compiled in
    return seen


@functools.cache
def fingerprint(path: Path) -> str:
    """What the kernels of a file depend on, as a short hash."""
    digest = hashlib.sha256(f"{numba.__version__} {_FLAGS}".encode())
    for _, source in sorted(_sources(path, {}).items()):
        digest.update(source)
    return digest.hexdigest()[:16]


def cache_directory(path: Path) -> Path:
    """Where a file's kernels are kept: ``OCTOBER_CACHE_DIR``, else the user's cache, else a temporary folder."""
    chosen = os.environ.get("OCTOBER_CACHE_DIR")
    base = Path(chosen) if chosen else user_cache_path("october1917")
    name = Path("kernels") / f"{path.stem}-{fingerprint(path)}"
    folder = base / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        own = f"october1917-{os.getuid() if hasattr(os, 'getuid') else 0}"
        folder = Path(tempfile.gettempdir()) / own / name
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def kernel(function: F) -> F:
    """Compile ``function`` with numba. ``kernel(f).py_func`` is the uncompiled form that the tests compare with.

    No fast maths: the same bits on every machine with the same numba. No parallel loops inside a run: runs are
    spread over processes, so the number of threads can't change a result.
    """
    # numba reads the setting when it makes the function's cache, which is here.
    numba.config.CACHE_DIR = str(cache_directory(Path(function.__code__.co_filename).resolve()))  # type: ignore[attr-defined]
    return numba.njit(cache=True, **_FLAGS)(function)  # type: ignore[no-any-return]

"""The one decorator that compiles numerical kernels, and the disk cache that they share.

numba's own cache looks only at the file that holds a function and misses edits in files that it calls. So the
cache directory is named after a hash of every source file that defines kernels, numba's version and the flags:
an edit anywhere means a new directory, never a stale kernel.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from platformdirs import user_cache_path

F = TypeVar("F", bound=Callable[..., Any])

_FLAGS: dict[str, Any] = {"fastmath": False, "error_model": "numpy", "nogil": True}


def _fingerprint() -> str:
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(f"{numba.__version__} {_FLAGS}".encode())
    for path in sorted(root.rglob("*.py")):
        source = path.read_bytes()
        if b"kernels import" in source:
            digest.update(source)
    return digest.hexdigest()[:16]


def cache_directory() -> Path:
    """Where compiled kernels are kept: ``OCTOBER_CACHE_DIR``, else the user's cache, else a temporary folder."""
    chosen = os.environ.get("OCTOBER_CACHE_DIR")
    base = Path(chosen) if chosen else user_cache_path("october1917")
    folder = base / "kernels" / _fingerprint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = (
            Path(tempfile.gettempdir()) / f"october1917-{os.getuid() if hasattr(os, 'getuid') else 0}" / _fingerprint()
        )
        folder.mkdir(parents=True, exist_ok=True)
    return folder


numba.config.CACHE_DIR = str(cache_directory())  # type: ignore[attr-defined]


def kernel(function: F) -> F:
    """Compile ``function`` with numba. ``kernel(f).py_func`` is the uncompiled form that the tests compare with.

    No fast maths: the same bits on every machine with the same numba. No parallel loops inside a run: runs are
    spread over processes, so the number of threads can't change a result.
    """
    return numba.njit(cache=True, **_FLAGS)(function)  # type: ignore[no-any-return]

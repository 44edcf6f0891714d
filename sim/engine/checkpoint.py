"""Checkpoints: the whole state of a model in one block of bytes, and back.

Arrays go into a zip of npy files, the rest into JSON; nothing is pickled, so a checkpoint from elsewhere can't run
code. What a seed decides (people, traits, ties) is made again; only what a day changes is stored.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.words.errors import InputError

if TYPE_CHECKING:
    from sim.engine.model import Revolution

FORMAT = 2
#: What reading a block that is cut short, altered or foreign can raise.
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, TypeError, ValueError, NotImplementedError)


def pack(model: Revolution) -> bytes:
    """The model's state at the end of a day."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    plain = _split(model.state(), "", arrays)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("state.json", json.dumps({"format": FORMAT, "state": plain}))
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)
    return stream.getvalue()


def unpack(
    cls: type[Revolution], packed: bytes, change: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
) -> Revolution:
    """The model that :func:`pack` was given, its state put through ``change`` first.

    Raises :class:`InputError` for a damaged block or another format.
    """
    try:
        head, arrays = _read(packed)
        form = head["format"]
    except _DAMAGE as error:
        raise InputError(f"not a whole checkpoint of October 1917 ({error}). Expected the bytes as saved.") from error
    if form != FORMAT:
        raise InputError(f"a checkpoint of format {form!r}. Expected format {FORMAT}: make it again with this version.")
    try:
        state = _join(head["state"], arrays)
        return cls.from_state(change(state) if change is not None else state)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"the checkpoint does not fit this version ({error!r}). Expected one that it made.") from error


def _read(packed: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
    """What stands in a block: the plain part and the arrays by name."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        head = json.loads(archive.read("state.json"))
        arrays = {}
        for name in archive.namelist():
            if name.endswith(".npy"):
                with archive.open(name) as file:
                    arrays[name[:-4]] = np.lib.format.read_array(io.BytesIO(file.read()), allow_pickle=False)
    return head, arrays


def _split(value: Any, path: str, arrays: dict[str, np.ndarray[Any, Any]]) -> Any:
    """JSON types as they are; arrays out into ``arrays``, a reference in their place."""
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays):05d}"
        arrays[name] = value
        return {"__array__": name}
    if isinstance(value, dict):
        return {str(k): _split(v, f"{path}/{k}", arrays) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_split(v, path, arrays) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def _join(value: Any, arrays: dict[str, np.ndarray[Any, Any]]) -> Any:
    if isinstance(value, dict):
        if set(value) == {"__array__"}:
            return arrays[value["__array__"]]
        return {k: _join(v, arrays) for k, v in value.items()}
    if isinstance(value, list):
        return [_join(v, arrays) for v in value]
    return value

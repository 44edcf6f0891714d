"""Numbers packed small enough for one file: whole steps, differences in time, LEB128, deflate, base64."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass
class Packer:
    """Blocks of numbers, one behind the other; :meth:`told` says where each begins and how it is shaped."""

    _bytes: bytearray = field(default_factory=bytearray)
    _blocks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, values: NDArray[np.floating[Any]], step: float) -> None:
        """Add a block. ``step`` is the size of one whole step, the precision that is kept; NaN is refused."""
        if not np.isfinite(values).all():
            raise ValueError(f"block {name} holds a number that is not finite")
        data = encode(np.rint(np.asarray(values, dtype=np.float64) / step).astype(np.int64))
        place = {"at": len(self._bytes), "size": len(data), "shape": list(values.shape), "step": step}
        self._blocks[name] = place
        self._bytes += data

    def told(self) -> dict[str, dict[str, Any]]:
        """Name -> where the block lies, its shape and step."""
        return self._blocks

    def text(self) -> str:
        """All blocks, deflated (raw), in base64."""
        squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return base64.b64encode(squeezer.compress(bytes(self._bytes)) + squeezer.flush()).decode("ascii")


def encode(whole: NDArray[np.int64]) -> bytes:
    """Whole numbers as differences along the last axis, zigzag, in LEB128 (seven bits a byte, low bits first)."""
    steps = np.diff(whole, axis=-1, prepend=0).ravel()
    zigzag = ((steps << 1) ^ (steps >> 63)).astype(np.uint64)
    out = np.zeros((zigzag.size, 4), dtype=np.uint8)
    used = np.zeros((zigzag.size, 4), dtype=bool)
    rest = zigzag
    for place in range(4):
        used[:, place] = (rest > 0) if place else True
        out[:, place] = (rest & np.uint64(0x7F)).astype(np.uint8)
        rest = rest >> np.uint64(7)
    if rest.any():
        raise ValueError("a number is too large for four bytes")
    out[:, :3] |= np.where(used[:, 1:], np.uint8(0x80), np.uint8(0))
    return out[used].tobytes()


def decode(data: bytes, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """The inverse of :func:`encode`, as the page does it."""
    values, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            values.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    return np.asarray(values, dtype=np.int64).reshape(shape).cumsum(axis=-1)


def rounded(values: NDArray[np.floating[Any]] | list[float], digits: int = 4) -> list[Any]:
    """Numbers as short JSON lists; NaN becomes null."""
    return [None if not np.isfinite(v) else round(float(v), digits) for v in np.asarray(values, dtype=np.float64)]

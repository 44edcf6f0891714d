"""Tables that are reckoned from runs, not recorded in them: written whole, read whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sim.running.store import FORMATS, Format
from sim.words.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def write(directory: Path, frames: Mapping[str, pd.DataFrame], fmt: Format) -> dict[str, int]:
    """Write each frame as a file of its name; returns the rows of each. A reader sees the old file or the new one."""
    for name, frame in frames.items():
        path = directory / f"{name}.{fmt}"
        draft = path.with_name(f"{path.name}.tmp")
        plain = frame.astype({column: str for column in frame if frame[column].dtype.name == "category"})
        content = pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(None)
        if fmt == "csv":
            pa_csv.write_csv(content, draft)
        else:
            pq.write_table(content, draft, compression="zstd", store_schema=False)
        os.replace(draft, path)
    return {name: len(frame) for name, frame in frames.items()}


def read(directory: Path, name: str) -> pd.DataFrame | None:
    """The frame that :func:`write` wrote, names as plain strings; None if there is none."""
    path = next((directory / f"{name}.{fmt}" for fmt in FORMATS if (directory / f"{name}.{fmt}").exists()), None)
    if path is None:
        return None
    import pandas as pd

    try:
        frame: pd.DataFrame = pd.read_csv(path) if path.suffix == ".csv" else pq.read_table(path).to_pandas()
    except (OSError, ValueError) as error:
        raise InputError(f"{path} can't be read as the table '{name}': {error}") from None
    return frame

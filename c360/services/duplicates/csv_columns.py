"""The columns of a large CSV file, read by Arrow: many times as fast as row by row, and the same, or not at all."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from c360.matching.column import Column, objects
from c360.services.imports.formats import Opened

if TYPE_CHECKING:
    import pyarrow as pa

LEAST = 4 << 20
"""Bytes below which a file is read row by row before Arrow is loaded."""
BLOCK = 4 << 20


class Unlike(Exception):
    """The file may not be one that Arrow reads as an import reads it."""


def read(path: Path, opened: Opened, width: int, wanted: Sequence[int]) -> tuple[list[str], list[Column]]:
    """Return the ids and the columns of a file whose first row is a header of this width; ``wanted`` are their places.

    ``Unlike`` is raised for small files, other encodings, a line that names the separator, NUL, rows of another
    width, rows without an id, ids that are a field too, and quotes that stay open.
    """
    if opened.kind not in ("csv", "tsv") or path.stat().st_size < LEAST or not _is_plain(path, opened.encoding):
        raise Unlike
    if wanted[0] in wanted[1:]:
        raise Unlike
    # Only who has a large file waits for it to load.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    pool = pa.default_memory_pool()
    one, *others = (str(place) for place in wanted)
    types = {**dict.fromkeys(others, pa.dictionary(pa.int32(), pa.string())), one: pa.string()}
    try:
        table = csv.read_csv(
            path,
            csv.ReadOptions(
                column_names=[str(place) for place in range(width)], skip_rows_after_names=1, block_size=BLOCK
            ),
            csv.ParseOptions(delimiter=opened.delimiter, newlines_in_values=True),
            csv.ConvertOptions(
                include_columns=list(types), column_types=types, strings_can_be_null=True, null_values=[""]
            ),
            pool,
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        raise Unlike from error
    if table[one].null_count:
        raise Unlike  # Rows with nothing at all are no rows.
    found = table[one].to_pylist(), [_column(table[place]) for place in others]
    del table
    pool.release_unused()
    return found


def _column(told: "pa.ChunkedArray") -> Column:
    if not told.num_chunks:
        return Column(np.empty(0, np.int32), objects([]))
    chunks = told.unify_dictionaries().chunks
    codes = np.concatenate([chunk.indices.fill_null(-1).to_numpy() for chunk in chunks])
    return Column(codes, objects(chunks[0].dictionary.to_pylist()))


def _is_plain(path: Path, encoding: str) -> bool:
    if encoding not in ("utf-8", "utf-8-sig"):
        return False
    with path.open("rb") as file:
        head = file.read(BLOCK)
        blocks = iter(lambda: file.read(BLOCK), b"")
        return b"sep=" not in head[:7].lower() and b"\x00" not in head and all(b"\x00" not in block for block in blocks)

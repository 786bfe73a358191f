"""Writes rejected rows beside an output."""

from pathlib import Path

import polars as pl

from tradeglyph.results.atomic import whole_file


def rejects_path(out: Path) -> Path:
    """`OUT.rejects.csv`, beside the file or folder `out`."""
    # A name such as "." says nothing of where it is.
    named = out if out.name.strip(".") else out.resolve()
    return named.with_name(f"{named.name}.rejects.csv")


def write_rejects(rejects: pl.DataFrame, out: Path) -> Path | None:
    """Write `OUT.rejects.csv`, with file, line, column and reason, and return its path.

    Without a rejected row nothing is written, and a file of an earlier run is removed, because it
    would speak of other data.
    """
    path = rejects_path(out)
    if rejects.is_empty():
        path.unlink(missing_ok=True)
        return None
    with whole_file(path) as staging:
        rejects.write_csv(staging)
    return path

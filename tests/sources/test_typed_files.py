"""Parquet and Feather."""

from pathlib import Path

import polars as pl
import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.formats import Format
from tradeglyph.sources.typed_files import typed_batches

FRAME = pl.DataFrame({"a": range(1000), "b": ["x"] * 1000})


def _write(path: Path, kind: Format) -> Path:
    if kind is Format.PARQUET:
        FRAME.write_parquet(path)
    else:
        FRAME.write_ipc(path, compression="zstd")
    return path


@pytest.mark.parametrize("kind", [Format.PARQUET, Format.FEATHER])
def test_batches_make_up_the_file(tmp_path: Path, kind: Format) -> None:
    batches = list(typed_batches(_write(tmp_path / "t", kind), kind, 300))
    assert [b.cells.height for b in batches] == [300, 300, 300, 100]
    assert pl.concat([b.cells for b in batches]).equals(FRAME)
    assert pl.concat([b.line for b in batches]).to_list() == list(range(1, 1001))


def test_an_arrow_stream_is_read_too(tmp_path: Path) -> None:
    FRAME.write_ipc_stream(tmp_path / "t.arrow")
    (batch,) = typed_batches(tmp_path / "t.arrow", Format.FEATHER, 5000)
    assert batch.cells.equals(FRAME)


@pytest.mark.parametrize("kind", [Format.PARQUET, Format.FEATHER])
@pytest.mark.parametrize("kept", [0.002, 0.3, 0.7, 0.999])
def test_a_file_that_is_cut_off_is_named(tmp_path: Path, kind: Format, kept: float) -> None:
    path = _write(tmp_path / "t", kind)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(InputError, match="cut off or damaged"):
        list(typed_batches(path, kind, 5000))

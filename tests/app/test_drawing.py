"""Which picture is whose; what the command line makes of it is tested there."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from tests.rows import DAY, FillRow, days, fills_of, steady_candles
from tradeglyph.app import drawing
from tradeglyph.app.drawing import INDEX, draw_into
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.drawing.faithful import faithful
from tradeglyph.picture.encode import encode_jpeg, encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.preview import preview
from tradeglyph.picture.spec import DEFAULT, SEED
from tradeglyph.pipeline.place import place


def made(accounts: int, apart: int = 7) -> tuple[Windows, Candles]:
    """A window each; every one of them looks different."""
    rows: list[FillRow] = []
    for number in range(accounts):
        account, at = f"account {number:03}", DAY + 300 * (number % 11)
        rows.append((account, "X", at, "buy", 9.0 + number / accounts, 1.0 + number))
        rows.append((account, "X", at + 300 * apart, "sell", 11.5 - number / accounts, 2.0))
    return days(fills_of(rows)), steady_candles(40, 9.0, 12.0)


def index(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / INDEX, try_parse_dates=False)


def test_pictures_belong_to_those_the_index_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In several chunks, whose numbers go on."""
    windows, candles = made(23)
    monkeypatch.setattr(drawing, "_CHUNK", 5)
    assert draw_into(tmp_path / "p", windows, candles, DEFAULT, "fast") == 23
    table = index(tmp_path / "p")
    assert table["picture"].n_unique() == 23
    assert table["picture"].to_list() == sorted(table["picture"])
    rasters = draw(place(windows, candles), candles, DEFAULT)
    names = windows.fills.account_names[windows.account].tolist()
    assert table["account_id"].to_list() == names
    pictures = [(tmp_path / "p" / name).read_bytes() for name in table["picture"]]
    assert pictures == [encode_png(preview(raster, DEFAULT)) for raster in rasters]
    assert len(set(pictures)) == 23


def test_the_seeds_spec_in_both_renderers(tmp_path: Path) -> None:
    windows, candles = made(3)
    placed = place(windows, candles)
    draw_into(tmp_path / "fast", windows, candles, SEED, "fast")
    draw_into(tmp_path / "faithful", windows, candles, SEED, "faithful")
    rasters = draw(placed, candles, SEED)
    for at, name in enumerate(index(tmp_path / "fast")["picture"]):
        assert (tmp_path / "fast" / name).read_bytes() == encode_jpeg(rasters[at])
        by_matplotlib = encode_jpeg(faithful(placed, candles, SEED, at))
        assert (tmp_path / "faithful" / name).read_bytes() == by_matplotlib


def test_the_faithful_picture_of_the_default_spec_is_larger(tmp_path: Path) -> None:
    windows, candles = made(2)
    draw_into(tmp_path / "p", windows, candles, DEFAULT, "faithful")
    for name in index(tmp_path / "p")["picture"]:
        with Image.open(tmp_path / "p" / name) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        assert pixels.shape[0] > 96
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 2


def test_no_window_no_picture(tmp_path: Path) -> None:
    windows, candles = days(fills_of([])), steady_candles(2, 9.0, 12.0)
    assert draw_into(tmp_path / "p", windows, candles, DEFAULT, "fast") == 0
    assert [p.name for p in (tmp_path / "p").iterdir()] == [INDEX]
    assert index(tmp_path / "p").is_empty()


def test_a_fault_in_the_middle_leaves_the_earlier_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows, candles = made(4)
    draw_into(tmp_path / "p", windows, candles, DEFAULT, "fast")
    before = {p.name: p.read_bytes() for p in (tmp_path / "p").iterdir()}

    def fail(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(drawing, "encode_png", fail)
    with pytest.raises(KeyboardInterrupt):
        draw_into(tmp_path / "p", *made(2), DEFAULT, "fast")
    assert {p.name: p.read_bytes() for p in (tmp_path / "p").iterdir()} == before

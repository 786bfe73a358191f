"""A mark stands on its fill's own colour."""

import numpy as np
import pytest

from tests.rows import DAY, FillRow, placed_of, steady_candles
from tradeglyph.picture.columns import columns_of
from tradeglyph.picture.fast import draw
from tradeglyph.picture.marks import marks
from tradeglyph.picture.preview import preview
from tradeglyph.picture.spec import DEFAULT, SEED, PictureSpec


def fills(count: int, candles: int) -> list[FillRow]:
    """Buys in the lower and sells in the upper half, far enough apart to be told apart."""
    return [
        ("A", "X", DAY + 300 * (at * candles // count) + 10,
         "buy" if at % 2 else "sell", 10.0 + at % 5 / 5 + (0.0 if at % 2 else 9.0), 1.0)
        for at in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "count", "candles"),
    [(DEFAULT, 1, 1), (DEFAULT, 6, 6), (DEFAULT, 30, 30), (DEFAULT, 130, 130), (SEED, 6, 60),
     (SEED, 1, 1)],
)  # fmt: skip
def test_on_the_colour_of_its_side(spec: PictureSpec, count: int, candles: int) -> None:
    market = steady_candles(candles, 10.0, 20.0)
    placed = placed_of(fills(count, candles), market)
    columns = columns_of(placed, market)
    raster = draw(placed, market, spec, columns)[0]
    picture = raster if spec.is_rgb else preview(raster, spec)
    x, y = marks(placed, market, spec, columns)
    red, green, _ = picture[y.astype(int), x.astype(int)].astype(int).T
    buys = placed.windows.fills.side > 0
    assert (red[buys] > green[buys] + 40).all()
    assert (green[~buys] > red[~buys] + 40).all()


@pytest.mark.parametrize("spec", [DEFAULT, SEED])
def test_a_fill_without_a_candle_has_no_mark(spec: PictureSpec) -> None:
    market = steady_candles(4, 10.0, 20.0)
    rows: list[FillRow] = [*fills(4, 4), ("A", "X", DAY + 40_000, "buy", 12.0, 1.0)]
    placed = placed_of(rows, market)
    for axis in marks(placed, market, spec, columns_of(placed, market)):
        assert np.isnan(axis).tolist() == [False] * 4 + [True]

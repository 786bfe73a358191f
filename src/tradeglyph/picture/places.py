"""Rasters of layout `places`: a column per traded candle, upwards the place in the candle.

Planes, each uint8, row 0 at the candle's high:

buy, sell           255 at the place of a fill, shared between the two nearest rows
buy_share,          at the same rows, the account's bought (sold) quantity over the candle's
sell_share          volume, on a log scale from 1/10,000 to 1; 0 where the volume is unknown
candle_ticks        height of the candle in ticks, log scale from 1 to 1,024; whole column
candle_range        height over the mean height in the span, log scale from 1/8 to 8
round_trip          smaller side over larger side of the column
pause               candles since the previous column, log scale to 256

All of them stay as they are when prices are scaled, days shifted, or candles outside the span of
the fills changed.
"""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.columns import Columns, columns_of
from tradeglyph.picture.spec import PictureSpec


def places_raster(
    placed: PlacedWindows, candles: Candles, spec: PictureSpec, columns: Columns | None = None
) -> NDArray[np.uint8]:
    """Rasters of shape (n, 8, height, width), uint8, of all windows at once."""
    columns = columns_of(placed, candles) if columns is None else columns
    raster = np.zeros((len(placed.windows), *spec.shape), dtype=np.uint8)
    x = _x(columns, spec)
    _draw_fills(raster, placed, columns, x)
    _draw_columns(raster, columns, x)
    return raster


def _x(columns: Columns, spec: PictureSpec) -> NDArray[np.int64]:
    """Pixel column of each traded candle; more candles than pixels share pixels evenly."""
    count = np.diff(columns.offset)[columns.owner]
    ordinal = columns.ordinal
    return np.where(count <= spec.width, ordinal, ordinal * spec.width // np.maximum(count, 1))


def _draw_fills(
    raster: NDArray[np.uint8], placed: PlacedWindows, columns: Columns, x: NDArray[np.int64]
) -> None:
    height, width = raster.shape[2:]
    inside = np.flatnonzero(columns.of_fill >= 0)
    column = columns.of_fill[inside]
    sell = (placed.windows.fills.side[inside] != BUY).astype(np.int64)
    share = _share_level(np.where(sell, columns.sell_share[column], columns.buy_share[column]))
    row = (1.0 - placed.place[inside]) * (height - 1)
    top = np.minimum(row.astype(np.int64), height - 2)
    lower_part = row - top
    plane = columns.owner[column] * raster.shape[1] + sell
    for row_at, weight in ((top, 1.0 - lower_part), (top + 1, lower_part)):
        at = (plane * height + row_at) * width + x[column]
        flat = raster.reshape(-1)
        np.maximum.at(flat, at, np.rint(255 * weight).astype(np.uint8))
        np.maximum.at(flat, at + 2 * height * width, np.rint(weight * share).astype(np.uint8))


def _draw_columns(raster: NDArray[np.uint8], columns: Columns, x: NDArray[np.int64]) -> None:
    levels = (
        _level(np.log2(np.maximum(columns.ticks, 1.0)) / 10),
        _level((np.log2(np.maximum(columns.relative_range, 1e-9)) + 3) / 6),
        _level(columns.balance),
        _level(np.log2(1.0 + columns.pause) / 8),
    )
    for plane, level in enumerate(levels, start=4):
        at = np.zeros((len(raster), raster.shape[3]), dtype=np.uint8)
        np.maximum.at(at, (columns.owner, x), level)
        raster[:, plane] = at[:, None, :]


def _share_level(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 for unknown, else 13 to 255: a known share is never mistaken for an unknown one."""
    known = np.log10(np.clip(np.nan_to_num(share, nan=1.0), 1e-4, 1.0)) / 4 + 1
    return np.where(np.isnan(share), 0.0, 255 * (0.05 + 0.95 * known))


def _level(value: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.rint(255 * np.clip(value, 0.0, 1.0)).astype(np.uint8)

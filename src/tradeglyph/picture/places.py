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
    count = (columns.offset[1:] - columns.offset[:-1])[columns.owner]
    ordinal = columns.ordinal
    if not (count > spec.width).any():
        return ordinal
    return np.where(count <= spec.width, ordinal, ordinal * spec.width // np.maximum(count, 1))


def _draw_fills(
    raster: NDArray[np.uint8], placed: PlacedWindows, columns: Columns, x: NDArray[np.int64]
) -> None:
    height, width = raster.shape[2:]
    inside = (columns.of_fill >= 0).nonzero()[0]
    column = columns.of_fill[inside]
    sell = (placed.windows.fills.side[inside] != BUY).astype(np.int64)
    share = _share_level(np.where(sell, columns.sell_share[column], columns.buy_share[column]))
    row = (1.0 - placed.place[inside]) * (height - 1)
    top = np.minimum(row.astype(np.int64), height - 2)
    lower_part = row - top
    plane = columns.owner[column] * raster.shape[1] + sell
    upper = (plane * height + top) * width + x[column]
    of_share = upper + 2 * height * width
    upper_part = 1.0 - lower_part
    ink = (255 * upper_part, 255 * lower_part, upper_part * share, lower_part * share)
    np.maximum.at(
        raster.reshape(-1),
        np.concatenate((upper, upper + width, of_share, of_share + width)),
        np.rint(np.concatenate(ink)).astype(np.uint8),
    )


def _draw_columns(raster: NDArray[np.uint8], columns: Columns, x: NDArray[np.int64]) -> None:
    width = raster.shape[3]
    levels = (
        np.log2(np.maximum(columns.ticks, 1.0)) / 10,
        (np.log2(np.maximum(columns.relative_range, 1e-9)) + 3) / 6,
        columns.balance,
        np.log2(1.0 + columns.pause) / 8,
    )
    level = np.rint(255 * np.concatenate(levels).clip(0.0, 1.0)).astype(np.uint8)
    planes = np.zeros((len(raster), len(levels), width), dtype=np.uint8)
    at = columns.owner * (len(levels) * width) + x
    every = np.concatenate([at + plane * width for plane in range(len(levels))])
    np.maximum.at(planes.reshape(-1), every, level)
    raster[:, 4:] = planes[:, :, None, :]


def _share_level(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """0 for unknown, else 13 to 255: a known share is never mistaken for an unknown one."""
    unknown = np.isnan(share)
    known = np.log10(np.where(unknown, 1.0, share).clip(1e-4, 1.0)) / 4 + 1
    return np.where(unknown, 0.0, 255 * (0.05 + 0.95 * known))

"""A raster of layout `places` as a small picture for people."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.picture.spec import PictureSpec

WIDTH, ROW_PIXELS = 288, 3
LEAST_COLUMNS = 8
"""Fewer traded candles than this leave the right of the picture empty."""
_BACKGROUND, _CANDLE = 255, 236


def preview(raster: NDArray[np.uint8], spec: PictureSpec) -> NDArray[np.uint8]:
    """RGB picture of shape (3 * height, 288, 3) of one raster of shape `spec.shape`.

    A grey column per traded candle, red where the account bought in it and green where it sold;
    the larger its share of the candle's volume, the darker.
    """
    buy, sell, buy_share, sell_share = (raster[i].astype(np.float64) / 255 for i in range(4))
    occupied = (raster[:2] > 0).any(axis=(0, 1))
    used = int(np.flatnonzero(occupied)[-1]) + 1 if occupied.any() else 1
    colour = np.full((spec.height, spec.width, 3), float(_BACKGROUND))
    colour[:, occupied] = _CANDLE
    for dots, share, rgb in (
        (buy, buy_share, spec.buy_colour),
        (sell, sell_share, spec.sell_colour),
    ):
        ink = (
            np.array(rgb)
            * (1 - 0.35 * np.where(dots > 0, share / np.maximum(dots, 1e-9), 0))[..., None]
        )
        colour += (ink - colour) * dots[..., None]
    column = np.arange(WIDTH) * max(used, LEAST_COLUMNS) // WIDTH
    wide = np.rint(colour).astype(np.uint8)[:, np.minimum(column, spec.width - 1)]
    _gaps(wide, column)
    return np.repeat(wide, ROW_PIXELS, axis=0)


def _gaps(picture: NDArray[np.uint8], column: NDArray[np.int64]) -> None:
    """A white line between candles, where they are wide enough to spare it."""
    edge = np.flatnonzero(np.diff(column) > 0)
    if len(edge) and WIDTH // (len(edge) + 1) >= 6:
        picture[:, edge] = _BACKGROUND

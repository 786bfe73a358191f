"""Where a fill stands in the picture that people see."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import SELL
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.chart import chart_dots
from tradeglyph.picture.columns import Columns
from tradeglyph.picture.preview import LEAST_COLUMNS, ROW_PIXELS, WIDTH
from tradeglyph.picture.spec import PictureSpec

Floats = NDArray[np.float64]


def marks(
    placed: PlacedWindows, candles: Candles, spec: PictureSpec, columns: Columns
) -> tuple[Floats, Floats]:
    """Pixels from the left and from the top, along the fills of a batch of one window; NaN for a
    fill without a candle, which is not in the picture.

    The picture is the raster itself for layout `chart` and its `preview` for layout `places`.
    """
    if spec.layout == "chart":
        return _in_chart(placed, candles, spec)
    return _in_preview(placed, spec, columns)


def _in_chart(placed: PlacedWindows, candles: Candles, spec: PictureSpec) -> tuple[Floats, Floats]:
    dots = chart_dots(placed, candles, spec)
    kept = np.flatnonzero(placed.candle >= 0)
    # The buys come first in a picture.
    kept = kept[np.argsort(placed.windows.fills.side[kept] == SELL, kind="stable")]
    x, y = np.full((2, len(placed.candle)), np.nan)
    x[kept], y[kept] = dots.column + 0.5, dots.row + 0.5
    return x, y


def _in_preview(
    placed: PlacedWindows, spec: PictureSpec, columns: Columns
) -> tuple[Floats, Floats]:
    count = len(columns.owner)
    pixel = np.arange(count)
    if count > spec.width:
        pixel = pixel * spec.width // count
    used = max(min(count, spec.width), LEAST_COLUMNS)
    middle = np.append((pixel + 0.5) * WIDTH / used, np.nan)
    row = (1.0 - placed.place) * (spec.height - 1)
    return middle[columns.of_fill], (row + 0.5) * ROW_PIXELS

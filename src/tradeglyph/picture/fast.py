"""The fast renderer: rasters of any spec, a whole batch of windows at once, numpy only."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import PlacedWindows
from tradeglyph.picture.columns import Columns
from tradeglyph.picture.dots import chart_raster
from tradeglyph.picture.places import places_raster
from tradeglyph.picture.spec import PictureSpec


def draw(
    placed: PlacedWindows, candles: Candles, spec: PictureSpec, columns: Columns | None = None
) -> NDArray[np.uint8]:
    """Rasters of shape (n, *spec.shape), uint8; `columns` where they are at hand already."""
    if spec.layout == "chart":
        return chart_raster(placed, candles, spec)
    return places_raster(placed, candles, spec, columns)

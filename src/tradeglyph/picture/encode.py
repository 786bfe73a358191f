"""Files of one picture: JPEG and PNG bytes of a red-green-blue raster."""

from io import BytesIO
from typing import Literal

import numpy as np
from numpy.typing import NDArray

JPEG_QUALITY = 75
"""Pillow's own default, which matplotlib's savefig takes too."""


def encode_jpeg(raster: NDArray[np.uint8], quality: int = JPEG_QUALITY) -> bytes:
    """A baseline JPEG file of `raster`, shape (height, width, 3), uint8.

    Raises ValueError where the raster has another shape or type.
    """
    return _encoded(raster, "JPEG", quality=quality)


def encode_png(raster: NDArray[np.uint8]) -> bytes:
    """A PNG file of `raster`, shape (height, width, 3), uint8; loses nothing.

    Raises ValueError where the raster has another shape or type.
    """
    # Flat pictures compress well at once; more effort costs four times the time for little.
    return _encoded(raster, "PNG", compress_level=1)


def _encoded(raster: NDArray[np.uint8], kind: Literal["JPEG", "PNG"], **options: object) -> bytes:
    # Imported here: whoever only needs arrays needs no Pillow.
    from PIL import Image

    if raster.ndim != 3 or raster.shape[2] != 3 or raster.dtype != np.uint8:
        raise ValueError(f"need uint8 of (height, width, 3), got {raster.dtype} {raster.shape}")
    out = BytesIO()
    Image.fromarray(np.ascontiguousarray(raster)).save(out, kind, **options)
    return out.getvalue()

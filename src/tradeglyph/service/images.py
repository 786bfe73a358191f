"""Pictures that clients send, as rasters that a model reads."""

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradeglyph.picture.spec import PictureSpec

if TYPE_CHECKING:
    from PIL import Image

MEDIA_TYPES = ("image/jpeg", "image/png", "application/x-image")
FORMATS = ("JPEG", "PNG")
MOST_PIXELS = 25_000_000
"""Of a picture before it is unpacked: no chart has more, and three bytes each must fit memory."""


class NotAPicture(Exception):  # noqa: N818  says what it is
    """The bytes are no picture that can be read; the message says why, in one line."""


def raster_of(content: bytes, spec: PictureSpec) -> NDArray[np.uint8]:
    """A raster of `spec`, which must be RGB, from a whole JPEG or PNG file, whichever it is.

    Another size is resized (bilinear, with antialiasing, as Pillow does); what is transparent
    becomes white, which is the charts' paper. Raises NotAPicture.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            width, height = image.size  # from its head: nothing is unpacked yet
            if width * height > MOST_PIXELS:
                raise NotAPicture(f"it has {width:,} x {height:,} pixels; {MOST_PIXELS:,} at most")
            image.load()
            return _fitted(image, spec)
    except NotAPicture:
        raise
    except Exception as error:  # broken files raise nearly anything
        raise NotAPicture("it is no whole JPEG or PNG file") from error


def _fitted(image: "Image.Image", spec: PictureSpec) -> NDArray[np.uint8]:
    from PIL import Image

    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, image)
    if image.mode.startswith("I"):  # 16 bits of grey, which `convert` would cut off at 255
        grey = np.asarray(image, dtype=np.int64) >> 8
        image = Image.fromarray(grey.clip(0, 255).astype(np.uint8))
    image = image.convert("RGB")
    if image.size != (spec.width, spec.height):
        image = image.resize((spec.width, spec.height), Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.uint8)

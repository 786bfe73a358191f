"""Picture files: PNG loses nothing, JPEG little, and what is no picture is refused."""

from io import BytesIO

import numpy as np
import pytest
from bench.drawing import workload
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray
from PIL import Image

from tradeglyph.picture.dots import chart_raster
from tradeglyph.picture.encode import encode_jpeg, encode_png
from tradeglyph.picture.spec import SEED

SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=20).map(lambda shape: (*shape, 3))


def decoded(data: bytes) -> NDArray[np.uint8]:
    with Image.open(BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"))


@settings(max_examples=30)
@given(arrays(np.uint8, SHAPES, elements=st.integers(0, 255)))
def test_png_loses_nothing(raster: NDArray[np.uint8]):
    np.testing.assert_array_equal(decoded(encode_png(raster)), raster)


def test_jpeg_keeps_the_picture():
    raster = chart_raster(*workload(1), SEED)[0]
    again = decoded(encode_jpeg(raster))
    assert again.shape == raster.shape
    assert np.abs(again.astype(int) - raster).mean() < 2
    assert len(encode_jpeg(raster, quality=95)) > len(encode_jpeg(raster, quality=50))


def test_files_are_what_they_say():
    raster = np.zeros((4, 6, 3), np.uint8)
    with (
        Image.open(BytesIO(encode_jpeg(raster))) as jpeg,
        Image.open(BytesIO(encode_png(raster))) as png,
    ):
        assert (jpeg.format, jpeg.size, jpeg.mode) == ("JPEG", (6, 4), "RGB")
        assert (png.format, png.size, png.mode) == ("PNG", (6, 4), "RGB")


def test_a_view_of_a_larger_array_is_encoded_as_it_looks():
    large = np.arange(8 * 9 * 4, dtype=np.uint8).reshape(8, 9, 4)
    view = large[1:7, 2:8, :3]
    np.testing.assert_array_equal(decoded(encode_png(view)), view)


@pytest.mark.parametrize(
    "raster",
    [np.zeros((3, 4, 5), np.uint8), np.zeros((3, 4), np.uint8), np.zeros((3, 4, 3), np.float32)],
)
@pytest.mark.parametrize("encode", [encode_jpeg, encode_png])
def test_what_is_no_picture_is_refused(encode, raster):
    with pytest.raises(ValueError, match="need uint8 of"):
        encode(raster)

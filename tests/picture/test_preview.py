import numpy as np
import pytest
from numpy.typing import NDArray

from tradeglyph.picture.preview import preview
from tradeglyph.picture.spec import DEFAULT

WHITE, GREY = [255] * 3, [236] * 3
RED, GREEN = [255, 0, 0], [0, 128, 0]


def _blank() -> NDArray[np.uint8]:
    return np.zeros(DEFAULT.shape, dtype=np.uint8)


def test_an_empty_raster_is_a_white_picture() -> None:
    picture = preview(_blank(), DEFAULT)
    assert picture.shape == (96, 288, 3)
    assert picture.dtype == np.uint8
    assert (picture == 255).all()


def test_red_below_and_green_above_in_a_grey_candle() -> None:
    """One candle of the eight that there is always room for: 36 pixels, the last one a gap."""
    raster = _blank()
    raster[0, 31, 0] = raster[1, 0, 0] = 255
    picture = preview(raster, DEFAULT)
    assert (picture[93:, :35] == RED).all()
    assert (picture[:3, :35] == GREEN).all()
    assert (picture[3:93, :35] == GREY).all()
    assert (picture[:, 35:] == WHITE).all()


def test_a_larger_share_is_darker() -> None:
    reds = []
    for share in (0, 13, 134, 255):
        raster = _blank()
        raster[0, 31, 0], raster[2, 31, 0] = 255, share
        reds.append(int(preview(raster, DEFAULT)[95, 0, 0]))
    assert reds[0] == 255
    assert reds == sorted(reds, reverse=True)
    assert len(set(reds)) == 4
    assert reds[3] == 166  # 255 * (1 - 0.35) = 165.75


def test_a_dot_between_two_rows_mixes_with_the_candle() -> None:
    raster = _blank()
    raster[0, 15:17, 0] = 51  # a fifth
    picture = preview(raster, DEFAULT)
    assert picture[46, 0].tolist() == [240, 189, 189]  # 236 + 19 / 5, 236 - 236 / 5


@pytest.mark.parametrize(("columns", "gaps"), [(8, 7), (48, 47), (49, 0), (96, 0)])
def test_candles_fill_the_width(columns: int, gaps: int) -> None:
    """White lines part the candles while each has six pixels."""
    raster = _blank()
    raster[0, 31, :columns] = 255
    row = preview(raster, DEFAULT)[0]
    assert (row == WHITE).all(axis=1).sum() == gaps
    assert (row == GREY).all(axis=1).sum() == 288 - gaps

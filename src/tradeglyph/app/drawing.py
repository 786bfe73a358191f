"""Draws one picture per window into a folder, with an index of whose picture is which."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import PlacedWindows, Windows
from tradeglyph.drawing.faithful import faithful, places_picture
from tradeglyph.picture.encode import encode_jpeg, encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.preview import preview
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.place import place
from tradeglyph.results.atomic import whole_folder
from tradeglyph.sources.tables import UTC_TIME

Renderer = Literal["fast", "faithful"]
_CHUNK = 512
INDEX = "pictures.csv"
STEM_BYTES = 120
"""File systems allow names of 255 bytes, and a Chinese character is three of them."""


def draw_into(
    folder: Path, windows: Windows, candles: Candles, spec: PictureSpec, renderer: Renderer
) -> int:
    """Write a JPEG (spec `seed`) or PNG per window and `pictures.csv`; return how many.

    Windows without a fill in a candle have an empty picture. Pictures that an earlier run listed
    in `pictures.csv` are replaced or removed; other files stay. Raises MissingExtra for the
    faithful renderer without matplotlib.
    """
    names: list[str] = []
    earlier = _listed(folder / INDEX)
    with whole_folder(folder, stale=earlier) as staging:
        for first in range(0, len(windows), _CHUNK):
            part = windows.slice(first, min(first + _CHUNK, len(windows)))
            placed = place(part, candles)
            for at, encoded in enumerate(_encoded(placed, candles, spec, renderer)):
                ending = "jpg" if spec.is_rgb else "png"
                names.append(f"{_stem(part, at, first + at)}.{ending}")
                (staging / names[-1]).write_bytes(encoded)
        _index(windows, names).write_csv(staging / INDEX, datetime_format="%Y-%m-%dT%H:%M:%SZ")
    return len(names)


def _listed(index: Path) -> set[str]:
    """Names of the pictures in an index of ours; none where there is no such file."""
    try:
        names = pl.read_csv(index, columns=["picture"], schema_overrides={"picture": pl.String})
    except (OSError, pl.exceptions.PolarsError):
        return set()
    ours = names["picture"].drop_nulls().str.contains(r"^\d{7}_[^/\\]*\.(png|jpg)$")
    return set(names["picture"].drop_nulls().filter(ours))


def _encoded(
    placed: PlacedWindows, candles: Candles, spec: PictureSpec, renderer: Renderer
) -> Iterator[bytes]:
    count = len(placed.windows)
    if renderer == "faithful":
        for at in range(count):
            if spec.is_rgb:
                yield encode_jpeg(faithful(placed, candles, spec, at))
            else:
                yield encode_png(places_picture(placed, candles, at))
        return
    for one in draw(placed, candles, spec):
        yield encode_jpeg(one) if spec.is_rgb else encode_png(preview(one, spec))


def _stem(windows: Windows, at: int, number: int) -> str:
    """A file name that sorts, is unique, and cannot leave the folder."""
    names = windows.fills
    day = np.datetime64(int(windows.start[at]), "us").astype("datetime64[D]")
    account = names.account_names[windows.account[at]]
    symbol = names.symbol_names[windows.symbol[at]]
    text = re.sub(r"[^\w.-]+", "_", f"{account}_{symbol}", flags=re.UNICODE)
    text = text.encode()[:STEM_BYTES].decode(errors="ignore")
    return f"{number:07d}_{text}_{day}"


def _index(windows: Windows, files: list[str]) -> pl.DataFrame:
    names = windows.fills
    return pl.DataFrame(
        {
            "picture": pl.Series(files, dtype=pl.String),
            "account_id": pl.Series(names.account_names[windows.account], dtype=pl.String),
            "symbol": pl.Series(names.symbol_names[windows.symbol], dtype=pl.String),
            "window_start": pl.Series(windows.start).cast(UTC_TIME),
            "window_end": pl.Series(windows.end).cast(UTC_TIME),
        }
    )

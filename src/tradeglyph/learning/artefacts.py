"""Artefact tests: what carries no behaviour must not move a probability.

Dot size and JPEG quality belong to pictures that are files (layout `chart`); the rest to every
model. The rules are point 6 of the project's protocol for judging detection.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import DAY_US, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.probes import Ask, Probe, answers, columns_at
from tradeglyph.picture.encode import JPEG_QUALITY, encode_jpeg
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.cut import cut
from tradeglyph.pipeline.place import place

Floats = NDArray[np.float64]
Figures = dict[str, Any]
Look = Callable[[NDArray[np.uint8]], Floats]
"""Probabilities of rasters, shape (n,)."""

LIMIT = 0.02
"""A probability may move by less than this."""
SCALES = (0.001, 7.3, 1000.0)
DAYS = (1, 3, 365)
DOT_AREAS = (60.0, 100.0)
"""Around the 80 square points of the seeds."""
QUALITIES = (60, 90, 100)
"""Of JPEG files, around the 75 of the seeds' pictures."""


def market_artefacts(ask: Ask, probe: Probe) -> list[Figures]:
    """Price scale, symbol name, day, and candles outside the span of the account's fills."""
    before = probe.asked(ask)
    rows = []
    for name, changes in (
        ("price_scale", _scaled(ask, probe)),
        ("symbol_name", _renamed(ask, probe)),
        ("day", _shifted(ask, probe)),
        ("candles_outside", _outside(ask, probe)),
    ):
        rows.append(moved(name, before, list(changes)))
    return rows


def picture_artefacts(
    look: Look, spec: PictureSpec, windows: Windows, candles: Candles
) -> list[Figures]:
    """Dot size and JPEG quality, for a spec that is a picture; nothing for others.

    The pictures of the seeds are JPEG files, so that is what the changed ones are compared with.
    Windows should all have an answer. Needs Pillow.
    """
    if not spec.is_rgb:
        return []
    placed = place(windows, candles)
    raster = draw(placed, candles, spec)
    drawn = look(raster)
    dots = [look(draw(placed, candles, replace(spec, dot_area=area))) for area in DOT_AREAS]
    filed = look(_as_jpeg(raster, JPEG_QUALITY))
    others = [look(_as_jpeg(raster, quality)) for quality in QUALITIES]
    return [moved("dot_size", drawn, dots), moved("jpeg_quality", filed, [drawn, *others])]


def moved(name: str, before: Floats, after: list[Floats]) -> Figures:
    """How far probabilities moved, at most over the changes; `held` where all under the limit.

    An answer that came or went counts as a move by 1.
    """
    known = ~np.isnan(before)
    most = np.zeros(len(before))
    for answer in after:
        step = np.abs(answer - before)
        lost = np.isnan(answer) != np.isnan(before)
        most = np.maximum(most, np.where(lost, 1.0, np.nan_to_num(step)))
    counted = known | (most > 0)
    most = most[counted]
    worst = float(most.max(initial=0.0))
    return {
        "name": name,
        "windows": len(most),
        "changes": len(after),
        "limit": LIMIT,
        "largest": worst,
        "mean": float(most.mean()) if len(most) else np.nan,
        "over_limit": int((most >= LIMIT).sum()),
        "held": worst < LIMIT,
    }


def _as_jpeg(raster: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    from PIL import Image

    files = (encode_jpeg(picture, quality) for picture in raster)
    return np.stack([np.asarray(Image.open(BytesIO(file)).convert("RGB")) for file in files])


def _scaled(ask: Ask, probe: Probe) -> Iterator[Floats]:
    """Trades and candles in another currency; ticks are not rounded anew."""
    for scale in SCALES:
        fills = replace(probe.fills, price=probe.fills.price * scale)
        prices: dict[str, Any] = {
            name: getattr(probe.candles, name) * scale for name in ("open", "high", "low", "close")
        }
        candles = replace(probe.candles, **prices)
        yield answers(ask, fills, probe.edges, candles, probe.windows)


def _renamed(ask: Ask, probe: Probe) -> Iterator[Floats]:
    """Symbols with other names, in the opposite order."""
    last = probe.windows - 1
    names = np.array([f"renamed/{n} 甲" for n in range(probe.windows)], dtype=object)
    fills = replace(probe.fills, symbol=last - probe.fills.symbol, symbol_names=names)
    candles = probe.candles
    # Candles are sorted by symbol, then start.
    order = np.lexsort((candles.start, -candles.symbol.astype(np.int64)))
    columns = columns_at(candles, order)
    columns["symbol"] = last - columns["symbol"]
    turned = replace(candles, **columns, symbol_names=names)
    yield answers(ask, fills, probe.edges, turned, probe.windows)[::-1]


def _shifted(ask: Ask, probe: Probe) -> Iterator[Floats]:
    """The same days, later."""
    for days in DAYS:
        by = days * DAY_US
        fills = replace(probe.fills, time=probe.fills.time + by)
        candles = replace(probe.candles, start=probe.candles.start + by)
        yield answers(ask, fills, probe.edges + by, candles, probe.windows)


def _outside(ask: Ask, probe: Probe) -> Iterator[Floats]:
    """Candles before the window's first traded one and after its last: gone, or far wilder."""
    outside = _untouched(probe)
    kept = replace(probe.candles, **columns_at(probe.candles, ~outside))
    yield answers(ask, probe.fills, probe.edges, kept, probe.windows)
    candles = probe.candles
    wilder = replace(
        candles,
        high=np.where(outside, candles.high * 3, candles.high),
        low=np.where(outside, candles.low / 3, candles.low),
        open=np.where(outside, candles.high * 2, candles.open),
        volume=np.where(outside, candles.volume * 100, candles.volume),
    )
    yield answers(ask, probe.fills, probe.edges, wilder, probe.windows)


def _untouched(probe: Probe) -> NDArray[np.bool_]:
    """Per candle: whether it lies outside its window's first and last traded candle."""
    fills: Fills = probe.fills
    placed = place(cut(fills, probe.edges), probe.candles)
    inside = placed.candle >= 0
    window = placed.windows.fills.symbol[inside]
    first = np.full(probe.windows, len(probe.candles), dtype=np.int64)
    last = np.full(probe.windows, -1, dtype=np.int64)
    np.minimum.at(first, window, placed.candle[inside])
    np.maximum.at(last, window, placed.candle[inside])
    at, own = np.arange(len(probe.candles)), probe.candles.symbol
    return np.asarray((at < first[own]) | (at > last[own]))

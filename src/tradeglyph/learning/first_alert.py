"""How much of the money is gone before the first alert, when an account is scored as it trades."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.bootstrap import Draws
from tradeglyph.learning.gather import beginnings
from tradeglyph.learning.probes import Ask

Floats = NDArray[np.float64]
Figures = dict[str, Any]

LOOKS = 12
"""A window is scored so many times at most, evenly over its fills."""


def first_alert(
    windows: Windows,
    candles: Candles,
    rows: NDArray[np.intp],
    world: NDArray[np.object_],
    ask: Ask,
    *,
    threshold: float,
    draws: int,
    seed: int,
) -> Figures:
    """Score each window `rows` again and again while it fills up; stop at the first alert.

    `gone` is the money of the fills up to the alert over that of all, added over the windows; a
    window that never alerts has lost all. Candles are taken as they ended: that is what a scorer
    sees that waits for the candle of the last fill to close.

    Args:
        rows: fraud windows.
        world: of each of them, for the interval.
        ask: gives probabilities.
        threshold: alert above it.
        draws: resamples of the worlds.
        seed: of the resamples.
    """
    first, size = _looks(windows.sizes[rows])
    part = beginnings(windows, rows[first], size)
    alert = np.nan_to_num(ask(part, candles), nan=-1.0) > threshold
    reached = np.full(len(rows), np.iinfo(np.int64).max)
    np.minimum.at(reached, first[alert], size[alert])
    total, gone = _money(windows, rows, reached)
    sums = float(total.sum())
    low, high = Draws.of(world, draws, seed).ratio(gone, total)
    alerted = reached <= windows.sizes[rows]
    share = np.divide(gone, total, out=np.ones_like(gone), where=total > 0)
    return {
        "windows": len(rows),
        "alerted": int(alerted.sum()),
        "gone": float(gone.sum()) / sums if sums > 0 else np.nan,
        "low": low,
        "high": high,
        "median_gone": float(np.median(share)) if len(share) else np.nan,
        "before_half": int((share <= 0.5).sum()),
    }


def _looks(sizes: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """For each look: the number of its window, and how many fills there are by then, rising."""
    steps = np.arange(1, LOOKS + 1) / LOOKS
    size = np.maximum(np.ceil(sizes[:, None] * steps).astype(np.int64), 1)
    new = np.ones(size.shape, dtype=bool)
    new[:, 1:] = size[:, 1:] > size[:, :-1]
    window, look = np.nonzero(new)
    return window, size[window, look]


def _money(
    windows: Windows, rows: NDArray[np.intp], reached: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Money that changed hands in each window, and in its first `reached` fills."""
    sizes = windows.sizes[rows]
    part = beginnings(windows, rows, sizes)
    nth = np.arange(len(part.fills)) - np.repeat(part.offset[:-1], sizes)
    money = part.fills.price * part.fills.quantity
    owner = np.repeat(np.arange(len(rows)), sizes)
    before = np.where(nth < reached[owner], money, 0.0)
    # bincount of nothing counts in integers
    total, gone = (np.bincount(owner, m, minlength=len(rows)) for m in (money, before))
    return total.astype(np.float64), gone.astype(np.float64)

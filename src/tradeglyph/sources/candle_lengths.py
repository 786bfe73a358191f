"""Whether all candles of a file are of one length, which is what fills are placed by."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US
from tradeglyph.sources.interval import interval_text

CERTAIN = 32.0
"""Bits. A symbol that skips candles at random looks k times as coarse as it is in n distances with
a probability of k ** -n: it is taken for coarser where that is under 2 ** -32."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLength:
    """A symbol whose candles are not of the length that all are said to be of."""

    symbol: str
    interval: int
    """Microseconds that its candles are long."""
    at: int
    """Position of a candle that follows another of the symbol after that, or sooner than it may."""


def check_one_length(candles: Candles, path: Path) -> None:
    """Raises InputError where a symbol's candles are longer, or shorter, than those of most."""
    found = other_length(candles)
    if found is not None:
        own, most = interval_text(found.interval), interval_text(candles.interval)
        longest = interval_text(max(found.interval, candles.interval))
        raise InputError(
            f"{path}: the candles of {found.symbol} are {own} long and those of most symbols "
            f"{most}; candles of one length are needed: make them so with `tradeglyph candles "
            f"build --from candles --interval {longest}`, or keep those of another length out of "
            "the file"
        )


def other_length(candles: Candles) -> OtherLength | None:
    """A symbol whose candles are longer, or shorter, than `candles.interval`.

    Longer: all its distances are multiples of something longer, too many to be chance, and most of
    them are that itself: symbols that trade at a few auctions a day are as regular, but their
    candles don't follow each other. Nor does a day or more apart say anything. Shorter: most of
    its distances are. (A few are where a session begins off the hour.)
    """
    same = np.diff(candles.symbol) == 0
    step, of = np.diff(candles.start)[same], candles.symbol[1:][same]
    if not len(step):
        return None
    head = np.flatnonzero(np.diff(of, prepend=-1))
    count = np.diff(head, append=len(of))
    divisor = np.gcd.reduceat(step, head)
    shorter = np.add.reduceat((step < candles.interval).astype(np.int64), head)
    coarse = (divisor > candles.interval) & (divisor < DAY_US)
    nexts = np.add.reduceat((step == np.repeat(divisor, count)).astype(np.int64), head)
    coarse &= 2 * nexts > count
    coarse &= count * np.log2(np.maximum(divisor / candles.interval, 1)) >= CERTAIN
    fine = 2 * shorter > count
    others = np.flatnonzero(coarse | fine)
    if not len(others):
        return None
    first = others[0]
    code, own = of[head[first]], int(divisor[first])
    shows = (of == code) & ((step < candles.interval) if fine[first] else (step == own))
    return OtherLength(
        symbol=str(candles.symbol_names[code]),
        interval=own,
        at=int(np.flatnonzero(same)[shows][0]) + 1,
    )

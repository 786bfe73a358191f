"""Whether all candles of a file are of one length, which is what fills are placed by."""

from pathlib import Path

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US
from tradeglyph.sources.interval import interval_text

CERTAIN = 32.0
"""Bits. A symbol that skips candles at random looks k times as coarse as it is in n distances with
a probability of k ** -n: it is taken for coarser where that is under 2 ** -32."""


def check_one_length(candles: Candles, path: Path) -> None:
    """Raises InputError where a symbol's candles are longer, or shorter, than those of most.

    Longer: all its distances are multiples of something longer, too many to be chance, and most of
    them are that itself: symbols that trade at a few auctions a day are as regular, but their
    candles don't follow each other. Nor does a day or more apart say anything. Shorter: most of
    its distances are. (A few are where a session begins off the hour.)
    """
    same = np.diff(candles.symbol) == 0
    step, of = np.diff(candles.start)[same], candles.symbol[1:][same]
    if not len(step):
        return
    head = np.flatnonzero(np.diff(of, prepend=-1))
    count = np.diff(head, append=len(of))
    divisor = np.gcd.reduceat(step, head)
    shorter = np.add.reduceat((step < candles.interval).astype(np.int64), head)
    coarse = (divisor > candles.interval) & (divisor < DAY_US)
    nexts = np.add.reduceat((step == np.repeat(divisor, count)).astype(np.int64), head)
    coarse &= 2 * nexts > count
    coarse &= count * np.log2(np.maximum(divisor / candles.interval, 1)) >= CERTAIN
    fine = 2 * shorter > count
    for at in np.flatnonzero(coarse | fine)[:1]:
        symbol = candles.symbol_names[of[head[at]]]
        own, most = interval_text(int(divisor[at])), interval_text(candles.interval)
        longest = interval_text(max(int(divisor[at]), candles.interval))
        raise InputError(
            f"{path}: the candles of {symbol} are {own} long and those of most symbols {most}; "
            "candles of one length are needed: make them so with `tradeglyph candles build --from "
            f"candles --interval {longest}`, or keep those of another length out of the file"
        )

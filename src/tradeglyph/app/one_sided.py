"""What windows made against the market in trades whose other side is not known, in words."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import ExcessGains
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger import LedgerSettings, excess_gains
from tradeglyph.recognizers.reasons import Gain, Lang, gain_reason

Ints = NDArray[np.int64]


def gains_said(
    tape: Tape, account: Ints, symbol: Ints, start: Ints, end: Ints, lang: Lang
) -> Iterator[tuple[int, str]]:
    """Positions of the windows with an excess gain or loss inside them, and the sentence of each.

    Without an independent reference, or within what the market explains, nothing is said. Nothing
    at or after a window's end has a part in what is said of it.

    Args:
        tape: everybody's trades.
        account: of n windows, a code of the tape; so is `symbol`. -1: not on the tape.
        start: microseconds UTC, as is `end`, which is exclusive.
    """
    on_tape = (account >= 0) & (symbol >= 0)
    for length in np.unique((end - start)[on_tape]):  # days are 23 or 25 hours long at times
        at = np.flatnonzero(on_tape & (end - start == length))
        gains = _gains(tape, symbol[at], start[at], end[at], int(length))
        keys = zip(
            gains.account.tolist(), gains.symbol.tolist(), gains.window_end.tolist(), strict=True
        )
        row = {key: number for number, key in enumerate(keys)}
        for window in at.tolist():
            found = row.get((int(account[window]), int(symbol[window]), int(end[window])))
            if found is not None and gains.excess[found] > 0:  # NaN without a reference
                yield window, gain_reason(_gain(gains, found), lang)


def _gains(tape: Tape, symbol: Ints, start: Ints, end: Ints, length: int) -> ExcessGains:
    """Of everybody in windows of one length, from what was printed in them and just before."""
    settings = LedgerSettings()
    since = start - settings.half_widths[-1]
    near = tape.take(_between(tape, symbol, since, end))
    return excess_gains(near, ends=np.unique(end), look_back_us=length, settings=settings)


def _between(tape: Tape, symbol: Ints, since: Ints, until: Ints) -> NDArray[np.bool_]:
    """Rows of the tape in any of the spans [since, until) of a symbol."""
    spans = np.unique(np.stack([symbol, since, until]), axis=1)
    fills, begin = tape.fills, int(spans[1].min())
    stretch = int(max(spans[2].max(), fills.time.max(initial=0))) - begin + 2
    # Every symbol in a stretch of its own, so that one search serves all of them.
    key = fills.symbol.astype(np.int64) * stretch + np.maximum(fills.time - begin, -1)
    first, last = (np.searchsorted(key, spans[0] * stretch + t - begin) for t in spans[1:])
    inside = np.zeros(len(key) + 1, dtype=np.int64)
    np.add.at(inside, first, 1)
    np.subtract.at(inside, last, 1)
    return np.asarray(np.cumsum(inside[:-1]) > 0)


def _gain(gains: ExcessGains, at: int) -> Gain:
    return Gain(
        gains=bool(gains.direction[at] > 0),
        low=float(gains.low[at]),
        trades=int(gains.trades[at]),
        volume_share=float(gains.volume_share[at]),
    )

"""What windows made against the market in trades whose other side is not known, in words."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import ExcessGains
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger import LOOK_BACK_US, excess_gains
from tradeglyph.recognizers.reasons import Gain, Lang, gain_reason

Ints = NDArray[np.int64]


def gains_said(
    tape: Tape, account: Ints, symbol: Ints, end: Ints, *, ends: Ints, lang: Lang
) -> Iterator[tuple[int, str]]:
    """Positions of the windows with an excess gain or loss, and the sentence of each.

    Without an independent reference, or within what the market explains, nothing is said.

    Args:
        tape: everybody's trades.
        account: of n windows, a code of the tape; so is `symbol`. -1: not on the tape.
        end: end of each window, microseconds UTC; the look-back ends with it.
        ends: all window ends at which trades are valued, ascending.
    """
    on_tape = np.flatnonzero((account >= 0) & (symbol >= 0))
    if not len(on_tape):
        return
    gains = _gains(tape, symbol[on_tape], end[on_tape], ends)
    keys = zip(
        gains.account.tolist(), gains.symbol.tolist(), gains.window_end.tolist(), strict=True
    )
    row = {key: at for at, key in enumerate(keys)}
    for at in on_tape.tolist():
        found = row.get((int(account[at]), int(symbol[at]), int(end[at])))
        if found is not None and gains.excess[found] > 0:  # NaN without a reference
            yield at, gain_reason(_gain(gains, found), lang)


def _gains(tape: Tape, symbol: Ints, end: Ints, ends: Ints) -> ExcessGains:
    """Of the symbols and look-backs that matter."""
    wanted = np.zeros(len(tape.fills.symbol_names), dtype=bool)
    wanted[symbol] = True
    # A trade is valued at the first end after it: earlier ends value none in these look-backs.
    near = (ends > end.min() - LOOK_BACK_US) & (ends <= end.max())
    return excess_gains(tape.take(wanted[tape.fills.symbol]), ends=ends[near])


def _gain(gains: ExcessGains, at: int) -> Gain:
    return Gain(
        gains=bool(gains.direction[at] > 0),
        low=float(gains.low[at]),
        trades=int(gains.trades[at]),
        volume_share=float(gains.volume_share[at]),
    )

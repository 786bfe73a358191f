"""What windows made against the market in trades whose other side is not known, in words."""

import os
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import ExcessGains
from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline.threads import mapped
from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.ledger import SETTLEMENT_REACH_US, LedgerSettings, excess_gains
from tradeglyph.recognizers.reasons import Gain, Lang, gain_reason

Ints = NDArray[np.int64]

BATCH = 1 << 15
"""Rows of the tape measured at a time."""
_DEFAULT = LedgerSettings()


def gains_said(
    tape: Tape,
    account: Ints,
    symbol: Ints,
    start: Ints,
    end: Ints,
    lang: Lang,
    settings: LedgerSettings = _DEFAULT,
    references: ReferencePrices | None = None,
) -> Iterator[tuple[int, str]]:
    """Positions of the windows with an excess gain or loss inside them, and the sentence of each.

    Without an independent reference, or within what the market explains, nothing is said. Nothing
    at or after a window's end has a part in what is said of it.

    Args:
        tape: everybody's trades.
        account: of n windows, a code of the tape; so is `symbol`. -1: not on the tape.
        start: microseconds UTC, as is `end`, which is exclusive.
        references: quoted prices by the tape's codes; None for none.
    """
    if references is None and len(tape.fills.account_names) <= settings.side_accounts:
        return  # too few others for a reference
    on_tape = (account >= 0) & (symbol >= 0)
    for length in np.unique((end - start)[on_tape]):  # days are 23 or 25 hours long at times
        at = np.flatnonzero(on_tape & (end - start == length))
        of, one = numbered(symbol[at], end[at])
        accounts, spans = np.unique(account[at]), (symbol[at][one], end[at][one], int(length))
        for first, gains in _gains(tape, accounts, *spans, settings, references):
            keys = zip(gains.account.tolist(), (gains.symbol + first).tolist(), strict=True)
            row = {key: number for number, key in enumerate(keys)}
            for window, number in zip(at.tolist(), of.tolist(), strict=True):
                found = row.get((int(account[window]), number))
                if found is not None and gains.excess[found] > 0:  # NaN without a reference
                    yield window, gain_reason(_gain(gains, found), lang)


def _gains(
    tape: Tape,
    accounts: Ints,
    symbol: Ints,
    end: Ints,
    length: int,
    settings: LedgerSettings,
    references: ReferencePrices | None,
) -> Iterator[tuple[int, ExcessGains]]:
    """Of the accounts in the spans [end - length, end) of symbols, in batches that fit the cache,
    on all cores: the number of a batch's first span, and its gains with spans for symbols."""
    first, last = tape.spans(symbol, end - length - settings.half_widths[-1], end)

    def batch(part: Ints) -> tuple[int, ExcessGains]:
        spans = _side_by_side(tape, first[part], last[part], symbol[part], end[part])
        at = np.zeros(1, dtype=np.int64)
        gains = excess_gains(
            spans,
            ends=at,
            accounts=accounts,
            look_back_us=length,
            settings=settings,
            references=_quoted_beside(references, symbol[part], end[part], length),
        )
        return int(part[0]), gains

    number = np.cumsum(last - first) // BATCH
    parts = np.split(np.arange(len(symbol)), np.flatnonzero(np.diff(number)) + 1)
    yield from mapped(batch, parts, os.cpu_count() or 1)


def _side_by_side(tape: Tape, first: Ints, last: Ints, symbol: Ints, end: Ints) -> Tape:
    """The tape's rows of each span as a symbol of its own, all ending at time 0, so that one
    look-back holds all of them."""
    size = last - first
    span = np.repeat(np.arange(len(size)), size)
    rows = np.arange(len(span)) + np.repeat(first - np.cumsum(size) + size, size)
    fills, match = tape.fills, tape.match[rows]
    return Tape(
        fills=replace(
            fills.take(rows),
            symbol=span.astype(np.int32),
            time=fills.time[rows] - end[span],
            symbol_names=fills.symbol_names[symbol],
        ),
        other=tape.other[rows],
        # A row that is in two spans has a match in each.
        match=np.where(match < 0, -1, match + span * (int(match.max(initial=0)) + 1)),
        fee=tape.fee[rows],
    )


def _quoted_beside(
    prices: ReferencePrices | None, symbol: Ints, end: Ints, length: int
) -> ReferencePrices | None:
    """The prices that may count in each span [end - length, end), as of a symbol of its own."""
    if prices is None or not len(prices):
        return None
    since = end - length - SETTLEMENT_REACH_US
    begin = min(int(prices.time.min()), int(since.min()))
    stretch = max(int(prices.time.max()), int(end.max())) - begin + 1
    key = prices.symbol.astype(np.int64) * stretch + (prices.time - begin)
    first, last = (np.searchsorted(key, symbol * stretch + t - begin) for t in (since, end))
    size = last - first
    span = np.repeat(np.arange(len(size)), size)
    rows = np.arange(len(span)) + np.repeat(first - np.cumsum(size) + size, size)
    return ReferencePrices(
        symbol=span.astype(np.int32),
        time=prices.time[rows] - end[span],
        price=prices.price[rows],
        kind=prices.kind[rows],
        symbol_names=prices.symbol_names[symbol],
    )


def _gain(gains: ExcessGains, at: int) -> Gain:
    return Gain(
        gains=bool(gains.direction[at] > 0),
        low=float(gains.low[at]),
        trades=int(gains.trades[at]),
        volume_share=float(gains.volume_share[at]),
    )

"""Criterion: volume match. A few accounts trade among themselves until nothing has changed.

Numerator: quantity of the matched trades. Denominator: all that the set's accounts traded in the
symbol and window, each trade once, less what was named before: in shorter windows and closer sets.

Sources: Victor & Weintraud 2021, "Detecting and Quantifying Wash Trading on Decentralized
Cryptocurrency Exchanges" (candidate sets, peeling, margin, windows). Delegated Regulation (EU)
2016/522, annex II, section 1, point 3(a), wash trades: arrangements in which "there is no change in
beneficial interests or market risk", illustrated by "unusual repetition of a transaction among a
small number of parties"; point 3(c), improper matched orders.

Beyond the paper, so that two honest market makers with unit lots, whose net position returns to
nothing by chance, are not named: no account may gain or lose more than `gain` half-spreads per
unit, nor so steadily in one direction that chance does not explain it, and the matched trades must
be most of what the set trades.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, SELL, Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.windows import Windows
from tradeglyph.recognizers.round_trips import round_trips
from tradeglyph.recognizers.wash.candidates import Candidates
from tradeglyph.recognizers.wash.findings import Criterion, Named
from tradeglyph.recognizers.wash.matches import Matches, rows_of
from tradeglyph.recognizers.wash.peeling import Groups, closed_trades
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.turnover import once, traded
from tradeglyph.recognizers.wash.windows import numbered, windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NOISE = 1e-9
"""Of the money that changed hands: float noise of its sums."""


def volume_matches(
    tape: Tape,
    matches: Matches,
    half_spread: Floats,
    settings: WashSettings,
    layers: Sequence[Candidates],
) -> Iterator[Named]:
    """One part for each window length and layer of candidate sets (`candidates` of the matches).

    A trade that is named in one pass takes no part in later ones. `half_spread` as a share of the
    price, per symbol code.
    """
    named, counted = np.zeros(len(matches), dtype=bool), once(tape)
    for window_us in settings.windows_us:
        for layer in layers:
            at = np.flatnonzero((layer.of_trade >= 0) & ~named)
            if not len(at):
                continue
            closed = _closed(matches.take(at), layer, layer.of_trade[at], window_us, settings)
            if not len(closed.start):
                continue
            part, taken = _judged(tape, closed, half_spread, counted, settings)
            named[at[closed.at[taken]]] = True
            counted &= ~part.rows
            yield part


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closed:
    """Trades of g groups, each a set in a window, after which every position is closed."""

    trades: Matches
    at: NDArray[np.intp]
    """Along `trades`: position of each among the trades that were given."""
    group: Ints
    """Along `trades`: from 0, every number in use, ascending."""
    start: Ints
    """Along the groups: start of the window."""
    window_us: int
    inside: Floats
    """Along the groups: quantity of all trades given between the set's accounts, closed or not."""


def _closed(
    trades: Matches, layer: Candidates, set_of: Ints, window_us: int, settings: WashSettings
) -> _Closed:
    start = windows(trades.time, window_us)
    group, first = numbered(trades.symbol, start, set_of)
    order = np.argsort(group, kind="stable")  # matches are in order of time within a symbol
    ordered, number = trades.take(order), group[order]
    kept = closed_trades(
        Groups(
            group=number,
            buyer=ordered.buyer,
            seller=ordered.seller,
            quantity=ordered.quantity,
            size=layer.size[set_of[first]],
        ),
        settings.margin,
        settings.trades,
    )
    at = order[np.arange(len(order)) - np.searchsorted(number, number) < kept[number]]
    used = kept > 0
    total = np.bincount(group, trades.quantity, minlength=len(first))
    return _Closed(
        trades=trades.take(at),
        at=at,
        group=(np.cumsum(used) - 1)[group[at]],
        start=start[first][used],
        window_us=window_us,
        inside=total[used].astype(np.float64),
    )


def _judged(
    tape: Tape, closed: _Closed, half_spread: Floats, counted: Bools, settings: WashSettings
) -> tuple[Named, Bools]:
    """What of the closed groups is named, and which of their trades that takes."""
    trades, group, groups = closed.trades, closed.group, len(closed.start)
    symbol = trades.symbol[np.searchsorted(group, np.arange(groups))]
    numerator = np.bincount(group, trades.quantity, minlength=groups).astype(np.float64)
    sums = _sums(closed, half_spread)
    even = np.abs(sums.cash) <= settings.gain * sums.half_spread + _NOISE * sums.money
    even &= sums.steadiness <= settings.chance
    turnover = traded(
        tape, counted, np.arange(len(tape.fills.account_names)), sums.account.astype(np.int64),
        symbol[sums.group], closed.start[sums.group], closed.window_us,
    )  # fmt: skip
    # A trade between two accounts of the set is in the turnover of both.
    denominator = np.bincount(sums.group, turnover, minlength=groups) - closed.inside
    named = np.bincount(sums.group, ~even, minlength=groups) == 0
    named &= numerator >= settings.set_share * denominator
    members = np.split(sums.account, np.flatnonzero(np.diff(sums.group)) + 1)
    part = Named(
        criterion=Criterion.VOLUME_MATCH,
        members=[members[at] for at in np.flatnonzero(named)],
        symbol=symbol[named],
        window_start=closed.start[named],
        window_us=closed.window_us,
        numerator=numerator[named],
        denominator=np.maximum(denominator, numerator)[named],
        trades=np.bincount(group, minlength=groups)[named],
        result=np.zeros(int(named.sum())),
        rows=rows_of(tape, trades.number[named[group]]),
    )
    return part, named[group]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """One element per group and account, in quote currency, sorted by group, then account."""

    group: Ints
    account: NDArray[np.int32]
    cash: Floats
    """Received less paid."""
    money: Floats
    """Received and paid."""
    half_spread: Floats
    """One half-spread on every unit bought or sold."""
    steadiness: Floats
    """Round trips, first in first out, that gained, less those that lost, over the root of both."""


def _sums(closed: _Closed, half_spread: Floats) -> _Sums:
    trades, group = closed.trades, np.tile(closed.group, 2)
    account = np.concatenate([trades.buyer, trades.seller])
    number, first = numbered(group, account)
    money = trades.price * trades.quantity

    def total(of_buyer: Floats, of_seller: Floats) -> Floats:
        both = np.concatenate([of_buyer, of_seller])
        return np.bincount(number, both, minlength=len(first)).astype(np.float64)

    spread = money * half_spread[trades.symbol]
    return _Sums(
        group=group[first],
        account=account[first],
        cash=total(-money, money),
        money=total(money, money),
        half_spread=total(spread, spread),
        steadiness=_steadiness(trades, number, first),
    )


def _steadiness(trades: Matches, number: Ints, first: NDArray[np.intp]) -> Floats:
    """`number` says along buyers, then sellers, which group and account they are."""
    order = np.lexsort((np.tile(np.arange(len(trades)), 2), number))
    at, bought = order % len(trades) if len(order) else order, order < len(trades)
    windows_ = _as_windows(trades.take(at), np.where(bought, BUY, SELL), number[order], len(first))
    trips = round_trips(windows_)
    price = windows_.fills.price
    step = price[trips.sell] - price[trips.buy]
    sign = np.where(np.abs(step) > _NOISE * price[trips.buy], np.sign(step), 0.0)
    net = np.bincount(trips.owner, sign, minlength=len(first))
    both = np.bincount(trips.owner, np.abs(sign), minlength=len(first))
    return np.asarray(np.abs(net) / np.sqrt(np.maximum(both, 1)))


def _as_windows(trades: Matches, side: Ints, owner: Ints, owners: int) -> Windows:
    """What each account did in its group, as windows: only what round trips need."""
    offset = np.searchsorted(owner, np.arange(owners + 1)).astype(np.int64)
    nobody, nothing = np.zeros(owners, dtype=np.int32), np.zeros(owners, dtype=np.int64)
    fills = Fills(
        account=np.zeros(len(trades), dtype=np.int32),
        symbol=trades.symbol,
        time=trades.time,
        side=side.astype(np.int8),
        price=trades.price,
        quantity=trades.quantity,
        account_names=np.array([""], dtype=object),
        symbol_names=np.array([""], dtype=object),
    )
    return Windows(
        fills=fills,
        offset=offset,
        account=nobody,
        symbol=nobody,
        start=nothing,
        end=nothing,
        trade_count=nobody,
        habit=np.full(owners, np.nan),
    )

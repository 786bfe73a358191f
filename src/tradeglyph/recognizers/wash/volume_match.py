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
from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.round_trips import round_trips
from tradeglyph.recognizers.wash.candidates import Candidates
from tradeglyph.recognizers.wash.findings import Criterion, Named
from tradeglyph.recognizers.wash.matches import Matches, rows_of
from tradeglyph.recognizers.wash.peeling import Groups, closed_trades
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.turnover import once, traded
from tradeglyph.recognizers.wash.windows import windows

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
    """A part for each window length and layer of candidate sets (`candidates` of the matches) in
    which something is named.

    A trade that is named in one pass takes no part in later ones. `half_spread` as a share of the
    price, per symbol code.
    """
    named, counted = np.zeros(len(matches), dtype=bool), once(tape)
    for window_us in settings.windows_us:
        tried: list[Candidates] = []
        for layer in layers:
            # Often a set is the same in many layers: what named nothing names nothing again.
            if any(_same(layer, before) for before in tried):
                continue
            tried.append(layer)
            at = np.flatnonzero((layer.of_trade >= 0) & ~named)
            if not len(at):
                continue
            closed = _closed(matches.take(at), layer, layer.of_trade[at], window_us, settings)
            if not len(closed.start):
                continue
            part, taken = _judged(tape, closed, half_spread, counted, settings)
            if taken.any():
                named[at[closed.at[taken]]] = True
                counted &= ~part.rows
                tried.clear()
                yield part


def _same(one: Candidates, other: Candidates) -> bool:
    return np.array_equal(one.of_trade, other.of_trade) and np.array_equal(one.size, other.size)


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

    def take(self, which: Bools) -> "_Closed":
        """The groups where `which`, numbered anew."""
        at = np.flatnonzero(which[self.group])
        return _Closed(
            trades=self.trades.take(at),
            at=self.at[at],
            group=(np.cumsum(which) - 1)[self.group[at]],
            start=self.start[which],
            window_us=self.window_us,
            inside=self.inside[which],
        )


def _closed(
    trades: Matches, layer: Candidates, set_of: Ints, window_us: int, settings: WashSettings
) -> _Closed:
    trades, start, set_of, of = _often(trades, set_of, window_us, settings)
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
        at=of[at],
        group=(np.cumsum(used) - 1)[group[at]],
        start=start[first][used],
        window_us=window_us,
        inside=total[used].astype(np.float64),
    )


def _often(
    trades: Matches, set_of: Ints, window_us: int, settings: WashSettings
) -> tuple[Matches, Ints, Ints, NDArray[np.intp]]:
    """The trades of sets that traded so often in a window that it may be named, with the start of
    the window and the set of each, and where each is among those given. Hardly any did."""
    start = windows(trades.time, window_us)
    group, first = numbered(trades.symbol, start, set_of)
    enough = np.bincount(group, minlength=len(first)) >= settings.trades
    of = np.flatnonzero(enough[group])
    return trades.take(of), start[of], set_of[of], of


def _judged(
    tape: Tape, closed: _Closed, half_spread: Floats, counted: Bools, settings: WashSettings
) -> tuple[Named, Bools]:
    """What of the closed groups is named, and which of their trades that takes."""
    trades, group, groups = closed.trades, closed.group, len(closed.start)
    symbol = trades.symbol[np.searchsorted(group, np.arange(groups))]
    numerator = np.bincount(group, trades.quantity, minlength=groups).astype(np.float64)
    of_group, account, _ = _accounts(closed)
    turnover = traded(
        tape, counted, np.arange(len(tape.fills.account_names)), account.astype(np.int64),
        symbol[of_group], closed.start[of_group], closed.window_us,
    )  # fmt: skip
    # A trade between two accounts of the set is in the turnover of both.
    denominator = np.bincount(of_group, turnover, minlength=groups) - closed.inside
    named = numerator >= settings.set_share * denominator
    # Of most sets that is too little already.
    if named.any():
        named[named] = _even(closed.take(named), half_spread, settings)
    members = np.split(account, np.flatnonzero(np.diff(of_group)) + 1)
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


def _accounts(closed: _Closed) -> tuple[Ints, NDArray[np.int32], Ints]:
    """Group and account of each account in a group, sorted by both; and along the buyers, then the
    sellers, the number of that element."""
    trades, group = closed.trades, np.tile(closed.group, 2)
    account = np.concatenate([trades.buyer, trades.seller])
    number, first = numbered(group, account)
    return group[first], account[first], number


def _even(closed: _Closed, half_spread: Floats, settings: WashSettings) -> Bools:
    """Per group: whether no account gained or lost more in it than wash volume does."""
    sums = _sums(closed, half_spread)
    even = np.abs(sums.cash) <= settings.gain * sums.half_spread + _NOISE * sums.money
    even &= sums.steadiness <= settings.chance
    return np.asarray(np.bincount(sums.group, ~even, minlength=len(closed.start)) == 0)


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
    trades = closed.trades
    group, account, number = _accounts(closed)
    money = trades.price * trades.quantity

    def total(of_buyer: Floats, of_seller: Floats) -> Floats:
        both = np.concatenate([of_buyer, of_seller])
        return np.bincount(number, both, minlength=len(group)).astype(np.float64)

    spread = money * half_spread[trades.symbol]
    return _Sums(
        group=group,
        account=account,
        cash=total(-money, money),
        money=total(money, money),
        half_spread=total(spread, spread),
        steadiness=_steadiness(trades, number, len(group)),
    )


def _steadiness(trades: Matches, number: Ints, count: int) -> Floats:
    """`number` says along buyers, then sellers, which of `count` groups and accounts they are."""
    order = np.lexsort((np.tile(np.arange(len(trades)), 2), number))
    at, bought = order % len(trades) if len(order) else order, order < len(trades)
    windows_ = _as_windows(trades.take(at), np.where(bought, BUY, SELL), number[order], count)
    trips = round_trips(windows_)
    price = windows_.fills.price
    step = price[trips.sell] - price[trips.buy]
    sign = np.where(np.abs(step) > _NOISE * price[trips.buy], np.sign(step), 0.0)
    net = np.bincount(trips.owner, sign, minlength=count)
    both = np.bincount(trips.owner, np.abs(sign), minlength=count)
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

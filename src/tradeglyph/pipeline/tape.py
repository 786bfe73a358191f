"""The tape of trade rows: everybody's fills, and who stood on the other side of each.

The same as `sources.tape` does for frames, in numpy only, so that it fits a small function.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import BUY, Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.trade_rows import TradeRows

_UNKNOWN = -1


def fills_of_rows(rows: TradeRows, symbols: Sequence[str] | None = None) -> Fills:
    """Arrays of the rows, in their order.

    Args:
        rows: trade rows.
        symbols: symbol names whose positions become the codes (pass those of the candles, so
            that codes agree); names not among them follow at the end.
    """
    symbol_names = _symbol_names(rows, symbols)
    account_names = sorted(set(rows.account_id))
    return Fills(
        account=_codes(rows.account_id, account_names),
        symbol=_codes(rows.symbol, symbol_names),
        time=rows.time,
        side=rows.side,
        price=rows.price,
        quantity=rows.quantity,
        account_names=_names(account_names),
        symbol_names=_names(symbol_names),
    )


def tape_of_rows(rows: TradeRows, symbols: Sequence[str] | None = None) -> Tape:
    """The tape of the rows, sorted by symbol code, time, account, side, price, quantity.

    The other side of a fill is known
    - where exactly one buy and one sell share a symbol and a `trade_id`, and agree in price and
      quantity: these two rows are one match;
    - else where the row names its `counterparty_id`. A buy and a sell that mirror each other
      (symbol, time, price, quantity, buyer, seller, and `trade_id` where given) are one match; k
      of each are k matches; a row without its mirror is a match of one row.

    An empty `account_id` is nobody: it is no other side. Trades with oneself keep the account as
    other side.

    Args:
        rows: trade rows, each fill of each account once.
        symbols: as in `fills_of_rows`.
    """
    fills = fills_of_rows(rows, symbols)
    by = (fills.quantity, fills.price, fills.side, fills.account, fills.time, fills.symbol)
    order = np.lexsort(by)
    fills = fills.take(order)
    trade = _any_codes(rows.trade_id[order])
    # Codes of accounts, then those of names that are known as an other side only.
    names = list(fills.account_names)
    others = rows.counterparty_id[order]
    names += sorted({name for name in others if name} - set(names))
    nobody = names.index("") if "" in names else _UNKNOWN
    named = _codes(others, [*names, ""] if nobody == _UNKNOWN else names).astype(np.int64)
    named[named == (len(names) if nobody == _UNKNOWN else nobody)] = _UNKNOWN

    other = np.full(len(fills), _UNKNOWN, dtype=np.int64)
    head = np.full(len(fills), _UNKNOWN, dtype=np.int64)
    somebody = fills.account != nobody
    _match_trade_ids(fills, trade, somebody, other, head)
    left = np.flatnonzero((other == _UNKNOWN) & somebody & (named != _UNKNOWN))
    _match_counterparties(fills, trade, named, left, other, head)

    match = np.full(len(fills), _UNKNOWN, dtype=np.int64)
    known = head != _UNKNOWN
    match[known] = np.unique(head[known], return_inverse=True)[1]
    return _tape(fills, other, match, rows.fee[order], names)


def tape_of_one(rows: TradeRows) -> Tape:
    """A tape of one account's rows, in their order, of which no other side is known."""
    unknown = np.full(len(rows), _UNKNOWN)
    return Tape(
        fills=fills_of_rows(rows), other=unknown.astype(np.int32), match=unknown, fee=rows.fee
    )


def _match_trade_ids(
    fills: Fills,
    trade: NDArray[np.int64],
    somebody: NDArray[np.bool_],
    other: NDArray[np.int64],
    head: NDArray[np.int64],
) -> None:
    """Fill in `other` and `head` (the match's first row) of rows that share a `trade_id`."""
    given = np.flatnonzero(trade != _UNKNOWN)
    if not len(given):
        return
    key = fills.symbol[given].astype(np.int64) * (int(trade.max()) + 1) + trade[given]
    by_key = np.argsort(key, kind="stable")
    starts = _starts(key[by_key])
    lengths = np.diff(np.append(starts, len(by_key)))
    starts = starts[lengths == 2]
    first, second = given[by_key[starts]], given[by_key[starts + 1]]
    agreed = (
        (fills.side[first] != fills.side[second])
        & (fills.price[first] == fills.price[second])
        & (fills.quantity[first] == fills.quantity[second])
        # Where one side has no name, nobody is known to have stood there.
        & somebody[first]
        & somebody[second]
    )
    first, second = first[agreed], second[agreed]
    other[first], other[second] = fills.account[second], fills.account[first]
    head[first] = head[second] = first


def _match_counterparties(
    fills: Fills,
    trade: NDArray[np.int64],
    named: NDArray[np.int64],
    left: NDArray[np.intp],
    other: NDArray[np.int64],
    head: NDArray[np.int64],
) -> None:
    """The same of the rows `left`, which name their other side."""
    if not len(left):
        return
    own, named, bought = fills.account[left], named[left], fills.side[left] == BUY
    buyer, seller = np.where(bought, own, named), np.where(bought, named, own)
    key = (
        seller,
        buyer,
        fills.quantity[left],
        fills.price[left],
        fills.time[left],
        trade[left],
        fills.symbol[left],
    )
    order = np.lexsort((bought, *key))
    group = np.zeros(len(left), dtype=np.int64)
    for column in key:
        group[1:] |= np.diff(column[order]) != 0
    group = np.cumsum(group)
    starts = _starts(group * 2 + bought[order])
    lengths = np.diff(np.append(starts, len(left)))
    nth = np.arange(len(left)) - np.repeat(starts, lengths)
    # The nth buy and the nth sell of a key are one match.
    pair = np.unique(group * len(left) + nth, return_inverse=True)[1]
    rows = left[order]
    heads = np.full(int(pair.max()) + 1, len(fills), dtype=np.int64)
    np.minimum.at(heads, pair, rows)
    other[rows] = named[order]
    head[rows] = heads[pair]


def _tape(
    fills: Fills,
    other: NDArray[np.int64],
    match: NDArray[np.int64],
    fee: NDArray[np.float64],
    names: list[str],
) -> Tape:
    """With the accounts that matter named in order, and no others."""
    used = np.unique(np.concatenate([fills.account, other[other != _UNKNOWN]]))
    kept = sorted(names[code] for code in used)
    place = {name: at for at, name in enumerate(kept)}
    codes = np.full(len(names) + 1, _UNKNOWN, dtype=np.int32)  # the last one is for unknown
    for code in used:
        codes[code] = place[names[code]]
    return Tape(
        fills=Fills(
            account=codes[fills.account],
            symbol=fills.symbol,
            time=fills.time,
            side=fills.side,
            price=fills.price,
            quantity=fills.quantity,
            account_names=_names(kept),
            symbol_names=fills.symbol_names,
        ),
        other=codes[other],
        match=match,
        fee=fee,
    )


def _starts(ordered: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where a new value begins."""
    if not len(ordered):
        return np.zeros(0, dtype=np.intp)
    return np.append(0, np.flatnonzero(np.diff(ordered)) + 1)


def _symbol_names(rows: TradeRows, symbols: Sequence[str] | None) -> list[str]:
    names = list(symbols or ())
    return names + sorted(set(rows.symbol) - set(names))


def _codes(values: NDArray[np.object_], names: Iterable[str]) -> NDArray[np.int32]:
    code = {name: at for at, name in enumerate(names)}
    return np.fromiter(map(code.__getitem__, values), dtype=np.int32, count=len(values))


def _any_codes(texts: NDArray[np.object_]) -> NDArray[np.int64]:
    """A number for each different text, `_UNKNOWN` for an empty one."""
    if not (texts != "").any():
        return np.full(len(texts), _UNKNOWN, dtype=np.int64)
    code = {"": _UNKNOWN}
    for text in texts:
        code.setdefault(text, len(code) - 1)
    return np.fromiter(map(code.__getitem__, texts), dtype=np.int64, count=len(texts))


def _names(names: list[str]) -> NDArray[np.object_]:
    array = np.empty(len(names), dtype=object)
    array[:] = names
    return array

"""Criteria: round trips without gain, of one account and of a crowd. Other sides are not known.

A leg is what an account bought, or sold, in a symbol until it changed sides. A round trip is two
legs of one size that follow each other in a short time, at prices nearer to each other than
spreads explain, and without gain. Each leg is in one trip at most.

`round_trips`: numerator, quantity of both legs of the account's trips; denominator, all that it
traded in the symbol and UTC day.
`crowd_round_trips`: numerator, the same of all accounts that do hardly anything else; denominator,
all quantity that the tape's rows of unknown other sides show in the symbol and day.

Sources: Delegated Regulation (EU) 2016/522, annex II, section 1, point 3(c), improper matched
orders: orders entered at or nearly at the same time, with very similar quantity and similar price;
Regulation (EU) 596/2014, annex I, section A: position reversals in a short period that represent a
significant proportion of the daily volume. The near-equal size is the margin of Victor & Weintraud
2021. For many accounts with one trip each: Cong, Li, Tang, Yang, "Crypto Wash Trading" (2021), find
wash volume by what a venue's trades show together, not by repetition in one account.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.wash.findings import Criterion, Named
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.windows import windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NOISE = 1e-9
"""Of a price or a quantity: float noise."""
_WIDE = 1e12
"""A spread, as a share of the price, that no market has."""


def round_trips(tape: Tape, half_spread: Floats, settings: WashSettings) -> Iterator[Named]:
    """A part for accounts and a part for crowds. `half_spread` as a share of the price, per symbol
    code; where it is 0, only trips at one price count.
    """
    legs = _legs(tape)
    days = _days(tape, legs, _first_legs(legs, half_spread, settings))
    busy = _busy(days, settings)
    yield _accounts(days, busy & (days.trips >= settings.trips))
    yield _crowds(tape, days, busy & (days.trips >= 1), settings)


def may_trip(tape: Tape, settings: WashSettings) -> bool:
    """Whether an account may do hardly anything else than round trips on a day, however wide the
    spread of its market is.

    Where this is false for an account's fills since a midnight, no finding of these days names it.
    """
    legs = _legs(tape)
    wide = np.full(len(tape.fills.symbol_names), _WIDE)
    at = np.flatnonzero(_in_one_trip(legs, wide, settings))
    if not len(at):
        return False
    days = _days(tape, legs, at)
    return bool((_busy(days, settings) & (days.trips >= 1)).any())


def trips_alone(tape: Tape, half_spread: Floats, settings: WashSettings) -> bool:
    """Whether one account does hardly anything else than round trips on a day: those who don't are
    in no finding, whatever the others do."""
    legs = _legs(tape)
    days = _days(tape, legs, _first_legs(legs, half_spread, settings))
    return bool((_busy(days, settings) & (days.trips >= 1)).any())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Legs:
    """k legs, sorted by account, symbol and time."""

    row: NDArray[np.intp]
    """Rows of the tape in the order of the legs."""
    of_row: Ints
    """Along `row`: the leg."""
    account: NDArray[np.int32]
    symbol: NDArray[np.int32]
    side: NDArray[np.int8]
    quantity: Floats
    price: Floats
    """Mean, by quantity."""
    first: Ints
    """Time of the first fill and of the last, microseconds UTC."""
    last: Ints


def _legs(tape: Tape) -> _Legs:
    fills = tape.fills
    nameless = fills.account_names == ""
    row = np.flatnonzero((tape.other < 0) & ~nameless[fills.account])
    part = fills if len(row) == len(fills) else fills.take(row)
    keys = (part.quantity, part.price, part.side, part.time, part.symbol, part.account)
    order = np.lexsort(keys)
    part, row = part.take(order), row[order]
    new = np.zeros(len(row), dtype=bool)
    new[:1] = True
    for key in (part.account, part.symbol, part.side):
        new[1:] |= key[1:] != key[:-1]
    head, of_row = np.flatnonzero(new), np.cumsum(new) - 1
    last = np.append(head[1:], len(row)) - 1
    quantity = np.bincount(of_row, part.quantity, minlength=len(head)).astype(np.float64)
    money = np.bincount(of_row, part.quantity * part.price, minlength=len(head))
    return _Legs(
        row=row,
        of_row=of_row,
        account=part.account[head],
        symbol=part.symbol[head],
        side=part.side[head],
        quantity=quantity,
        price=money / np.maximum(quantity, np.finfo(float).tiny),
        first=part.time[head],
        last=part.time[last[: len(head)]],
    )


def _first_legs(legs: _Legs, half_spread: Floats, settings: WashSettings) -> Ints:
    """The first leg of every trip; its second is the next one."""
    same = _in_one_trip(legs, half_spread, settings)
    # Where three legs and more could pair, every other pair is a trip.
    at = np.arange(len(same))
    begins = same & ~np.append(False, same[:-1])[: len(same)]
    since = at - np.maximum.accumulate(np.where(begins, at, 0))
    return np.flatnonzero(same & (since % 2 == 0))


def _in_one_trip(legs: _Legs, half_spread: Floats, settings: WashSettings) -> Bools:
    """Whether each leg and the next one could be a trip."""
    one, two = slice(None, -1), slice(1, None)
    same = (legs.account[one] == legs.account[two]) & (legs.symbol[one] == legs.symbol[two])
    same &= legs.last[two] - legs.first[one] <= settings.trip_span_us
    same &= windows(legs.first[one], DAY_US) == windows(legs.last[two], DAY_US)
    mean = (legs.quantity[one] + legs.quantity[two]) / 2
    more = np.abs(legs.quantity[two] - legs.quantity[one])
    same &= more <= (settings.margin + _NOISE) * mean
    gain = (legs.price[two] - legs.price[one]) * legs.side[one]
    spread = legs.price[one] * half_spread[legs.symbol[one]]
    noise = _NOISE * legs.price[one]
    same &= gain <= settings.gain * spread + noise
    same &= gain >= -settings.trip_loss * spread - noise
    return np.asarray(same)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """One element per account, symbol and UTC day, sorted by day, symbol and account."""

    start: Ints
    symbol: NDArray[np.int32]
    account: NDArray[np.int32]
    traded: Floats
    trips: Ints
    quantity: Floats
    """In trips, both legs."""
    result: Floats
    """Received less paid for the smaller leg of every trip, quote currency."""
    of_row: Ints
    """Along the tape: the element of a row that is in a trip; -1 for others."""


def _days(tape: Tape, legs: _Legs, first: Ints) -> _Days:
    fills, row = tape.fills, legs.row
    day = windows(fills.time[row], DAY_US)
    number, at = numbered(day, fills.symbol[row], fills.account[row])
    in_trip = np.zeros(len(legs.first), dtype=bool)
    in_trip[first], in_trip[first + 1] = True, True
    tripping = in_trip[legs.of_row]
    # A trip lies inside one day, so its first row tells it.
    trip_day = number[np.searchsorted(legs.of_row, first)]
    smaller = np.minimum(legs.quantity[first], legs.quantity[first + 1])
    gain = (legs.price[first + 1] - legs.price[first]) * legs.side[first] * smaller

    def total(group: Ints, values: Floats | Bools | None = None) -> NDArray[np.float64]:
        return np.bincount(group, values, minlength=len(at)).astype(np.float64)

    of_row = np.full(len(tape), -1, dtype=np.int64)
    of_row[row[tripping]] = number[tripping]
    quantity = fills.quantity[row]
    return _Days(
        start=day[at],
        symbol=fills.symbol[row[at]],
        account=fills.account[row[at]],
        traded=total(number, quantity),
        trips=total(trip_day).astype(np.int64),
        quantity=total(number, np.where(tripping, quantity, 0.0)),
        result=total(trip_day, gain),
        of_row=of_row,
    )


def _busy(days: _Days, settings: WashSettings) -> Bools:
    return np.asarray(days.quantity >= settings.trip_share * days.traded)


def _accounts(days: _Days, named: Bools) -> Named:
    at = np.flatnonzero(named)
    return Named(
        criterion=Criterion.ROUND_TRIPS,
        members=list(days.account[at][:, None]),
        symbol=days.symbol[at],
        window_start=days.start[at],
        window_us=DAY_US,
        numerator=days.quantity[at],
        denominator=days.traded[at],
        trades=days.trips[at],
        result=days.result[at],
        rows=_rows(days, named),
    )


def _crowds(tape: Tape, days: _Days, tripping: Bools, settings: WashSettings) -> Named:
    market, first = numbered(days.start, days.symbol)

    def total(values: Floats | Ints | Bools) -> Floats:
        return np.bincount(market, values, minlength=len(first)).astype(np.float64)

    quantity = total(np.where(tripping, days.quantity, 0.0))
    every = _market(tape, days, market, len(first))
    named = total(tripping) >= settings.crowd_accounts
    named &= quantity >= settings.crowd_share * every
    of = np.flatnonzero(tripping & named[market])
    members = np.split(days.account[of], np.flatnonzero(np.diff(market[of])) + 1)
    at = first[named]
    return Named(
        criterion=Criterion.CROWD_ROUND_TRIPS,
        members=members if len(of) else [],
        symbol=days.symbol[at],
        window_start=days.start[at],
        window_us=DAY_US,
        numerator=quantity[named],
        denominator=every[named],
        trades=total(np.where(tripping, days.trips, 0))[named].astype(np.int64),
        result=total(np.where(tripping, days.result, 0.0))[named],
        rows=_rows(days, tripping & named[market]),
    )


def _rows(days: _Days, named: Bools) -> Bools:
    """Along the tape: the rows in trips of the named elements."""
    return np.asarray(np.append(named, False)[days.of_row])  # the last answers for -1


def _market(tape: Tape, days: _Days, market: Ints, markets: int) -> Floats:
    """Per symbol and day: quantity of all rows of unknown other sides, the nameless ones too."""
    row, known = np.flatnonzero(tape.other < 0), len(days.start)
    number, _ = numbered(
        np.concatenate([days.start, windows(tape.fills.time[row], DAY_US)]),
        np.concatenate([days.symbol, tape.fills.symbol[row]]),
    )
    table = np.full(int(number.max(initial=0)) + 1, markets)
    table[number[:known]] = market
    of = table[number[known:]]
    every = np.bincount(of, tape.fills.quantity[row], minlength=markets + 1)
    return every[:markets].astype(np.float64)

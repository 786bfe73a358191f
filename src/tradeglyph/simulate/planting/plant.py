"""Plants transfers into a copy of real traffic: matched trades between two accounts of one day.

Each is a few round trips inside single candles: the beneficiary buys low and sells high, the victim
is on the other side of both. Prices lie on the symbol's tick inside [low, high]; the volume of the
copy's candles is raised by what is planted, so that it covers the fills.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY, MICROSECONDS, SELL, Fills
from tradeglyph.domain.windows import Windows
from tradeglyph.simulate.planting.grades import (
    FEW_TRIPS,
    GRADES,
    LEAST_HABIT,
    LEAST_LARGE_SHARE,
    LEAST_SHARE,
    MOST_HABIT,
    MOST_SHARE,
    MOST_TRIPS,
)
from tradeglyph.simulate.planting.rooms import candle_at, choose_candles, rooms_of
from tradeglyph.simulate.planting.sides import Sides, draw_sides
from tradeglyph.simulate.planting.steps import price_steps, quantity_steps, rounded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRANGER = "planted-"
"""Begins the name of an account that did not trade on its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plants:
    """k planted transfers, one element each; money in quote currency, quantities in base units."""

    symbol: NDArray[np.int32]
    window_start: Ints
    beneficiary: NDArray[np.int32]
    """Account code in the names of the planted fills."""
    victim: NDArray[np.int32]
    beneficiary_fills: Ints
    """Its own fills (merged) in that symbol and on that day; 0 for an account without any."""
    victim_fills: Ints
    grade: Ints
    """Position in `GRADES`."""
    gap: Floats
    """Distance of buy and sale over the candle's height, mean over the trips."""
    trips: Ints
    share: Floats
    """One side of a trip over the raised volume of its candle, mean; NaN where unknown."""
    money: Floats
    """What went from the victim to the beneficiary."""

    def __len__(self) -> int:
        return len(self.symbol)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """What was planted, and the candles of the copy."""

    plants: Plants
    fills: Fills
    """Only the planted ones, both sides of every match; account names go on after the real ones."""
    other: NDArray[np.int32]
    """Account code of the other side of each fill."""
    candles: Candles
    """The real ones with volume and number of accounts raised."""
    hosts: NDArray[np.int64]
    """Windows whose accounts took part, ascending."""


def plant(windows: Windows, candles: Candles, *, plants: int, seed: int) -> Planted:
    """Plant up to `plants` transfers into days of `windows`; fewer where there is no room.

    Equal arguments give equal plants. Windows without an account's name take none, because several
    people may be mixed in them. Both arguments must share one table of symbol codes; they are not
    changed.
    """
    rng = np.random.default_rng(seed)
    step = price_steps(windows.fills, candles)[candles.symbol]
    # The small part keeps a height that float noise put just under a whole tick.
    ticks = np.floor((candles.high - candles.low) / step + 1e-6).astype(np.int64)
    rooms = rooms_of(windows, candles, ticks)
    named = windows.fills.account_names[windows.account] != ""
    sides = draw_sides(rng, windows, rooms.open_ & named).take(slice(plants))
    trips = rng.integers(1, MOST_TRIPS + 1, len(sides))
    chosen = choose_candles(rng, rooms, windows, candles, sides, trips)
    settled = np.flatnonzero([len(own) > 0 for own in chosen])
    sides, chosen = sides.take(settled), [chosen[at] for at in settled]
    drawn = _draw_trips(rng, windows, candles, sides, chosen, step, ticks)
    return _assemble(windows, candles, sides, drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trips:
    """Columns of one length: the round trips of all plants."""

    plant: Ints
    grade: Ints
    """Per plant."""
    candle: Ints
    low: Floats
    """Price that the beneficiary buys at."""
    high: Floats
    """Price that it sells at."""
    quantity: Floats
    buy_time: Ints
    sell_time: Ints


def _draw_trips(
    rng: Generator,
    windows: Windows,
    candles: Candles,
    sides: Sides,
    chosen: list[Ints],
    step: Floats,
    ticks: Ints,
) -> _Trips:
    count = np.array([len(own) for own in chosen], dtype=np.int64)
    owner = np.repeat(np.arange(len(sides)), count)
    candle = np.concatenate([*chosen, np.empty(0, dtype=np.int64)])
    grade = rng.permutation(np.arange(len(sides)) % len(GRADES))
    low, width = _places(rng, grade[owner], ticks[candle])
    base, tick = candles.low[candle], step[candle]
    end = windows.end[sides.world][owner]
    return _Trips(
        plant=owner,
        grade=grade,
        candle=candle,
        low=_on_grid(base + low * tick, candles, candle),
        high=_on_grid(base + (low + width) * tick, candles, candle),
        quantity=_quantities(rng, windows, candles, count, owner, candle),
        buy_time=_times(rng, candles, candle, end),
        sell_time=_times(rng, candles, candle, end),
    )


def _places(rng: Generator, grade: Ints, ticks: Ints) -> tuple[Ints, Ints]:
    """Ticks from the candle's low to the buy, and from there to the sale.

    A grade is a fifth of the height, which is at least five ticks: so it holds a whole one.
    """
    least, most = (np.array([getattr(g, end) for g in GRADES])[grade] for end in _ENDS)
    fewest, many = np.ceil(least * ticks - 1e-9), np.floor(most * ticks + 1e-9)
    width = np.minimum(fewest + np.floor(rng.random(len(grade)) * (many - fewest + 1)), many)
    low = np.floor(rng.random(len(grade)) * (ticks - width + 1))
    return low.astype(np.int64), width.astype(np.int64)


_ENDS = ("least_gap", "most_gap")


def _on_grid(price: Floats, candles: Candles, candle: Ints) -> Floats:
    return np.clip(rounded(price), candles.low[candle], candles.high[candle])


def _quantities(
    rng: Generator, windows: Windows, candles: Candles, count: Ints, owner: Ints, candle: Ints
) -> Floats:
    """Whole lots. A plant keeps its share of the volume, or its multiple of the usual fill."""
    least = np.where(count <= FEW_TRIPS, LEAST_LARGE_SHARE, LEAST_SHARE)
    share = _log_uniform(rng, least, np.full(len(count), MOST_SHARE))[owner]
    habit = _log_uniform(rng, np.full(len(count), LEAST_HABIT), np.full(len(count), MOST_HABIT))[
        owner
    ]
    fills = windows.fills
    symbol = candles.symbol[candle]
    volume = candles.volume[candle]
    # Two matches of quantity q make the volume V + 2q, of which q is the share.
    wanted = np.where(volume > 0, share * volume / (1 - 2 * share), habit * _usual(fills)[symbol])
    lot = quantity_steps(fills)[symbol]
    return rounded(np.maximum(np.ceil(wanted / lot - 1e-9), 1) * lot)


def _log_uniform(rng: Generator, low: Floats, high: Floats) -> Floats:
    return np.exp(rng.uniform(np.log(low), np.log(high)))


def _usual(fills: Fills) -> Floats:
    """Median quantity of a fill per symbol; 1 for a symbol without."""
    order = np.lexsort((fills.quantity, fills.symbol))
    symbol, quantity = fills.symbol[order], fills.quantity[order]
    every = np.arange(len(fills.symbol_names))
    first, last = np.searchsorted(symbol, every), np.searchsorted(symbol, every + 1)
    usual = np.ones(len(every))
    traded = last > first
    usual[traded] = quantity[((first + last) // 2)[traded]]
    return usual


def _times(rng: Generator, candles: Candles, candle: Ints, end: Ints) -> Ints:
    """A whole second inside the candle, before the next one and before the window's end."""
    start = candles.start[candle]
    following = np.minimum(candle + 1, len(candles) - 1)
    near = candles.symbol[following] == candles.symbol[candle]
    gap = np.where(near & (following > candle), candles.start[following] - start, end - start)
    room = np.minimum(np.minimum(gap, end - start), candles.interval) // MICROSECONDS
    return np.asarray(start + (rng.random(len(candle)) * room).astype(np.int64) * MICROSECONDS)


def _assemble(windows: Windows, candles: Candles, sides: Sides, drawn: _Trips) -> Planted:
    gainer, loser, names = _accounts(windows, sides)
    copy = _raised(windows, candles, sides, drawn, gainer, loser)
    fills, other = _fills(windows, candles, drawn, gainer, loser, names)
    both = np.concatenate([sides.beneficiary, sides.victim])
    return Planted(
        plants=_plants(windows, copy, sides, drawn, gainer, loser),
        fills=fills,
        other=other,
        candles=copy,
        hosts=np.unique(both[both >= 0]),
    )


def _accounts(
    windows: Windows, sides: Sides
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.object_]]:
    """Codes of both sides and all names; strangers get new ones that nobody has."""
    known = windows.fills.account_names
    prefix = STRANGER
    while any(str(name).startswith(prefix) for name in known):
        prefix = f"_{prefix}"
    both = np.stack([sides.beneficiary, sides.victim])
    strange = both < 0
    codes = np.where(strange, 0, windows.account[np.maximum(both, 0)]).astype(np.int32)
    codes[strange] = len(known) + np.arange(strange.sum(), dtype=np.int32)
    new = [f"{prefix}{number:05d}" for number in range(1, int(strange.sum()) + 1)]
    return codes[0], codes[1], np.array([*known, *new], dtype=object)


def _fills(
    windows: Windows,
    candles: Candles,
    drawn: _Trips,
    gainer: NDArray[np.int32],
    loser: NDArray[np.int32],
    names: NDArray[np.object_],
) -> tuple[Fills, NDArray[np.int32]]:
    """Both rows of the cheap match of every trip, then both of the dear one."""
    count = len(drawn.plant)
    gains, loses = gainer[drawn.plant], loser[drawn.plant]
    fills = Fills(
        account=np.concatenate([gains, loses, gains, loses]),
        symbol=np.tile(candles.symbol[drawn.candle], 4),
        time=np.concatenate([np.tile(drawn.buy_time, 2), np.tile(drawn.sell_time, 2)]),
        side=np.repeat(np.array([BUY, SELL, SELL, BUY], dtype=np.int8), count),
        price=np.concatenate([np.tile(drawn.low, 2), np.tile(drawn.high, 2)]),
        quantity=np.tile(drawn.quantity, 4),
        account_names=names,
        symbol_names=windows.fills.symbol_names,
    )
    return fills, np.concatenate([loses, gains, loses, gains])


def _raised(
    windows: Windows,
    candles: Candles,
    sides: Sides,
    drawn: _Trips,
    gainer: NDArray[np.int32],
    loser: NDArray[np.int32],
) -> Candles:
    """The candles with the planted quantity and the planted accounts counted in."""
    volume = candles.volume.copy()
    np.add.at(volume, drawn.candle, 2 * drawn.quantity)
    many = int(max(gainer.max(initial=0), loser.max(initial=0), windows.account.max(initial=0))) + 1
    present = np.concatenate(
        [drawn.candle * many + gainer[drawn.plant], drawn.candle * many + loser[drawn.plant]]
    )
    came = np.setdiff1d(present, _already_there(windows, candles, sides, many)) // many
    more = np.bincount(came, minlength=len(candles))
    accounts = np.where(candles.accounts >= 0, candles.accounts + more, candles.accounts)
    return replace(candles, volume=volume, accounts=accounts.astype(np.int32))


def _already_there(windows: Windows, candles: Candles, sides: Sides, many: int) -> Ints:
    """Candle and account in one number, for the hosts' own fills."""
    own = np.isin(windows.owner, np.concatenate([sides.beneficiary, sides.victim]))
    fills = windows.fills
    symbol, time = fills.symbol[own], fills.time[own]
    at = np.maximum(candle_at(candles, symbol, time + MICROSECONDS) - 1, 0)
    inside = (candles.symbol[at] == symbol) & (candles.start[at] <= time)
    inside &= time < candles.start[at] + candles.interval
    return np.asarray((at * many + fills.account[own])[inside])


def _plants(
    windows: Windows,
    copy: Candles,
    sides: Sides,
    drawn: _Trips,
    gainer: NDArray[np.int32],
    loser: NDArray[np.int32],
) -> Plants:
    count = np.bincount(drawn.plant, minlength=len(sides))
    height = copy.high[drawn.candle] - copy.low[drawn.candle]
    gain = drawn.high - drawn.low

    def total(values: Floats) -> Floats:
        return np.bincount(drawn.plant, values, minlength=len(sides)).astype(np.float64)

    def own_fills(window: Ints) -> Ints:
        return np.where(window >= 0, windows.sizes[np.maximum(window, 0)], 0)

    return Plants(
        symbol=windows.symbol[sides.world],
        window_start=windows.start[sides.world],
        beneficiary=gainer,
        victim=loser,
        beneficiary_fills=own_fills(sides.beneficiary),
        victim_fills=own_fills(sides.victim),
        grade=drawn.grade,
        gap=total(gain / height) / count,
        trips=count,
        share=total(drawn.quantity / copy.volume[drawn.candle]) / count,
        money=total(drawn.quantity * gain),
    )

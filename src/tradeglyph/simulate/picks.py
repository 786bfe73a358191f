"""Days, candles, prints and sizes that fills are given."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.draft import Ints, numbered, owners
from tradeglyph.simulate.market import PRINTS, Floats, Market
from tradeglyph.simulate.parameter import Parameter


def days_from(market: Market, world: Ints, days: Ints) -> tuple[Ints, Ints]:
    """(account, world) of up to `days[i]` days of a symbol, from `world[i]` on."""
    days = np.minimum(days, market.days_left[world])
    owner = owners(days)
    return owner, world[owner] + numbered(days)


def days_before(market: Market, world: Ints, days: Ints) -> tuple[Ints, Ints]:
    """(account, world) of up to `days[i]` days of a symbol that come before `world[i]`."""
    days = np.minimum(days, market.day[world])
    owner = owners(days)
    return owner, world[owner] - 1 - numbered(days)


def slots_for(rng: Generator, allowed: NDArray[np.bool_], count: Ints) -> tuple[Ints, Ints]:
    """(row, slot) of `count[i]` different slots of row i among its `allowed` ones, or of all that
    it allows where these are fewer."""
    count = np.minimum(count, allowed.sum(axis=1))
    return owners(count), pick_slots(rng, allowed, count)


def pick_slots(rng: Generator, allowed: NDArray[np.bool_], count: Ints) -> Ints:
    """`count[i]` different slots of row i among its `allowed` ones, all rows in one array.

    Where a row allows fewer, slots that are not allowed follow, or the same ones again: leave
    those accounts out.
    """
    keys = rng.random(allowed.shape, dtype=np.float32) + ~allowed
    most = np.arange(int(count.max(initial=0)))
    order = np.argsort(keys, axis=1)[:, most % max(allowed.shape[1], 1)]
    return np.asarray(order[most < count[:, None]])


def nth_candle(market: Market, world: Ints, nth: Ints) -> Ints:
    """The slot of the nth candle, from 0, that anybody can trade in; at most the last one.

    The worlds must have one.
    """
    order = np.argsort(~market.exists, axis=1, kind="stable")
    last = market.exists.sum(axis=1)[world] - 1
    return np.asarray(order[world, np.clip(nth, 0, last)])


def next_candle(market: Market, world: Ints, slot: Ints) -> Ints:
    """The first slot from `slot` on that has a candle, else the world's last candle before it."""
    exists, slots = market.exists, market.slots
    index = np.where(exists, np.arange(slots), slots)
    following = np.minimum.accumulate(index[:, ::-1], axis=1)[:, ::-1]
    last = slots - 1 - exists[:, ::-1].argmax(axis=1)
    found = following[world, np.minimum(slot, slots - 1)]
    return np.where(found < slots, found, last[world])


def standing(market: Market) -> Ints:
    """Shape (w, slots), ticks: what the market last printed when a slot begins; in the slots
    before its first candle, what it printed first; 1 in a world without a print."""
    exists = market.exists
    closed = np.where(exists, np.arange(market.slots), -1)
    latest = np.maximum.accumulate(closed, axis=1)
    before = np.concatenate([np.full((len(market), 1), -1), latest[:, :-1]], axis=1)
    first = np.take_along_axis(market.open, exists.argmax(axis=1)[:, None], axis=1)
    known = np.take_along_axis(market.close, np.maximum(before, 0), axis=1)
    return np.maximum(np.where(before >= 0, known, first), 1)


def lots_for(rng: Generator, volume: Floats, low: float, high: float) -> Ints:
    """Sizes between `low` and `high` of a candle's volume, evenly on a log scale, one lot least."""
    share = np.exp(rng.uniform(np.log(low), np.log(high), len(volume)))
    return whole_lots(share * volume)


def sized(rng: Generator, volume: Floats, share: Parameter) -> Ints:
    """Sizes of a share of a candle's volume, evenly on a log scale, one lot least."""
    return lots_for(rng, volume, share.low, share.high)


def whole_lots(lots: Floats | Ints) -> Ints:
    """Rounded, one least."""
    return np.maximum(np.rint(lots), 1).astype(np.int64)


def typical_volume(market: Market) -> Floats:
    """Shape (w,), in lots: the median of each world's candles; 1 in a world without any."""
    exists = market.exists
    volume = np.where(exists, market.volume, np.nan)
    volume[~market.traded] = 1.0
    return np.asarray(np.nanmedian(volume, axis=1))


def print_at(market: Market, world: Ints, slot: Ints, index: Ints) -> tuple[Ints, Ints]:
    """The print nearest after (cyclically) `index` of a candle: its price in ticks and its second.

    A candle has at least one print, so there always is one.
    """
    row = market.prints[world, slot]
    order = (index[:, None] + np.arange(PRINTS)) % PRINTS
    printed = np.take_along_axis(row, order, axis=1) >= 0
    chosen = order[np.arange(len(order)), printed.argmax(axis=1)]
    return row[np.arange(len(row)), chosen], chosen * market.print_seconds


def best_print(
    rng: Generator, market: Market, world: Ints, slot: Ints, side: Ints, looks: Ints
) -> tuple[Ints, Ints]:
    """Where a resting order fills: the best of `looks` random prints for its side.

    The lowest for a buy, the highest for a sell: so passive fills sit in the outer parts of their
    candle without ever being told to, as on a real tape.
    """
    row = market.prints[world, slot]
    keys = rng.random(row.shape)
    rank = np.argsort(np.argsort(np.where(row >= 0, keys, 2.0), axis=1), axis=1)
    seen = (rank < np.maximum(looks, 1)[:, None]) & (row >= 0)
    value = np.where(seen, row * side[:, None], np.iinfo(np.int64).max)
    chosen = value.argmin(axis=1)
    return row[np.arange(len(row)), chosen], chosen * market.print_seconds


def within_print(rng: Generator, market: Market, second: Ints) -> Ints:
    """Some second between the print that begins at `second` and the next."""
    later = second + rng.integers(market.print_seconds, size=len(second))
    return np.asarray(np.minimum(later, market.seconds - 1))


def quiet_slots(market: Market, prints: int) -> NDArray[np.bool_]:
    """Shape (w, slots): slots of the session with at most so many prints, in worlds with some."""
    few = (market.prints >= 0).sum(axis=2) <= prints
    traded = market.traded[:, None]
    return np.asarray(few & (market.start >= 0) & ~market.printed & traded)


def quiet_share(market: Market, prints: int) -> Floats:
    """Shape (w,): of the session, what is quiet."""
    session = np.maximum((market.start >= 0).sum(axis=1), 1)
    return np.asarray(quiet_slots(market, prints).sum(axis=1) / session)


def candle_rank(market: Market, world: Ints) -> Floats:
    """Shape (n, slots): how far through the day's candles each slot is, 0 to 1; NaN without one."""
    exists = market.exists[world]
    count = np.maximum(exists.sum(axis=1), 1)[:, None]
    return np.where(exists, (np.cumsum(exists, axis=1) - 0.5) / count, np.nan)


def mean_height(market: Market) -> Floats:
    """Shape (w,), ticks: of the candles that anybody can trade in; 0 without any."""
    exists = market.exists
    total = np.where(exists, market.height, 0).sum(axis=1)
    return np.asarray(total / np.maximum(exists.sum(axis=1), 1))


def tall_candles(market: Market, ticks: int, times: float) -> NDArray[np.bool_]:
    """Shape (w, slots): candles that anybody can trade in, at least so many ticks tall and so many
    times as tall as the world's candles are in the mean."""
    least = np.maximum(times * mean_height(market), ticks)
    return np.asarray(market.exists & (market.height >= least[:, None]))

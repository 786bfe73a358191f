"""Markets that are random walks.

A world's prints are a random walk in whole ticks with a daily U-shape and clustered volatility,
bouncing between bid and ask. Candles are built from the prints: a slot without a print has no
candle. A symbol's days follow one another, most of them five, some about a month of trading. Price
scale, tick, spread, volatility, liquidity and daily limits are drawn per symbol, so that nothing
about a single market can be learnt.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.simulate.market import PRINTS, Floats, Ints, Market
from tradeglyph.simulate.sessions import SESSIONS, SLOTS, starts_of

SHORT_DAYS = 5
LONG_DAYS = (20, 25)
"""Days of the symbols on which slow behaviours have room, lowest and highest."""
LONG_SHARE = 0.35
"""Of the worlds, what belongs to such symbols."""
LEAST_WORLDS_FOR_LONG = 30

NO_VOLUME = 0.15
"""Share of the symbols whose feed gives candles without a volume."""
LISTED = 0.1
"""Share of the symbols whose first day is a listing day."""
TRENDING = 0.12
"""Share of the days that drift by a tenth to a quarter; with daily limits, they lock."""
LIMITS = (0.1, 0.1, 0.2)
"""Daily limits of Shanghai's and Shenzhen's main boards, and of STAR and ChiNext."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """What the walks of w worlds are made with, shape (w,) each."""

    candles: Ints
    """Slots of the session."""
    first: Floats
    """Ticks at the start of the symbol's first day."""
    symbol: Ints
    volatility: Floats
    """Standard deviation of a candle's log return."""
    spread: Ints
    """Ticks from bid to ask."""
    rate: Floats
    """Prints per candle."""
    drift: Floats
    """Log return that the day has on top of chance."""
    limit: Floats
    """Share of the day's first price that no price leaves; infinite without one."""
    listing: NDArray[np.bool_]


def simulate_market(rng: Generator, worlds: int) -> Market:
    """`worlds` worlds, each symbol's days in a row."""
    days = _days(rng, worlds)
    symbols = len(days)
    of_symbol = np.repeat(np.arange(symbols), days)
    day = np.arange(worlds) - np.searchsorted(of_symbol, of_symbol)
    kind = rng.integers(len(SESSIONS), size=symbols)

    price_exponent = rng.uniform(-3, 4.5, symbols)
    tick_share = 10 ** rng.uniform(-5, -2.4, symbols)
    tick_step, decimals = _tick_of(rng, 10 ** (price_exponent + np.log10(tick_share)))
    first = np.maximum(10**price_exponent / (tick_step / 10.0**decimals), 150.0)
    walk = _walk_of(rng, of_symbol, day, kind, first)
    prints = _prints(rng, walk)
    high = prints.max(axis=2)
    low = np.where(prints >= 0, prints, np.iinfo(np.int64).max).min(axis=2)
    lots = rng.uniform(2, 6, symbols)
    # A candle turns over 1,000 to 3,000,000 of the quote currency, whatever a lot's name is.
    lot = 10.0 ** np.rint(rng.uniform(3, 6.5, symbols) - price_exponent - lots)
    return Market(
        symbol=of_symbol,
        symbol_names=tuple(f"SIM{number:04d}" for number in range(symbols)),
        start=starts_of(kind[of_symbol], day),
        prints=prints,
        open=_edge_print(prints),
        high=high,
        low=np.where(high >= 0, low, -1),
        close=_edge_print(prints[:, :, ::-1]),
        printed=np.zeros(high.shape, dtype=bool),
        volume=_volume(rng, prints, walk.candles, (10**lots)[of_symbol]),
        publishes_volume=(rng.random(symbols) >= NO_VOLUME)[of_symbol],
        tick_step=tick_step[of_symbol],
        decimals=decimals[of_symbol],
        lot=lot[of_symbol],
        listing=walk.listing,
    )


def _days(rng: Generator, worlds: int) -> Ints:
    """Days of each symbol, summing to `worlds`; the last symbol gets what is left."""
    long: list[int] = []
    if worlds >= LEAST_WORLDS_FOR_LONG:
        count = max(1, round(LONG_SHARE * worlds / np.mean(LONG_DAYS)))
        long = rng.integers(LONG_DAYS[0], LONG_DAYS[1] + 1, count).tolist()
    short, rest = divmod(worlds - sum(long), SHORT_DAYS)
    days = [*long, *[SHORT_DAYS] * short, *([rest] if rest else [])]
    return np.array(days, dtype=np.int64)


def _tick_of(rng: Generator, wanted: Floats) -> tuple[Ints, Ints]:
    """Ticks of 1, 2 or 5 units of a decimal, near the wanted size."""
    decimals = np.clip(np.ceil(-np.log10(wanted)), 0, 10).astype(np.int64)
    return rng.choice(np.array([1, 1, 2, 5]), size=len(wanted)), decimals


def _walk_of(rng: Generator, of_symbol: Ints, day: Ints, kind: Ints, first: Floats) -> _Walk:
    symbols, worlds = len(kind), len(of_symbol)
    has_limits = np.array([session.has_limits for session in SESSIONS])[kind]
    limit = np.where(has_limits, rng.choice(np.array(LIMITS), symbols), np.inf)[of_symbol]
    # A new share has no limits on its first days (registration system, 2020 and 2023).
    listed = (rng.random(symbols) < LISTED)[of_symbol]
    listing = listed & (day == 0)
    trending = rng.random(worlds) < TRENDING
    drift = rng.uniform(0.1, 0.25, worlds) * rng.choice([-1, 1], worlds) * trending
    # Some days are wilder or busier than others.
    volatility = 10 ** rng.uniform(-3.5, -1.9, symbols)[of_symbol] * rng.lognormal(0, 0.25, worlds)
    rate = 10 ** rng.uniform(-0.2, 2.5, symbols)[of_symbol] * rng.lognormal(0, 0.3, worlds)
    return _Walk(
        candles=np.array([session.candles for session in SESSIONS])[kind][of_symbol],
        first=first[of_symbol],
        symbol=of_symbol,
        volatility=np.where(listing, np.maximum(3 * volatility, 0.004), volatility),
        spread=(1 + rng.geometric(0.6, symbols) - 1)[of_symbol],
        rate=np.where(listing, np.maximum(3 * rate, 10), rate),
        drift=np.where(listing, 0.0, drift),
        limit=np.where(listed & (day < SHORT_DAYS), np.inf, limit),
        listing=listing,
    )


def _prints(rng: Generator, walk: _Walk) -> Ints:
    worlds = len(walk.symbol)
    shape = 1 + 1.2 * _u_shape(walk.candles)
    # On a listing day the price settles as the day goes on.
    progress = np.arange(SLOTS) / walk.candles[:, None]
    shape *= np.where(walk.listing[:, None], np.exp(-2 * progress), 1.0)
    sigma = walk.volatility[:, None] * shape * np.exp(_clustered(rng, worlds)) / np.sqrt(PRINTS)
    step = rng.standard_normal((worlds, SLOTS, PRINTS), dtype=np.float32) * sigma[:, :, None]
    # Rare bursts make a few candles far wider than the rest, as news does.
    step[rng.random((worlds, SLOTS)) < 0.01] *= 4
    step += (_trend(rng, walk) / PRINTS)[:, :, None]
    level = np.cumsum(step.reshape(worlds, -1), axis=1, dtype=np.float64)
    # The clip keeps a wild world from running to zero; it is far outside ordinary days.
    level = np.clip(level, -2, 2)
    base = _day_starts(rng, walk, level)
    mid = np.rint(base[:, None] * np.exp(level)).astype(np.int64).reshape(worlds, SLOTS, PRINTS)
    bounce = rng.random(mid.shape, dtype=np.float32) < 0.5
    prints = _limited(mid + bounce * walk.spread[:, None, None], base, walk.limit)
    chance = 1 - np.exp(-walk.rate[:, None] * shape / PRINTS)
    printed = rng.random(mid.shape, dtype=np.float32) < chance[:, :, None]
    open_slot = np.arange(SLOTS) < walk.candles[:, None]
    return np.where(printed & open_slot[:, :, None], np.maximum(prints, 1), -1)


def _trend(rng: Generator, walk: _Walk) -> Floats:
    """Log return of each slot by the day's drift, all of it in an hour or two from some slot on."""
    length = np.maximum(walk.candles // 6, 1)
    begin = (rng.random(len(length)) * walk.candles * 0.5).astype(np.int64)
    slot = np.arange(SLOTS)
    inside = (slot >= begin[:, None]) & (slot < (begin + length)[:, None])
    return np.asarray(inside * (walk.drift / length)[:, None])


def _day_starts(rng: Generator, walk: _Walk, level: Floats) -> Floats:
    """The ticks each day begins with: where the day before ended, and a gap over night."""
    last = level[np.arange(len(level)), walk.candles * PRINTS - 1]
    end = np.clip(last, np.log1p(-np.minimum(walk.limit, 0.9)), np.log1p(walk.limit))
    over_night = end + rng.standard_normal(len(end)) * walk.volatility * 3
    before = np.cumsum(over_night) - over_night
    head = np.searchsorted(walk.symbol, walk.symbol)
    return np.asarray(walk.first * np.exp(np.clip(before - before[head], -1.5, 1.5)))


def _limited(prints: Ints, base: Floats, limit: Floats) -> Ints:
    """Prints between a day's limits: at one of them they stay while the walk is beyond."""
    bounded = np.isfinite(limit)
    share = np.where(bounded, limit, 0.0)
    highest = np.where(bounded, np.floor(base * (1 + share)), np.iinfo(np.int64).max // 2)
    lowest = np.where(bounded, np.ceil(base * (1 - share)), 1)
    lowest, highest = lowest.astype(np.int64), highest.astype(np.int64)
    return np.clip(prints, lowest[:, None, None], highest[:, None, None])


def _clustered(rng: Generator, worlds: int) -> Floats:
    """Log-volatility as an AR(1) over slots, standard deviation 0.5, correlation 0.9."""
    shocks = rng.standard_normal((worlds, SLOTS)) * 0.5 * np.sqrt(1 - 0.9**2)
    level = rng.standard_normal(worlds) * 0.5
    noise = np.empty((worlds, SLOTS))
    for slot in range(SLOTS):
        level = 0.9 * level + shocks[:, slot]
        noise[:, slot] = level
    return noise


def _u_shape(candles: Ints) -> Floats:
    """1 at the open and the close, 0 at noon; shape (w, SLOTS)."""
    middle = (candles[:, None] - 1) / 2
    return np.asarray(np.clip(np.abs(np.arange(SLOTS) - middle) / middle, 0, 1) ** 3)


def _volume(rng: Generator, prints: Ints, candles: Ints, lots: Floats) -> Floats:
    exists = (prints >= 0).any(axis=2)
    activity = (prints >= 0).sum(axis=2) / PRINTS * (1 + 1.5 * _u_shape(candles))
    volume = lots[:, None] * activity * rng.lognormal(0, 0.6, exists.shape)
    return np.where(exists, np.maximum(np.rint(volume), 1), 0.0)


def _edge_print(prints: Ints) -> Ints:
    """The first print of every candle; -1 without one."""
    first = (prints >= 0).argmax(axis=2)
    return np.asarray(np.take_along_axis(prints, first[:, :, None], axis=2)[:, :, 0])

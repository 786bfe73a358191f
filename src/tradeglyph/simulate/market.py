"""Worlds: one symbol on one day, printed tick by tick, hundreds of worlds at once.

A world's prints are a random walk in whole ticks with a daily U-shape and clustered volatility,
bouncing between bid and ask. Candles are built from the prints: a slot without a print has no
candle. Price scale, tick, spread, volatility and liquidity are drawn per symbol, so that nothing
about a single market can be learnt.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.domain.fills import DAY_US, MICROSECONDS

PRINTS = 12
"""Chances to print in a candle, 25 seconds apart."""
PRINT_SECONDS = 25
SLOTS = 288
"""Five-minute slots of a day; shorter sessions use the first ones."""
FIRST_DAY_US = 20_454 * DAY_US
"""2026-01-01, the first simulated day. Days carry nothing a picture shows."""
DAYS_PER_SYMBOL = 5

NO_VOLUME = 0.15
"""Share of the symbols whose feed gives candles without a volume."""

MINUTE_US = 60 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class SessionKind:
    """A trading day's shape; times of day are UTC."""

    name: str
    candles: int
    open_minute: int
    lunch_after: int = 0
    """Candles before the lunch break; 0 for none."""
    lunch_minutes: int = 0

    def starts(self) -> NDArray[np.int64]:
        """Candle starts of a day, microseconds after midnight UTC."""
        slot = np.arange(self.candles, dtype=np.int64)
        lunch = np.where((self.lunch_after > 0) & (slot >= self.lunch_after), self.lunch_minutes, 0)
        return np.asarray((self.open_minute + lunch) * MINUTE_US + slot * FIVE_MINUTES_US)


SESSIONS: tuple[SessionKind, ...] = (
    SessionKind("cn-ashare", 48, 90, lunch_after=24, lunch_minutes=90),
    SessionKind("us-equity", 78, 870),
    SessionKind("crypto", 288, 0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """w worlds of `SLOTS` slots. Prices are whole ticks; `price_of` turns them into money."""

    symbol: NDArray[np.int64]
    """Shape (w,): symbol number of each world."""
    symbol_names: tuple[str, ...]
    start: NDArray[np.int64]
    """Shape (w, SLOTS): candle starts, microseconds UTC; -1 past the session."""
    prints: NDArray[np.int64]
    """Shape (w, SLOTS, PRINTS): printed prices in ticks; -1 where nothing printed."""
    open: NDArray[np.int64]
    """Shape (w, SLOTS), ticks, as are `high`, `low`, `close`; -1 without a candle."""
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    volume: NDArray[np.float64]
    """Shape (w, SLOTS), in lots: what traded besides the simulated accounts; 0 without a candle."""
    publishes_volume: NDArray[np.bool_]
    """Shape (w,): whether the feed says the volume of a candle; some feeds do not."""
    tick_step: NDArray[np.int64]
    """Shape (w,): 1, 2 or 5 units of the last decimal."""
    decimals: NDArray[np.int64]
    """Shape (w,): decimals of a price."""
    lot: NDArray[np.float64]
    """Shape (w,): quantity of one lot."""

    @property
    def exists(self) -> NDArray[np.bool_]:
        """Shape (w, SLOTS): whether there is a candle."""
        return self.high >= 0

    @property
    def height(self) -> NDArray[np.int64]:
        """Shape (w, SLOTS): high minus low in ticks; 0 without a candle."""
        return np.where(self.exists, self.high - self.low, 0)

    def price_of(self, world: NDArray[np.int64], ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Prices in quote currency, rounded to the symbol's decimals, so that they lie on tick."""
        scale = 10.0 ** self.decimals[world]
        return np.asarray(ticks * self.tick_step[world] / scale)

    def __len__(self) -> int:
        return len(self.symbol)


def simulate_market(rng: Generator, worlds: int) -> Market:
    """`worlds` worlds, up to five days of a symbol each."""
    symbols = -(-worlds // DAYS_PER_SYMBOL)
    of_symbol = np.arange(worlds) // DAYS_PER_SYMBOL
    kind = rng.integers(len(SESSIONS), size=symbols)[of_symbol]
    candles = np.array([s.candles for s in SESSIONS])[kind]
    open_slot = np.arange(SLOTS) < candles[:, None]

    price_exponent = rng.uniform(-3, 4.5, symbols)
    tick_share = 10 ** rng.uniform(-5, -2.4, symbols)
    tick_step, decimals = _tick_of(rng, 10 ** (price_exponent + np.log10(tick_share)))
    tick = tick_step / 10.0**decimals
    first_ticks = np.maximum(10**price_exponent / tick, 150.0)[of_symbol]
    volatility = 10 ** rng.uniform(-3.5, -1.9, symbols)[of_symbol]
    spread = (1 + rng.geometric(0.6, symbols) - 1)[of_symbol]
    rate = (10 ** rng.uniform(-0.2, 2.5, symbols))[of_symbol]

    prints = _prints(rng, open_slot, candles, first_ticks, volatility, spread, rate)
    high = prints.max(axis=2)
    low = np.where(prints >= 0, prints, np.iinfo(np.int64).max).min(axis=2)
    low = np.where(high >= 0, low, -1)
    lots = rng.uniform(2, 6, symbols)
    # A candle turns over 1,000 to 3,000,000 of the quote currency, whatever a lot's name is.
    lot = 10.0 ** np.rint(rng.uniform(3, 6.5, symbols) - price_exponent - lots)
    return Market(
        symbol=of_symbol,
        symbol_names=tuple(f"SIM{number:04d}" for number in range(symbols)),
        start=_starts(worlds, kind),
        prints=prints,
        open=_edge_print(prints),
        high=high,
        low=low,
        close=_edge_print(prints[:, :, ::-1]),
        volume=_volume(rng, prints, high >= 0, candles, (10**lots)[of_symbol]),
        publishes_volume=(rng.random(symbols) >= NO_VOLUME)[of_symbol],
        tick_step=tick_step[of_symbol],
        decimals=decimals[of_symbol],
        lot=lot[of_symbol],
    )


def _tick_of(
    rng: Generator, wanted: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ticks of 1, 2 or 5 units of a decimal, near the wanted size."""
    decimals = np.clip(np.ceil(-np.log10(wanted)), 0, 10).astype(np.int64)
    return rng.choice(np.array([1, 1, 2, 5]), size=len(wanted)), decimals


def _starts(worlds: int, kind: NDArray[np.int64]) -> NDArray[np.int64]:
    start = np.full((worlds, SLOTS), -1, dtype=np.int64)
    day = FIRST_DAY_US + (np.arange(worlds) % DAYS_PER_SYMBOL) * DAY_US
    for number, session in enumerate(SESSIONS):
        of_kind = np.flatnonzero(kind == number)
        start[of_kind, : session.candles] = day[of_kind, None] + session.starts()
    return start


def _prints(
    rng: Generator,
    open_slot: NDArray[np.bool_],
    candles: NDArray[np.int64],
    first_ticks: NDArray[np.float64],
    volatility: NDArray[np.float64],
    spread: NDArray[np.int64],
    rate: NDArray[np.float64],
) -> NDArray[np.int64]:
    worlds = len(open_slot)
    noise = _clustered(rng, worlds)
    shape = 1 + 1.2 * _u_shape(candles)
    sigma = volatility[:, None] * shape * np.exp(noise) / np.sqrt(PRINTS)
    step = rng.standard_normal((worlds, SLOTS, PRINTS), dtype=np.float32) * sigma[:, :, None]
    # Rare bursts make a few candles far wider than the rest, as news does.
    burst = rng.random((worlds, SLOTS)) < 0.01
    step[burst] *= 4
    walk = np.cumsum(step.reshape(worlds, -1), axis=1, dtype=np.float64)
    # The clip keeps a wild world from running to zero; it is far outside ordinary days.
    path = first_ticks[:, None] * np.exp(np.clip(walk, -2, 2))
    mid = np.rint(path).astype(np.int64).reshape(worlds, SLOTS, PRINTS)
    bounce = rng.random(mid.shape, dtype=np.float32) < 0.5
    prints = mid + bounce * spread[:, None, None]
    chance = 1 - np.exp(-rate[:, None] * shape / PRINTS)
    printed = rng.random(mid.shape, dtype=np.float32) < chance[:, :, None]
    return np.where(printed & open_slot[:, :, None], np.maximum(prints, 1), -1)


def _clustered(rng: Generator, worlds: int) -> NDArray[np.float64]:
    """Log-volatility as an AR(1) over slots, standard deviation 0.5, correlation 0.9."""
    shocks = rng.standard_normal((worlds, SLOTS)) * 0.5 * np.sqrt(1 - 0.9**2)
    level = rng.standard_normal(worlds) * 0.5
    noise = np.empty((worlds, SLOTS))
    for slot in range(SLOTS):
        level = 0.9 * level + shocks[:, slot]
        noise[:, slot] = level
    return noise


def _u_shape(candles: NDArray[np.int64]) -> NDArray[np.float64]:
    """1 at the open and the close, 0 at noon; shape (w, SLOTS)."""
    middle = (candles[:, None] - 1) / 2
    return np.asarray(np.clip(np.abs(np.arange(SLOTS) - middle) / middle, 0, 1) ** 3)


def _volume(
    rng: Generator,
    prints: NDArray[np.int64],
    exists: NDArray[np.bool_],
    candles: NDArray[np.int64],
    lots: NDArray[np.float64],
) -> NDArray[np.float64]:
    activity = (prints >= 0).sum(axis=2) / PRINTS * (1 + 1.5 * _u_shape(candles))
    volume = lots[:, None] * activity * rng.lognormal(0, 0.6, exists.shape)
    return np.where(exists, np.maximum(np.rint(volume), 1), 0.0)


def _edge_print(prints: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first print of every candle; -1 without one."""
    first = (prints >= 0).argmax(axis=2)
    return np.asarray(np.take_along_axis(prints, first[:, :, None], axis=2)[:, :, 0])

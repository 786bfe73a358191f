"""Honest traffic to plant into: prices in whole cents, quantities in tenths."""

import numpy as np

from tests.rows import DAY, candles_of, days, fills_of
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows

SLOTS = 24
DAYS = 3
DAY_S = 86_400


def traffic(
    seed: int = 1, *, accounts: int = 16, volume: bool = True, height: int = 60, count: bool = False
) -> tuple[Windows, Candles]:
    """`accounts` accounts on two symbols and three days, in candles up to `height` cents tall."""
    rng = np.random.default_rng(seed)
    rows, fills = [], []
    for symbol in ("X", "Y"):
        for day in range(DAYS):
            for slot in range(SLOTS):
                low = int(rng.integers(5_000, 6_000))
                high = low + int(rng.integers(0, height + 1))
                rows.append((symbol, DAY + DAY_S * day + 300 * slot, low / 100, high / 100))
    for account in range(accounts):
        for _ in range(12):
            symbol, start, low, high = rows[int(rng.integers(len(rows)))]
            cents = int(rng.integers(round(low * 100), round(high * 100) + 1))
            side = "buy" if rng.random() < 0.5 else "sell"
            time = start + int(rng.integers(300))
            fills.append((f"a{account:02}", symbol, time, side, cents / 100, 0.1 * (1 + account)))
    size: float | list[float] = [100.0 + i for i in range(len(rows))] if volume else float("nan")
    candles = candles_of(rows, volume=size, accounts=9 if count else -1)
    return days(fills_of(fills)), candles

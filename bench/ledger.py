"""How many trades a second the transfer ledger takes, on a week of a market with few transfers.

One process, one thread. `other` is the plain way, pair by pair: for every matched trade the median
price of the prints around it, in a Python loop over the trades, without screening pairs first.
"""

import time
from collections.abc import Callable

import numpy as np

from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS, SELL, Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger import ledger

MATCHES = 500_000
ACCOUNTS = 6_000
SYMBOLS = 40
THIEVES = 20
"""Pairs with a transfer, in five trades each."""
GAP = 0.05
PLAIN_MATCHES = 2_000
WIDTH_US = 150 * MICROSECONDS
RUNS = 3
MONDAY = 1_736_121_600_000_000
"""2025-01-06 in microseconds."""


def measure() -> dict[str, object]:
    """Rows of the tape per second and core: `ledger_trades_per_s`."""
    tape = workload()
    ends = np.array([MONDAY + 7 * DAY_US])
    ours = len(tape) / _best(lambda: ledger(tape, ends=ends))
    other = 2 * PLAIN_MATCHES / _best(lambda: _plain(tape))
    return {
        "name": "ledger_trades_per_s",
        "unit": "trades/s",
        "ours": ours,
        "other": other,
        "ratio": ours / other,
    }


def workload(seed: int = 1) -> Tape:
    """A week of `MATCHES` matched trades, both rows of each."""
    rng = np.random.default_rng(seed)
    symbol = np.sort(rng.integers(0, SYMBOLS, MATCHES))
    at = np.sort(rng.integers(0, 7 * DAY_US, MATCHES) + symbol * 7 * DAY_US) % (7 * DAY_US)
    step = rng.standard_normal(MATCHES) * 1e-4
    middle = 100 * np.exp(np.cumsum(step))
    side = rng.integers(0, 2, MATCHES) * 2 - 1
    price = middle * (1 + side * 2e-4)
    buyer = rng.integers(2 * THIEVES, ACCOUNTS, MATCHES)
    seller = (buyer + rng.integers(1, ACCOUNTS // 2, MATCHES)) % ACCOUNTS
    stolen = rng.choice(MATCHES, 5 * THIEVES, replace=False)
    pair = np.arange(len(stolen)) % THIEVES
    buyer[stolen], seller[stolen] = 2 * pair, 2 * pair + 1
    price[stolen] = middle[stolen] * (1 - GAP)
    quantity = np.round(rng.lognormal(2, 1, MATCHES) + 0.1, 1)
    both = np.repeat(np.arange(MATCHES), 2)
    first = np.arange(2 * MATCHES) % 2 == 0
    return Tape(
        fills=Fills(
            account=np.where(first, buyer[both], seller[both]).astype(np.int32),
            symbol=symbol[both].astype(np.int32),
            time=MONDAY + at[both],
            side=np.where(first, BUY, SELL).astype(np.int8),
            price=np.round(price, 2)[both],
            quantity=quantity[both],
            account_names=np.array([f"A{number}" for number in range(ACCOUNTS)], object),
            symbol_names=np.array([f"SYMBOL{number}" for number in range(SYMBOLS)], object),
        ),
        other=np.where(first, seller[both], buyer[both]).astype(np.int32),
        match=both,
        fee=np.full(2 * MATCHES, np.nan),
    )


def _plain(tape: Tape) -> float:
    """Net flow of the first matches, one after the other."""
    fills = tape.fills
    flows: dict[tuple[int, int], float] = {}
    time_ = fills.time[: np.searchsorted(fills.symbol, 1)]  # the first matches are of one symbol
    for row in range(0, 2 * PLAIN_MATCHES, 2):
        when = int(time_[row])
        first, last = np.searchsorted(time_, [when - WIDTH_US, when + WIDTH_US])
        reference = float(np.median(fills.price[first:last]))
        pair = int(fills.account[row]), int(tape.other[row])
        gain = float(fills.quantity[row]) * (reference - float(fills.price[row]))
        flows[pair] = flows.get(pair, 0.0) + gain
    return sum(flows.values())


def _best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of `RUNS` runs, after one to warm up."""
    work()
    seconds = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)

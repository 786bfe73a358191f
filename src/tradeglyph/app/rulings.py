"""What everybody's trades do to the verdicts of a model, whatever it says: for backtests.

`counterparties.weigh` rules on one set of verdicts and finds words for each. The rules ask of the
model only whether it suspects a window, so that both of their answers can be had once for all
thresholds and models.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.counterparties import COLUMNS, SIDES, codes_among, names_other_sides
from tradeglyph.domain.columns import taken
from tradeglyph.domain.fills import DAY_US, Fills
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.domain.windows import Windows
from tradeglyph.pipeline.grounds import grounds_of
from tradeglyph.pipeline.rules import Rules
from tradeglyph.simulate.planting.plant import Planted
from tradeglyph.sources.tables import UTC_TIME
from tradeglyph.sources.tape import tape_of

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_DEFAULT = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulings:
    """One element per window."""

    held: Mask
    """Held, whatever the model says."""
    odd: Mask
    """Held or up for review, whatever it says."""
    cleared: Mask
    """Quiet, though it may suspect them: by the ledger, or for what their trips made."""
    role: NDArray[np.object_]
    """Of those that are `odd`, the side that the ledger shows; else empty."""

    @classmethod
    def none(cls, count: int) -> "Rulings":
        """Of `count` windows about which nothing is known."""
        held, odd, cleared = (np.zeros(count, dtype=bool) for _ in range(3))
        return cls(held=held, odd=odd, cleared=cleared, role=np.full(count, "", dtype=object))

    def take(self, index: Mask | Ints) -> "Rulings":
        """The windows at `index`."""
        return taken(self, index)


def rulings(
    windows: Windows,
    trades: pl.DataFrame,
    *,
    ends: Ints,
    alone: Mask,
    split: int | None = None,
    rules: Rules = _DEFAULT,
) -> Rulings:
    """As `weigh` rules on the same windows, `ends` and `alone` with the same `trades`.

    Args:
        split: microseconds UTC; nothing at or after it has a part in what is said of windows that
            end by then. `score` counts over the whole file whether an account's other sides are
            known, which a threshold that is chosen on earlier days must not see.
    """
    tape = tape_of(trades.select([name for name in COLUMNS if name in trades.columns]))
    account, symbol = (
        codes_among(pl.Series(names[code], dtype=pl.String), known)
        for names, code, known in (
            (windows.fills.account_names, windows.account, tape.fills.account_names),
            (windows.fills.symbol_names, windows.symbol, tape.fills.symbol_names),
        )
    )
    count = len(windows)
    grounds = grounds_of(
        account,
        symbol,
        windows.start,
        windows.end,
        tape,
        asked=np.ones(count, dtype=bool),
        ends=ends,
        rules=rules,
        split=split,
    )
    review, quiet = (_all(v.value, count) for v in (Verdict.REVIEW, Verdict.QUIET))
    role, nobody = _all("", count), np.zeros(count, dtype=bool)
    every = grounds.rule(review, role, ~nobody, alone).by_costs
    none = grounds.rule(quiet, role, nobody, alone).by_costs
    return Rulings(
        held=np.asarray(none.verdict == Verdict.HOLD.value),
        odd=np.asarray(none.verdict != Verdict.QUIET.value),
        cleared=np.asarray(every.verdict == Verdict.QUIET.value),
        role=none.role,
    )


def planted_rulings(
    windows: Windows,
    trades: pl.DataFrame,
    planted: Planted,
    *,
    ends: Ints,
    alone: Mask,
    rules: Rules = _DEFAULT,
    threads: int = 1,
) -> Rulings:
    """Rulings on every plant's two windows, all beneficiaries' and then all victims', each plant in
    everybody's trades as if it were the only one; `threads` plants at a time.

    Prices of other plants on its symbol would pass for the market's: they widen the spread and
    blur the reference, as many thieves on one day would and one does not. What is ruled on a window
    comes from its look-back, so that no more is read; and a little before it, since a trade's
    reference looks around it.
    """
    count, fills = len(planted.plants), planted.fills
    rows = trades_of(fills)
    if names_other_sides(trades):
        other = pl.Series(fills.account_names[planted.other], dtype=pl.String)
        rows = rows.with_columns(other.alias("counterparty_id"))
    of_symbol = trades.partition_by("symbol", as_dict=True, maintain_order=True)

    def one(at: int) -> Rulings:
        pair = np.array([at, count + at])
        start, end = int(windows.start[at]), int(windows.end[at])
        since = end - rules.look_back_us - DAY_US
        mine = np.isin(fills.account, windows.account[pair]) & (fills.symbol == windows.symbol[at])
        mine &= (fills.time >= start) & (fills.time < end)
        symbol = str(fills.symbol_names[windows.symbol[at]])
        time = pl.col("time").to_physical()
        near = of_symbol[(symbol,)].filter((time >= since) & (time < end))
        return rulings(
            windows.take(pair),
            pl.concat([near, rows.filter(pl.Series(mine))], how="diagonal"),
            ends=ends[(ends > since) & (ends <= end)],
            alone=alone[pair],
            rules=rules,
        )

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(one, range(count)))
    joined = {
        name: np.stack([getattr(part, name) for part in parts]).T.reshape(-1)
        for name in Rulings.__slots__
    }
    return Rulings(**joined)


def trades_of(fills: Fills) -> pl.DataFrame:
    """The normalised frame of fills, whose other sides nobody knows."""
    return pl.DataFrame(
        {
            "account_id": pl.Series(fills.account_names[fills.account], dtype=pl.String),
            "symbol": pl.Series(fills.symbol_names[fills.symbol], dtype=pl.String),
            "time": pl.Series(fills.time).cast(UTC_TIME),
            "side": fills.side,
            "price": fills.price,
            "quantity": fills.quantity,
        }
    ).with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in SIDES)


def _all(value: str, count: int) -> NDArray[np.object_]:
    return np.full(count, value, dtype=object)

"""Exact references for the trades that matter.

Trades of one pair in one five-minute bar have one reference: what the two do to each other there
comes to their net cash, whatever the reference, where they end flat; and the prints before it are
those before the first of these trades, the prints after it those after the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.recognizers.ledger.exact import QUARTERS, Floats, Ints
from tradeglyph.recognizers.ledger.reference import CHOICES, Choice, Spans, references
from tradeglyph.recognizers.ledger.settings import LedgerSettings
from tradeglyph.recognizers.ledger.trades import Columns, Trades


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """References of the trades at `row`, ascending, one element each."""

    row: Ints
    block: Ints
    """Number of the pair and bar that the trade belongs to, from 0."""
    apart: Ints
    """Microseconds from the first to the last trade of the block."""
    quarters: dict[Choice, Ints]
    """By choice, in quarters of a price unit. Where the prints before, or those after, have too
    few accounts, as by both."""
    known: NDArray[np.bool_]
    scatter: Floats
    """Price units: how far apart the accounts' prices are, and how far the reference moved from
    before the block to after it. NaN where not known."""


def value(trades: Trades, row: Ints, prints: Columns, settings: LedgerSettings) -> Valued:
    """Values the trades at `row`, ascending, from independent `prints`."""
    spans, block = _blocks(trades, row)
    found = {
        choice: references(
            spans,
            prints,
            choice,
            half_widths=settings.half_widths,
            accounts=settings.accounts if choice == "both" else settings.side_accounts,
        )
        for choice in CHOICES
    }
    both = found["both"]
    quarters = {c: np.where(r.known, r.quarters, both.quarters) for c, r in found.items()}
    moved = (quarters["after"] - quarters["before"]) / (2 * QUARTERS)
    return Valued(
        row=row,
        block=block,
        apart=(spans.last - spans.first)[block],
        quarters={choice: reference[block] for choice, reference in quarters.items()},
        known=both.known[block],
        scatter=np.hypot(both.spread, moved)[block],
    )


def joined(parts: Sequence[Valued]) -> Valued:
    """Several, of different rows, as one."""
    none = np.zeros(0, dtype=np.int64)
    row = np.concatenate([none, *(part.row for part in parts)])
    order = np.argsort(row)
    first = np.cumsum([0, *(int(part.block.max(initial=-1)) + 1 for part in parts)])
    blocks = [part.block + base for part, base in zip(parts, first, strict=False)]

    return Valued(
        row=row[order],
        block=np.concatenate([none, *blocks])[order],
        apart=np.concatenate([none, *(part.apart for part in parts)])[order],
        quarters={
            c: np.concatenate([none, *(part.quarters[c] for part in parts)])[order] for c in CHOICES
        },
        known=np.concatenate([none > 0, *(part.known for part in parts)])[order],
        scatter=np.concatenate([none + 0.0, *(part.scatter for part in parts)])[order],
    )


def _blocks(trades: Trades, row: Ints) -> tuple[Spans, Ints]:
    """Spans of the trades of one pair and bar, and the number of the span of each trade."""
    columns, pair = trades.columns, trades.pair[row]
    time = columns.time[row]
    bar = time // FIVE_MINUTES_US
    bar = bar - bar.min() if len(bar) else bar
    key = pair * (int(bar.max(initial=0)) + 1) + bar
    keys, head, block = np.unique(key, return_index=True, return_inverse=True)
    last = np.zeros(len(keys), dtype=np.int64)
    np.maximum.at(last, block, time)
    first_row = row[head]  # rows ascend, so the first of a block is its earliest
    return Spans(
        symbol=columns.symbol[first_row],
        first=columns.time[first_row],
        last=last,
        low=columns.low[first_row],
        high=columns.high[first_row],
    ), block

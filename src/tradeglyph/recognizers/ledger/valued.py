"""Exact references for the trades that matter, each from the best source there is.

In this order: a midquote; what other accounts paid; another venue's price; a settlement; none.

Trades of one pair in one five-minute bar have one reference: what the two do to each other there
comes to their net cash, whatever the reference, where they end flat; and the prints before it are
those before the first of these trades, the prints after it those after the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.candles import FIVE_MINUTES_US
from tradeglyph.domain.references import Reference
from tradeglyph.recognizers.ledger.exact import QUARTERS, Floats, Ints
from tradeglyph.recognizers.ledger.quoted import Near, Quotes
from tradeglyph.recognizers.ledger.reference import CHOICES, Choice, Company, Spans, references
from tradeglyph.recognizers.ledger.settings import LedgerSettings
from tradeglyph.recognizers.ledger.trades import Columns, Trades

ORDER = (Reference.MIDQUOTE, Reference.OTHERS, Reference.VENUE, Reference.SETTLEMENT)


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
    kind: NDArray[np.int8]
    """A `Reference`; none where not known."""
    scatter: Floats
    """Price units: how far apart the accounts' prices are, and how far the reference moved from
    before the block to after it. NaN where not known."""
    distance: Floats
    """Of quoted references, microseconds as in `Near`; 0 of others."""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether there is a reference."""
        return np.asarray(self.kind != Reference.NONE)

    def take(self, at: Ints) -> "Valued":
        """The trades at `at`, in that order."""
        columns = {f.name: getattr(self, f.name) for f in fields(Valued)}
        quarters = {choice: own[at] for choice, own in columns.pop("quarters").items()}
        return Valued(quarters=quarters, **{name: own[at] for name, own in columns.items()})

    @property
    def quoted(self) -> NDArray[np.bool_]:
        """Whether it was quoted, not paid."""
        return np.asarray(self.known & (self.kind != Reference.OTHERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Numbers of what is priced apart: prints count for the trades of their number only. Trades of
    one number are of one symbol."""

    row: Ints
    """Per trade to be valued."""
    prints: Ints
    """Per print."""


def value(
    trades: Trades,
    row: Ints,
    prints: Ints,
    settings: LedgerSettings,
    *,
    company: Ints | None = None,
    quotes: Quotes | None = None,
    until: Ints | int = 0,
    places: "Places | None" = None,
) -> Valued:
    """Values the trades at `row`, ascending.

    Args:
        prints: rows of the independent trades, by place, then ascending.
        company: per node, the group of accounts that it belongs to, -1 for none: prints of the
            group don't count for its trades.
        quotes: reference prices; those at or after `until`, microseconds UTC and one number or
            one per trade, don't count.
        places: which prints count for which trades; those of the same symbol where None.
    """
    columns = trades.columns
    if places is None:
        places = Places(row=columns.symbol[row], prints=columns.symbol[prints])
    spans, block, head = _blocks(trades, row, places.row)
    placed = replace(spans, symbol=places.row[head])
    near_by = replace(columns.take(prints), symbol=places.prints)
    until = np.broadcast_to(until, row.shape)[head]
    found = _Found.nothing(len(spans))
    for kind in ORDER:
        todo = np.flatnonzero(found.kind == Reference.NONE)
        if kind is Reference.OTHERS:
            group = None if company is None else _company(trades, row, block, prints, company, todo)
            found.pay(todo, placed.take(todo), near_by, group, settings)
        elif quotes is not None:
            part = spans.take(todo)
            near = quotes.near(kind, part.symbol, part.first, part.last, until[todo])
            found.quote(todo, near, kind)
    quarters = found.quarters
    moved = (quarters["after"] - quarters["before"]) / (2 * QUARTERS)
    return Valued(
        row=row,
        block=block,
        apart=(spans.last - spans.first)[block],
        quarters={choice: reference[block] for choice, reference in quarters.items()},
        kind=found.kind[block],
        scatter=np.hypot(found.spread, moved)[block],
        distance=found.distance[block],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is known of spans so far, one element each."""

    quarters: dict[Choice, Ints]
    kind: NDArray[np.int8]
    spread: Floats
    distance: Floats

    @classmethod
    def nothing(cls, count: int) -> "_Found":
        return cls(
            quarters={choice: np.zeros(count, dtype=np.int64) for choice in CHOICES},
            kind=np.zeros(count, dtype=np.int8),
            spread=np.full(count, np.nan),
            distance=np.zeros(count),
        )

    def pay(
        self,
        at: Ints,
        spans: Spans,
        prints: Columns,
        group: Company | None,
        settings: LedgerSettings,
    ) -> None:
        """Take what other accounts paid around the spans, which are those `at`."""
        found = {
            choice: references(
                spans,
                prints,
                choice,
                half_widths=settings.half_widths,
                accounts=settings.accounts if choice == "both" else settings.side_accounts,
                company=group,
            )
            for choice in CHOICES
        }
        both = found["both"]
        for choice, reference in found.items():
            self.quarters[choice][at] = np.where(reference.known, reference.quarters, both.quarters)
        self.kind[at[both.known]] = Reference.OTHERS
        self.spread[at] = both.spread

    def quote(self, at: Ints, near: Near, kind: Reference) -> None:
        """Take what is quoted near the spans, which are those `at`."""
        to = at[near.known]
        for choice, quarters in near.quarters.items():
            self.quarters[choice][to] = quarters[near.known]
        self.kind[to] = kind
        # Nothing but the two sides tells how far quotes are apart.
        self.spread[to] = 0.0
        self.distance[to] = near.distance[near.known]


def joined(parts: Sequence[Valued]) -> Valued:
    """Several, of different rows, as one."""
    order = np.argsort(np.concatenate([np.zeros(0, dtype=np.int64), *(p.row for p in parts)]))
    first = np.cumsum([0, *(int(part.block.max(initial=-1)) + 1 for part in parts)])
    blocks = [part.block + base for part, base in zip(parts, first, strict=False)]

    def whole(columns: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
        return np.concatenate([np.zeros(0, dtype), *columns])[order]

    return Valued(
        row=whole([part.row for part in parts], np.int64),
        block=whole(blocks, np.int64),
        apart=whole([part.apart for part in parts], np.int64),
        quarters={c: whole([part.quarters[c] for part in parts], np.int64) for c in CHOICES},
        kind=whole([part.kind for part in parts], np.int8),
        scatter=whole([part.scatter for part in parts], np.float64),
        distance=whole([part.distance for part in parts], np.float64),
    )


def _company(
    trades: Trades, row: Ints, block: Ints, prints: Ints, group: Ints, todo: Ints
) -> Company:
    """Groups of the spans `todo` and of the prints."""
    pairs = trades.pairs
    of_span = np.full(int(block.max(initial=-1)) + 1, -1, dtype=np.int64)
    of_span[block] = group[pairs.low_node[trades.pair[row]]]
    return Company(
        span=of_span[todo],
        low=group[pairs.low_node[trades.pair[prints]]],
        high=group[pairs.high_node[trades.pair[prints]]],
    )


def _blocks(trades: Trades, row: Ints, place: Ints) -> tuple[Spans, Ints, Ints]:
    """Spans of the trades of one pair, bar and place; the number of the span of each trade; and the
    first trade of each span, a position in `row`."""
    columns, pair = trades.columns, trades.pair[row]
    time = columns.time[row]
    bar = time // FIVE_MINUTES_US
    bar = bar - bar.min() if len(bar) else bar
    key = (pair * (int(bar.max(initial=0)) + 1) + bar) * (int(place.max(initial=0)) + 1) + place
    keys, head, block = np.unique(key, return_index=True, return_inverse=True)
    last = np.zeros(len(keys), dtype=np.int64)
    np.maximum.at(last, block, time)
    first_row = row[head]  # rows ascend, so the first of a block is its earliest
    return (
        Spans(
            symbol=columns.symbol[first_row],
            first=columns.time[first_row],
            last=last,
            low=columns.low[first_row],
            high=columns.high[first_row],
        ),
        block,
        head,
    )

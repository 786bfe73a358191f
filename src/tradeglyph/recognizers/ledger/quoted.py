"""Quoted references: midquotes, other venues' prices and settlements, where a file gives them.

The price before a trade is the last one at or before it, the price after it the first one at or
after it (as of, the join that quotes and trades are matched with: Lee and Ready 1991, Journal of
Finance 46, there with a delay that electronic quotes no longer have). Where both are near enough
the reference is their mean, else the one there is. How near:

- a midquote, 2.5 minutes at most: an older one says what was, not what is, and what others paid
  goes before it;
- another venue's price, the nearest of the widening half-widths that has one;
- a settlement, a day, and the nearest one only, since the one on the other side is of another day.

Prices are rounded to whole quarters of a price unit, as all references are (`exact`); what rounds
to none is no price. Several of one kind, symbol and instant count as their median.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.references import QUOTED, Reference, ReferencePrices
from tradeglyph.recognizers.ledger.exact import (
    QUARTERS,
    Floats,
    Ints,
    Scales,
    quarters_of,
)
from tradeglyph.recognizers.ledger.reference import Choice
from tradeglyph.recognizers.ledger.settings import MINUTE_US, LedgerSettings

Mask = NDArray[np.bool_]

MIDQUOTE_REACH_US = round(2.5 * MINUTE_US)
"""The nearest half-width of the ledger's specification, and no setting: what others paid may be
looked for further away, and a midquote as old as that would go before it."""
SETTLEMENT_REACH_US = DAY_US
"""A settlement further away is of another trading day."""
LEAST_STEPS = 5
"""Fewer steps of a series say nothing of how far the price moves: a variance estimated from five is
uncertain by a factor of six already (chi-squared, 95 %)."""
LARGEST = 2.0**60
"""So many quarters are no price of a symbol, whose own prices have 2^55 at most (`exact`)."""
LIMIT = 5.0
"""Steps count as so many typical ones at most, as those of prints do (`noise`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Quoted references of spans, one element each."""

    quarters: dict[Choice, Ints]
    """By choice, in quarters of a price unit; the choice of both where a side has none."""
    known: Mask
    distance: Floats
    """Microseconds over which a walk would spread as much as the price may have between the span's
    trades and the reference of both sides; 0 where not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """Reference prices by kind, in the units of a tape's prices."""

    of_kind: dict[Reference, "_Series"]
    half_widths: tuple[int, ...]

    @classmethod
    def of(
        cls, prices: ReferencePrices | None, scales: Scales, settings: LedgerSettings, until: int
    ) -> "Quotes | None":
        """Those before `until`, microseconds UTC; `prices` has the symbol codes of the tape. None
        where there are no prices."""
        if prices is None or not len(prices):
            return None
        early = prices.time < until
        return cls(
            of_kind={
                kind: _Series.of(prices, np.flatnonzero(early & (prices.kind == kind)), scales)
                for kind in QUOTED
            },
            half_widths=settings.half_widths,
        )

    def near(
        self, kind: Reference, symbol: Ints, first: Ints, last: Ints, until: Ints | int
    ) -> Near:
        """References of one kind for spans from their `first` to their `last` trade.

        No price at or after `until` has a part in them.
        """
        series = self.of_kind[kind]
        before, ago = series.before(symbol, first)
        after, ahead = series.after(symbol, last, until)
        reach = {
            Reference.MIDQUOTE: MIDQUOTE_REACH_US,
            Reference.VENUE: self.half_widths[-1],
            Reference.SETTLEMENT: SETTLEMENT_REACH_US,
        }[kind]
        sides = ago <= reach, ahead <= reach
        used = self._used(kind, sides, ago, ahead)
        both = np.where(used[0] & used[1], (before + after) // 2, np.where(used[0], before, after))
        known = sides[0] | sides[1]
        apart = (last - first).astype(np.float64)
        stretch = np.where(used[0], ago, 0.0) + np.where(used[1], ahead, 0.0) + apart
        # The mean of a walk's two ends is as uncertain as a quarter of the stretch between them.
        stretch = np.where(used[0] & used[1], stretch / 4, stretch)
        return Near(
            quarters={
                "both": np.where(known, both, 0),
                "before": np.where(sides[0], before, np.where(known, both, 0)),
                "after": np.where(sides[1], after, np.where(known, both, 0)),
            },
            known=known,
            distance=np.where(known, stretch, 0.0),
        )

    def _used(
        self, kind: Reference, sides: tuple[Mask, Mask], ago: Floats, ahead: Floats
    ) -> tuple[Mask, Mask]:
        """Which sides the reference of both is made of."""
        if kind is Reference.MIDQUOTE:
            return sides
        if kind is Reference.SETTLEMENT:
            return sides[0] & (ago <= ahead), sides[1] & (ahead < ago)
        width = [np.searchsorted(self.half_widths, away) for away in (ago, ahead)]
        return sides[0] & (width[0] <= width[1]), sides[1] & (width[1] <= width[0])

    @property
    def symbols(self) -> Ints:
        """Those with prices, ascending."""
        return np.unique(np.concatenate([series.symbol for series in self.of_kind.values()]))

    def walk(self, symbol: int, since: int, until: int) -> float | None:
        """Variance of the price per microsecond, in squares of a price unit, over [since, until):
        of the best kind with enough prices there; None without one."""
        for kind in QUOTED:
            found = self.of_kind[kind].walk(symbol, since, until)
            if found is not None:
                return found
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """Prices of one kind, sorted by symbol, then time, one for an instant."""

    symbol: Ints
    time: Ints
    quarters: Ints
    key: Ints
    begin: int
    span: int

    @classmethod
    def of(cls, prices: ReferencePrices, rows: Ints, scales: Scales) -> "_Series":
        symbol = prices.symbol[rows].astype(np.int64)
        exact = quarters_of(prices.price[rows], scales.price[symbol])
        sane = np.flatnonzero((exact > 0) & (exact < LARGEST))
        rows, symbol, exact = rows[sane], symbol[sane], exact[sane]
        order = np.lexsort((exact, prices.time[rows], symbol))
        symbol, time, exact = symbol[order], prices.time[rows][order], exact[order]
        new = np.ones(len(time), dtype=bool)
        new[1:] = (np.diff(symbol) != 0) | (np.diff(time) != 0)
        head = np.flatnonzero(new)
        count = np.diff(np.append(head, len(time)))
        middle = (exact[head + (count - 1) // 2] + exact[head + count // 2]) / 2
        begin, end = (int(time.min()), int(time.max())) if len(time) else (0, 0)
        span = end - begin + 2
        symbol, time = symbol[head], time[head]
        return cls(
            symbol=symbol,
            time=time,
            quarters=np.rint(middle).astype(np.int64),
            key=symbol * span + (time - begin),
            begin=begin,
            span=span,
        )

    def before(self, symbol: Ints, time: Ints) -> tuple[Ints, Floats]:
        """The last price at or before each time, and how long ago; infinite without."""
        at = np.searchsorted(self.key, self._key(symbol, time), side="right") - 1
        return self._found(at, symbol, lambda then: time - then)

    def after(self, symbol: Ints, time: Ints, until: Ints | int) -> tuple[Ints, Floats]:
        """The first price at or after each time, and how far ahead; infinite where there is none
        before `until`."""
        at = np.searchsorted(self.key, self._key(symbol, time), side="left")
        return self._found(at, symbol, lambda then: np.where(then < until, then - time, -1))

    def walk(self, symbol: int, since: int, until: int) -> float | None:
        """As `Quotes.walk`."""
        ends = np.array([since, until])
        first, last = np.searchsorted(self.key, self._key(np.full(2, symbol), ends), side="left")
        step = np.abs(np.diff(self.quarters[first:last])) / QUARTERS
        if len(step) < LEAST_STEPS:
            return None
        moved = step[step > 0]
        if not len(moved):
            return 0.0
        limited = np.minimum(step, LIMIT * float(np.median(moved)))
        return float((limited**2).sum() / np.diff(self.time[first:last]).sum())

    def _key(self, symbol: Ints, time: Ints) -> Ints:
        # One before the first price to one after the last: neither belongs to another symbol.
        return symbol * self.span + np.clip(time - self.begin, -1, self.span - 1)

    def _found(self, at: Ints, symbol: Ints, away: Callable[[Ints], Ints]) -> tuple[Ints, Floats]:
        if not len(self.time):
            return np.zeros(len(at), dtype=np.int64), np.full(len(at), np.inf)
        where = at.clip(0, len(self.time) - 1)
        far = away(self.time[where])
        there = (where == at) & (self.symbol[where] == symbol) & (far >= 0)
        return self.quarters[where], np.where(there, far, np.inf)

"""Which outflow carries which income away: each is used once, in an order that lines cannot change.

Incomes and outflows come sorted by book, time and address, so that no answer depends on the order
in which lines were read. Only lines of large amounts come here, and of these only those that some
other one could fit: the loops below are over them, not over a statement's lines.
"""

from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tradeglyph.recognizers.statements.books import Ints

MOST_LOOKED_AT = 4_096
"""Outflows after an income, at most, that are looked at for parts of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Incomes, or outflows."""

    book: Ints
    time: Ints
    """Microseconds; in whole days where a book has no times of day."""
    amount: Ints

    def at(self, where: Ints) -> "Moves":
        """Those at positions `where`."""
        return Moves(book=self.book[where], time=self.time[where], amount=self.amount[where])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """When an outflow fits an income."""

    share: Fraction
    """Their amounts differ by at most this share of the income."""
    least_gap: Ints
    """Per income, in microseconds: an outflow is at least so much later, and"""
    most_gap: int
    """at most so much."""

    def lowest(self, amount: Ints) -> Ints:
        """The least outflow that fits an income of `amount`."""
        return -((-amount * (self.share.denominator - self.share.numerator)) // self._parts)

    def highest(self, amount: Ints) -> Ints:
        """The largest outflow that fits an income of `amount`."""
        return amount * (self._parts + self.share.numerator) // self._parts

    @property
    def _parts(self) -> int:
        return self.share.denominator


def pairs(incomes: Moves, outflows: Moves, fit: Fit) -> list[tuple[int, int]]:
    """Positions (income, outflow) of those that fit.

    In order of time each outflow takes, of the free incomes that it fits, the one nearest in
    amount, of equally near ones the smaller, and of equal amounts the oldest.

    O(m log m) comparisons for m candidates: every income is entered once and removed once, and an
    outflow looks at its two neighbours in amount. Entering one moves at most 8 bytes for each
    distinct amount that is free at the time.
    """
    ins, outs = _possible(incomes, outflows, fit)
    some, those = incomes.at(ins), outflows.at(outs)
    ready = (some.time + fit.least_gap[ins]).tolist()
    order = np.lexsort((np.arange(len(ins)), ready, some.book)).tolist()
    book, time, amount = some.book.tolist(), some.time.tolist(), some.amount.tolist()
    lowest, highest = fit.lowest(some.amount).tolist(), fit.highest(some.amount).tolist()
    found: list[tuple[int, int]] = []
    free, entered, here = _Free(), 0, -1
    for out, (its_book, now, wanted) in enumerate(_rows(those)):
        if its_book != here:
            free, here = _Free(), its_book
        while entered < len(order) and (
            (book[order[entered]], ready[order[entered]]) <= (its_book, now)
        ):
            one = order[entered]
            entered += 1
            if book[one] == its_book:
                free.add(amount[one], one)
        oldest = free.oldest_around(wanted)
        while late := [one for one in oldest if time[one] < now - fit.most_gap]:
            for one in late:
                free.take(amount[one])
            oldest = free.oldest_around(wanted)
        near = [
            (abs(amount[one] - wanted), amount[one])
            for one in oldest
            if lowest[one] <= wanted <= highest[one]
        ]
        if near:
            found.append((int(ins[free.take(min(near)[1])]), int(outs[out])))
    return found


class _Free:
    """Free incomes by amount, the oldest of an amount first."""

    def __init__(self) -> None:
        self.amounts: list[int] = []
        self.by_amount: dict[int, deque[int]] = defaultdict(deque)

    def add(self, amount: int, income: int) -> None:
        if amount not in self.by_amount:
            insort(self.amounts, amount)
        self.by_amount[amount].append(income)

    def take(self, amount: int) -> int:
        incomes = self.by_amount[amount]
        oldest = incomes.popleft()
        if not incomes:
            del self.by_amount[amount]
            del self.amounts[bisect_left(self.amounts, amount)]
        return oldest

    def oldest_around(self, amount: int) -> list[int]:
        """The oldest incomes of the nearest amounts at most and above `amount`."""
        at = bisect_left(self.amounts, amount + 1)
        return [self.by_amount[near][0] for near in self.amounts[max(at - 1, 0) : at + 1]]


def parts(
    incomes: Moves, outflows: Moves, fit: Fit, least_share: Fraction, most: int
) -> list[tuple[int, list[int]]]:
    """Incomes that leave in 2 to `most` parts: position, and those of its outflows.

    In order of time each income takes the run of free outflows that ends first and adds up to it
    within the share; a run is of outflows that follow each other among those of at least
    `least_share` of the income and no more than it. An income looks at MOST_LOOKED_AT outflows, so
    that m incomes take O(m log m) and m times so many steps, those in numpy.
    """
    used = np.zeros(len(outflows.book), dtype=bool)
    found: list[tuple[int, list[int]]] = []
    lowest, highest = fit.lowest(incomes.amount), fit.highest(incomes.amount)
    least = -(-incomes.amount * least_share.numerator // least_share.denominator)
    for one, start, end in _windows(incomes, outflows, fit, lowest):
        end = min(end, start + MOST_LOOKED_AT)
        amount = outflows.amount[start:end]
        fits = ~used[start:end] & (amount >= least[one]) & (amount <= highest[one])
        where = np.flatnonzero(fits)
        run = _first_run(amount[where], int(lowest[one]), int(highest[one]), most)
        if run:
            taken = (where[run] + start).tolist()
            used[taken] = True
            found.append((one, taken))
    return found


def _windows(
    incomes: Moves, outflows: Moves, fit: Fit, lowest: Ints
) -> Iterator[tuple[int, int, int]]:
    """Incomes whose outflows in time add up to enough, with the span of these."""
    start = _place(outflows, incomes.book, incomes.time + fit.least_gap, "left")
    end = _place(outflows, incomes.book, incomes.time + fit.most_gap, "right")
    sums = np.concatenate(([0], np.cumsum(outflows.amount)))
    enough = (end - start >= 2) & (sums[end] - sums[start] >= lowest)
    for one in np.flatnonzero(enough).tolist():
        yield one, int(start[one]), int(end[one])


def _first_run(amounts: Ints, lowest: int, highest: int, most: int) -> slice | None:
    """The first run of 2 to `most` neighbours that adds up to `lowest` to `highest`.

    As all are positive, the run that ends at a place and is the largest not over `highest` is the
    only one that has to be looked at.
    """
    first = total = 0
    for last, amount in enumerate(amounts.tolist()):
        total += amount
        while total > highest or last - first >= most:
            total -= int(amounts[first])
            first += 1
        if total >= lowest and last > first:
            return slice(first, last + 1)
    return None


def _possible(incomes: Moves, outflows: Moves, fit: Fit) -> tuple[Ints, Ints]:
    """Positions of the incomes and outflows that have one of the other kind in time and one of
    the same size: all that can be in a pair, and few others."""
    soonest, latest = incomes.time + fit.least_gap, incomes.time + fit.most_gap
    start = _place(outflows, incomes.book, soonest, "left")
    end = _place(outflows, incomes.book, latest, "right")
    order = np.lexsort((outflows.amount, outflows.book))
    sized = outflows.at(order)
    by_size = Moves(book=sized.book, time=sized.amount, amount=sized.amount)
    low = _place(by_size, incomes.book, fit.lowest(incomes.amount), "left")
    high = _place(by_size, incomes.book, fit.highest(incomes.amount), "right")
    fits = (end > start) & (high > low)
    size = len(outflows.book)
    in_size = np.zeros(size, dtype=bool)
    in_size[order] = _reached(low[fits], high[fits], size)
    return np.flatnonzero(fits), np.flatnonzero(in_size & _reached(start[fits], end[fits], size))


def _reached(start: Ints, end: Ints, size: int) -> NDArray[np.bool_]:
    opened = np.bincount(start, minlength=size + 1) - np.bincount(end, minlength=size + 1)
    return np.cumsum(opened[:size]) > 0


def _place(moves: Moves, book: Ints, time: Ints, side: str) -> Ints:
    """Where (book, time) stands in `moves`, which are sorted so: before (left) or after (right)
    its equals."""
    size = len(moves.book)
    books = np.concatenate((moves.book, book))
    times = np.concatenate((moves.time, time))
    asked = np.arange(len(books)) >= size
    order = np.lexsort((asked if side == "right" else ~asked, times, books))
    passed = np.cumsum(~asked[order])
    place = np.empty(len(books), dtype=np.int64)
    place[order] = passed
    return place[size:]


def _rows(moves: Moves) -> Iterator[tuple[int, int, int]]:
    return zip(moves.book.tolist(), moves.time.tolist(), moves.amount.tolist(), strict=True)

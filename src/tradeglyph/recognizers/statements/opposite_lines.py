"""Pairs of lines that are two sides of one transfer: each line is used once."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradeglyph.recognizers.statements.books import Ints

MOST_TRIED = 64
"""Lines of about its amount, at most, that a line with a fee is held against."""


def codes(*columns: Ints) -> Ints:
    """One number for each combination of the columns' values."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        _, number = np.unique(column, return_inverse=True)
        _, code = np.unique(code * (int(number.max(initial=0)) + 1) + number, return_inverse=True)
    return code


def largest_matching(
    out_key: Ints, out_day: Ints, in_key: Ints, in_day: Ints, within: int
) -> tuple[Ints, Ints]:
    """Positions of outs and ins that pair up one to one: of equal keys, at most `within` days
    apart, as many as can be.

    Of a key, both sides are taken in order of days (of one day, in the order given), and each is
    paired with the earliest free one that it reaches. As all reach equally far, no other choice
    makes more pairs. Keys whose sides pair up one by one are told in numpy; the loop is over those
    that don't. O(n log n).
    """
    outs, ins = np.lexsort((out_day, out_key)), np.lexsort((in_day, in_key))
    known = np.intersect1d(out_key, in_key)
    o_start, i_start = (np.searchsorted(k, known) for k in (out_key[outs], in_key[ins]))
    o_count = np.searchsorted(out_key[outs], known, side="right") - o_start
    i_count = np.searchsorted(in_key[ins], known, side="right") - i_start
    even = o_count == i_count
    o_even = outs[_runs(o_start[even], o_count[even])]
    i_even = ins[_runs(i_start[even], i_count[even])]
    reach = np.abs(out_day[o_even] - in_day[i_even]) <= within
    group = np.repeat(np.arange(int(even.sum())), o_count[even])
    whole = np.bincount(group[~reach], minlength=int(even.sum())) == 0
    some_o, some_i = [o_even[whole[group]]], [i_even[whole[group]]]
    uneven = ~even
    uneven[np.flatnonzero(even)[~whole]] = True
    for at in np.flatnonzero(uneven).tolist():
        one = outs[o_start[at] : o_start[at] + o_count[at]]
        other = ins[i_start[at] : i_start[at] + i_count[at]]
        pairs = _earliest(out_day[one].tolist(), in_day[other].tolist(), within)
        some_o.append(one[[o for o, _ in pairs]])
        some_i.append(other[[i for _, i in pairs]])
    return np.concatenate(some_o), np.concatenate(some_i)


def _runs(start: Ints, count: Ints) -> Ints:
    """start[0], start[0] + 1, ... for each run."""
    before = np.cumsum(count) - count
    return np.arange(int(count.sum())) - np.repeat(before - start, count)


def _earliest(outs: Sequence[int], ins: Sequence[int], within: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    o = i = 0
    while o < len(outs) and i < len(ins):
        gap = ins[i] - outs[o]
        if -within <= gap <= within:
            pairs.append((o, i))
        o += gap >= -within
        i += gap <= within
    return pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Lines that may be one side of a transfer, in an order that lines cannot change."""

    place: Ints
    """Number of the account and currency that they stand in."""
    amount: Ints
    day: Ints
    names: Ints
    """Number of the place that they name; negative where it is none of these."""


def with_fees(
    asking: Side, wanted: Ints, asked: Side, fee: int, within: int
) -> list[tuple[int, int]]:
    """Positions (asking, asked) of lines that differ by a fee.

    Args:
        wanted: of each asking line, the place of its opposite.
        fee: an asked amount is at most so much more (or, negative, less) than the asking one.

    Each asking line in turn takes the free line nearest in amount, then in days, then in order, of
    the first MOST_TRIED of the place in order of amounts.
    """
    order = np.lexsort((asked.day, asked.amount, asked.place))
    place, amount = asked.place[order].tolist(), asked.amount[order].tolist()
    keys = list(zip(place, amount, strict=True))
    free = np.ones(len(order), dtype=bool)
    found: list[tuple[int, int]] = []
    least, most = min(fee, 0), max(fee, 0)
    for one in range(len(wanted)):
        want, own = int(wanted[one]), int(asking.amount[one])
        low = bisect_left(keys, (want, own + least))
        high = bisect_right(keys, (want, own + most), lo=low)
        near = order[low : min(high, low + MOST_TRIED)]
        near = near[free[near] & (np.abs(asked.day[near] - asking.day[one]) <= within)]
        near = near[(asked.names[near] < 0) | (asked.names[near] == asking.place[one])]
        if len(near):
            apart = np.abs(asked.amount[near] - own), np.abs(asked.day[near] - asking.day[one])
            best = int(near[np.lexsort((near, apart[1], apart[0]))[0]])
            free[best] = False
            found.append((one, best))
    return found

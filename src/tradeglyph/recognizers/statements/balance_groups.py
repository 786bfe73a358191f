"""Lines of one time, as one step of a book's balance."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.books import (
    ADDRESS,
    Ints,
    book_codes,
    by_book_and_time,
)
from tradeglyph.recognizers.statements.once import once
from tradeglyph.recognizers.statements.trails import Ends, Trails, trails

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Groups of lines of one book and time, in order, and the lines in the order of groups."""

    row: Ints
    """Per line: its row."""
    group: Ints
    before: Ints
    after: Ints
    """Per line: balances in minor units; meaningless in groups that are not known."""
    size: Ints
    """Per group, as all that follow."""
    known: Marks
    """Whether each line says a balance and a direction."""
    follows: Marks
    """Whether it and the group before are known and of one book: the junction can be judged."""

    def of(self, wanted: Marks) -> Ints:
        """Positions of the lines of the wanted groups."""
        return np.flatnonzero(wanted[self.group])


def balance_groups(lines: pl.DataFrame) -> Groups:
    """The groups of `lines`.

    Lines of a date of which any line of the book lacks a time of day are one group: nobody can
    tell where in the day that line belongs. Rules that are asked together share them.
    """
    return once(_balance_groups, lines)


def _balance_groups(lines: pl.DataFrame) -> Groups:
    book = book_codes(lines)
    time = lines["time"].to_physical().to_numpy()
    row = by_book_and_time(book, time)
    book, time = book[row], _known_times(book[row], time[row], lines["clock"].to_numpy()[row])
    new = np.ones(len(row), dtype=bool)
    new[1:] = (book[1:] != book[:-1]) | (time[1:] != time[:-1])
    start = np.flatnonzero(new)
    direction = lines["direction"].to_numpy()[row].astype(np.int64)
    after = lines["balance"].fill_null(0).to_numpy()[row]
    says = lines["balance"].is_not_null().to_numpy()[row] & (direction != NEUTRAL)
    known = np.logical_and.reduceat(says, start)
    follows = np.zeros(len(start), dtype=bool)
    follows[1:] = (book[start[1:]] == book[start[:-1]]) & known[1:] & known[:-1]
    return Groups(
        row=row,
        group=np.cumsum(new) - 1,
        before=after - direction * lines["amount"].to_numpy()[row],
        after=after,
        size=np.diff(np.append(start, len(row))),
        known=known,
        follows=follows,
    )


def _known_times(book: Ints, time: Ints, clock: Marks) -> Ints:
    if clock.all():
        return time
    date = time - time % DAY_US
    new = np.ones(len(book), dtype=bool)
    new[1:] = (book[1:] != book[:-1]) | (date[1:] != date[:-1])
    whole = ~np.logical_and.reduceat(clock, np.flatnonzero(new))
    return np.where(whole[np.cumsum(new) - 1], date, time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """From which balance to which each group leads."""

    single: Marks
    """Per group: whether its lines have an order that holds, from one balance to another."""
    closed: Marks
    """Per group: whether they have one that ends at the balance where it starts, whichever."""
    start_low: Ints
    start_high: Ints
    end_low: Ints
    end_high: Ints
    """Per group, of those that are single: the balances; equal without tolerance."""
    starts: Ends
    ends: Ends
    """Of all groups that had to be looked into, by number of group."""
    first: Ints
    """Of those, the lines that start trails, by position."""
    first_mark: Ints


def steps(lines: pl.DataFrame, groups: Groups, tolerance: int) -> Steps:
    """How the groups lead on.

    Most hold in the order that they stand in, or backwards in a file that is newest first: only
    others, and those that end where they start, are looked into. Balances are first taken as they
    are, and only where they have no order, within the tolerance.
    """
    count = len(groups.size)
    first_line = np.cumsum(groups.size) - groups.size
    last_line = first_line + groups.size - 1
    same = groups.group[1:] == groups.group[:-1]
    off = same & (groups.after[:-1] != groups.before[1:])
    off_back = same & (groups.after[1:] != groups.before[:-1])
    forward = np.bincount(groups.group[1:][off], minlength=count) == 0
    backward = np.bincount(groups.group[1:][off_back], minlength=count) == 0
    start = np.where(forward, groups.before[first_line], groups.before[last_line])
    end = np.where(forward, groups.after[last_line], groups.after[first_line])
    single = groups.known & (forward | backward) & ((start != end) | (groups.size == 1))
    exact = _looked_into(lines, groups, groups.known & ~single, 0)
    unresolved = np.zeros(count, dtype=bool)
    unresolved[exact.groups[exact.found.count > 1]] = True
    looked = [exact]
    if tolerance and unresolved.any():
        looked = [exact.without(unresolved), _looked_into(lines, groups, unresolved, tolerance)]
    closed = np.zeros(count, dtype=bool)
    start_high, end_high = start.copy(), end.copy()
    for one in looked:
        closed[one.groups[one.found.closed & one.kept]] = True
        opened = one.groups[(one.found.count == 1) & ~one.found.closed & one.kept]
        single[opened] = True
        for some, low, high in ((one.starts, start, start_high), (one.ends, end, end_high)):
            low[some.group], high[some.group] = some.low, some.high  # read of single ones only
    return Steps(
        single=single,
        closed=closed,
        start_low=start,
        start_high=start_high,
        end_low=end,
        end_high=end_high,
        starts=_joined([one.starts for one in looked]),
        ends=_joined([one.ends for one in looked]),
        first=np.concatenate([one.first for one in looked]),
        first_mark=np.concatenate([one.first_mark for one in looked]),
    )


def first_lines(lines: pl.DataFrame, groups: Groups, wanted: Marks) -> Ints:
    """Positions of the lines that start the one trail of each wanted group, whose balances hold
    as they are."""
    return _looked_into(lines, groups, wanted, 0).first


@dataclass(frozen=True, slots=True, kw_only=True)
class _LookedInto:
    """Trails of some groups, numbered as all groups are."""

    groups: Ints
    found: Trails
    kept: Marks
    starts: Ends
    ends: Ends
    first: Ints
    first_mark: Ints
    first_group: Ints

    def without(self, dropped: Marks) -> "_LookedInto":
        first = ~dropped[self.first_group]
        return _LookedInto(
            groups=self.groups,
            found=self.found,
            kept=~dropped[self.groups],
            starts=_some(self.starts, ~dropped[self.starts.group]),
            ends=_some(self.ends, ~dropped[self.ends.group]),
            first=self.first[first],
            first_mark=self.first_mark[first],
            first_group=self.first_group[first],
        )


def _looked_into(lines: pl.DataFrame, groups: Groups, wanted: Marks, tolerance: int) -> _LookedInto:
    at = groups.of(wanted)
    file, sheet, number = (lines[name].gather(groups.row[at]) for name in ADDRESS)
    sheets = np.zeros(len(at)) if sheet.n_unique() <= 1 else sheet.rank("dense").to_numpy()
    at = at[np.lexsort((number.to_numpy(), sheets, file.to_numpy(), groups.group[at]))]
    numbers = np.flatnonzero(wanted)
    local = np.searchsorted(numbers, groups.group[at])
    found = trails(local, groups.before[at], groups.after[at], tolerance)
    first = at[found.first]
    return _LookedInto(
        groups=numbers,
        found=found,
        kept=np.ones(len(numbers), dtype=bool),
        starts=_renamed(found.starts, numbers),
        ends=_renamed(found.ends, numbers),
        first=first,
        first_mark=found.first_mark,
        first_group=groups.group[first],
    )


def _renamed(ends: Ends, numbers: Ints) -> Ends:
    return Ends(group=numbers[ends.group], low=ends.low, high=ends.high, mark=ends.mark)


def _some(ends: Ends, some: Marks) -> Ends:
    return Ends(
        group=ends.group[some], low=ends.low[some], high=ends.high[some], mark=ends.mark[some]
    )


def _joined(several: list[Ends]) -> Ends:
    """All of them, sorted by group and balance."""
    group, low, high, mark = (
        np.concatenate([getattr(one, name) for one in several])
        for name in ("group", "low", "high", "mark")
    )
    order = np.lexsort((low, group))
    return Ends(group=group[order], low=low[order], high=high[order], mark=mark[order])

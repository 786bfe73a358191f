"""What the wash-volume recognizer finds."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Criterion(StrEnum):
    """By which rule something is named."""

    SELF_TRADES = "self_trades"
    """One owner on both sides of its trades."""
    VOLUME_MATCH = "volume_match"
    """A few accounts trade among themselves until nobody's position has changed."""
    ROUND_TRIPS = "round_trips"
    """One account buys and sells the same size again and again without gain; other sides are not
    known."""
    CROWD_ROUND_TRIPS = "crowd_round_trips"
    """Many accounts that do hardly anything else than such round trips, if only one each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WashFindings:
    """n findings, sorted by criterion, window, symbol and first account."""

    criterion: NDArray[np.object_]
    """Values of `Criterion`."""
    account: NDArray[np.int32]
    """The account, or the first of several."""
    members: NDArray[np.int32]
    """All accounts of all findings: finding i owns `members[offset[i]:offset[i + 1]]`, sorted."""
    offset: Ints
    """Length n + 1."""
    symbol: NDArray[np.int32]
    window_start: Ints
    """Inclusive, microseconds UTC."""
    window_us: Ints
    """Length of the window in microseconds."""
    numerator: Floats
    """Quantity in base units that the criterion names."""
    denominator: Floats
    """Quantity that it is a share of: see the criterion's file."""
    trades: Ints
    """Matched trades (self-trades, volume match) or round trips (the others)."""
    result: Floats
    """What the accounts together gained in them, quote currency before fees; below 0 a loss."""

    def __len__(self) -> int:
        return len(self.account)

    @property
    def share(self) -> Floats:
        """Numerator over denominator, 0 to 1."""
        return self.numerator / self.denominator

    @property
    def accounts(self) -> Ints:
        """How many accounts each finding has."""
        return np.diff(self.offset)

    def of(self, at: int) -> NDArray[np.int32]:
        """The accounts of finding `at`."""
        return self.members[self.offset[at] : self.offset[at + 1]]

    def take(self, index: Ints) -> "WashFindings":
        """The findings at `index`, in that order."""
        sizes = self.accounts[index]
        members = [self.of(at) for at in index]
        columns = {f.name: getattr(self, f.name) for f in fields(WashFindings)}
        taken = {
            name: values[index]
            for name, values in columns.items()
            if name not in ("members", "offset")
        }
        return WashFindings(
            **taken,
            members=np.concatenate([self.members[:0], *members]),
            offset=np.append(0, np.cumsum(sizes)).astype(np.int64),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WashVolume:
    """The findings on a tape, and which of its rows they name."""

    findings: WashFindings
    rows: NDArray[np.bool_]
    """Along the tape: part of at least one finding."""


def nothing() -> WashFindings:
    """No findings."""
    codes, whole, real = np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0)
    return WashFindings(
        criterion=np.zeros(0, dtype=object),
        account=codes,
        members=codes,
        offset=np.zeros(1, dtype=np.int64),
        symbol=codes,
        window_start=whole,
        window_us=whole,
        numerator=real,
        denominator=real,
        trades=whole,
        result=real,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What one criterion names: findings in any order, and rows of the tape."""

    criterion: Criterion
    members: Sequence[NDArray[np.int32]]
    symbol: NDArray[np.int32]
    window_start: Ints
    window_us: int
    numerator: Floats
    denominator: Floats
    trades: Ints
    result: Floats
    rows: NDArray[np.bool_]


def joined(parts: Sequence[Named]) -> WashVolume:
    """All findings of at least one part, in the order of `WashFindings`."""
    members = [np.sort(accounts) for part in parts for accounts in part.members]
    account = np.array([accounts[0] for accounts in members], dtype=np.int32)
    rank = np.concatenate([np.full(len(p.members), list(Criterion).index(p.criterion))
                           for p in parts])  # fmt: skip
    window_us = np.concatenate([np.full(len(p.members), p.window_us) for p in parts])
    start = np.concatenate([part.window_start for part in parts])
    symbol = np.concatenate([part.symbol for part in parts])
    order = np.lexsort((account, symbol, start, window_us, rank))
    sizes = np.array([len(members[at]) for at in order], dtype=np.int64)
    names = np.array([criterion.value for criterion in Criterion], dtype=object)
    empty = np.empty(0, dtype=np.int32)
    findings = WashFindings(
        criterion=names[rank[order].astype(np.intp)],
        account=account[order],
        members=np.concatenate([empty, *(members[at] for at in order)]),
        offset=np.append(0, np.cumsum(sizes)).astype(np.int64),
        symbol=symbol[order].astype(np.int32),
        window_start=start[order].astype(np.int64),
        window_us=window_us[order].astype(np.int64),
        numerator=np.concatenate([part.numerator for part in parts])[order],
        denominator=np.concatenate([part.denominator for part in parts])[order],
        trades=np.concatenate([part.trades for part in parts])[order].astype(np.int64),
        result=np.concatenate([part.result for part in parts])[order],
    )
    return WashVolume(findings=findings, rows=np.logical_or.reduce([p.rows for p in parts]))

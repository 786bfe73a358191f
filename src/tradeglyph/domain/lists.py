"""Account lists: what a team knows of accounts beside their trades.

A mark never silences a finding: the finding stands, and says what holds for its accounts.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

Names = NDArray[np.object_]
Ints = NDArray[np.int64]


class MarkKind(StrEnum):
    """What can be known of an account."""

    HOUSEHOLD = "household"
    OWN = "own"
    """One of several accounts under one person's control: an actual control relationship in the
    words of the Chinese futures exchanges (实际控制关系账户)."""
    MARKET_MAKER = "market_maker"
    EXEMPT = "exempt"
    """Known to a team and let be: for a reason, and until a day on which it is looked at again."""


LINKS = frozenset({MarkKind.HOUSEHOLD, MarkKind.OWN})
"""Marks that tie the accounts of one group together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One line of a list."""

    account_id: str
    kind: MarkKind
    reason: str
    group: str = ""
    """Which accounts belong together; not empty for the kinds in `LINKS`."""
    expires: int | None = None
    """First instant at which it holds no more, microseconds UTC; None: it holds until removed,
    which an exemption never does."""

    def __post_init__(self) -> None:
        """Raises ValueError where a link names no group, an exemption has no end, or what must be
        said is empty."""
        if not self.account_id or not self.reason:
            raise ValueError("a mark needs an account and a reason")
        if self.kind in LINKS and not self.group:
            raise ValueError(f"a mark of kind {self.kind} needs a group")
        if self.kind is MarkKind.EXEMPT and self.expires is None:
            raise ValueError("an exempt mark needs an end")

    def holds(self, at_time: int) -> bool:
        """Whether it holds at an instant, microseconds UTC."""
        return self.expires is None or at_time < self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLists:
    """All marks of a team, in the order of their lines."""

    entries: tuple[Mark, ...] = ()

    def marks(self, account_names: Names, at_time: int) -> tuple[tuple[Mark, ...], ...]:
        """Per account the marks that hold at `at_time` (microseconds UTC), expired ones left out.

        The result has the length of `account_names`; most of its elements are empty.
        """
        holding = sorted(self._holding(at_time), key=lambda mark: mark.account_id)
        by_account = {
            account: tuple(marks) for account, marks in groupby(holding, lambda m: m.account_id)
        }
        return tuple(by_account.get(name, ()) for name in account_names.tolist())

    def expired(self, at_time: int) -> tuple[Mark, ...]:
        """The marks that hold no more at `at_time`, microseconds UTC, in the order of the lines."""
        return tuple(mark for mark in self.entries if not mark.holds(at_time))

    def owners(self, account_names: Names, at_time: int) -> Ints:
        """Per account the code of one account of its owner or household, its own where it stands
        alone: equal numbers mean linked accounts. Links are transitive over shared accounts.
        """
        code = {name: at for at, name in enumerate(account_names.tolist())}
        parent = {mark.account_id: mark.account_id for mark in self._links(at_time)}
        first: dict[tuple[MarkKind, str], str] = {}
        for mark in self._links(at_time):
            one = _root(parent, first.setdefault((mark.kind, mark.group), mark.account_id))
            parent[_root(parent, mark.account_id)] = one
        owner = np.arange(len(account_names), dtype=np.int64)
        known = [account for account in parent if account in code]
        lowest: dict[str, int] = {}
        for account in sorted(known, key=code.__getitem__):
            owner[code[account]] = lowest.setdefault(_root(parent, account), code[account])
        return owner

    def linked(
        self, account_names: Names, first: NDArray[np.int32], second: NDArray[np.int32],
        at_time: Ints,
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Whether `first[i]` and `second[i]` (codes into `account_names`) are linked own accounts
        or of one household at `at_time[i]`, microseconds UTC; never for an account with itself.
        """
        ends = sorted({mark.expires for mark in self.entries if mark.expires is not None})
        # Between two expiries nothing changes: the owners are worked out once for each stretch.
        stretch = np.searchsorted(np.array(ends, dtype=np.int64), at_time, side="right")
        answer = np.zeros(len(first), dtype=bool)
        for part in np.unique(stretch):
            inside = stretch == part
            owner = self.owners(account_names, int(at_time[inside][0]))
            answer[inside] = owner[first[inside]] == owner[second[inside]]
        return np.asarray(answer & (first != second))

    def _holding(self, at_time: int) -> list[Mark]:
        return [mark for mark in self.entries if mark.holds(at_time)]

    def _links(self, at_time: int) -> list[Mark]:
        return [mark for mark in self._holding(at_time) if mark.kind in LINKS]


def _root(parent: dict[str, str], account: str) -> str:
    while parent[account] != account:
        parent[account] = parent[parent[account]]
        account = parent[account]
    return account

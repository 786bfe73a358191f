"""The ledger's numbers, and where each comes from."""

from dataclasses import dataclass

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS

LOOK_BACK_US = 7 * DAY_US
MINUTE_US = 60 * MICROSECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSettings:
    """What counts as a reference, and from when on a pair matters. Times in microseconds.

    The widths and the number of accounts are those of the ledger's specification: the nearest
    prints first, and no reference at all rather than one of a handful of accounts.
    """

    half_widths: tuple[int, ...] = tuple(
        round(minutes * MINUTE_US) for minutes in (2.5, 5, 10, 20, 40, 80, 120)
    )
    """How far around a trade its reference looks, ascending: the first with enough accounts."""
    accounts: int = 10
    """Accounts that a reference needs."""
    side_accounts: int = 5
    """Accounts that the reference before a trade, and the one after it, needs: half of both."""
    largest_cluster: int = 9
    """The ledger abstains on a pair whose cluster has more accounts than this: it could print a
    reference of `accounts` accounts by itself."""
    spreads: float = 3.0
    """Only what is over so many half-spreads alerts."""
    priced_share: float = 0.5
    """The ledger abstains on a pair of whose quantity less than this has a reference."""
    screen: bool = True
    """Whether pairs that stay within the market's noise are left out before references are
    computed. Off, every pair is reckoned with: slow, for study."""
    screen_deviation: float = 2.5
    screen_spreads: float = 1.5
    """A pair is looked at from so many deviations, and half-spreads, of the rough reference on:
    less than what alerts, since the rough reference errs."""

    def __post_init__(self) -> None:
        widths = self.half_widths
        if not widths or widths[0] <= 0 or list(widths) != sorted(set(widths)):
            raise InputError("ledger: half_widths must be positive and ascending")
        if not 1 <= self.side_accounts <= self.accounts:
            raise InputError("ledger: side_accounts must be from 1 to accounts")
        if self.largest_cluster < 2:
            raise InputError("ledger: largest_cluster must be 2 or more: a pair has two accounts")
        if not 0 < self.priced_share <= 1:
            raise InputError("ledger: priced_share must be over 0 and at most 1")
        if min(self.spreads, self.screen_deviation, self.screen_spreads) < 0:
            raise InputError("ledger: spreads and screen_* must not be negative")

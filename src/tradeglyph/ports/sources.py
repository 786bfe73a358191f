"""Where trades and candles come from when an event asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.trade_rows import AccountRows, TradeRows


class SourceGone(Exception):  # noqa: N818  says what happened
    """The source can't be reached now, or did not answer in time; ask again later."""


class TooManyRows(Exception):  # noqa: N818  says what was found
    """More rows answer the question than may be held; asking again won't help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpan:
    """What is asked of one account. Times in microseconds UTC, `until` exclusive."""

    account_id: str
    since: int
    until: int


class TradeSource(Protocol):
    """Every method raises SourceGone where the source can't be reached, and those that give rows
    TooManyRows. Times in microseconds UTC; `since` is inclusive, `until` exclusive."""

    def of_account(self, account_id: str, since: int, until: int) -> AccountRows:
        """The account's fills, in all symbols, and how many can't be read. Raises TooManyRows."""

    def of_accounts(self, spans: Sequence[AccountSpan]) -> list[AccountRows]:
        """What `of_account` gives of each, in their order, asked for at once. Raises TooManyRows
        where they are too many together; each by itself may not be."""

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> TradeRows:
        """Everybody's fills in these symbols. Raises TooManyRows."""

    def tells_sides(self) -> bool:
        """False where no row says who stood on the other side, neither by a `trade_id` nor by a
        `counterparty_id`."""

    def watermark(self, before: int) -> int | None:
        """Time of the newest fill known that lies before `before`, as a row dated in the future
        says nothing of how far the feed is; None where there is none."""


class CandleSource(Protocol):
    """As `TradeSource`."""

    def of_symbols(self, symbols: Sequence[str], since: int, until: int) -> Candles:
        """Candles that start in the span; `symbol_names` are `symbols`, in their order."""

    def watermark(self, before: int) -> int | None:
        """Start of the newest candle known that starts before `before`; None where there is
        none."""

"""The table of money moved: what was lost, gained, gained by third parties and paid in fees."""

from dataclasses import dataclass
from typing import Any

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.references import Reference
from tradeglyph.drawing.texts import text
from tradeglyph.recognizers.figures import money, percent
from tradeglyph.recognizers.ledger import LOOK_BACK_US
from tradeglyph.recognizers.reasons import Lang, measured_against


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Quote currency, `low <= middle <= high`; None in all three where the ledger abstains."""

    low: float | None
    middle: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FourColumns:
    """What one group of accounts came to; `lost = gained + third + fees` in the middle."""

    accounts: int
    lost: Range
    """By its losing members in all their trades of the symbol, their fees included."""
    gained: Range
    """By its other members, net of their fees."""
    third: Range
    """By everybody else from the group; negative where they lost to it."""
    fees: float
    """Of all members, as far as the trades say them; quote currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyMoved:
    """The loudest flow of a window, and the four columns around it."""

    account: str
    other: str
    gains: bool
    """Whether `account` gained from `other`, else it lost to it; a guess where the ledger
    abstains."""
    trades: int
    """Matched trades between the two in the look-back."""
    volume_share: float
    """Of the symbol's volume in the look-back, 0 to 1."""
    reference: Reference
    """What their trades were measured against, at the weakest."""
    pair: FourColumns
    cluster: FourColumns | None
    """None where nobody else is known to work with the two."""
    look_back_us: int = LOOK_BACK_US
    """What all of this is summed over, up to the window's end; microseconds."""


def money_view(moved: MoneyMoved, lang: Lang) -> dict[str, Any]:
    """The words of the table, not escaped: `caption`, `heads`, `rows` and `note`.

    A row has `title` and, for each of the four columns, `cells` of a headline and what stands
    beneath it; none where the ledger abstains.
    """
    groups = [(text("money_pair", lang, one=moved.account, other=moved.other), moved.pair)]
    if moved.cluster is not None:
        groups.append((text("money_cluster", lang, accounts=moved.cluster.accounts), moved.cluster))
    met = "money_met_once" if moved.trades == 1 else "money_met"
    share = percent(moved.volume_share)
    against = measured_against(moved.reference, lang)
    return {
        "caption": text(
            met, lang, trades=f"{moved.trades:,}", share=share, span=_span(moved.look_back_us, lang)
        )
        + against,
        "heads": [text(f"money_{name}", lang) for name in ("lost", "gained", "third", "fees")],
        "rows": [{"title": title, "cells": _cells(group, lang)} for title, group in groups],
        "note": text("money_note_quoted" if against else "money_note", lang),
    }


def _span(length_us: int, lang: Lang) -> str:
    """In days where it is whole ones, else in hours."""
    unit, of = ("days", DAY_US) if length_us % DAY_US == 0 else ("hours", DAY_US // 24)
    count = length_us / of
    return text(f"money_{unit}" if count != 1 else "money_day", lang, count=f"{count:g}")


def _cells(group: FourColumns, lang: Lang) -> list[tuple[str, str]]:
    ranges = (group.lost, group.gained, group.third)
    cells = [cell for cell in (_cell(part, lang) for part in ranges) if cell is not None]
    return [*cells, (signed(group.fees), "")] if len(cells) == len(ranges) else []


def _cell(part: Range, lang: Lang) -> tuple[str, str] | None:
    """The low end is the headline; where it is not over nothing, the middle is."""
    if part.low is None or part.middle is None or part.high is None:
        return None
    low, middle, high = signed(part.low), signed(part.middle), signed(part.high)
    if part.low > 0:
        most = "" if low == high else text("money_most", lang, middle=middle, high=high)
        return text("money_least", lang, low=low), most
    return middle, "" if low == high else text("money_between", lang, low=low, high=high)


def signed(value: float) -> str:
    """Quote currency to hundredths, with a minus where it went the other way; nothing is `0`."""
    if value == 0:
        return "0"
    return f"-{money(-value)}" if value < 0 else money(value)

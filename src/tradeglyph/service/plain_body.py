"""The body of `POST /v1/score` as nearly all are sent: members and columns that the schema names,
numbers that are numbers and texts that are texts.

It is read by types in one go, in half the time that the schema takes. What does not fit is no
fault yet: the schema has the last word on it, and says what is wrong where.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from tradeglyph.pipeline.parse_event import LONGEST_TEXT
from tradeglyph.service.limits import MOST_ROWS
from tradeglyph.service.row_columns import RowColumns

_Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
_Time = int | Annotated[str, Meta(max_length=64)]
_Id = _Text | int | UnsetType | None
_Number = float | UnsetType | None


class _Trade(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A `TradeRow`. Columns that may be left out are unset then."""

    time: _Time
    side: Annotated[str, Meta(max_length=16)]
    price: float
    quantity: float
    account_id: _Id = UNSET
    symbol: _Id = UNSET
    trade_id: _Id = UNSET
    counterparty_id: _Id = UNSET
    order_id: _Id = UNSET
    fee: _Number = UNSET
    currency: _Text | UnsetType | None = UNSET


class _Candle(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A `CandleRow`, likewise."""

    time: _Time
    high: float
    low: float
    symbol: _Id = UNSET
    open: _Number = UNSET
    close: _Number = UNSET
    volume: _Number = UNSET
    accounts: Annotated[int, Meta(ge=0)] | UnsetType | None = UNSET


class _Members(Struct, gc=False, forbid_unknown_fields=True):
    """A `ScoreBody`, of which the rows are looked at here and the rest by the schema."""

    trades: Annotated[list[_Trade], Meta(max_length=MOST_ROWS)]
    candles: Annotated[list[_Candle], Meta(max_length=MOST_ROWS)]
    account_id: Any = UNSET
    userid: Any = UNSET
    symbol: Any = UNSET
    amount: Any = UNSET
    businessType: Any = UNSET  # noqa: N815  the name on the wire
    business_type: Any = UNSET
    event_id: Any = UNSET
    occurred_at: Any = UNSET
    signals: Any = UNSET
    interval: Any = UNSET
    lang: Any = UNSET
    explain: Any = UNSET


_REST = _Members.__struct_fields__[2:]
_DECODER = msgspec.json.Decoder(_Members)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainBody:
    """A body whose rows fit."""

    trades: RowColumns
    candles: RowColumns
    rest: dict[str, Any]
    """The members beside the rows, as they were sent."""


def plain_body(text: str) -> PlainBody | None:
    """The members of a body; None for one that the schema must read."""
    try:
        read = _DECODER.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    rest = {name: getattr(read, name) for name in _REST}
    return PlainBody(
        trades=_columns("trades", read.trades, _Trade),
        candles=_columns("candles", read.candles, _Candle),
        rest={name: said for name, said in rest.items() if said is not UNSET},
    )


def _columns(what: str, rows: Sequence[Struct], kind: type[Struct]) -> RowColumns:
    """The columns that any row has, None where a row has none."""
    names = kind.__struct_fields__
    columns: dict[str, Sequence[Any]] = {}
    members = 0
    for name, column in zip(names, zip(*map(attrgetter(*names), rows), strict=True), strict=False):
        types = set(map(type, column))
        if UnsetType not in types:
            columns[name] = column
            members += len(column)
        elif len(types) > 1:
            columns[name] = [None if value is UNSET else value for value in column]
            members += sum(value is not UNSET for value in column)
    return RowColumns(what, rows, columns, members)

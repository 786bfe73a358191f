"""Reads the body of `POST /v1/score`.

Rows are many and nearly always plain. What is not, or does not fit, is read once more by
`ScoreBody`, whose word is the last one: it takes it, or says what is wrong with which row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tradeglyph.service.bodies import record_of
from tradeglyph.service.members import refuse_twice
from tradeglyph.service.plain_body import plain_body
from tradeglyph.service.row_columns import RowColumns
from tradeglyph.service.schemas import ScoreBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRead:
    """A body that fits."""

    record: ScoreBody
    """Without the rows where they are `plain`."""
    trades: RowColumns | None
    candles: RowColumns | None
    plain: bool

    @property
    def rows(self) -> tuple[RowColumns, ...]:
        """Of both."""
        return tuple(rows for rows in (self.trades, self.candles) if rows is not None)


def read_score(body: str) -> ScoreRead:
    """Raises Problem 400 for what is no JSON, 422 for what does not fit, or is given twice."""
    read = _plainly(body)
    if read is None:
        record = record_of(ScoreBody, body)
        read = ScoreRead(
            record=record,
            trades=None if record.trades is None else RowColumns("trades", record.trades),
            candles=None if record.candles is None else RowColumns("candles", record.candles),
            plain=False,
        )
    _refuse_twice(body, read)
    return read


def _plainly(body: str) -> ScoreRead | None:
    """None for a body that needs a closer look."""
    read = plain_body(body)
    if read is None:
        return None
    try:
        record = ScoreBody.model_validate(read.rest)
    except ValidationError:
        return None
    return ScoreRead(record=record, trades=read.trades, candles=read.candles, plain=True)


def _refuse_twice(body: str, read: ScoreRead) -> None:
    """Raises Problem 422 where a member is given twice: which of them is meant nobody knows.

    Readers keep one of each name, so that a text with no more colons than there are names kept, and
    colons in their values, has none twice; others are read with an eye on it.
    """
    spare = _colons_in(body) - _names(read) - _colons_beside(read.record)
    if spare > 0 and spare > _colons(read.rows):
        refuse_twice(body)


def _colons_in(body: str) -> int:
    """Of its texts too, where they may be escaped: what only looks so counts as well."""
    escaped = body.count("\\u003a") + body.count("\\u003A") if "\\" in body else 0
    return body.count(":") + escaped


def _names(read: ScoreRead) -> int:
    """Of members, as many as were kept at least."""
    signals = read.record.signals
    count = len(read.record.model_fields_set) + (len(read.rows) if read.plain else 0)
    count += len(signals) if isinstance(signals, dict) else 0
    return count + sum(rows.members for rows in read.rows)


def _colons_beside(record: ScoreBody) -> int:
    """In the texts of the members beside the rows, such as the time."""
    texts = (record.account_id, record.userid, record.symbol, record.occurred_at, record.event_id)
    return sum(text.count(":") for text in texts if isinstance(text, str))


def _colons(tables: Iterable[RowColumns]) -> int:
    """In columns of texts, such as times; a few may be left out."""
    columns = (rows.column(name) for rows in tables for name in rows.names)
    texts = (column for column in columns if isinstance(column[0], str))
    return sum("".join(filter(_is_text, column)).count(":") for column in texts)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)

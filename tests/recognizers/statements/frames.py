"""Lines of statements for tests, from as little as each test cares about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tradeglyph.domain.statements import OUT
from tradeglyph.recognizers.statements.lines import LINES

_REST: Mapping[str, Any] = {
    "file": 0,
    "sheet": "",
    "account": "6222",
    "tx_id": "",
    "clock": True,
    "amount": 100_00,
    "direction": OUT,
    "balance": 1_000_00,
    "currency": "CNY",
    "summary": "",
    "counterparty": "",
    "counterparty_account": "",
    "reversal": False,
}


def at(text: str) -> datetime:
    """`2025-03-04 14:05:00`, or a date."""
    return datetime.fromisoformat(text)


def frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """`time` is needed; the rest is an ordinary payment's. Times may be texts."""
    full = []
    for number, row in enumerate(rows):
        time = at(row["time"]) if isinstance(row["time"], str) else row["time"]
        full.append({"line": number + 1, **_REST, **row, "time": time})
    return pl.DataFrame(full, schema=LINES)


def book_of(row: Mapping[str, Any]) -> tuple[object, ...]:
    """Whose line it is: lines with equal answers are judged together."""
    if row["account"]:
        return row["account"], row["currency"]
    return "", row["currency"], row["file"], row["sheet"]


def hour(start: str, count: int, **rest: Any) -> list[dict[str, Any]]:
    """So many lines, a minute apart, from `start` on."""
    first = at(start)
    minutes = range(count)
    return [{"time": first.replace(minute=first.minute + n), **rest} for n in minutes]

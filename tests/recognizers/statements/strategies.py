"""Statements of any shape, small and crowded, for property tests."""

from datetime import datetime, timedelta

import polars as pl
from hypothesis import strategies as st

from tests.recognizers.statements.frames import frame
from tradeglyph.domain.statements import IN, NEUTRAL, OUT

_START = datetime(2025, 3, 4, 1, 30)  # noqa: DTZ001  the bank's clock has no zone
_ACCOUNTS = ("", "A", "B", "C")
_BYTES = 12
"""Of a line: drawn at once, which is many times as fast as one choice after the other."""


@st.composite
def statements(draw: st.DrawFn, *, most: int = 60, hours: int = 5) -> pl.DataFrame:
    """Few accounts, few hours, equal times, midnights, dates without a time of day."""
    count = draw(st.integers(0, most))
    told = draw(st.binary(min_size=_BYTES * count, max_size=_BYTES * count))
    stamped = draw(st.sets(st.sampled_from(_ACCOUNTS)))
    rows = [_line(told[at : at + _BYTES], hours) for at in range(0, len(told), _BYTES)]
    for line in rows:
        if line["account"] in stamped or not line["clock"]:
            line["time"] = line["time"].replace(hour=0, minute=0)
    return frame(rows)


def _line(told: bytes, hours: int) -> dict[str, object]:
    def number(start: int, length: int, below: int) -> int:
        return int.from_bytes(told[start : start + length], "big") % below

    return {
        "file": number(0, 1, 2),
        "sheet": ("", "", "2")[number(1, 1, 3)],
        "account": _ACCOUNTS[number(2, 1, 4)],
        "currency": "USD" if number(3, 1, 4) == 3 else "CNY",
        "time": _START + timedelta(minutes=5 * number(4, 2, hours * 12 + 1)),
        "clock": number(6, 1, 4) < 3,
        "amount": number(7, 3, 10_000_000),
        "direction": (IN, OUT, NEUTRAL)[number(10, 1, 3)],
        "summary": ("", "超市", "医院挂号", "KTV", "结息")[number(11, 1, 5)],
    }

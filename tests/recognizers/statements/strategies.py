"""Statements of any shape, small and crowded, for property tests."""

from datetime import datetime, timedelta

import polars as pl
from hypothesis import strategies as st

from tests.recognizers.statements.frames import frame
from tradeglyph.domain.statements import IN, NEUTRAL, OUT

_START = datetime(2025, 3, 4, 1, 30)  # noqa: DTZ001  the bank's clock has no zone


@st.composite
def statements(draw: st.DrawFn, *, most: int = 60, hours: int = 5) -> pl.DataFrame:
    """Few accounts, few hours, equal times, midnights, dates without a time of day."""
    row = st.fixed_dictionaries(
        {
            "file": st.integers(0, 1),
            "sheet": st.sampled_from(["", "", "2"]),
            "account": st.sampled_from(["", "A", "B", "C"]),
            "currency": st.sampled_from(["CNY", "CNY", "CNY", "USD"]),
            "time": st.integers(0, hours * 12).map(lambda n: _START + timedelta(minutes=5 * n)),
            "clock": st.sampled_from([True, True, True, False]),
            "amount": st.integers(0, 9_999_999),
            "direction": st.sampled_from([IN, OUT, NEUTRAL]),
            "summary": st.sampled_from(["", "超市", "医院挂号", "KTV", "结息"]),
        }
    )
    rows = draw(st.lists(row, max_size=most))
    stamped = draw(st.sets(st.sampled_from(["", "A", "B", "C"])))
    for line in rows:
        if line["account"] in stamped or not line["clock"]:
            line["time"] = line["time"].replace(hour=0, minute=0)
    return frame(rows)

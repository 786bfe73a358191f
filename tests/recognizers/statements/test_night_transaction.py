from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.frames import at, book_of, frame, hour
from tests.recognizers.statements.strategies import statements
from tradeglyph.domain.recognizers import NotApplicable, Profile
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.night_transaction import INFO, NightTransaction
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.result import Result

RULE = NightTransaction()
SEED = settled(INFO)
AUDIT = settled(INFO, Profile.AUDIT)
OVER = 50_000_01


def found(lines: pl.DataFrame, parameters: Mapping[str, Any] = SEED) -> Result:
    result = RULE.recognize(lines, parameters)
    assert isinstance(result, Result)
    return result


def severities(lines: pl.DataFrame, parameters: Mapping[str, Any] = SEED) -> dict[int, str]:
    return dict(found(lines, parameters).findings.select("row", "severity").rows())


def test_three_in_an_hour_of_the_night_are_quiet_and_four_are_medium() -> None:
    assert severities(frame(hour("2025-03-04 02:00", 3))) == {}
    assert severities(frame(hour("2025-03-04 02:00", 4))) == dict.fromkeys(range(4), "medium")


def test_fifty_thousand_are_quiet_and_a_cent_more_is_high() -> None:
    night = {"time": "2025-03-04 03:00"}
    assert severities(frame([{**night, "amount": 50_000_00}])) == {}
    assert severities(frame([{**night, "amount": OVER}])) == {0: "high"}


def test_the_night_is_from_two_to_before_five() -> None:
    times = ["01:59:59.999999", "02:00:00", "04:59:59.999999", "05:00:00"]
    lines = frame([{"time": f"2025-03-04 {time}", "amount": OVER} for time in times])
    assert severities(lines) == {1: "high", 2: "high"}


def test_hours_of_the_night_are_not_added_up() -> None:
    assert severities(frame(hour("2025-03-04 02:00", 3) + hour("2025-03-04 03:00", 3))) == {}


def test_a_large_one_among_many_is_high() -> None:
    lines = frame([*hour("2025-03-04 02:00", 3), {"time": "2025-03-04 02:30", "amount": OVER}])
    assert severities(lines) == {0: "medium", 1: "medium", 2: "medium", 3: "high"}


def test_neutral_lines_count_but_their_amount_does_not() -> None:
    neutral = {"direction": NEUTRAL, "amount": OVER}
    assert severities(frame(hour("2025-03-04 02:00", 1, **neutral))) == {}
    assert severities(frame(hour("2025-03-04 02:00", 4, **neutral)))[0] == "medium"


@pytest.mark.parametrize("text", [{"summary": "急诊缴费"}, {"counterparty": "某市人民医院"}])
def test_a_keyword_silences_in_seed_and_mitigates_in_audit(text: dict[str, str]) -> None:
    lines = frame([{"time": "2025-03-04 03:00", "amount": OVER, **text}])
    result = found(lines)
    assert result.findings.height == result.periods.height == 0
    assert result.statistics["silenced_by_keyword"] == 1
    audited = found(lines, AUDIT)
    assert audited.findings["severity"].to_list() == ["low"]
    assert audited.statistics["mitigated_by_keyword"] == 1
    word = audited.findings["keyword"].item()
    assert word in "".join(text.values())
    finding = audited.findings.row(0, named=True)
    assert f"“{word}”" in RULE.reason(finding, "zh")
    assert f"'{word}'" in RULE.reason(finding, "en")


def test_silenced_lines_are_still_counted_in_the_hour() -> None:
    lines = frame(
        [
            *hour("2025-03-04 02:00", 3, counterparty="ktv 欢乐城"),
            {"time": "2025-03-04 02:30"},
        ]
    )
    assert severities(lines) == {3: "medium"}


def test_without_keywords_nothing_is_silenced() -> None:
    lines = frame([{"time": "2025-03-04 03:00", "amount": OVER, "summary": "医院"}])
    assert severities(lines, {**SEED, "keywords": ()}) == {0: "high"}


def test_a_night_may_go_over_midnight() -> None:
    times = ["2025-03-04 21:59", "2025-03-04 22:00", "2025-03-05 04:59", "2025-03-05 05:00"]
    lines = frame([{"time": time, "amount": OVER} for time in times])
    result = found(lines, {**SEED, "start_hour": 22})
    assert result.findings["row"].to_list() == [1, 2]
    assert result.periods.rows() == [
        ("6222", "CNY", at(times[1]), at("2025-03-05 04:59:00.000001"), 2)
    ]


def test_a_night_as_long_as_the_day() -> None:
    lines = frame([{"time": f"2025-03-04 {n:02d}:30", "amount": OVER} for n in range(24)])
    assert len(severities(lines, {**SEED, "start_hour": 5})) == 24


def test_without_time_of_day_it_is_not_applicable() -> None:
    lines = frame([{"time": "2025-03-04", "clock": False, "amount": OVER}])
    assert isinstance(RULE.recognize(lines, SEED), NotApplicable)
    both = frame(
        [
            {"time": "2025-03-04", "clock": False, "account": "dates"},
            {"time": "2025-03-04 03:00", "amount": OVER},
        ]
    )
    result = found(both)
    assert result.findings["row"].to_list() == [1]
    assert result.statistics["accounts_without_time_of_day"] == ["dates"]


def test_reasons() -> None:
    lines = frame([{"time": "2025-03-04 02:30:05", "amount": 60_000_50, "summary": "KTV"}] * 4)
    finding = found(lines, AUDIT).findings.row(0, named=True)
    assert RULE.reason(finding, "en") == (
        "2025-03-04 02:30:05 is in the night, 02:00 to 05:00; 4 transactions in that hour, more "
        "than 3; 60,000.50 CNY, more than 50,000.00; may be explained by the word 'KTV', to be "
        "verified"
    )
    assert RULE.reason(finding, "zh") == (
        "2025-03-04 02:30:05 处于夜间时段 02:00 至 05:00；该小时共有 4 笔交易，超过 3 笔；"
        "单笔 60,000.50 CNY，超过 50,000.00；摘要或对方含“KTV”，可能有合理事由，需核实"
    )


def _slow(lines: pl.DataFrame, start: int, end: int) -> set[int]:
    """One row after the other; every account and currency on its own."""
    rows = lines.to_dicts()
    running = {book_of(r) for r in rows if r["clock"] and r["time"].timetuple()[3:6] != (0, 0, 0)}
    hours = {(start + n) % 24 for n in range(((end - start) % 24) or 24)}
    night = {
        number: row
        for number, row in enumerate(rows)
        if row["clock"] and book_of(row) in running and row["time"].hour in hours
    }

    def hour_of(row: Mapping[str, Any]) -> tuple[object, ...]:
        past = timedelta(minutes=row["time"].minute, seconds=row["time"].second)
        return book_of(row), row["time"] - past

    counts = Counter(hour_of(row) for row in night.values())
    return {
        number
        for number, row in night.items()
        if not any(word in row["summary"] for word in ("医院", "KTV"))
        and (
            counts[hour_of(row)] > 3 or (row["amount"] > 50_000_00 and row["direction"] != NEUTRAL)
        )
    }


@settings(max_examples=40, deadline=None)
@given(lines=statements(), start=st.integers(0, 23), end=st.integers(0, 23))
def test_as_the_slow_way(lines: pl.DataFrame, start: int, end: int) -> None:
    result = RULE.recognize(lines, {**SEED, "start_hour": start, "end_hour": end})
    slow = _slow(lines, start, end)
    if isinstance(result, NotApplicable):
        assert not slow
        return
    assert result.findings["row"].to_list() == sorted(slow)
    spans = result.findings.join(result.periods.with_row_index("period"), on="period")
    assert spans.filter(
        (pl.col("time") < pl.col("start")) | (pl.col("time") >= pl.col("end"))
    ).is_empty()

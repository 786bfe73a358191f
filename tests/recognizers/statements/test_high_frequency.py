from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.frames import at, book_of, frame, hour
from tests.recognizers.statements.strategies import statements
from tests.shared import shared
from tradeglyph.domain.recognizers import NotApplicable, Profile
from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.recognizers.statements import high_frequency
from tradeglyph.recognizers.statements.high_frequency import INFO, HighFrequency, period_info
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.result import Detailed, Result

RULE = HighFrequency()
SEED = settled(INFO)
AUDIT = settled(INFO, Profile.AUDIT)


def found(lines: pl.DataFrame, parameters: Mapping[str, Any] = SEED) -> Result:
    result = RULE.recognize(lines, parameters)
    assert isinstance(result, Result)
    return result


def rows(lines: pl.DataFrame, parameters: Mapping[str, Any] = SEED) -> list[int]:
    return found(lines, parameters).findings["row"].to_list()


def test_ten_are_quiet() -> None:
    result = found(frame(hour("2025-03-04 14:00", 10)))
    assert result.findings.height == 0
    assert result.periods.height == 0
    assert result.statistics["period_statistics"]["max_transactions_per_hour"] == 10


def test_eleven_are_all_named_and_high() -> None:
    quiet = hour("2025-03-04 13:00", 3)
    result = found(frame(quiet + hour("2025-03-04 14:49", 11)))
    assert result.findings["row"].to_list() == list(range(3, 14))
    assert set(result.findings["severity"]) == {"high"}
    assert set(result.findings["period"]) == {0}


def test_an_hour_ends_before_the_next() -> None:
    edge = [{"time": "2025-03-04 14:00:00"}, {"time": "2025-03-04 14:59:59.999999"}]
    inside = frame([*edge, *hour("2025-03-04 14:10", 9)])
    assert rows(inside) == list(range(11))
    outside = frame([edge[0], {"time": "2025-03-04 15:00:00"}, *hour("2025-03-04 14:10", 9)])
    assert rows(outside) == []


def test_the_same_hour_of_another_day_is_another() -> None:
    assert rows(frame(hour("2025-03-04 14:00", 6) + hour("2025-03-05 14:00", 6))) == []


def test_accounts_and_currencies_are_apart() -> None:
    two = hour("2025-03-04 14:00", 6, account="A") + hour("2025-03-04 14:00", 6, account="B")
    assert rows(frame(two)) == []
    money = hour("2025-03-04 14:00", 6) + hour("2025-03-04 14:00", 6, currency="USD")
    assert rows(frame(money)) == []


def test_one_account_in_two_files_is_one_but_nameless_files_are_two() -> None:
    halves = [hour("2025-03-04 14:00", 6, file=file) for file in (0, 1)]
    assert len(rows(frame(halves[0] + halves[1]))) == 12
    nameless = [dict(row, account="") for half in halves for row in half]
    assert rows(frame(nameless)) == []


def test_neutral_lines_are_counted_and_in_no_sum() -> None:
    lines = frame(
        hour("2025-03-04 14:00", 4, amount=100_50, direction=IN)
        + hour("2025-03-04 14:10", 5, amount=20_00, direction=OUT)
        + hour("2025-03-04 14:30", 2, amount=9_999_00, direction=NEUTRAL)
    )
    result = found(lines)
    assert result.findings.height == 11
    info = period_info(result.periods.row(0, named=True))
    assert info == {
        "date": "2025-03-04",
        "hour": 14,
        "start_time": "14:00",
        "end_time": "15:00",
        "transaction_count": 11,
        "amount_sum": 502.0,  # 4 x 100.50 + 5 x 20
        "amount_avg": 502.0 / 11,
        "in_count": 4,
        "out_count": 5,
    }


def test_the_last_hour_ends_at_24() -> None:
    result = found(frame(hour("2025-03-04 23:05", 11)))
    info = period_info(result.periods.row(0, named=True))
    assert (info["start_time"], info["end_time"]) == ("23:00", "24:00")
    assert result.periods["end"].item() == at("2025-03-05")


def test_statistics_have_the_rules_keys() -> None:
    lines = frame(
        hour("2025-03-04 14:00", 12, amount=10_00)
        + hour("2025-03-04 15:00", 2, amount=50_05)
        + hour("2025-03-04 16:00", 1, amount=7_00, direction=NEUTRAL)
    )
    assert found(lines).statistics == {
        "total_transactions": 15,
        "total_periods": 3,
        "high_frequency_periods": 1,
        "rolling_periods": 0,
        "period_statistics": {
            "max_transactions_per_hour": 12,
            "min_transactions_per_hour": 1,
            "avg_transactions_per_hour": 5.0,
            "max_amount_per_hour": 120.0,
            "min_amount_per_hour": 0.0,
            "avg_amount_per_hour": pytest.approx((120 + 100.10) / 3),
        },
        "high_frequency_details": [
            {
                "account": "6222",
                "currency": "CNY",
                "date": "2025-03-04",
                "hour": 14,
                "transaction_count": 12,
                "amount_sum": 120.0,
                "in_count": 0,
                "out_count": 12,
            }
        ],
        "lines_without_time_of_day": 0,
        "accounts_without_time_of_day": [],
    }


def test_dates_alone_are_not_applicable() -> None:
    dates = [{"time": "2025-03-04", "clock": False}] * 20
    stamped = [{"time": "2025-03-04", "account": "B"}] * 20
    result = RULE.recognize(frame([*dates, *stamped]), SEED)
    assert isinstance(result, NotApplicable)
    assert result.reason["en"].startswith("no time of day: none of the 40 lines (2 accounts)")
    assert "2 个账户共 40 行" in result.reason["zh"]


def test_an_account_without_clock_among_others_is_named() -> None:
    lines = frame(
        [{"time": "2025-03-04", "clock": False, "account": "dates"}] * 12
        + [{"time": "2025-03-04", "account": "stamped"}] * 12
        + hour("2025-03-04 14:00", 11, account="clocked")
        + [{"time": "2025-03-05", "clock": False, "account": "clocked"}] * 12
    )
    result = found(lines)
    assert result.findings["row"].to_list() == list(range(24, 35))
    assert result.statistics["accounts_without_time_of_day"] == ["dates", "stamped"]
    assert result.statistics["lines_without_time_of_day"] == 36
    assert result.statistics["total_transactions"] == 11


def test_midnight_is_an_hour_where_the_clock_runs() -> None:
    lines = frame([{"time": "2025-03-04"}] * 11 + [{"time": "2025-03-04 09:00"}])
    assert rows(lines) == list(range(11))


def test_an_hour_cut_in_two_is_found_by_the_rolling_window_only() -> None:
    lines = frame(hour("2025-03-04 14:55", 5) + hour("2025-03-04 15:00", 6))
    assert rows(lines) == []
    result = found(lines, AUDIT)
    assert result.findings["row"].to_list() == list(range(11))
    assert set(result.findings["severity"]) == {"high"}
    period = result.periods.row(0, named=True)
    assert (period["start"], period["end"]) == (
        at("2025-03-04 14:55"),
        at("2025-03-04 15:05:00.000001"),
    )
    assert period["transaction_count"] == period["peak"] == 11
    assert result.statistics["rolling_periods"] == 1
    assert result.statistics["high_frequency_details"] == []


def test_a_rolling_window_is_half_open_as_an_hour_is() -> None:
    ten = hour("2025-03-04 14:30", 10)
    assert rows(frame([*ten, {"time": "2025-03-04 15:30:00"}]), AUDIT) == []
    assert len(rows(frame([*ten, {"time": "2025-03-04 15:29:59.999999"}]), AUDIT)) == 11


def test_a_line_is_named_once_and_by_its_hour_first() -> None:
    lines = frame(hour("2025-03-04 14:40", 12) + hour("2025-03-04 15:00", 3))
    result = found(lines, AUDIT)
    assert result.findings["row"].to_list() == list(range(15))
    assert result.findings["window_minutes"].to_list() == [0] * 12 + [60] * 3
    assert result.periods["transaction_count"].to_list() == [12, 15]
    hourly = found(frame(hour("2025-03-04 14:40", 12)), AUDIT)
    assert hourly.periods["window_minutes"].to_list() == [0]


def test_reasons_have_their_numbers() -> None:
    lines = frame(hour("2025-03-04 14:48", 12) + hour("2025-03-04 15:00", 3))
    findings = found(lines, AUDIT).findings
    first, last = findings.row(0, named=True), findings.row(-1, named=True)
    assert RULE.reason(first, "en") == (
        "12 transactions in the hour from 2025-03-04 14:00 to 2025-03-04 15:00, more than the "
        "threshold of 10"
    )
    assert RULE.reason(last, "en") == (
        "15 transactions from 2025-03-04 14:48:00 to 2025-03-04 15:02:00, up to 15 of them within "
        "60 minutes, more than the threshold of 10"
    )
    assert "共有 12 笔交易，超过阈值 10 笔" in RULE.reason(first, "zh")
    assert "任意 60 分钟内最多 15 笔" in RULE.reason(last, "zh")


def test_a_finding_carries_period_info_and_business_rule() -> None:
    assert isinstance(RULE, Detailed)
    period = found(frame(hour("2025-03-04 14:00", 11))).periods.row(0, named=True)
    details = RULE.details(period, SEED)
    assert set(details) == {"period_info", "business_rule"}
    rule = details["business_rule"]
    assert (rule["statistic_unit"], rule["threshold"]) == ("日期 + 小时", 10)
    assert RULE.shown(SEED) == {
        "statistic_unit": "日期 + 小时",
        "business_rule": rule["description"],
    }
    assert "任意 60 分钟" in RULE.details(period, AUDIT)["business_rule"]["description"]


def test_a_stretch_says_its_own_start_and_end() -> None:
    lines = frame(hour("2025-03-04 23:55", 5) + hour("2025-03-05 00:00", 6))
    info = period_info(found(lines, AUDIT).periods.row(0, named=True))
    assert (info["date"], info["hour"]) == ("2025-03-04", 23)
    assert (info["start_time"], info["end_time"]) == ("2025-03-04 23:55:00", "2025-03-05 00:05:00")


def _told(lines: pl.DataFrame) -> list[tuple[int, dict[str, Any]]]:
    """Rows with a time of day, of accounts that have one."""
    every = list(enumerate(lines.to_dicts()))
    running = {book_of(r) for _, r in every if r["clock"] and r["time"].time() != time(0)}
    return [(n, r) for n, r in every if r["clock"] and book_of(r) in running]


def _slow_hours(lines: pl.DataFrame, threshold: int) -> dict[int, tuple[datetime, int, int]]:
    """Per named row: its hour's start, count and sum. One row after the other."""
    groups: dict[object, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number, row in _told(lines):
        groups[book_of(row), row["time"].date(), row["time"].hour].append((number, row))
    answers = {}
    for group in groups.values():
        if len(group) > threshold:
            moved = sum(row["amount"] for _, row in group if row["direction"] != NEUTRAL)
            for number, row in group:
                start = row["time"].replace(minute=0, second=0, microsecond=0)
                answers[number] = (start, len(group), moved)
    return answers


def _slow_rolling(lines: pl.DataFrame, threshold: int, minutes: int) -> set[int]:
    """Rows in a crowded window that begins at any line."""
    told, width = _told(lines), timedelta(minutes=minutes)
    named: set[int] = set()
    for _, first in told:
        window = [
            number
            for number, row in told
            if book_of(row) == book_of(first)
            and first["time"] <= row["time"] < first["time"] + width
        ]
        if len(window) > threshold:
            named.update(window)
    return named


@settings(max_examples=50, deadline=None)
@given(lines=statements(), threshold=st.integers(1, 5), minutes=st.sampled_from([0, 5, 60, 125]))
def test_as_the_slow_way(lines: pl.DataFrame, threshold: int, minutes: int) -> None:
    parameters = {"frequency_threshold": threshold, "rolling_minutes": minutes}
    result = RULE.recognize(lines, parameters)
    told = _told(lines)
    if isinstance(result, NotApplicable):
        assert not told
        assert lines.height > 0
        return
    findings = result.findings.join(
        result.periods.with_row_index("period").select("period", "amount_sum"), on="period"
    )
    hourly = _slow_hours(lines, threshold)
    by_hour = findings.filter(pl.col("window_minutes") == 0)
    got = by_hour.select("row", "start", "transaction_count", "amount_sum").rows()
    assert {row: rest for row, *rest in got} == {row: list(v) for row, v in hourly.items()}
    either = set(hourly) | (_slow_rolling(lines, threshold, minutes) if minutes else set())
    assert result.findings["row"].to_list() == sorted(either)
    assert result.statistics["total_transactions"] == len(told)
    for start, end, count in result.periods.select("start", "end", "transaction_count").rows():
        assert start < end
        assert count > threshold


def test_a_table_that_would_be_too_long_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    far = hour("0001-01-01 23:00", 12) + hour("9999-12-31 22:00", 12, account="B")
    lines = frame(far + hour("2025-03-04 14:00", 11, account="C"))
    for parameters in (SEED, AUDIT):
        whole = found(lines, parameters)
        monkeypatch.setattr(high_frequency, "most_places", lambda _: 0)
        short = found(lines, parameters)
        monkeypatch.undo()
        assert whole.findings["row"].to_list() == list(range(35))
        assert short.findings.equals(whole.findings)
        assert short.statistics == whole.statistics


def test_a_day_of_a_real_bank_says_nothing_of_hours() -> None:
    path = shared("data/bank_berka/trans_even_accounts.asc")
    table = pl.read_csv(path, separator=";", columns=["account_id", "date"])
    lines = pl.DataFrame(
        {
            "file": pl.zeros(table.height, dtype=pl.UInt16, eager=True),
            "account": table["account_id"].cast(pl.String),
            "time": table["date"].cast(pl.String).str.to_datetime("%y%m%d", time_unit="us"),
        }
    ).with_columns(
        sheet=pl.lit(""), clock=False, amount=pl.lit(1), direction=pl.lit(1), currency=pl.lit("CZK")
    )
    assert set(lines.columns) <= set(LINES)
    result = RULE.recognize(lines, SEED)
    assert isinstance(result, NotApplicable)
    assert "23932 lines (591 accounts)" in result.reason["en"]

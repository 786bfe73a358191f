from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.frames import at, book_of, frame
from tests.recognizers.statements.strategies import statements
from tradeglyph.domain.recognizers import Profile
from tradeglyph.recognizers.statements.inactive_account import INFO, InactiveAccount
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.result import Result

RULE = InactiveAccount()
SEED = settled(INFO)
AUDIT = settled(INFO, Profile.AUDIT)


def found(lines: pl.DataFrame, parameters: Mapping[str, Any] = SEED) -> Result:
    result = RULE.recognize(lines, parameters)
    assert isinstance(result, Result)
    return result


def test_thirty_days_are_quiet_and_thirty_one_are_not() -> None:
    assert found(frame([{"time": "2025-03-01"}, {"time": "2025-03-31"}])).findings.is_empty()
    result = found(frame([{"time": "2025-03-01"}, {"time": "2025-04-01"}]))
    assert result.findings.select("row", "severity", "days").rows() == [(1, "medium", 31)]
    assert result.statistics["max_inactive_days"] == 31


def test_the_time_of_day_says_nothing() -> None:
    late = frame([{"time": "2025-03-01 00:00:01"}, {"time": "2025-03-31 23:59:59"}])
    assert found(late).findings.is_empty()
    early = frame([{"time": "2025-03-01 23:59:59"}, {"time": "2025-04-01 00:00:01"}])
    assert found(early).findings.height == 1


def test_the_silence_is_a_period() -> None:
    result = found(frame([{"time": "2025-05-01 09:00"}, {"time": "2025-03-10 18:00"}]))
    assert result.findings["row"].to_list() == [0]
    assert result.periods.rows() == [("6222", "CNY", at("2025-03-11"), at("2025-05-01"), 52)]


def test_accounts_and_currencies_are_apart() -> None:
    assert found(
        frame([{"time": "2025-03-01", "account": "A"}, {"time": "2025-05-01", "account": "B"}])
    ).findings.is_empty()
    other = [{"time": f"2025-03-{day}", "currency": "USD"} for day in (15, 30)]
    rows = [{"time": "2025-03-01"}, *other, {"time": "2025-04-01"}]
    assert found(frame(rows)).findings["row"].to_list() == [3]


def test_of_several_at_one_time_the_first_by_its_contents() -> None:
    woken = [{"time": "2025-05-01", "amount": amount} for amount in (500, 300, 400)]
    lines = frame([*woken, {"time": "2025-03-01"}])
    assert found(lines).findings["row"].to_list() == [1]
    assert found(lines[[2, 1, 0, 3]]).findings["row"].to_list() == [1]
    earlier = frame([{"time": "2025-05-01 08:00", "amount": 900}, *woken[:1]])
    late = frame([{"time": "2025-05-01 09:00"}, {"time": "2025-03-01"}])
    assert found(pl.concat([late, earlier])).findings["row"].to_list() == [3]


def test_the_banks_postings_break_no_silence_in_audit() -> None:
    lines = frame(
        [
            {"time": "2025-03-01"},
            {"time": "2025-03-21", "summary": "个人活期结息"},
            {"time": "2025-04-10"},
        ]
    )
    assert found(lines).findings.is_empty()
    audited = found(lines, AUDIT)
    assert audited.findings.select("row", "days").rows() == [(2, 40)]
    assert audited.statistics["bank_postings"] == 1


def test_reasons() -> None:
    finding = found(frame([{"time": "2025-03-01"}, {"time": "2025-04-01"}])).findings.row(
        0, named=True
    )
    assert RULE.reason(finding, "en") == (
        "31 days from the transaction before, 2025-03-01, to this one, 2025-04-01, more than 30"
    )
    assert RULE.reason(finding, "zh") == (
        "2025-03-01 之后至 2025-04-01 共 31 天没有交易，超过 30 天，本笔为恢复后的首笔"
    )


def _slow(lines: pl.DataFrame, most: int) -> set[tuple[object, date, int]]:
    days: dict[object, set[date]] = defaultdict(set)
    for row in lines.to_dicts():
        book = book_of(row)
        days[book].add(row["time"].date())
    silences = set()
    for book, dates in days.items():
        last = None
        for day in sorted(dates):
            if last is not None and (day - last).days > most:
                silences.add((book, day, (day - last).days))
            last = day
    return silences


@settings(max_examples=50, deadline=None)
@given(lines=statements(most=12, hours=24 * 60), most=st.integers(1, 20))
def test_as_the_slow_way(lines: pl.DataFrame, most: int) -> None:
    result = found(lines, {**SEED, "inactive_days": most})
    rows = lines.to_dicts()
    got = set()
    for finding in result.findings.to_dicts():
        row = rows[finding["row"]]
        book = book_of(row)
        got.add((book, row["time"].date(), finding["days"]))
    assert got == _slow(lines, most)
    assert len(got) == result.findings.height == result.periods.height

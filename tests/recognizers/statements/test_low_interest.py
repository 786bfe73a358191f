"""Interest that is low for its balance."""

import itertools
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    Row,
    answer,
    audit,
    balanced,
    check_order_and_accounts,
    line,
    lines,
    reported,
    seed,
)
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.recognizers.statements.deposit_rates import RATES
from tradeglyph.recognizers.statements.low_interest import INFO, LowInterest

AUDIT = audit(INFO)
RULE = LowInterest()
DAY = date(2024, 3, 21)


def _told(interest: int, balance: int | None, **more: object) -> bool:
    row = line(DAY, interest, **{"summary": "结息", **more})
    return bool(reported(RULE, lines([row | {"balance": balance}])))


def test_under_exactly_half_of_the_base_rate() -> None:
    # 0.35 % a year on 800,000.00 for 90 of 360 days is 700.00; half of it is 350.00.
    assert not _told(35_000, 80_000_000)
    assert _told(34_999, 80_000_000)
    assert _told(35_000, 80_000_001)


def test_balances_under_a_hundred_are_skipped() -> None:
    assert _told(1, 10_000)  # 8.75 at the base rate
    assert not _told(1, 9_999)
    assert not _told(1, None)
    assert not _told(1, -80_000_000)


@pytest.mark.parametrize(
    ("summary", "judged"),
    [
        ("结息", True),
        ("利息", True),
        ("个人活期存款利息", True),
        ("Interest", True),
        ("利息税", False),
        ("贷款利息", False),
        ("罚息 利息", False),
        ("定期利息", False),
        ("loan interest", False),
        ("转账", False),
        ("uninteresting", False),
    ],
)
def test_which_lines_are_interest(summary: str, judged: bool) -> None:
    frame = lines([line(DAY, 1, summary=summary, balance=80_000_000)])
    result = RULE.recognize(frame, seed(RULE))
    assert isinstance(result, NotApplicable) != judged


@pytest.mark.parametrize(
    "more",
    [{"direction": -1}, {"reversal": True}, {"currency": "USD"}, {"counterparty": "贷款公司"}],
)
def test_what_is_no_deposit_interest_does_not_apply(more: Row) -> None:
    frame = lines([line(DAY, 1, **{"summary": "结息", "balance": 80_000_000, **more})])
    assert isinstance(RULE.recognize(frame, seed(RULE)), NotApplicable)


def test_the_reason_has_both_rates() -> None:
    frame = lines([line(DAY, 10_000, summary="结息", balance=80_000_000)])
    [finding] = answer(RULE, frame).findings.rows(named=True)
    assert RULE.reason(finding, "en") == (
        "Interest of 100.00 on a balance of 800,000.00 over 90 days is 0.0500 % a year; the base "
        "rate is 0.35 %."
    )
    assert RULE.reason(finding, "zh") == (
        "余额 800,000.00，90 天利息 100.00，年化 0.0500%，基准利率 0.35%。"
    )


def _quarter(interest: int, first: date = DAY, days: int = 90) -> pl.DataFrame:
    """An interest day, a deposit ten days on that stays half of the days, and the next interest."""
    rows = [
        line(date(2024, 1, 2), 1_000_000),
        line(first, 500, summary="结息"),
        line(first + timedelta(days=10), 50_000_000),
        line(first + timedelta(days=55), -50_000_000),
        line(first + timedelta(days=days), interest, summary="结息"),
    ]
    return lines(balanced(rows))


def test_daily_balances_are_summed_between_two_interest_days() -> None:
    # 1,000,500 on 90 days and 50,000,000 more on 45: 2,340,045,000, at 0.20 % / 360 13,000.25.
    assert reported(RULE, _quarter(6_500), **AUDIT) == []
    assert reported(RULE, _quarter(6_499), **AUDIT) == [5]
    [finding] = answer(RULE, _quarter(6_499), **AUDIT).findings.rows(named=True)
    assert (finding["balance"], finding["days"]) == (2_340_045_000 // 90, 90)
    assert finding["base"] == 0.002


def test_true_interest_at_the_new_rates_is_flagged_by_the_seed_only() -> None:
    first = date(2025, 6, 21)
    true = 2_340_045_000 * 500 // 1_000_000 // 360
    frame = _quarter(true, first)
    assert reported(RULE, frame, **AUDIT) == []
    rows = [line(first, 1, summary="结息", balance=8_000_000_000)]
    low = 8_000_000_000 * 500 // 1_000_000 // 4  # what 0.05 % pays
    rows[0]["amount"] = low
    assert reported(RULE, lines(rows)) == [1]


@pytest.mark.parametrize(("since", "rate"), RATES)
def test_the_rate_is_that_of_the_day_of_the_interest(since: date, rate: int) -> None:
    at = [later for later, _ in RATES].index(since)
    for day, millionths in ((since, rate), (since - timedelta(days=1), RATES[at - 1][1])):
        frame = lines([line(day, 1, summary="结息", balance=80_000_000)])
        findings = answer(RULE, frame, rates="dated").findings
        if at == 0 and day < since:
            assert findings.is_empty()
        else:
            assert findings["base"].to_list() == [millionths / 1_000_000]


def test_the_table_ascends_and_ends_at_the_published_rates() -> None:
    assert [day for day, _ in RATES] == sorted({day for day, _ in RATES})
    assert dict(RATES) | {
        date(2012, 7, 6): 3_500,
        date(2024, 7, 25): 1_500,
        date(2024, 10, 18): 1_000,
        date(2025, 5, 20): 500,
    } == dict(RATES)


def test_the_first_interest_is_not_judged_by_days() -> None:
    result = answer(RULE, lines([line(DAY, 1, summary="结息", balance=80_000_000)]), **AUDIT)
    assert result.findings.is_empty()
    assert result.statistics == {"interest_lines": 1, "not_judged": 1}


def test_all_interest_of_a_day_counts_as_one() -> None:
    frame = _quarter(6_499)
    more = lines([line(DAY + timedelta(days=90), 1, summary="利息", balance=1_006_999 + 1, line=9)])
    assert reported(RULE, pl.concat([frame, more]), **AUDIT) == []


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    rows: list[Row] = []
    for account in ("A", "B"):
        days = sorted(draw(st.sets(st.integers(0, 200), max_size=12)))
        own = [
            line(
                DAY + timedelta(days=day),
                *draw(st.sampled_from([(5,), (900,), (40_000_000,), (-20_000_000,)])),
                account=account,
                summary=draw(st.sampled_from(["结息", "转账"])),
            )
            for day in days
        ]
        rows += balanced(own, draw(st.sampled_from([0, 30_000, 90_000_000])))
    return lines(rows)


def _slow(frame: pl.DataFrame) -> list[int]:
    """Day by day, with each day's last balance."""
    told = []
    for account in ("A", "B"):
        rows = frame.filter(pl.col("account") == account).rows(named=True)
        ends = {row["time"].date(): row["balance"] for row in rows}
        paid = [r for r in rows if r["summary"] == "结息" and r["direction"] > 0]
        for before, row in itertools.pairwise(paid):
            day, last = before["time"].date(), row["time"].date()
            rate = [rate for since, rate in RATES if since <= last][-1]
            product = balance = 0
            days = (last - day).days
            while day < last:
                balance = max(ends.get(day, balance), 0)
                product += balance
                day += timedelta(days=1)
            earned = product * rate // (360 * 1_000_000)
            if product >= 10_000 * days and 2 * row["amount"] < earned:
                told.append(row["line"])
    return told


@settings(max_examples=25, deadline=None)
@given(statements())
def test_daily_interest_equals_a_slow_implementation(frame: pl.DataFrame) -> None:
    result = RULE.recognize(frame, seed(RULE, **AUDIT))
    told = [] if isinstance(result, NotApplicable) else result.findings["row"].to_list()
    assert frame["line"][told].to_list() == _slow(frame)


@settings(max_examples=8, deadline=None)
@given(statements())
def test_order_and_other_accounts_change_nothing(frame: pl.DataFrame) -> None:
    check_order_and_accounts(RULE, frame)
    check_order_and_accounts(RULE, frame, **AUDIT)

"""Round amounts that are high for their statement."""

from datetime import datetime, timedelta
from statistics import mean, median

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    Row,
    answer,
    audit,
    check_order_and_accounts,
    line,
    lines,
    reported,
    seed,
)
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.occasional_high_integer import (
    INFO,
    OccasionalHighInteger,
)

AUDIT = audit(INFO)
RULE = OccasionalHighInteger()


def _small(count: int, amount: int = 100) -> list[Row]:
    return [line(at / 100, amount) for at in range(count)]


def test_only_round_amounts() -> None:
    rows = [*_small(20), line(1, 1_000_000), line(2, 1_000_001), line(3, -2_000_000)]
    assert reported(RULE, lines(rows)) == [21, 23]


def test_only_over_five_times_the_mean() -> None:
    # 10 lines of which 9 are x: the mean of all is (9 x + 10,000) / 10, so 5 x 10,000 = 45 x + ...
    # 10,000.00 is exactly 5 times the mean at 9 x = 10,000.00.
    exact = [*_small(8, 111_111), line(1, 111_112), line(2, 1_000_000)]
    assert reported(RULE, lines(exact)) == []
    over = [*_small(9, 111_111), line(2, 1_000_000)]
    assert reported(RULE, lines(over)) == [10]


def test_a_mean_hides_what_a_median_shows() -> None:
    rows = [line(0, 100), line(1, 100), line(2, 100), line(3, 1_000_000), line(4, 1_000_000)]
    assert reported(RULE, lines(rows)) == []
    assert reported(RULE, lines(rows), **AUDIT) == [4, 5]
    exact = [line(0, 100), line(1, 200_000), line(2, 200_000), line(3, 1_000_000)]
    assert reported(RULE, lines(exact), **AUDIT) == []
    half = [line(0, 199_999), line(1, 200_000), line(2, 100), line(3, 1_000_000)]
    assert reported(RULE, lines(half), **AUDIT) == [4]  # the median is half a unit under


def test_three_within_exactly_seven_days_are_frequent() -> None:
    def patterns(*days: float) -> list[str]:
        rows = [*_small(60), *(line(day, 1_000_000) for day in days)]
        return answer(RULE, lines(rows)).findings["pattern"].to_list()

    assert patterns(10, 12) == ["occasional"] * 2
    assert patterns(10, 12, 17) == ["frequent"] * 3
    assert patterns(10, 12, 17 + 1 / 86_400) == ["occasional"] * 3
    assert patterns(10, 12, 17, 30) == ["frequent"] * 3 + ["occasional"]


def test_periods_that_overlap_are_one_and_others_are_not() -> None:
    days = (10.5, 11, 12, 16, 19, 19.5, 20, 26.5)
    rows = [*_small(200), *(line(day, 1_000_000) for day in days)]
    result = answer(RULE, lines(rows))
    # 10.5..16, 12..19, 16..20 and 19.5..26.5 share lines; each has three or more.
    assert result.findings["period"].to_list() == [0] * 8
    assert result.findings["count"].to_list() == [8] * 8
    assert result.periods.select("start", "end").row(0) == (
        datetime(2024, 1, 11),  # noqa: DTZ001
        datetime(2024, 1, 28),  # noqa: DTZ001
    )
    apart = [*_small(200), *(line(day, 1_000_000) for day in (1, 2, 3, 11, 12, 13))]
    assert answer(RULE, lines(apart)).findings["period"].to_list() == [0, 0, 0, 1, 1, 1]


def test_neutral_lines_and_reversals_stand_aside() -> None:
    rows = [
        *_small(20),
        line(1, 1_000_000, direction=NEUTRAL),
        line(2, 1_000_000, reversal=True),
        line(3, 1_000_000),
    ]
    assert reported(RULE, lines(rows)) == [23]


def test_the_reason_has_the_figures() -> None:
    rows = [*_small(19), line(3, 1_000_000)]
    [finding] = answer(RULE, lines(rows)).findings.rows(named=True)
    assert RULE.reason(finding, "en") == (
        "10,000.00 is round and 20.0 times the statement's mean amount of 500.95."
    )
    assert RULE.reason(finding, "zh").startswith("整数金额 10,000.00，为该流水平均金额 500.95 的")


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(
        st.lists(
            st.builds(
                line,
                st.integers(0, 40).map(float),
                st.sampled_from([100, 150, -999_999, 1_000_000, -1_000_000, 3_000_000]),
                account=st.sampled_from(["A", "B"]),
            ),
            max_size=25,
        )
    )
    return lines([*_small(draw(st.integers(0, 12))), *rows])


def _slow(frame: pl.DataFrame, against: str) -> list[tuple[int, str]]:
    told, week = [], timedelta(days=7)
    for account in ("A", "B"):
        rows = frame.filter(pl.col("account") == account).rows(named=True)
        amounts = [row["amount"] for row in rows]
        typical = (mean if against == "mean" else median)(amounts or [0])
        high = [
            row for row in rows if row["amount"] % 1_000_000 == 0 and row["amount"] > 5 * typical
        ]
        for row in high:
            # Some span of seven days that the line is in, from any of the lines, has three.
            frequent = any(
                one["time"] <= row["time"] <= one["time"] + week
                and sum(timedelta(0) <= two["time"] - one["time"] <= week for two in high) >= 3
                for one in high
            )
            told.append((row["line"], "frequent" if frequent else "occasional"))
    return sorted(told)


@settings(max_examples=20, deadline=None)
@given(statements(), st.sampled_from(["mean", "median"]))
def test_it_equals_a_slow_implementation(frame: pl.DataFrame, against: str) -> None:
    found = answer(RULE, frame, against=against).findings
    told = list(zip(frame["line"][found["row"]], found["pattern"], strict=True))
    assert told == _slow(frame, against)
    check_order_and_accounts(RULE, frame, against=against)


def test_an_empty_statement_has_none() -> None:
    assert RULE.recognize(lines([]), seed(RULE)).findings.is_empty()  # type: ignore[union-attr]

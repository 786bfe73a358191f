"""Money that comes in and soon goes out again."""

from datetime import date, datetime, timedelta
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    START,
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
from tradeglyph.recognizers.statements.pass_through import INFO, PassThrough

AUDIT = audit(INFO)
RULE = PassThrough()
SECOND = 1 / 86_400
IN = line(10, 10_000_000)


def _found(income: Row, *outflows: Row, **other: object) -> list[int]:
    return reported(RULE, lines([income, *outflows]), **other)


def test_from_the_least_income_on() -> None:
    assert _found(IN, line(11, -10_000_000)) == [1, 2]
    assert _found(line(10, 9_999_999), line(11, -9_999_999)) == []


def test_within_exactly_one_per_cent() -> None:
    for amount, passes in (
        (9_900_000, True),
        (9_899_999, False),
        (10_100_000, True),
        (10_100_001, False),
    ):
        assert bool(_found(IN, line(11, -amount))) == passes
    # 1 % of 100,000.50 is 1,000.005: one minor unit more than 1,000.00 is over.
    odd = line(10, 10_000_050)
    assert _found(odd, line(11, -(10_000_050 - 100_000))) == [1, 2]
    assert _found(odd, line(11, -(10_000_050 - 100_001))) == []


def test_from_exactly_one_hour_to_exactly_seven_days() -> None:
    for gap, passes in (
        (1 / 24, True),
        (1 / 24 - SECOND, False),
        (7, True),
        (7 + SECOND, False),
        (-1, False),
    ):
        assert bool(_found(IN, line(10 + gap, -10_000_000))) == passes


def test_dates_are_counted_in_days() -> None:
    first = date(2024, 3, 1)

    def passes(days: int, **other: object) -> bool:
        out = line(first + timedelta(days=days), -10_000_000)
        return bool(_found(line(first, 10_000_000), out, **other))

    assert [day for day in range(-1, 10) if passes(day)] == [1, 2, 3, 4, 5, 6, 7]
    assert [day for day in range(-1, 10) if passes(day, **AUDIT)] == list(range(8))


def test_a_book_with_one_line_without_a_time_is_read_by_days() -> None:
    evening, noon = datetime(2024, 3, 1, 20), datetime(2024, 3, 8, 23)  # noqa: DTZ001
    rows = [line(evening, 10_000_000), line(noon, -10_000_000)]
    assert reported(RULE, lines(rows)) == []
    assert reported(RULE, lines([*rows, line(date(2024, 3, 5), 1)])) == [1, 2]
    other = line(date(2024, 3, 5), 1, account="B")
    assert reported(RULE, lines([*rows, other])) == []


def test_each_outflow_is_used_once() -> None:
    two = [line(10, 10_000_000), line(10.5, 10_000_000)]
    assert reported(RULE, lines([*two, line(11, -10_000_000)])) == [1, 3]
    assert reported(RULE, lines([*two, line(11, -10_000_000), line(12, -10_000_000)])) == [
        1,
        2,
        3,
        4,
    ]


def test_the_nearest_amount_is_taken_then_the_oldest() -> None:
    rows = [line(10, 10_050_000), line(11, 10_000_000), line(12, 10_000_000), line(13, -10_000_000)]
    assert reported(RULE, lines(rows)) == [2, 4]


def test_an_expired_income_does_not_stand_in_the_way() -> None:
    rows = [
        line(0, 10_000_000),
        line(1, 9_990_000),
        line(9, 10_040_000),
        line(10, -10_000_000),
    ]
    assert reported(RULE, lines(rows)) == [3, 4]


def test_accounts_currencies_neutral_lines_and_reversals() -> None:
    out = line(11, -10_000_000)
    assert _found(IN, out | {"account": "B"}) == []
    assert _found(IN, out | {"currency": "USD"}) == []
    assert _found(IN, out | {"direction": NEUTRAL}) == []
    assert _found(IN, out | {"reversal": True}) == []


@pytest.mark.parametrize("side", [0, 1])
def test_a_reasonable_word_on_either_side_silences_or_mitigates(side: int) -> None:
    rows = [dict(IN), line(11, -10_000_000)]
    rows[side]["summary"] = "货款"
    frame = lines(rows)
    assert reported(RULE, frame) == []
    findings = answer(RULE, frame, **AUDIT).findings
    assert findings["severity"].to_list() == ["low", "low"]
    assert findings["word"].to_list() == ["货款", "货款"]
    assert "“货款”" in RULE.reason(findings.row(0, named=True), "zh")


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"summary": "购买理财"}, "wealth"),
        ({"summary": "本人账户"}, "own_name"),
        ({"counterparty": "张三"}, "own_name"),
        ({"counterparty": "张三丰"}, "plain"),
    ],
)
def test_own_accounts_and_wealth_products_are_apart(more: Row, kind: str) -> None:
    frame = lines([IN, line(11, -10_000_000, **more)])
    assert answer(RULE, frame).findings["kind"].to_list() == ["plain"] * 2
    findings = answer(RULE, frame, **AUDIT, own_names=["张三"]).findings
    assert findings["kind"].to_list() == [kind] * 2
    assert findings["severity"].to_list() == ["high" if kind == "plain" else "low"] * 2


def test_ordinary_lines_are_matched_before_others() -> None:
    rows = [line(10, 10_000_000, summary="工资"), line(10.1, 10_050_000), line(11, -10_000_000)]
    assert reported(RULE, lines(rows), **AUDIT) == [2, 3]


def test_split_outflows_and_gaps_under_an_hour_are_found_by_flow() -> None:
    minute = START + timedelta(days=10, minutes=1)
    rows = [
        IN,
        line(minute, -4_000_000),
        line(10.5, -300_000),  # under a twentieth: an everyday payment between
        line(11, -3_500_000),
        line(12, -2_450_000),
        line(13, -9_000_000),
    ]
    frame = lines(rows)
    assert reported(RULE, frame) == []
    result = answer(RULE, frame, **AUDIT)
    assert frame["line"][result.findings["row"]].to_list() == [1, 2, 4, 5]
    finding = result.findings.row(0, named=True)
    assert (finding["outflow"], finding["parts"]) == (9_950_000, 3)
    assert RULE.reason(finding, "en") == (
        "100,000.00 came in and 99,500.00 left in 3 outflows, the last 2 d 0 h later."
    )
    assert RULE.reason(finding, "zh") == "收入 100,000.00，2 天 0 小时后分 3 笔合计转出 99,500.00。"
    assert result.periods.select("start", "end", "outflow").rows() == [
        (
            START + timedelta(days=10),
            START + timedelta(days=12, seconds=1),
            9_950_000,
        )
    ]


def test_parts_are_used_once_and_bounded() -> None:
    halves = [line(11 + at, -5_000_000) for at in range(2)]
    two = [IN, line(10.5, 10_000_000)]
    assert reported(RULE, lines([*two, *halves]), **AUDIT) == [1, 3, 4]
    tenths = [line(11 + at / 10, -1_000_000) for at in range(10)]
    assert len(reported(RULE, lines([IN, *tenths]), **AUDIT)) == 11
    elevenths = [line(11 + at / 20, -909_091) for at in range(11)]
    assert reported(RULE, lines([IN, *elevenths]), **AUDIT) == []


def test_a_burst_of_equal_amounts_is_matched_whole() -> None:
    rows = [line(10, 10_000_000) for _ in range(500)] + [line(11, -10_000_000) for _ in range(500)]
    assert len(reported(RULE, lines(rows))) == 1_000


HOURS = st.integers(0, 24 * 12).map(lambda hour: hour / 24)
AMOUNTS = st.sampled_from(
    [10_000_000, 10_050_000, 10_100_000, 9_950_000, 9_900_000, 5_000_000, 3_300_000, 20_000_000]
)


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    rows = draw(
        st.lists(
            st.builds(
                lambda at, amount, sign, account, summary: line(
                    START + timedelta(days=at),
                    sign * amount,
                    account=account,
                    summary=summary,
                ),
                HOURS,
                AMOUNTS,
                st.sampled_from([1, -1]),
                st.sampled_from(["A", "A", "B"]),
                st.sampled_from(["", "", "", "工资", "理财"]),
            ),
            max_size=14,
        )
    )
    return lines(rows)


def _slow(frame: pl.DataFrame) -> list[int]:
    """Every outflow in order of time looks at every income."""
    rows = [row for row in frame.rows(named=True) if "工资" not in row["summary"]]
    rows.sort(key=lambda row: (row["time"], row["line"]))
    used: set[int] = set()
    for out in (row for row in rows if row["direction"] < 0):
        fits = [
            (
                abs(income["amount"] - out["amount"]),
                income["amount"],
                income["time"],
                income["line"],
            )
            for income in rows
            if income["direction"] > 0
            and income["line"] not in used
            and income["account"] == out["account"]
            and income["amount"] >= 10_000_000
            and 100 * abs(out["amount"] - income["amount"]) <= income["amount"]
            and timedelta(hours=1) <= out["time"] - income["time"] <= timedelta(days=7)
        ]
        if fits:
            used |= {min(fits)[-1], out["line"]}
    return sorted(used)


@settings(max_examples=30, deadline=None)
@given(statements())
def test_it_equals_a_slow_implementation(frame: pl.DataFrame) -> None:
    assert reported(RULE, frame) == _slow(frame)


@settings(max_examples=8, deadline=None)
@given(statements())
def test_order_and_other_accounts_change_nothing(frame: pl.DataFrame) -> None:
    check_order_and_accounts(RULE, frame)
    check_order_and_accounts(RULE, frame, **AUDIT)


@settings(max_examples=30, deadline=None)
@given(statements())
def test_what_is_found_by_flow_adds_up(frame: pl.DataFrame) -> None:
    """Every pass-through fits by the rule's own words, and no run of free outflows was missed."""
    findings = answer(RULE, frame, **AUDIT).findings
    rows = frame.rows(named=True)
    for period in findings["period"].unique():
        own = findings.filter(pl.col("period") == period)
        [income] = [rows[at] for at in own.filter(pl.col("side") == "in")["row"]]
        outs = [rows[at] for at in own.filter(pl.col("side") == "out")["row"]]
        assert 100 * abs(sum(o["amount"] for o in outs) - income["amount"]) <= income["amount"]
        assert all(timedelta(0) <= o["time"] - income["time"] <= timedelta(days=7) for o in outs)
        assert {o["account"] for o in outs} == {income["account"]}
    assert findings["row"].is_unique().all()
    free = [row for at, row in enumerate(rows) if at not in set(findings["row"])]
    for income in free:
        if income["direction"] < 0 or income["amount"] < 10_000_000:
            continue
        outs = sorted(
            (
                (row["time"], row["line"], row["amount"])
                for row in free
                if row["direction"] < 0
                and row["account"] == income["account"]
                and timedelta(0) <= row["time"] - income["time"] <= timedelta(days=7)
                and 20 * row["amount"] >= income["amount"]
                and 100 * row["amount"] <= 101 * income["amount"]
            ),
        )
        for first, last in combinations(range(len(outs) + 1), 2):
            total = sum(amount for *_, amount in outs[first:last])
            assert last - first > 10 or 100 * abs(total - income["amount"]) > income["amount"]


@settings(max_examples=30, deadline=None)
@given(statements(), st.integers(0, 10**6))
def test_a_planted_one_is_found_by_either_profile(frame: pl.DataFrame, extra: int) -> None:
    amount = 90_000_000 + extra
    planted = lines(
        [
            line(5, amount, account="A", line=900),
            line(7, -(amount - extra % 1000), account="A", line=901),
        ]
    )
    both = pl.concat([frame, planted])
    assert {900, 901} <= set(reported(RULE, both))
    assert {900, 901} <= set(reported(RULE, both, **AUDIT))


def test_an_empty_statement_has_none() -> None:
    assert RULE.recognize(lines([]), seed(RULE)).findings.is_empty()  # type: ignore[union-attr]

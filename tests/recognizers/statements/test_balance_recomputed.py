from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    Row,
    answer,
    balanced,
    check_order_and_accounts,
    line,
    lines,
)
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import IN, NEUTRAL
from tradeglyph.recognizers.statements.balance_recomputed import BalanceRecomputed
from tradeglyph.recognizers.statements.parameters import settled

RULE = BalanceRecomputed()


def half_year() -> list[Row]:
    rows = [line(day, 500 if day % 2 else -300 - day) for day in range(0, 180, 5)]
    return balanced(rows, 1_000_000)


def months(rows: list[Row], **other: object) -> list[tuple[object, ...]]:
    told = answer(RULE, lines(rows), **other).findings
    return told.select(told["month"].dt.month(), "severity", "difference", "left").rows()


def test_what_follows_is_quiet() -> None:
    assert months(half_year()) == []
    assert months([*half_year()][::-1]) == []


def test_a_line_that_is_missing_is_what_its_month_lacks() -> None:
    rows = half_year()
    gone = rows.pop(9)  # 15 February
    change = gone["amount"] * gone["direction"]

    assert months(rows) == [(2, "high", change, change)]
    assert months(rows, tolerance=abs(change)) == []


def test_differences_that_cancel() -> None:
    rows = half_year()
    at = max(n for n, row in enumerate(rows) if row["time"].month == 3)
    rows[at]["balance"] += 777

    assert months(rows) == [(3, "medium", 777, 0), (4, "medium", -777, 0)]
    rows = half_year()
    rows[at - 1]["balance"] += 777  # within one month nothing is left: balance_continuity's
    assert months(rows) == []


def test_lines_without_balance_count_and_neutral_ones_are_not_judged() -> None:
    rows = half_year()
    rows[9]["balance"] = None
    assert months(rows) == []
    rows[9] |= {"direction": NEUTRAL, "balance": rows[8]["balance"]}
    found = answer(RULE, lines(rows))
    assert found.findings.is_empty()
    assert found.statistics["months_not_judged"] == 1


def test_figures_of_a_month() -> None:
    rows = balanced([line(0, 500), line(1, -200), line(2, 70)], 1_000)
    rows[2]["balance"] += 9
    one = answer(RULE, lines(rows)).findings.row(0, named=True)

    names = ("row", "opening", "into", "out", "closing", "difference")
    assert tuple(one[name] for name in names) == (2, 1_000, 570, 200, 1_379, 9)
    assert RULE.reason(one, "en") == (
        "2024-01: 10.00 plus 5.70 in minus 2.00 out is 13.70; the statement closes with 13.79, "
        "0.09 off (0.09 over all months)."
    )


@pytest.mark.parametrize(
    ("interest", "severity"),
    [(6_750, None), (3_375, None), (3_374, "medium"), (10_125, None), (10_126, "low")],
)
def test_interest_of_daily_balances(interest: int, severity: str | None) -> None:
    """100,000.00 on 81 days at 0.30 % a year (until 2022-09-14) of 360 days is 67.50."""
    rows = [
        line(datetime(2021, 1, 1), 10_000_000 - 1),  # noqa: DTZ001
        line(datetime(2021, 3, 21), 1, summary="结息"),  # noqa: DTZ001
        line(datetime(2021, 6, 10), interest, summary="结息"),  # noqa: DTZ001
    ]
    found = answer(RULE, lines(balanced(rows))).findings

    assert found.select("row", "severity").rows() == ([] if severity is None else [(2, severity)])
    if severity:
        assert found.select("expected", "days", "balance").row(0) == (6_750, 81, 10_000_000)


def test_not_applicable_without_balances() -> None:
    found = RULE.recognize(lines([line(0, 1, balance=None)]), settled(RULE.info))
    assert isinstance(found, NotApplicable)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 40), st.sampled_from([-900, 400, 7]), st.sampled_from([0, 0, 0, 50, -50])
        ),
        min_size=1,
        max_size=14,
    ),
    st.lists(st.booleans(), min_size=14, max_size=14),
)
def test_equals_the_rule_in_plain_words(
    told: list[tuple[int, int, int]], without: list[bool]
) -> None:
    day, rows = 0, []
    for gap, change, _ in told:
        day += gap
        rows.append(line(day, change))
    rows = balanced(rows, 5_000)
    for row, (_, _, off), none in zip(rows, told, without, strict=False):
        row["balance"] = None if none else row["balance"] + off
    expected, opening, into, out, month = {}, None, 0, 0, None
    for row in rows:
        signed = row["amount"] * row["direction"]
        if row["balance"] is not None and opening is None:
            opening, into, out = row["balance"] - signed, 0, 0
        if row["direction"] == IN:
            into += row["amount"]
        else:
            out += row["amount"]
        if row["balance"] is None:
            continue
        later = [r for r in rows if r["time"] > row["time"] and r["balance"] is not None]
        month = (row["time"].year, row["time"].month)
        if not later or (later[0]["time"].year, later[0]["time"].month) != month:
            assert opening is not None
            expected[month] = row["balance"] - opening - into + out
            opening, into, out = row["balance"], 0, 0
    found = RULE.recognize(lines(rows), settled(RULE.info))
    if isinstance(found, NotApplicable):
        assert not expected
        return
    got = found.findings.select(
        found.findings["month"].dt.year(),
        found.findings["month"].dt.month().alias("m"),
        "difference",
    ).rows()
    wanted = {key: value for key, value in expected.items() if abs(value) > 1}
    assert {(year, number): value for year, number, value in got} == wanted


def test_order_and_accounts() -> None:
    rows = half_year()
    rows.pop(9)
    check_order_and_accounts(RULE, lines(rows + [row | {"account": "B"} for row in rows[3:]]))

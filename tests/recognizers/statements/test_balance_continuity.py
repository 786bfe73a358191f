"""Balances that follow from the line before, in whatever order lines of one time hold."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise, permutations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    Row,
    answer,
    balanced,
    by_line,
    check_order_and_accounts,
    line,
    lines,
    reported,
    seed,
)
from tests.shared import shared
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.recognizers.statements.balance_continuity import BalanceContinuity

RULE = BalanceContinuity()
DATE = date(2024, 3, 1)


def _at(when: float, change: int, balance: int | None, **more: object) -> Row:
    return line(when, change, balance=balance, **more)


def test_a_difference_over_the_tolerance_is_a_break() -> None:
    def told(balance: int, **other: object) -> list[int]:
        rows = [_at(0, 100, 100), _at(1, 50, balance), _at(2, -30, balance - 30)]
        return reported(RULE, lines(rows), **other)

    assert told(150) == told(151) == told(149) == []
    assert told(152) == told(148) == [2]
    assert told(151, tolerance=0) == [2]


def test_a_wrong_balance_is_two_findings() -> None:
    rows = [_at(0, 100, 100), _at(1, 50, 999), _at(2, -30, 120), _at(3, 1, 121)]
    result = answer(RULE, lines(rows))
    first, second = result.findings.rows(named=True)
    assert (first["row"], first["previous"], first["expected"]) == (1, 100, 150)
    assert (second["row"], second["previous"], second["expected"]) == (2, 999, 969)
    assert RULE.reason(first, "en") == (
        "The balance before was 1.00; with 0.50 it should be 1.50, and is 9.99 (8.49 off)."
    )
    assert RULE.reason(second, "zh") == (
        "上笔余额 9.99，加减本笔 -0.30 应为 9.69，实为 1.20（相差 -8.49）。"
    )


def test_without_any_balance_it_does_not_apply() -> None:
    result = RULE.recognize(lines([line(0, 100), line(1, 100)]), seed(RULE))
    assert isinstance(result, NotApplicable)


def test_lines_without_a_balance_and_neutral_ones_break_the_chain() -> None:
    rows = [_at(0, 100, 100), _at(1, 50, None), _at(2, 7, 9_000), _at(3, 1, 9_001)]
    result = answer(RULE, lines(rows))
    assert result.findings.is_empty()
    assert result.statistics["lines_without_balance"] == 1
    rows[1] = _at(1, 50, 777, direction=NEUTRAL)
    assert reported(RULE, lines(rows)) == []
    rows[1] = _at(1, 50, 777)
    assert reported(RULE, lines(rows)) == [2, 3]


def test_accounts_and_currencies_have_chains_of_their_own() -> None:
    rows = [_at(0, 100, 100), _at(1, 5, 900, account="B"), _at(2, 5, 70, currency="USD")]
    assert reported(RULE, lines([*rows, _at(3, 1, 101)])) == []


def test_a_file_without_account_names_is_a_chain() -> None:
    rows = [_at(0, 100, 100, account=""), _at(1, 100, 900, account="", file=1)]
    assert reported(RULE, lines(rows)) == []
    assert reported(RULE, lines([rows[0], rows[1] | {"file": 0}])) == [2]


def test_newest_first_files_with_dates_only_hold() -> None:
    day = [line(DATE, 500), line(DATE, -200), line(DATE, -100), line(DATE, 50)]
    rows = balanced([line(date(2024, 2, 1), 1_000), *day, line(date(2024, 4, 1), -7)])
    for order in (rows, rows[::-1]):
        assert reported(RULE, lines(order)) == []
    rows[3]["balance"] += 20
    assert len(reported(RULE, lines(rows))) == len(reported(RULE, lines(rows[::-1]))) == 2


def test_a_reversal_is_a_line_like_any_other() -> None:
    rows = balanced([line(0, 900), line(DATE, -400), line(DATE, 400, reversal=True), line(90, 1)])
    assert reported(RULE, lines(rows)) == []
    assert reported(RULE, lines([rows[0], rows[2], rows[1], rows[3]])) == []


def test_a_ring_may_start_anywhere_but_must_be_reached() -> None:
    ring = [line(DATE, 100, balance=100), line(DATE, -100, balance=0)]
    for opening, told in ((0, 0), (100, 0), (50, 2)):
        rows = [_at(0, 5, opening), *ring, _at(100, 1, opening + 1)]
        assert len(reported(RULE, lines(rows))) == told
    # Two rings that share no balance have no order.
    apart = [line(DATE, 100, balance=900), line(DATE, -100, balance=800)]
    assert len(reported(RULE, lines([*ring, *apart]))) == 1


def test_rings_hand_on_the_balances_at_which_they_may_end() -> None:
    days = [date(2024, 3, at) for at in range(1, 4)]
    first = [line(days[0], 100, balance=100), line(days[0], -100, balance=0)]
    second = [line(days[1], 50, balance=150), line(days[1], -50, balance=100)]
    assert reported(RULE, lines([*first, *second, line(days[2], 1, balance=101)])) == []
    assert reported(RULE, lines([*first, *second, line(days[2], 1, balance=151)])) == [5]


def test_a_line_without_a_time_may_stand_anywhere_in_its_day() -> None:
    morning, noon = datetime(2024, 3, 1, 9), datetime(2024, 3, 1, 12)  # noqa: DTZ001
    rows = balanced([line(morning, 100), line(DATE, 40), line(noon, -30)])
    assert reported(RULE, lines(rows)) == []


def test_a_broken_time_tells_no_more_lines_than_it_must() -> None:
    # 0 > 10 > 30, and 500 > 540 on the same day: one break, whichever is taken first.
    day = [(10, 10), (20, 30), (40, 540)]
    rows = [_at(0, 1, 0), *(line(DATE, change, balance=balance) for change, balance in day)]
    result = answer(RULE, lines(rows))
    assert result.findings["row"].to_list() == [3]
    assert "同一时间" in RULE.reason(result.findings.row(0, named=True), "zh")
    assert reported(RULE, lines([*rows, _at(99, 1, 541)])) == [4]
    assert reported(RULE, lines([*rows, _at(99, 1, 31)])) == [4]
    assert reported(RULE, lines([*rows, _at(99, 1, 32), _at(100, 1, 77)])) == [4, 6]


CHANGES = st.sampled_from([100, -100, 200, -200, 300, -500])
DAYS = st.integers(1, 4).map(lambda day: date(2024, 3, day))


@st.composite
def quiet(draw: st.DrawFn) -> list[Row]:
    """A statement whose balances follow, in their order."""
    rows: list[Row] = []
    for account in draw(st.sampled_from([["A"], ["A", "B"]])):
        days = sorted(draw(st.lists(DAYS, max_size=9)))
        own = [line(day, draw(CHANGES), account=account) for day in days]
        rows += balanced(own, draw(st.integers(0, 3)) * 100)
    return rows


def _numbered(rows: list[Row]) -> pl.DataFrame:
    return lines([row | {"line": at + 1} for at, row in enumerate(rows)])


@settings(max_examples=25, deadline=None)
@given(quiet(), st.randoms(), st.integers(0, 10))
def test_what_follows_in_some_order_is_quiet(rows: list[Row], chance, tolerance: int) -> None:  # type: ignore[no-untyped-def]
    if not rows:
        return
    off = [row | {"balance": row["balance"] + chance.choice((0, tolerance // 2))} for row in rows]
    chance.shuffle(off)
    assert reported(RULE, _numbered(off), tolerance=tolerance) == []


@settings(max_examples=25, deadline=None)
@given(quiet(), st.data())
def test_a_planted_break_is_found(rows: list[Row], data: st.DataObject) -> None:
    """A line lifted off all other balances can continue nothing, nor can a line continue it."""
    if not rows:
        return
    at = data.draw(st.integers(0, len(rows) - 1))
    rows[at] = rows[at] | {"balance": 77_777_777}
    own = [row for row in rows if row["account"] == rows[at]["account"]]
    assert len(reported(RULE, _numbered(rows))) >= (len(own) > 1)
    if len(own) > 1 and [row["time"] for row in own].count(rows[at]["time"]) == 1:
        earlier = any(row["time"] < rows[at]["time"] for row in own)
        assert (at + 1 in reported(RULE, _numbered(rows))) == earlier


def _fewest_breaks(rows: list[Row]) -> int:
    """All orders of the lines of each time that have the fewest breaks, one after the other."""
    ends: dict[int | None, int] = {None: 0}
    for _, some in groupby(sorted(rows, key=lambda row: row["time"]), lambda row: row["time"]):
        orders = [(_breaks(order), order) for order in permutations(list(some))]
        fewest = min(breaks for breaks, _ in orders)
        after: dict[int | None, int] = defaultdict(lambda: 99)
        for first, last in {
            (_before(order[0]), order[-1]["balance"])
            for breaks, order in orders
            if breaks == fewest
        }:
            for end, so_far in ends.items():
                total = so_far + fewest + (end is not None and end != first)
                after[last] = min(after[last], total)
        ends = dict(after)
    return min(ends.values())


def _before(row: Row) -> int:
    before: int = row["balance"] - row["amount"] * row["direction"]
    return before


def _breaks(order: tuple[Row, ...]) -> int:
    return sum(one["balance"] != _before(two) for one, two in pairwise(order))


@st.composite
def doubtful(draw: st.DrawFn) -> list[Row]:
    """Few balances, so that there are many rings, branches and breaks."""
    return draw(
        st.lists(
            st.builds(
                lambda day, change, balance: line(day, change, balance=balance),
                st.integers(1, 3).map(lambda day: date(2024, 3, day)),
                st.sampled_from([100, -100, 200, -200]),
                st.sampled_from([0, 100, 200, 300]),
            ),
            max_size=8,
        ).filter(lambda rows: all(n <= 5 for n in _sizes(rows)))
    )


def _sizes(rows: list[Row]) -> list[int]:
    times = [row["time"] for row in rows]
    return [times.count(time) for time in set(times)]


def _each_time_holds(rows: list[Row]) -> bool:
    return all(
        _fewest_breaks([row for row in rows if row["time"] == time]) == 0
        for time in {row["time"] for row in rows}
    )


@settings(max_examples=80, deadline=None)
@given(doubtful())
def test_it_is_quiet_exactly_if_trying_all_orders_finds_one(rows: list[Row]) -> None:
    told = len(reported(RULE, _numbered(rows), tolerance=0)) if rows else 0
    fewest = _fewest_breaks(rows)
    assert (told == 0) == (fewest == 0)
    assert told <= fewest
    if _each_time_holds(rows):
        assert told == fewest
    # Balances far apart: a tolerance changes nothing.
    assert told == (len(reported(RULE, _numbered(rows), tolerance=9)) if rows else 0)


@settings(max_examples=20, deadline=None)
@given(doubtful(), quiet(), st.sampled_from([0, 1, 100]))
def test_order_and_other_accounts_change_nothing(
    rows: list[Row], others: list[Row], tolerance: int
) -> None:
    mixed = [*rows, *(row | {"account": "C" + row["account"]} for row in others)]
    check_order_and_accounts(RULE, _numbered(mixed), tolerance=tolerance)


@pytest.mark.parametrize("size", [20_000])
def test_a_day_of_many_lines_in_no_order_is_answered(size: int) -> None:
    """A chain through all of a day's lines, shuffled: neither orders nor pairs are tried."""
    rows = balanced([line(DATE, 100 + at % 7) for at in range(size)])
    frame = _numbered(rows).sample(fraction=1, shuffle=True, seed=1)
    began = datetime.now()  # noqa: DTZ005
    assert by_line(RULE, frame) == []
    assert datetime.now() - began < timedelta(seconds=5)  # noqa: DTZ005


def _berka() -> pl.DataFrame:
    """Lines of the Berka set: dates only, balances rounded to 0.1."""
    table = pl.read_csv(
        shared("data/bank_berka/trans_even_accounts.asc"), separator=";", infer_schema=False
    )
    cents = [
        pl.col(name).cast(pl.Decimal(15, 2)).cast(pl.Float64) for name in ("amount", "balance")
    ]
    return table.select(
        pl.lit(0).cast(pl.UInt16).alias("file"),
        pl.lit("").alias("sheet"),
        (pl.int_range(pl.len()) + 2).cast(pl.UInt32).alias("line"),
        pl.col("account_id").alias("account"),
        pl.col("trans_id").alias("tx_id"),
        ("19" + pl.col("date")).str.to_datetime("%Y%m%d", time_unit="us").alias("time"),
        pl.lit(False).alias("clock"),
        (cents[0] * 100).round().cast(pl.Int64),
        pl.when(pl.col("type") == "PRIJEM")
        .then(IN)
        .otherwise(OUT)
        .cast(pl.Int8)
        .alias("direction"),
        (cents[1] * 100).round().cast(pl.Int64),
        pl.lit("CZK").alias("currency"),
        pl.col("operation").fill_null("").alias("summary"),
        pl.lit("").alias("counterparty"),
        pl.col("account").fill_null("").alias("counterparty_account"),
        pl.lit(False).alias("reversal"),
    )


def test_real_balances_of_days_hold_within_their_rounding() -> None:
    frame = _berka()
    accounts = frame["account"].n_unique()
    assert (len(frame), accounts) == (23_932, 591)

    def holding(tolerance: int) -> float:
        found = answer(RULE, frame, tolerance=tolerance).findings
        return 1 - frame["account"][found["row"]].n_unique() / accounts

    assert holding(10) > 0.95
    assert holding(1) == pytest.approx(0.29, abs=0.02)

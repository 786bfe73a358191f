import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import Row, answer, by_line, line, lines
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.closed_loop import ClosedLoop
from tradeglyph.recognizers.statements.loop_search import MOST_TRIED
from tradeglyph.recognizers.statements.parameters import settled

RULE = ClosedLoop()
A, B, C = ("622202000000000" + tail for tail in ("1111", "2222", "3333"))
LARGE = 10_000_000


def paid(day: float, account: str, other: str, amount: int = LARGE, **more: object) -> Row:
    return line(day, -amount, account=account, counterparty_account=other, **more)


def got(day: float, account: str, other: str, amount: int = LARGE, **more: object) -> Row:
    return line(day, amount, account=account, counterparty_account=other, **more)


def ways(rows: list[Row], **other: object) -> list[str]:
    return answer(RULE, lines(rows), **other).findings["way"].unique().sort().to_list()


def test_a_chain_over_given_accounts_and_a_stranger() -> None:
    rows = [
        paid(0, A, B), got(0, B, A),
        paid(2, B, "丙号", LARGE - 100), got(4, A, "丙号", LARGE - 200),
    ]  # fmt: skip
    found = answer(RULE, lines(rows))

    assert found.findings.select("row", "hops", "out", "into", "days").rows() == [
        (row, 3, LARGE, LARGE - 200, 4) for row in (0, 2, 3)
    ]
    assert ways(rows) == [f"{A} → {B} → 丙号 → {A}"]
    assert ways(rows[1:]) == [f"{A} → {B} → 丙号 → {A}"]  # the payer's line is missing


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, True),
        ({"amount": LARGE * 98 // 100}, True),
        ({"amount": LARGE * 98 // 100 - 1}, False),
        ({"amount": LARGE * 102 // 100}, True),
        ({"amount": LARGE * 102 // 100 + 1}, False),
        ({"currency": "USD"}, False),
        ({"direction": NEUTRAL}, False),
        ({"reversal": True}, False),
        ({"counterparty_account": "丁"}, False),
    ],
)
def test_the_last_transfer(other: Row, found: bool) -> None:
    rows = [paid(0, A, B), paid(1, B, "丙"), got(2, A, "丙") | other]

    assert bool(ways(rows)) == found


@pytest.mark.parametrize(
    ("days", "clock", "found"),
    [
        ((0, 0.1, 10), True, True),
        ((0, 1, 10.1), True, False),
        ((1, 0.9, 2), True, False),
        ((1, 1.5, 1.4), True, False),
        ((1, 1.5, 1.4), False, True),  # of one date any order is possible
        ((1, 1.5, 0.9), False, False),
    ],
)
def test_transfers_are_in_order(days: tuple[float, ...], clock: bool, found: bool) -> None:
    rows = [paid(days[0], A, B), paid(days[1], B, "丙"), got(days[2], A, "丙")]
    for row in rows:
        row["clock"] = clock
        if not clock:
            row["time"] = row["time"].replace(hour=0, minute=0, second=0, microsecond=0)

    assert bool(ways(rows)) == found


def test_accounts_of_one_owner() -> None:
    rows = [paid(0, A, "丙", owner="张三"), got(1, B, "丙", owner="张三")]

    assert ways(rows) == [f"{A} → 丙 → {B}"]
    assert ways([rows[0], rows[1] | {"owner": "李四"}]) == []
    assert ways([rows[0], got(1, A, "丙", owner="张三")]) == []  # two_way_flow's
    assert (
        ways([paid(0, A, B, owner="张三"), got(1, A, B), line(2, 1, account=B, owner="张三")]) == []
    )


def test_four_transfers_and_no_more() -> None:
    rows = [paid(0, A, B), paid(1, B, C), paid(2, C, "丙"), got(3, A, "丙")]

    assert ways(rows) == [f"{A} → {B} → {C} → 丙 → {A}"]
    assert ways(rows, hops=3) == []


def test_what_is_paid_to_one_and_got_from_another_again_and_again() -> None:
    def times(count: int, gap: float = 2) -> list[Row]:
        rows = []
        for n in range(count):
            rows.append(paid(20 * n, A, "X", LARGE + n))
            rows.append(got(20 * n + gap, A, "Y", LARGE + n))
        return rows

    found = answer(RULE, lines(times(3)))
    assert found.findings["row"].to_list() == [0, 1, 2, 3, 4, 5]
    assert found.findings.select("kind", "hops", "out", "into", "way").unique().rows() == [
        ("repeated", 3, 3 * LARGE + 3, 3 * LARGE + 3, "X → Y")
    ]
    assert ways(times(2)) == []
    assert ways(times(3, gap=11)) == []
    assert ways(times(3), least=LARGE + 1) == []
    assert ways([row | {"owner": "张三", "counterparty": "张三"} for row in times(3)]) == []
    assert ways([*times(3), line(0, 1, account="X")]) == []


def test_not_applicable_without_counterparties() -> None:
    assert isinstance(RULE.recognize(lines([line(0, 1)]), settled(RULE.info)), NotApplicable)


def chains(rows: list[Row], share: int, most_days: int) -> set[tuple[int, ...]]:
    """Every chain, by trying all; accounts are the owners, and all lines are the payers'."""
    found = set()
    for hops in (3, 4):
        for some in itertools.permutations(range(len(rows)), hops):
            parts = [rows[at] for at in some]
            stops = [parts[0]["account"], *(part["counterparty_account"] for part in parts)]
            linked = all(
                one["counterparty_account"] == two["account"] and one["time"] <= two["time"]
                for one, two in itertools.pairwise(parts)
            )
            near = all(
                abs(part["amount"] - parts[0]["amount"]) * 100 <= share * parts[0]["amount"]
                for part in parts
            )
            once = stops[-1] == stops[0] and len(set(stops)) == hops
            soon = (parts[-1]["time"] - parts[0]["time"]).days <= most_days
            if linked and near and once and soon:
                found.add(some)
    return found


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from([100, 105, 120]),
            st.integers(0, 3),
            st.integers(0, 3),
        ),
        max_size=7,
    )
)
def test_finds_a_chain_where_there_is_one(told: list[tuple[int, int, int, int]]) -> None:
    names = [f"62220200000000{n}" for n in range(1000, 1004)]
    rows = [paid(d, names[s], names[t], a) for d, a, s, t in told if s != t]
    frame = lines([*rows, *(line(0, 1, account=name) for name in names)])
    found = RULE.recognize(
        frame, settled(RULE.info) | {"least": 50, "within": 0.1, "within_days": 5}
    )
    got_: set[tuple[int, ...]] = set()
    if not isinstance(found, NotApplicable):
        chain = found.findings.filter(pl.col("kind") == "chain").sort("period", "row")
        for _, one in chain.group_by("period"):
            got_.add(tuple(one["row"]))

    every = {tuple(sorted(some)) for some in chains(rows, 10, 5)}
    assert got_ <= every
    assert bool(got_) == bool(every)


def test_order_of_lines_changes_nothing() -> None:
    rows = [paid(n / 9, A, B) for n in range(9)] + [paid(1 + n / 9, B, "丙") for n in range(9)]
    frame = lines(rows + [got(3 + n / 9, A, "丙") for n in range(9)])
    whole = by_line(RULE, frame)

    # Each of equal transfers is told of once, as far as chains are followed.
    assert {one["kind"] for one in whole} == {"chain"}
    assert len({one["row"] for one in whole if one["row"] <= 9}) == MOST_TRIED
    assert len({one["row"] for one in whole if one["row"] > 18}) == MOST_TRIED
    for seed in range(3):
        assert by_line(RULE, frame.sample(fraction=1, shuffle=True, seed=seed)) == whole

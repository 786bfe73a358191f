from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import Row, answer, line, lines, reported
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.unmatched_transfer import UnmatchedTransfer

RULE = UnmatchedTransfer()
A, B, C = ("622202000000000" + tail for tail in ("1111", "2222", "3333"))
EDGES = [line(day, -1, account=name) for name in (A, B, C) for day in (0, 60)]


def sent(day: float, amount: int = 500, **more: object) -> Row:
    return line(day, -amount, **{"account": A, "counterparty_account": B} | more)


def got(day: float, amount: int = 500, **more: object) -> Row:
    return line(day, amount, **{"account": B} | more)


@pytest.mark.parametrize(
    ("other", "left"),
    [
        ([], [7]),
        ([got(30)], []),
        ([got(32.9)], []),  # two dates later
        ([got(33)], [7]),
        ([got(28)], []),
        ([got(27.9)], [7]),
        ([got(30, 499)], [7]),
        ([got(30, counterparty_account=A)], []),
        ([got(30, counterparty_account="6225000000008888")], []),  # another number of ours
        ([got(30, counterparty_account=C)], [7, 8]),  # another given account
        ([got(30, account=C)], [7]),
        ([got(30, currency="USD")], [7]),
        ([got(30, direction=NEUTRAL)], [7]),
        ([got(30, reversal=True)], [7]),
        ([sent(30, account=B, counterparty_account="")], [7]),
    ],
)
def test_what_answers_a_transfer(other: list[Row], left: list[int]) -> None:
    assert reported(RULE, lines([*EDGES, sent(30), *other])) == left


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (sent(58), True),
        (sent(59), False),  # the answer may stand after the statement's end
        (sent(1), True),
        (got(2, counterparty_account=A), True),
        (got(1, counterparty_account=A), False),
        (sent(30, counterparty_account="6222****2222"), True),
        (sent(30, counterparty_account="****9999"), False),
        (sent(30, counterparty_account=A), False),
        (sent(30, direction=NEUTRAL), False),
        (sent(30, reversal=True), False),
    ],
)
def test_which_lines_are_judged(row: Row, found: bool) -> None:
    result = RULE.recognize(lines([*EDGES, row]), settled(RULE.info))

    assert (not isinstance(result, NotApplicable) and result.findings.height == 1) == found


def test_days_between_two_files_of_an_account_are_not_covered() -> None:
    months = [(0, 0), (20, 0), (40, 1), (60, 1)]
    edges = [line(day, -1, account=B, file=file) for day, file in months]
    frame = lines([*edges, sent(18), sent(19), sent(30), sent(40)])

    found = answer(RULE, frame)
    assert found.findings["row"].to_list() == [4, 7]
    assert found.findings["last"].to_list() == [date(2024, 1, 21), date(2024, 3, 1)]
    assert found.statistics == {"transfers": 4, "matched": 0, "not_covered": 2, "not_told_which": 0}


def test_the_period_that_a_file_names_is_covered() -> None:
    edges = [line(day, -1, account=B, until=date(2024, 3, 1)) for day in (0, 20)]

    assert reported(RULE, lines([*edges, sent(30)])) == [3]


def test_each_line_answers_once_and_the_last_is_left() -> None:
    frame = lines([*EDGES, sent(30), sent(31), sent(30.5), got(31), got(32)])

    assert reported(RULE, frame) == [8]
    assert reported(RULE, frame.reverse()) == [8]


def test_fees() -> None:
    frame = lines([*EDGES, sent(30, 1000), got(30, 995), got(40, 700, counterparty_account=A)])

    assert reported(RULE, frame) == [7, 9]
    assert reported(RULE, frame, fee=4) == [7, 9]
    assert reported(RULE, frame, fee=5) == [9]
    arrived = [got(40, 700, counterparty_account=A), sent(41, 702, counterparty_account="")]
    more = lines([*EDGES, *arrived])
    assert reported(RULE, more, fee=2) == []
    assert reported(RULE, more, fee=1) == [7]


def slow(rows: list[Row], within: int) -> list[int]:
    """The rule in plain words: pairs by name first, then what names nobody; the earliest first."""
    taken: set[int] = set()

    def names(row: Row) -> str:
        other = row["counterparty_account"]
        return other if other in (A, B, C) and other != row["account"] else ""

    def pair(one: int, others: list[int]) -> None:
        for other in others:
            apart = (rows[other]["time"].date() - rows[one]["time"].date()).days
            if other not in taken and -within <= apart <= within:
                taken.update((one, other))
                return

    order = sorted(range(len(rows)), key=lambda at: (rows[at]["time"], at))
    claims = [at for at in order if names(rows[at])]
    for stage in ("named", "out", "in"):
        for one in claims:
            row = rows[one]
            out = row["direction"] < 0
            if one in taken or out == (stage == "in"):
                continue
            opposite = [
                at
                for at in order
                if rows[at]["account"] == names(row)
                and rows[at]["direction"] == -row["direction"]
                and rows[at]["amount"] == row["amount"]
                and names(rows[at]) == (row["account"] if stage == "named" else "")
            ]
            pair(one, opposite)
    left = []
    for one in sorted(set(claims) - taken):
        row, day = rows[one], rows[one]["time"].date()
        days = [other["time"].date() for other in rows if other["account"] == names(row)]
        after, before = (max(days) - day).days, (day - min(days)).days
        out = row["direction"] < 0
        if after >= (within if out else 0) and before >= (0 if out else within):
            left.append(one)
    return left


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 12),
            st.sampled_from([-300, 300, -200, 200]),
            st.sampled_from([A, B, C]),
            st.sampled_from([A, B, B, C, "", "6225000000008888"]),
        ),
        max_size=24,
    ),
    st.integers(0, 2),
)
def test_equals_the_rule_in_plain_words(told: list[tuple[int, int, str, str]], within: int) -> None:
    rows = [
        line(day, change, account=account, counterparty_account=other)
        for day, change, account, other in told
    ]
    ends = [(day, name) for name in (A, B, C) for day in (0, 12)]
    rows += [line(day, -1, account=name, counterparty_account="") for day, name in ends]
    result = RULE.recognize(lines(rows), settled(RULE.info) | {"within_days": within})

    found = [] if isinstance(result, NotApplicable) else result.findings["row"].to_list()
    assert found == slow(rows, within)

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import Row, answer, line, lines, reported
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.missing_statement import MissingStatement
from tradeglyph.recognizers.statements.parameters import settled

RULE = MissingStatement()
A, B = "6222020000000001111", "6222020000000002222"
MISSING = "6222020000000009999"


def paid(day: float, change: int, **more: object) -> Row:
    told = {"account": A, "owner": "张三", "counterparty": "张三", "counterparty_account": MISSING}
    return line(day, change, **told | more)


def test_sums_of_the_account_that_is_missing() -> None:
    found = answer(RULE, lines([paid(0, -100), paid(5, 30), paid(9, -7, counterparty="李四")]))

    assert found.findings.select("row", "severity", "count", "into", "out").rows() == [
        (0, "high", 2, 30, 100),
        (1, "high", 2, 30, 100),
    ]
    assert found.findings["last"].to_list() == [date(2024, 1, 6)] * 2
    assert found.statistics["missing"] == [
        {
            "account": A, "other": MISSING, "currency": "CNY", "in": 0.3, "out": 1.0, "lines": 2,
            "first": date(2024, 1, 1), "last": date(2024, 1, 6),
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("other", "severity"),
    [
        ({"counterparty": "张 三"}, "high"),
        ({"counterparty": "", "summary": "本人转账"}, "medium"),
        ({"counterparty": "", "summary": "同名互转"}, "medium"),
        ({"counterparty": "", "summary": "转存"}, None),  # banks write it of any income
        ({"counterparty": "李四"}, None),
        ({"counterparty": "", "owner": ""}, None),
        ({"counterparty": "李四", "owner": ""}, None),
        ({"counterparty_account": B}, None),
        ({"counterparty_account": "6222****2222"}, None),
        ({"counterparty_account": "****9999"}, "high"),
        ({"counterparty_account": "", "summary": "尾号9999"}, "high"),
        ({"counterparty_account": "", "summary": "尾号2222"}, None),
        ({"counterparty_account": ""}, None),
        ({"direction": NEUTRAL}, None),
        ({"reversal": True}, None),
    ],
)
def test_what_is_an_own_account(other: Row, severity: str | None) -> None:
    rows = [paid(0, -100, **other), line(1, -5, account=B, owner="张三", counterparty_account=A)]
    found = answer(RULE, lines(rows)).findings

    assert found["severity"].to_list() == ([] if severity is None else [severity])


def test_names_and_least_are_the_users() -> None:
    frame = lines([paid(0, -100, owner="", counterparty="甲 公司"), paid(1, 50, counterparty="")])

    assert reported(RULE, frame, own_names=("甲公司",), least=100) == [1]
    assert reported(RULE, frame, own_names=("甲公司",), least=101) == []
    assert reported(RULE, frame, own_words=(), own_names=("乙",)) == []


def test_not_applicable_without_accounts_or_owner() -> None:
    for other in ({"counterparty_account": ""}, {"owner": "", "counterparty": "李四"}):
        found = RULE.recognize(lines([paid(0, 1, **other)]), settled(RULE.info))
        assert isinstance(found, NotApplicable)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([A, B]),
            st.sampled_from(["张三", "李四", ""]),
            st.sampled_from(["张三", "李四", ""]),
            st.sampled_from([A, B, MISSING, "****2222", "****9999", ""]),
            st.sampled_from(["", "本人", "消费"]),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_equals_the_rule_in_plain_words(rows: list[tuple[str, str, str, str, str]]) -> None:
    names = ("account", "owner", "counterparty", "counterparty_account", "summary")
    frame = lines([line(n, -5, **dict(zip(names, row, strict=True))) for n, row in enumerate(rows)])
    given_tails = {row[0][-4:] for row in rows}
    expected = [
        at
        for at, (_, owner, name, other, summary) in enumerate(rows)
        if ((name and name == owner) or "本人" in summary)
        and other
        and other[-4:] not in given_tails
    ]
    found = RULE.recognize(frame, settled(RULE.info))

    got = [] if isinstance(found, NotApplicable) else found.findings["row"].to_list()
    assert got == expected


def test_nameless_files_are_apart() -> None:
    frame = lines([paid(0, -100, account="", file=0), paid(1, -50, account="", file=1)])

    assert answer(RULE, frame).findings["out"].to_list() == [100, 50]
    assert frame.schema["owner"] == pl.String

"""Lines of related parties."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.money_lines import (
    answer,
    check_order_and_accounts,
    line,
    lines,
    reported,
    seed,
)
from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.related_party import RelatedParty

RULE = RelatedParty()
FIRM = "甲（北京）贸易有限公司"


def found(row: dict[str, Any], *parties: str, **other: Any) -> list[tuple[str, str, str]]:
    findings = answer(RULE, lines([row]), parties=parties, **other).findings
    return [(one["party"], one["way"], one["severity"]) for one in findings.rows(named=True)]


def test_without_a_list_there_is_no_answer() -> None:
    nothing = RULE.recognize(lines([line(0, 1, counterparty="甲")]), seed(RULE))
    assert isinstance(nothing, NotApplicable)
    assert "no related parties given" in nothing.reason["en"]


def test_sure_ones_are_graver() -> None:
    assert found(line(0, 1, counterparty="甲(北京) 贸易有限公司"), FIRM) == [
        (FIRM, "exact", "medium")
    ]
    account = "6222020200112345678"
    row = line(0, 1, counterparty_account="6222 0202 0011 2345 678")
    assert found(row, account) == [(account, "account", "medium")]
    assert found(line(0, 1, counterparty=f"{FIRM}分公司"), FIRM) == [(FIRM, "contained", "low")]
    assert found(line(0, 1, counterparty="乙"), FIRM) == []
    assert found(line(0, 1, counterparty="乙", direction=NEUTRAL), "乙") == [
        ("乙", "exact", "medium")
    ]


def test_the_surest_way_of_a_line_and_party_is_told() -> None:
    row = line(0, 1, counterparty=FIRM, summary=f"付{FIRM}")
    assert found(row, FIRM) == [(FIRM, "exact", "medium")]
    assert found({**row, "counterparty": ""}, FIRM) == [(FIRM, "mentioned", "low")]
    assert found({**row, "counterparty": ""}, FIRM, summaries=False) == []


def test_masked_ones_may_be_several_or_none() -> None:
    row = line(0, 1, counterparty="张*三")
    told = [("张小三", "masked", "low"), ("张大三", "masked", "low")]
    assert found(row, "张小三", "李四", "张大三") == told
    assert found(row, "张小三", masked=False) == []
    tail = line(0, 1, counterparty_account="****5678")
    assert found(tail, "6222020200115678") == [("6222020200115678", "tail", "low")]
    assert found(tail, "6222020200115678", masked=False) == []


def test_sums_by_party_and_currency() -> None:
    rows = [
        line(0, 10_000, counterparty="甲公司"),
        line(1, -2_550, counterparty="甲公司"),
        line(2, -1_00, counterparty="甲公司", reversal=True),
        line(3, 5_00, counterparty="甲公*"),
        line(4, 7_00, counterparty="甲公司", currency="USD"),
    ]
    told = answer(RULE, lines(rows), parties=("甲公司", "乙公司")).statistics["by_party"]
    yuan = {"currency": "CNY", "lines": 4, "received": 105.0, "paid": 25.5, "not_sure": 1}
    dollars = {"currency": "USD", "lines": 1, "received": 7.0, "paid": 0.0, "not_sure": 0}
    assert told == [
        {"party": "甲公司", "currencies": [yuan, dollars]},
        {"party": "乙公司", "currencies": []},
    ]


@pytest.mark.parametrize(
    ("more", "english", "chinese"),
    [
        (
            {"counterparty": "张小三"},
            "123.45 paid to 张小三, a related party.",
            "支付给关联方“张小三” 123.45。",
        ),
        (
            {"counterparty": "张*三"},
            "123.45 paid to “张*三”, a masked name that fits 张小三, a related party, and may be "
            "another's: to be confirmed.",
            "支付给“张*三” 123.45，脱敏户名与关联方“张小三”相符，可能并非同一方，须核实。",
        ),
        (
            {"summary": "还张小三"},
            "123.45; the summary “还张小三” mentions 张小三, a related party.",
            "金额 123.45，摘要“还张小三”提到关联方“张小三”。",
        ),
    ],
)
def test_the_sentences(more: dict[str, str], english: str, chinese: str) -> None:
    findings = answer(RULE, lines([line(0, -123_45, **more)]), parties=("张小三",)).findings
    finding = findings.row(0, named=True)
    assert RULE.reason(finding, "en") == english
    assert RULE.reason(finding, "zh") == chinese


@settings(max_examples=4, deadline=None)
@given(
    st.lists(
        st.builds(
            line,
            st.integers(0, 3),
            st.sampled_from([1, -1]),
            account=st.sampled_from(["A", "B"]),
            counterparty=st.sampled_from(["", "甲公司", "甲 公司", "乙公司", "张*三"]),
        ),
        max_size=20,
    )
)
def test_it_equals_a_slow_implementation(rows: list[dict[str, Any]]) -> None:
    frame = lines(rows)
    parties = ("甲公司", "张小三")
    slow = [
        at
        for at, row in enumerate(rows, 1)
        if row["counterparty"].replace(" ", "") in ("甲公司", "张*三")
    ]
    assert reported(RULE, frame, parties=parties) == slow
    check_order_and_accounts(RULE, frame, parties=parties)


def test_many_distinct_names() -> None:
    names = [f"某{at}公司" for at in range(3_000)]
    frame = lines([line(at, 1, counterparty=name) for at, name in enumerate(names)])
    assert reported(RULE, frame, parties=tuple(names[:50])) == list(range(1, 51))
    assert isinstance(frame, pl.DataFrame)

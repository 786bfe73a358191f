from collections.abc import Mapping
from typing import Any

import polars as pl
from hypothesis import given, settings

from tests.recognizers.statements.frames import at, frame
from tests.recognizers.statements.strategies import statements
from tradeglyph.domain.recognizers import NotApplicable, Profile
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.balance_missing import INFO, BalanceMissing
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.result import Result

RULE = BalanceMissing()
SEED = settled(INFO)
AUDIT = settled(INFO, Profile.AUDIT)
NONE = {"balance": None}


def found(lines: pl.DataFrame, parameters: Mapping[str, Any] = SEED) -> Result:
    result = RULE.recognize(lines, parameters)
    assert isinstance(result, Result)
    return result


def day(number: int, **rest: Any) -> dict[str, Any]:
    return {"time": f"2025-03-{number:02d}", **rest}


def test_balances_that_are_there_are_quiet() -> None:
    assert found(frame([day(1), day(2, balance=0)])).findings.is_empty()


def test_each_line_without_one_is_high() -> None:
    lines = frame([day(1), day(2, **NONE), day(3), day(4, **NONE)])
    for parameters in (SEED, AUDIT):
        result = found(lines, parameters)
        assert result.findings.select("row", "severity", "lines", "missing").rows() == [
            (1, "high", 4, 2),
            (3, "high", 4, 2),
        ]
        assert result.periods.rows() == [
            ("6222", "CNY", at("2025-03-02"), at("2025-03-04 00:00:00.000001"), 4, 2)
        ]


def test_a_bank_without_the_column_is_asked_in_both_profiles() -> None:
    lines = frame([day(1, **NONE, summary="转账"), day(2, **NONE, summary="结息")])
    for parameters in (SEED, AUDIT):
        result = found(lines, parameters)
        assert result.findings["row"].to_list() == [0, 1]
        assert result.statistics["accounts_without_any_balance"] == 1
        assert result.statistics["wallets"] == []


def test_a_wallet_is_asked_by_the_seed_only() -> None:
    lines = frame([day(1, **NONE), day(2, **NONE, direction=NEUTRAL)])
    assert found(lines).findings.height == 2
    result = RULE.recognize(lines, AUDIT)
    assert isinstance(result, NotApplicable)
    assert "1 accounts (2 lines) are wallets" in result.reason["en"]
    assert "1 个账户（2 行）" in result.reason["zh"]


def test_words_show_a_wallet_from_half_of_its_lines_on() -> None:
    half = [day(1, **NONE, summary="扫二维码付款"), day(2, **NONE)]
    assert isinstance(RULE.recognize(frame(half), AUDIT), NotApplicable)
    assert found(frame([*half, day(3, **NONE)]), AUDIT).findings.height == 3


def test_an_account_with_one_balance_is_no_wallet() -> None:
    lines = frame([day(1), day(2, **NONE, direction=NEUTRAL, summary="微信红包")])
    assert found(lines, AUDIT).findings["row"].to_list() == [1]


def test_a_wallet_among_banks_is_named() -> None:
    lines = frame(
        [
            day(1, **NONE, account="wallet", direction=NEUTRAL),
            day(1, **NONE, account="wallet"),
            day(2, **NONE, account="bank"),
        ]
    )
    result = found(lines, AUDIT)
    assert result.findings["row"].to_list() == [2]
    assert result.statistics["wallets"] == ["wallet"]
    assert result.statistics["lines_of_wallets"] == 2
    assert result.statistics["missing_balances"] == 3


def test_reasons() -> None:
    some = found(frame([day(1), day(2, **NONE)])).findings.row(0, named=True)
    every = found(frame([day(1, **NONE), day(2, **NONE)])).findings.row(0, named=True)
    assert RULE.reason(some, "en") == (
        "no balance, as on 1 of the account's 2 lines: it can't be recomputed"
    )
    assert RULE.reason(some, "zh") == "本笔没有余额；该账户 2 笔中有 1 笔缺失，无法复算"
    assert RULE.reason(every, "en") == (
        "no balance, as on all 2 lines of the account: nothing can be recomputed"
    )
    assert RULE.reason(every, "zh") == "本笔没有余额；该账户 2 笔均没有余额，无法复算"


@settings(max_examples=30, deadline=None)
@given(lines=statements(most=20))
def test_every_null_is_named_in_seed(lines: pl.DataFrame) -> None:
    holes = lines.with_columns(balance=pl.when(pl.col("amount") % 3 != 0).then(pl.col("balance")))
    expected = [n for n, balance in enumerate(holes["balance"]) if balance is None]
    assert found(holes).findings["row"].to_list() == expected

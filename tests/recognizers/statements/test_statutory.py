"""The reporting amounts and the words of cash: data, and how they are read."""

import polars as pl
import pytest

from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.recognizers.statements.payment_words import CASH_WORDS, NOT_CASH, is_cash
from tradeglyph.recognizers.statements.statutory import (
    CASH,
    CORPORATE,
    CROSS_BORDER,
    PERSONAL,
    TRANSFER,
    UNKNOWN,
    limits,
)


def test_the_amounts_of_the_regulation() -> None:
    # 中国人民银行令〔2016〕第3号 article 5, in yuan and in US dollars.
    person = {CASH: 50_000_00, TRANSFER: 500_000_00, CROSS_BORDER: 200_000_00}
    firm = {CASH: 50_000_00, TRANSFER: 2_000_000_00, CROSS_BORDER: 2_000_000_00}
    dollars = {CASH: 10_000_00, TRANSFER: 100_000_00, CROSS_BORDER: 10_000_00}
    assert limits(PERSONAL, ()) == {"CNY": person, "USD": dollars}
    assert limits(UNKNOWN, ()) == limits(PERSONAL, ())
    of_firm = {CASH: 10_000_00, TRANSFER: 200_000_00, CROSS_BORDER: 200_000_00}
    assert limits(CORPORATE, ()) == {"CNY": firm, "USD": of_firm}


def test_a_rate_makes_other_currencies_comparable() -> None:
    told = limits(PERSONAL, ("eur = 1.08", "JPY=0.0064"))
    assert not isinstance(told, NotApplicable)
    # 10,000 / 1.08 is 9,259.2592...: 9,259.26 reaches it, 9,259.25 does not.
    assert told["EUR"][CASH] == 9_259_26
    assert told["JPY"][CASH] == 1_562_500_00


@pytest.mark.parametrize("text", ["EUR", "EUR=", "EUR=x", "EUR=0", "EUR=-1", "=2", "CNY=7", "€=1"])
def test_what_is_no_rate_is_named(text: str) -> None:
    answer = limits(PERSONAL, (text,))
    assert isinstance(answer, NotApplicable)
    assert all(text in words for words in answer.reason.values())


@pytest.mark.parametrize(
    ("summary", "cash"),
    [
        ("现金存入", True),
        ("ATM取款 深圳分行", True),
        ("atm", True),
        ("柜台 存款", True),
        ("本行柜面转账", False),
        ("现金管理产品申购", False),
        ("现金管理赎回 取现", True),  # the phrase is struck out, the other word stays
        ("信用卡返现", False),
        ("取现手续费", False),
        ("提现到银行卡", False),
        ("cash withdrawal", True),
        ("cashier", False),
        ("", False),
    ],
)
def test_words_of_cash(summary: str, cash: bool) -> None:
    assert is_cash(pl.Series([summary]), CASH_WORDS, NOT_CASH).to_list() == [cash]
    assert is_cash(pl.Series([summary]), (), NOT_CASH).to_list() == [False]

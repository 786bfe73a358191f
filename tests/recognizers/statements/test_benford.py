"""First digits of a statement against Benford's law."""

import math
from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest

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
from tradeglyph.recognizers.statements.benford import Benford

RULE = Benford()


def lawful(count: int) -> list[int]:
    """Amounts over four powers of ten, as even on the scale of logarithms as can be."""
    return [int(10 ** (2 + 4 * (at + 0.5) / count)) for at in range(count)]


def statement(amounts: list[int], **more: Any) -> pl.DataFrame:
    return lines([line(at / 10, -amount, **more) for at, amount in enumerate(amounts)])


def test_lawful_amounts_are_quiet() -> None:
    for count in (300, 1_500):
        result = answer(RULE, statement(lawful(count)))
        assert result.findings.is_empty()
        [told] = result.statistics["statements"]
        assert (told["lines"], told["conformity"]) == (count, "close")
        assert told["p_value"] > 0.99
        assert (told["digits"], told["degrees_of_freedom"]) == ((1, 8) if count == 300 else (2, 89))


def test_a_digit_that_is_too_many_is_told_with_its_lines() -> None:
    amounts = lawful(400) + [5_00 + at for at in range(100)]
    result = answer(RULE, statement(amounts))
    fives = [at for at, amount in enumerate(amounts, 1) if str(amount)[0] == "5"]
    assert result.findings["row"].to_list() == [at - 1 for at in fives]
    assert set(result.findings["severity"]) == {"low"}
    finding = result.findings.row(0, named=True)
    assert (finding["lines"], finding["count"], finding["digits"]) == (500, len(fives), 5)
    # An independent chi-square.
    counts = Counter(int(str(amount)[0]) for amount in amounts)
    law = {digit: 500 * math.log10(1 + 1 / digit) for digit in range(1, 10)}
    chi = sum((counts[digit] - law[digit]) ** 2 / law[digit] for digit in law)
    assert finding["chi_square"] == pytest.approx(chi)
    share = f"{100 * len(fives) / 500:.1f} %"
    for lang in ("en", "zh"):
        text = RULE.reason(finding, lang)  # type: ignore[arg-type]
        assert all(part in text for part in ("500", share, "7.9 %", f"{chi:.1f}", "p < 0.0001"))


def test_with_many_lines_the_first_two_digits_are_judged() -> None:
    amounts = lawful(1_500) + [49_00 + at % 100 for at in range(200)]
    findings = answer(RULE, statement(amounts)).findings
    assert set(findings["digits"]) == {49}
    assert findings.height == sum(str(amount)[:2] == "49" for amount in amounts)
    ones = answer(RULE, statement(amounts), two_digits_lines=2_000).findings
    assert set(ones["digits"]) <= {4}


def test_few_lines_are_not_applicable() -> None:
    def asked(amounts: list[int], **more: Any) -> object:
        return RULE.recognize(statement(amounts, **more), seed(RULE))

    assert isinstance(asked(lawful(299)), NotApplicable)
    assert not isinstance(asked(lawful(300)), NotApplicable)
    assert isinstance(asked(lawful(300), direction=NEUTRAL), NotApplicable)
    assert isinstance(asked(lawful(300), reversal=True), NotApplicable)
    assert isinstance(asked([0] * 300), NotApplicable)
    assert isinstance(RULE.recognize(lines([]), seed(RULE)), NotApplicable)
    answer_of_few = asked(lawful(299))
    assert isinstance(answer_of_few, NotApplicable)
    assert "299" in answer_of_few.reason["en"]
    assert "299" in answer_of_few.reason["zh"]


def test_amounts_of_one_size_are_not_applicable() -> None:
    def asked(high: int) -> object:
        return RULE.recognize(statement([100] * 150 + [high] * 150), seed(RULE))

    assert isinstance(asked(9_999), NotApplicable)
    assert not isinstance(asked(10_000), NotApplicable)
    # A few outliers do not widen it: the 1st and 99th percentile are looked at.
    narrow = [100 + at for at in range(297)] + [1, 10**9, 10**12]
    assert isinstance(RULE.recognize(statement(narrow), seed(RULE)), NotApplicable)


def test_a_small_deviation_of_many_lines_is_none() -> None:
    slight = lawful(20_000) + [91_00] * 180  # 0.9 %: significant, and still close
    result = answer(RULE, statement(slight), two_digits_lines=100_000)
    [told] = result.statistics["statements"]
    assert told["p_value"] < 0.001
    assert told["conformity"] == "close"
    assert result.findings.is_empty()


def test_accounts_are_judged_one_by_one() -> None:
    rng = np.random.default_rng(3)
    odd = [line(at, 5_00 * 10 ** int(rng.integers(0, 4)) + at) for at in range(320)]
    even = [line(at, -amount, account="B") for at, amount in enumerate(lawful(310))]
    few = [line(at, -amount, account="C") for at, amount in enumerate(lawful(50))]
    frame = lines(odd + even + few)
    result = answer(RULE, frame)
    assert result.statistics["statements_judged"] == 2
    assert result.statistics["statements_not_judged"] == 1
    assert result.statistics["statements_odd"] == 1
    assert max(reported(RULE, frame)) <= 320
    check_order_and_accounts(RULE, frame)

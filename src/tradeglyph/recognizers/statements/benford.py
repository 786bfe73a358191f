"""First digits of a statement's amounts against Benford's law, with their sample and chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from tradeglyph.domain.recognizers import (
    Info,
    Lang,
    NotApplicable,
    Parameter,
    Profile,
    Reads,
    Severity,
)
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.books import NO_PERIODS, Ints, book_codes
from tradeglyph.recognizers.statements.leading_digits import CONFORMITY, Digits, leading
from tradeglyph.recognizers.statements.result import Result

NIGRINI = "Nigrini (2012), Benford's Law (Wiley)"
INFO: Final = Info(
    name="benford",
    title={"en": "First digits (Benford)", "zh": "首位数字分布（本福特定律）识别"},
    reads=Reads.LINES,
    rule={
        "en": "Amounts of a statement whose first digits do not follow Benford's law; the lines "
        "are those of the digits that are too many.",
        "zh": "一份流水的金额首位数字明显不服从本福特定律；列出的是出现过多的数字所在的交易。",
    },
    parameters=(
        Parameter(
            name="least_lines",
            default=300,
            unit="lines",
            means={
                "en": "statements with fewer amounts are not judged",
                "zh": "金额笔数少于此数的流水不判断",
            },
            source=f"{NIGRINI}, expects good conformity from 1,000 on; 300 is this project's "
            "least, with which the rarest digit is expected 13 times",
            least=100,
            most=10_000_000,
        ),
        Parameter(
            name="least_orders",
            default=2.0,
            unit="powers of ten",
            means={
                "en": "so far apart must the 1st and 99th percentile of the amounts be, in powers "
                "of ten, or the law is not to be expected",
                "zh": "金额的第 1 与第 99 百分位须相差的数量级，否则不应期待服从该定律",
            },
            source=f"{NIGRINI}: no built-in minimum or maximum, several orders of magnitude",
            least=0,
            most=18,
        ),
        Parameter(
            name="two_digits_lines",
            default=1_500,
            unit="lines",
            means={
                "en": "statements with so many amounts are judged by their first two digits",
                "zh": "笔数达到此数时按前两位数字判断",
            },
            source=f"{NIGRINI}: the first-two digits test is the one to select lines by; with "
            "1,500 the rarest two are expected 6 times (Cochran 1954: at least 5)",
            least=1_200,
            most=10_000_000,
        ),
        Parameter(
            name="p_value",
            default=0.001,
            unit="share",
            means={
                "en": "a statement is odd, and a digit too many, by a chance of at most this",
                "zh": "显著性水平：偶然出现的概率不超过此数才认定异常",
            },
            source="this project's: strict, since every statement is tested",
            least=1e-12,
            most=0.1,
        ),
        Parameter(
            name="conformity",
            default="none",
            choices=CONFORMITY[1:],
            unit="choice",
            means={
                "en": "and its mean absolute deviation is of this band or a worse one: acceptable, "
                "marginal or none; a small deviation of many lines is no finding",
                "zh": "且平均绝对偏差须达到此档或更差：acceptable 可接受、marginal 勉强、"
                "none 不符合；笔数多而偏差小的不算异常",
            },
            source=f"{NIGRINI}, table 7.1: 0.006, 0.012, 0.015; first two 0.0012, 0.0018, 0.0022",
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """An account in one currency that was judged."""

    number: int
    first: Digits
    judged: Digits
    """The same, or the first two digits where there are lines enough."""


class Benford:
    """First digits of each statement's amounts.

    What is open is decided so:
    - A statement is a book: an account in one currency. Its amounts are those of both directions
      over 0; NEUTRAL lines and reversals do not count.
    - It is judged with `least_lines` amounts that span `least_orders`; where no statement is, the
      answer is not applicable, and the statistics count those that are left out. With
      `two_digits_lines` the first two digits are judged (amounts under 10 minor units have none),
      else the first.
    - A statement is odd where its chi-square has a chance of at most `p_value` and its mean
      absolute deviation is of the band `conformity` or worse: by chi-square alone every large
      statement is odd (Nigrini's excess power).
    - The finding is the statement's; lines can't be right or wrong by themselves. Those named are
      of the digits that are too many, each by a chance of at most `p_value` after Bonferroni. All
      are low: prices, fees and wages have digits of their own.

    SOURCE: Benford (1938); Nigrini (2012), chapters 4, 5 and 7. O(n).
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `digits`, `count` and `lines` (with these
        digits, and all), `share` and `expected`, `chi_square` and `p_value` of the statement,
        `deviation`, `digit_p_value`. Statistics tell the figures of each statement judged."""
        rows = _counted(lines)
        if not len(rows):
            return _too_few(0, parameters)
        amount = lines["amount"].to_numpy()[rows]
        book = book_codes(lines)[rows]
        sizes, wide = np.bincount(book), _wide(book, amount, parameters)
        judged = np.flatnonzero(wide)
        if not len(judged):
            return _too_few(int(sizes.max()), parameters)
        firsts, twos = leading(amount, 1), leading(amount, 2)
        books = [
            _book(int(number), found, parameters)
            for number, found in zip(judged, _counts(book, firsts, twos, judged), strict=True)
        ]
        odd = [one for one in books if _odd(one.judged, parameters)]
        return Result(
            findings=_findings(rows, book, firsts, twos, odd, parameters),
            periods=NO_PERIODS,
            statistics={
                "statements_judged": len(books),
                "statements_not_judged": int((sizes > 0).sum()) - len(books),
                "statements_odd": len(odd),
                "statements": _told(lines, rows, book, books),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """Which digits, how often, of how many lines, and by what chance."""
        values = {
            **finding,
            "share": 100 * finding["share"],
            "expected": 100 * finding["expected"],
            "chance": _chance(finding["p_value"]),
            "digit_chance": _chance(finding["digit_p_value"]),
        }
        return _SAID[lang].format(**values)


def _counted(lines: pl.DataFrame) -> Ints:
    counted = (pl.col("direction") != NEUTRAL) & ~pl.col("reversal") & (pl.col("amount") > 0)
    return np.flatnonzero(lines.select(counted).to_series().to_numpy())


def _wide(book: Ints, amount: Ints, parameters: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """By book: whether it has lines enough and amounts far enough apart."""
    sizes = np.bincount(book)
    enough = sizes >= parameters["least_lines"]
    some = enough[book]
    amounts = pl.DataFrame({"book": book[some], "amount": amount[some]})
    spans = amounts.group_by("book").agg(
        low=pl.col("amount").quantile(0.01, "lower"),
        high=pl.col("amount").quantile(0.99, "higher"),
    )
    far = spans["high"].to_numpy() >= spans["low"].to_numpy() * 10.0 ** parameters["least_orders"]
    wide = np.zeros(len(sizes), dtype=bool)
    wide[spans["book"].to_numpy()[far]] = True
    return wide


def _counts(
    book: Ints, firsts: Ints, twos: Ints, judged: Ints
) -> list[tuple[list[int], list[int]]]:
    """By judged book: lines by first digit and by first two."""
    place = np.full(int(book.max()) + 1, -1)
    place[judged] = np.arange(len(judged))
    own = place[book]
    inside = own >= 0
    one = np.bincount(own[inside] * 10 + firsts[inside], minlength=10 * len(judged))
    two = np.bincount(own[inside] * 100 + twos[inside], minlength=100 * len(judged))
    return [
        (digits[1:].tolist(), pairs[10:].tolist())
        for digits, pairs in zip(one.reshape(-1, 10), two.reshape(-1, 100), strict=True)
    ]


def _book(number: int, counts: tuple[list[int], list[int]], parameters: Mapping[str, Any]) -> _Book:
    first, two = (Digits(places=n, counts=found) for n, found in enumerate(counts, 1))
    enough = two.lines >= parameters["two_digits_lines"]
    return _Book(number=number, first=first, judged=two if enough else first)


def _odd(digits: Digits, parameters: Mapping[str, Any]) -> bool:
    band = CONFORMITY.index(digits.conformity)
    bad = band >= CONFORMITY.index(parameters["conformity"])
    return bad and digits.p_value <= parameters["p_value"]


def _findings(
    rows: Ints,
    book: Ints,
    firsts: Ints,
    twos: Ints,
    odd: list[_Book],
    parameters: Mapping[str, Any],
) -> pl.DataFrame:
    """The lines of the digits that are too many in the odd statements."""
    excess = _excesses(odd, parameters)
    lines = pl.DataFrame(
        {"row": rows.astype(np.uint32), "book": book, "first": firsts, "two": twos}
    ).filter(pl.col("book").is_in([one.number for one in odd]))
    two = lines["book"].is_in([one.number for one in odd if one.judged.places == 2])
    digits = pl.when(pl.lit(two)).then("two").otherwise("first")
    return (
        lines.select("row", "book", digits=digits)
        .join(excess, on=["book", "digits"])
        .with_columns(severity=pl.lit(Severity.LOW.value), period=pl.lit(None, dtype=pl.UInt32))
        .drop("book")
        .sort("row")
    )


def _excesses(odd: list[_Book], parameters: Mapping[str, Any]) -> pl.DataFrame:
    told = []
    for one in odd:
        digits, first = one.judged, 10 ** (one.judged.places - 1)
        whole = {
            "book": one.number,
            "lines": digits.lines,
            "chi_square": digits.chi_square,
            "p_value": digits.p_value,
            "deviation": digits.deviation,
        }
        for digit, chance in digits.excesses().items():
            if chance <= parameters["p_value"]:
                count = digits.counts[digit - first]
                told.append(
                    whole
                    | {"digits": digit, "count": count, "digit_p_value": chance}
                    | {"share": count / digits.lines, "expected": digits.expected[digit - first]}
                )
    return pl.DataFrame(told, schema=_EXCESS)


_EXCESS = {
    "book": pl.Int64,
    "digits": pl.Int64,
    "count": pl.Int64,
    "lines": pl.Int64,
    "share": pl.Float64,
    "expected": pl.Float64,
    "chi_square": pl.Float64,
    "p_value": pl.Float64,
    "deviation": pl.Float64,
    "digit_p_value": pl.Float64,
}


def _told(lines: pl.DataFrame, rows: Ints, book: Ints, books: list[_Book]) -> list[dict[str, Any]]:
    """The figures of each statement, by account."""
    first = np.zeros(int(book.max()) + 1, dtype=np.int64)
    first[book[::-1]] = rows[::-1]
    names = lines.select(
        pl.col("account", "currency").gather([int(first[one.number]) for one in books])
    )
    told = [
        whose
        | {"lines": one.judged.lines, "digits": one.judged.places}
        | {"chi_square": one.judged.chi_square, "degrees_of_freedom": len(one.judged.counts) - 1}
        | {"p_value": one.judged.p_value, "mean_absolute_deviation": one.judged.deviation}
        | {"conformity": one.judged.conformity, "first_digits": list(one.first.counts)}
        for whose, one in zip(names.to_dicts(), books, strict=True)
    ]
    return sorted(told, key=lambda one: (one["account"], one["currency"], one["first_digits"]))


def _too_few(most: int, parameters: Mapping[str, Any]) -> NotApplicable:
    least, orders = parameters["least_lines"], parameters["least_orders"]
    return NotApplicable(
        reason={
            "en": f"no statement has {least:,} amounts that span {orders:g} powers of ten (the "
            f"longest has {most:,}): too little to judge first digits by",
            "zh": f"没有一份流水有 {least:,} 笔金额且相差 {orders:g} 个数量级"
            f"（最多的有 {most:,} 笔），不足以判断首位数字分布",
        }
    )


def _chance(value: float) -> str:
    """As people read it, never as 0."""
    return f"{value:.4f}" if value >= 0.0001 else "< 0.0001"


_SAID: Mapping[Lang, str] = {
    "en": "its amount begins with {digits}, as do {count:,} of {lines:,} amounts: {share:.1f} %, "
    "where Benford's law expects {expected:.1f} % (p {digit_chance}); the statement: chi-square "
    "{chi_square:.1f}, p {chance}, mean absolute deviation {deviation:.4f}.",
    "zh": "金额以 {digits} 开头，{lines:,} 笔中有 {count:,} 笔如此，占 {share:.1f} %，"
    "本福特定律预期 {expected:.1f} %（p {digit_chance}）；整份流水：卡方 {chi_square:.1f}，"
    "p {chance}，平均绝对偏差 {deviation:.4f}。",
}

"""Balances of each month, and interest, computed again from the lines."""

from collections.abc import Mapping
from typing import Any

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
from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.recognizers.statements.balance_continuity import NO_BALANCES
from tradeglyph.recognizers.statements.book_steps import BookSteps, book_steps, month_of
from tradeglyph.recognizers.statements.books import NO_PERIODS, Ints
from tradeglyph.recognizers.statements.card_parameters import amount, words
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.interest import (
    MILLION,
    NOT_DEPOSIT_WORDS,
    NOTICE,
    base_rate,
    by_day,
    interest_lines,
)
from tradeglyph.recognizers.statements.keywords import INTEREST
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import ratio

SOURCE = "ISA 500, 审计准则第1301号——审计证据: recalculation"
BALANCE, INTEREST_DUE = "month", "interest"
INFO = Info(
    name="balance_recomputed",
    title={"en": "Balance and interest recomputed", "zh": "余额与利息重新计算"},
    reads=Reads.LINES,
    rule={
        "en": "A month whose closing balance is not its opening balance plus what came in minus "
        "what went out; interest far from what the daily balances earn.",
        "zh": "某月期末余额不等于期初余额加收入减支出；结息与按每日余额积数计算的利息相差过大。",
    },
    parameters=(
        Parameter(
            name="tolerance",
            default=1,
            unit="minor units",
            means={
                "en": "balances that differ by at most this agree",
                "zh": "余额相差不超过此数视为相符",
            },
            source="balance_continuity",
            least=0,
            most=1_000_000,
        ),
        Parameter(
            name="interest_within",
            default=0.5,
            unit="share",
            means={
                "en": "interest may differ from what the rate pays by this share of it",
                "zh": "结息与应计利息之差允许占应计利息的比例",
            },
            source="low_interest: half; banks pay more than the rates published by large ones",
            least=0,
            most=10,
        ),
        amount(
            "interest_least",
            100,
            "and by this amount in any case",
            "且差额不超过此数的不报",
            "this project's: roundings and fees",
        ),
        Parameter(
            name="year",
            default=360,
            unit="days",
            means={"en": "days of a year of interest", "zh": "一年按多少天计息"},
            source=NOTICE,
            least=360,
            most=366,
        ),
        words("interest", INTEREST, "words of interest", "结息关键词", "keywords.py"),
        NOT_DEPOSIT_WORDS,
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class BalanceRecomputed:
    """Months and interest that don't add up. `balance_continuity` says at which line a balance
    breaks; this says by how much in each month, and whether that cancels out.

    What the rule leaves open is decided so:
    - Months are of a book, an account in one currency. A month closes with the last balance in it
      that can be told (as in `balance_continuity`: lines of one time in whatever order holds), and
      opens with the closing one before; the first opens with the balance before the first line.
    - Lines without a balance count with their amounts. A span with NEUTRAL lines, of which nobody
      knows what they did to the balance, is not judged; a month without a balance goes with the
      next. The finding is the line that says the closing balance.
    - `high` where the differences of all months of the book leave something over; `medium` where
      they cancel out: then a balance is wrong, not a line missing.
    - Interest is computed as in `low_interest` (audit): dated rates, the balances of days, rounded
      down; what differs by more than `interest_within` of it and more than `interest_least` is a
      finding: too low `medium` (the balances may not have been there), too high `low` (another
      rate, or balances that the statement doesn't show).

    SOURCE: `SOURCE` in this file. Costs are those of `balance_groups`.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's, null where they are not of the `kind` (`month`
        or `interest`), money in minor units: `month`, `opening`, `into`, `out`, `closing`,
        `difference`, `left` (of all months); `interest`, `expected`, `balance` (average), `days`,
        `base` (share a year)."""
        if lines["balance"].null_count() == len(lines):
            return NO_BALANCES
        steps = book_steps(lines)
        months = _months(lines, steps)
        tolerance = int(parameters["tolerance"])
        left = pl.col("difference").sum().over("book")
        wrong = months.with_columns(left=left).filter(
            pl.col("judged") & (pl.col("difference").abs() > tolerance)
        )
        rows = steps.last_rows(lines, wrong["group"].to_numpy(), wrong["closing"].to_numpy())
        cancels = pl.col("left").abs() <= tolerance
        of_months = wrong.select(
            pl.Series("row", rows, dtype=pl.UInt32),
            _severity(cancels, Severity.MEDIUM, Severity.HIGH),
            kind=pl.lit(BALANCE),
            month=pl.col("month").cast(pl.Date),
            opening="opening",
            into="into",
            out="out",
            closing="closing",
            difference="difference",
            left="left",
        )
        interest, judged = _interest(lines, parameters)
        findings = pl.concat([of_months, interest], how="diagonal")
        period = pl.lit(None, dtype=pl.UInt32).alias("period")
        return Result(
            findings=findings.with_columns(period).sort("row", "kind"),
            periods=NO_PERIODS,
            statistics={
                "months": int(months["judged"].sum()),
                "months_not_judged": int((~months["judged"]).sum()),
                "months_off": len(wrong),
                "interest_lines_judged": judged,
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the balances of the month, or the interest and what was expected."""
        said = _SAID[lang]
        if finding["kind"] == INTEREST_DUE:
            more = finding["interest"] > finding["expected"]
            return said["more" if more else "less"].format(
                interest=money(finding["interest"]),
                expected=money(finding["expected"]),
                balance=money(finding["balance"]),
                difference=money(abs(finding["interest"] - finding["expected"])),
                days=finding["days"],
                base=100 * finding["base"],
            )
        expected = finding["opening"] + finding["into"] - finding["out"]
        names = ("opening", "into", "out", "closing", "difference", "left")
        values = {name: money(finding[name]) for name in names}
        return said["month"].format(
            month=f"{finding['month']:%Y-%m}", expected=money(expected), **values
        )


def _severity(condition: pl.Expr, met: Severity, otherwise: Severity) -> pl.Expr:
    severity = pl.when(condition).then(pl.lit(met.value)).otherwise(pl.lit(otherwise.value))
    return severity.alias("severity")


def _months(lines: pl.DataFrame, steps: BookSteps) -> pl.DataFrame:
    """Of each month of each book that has a balance that can be told: `group` of its last one,
    `opening`, `into`, `out`, `closing`, `difference`, and whether it is `judged`."""
    single = np.flatnonzero(steps.taken.single)
    book, month = steps.book[single], month_of(steps.day[single])
    ends = np.ones(len(single), dtype=bool)
    ends[:-1] = (book[1:] != book[:-1]) | (month[1:] != month[:-1])
    begins = np.ones(len(single), dtype=bool)
    begins[1:] = book[1:] != book[:-1]
    at, first = single[ends], single[begins]
    new = np.ones(len(at), dtype=bool)
    new[1:] = steps.book[at[1:]] != steps.book[at[:-1]]
    opening_group = np.empty(len(at), dtype=np.int64)
    opening_group[new] = first - 1
    opening_group[~new] = at[:-1][~new[1:]]
    closing = steps.taken.end_low[at]
    opening = np.empty(len(at), dtype=np.int64)
    opening[new] = steps.taken.start_low[first]
    opening[~new] = closing[:-1][~new[1:]]
    into, out, neutral = _sums(lines, steps)
    sums = [total[at + 1] - total[opening_group + 1] for total in (into, out, neutral)]
    months = month_of(steps.day[at]).astype("datetime64[M]").astype("datetime64[D]")
    return pl.DataFrame(
        {
            "book": steps.book[at],
            "group": at,
            "month": pl.Series(months),
            "opening": opening,
            "into": sums[0],
            "out": sums[1],
            "closing": closing,
            "difference": np.where(sums[2] == 0, closing - opening - sums[0] + sums[1], 0),
            "judged": sums[2] == 0,
        }
    )


def _sums(lines: pl.DataFrame, steps: BookSteps) -> tuple[Ints, Ints, Ints]:
    """What came in, went out and was neutral (lines) before each group, and after the last."""
    groups = steps.groups
    start = np.cumsum(groups.size) - groups.size
    direction = lines["direction"].to_numpy()[groups.row]
    amount = lines["amount"].to_numpy()[groups.row]
    per_line = (
        np.where(direction == IN, amount, 0),
        np.where(direction == OUT, amount, 0),
        (direction == NEUTRAL).astype(np.int64),
    )
    into, out, neutral = (
        np.concatenate(([0], np.cumsum(np.add.reduceat(values, start)))) for values in per_line
    )
    return into, out, neutral


def _interest(lines: pl.DataFrame, parameters: Mapping[str, Any]) -> tuple[pl.DataFrame, int]:
    """Findings on interest, and how many lines of interest were judged."""
    paid = interest_lines(lines, parameters)
    if paid.is_empty():
        return pl.DataFrame(), 0
    judged = by_day(lines, paid).with_columns(base=base_rate({"rates": "dated"})).drop_nulls("base")
    judged = judged.filter(pl.col("product") > 0)
    wide = pl.Int128
    earned = pl.col("product").cast(wide) * pl.col("base") // (int(parameters["year"]) * MILLION)
    share = ratio(parameters["interest_within"])
    apart = (pl.col("interest") - pl.col("expected")).abs()
    far = apart.cast(wide) * share.denominator > pl.col("expected").cast(wide) * share.numerator
    found = judged.with_columns(expected=earned.cast(pl.Int64)).filter(
        far & (apart > int(parameters["interest_least"]))
    )
    low = pl.col("interest") < pl.col("expected")
    table = found.select(
        pl.col("row").cast(pl.UInt32),
        _severity(low, Severity.MEDIUM, Severity.LOW),
        kind=pl.lit(INTEREST_DUE),
        interest="interest",
        expected="expected",
        balance=pl.col("product") // pl.col("days"),
        days="days",
        base=pl.col("base") / MILLION,
    )
    return table, len(judged)


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "month": "{month}: {opening} plus {into} in minus {out} out is {expected}; the statement "
        "closes with {closing}, {difference} off ({left} over all months).",
        "less": "Interest of {interest} for {days} days on {balance} a day on average; "
        "{base:.2f} % a year pays {expected}: {difference} too little.",
        "more": "Interest of {interest} for {days} days on {balance} a day on average; "
        "{base:.2f} % a year pays {expected}: {difference} too much.",
    },
    "zh": {
        "month": "{month}：期初 {opening} 加收入 {into} 减支出 {out} 应为 {expected}，流水期末为 "
        "{closing}，相差 {difference}（各月合计相差 {left}）。",
        "less": "日均余额 {balance}，{days} 天结息 {interest}；按年利率 {base:.2f}% 应为 "
        "{expected}，少 {difference}。",
        "more": "日均余额 {balance}，{days} 天结息 {interest}；按年利率 {base:.2f}% 应为 "
        "{expected}，多 {difference}。",
    },
}

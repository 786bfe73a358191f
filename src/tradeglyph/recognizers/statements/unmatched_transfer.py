"""Transfers between two given accounts that the other statement does not have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
from tradeglyph.recognizers.statements.books import ADDRESS, NO_PERIODS, Ints
from tradeglyph.recognizers.statements.covered_days import covered_days
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.given_accounts import SEVERAL, OtherSides, other_sides
from tradeglyph.recognizers.statements.opposite_lines import (
    Side,
    codes,
    largest_matching,
    with_fees,
)
from tradeglyph.recognizers.statements.result import Result

SOURCE = (
    "中国注册会计师审计准则第1312号——函证 and ISA 505: evidence from the other side; ACFE Fraud "
    "Examiners Manual, on lapping and kiting: both sides of transfers are compared by date"
)
INFO = Info(
    name="unmatched_transfer",
    title={"en": "Transfer without its other side", "zh": "互转交易不匹配识别"},
    reads=Reads.LINES,
    rule={
        "en": "A transfer to or from another given account, whose statement has no opposite line "
        "of the same amount within days.",
        "zh": "与另一已提供流水的账户互转，而对方流水在数日内没有金额相同、方向相反的记录。",
    },
    parameters=(
        Parameter(
            name="within_days",
            default=2,
            unit="days",
            means={
                "en": "both sides are at most so many dates apart",
                "zh": "双方记账日期至多相差的天数",
            },
            source=SOURCE + "; the number is this project's: weekends apart, transfers arrive so",
            least=0,
            most=31,
        ),
        Parameter(
            name="fee",
            default=0,
            unit="minor units",
            means={
                "en": "the amount that arrives may be less by so much",
                "zh": "到账金额可比转出金额少的手续费",
            },
            source="this project's: Chinese banks book fees as lines of their own",
            least=0,
            most=100_000,
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
    accounts_together=True,
)
NO_OTHERS = NotApplicable(
    reason={
        "en": "no line names another of the accounts given",
        "zh": "没有任何一笔的对方账号属于其他已提供的账户",
    }
)
Marks = NDArray[np.bool_]


class UnmatchedTransfer:
    """Lines that name another given account, where that account's statement does not answer.

    What the rule leaves open is decided so:
    - A line names a given account by its number, whole or masked (see `given_accounts`); one that
      fits several is not judged and counted, nor is one that fits its own account.
    - The opposite line stands in the other account, in the same currency and the other direction,
      of the same amount (or less by a fee: what arrives), at most `within_days` dates apart. It may
      name us, nobody, or an account that is not given, since an account goes by several numbers
      (card and account); not another given one.
    - Each line answers once. Lines that name each other are paired first, then those that name us
      with those that don't say, then those with a fee; each time as many as can be (with fees: the
      nearest first). Which of equal lines is left is settled by time and place in the files.
    - Only days are judged that the other account's statements cover, with the days on which an
      answer may still stand: after an outflow, before an income. Others are counted.
    - NEUTRAL lines and reversals take no part.

    SOURCE: `SOURCE` in this file. O(n log n); the loops are over transfers that don't pair up.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `side` (`in` or `out`), `other` (the account),
        `amount` in minor units, `within_days`, `fee`, `first`, `last` (dates that its statement
        covers)."""
        sides = other_sides(lines)
        moved = lines.select((pl.col("direction") != NEUTRAL) & ~pl.col("reversal")).to_series()
        moves = moved.to_numpy() & (sides.given != sides.own)
        claims = np.flatnonzero(moves & (sides.given >= 0))
        if not len(claims):
            return NO_OTHERS
        within, fee = int(parameters["within_days"]), int(parameters["fee"])
        matched = _matched(lines, sides, moved.to_numpy(), claims, within, fee)
        left = claims[~matched]
        span, covered = _covering(lines, sides, left, within)
        found = left[span >= 0]
        days = pl.Series(covered[span[span >= 0]].reshape(-1, 2)[:, 0], dtype=pl.Int32)
        last = pl.Series(covered[span[span >= 0]].reshape(-1, 2)[:, 1], dtype=pl.Int32)
        findings = lines[found].select(
            pl.Series("row", found, dtype=pl.UInt32),
            pl.lit(Severity.HIGH.value).alias("severity"),
            pl.lit(None, dtype=pl.UInt32).alias("period"),
            pl.when(pl.col("direction") == IN)
            .then(pl.lit("in"))
            .otherwise(pl.lit("out"))
            .alias("side"),
            sides.accounts.gather(sides.given[found]).alias("other"),
            "amount",
            pl.lit(within, dtype=pl.Int64).alias("within_days"),
            pl.lit(fee, dtype=pl.Int64).alias("fee"),
            days.cast(pl.Date).alias("first"),
            last.cast(pl.Date).alias("last"),
        )
        return Result(
            findings=findings.sort("row"),
            periods=NO_PERIODS,
            statistics={
                "transfers": len(claims),
                "matched": int(matched.sum()),
                "not_covered": int((span < 0).sum()),
                "not_told_which": int((moves & (sides.given == SEVERAL)).sum()),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the amount, the account and what its statement covers."""
        said = _SAID[lang]
        less = said["fee"].format(fee=money(finding["fee"])) if finding["fee"] else ""
        return said[finding["side"]].format(
            amount=money(finding["amount"]),
            other=finding["other"],
            first=finding["first"],
            last=finding["last"],
            days=finding["within_days"],
            less=less,
        )


@dataclass(slots=True, kw_only=True)
class _Book:
    """What is matched: columns along the lines, and which lines are taken."""

    own: Ints
    given: Ints
    currency: Ints
    amount: Ints
    day: Ints
    taken: Marks

    def pair(self, outs: Ints, ins: Ints, keys: tuple[tuple[Ints, Ints], ...], within: int) -> None:
        """Takes the largest matching of outs and ins whose keys (of both) are equal."""
        both = [np.concatenate(pair) for pair in keys]
        code = codes(*both)
        paired = largest_matching(
            code[: len(outs)], self.day[outs], code[len(outs) :], self.day[ins], within
        )
        self.taken[outs[paired[0]]] = True
        self.taken[ins[paired[1]]] = True


def _matched(
    lines: pl.DataFrame, sides: OtherSides, moved: Marks, claims: Ints, within: int, fee: int
) -> Marks:
    """Which of the claims have an answer."""
    amount, direction = lines["amount"].to_numpy(), lines["direction"].to_numpy()
    likely = moved.copy()
    if not fee:
        likely &= np.isin(amount, np.unique(amount[claims]))
    nobody = (sides.given < 0) | (sides.given == sides.own)
    likely &= np.isin(sides.own, np.unique(sides.given[claims])) & nobody
    likely[claims] = True
    at = _in_order(lines, np.flatnonzero(likely))
    book = _Book(
        own=sides.own[at],
        given=np.where(sides.given[at] == sides.own[at], -1, sides.given[at]),
        currency=lines["currency"].gather(at).rank("dense").to_numpy().astype(np.int64),
        amount=amount[at],
        day=lines["time"].gather(at).dt.epoch("d").to_numpy().astype(np.int64),
        taken=np.zeros(len(at), dtype=bool),
    )
    is_out = direction[at] == OUT
    named = book.given >= 0
    outs, ins = np.flatnonzero(is_out & named), np.flatnonzero(~is_out & named)
    own, given, currency, money_ = book.own, book.given, book.currency, book.amount
    keys = (own, given), (given, own), (currency, currency), (money_, money_)
    book.pair(outs, ins, tuple((one[outs], two[ins]) for one, two in keys), within)
    for side in (is_out, ~is_out):
        asking = np.flatnonzero(side & named & ~book.taken)
        asked = np.flatnonzero(~side & ~named & ~book.taken)
        keys_ = (given, own), (currency, currency), (money_, money_)
        book.pair(asking, asked, tuple((one[asking], two[asked]) for one, two in keys_), within)
    if fee:
        _take_with_fees(book, is_out, named, fee, within)
    matched = np.zeros(len(lines), dtype=bool)
    matched[at[book.taken]] = True
    return matched[claims]


def _take_with_fees(book: _Book, is_out: Marks, named: Marks, fee: int, within: int) -> None:
    for side, sign in ((is_out, -1), (~is_out, 1)):
        asking = np.flatnonzero(side & named & ~book.taken)
        asked = np.flatnonzero(~side & ~book.taken)
        wide = int(book.currency.max()) + 1
        place = book.own * wide + book.currency
        names = np.where(named, book.given * wide + book.currency, -1)
        columns = {"place": place, "amount": book.amount, "day": book.day, "names": names}
        found = with_fees(
            Side(**{name: column[asking] for name, column in columns.items()}),
            names[asking],
            Side(**{name: column[asked] for name, column in columns.items()}),
            sign * fee,
            within,
        )
        book.taken[asking[[one for one, _ in found]]] = True
        book.taken[asked[[other for _, other in found]]] = True


def _in_order(lines: pl.DataFrame, at: Ints) -> Ints:
    """Positions by time and place in the files."""
    order = lines.select(pl.col("time", *ADDRESS).gather(at)).with_columns(at=pl.Series(at))
    return order.sort("time", *ADDRESS)["at"].to_numpy()


def _covering(lines: pl.DataFrame, sides: OtherSides, left: Ints, within: int) -> tuple[Ints, Ints]:
    """Of each line, the span of days of the other account's statements in which an answer would
    stand (-1: none), and the first and last day of every span."""
    days = covered_days(lines, sides.own)
    day = lines["time"].gather(left).dt.epoch("d").to_numpy().astype(np.int64)
    out = lines["direction"].gather(left).to_numpy() == OUT
    span = days.spans(
        sides.given[left], np.where(out, day, day - within), np.where(out, day + within, day)
    )
    return span, np.stack((days.first, days.last), axis=1)


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "out": "{amount} went to account {other}, whose statement (given from {first} to {last}) "
        "has no income of it within {days} days{less}.",
        "in": "{amount} came from account {other}, whose statement (given from {first} to {last}) "
        "has no outflow of it within {days} days{less}.",
        "fee": ", fees of up to {fee} allowed",
    },
    "zh": {
        "out": "转出 {amount} 至账户 {other}，该账户流水（已提供 {first} 至 {last}）前后 {days} "
        "天内没有相应的收入{less}。",
        "in": "自账户 {other} 转入 {amount}，该账户流水（已提供 {first} 至 {last}）前后 {days} 天内"
        "没有相应的支出{less}。",
        "fee": "（已允许手续费 {fee}）",
    },
}

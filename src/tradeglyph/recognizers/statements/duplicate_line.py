"""Lines that are there more than once, and serial numbers of two different lines."""

from collections.abc import Mapping
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
from tradeglyph.recognizers.statements.books import ADDRESS, NO_PERIODS, Ints, book_codes
from tradeglyph.recognizers.statements.card_parameters import words
from tradeglyph.recognizers.statements.copies import (
    alike,
    by_balance,
    overlapping,
    unmoved,
    with_first,
)
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.keywords import has_word
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import ratio

OVERLAP, PRINTED, BOOKED, SECOND, SERIAL = (
    *("overlap", "printed_twice", "booked_twice", "same_second", "serial_number"),
)
STANDARD = (
    "中国注册会计师审计准则第1301号——审计证据 and its guide on whether a statement is complete and "
    "genuine; the rule is this project's"
)
LEGS = (
    *("手续费", "汇费", "工本费", "邮电费", "短信费", "利息", "本金", "税", "fee", "charge"),
    *("commission", "interest", "principal", "tax", "退款", "退货", "refund"),
)
INFO: Final = Info(
    name="duplicate_line",
    title={"en": "Duplicate line", "zh": "重复流水识别"},
    reads=Reads.LINES,
    rule={
        "en": "Lines that agree in time, amount, direction, other side, words and serial number, "
        "where nothing shows that each was booked; serial numbers of two different lines.",
        "zh": "时间、金额、收支方向、对方、摘要、流水号均相同，且无证据表明各笔均已入账的流水；"
        "以及同一流水号对应内容不同的流水。",
    },
    parameters=(
        Parameter(
            name="unique_serials",
            default=0.9,
            unit="share",
            means={
                "en": "an account's serial numbers are taken for such where this share of them is "
                "unique; a number per day, batch or kind of voucher is none",
                "zh": "账户内不重复的比例达到此数才视为流水号（按日、按批或按凭证种类编号的不算）",
            },
            source=STANDARD,
            least=0,
            most=1,
        ),
        words(
            "legs",
            LEGS,
            "words in the summary of further lines of one transaction, which share its "
            "serial number",
            "摘要中表示同一笔业务附带记录的词（手续费、利息、退款），与主交易共用流水号",
            "exports of Chinese banks; the words are this project's",
        ),
        Parameter(
            name="overlaps",
            default=True,
            unit="yes or no",
            means={
                "en": "also name the lines that two files or sheets of one account share",
                "zh": "同一账户多个文件或工作表之间重叠的流水也予列出",
            },
            source="this project's: every sum over such files counts them twice",
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class DuplicateLine:
    """Lines that are there more than once.

    The first of equal lines (by file, sheet and line) is taken for the transaction; those after it
    are reported, each naming the first. Lines are of one book (account and currency) and equal
    where they agree in time (to the second; the date where there is no time of day), amount,
    direction, counterparty and its account, summary, serial number and being a reversal. What an
    auditor wants to know is what a copy means, so that each is of a kind:

    - `overlap` (low): an earlier file or sheet has the line with the same balance. Two exports of
      one account overlap; nobody booked twice, but sums over the files count it twice.
    - `printed_twice` (medium): the balance moved once, so that the statement shows a line that was
      not booked: equal serial number and balance; or no serial number and equal balances, where the
      account's balances do not follow from each other with both. Without any balance: equal serial
      number; or low, equal to the second.
    - `booked_twice` (high): one serial number and the balance moved for each: a double posting.
    - `same_second` (low): no serial number, the same second, and the balance moved for each: paid
      twice, or two equal items of one batch.
    - `serial_number` (medium): one serial number and other content. Reversals (冲正) and the `legs`
      of a transaction share its number and are left out.

    Two equal fares of a day without time of day and serial number are not reported where the
    balances show that both were booked, nor where there are no balances to tell; the statistics
    count the latter as `undecided`. Amounts of 0 are notices. Accounts whose serial numbers mostly
    repeat have none.

    SOURCE: this project's; evidence must be complete and genuine: 中国注册会计师审计准则第1301号.
    O(n log n).
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `kind`, `amount` (minor units), `tx_id`,
        `other_file`, `other_sheet`, `other_line` (the first of the equal lines, or another one of
        the serial number), `count` (of lines that share the content or number)."""
        book = book_codes(lines)
        same = alike(lines, book)
        overlaps = overlapping(same)
        alone = np.ones(lines.height, dtype=bool)
        alone[overlaps["row"].to_numpy()] = False
        serials, trusted = _serials(lines, book, alone, parameters)
        doubles, undecided = _doubles(lines, book, alone, same, trusted)
        found = [doubles, serials.join(doubles.select("row"), on="row", how="anti")]
        if parameters["overlaps"]:
            found.append(_overlaps(overlaps, same))
        findings = pl.concat(found).sort("row")
        kinds = (OVERLAP, PRINTED, BOOKED, SECOND, SERIAL)
        return Result(
            findings=findings,
            periods=NO_PERIODS,
            statistics={
                **{kind: (findings["kind"] == kind).sum() for kind in kinds},
                "overlap": overlaps.height,
                "undecided": undecided,
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """What it is a copy of, and what that means."""
        said = _SAID[lang]
        sheet = finding["other_sheet"]
        other = said["place"].format(
            file=finding["other_file"] + 1,
            sheet=said["sheet"].format(sheet=sheet) if sheet else "",
            line=finding["other_line"],
        )
        values = {**finding, "amount": money(finding["amount"]), "other": other}
        return said[finding["kind"]].format(**values)


_COLUMNS = {
    "row": pl.UInt32,
    "severity": pl.String,
    "period": pl.UInt32,
    "kind": pl.String,
    "amount": pl.Int64,
    "tx_id": pl.String,
    "other_file": pl.UInt16,
    "other_sheet": pl.String,
    "other_line": pl.UInt32,
    "count": pl.UInt32,
}


def _finished(found: pl.DataFrame) -> pl.DataFrame:
    whole = found.with_columns(period=pl.lit(None, dtype=pl.UInt32))
    return whole.select(pl.col(name).cast(kind) for name, kind in _COLUMNS.items())


def _others(*group: str) -> list[pl.Expr]:
    """Of lines in the order of their addresses: the address of the first of each group."""
    return [pl.col(name).first().over(*group).alias(f"other_{name}") for name in ADDRESS]


def _overlaps(overlaps: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    counted = with_first(same).select("row", "amount", "tx_id", "count")
    return _finished(
        overlaps.join(counted, on="row").with_columns(
            kind=pl.lit(OVERLAP), severity=pl.lit(Severity.LOW.value)
        )
    )


def _serials(
    lines: pl.DataFrame, book: Ints, alone: np.ndarray[Any, Any], parameters: Mapping[str, Any]
) -> tuple[pl.DataFrame, np.ndarray[Any, Any]]:
    """Lines whose serial number an earlier line with other content has; and by book, whether its
    serial numbers are such."""
    given = lines.select((pl.col("tx_id") != "") & pl.lit(pl.Series(alone))).to_series()
    numbers = lines["tx_id"].filter(given).hash()
    rows = given.arg_true().filter(numbers.is_duplicated())
    few = (
        lines.select(
            pl.col(*ADDRESS, "tx_id", "time", "amount", "direction").gather(rows),
            pl.col("counterparty", "summary", "reversal").gather(rows),
            row=rows.cast(pl.UInt32),
            book=pl.Series(book[rows.to_numpy()]),
        )
        .filter(~has_word(pl.col("summary"), parameters["legs"]) & ~pl.col("reversal"))
        .sort(ADDRESS)
        .with_columns(
            count=pl.len().over("book", "tx_id"),
            at=pl.int_range(pl.len()).over("book", "tx_id"),
            contents=pl.struct("time", "amount", "direction", "counterparty")
            .n_unique()
            .over("book", "tx_id"),
        )
    )
    books = int(book.max(initial=-1)) + 1
    held = np.bincount(book[given.to_numpy()], minlength=books)
    repeated = np.bincount(few.filter(pl.col("at") > 0)["book"].to_numpy(), minlength=books)
    # One repeat is always one: of a short statement it would be a large share.
    share = 1 - ratio(parameters["unique_serials"])
    trusted = repeated * share.denominator <= np.maximum(share.denominator, held * share.numerator)
    found = (
        few.with_columns(_others("book", "tx_id"))
        .filter((pl.col("contents") > 1) & (pl.col("at") > 0) & (pl.col("amount") > 0))
        .with_columns(kind=pl.lit(SERIAL), severity=pl.lit(Severity.MEDIUM.value))
    )
    return _finished(found.filter(pl.Series(trusted[found["book"].to_numpy()]))), trusted


def _doubles(
    lines: pl.DataFrame,
    book: Ints,
    alone: np.ndarray[Any, Any],
    same: pl.DataFrame,
    trusted: np.ndarray[Any, Any],
) -> tuple[pl.DataFrame, int]:
    """Copies of lines of their own file, and how many can't be told from two transactions."""
    own = with_first(same.filter(pl.Series(alone[same["row"].to_numpy()])))
    order, whole = by_balance(own)
    again = np.zeros(own.height, dtype=np.int64)
    again[order] = whole.at
    blank = np.bincount(own["content"].to_numpy(), own["balance"].is_null().to_numpy())
    copies = own.with_columns(
        again=pl.Series(again),
        unknown=pl.Series(blank[own["content"].to_numpy()] > 0),
        serial=(pl.col("tx_id") != "") & pl.lit(pl.Series(trusted[own["book"].to_numpy()])),
    ).filter(pl.col("at") > 0)
    kept = pl.Series(alone)
    still = unmoved(lines.filter(kept), book[alone], copies) & (copies["again"] > 0)
    once = pl.lit(still) | (pl.col("serial") & (pl.col("again") > 0))
    kind = (
        pl.when("unknown")
        .then(pl.when(pl.col("serial") | pl.col("clocked")).then(pl.lit(PRINTED)))
        .when(once)
        .then(pl.lit(PRINTED))
        .when("serial")
        .then(pl.lit(BOOKED))
        .when("clocked")
        .then(pl.lit(SECOND))
    )
    judged = copies.with_columns(kind=kind)
    undecided = judged.filter(pl.col("unknown") & pl.col("kind").is_null()).height
    weak = pl.col("unknown") & ~pl.col("serial")
    severity = (
        pl.when(pl.col("kind") == BOOKED)
        .then(pl.lit(Severity.HIGH.value))
        .when((pl.col("kind") == SECOND) | weak)
        .then(pl.lit(Severity.LOW.value))
        .otherwise(pl.lit(Severity.MEDIUM.value))
    )
    return _finished(judged.drop_nulls("kind").with_columns(severity=severity)), undecided


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        OVERLAP: "{amount} stands in {other} too: two files of the account overlap, and sums over "
        "both count it twice ({count:,} times in all).",
        PRINTED: "{amount} is printed {count:,} times, first in {other}, with nothing that shows "
        "that it was booked more than once.",
        BOOKED: "{amount} was booked {count:,} times under one serial number, first in {other}: "
        "the balance moved each time.",
        SECOND: "{amount} was booked {count:,} times in one second, first in {other}: the balance "
        "moved each time.",
        SERIAL: "{amount} has the serial number {tx_id} of {count:,} lines with other contents, "
        "first in {other}.",
        "place": "file {file}{sheet}, line {line}",
        "sheet": ", sheet {sheet}",
    },
    "zh": {
        OVERLAP: "本笔 {amount} 亦见于{other}：同一账户的文件有重叠，合并计算会重复"
        "（共出现 {count:,} 次）。",
        PRINTED: "本笔 {amount} 重复列示 {count:,} 次，首见于{other}，未见多次入账的证据。",
        BOOKED: "本笔 {amount} 以同一流水号入账 {count:,} 次，首见于{other}，每次余额均有变动。",
        SECOND: "本笔 {amount} 同一秒入账 {count:,} 次，首见于{other}，每次余额均有变动。",
        SERIAL: "本笔 {amount} 的流水号 {tx_id} 共有 {count:,} 笔使用且内容不同，首见于{other}。",
        "place": "第 {file} 个文件{sheet}第 {line} 行",
        "sheet": "工作表“{sheet}”",
    },
}

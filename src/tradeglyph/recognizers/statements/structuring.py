"""Amounts split to stay under a reporting amount (蚂蚁搬家, 拆分交易)."""

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
from tradeglyph.domain.statements import IN, NEUTRAL
from tradeglyph.recognizers.statements.books import Ints, book_codes
from tradeglyph.recognizers.statements.card_parameters import words
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.keywords import REASONABLE, first_word, told
from tradeglyph.recognizers.statements.payment_words import CASH_PARAMETERS, is_cash
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.statutory import (
    CASH,
    OWNER,
    TRANSFER,
    UNKNOWN,
    USD_RATES,
    Limits,
    limit_of,
    limits,
    without_limit,
)
from tradeglyph.recognizers.statements.sums import ratio

ONE_PARTY = "counterparty"
"""Kind of transfers with one other side; `CASH` and `TRANSFER` are the other two."""
NOTION = (
    "中国人民银行令〔2006〕第2号 article 11 (2), repealed 2017 and still the wording that auditors "
    "use: frequent payments close to the reporting amount; 31 U.S.C. 5324 (structuring); FATF "
    "Recommendations 10 and 20 with their interpretive notes"
)
INFO: Final = Info(
    name="structuring",
    title={"en": "Structuring", "zh": "拆分交易（蚂蚁搬家）识别"},
    reads=Reads.LINES,
    rule={
        "en": "Several amounts of one direction within days, each under a reporting amount and "
        "near it, that together reach it: in cash, with one counterparty, or all transfers.",
        "zh": "数日内同向多笔金额各低于但接近大额交易报告标准，合计达标："
        "现金、同一对手方、全部转账分别判断。",
    },
    parameters=(
        Parameter(
            name="days",
            default=10,
            unit="days",
            means={
                "en": "successive dates in which the amounts lie, from any date on",
                "zh": "各笔所在的连续日历天数（起始日任意）",
            },
            source="中国人民银行令〔2006〕第2号, definitions: 短期 is 10 business days; here dates",
            least=1,
            most=366,
        ),
        Parameter(
            name="count",
            default=3,
            unit="lines",
            means={"en": "so many amounts at least", "zh": "至少笔数"},
            source="中国人民银行令〔2006〕第2号, definitions: 频繁 is 3 times or more",
            least=2,
            most=1_000,
        ),
        Parameter(
            name="near",
            default=0.5,
            unit="share",
            means={
                "en": "each amount is at least this share of the reporting amount, and under it",
                "zh": "每笔不低于报告标准的此比例，且低于标准",
            },
            source="this project's: what close (接近) means, no regulation puts in figures",
            least=0.01,
            most=0.999,
        ),
        Parameter(
            name="close",
            default=0.9,
            unit="share",
            means={
                "en": "with a mean of at least this share of it the finding is graver",
                "zh": "平均每笔达到标准的此比例时，严重程度提高一级",
            },
            source="this project's: 45,000 to 49,999 of 50,000 are seldom chosen by chance",
            least=0.01,
            most=1,
        ),
        Parameter(
            name="all_transfers",
            default=True,
            unit="yes or no",
            means={
                "en": "also transfers of several counterparties together",
                "zh": "不同对手方的转账也合并判断",
            },
            source="中国人民银行令〔2016〕第3号 article 5: sums are of a customer",
        ),
        OWNER,
        USD_RATES,
        *CASH_PARAMETERS,
        words(
            "reasonable",
            REASONABLE,
            "words that may explain a line: they lower its severity and are shown",
            "合理背景关键词：只降低严重程度并列出，不会不报",
            "keywords.py",
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class Structuring:
    """Amounts under a reporting amount that together reach it.

    What the notion leaves open is decided so:
    - A candidate is a line of at least `near` of the amount that it avoids and under it: of 50,000
      with 0.5, from 25,000.00 to 49,999.99. NEUTRAL lines and reversals are none.
    - Candidates of one book (an account in one currency) and one direction are held together
      three times: cash lines against the amount for cash, transfers with one counterparty (name
      and account) and all transfers against the one for transfers. A line found with its
      counterparty is not said again with all transfers.
    - A window is any `days` successive dates. Where it holds `count` candidates or more whose sum
      reaches the amount, all of them are reported; windows that share a line are one period.
    - Severity: cash high where the mean is `close` to the amount, else medium; one counterparty
      the same; several counterparties one lower. A reasonable word makes a line low.

    SOURCE: the amounts of `statutory_amounts.toml`; the notion after 31 U.S.C. 5324 and
    中国人民银行令〔2006〕第2号 article 11 (2). O(n log n) of the candidates, O(n) of the lines.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `kind`, `amount`, `limit`, `total` (minor
        units), `count`, `days` and `first`, `last` (dates) of the period, `direction`, `assumed`
        (the owner is unknown), `reasonable` (a word, or null)."""
        told_limits = limits(parameters["owner"], parameters["usd_rates"])
        if isinstance(told_limits, NotApplicable):
            return told_limits
        left_out, nothing = without_limit(lines, told_limits)
        if nothing:
            return nothing
        near = _candidates(lines, parameters, told_limits)
        found = _grouped(near, parameters)
        findings, periods = _findings(found, parameters)
        return Result(
            findings=findings,
            periods=periods,
            statistics={
                "candidates": near.height,
                "lines_in_other_currencies": left_out,
                **{kind: (found["kind"] == kind).sum() for kind in (CASH, ONE_PARTY, TRANSFER)},
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """The line, the others of its period, and the amount that they stay under."""
        said = _SAID[lang]
        side = said["in" if finding["direction"] == IN else "out"]
        text = said["text"].format(
            **dict(finding)
            | {"amount": money(finding["amount"]), "total": money(finding["total"])}
            | {"limit": money(finding["limit"]), "kind": said[finding["kind"]], "side": side}
        )
        if finding["assumed"] and finding["kind"] != CASH:
            text += said["assumed"]
        if finding["reasonable"]:
            text += said["word"].format(word=finding["reasonable"])
        return text + said["end"]


def _candidates(
    lines: pl.DataFrame, parameters: Mapping[str, Any], told_limits: Limits
) -> pl.DataFrame:
    """Lines near an amount: `row`, `kind`, `limit`, `book`, `day` and the line's own columns."""
    share = ratio(parameters["near"])
    least = min(min(kinds[CASH], kinds[TRANSFER]) for kinds in told_limits.values())
    most = max(kinds[TRANSFER] for kinds in told_limits.values())
    amount = pl.col("amount")
    counted = (pl.col("direction") != NEUTRAL) & ~pl.col("reversal")
    rough = lines.select(counted & (amount >= int(least * share)) & (amount < most)).to_series()
    rows = rough.arg_true()
    few = lines.select(
        pl.col("account", "currency", "time", "amount", "direction").gather(rows),
        pl.col("counterparty", "counterparty_account", "summary").gather(rows),
        row=rows.cast(pl.UInt32),
        book=pl.Series(_books(lines, rows)),
    )
    cash = is_cash(few["summary"], parameters["cash_words"], parameters["not_cash"])
    kind = pl.when(cash).then(pl.lit(CASH)).otherwise(pl.lit(TRANSFER))
    limit = (
        pl.when(cash).then(limit_of(told_limits, CASH)).otherwise(limit_of(told_limits, TRANSFER))
    )
    return (
        few.with_columns(kind=kind, limit=limit, day=pl.col("time").dt.epoch("d").cast(pl.Int64))
        .filter(amount < pl.col("limit"))
        .filter(amount * share.denominator >= pl.col("limit") * share.numerator)
    )


def _books(lines: pl.DataFrame, rows: pl.Series) -> Ints:
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    chosen: Ints = book_codes(lines)[rows.to_numpy()]
    return chosen


def _grouped(near: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """The candidates that lie in a full window, with `kind` and `group`, the number of the period;
    each line once, with its counterparty before with all."""
    cash = _spans(near.filter(pl.col("kind") == CASH), (), parameters)
    transfers = near.filter(pl.col("kind") == TRANSFER)
    party = ("counterparty", "counterparty_account")
    named = transfers.filter((pl.col(party[0]) != "") | (pl.col(party[1]) != ""))
    of_party = _spans(named, party, parameters).with_columns(kind=pl.lit(ONE_PARTY))
    every = _spans(transfers if parameters["all_transfers"] else transfers.clear(), (), parameters)
    rest = every.join(of_party.select("row"), on="row", how="anti", maintain_order="left")
    found, offset = [], 0
    for one in (cash, of_party, rest):
        found.append(one.with_columns(group=pl.col("group") + offset))
        offset += len(near)
    return pl.concat(found)


def _spans(
    near: pl.DataFrame, party: tuple[str, ...], parameters: Mapping[str, Any]
) -> pl.DataFrame:
    """Those of the candidates of each book, direction and `party` that lie in a full window, with
    `group`, and `total`, `count`, `first` and `last` of it."""
    keys = ("book", "direction", *party)
    near = near.sort(*keys, "day")
    new = near.select(pl.any_horizontal(pl.col(key) != pl.col(key).shift() for key in keys))
    whose = np.cumsum(new.to_series().fill_null(value=False).to_numpy())
    group = _windows(
        whose,
        near["day"].to_numpy(),
        near["amount"].to_numpy(),
        near["limit"].to_numpy(),
        days=parameters["days"],
        count=parameters["count"],
    )
    return (
        near.with_columns(group=pl.Series(group, dtype=pl.Int64))
        .filter(pl.col("group") >= 0)
        .with_columns(
            total=pl.col("amount").sum().over("group"),
            count=pl.len().over("group"),
            first=pl.col("time").dt.date().min().over("group"),
            last=pl.col("time").dt.date().max().over("group"),
        )
    )


def _windows(whose: Ints, day: Ints, amount: Ints, limit: Ints, *, days: int, count: int) -> Ints:
    """The number of the period of each candidate, sorted by whose they are and day; -1 for none.

    A full window that can't be made longer ends on the date of its last line: those that end at
    each line's date are all that have to be looked at.
    """
    if not len(day):
        return day
    span = int(day.max() - day.min()) + days + 1
    place = whose * span + (day - day.min())
    first = np.searchsorted(place, np.maximum(place - days + 1, whose * span))
    after = np.searchsorted(place, place, side="right")
    sums = np.append(0, np.cumsum(amount))
    full = (after - first >= count) & (sums[after] - sums[first] >= limit)
    begun = np.bincount(first[full], minlength=len(day) + 1)
    ended = np.bincount(after[full], minlength=len(day) + 1)
    cover = np.cumsum(begun - ended)[:-1]
    inside = cover > 0
    # Windows are one period where they share a line: a new one begins where none goes on.
    group: Ints = np.cumsum(inside & (cover == begun[:-1])) - 1
    group[~inside] = -1
    return group


def _findings(
    found: pl.DataFrame, parameters: Mapping[str, Any]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    found = found.with_columns(pl.col("group").rank("dense").cast(pl.UInt32) - 1)
    periods = (
        found.group_by("group")
        .agg(
            pl.col("account", "currency").first(),
            pl.col("first").first().cast(pl.Datetime("us")).alias("start"),
            pl.col("last").first().cast(pl.Datetime("us")).dt.offset_by("1d").alias("end"),
        )
        .sort("group")
        .drop("group")
    )
    close = ratio(parameters["close"])
    grave = (pl.col("total") * close.denominator) >= (
        pl.col("limit") * close.numerator * pl.col("count").cast(pl.Int64)
    )
    findings = found.select(
        "row",
        reasonable=first_word(told(), parameters["reasonable"]),
        period="group",
        grave=grave.cast(pl.Int8) + (pl.col("kind") != TRANSFER).cast(pl.Int8),
        kind="kind",
        amount="amount",
        limit="limit",
        total="total",
        count="count",
        first="first",
        last="last",
        direction="direction",
    ).with_columns(
        severity=_severity(),
        days=(pl.col("last") - pl.col("first")).dt.total_days() + 1,
        assumed=pl.lit(parameters["owner"] == UNKNOWN),
    )
    return findings.drop("grave").sort("row"), periods


def _severity() -> pl.Expr:
    return (
        pl.when((pl.col("grave") == 0) | pl.col("reasonable").is_not_null())
        .then(pl.lit(Severity.LOW.value))
        .when(pl.col("grave") == 1)
        .then(pl.lit(Severity.MEDIUM.value))
        .otherwise(pl.lit(Severity.HIGH.value))
    )


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "text": "{amount} is one of {count:,} {kind} {side} from {first} to {last} ({days:,} "
        "days), each under {limit}, that add up to {total}",
        CASH: "cash amounts",
        ONE_PARTY: "amounts of this counterparty",
        TRANSFER: "transfers",
        "in": "received",
        "out": "paid",
        "assumed": " (the amount of a personal account: whose it is, is not said)",
        "word": "; its text has “{word}”, which may explain it",
        "end": ".",
    },
    "zh": {
        "text": "本笔 {amount}，为 {first} 至 {last}（{days:,} 天）{side}的 {count:,} 笔"
        "{kind}之一，每笔均低于 {limit}，合计 {total}",
        CASH: "现金",
        ONE_PARTY: "同一对手方交易",
        TRANSFER: "转账",
        "in": "收入",
        "out": "支出",
        "assumed": "（账户性质未说明，按自然人标准）",
        "word": "；含关键词“{word}”，或有合理背景",
        "end": "。",
    },
}

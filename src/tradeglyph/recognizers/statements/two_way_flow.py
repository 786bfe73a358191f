"""Money that goes out to a counterparty and comes in from it again."""

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
from tradeglyph.domain.statements import IN, NEUTRAL
from tradeglyph.recognizers.statements.books import ADDRESS, Ints, book_codes
from tradeglyph.recognizers.statements.card_parameters import amount, words
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.keywords import (
    OWN_NAME,
    WEALTH,
    first_word,
    has_word,
    told,
)
from tradeglyph.recognizers.statements.opposite_lines import codes
from tradeglyph.recognizers.statements.other_parties import NAMELESS, Parties, other_parties
from tradeglyph.recognizers.statements.own_names import OWN_NAMES, names_owner
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.sums import ratio

SOURCE = (
    "中国人民银行令〔2006〕第2号, on indicators of suspicious transactions: frequent receipts and "
    "payments with one party without a plain purpose (verify the article); 审计准则第1141号 (ISA "
    "240), on transactions without business substance; the figure is this project's"
)
APART = (
    *(
        "支付宝",
        "财付通",
        "微信",
        "银联",
        "云闪付",
        "京东支付",
        "网银在线",
        "拼多多",
        "美团",
        "抖音支付",
    ),
    *("退款", "退货", "退票", "退汇", "现金", "ATM", "refund", "alipay", "wechat", "paypal"),
)
"""Not one counterparty (payment services, cash), or two ways by nature (refunds)."""
SALARY = (
    *("工资", "薪资", "薪酬", "薪金", "奖金", "代发", "报销", "salary", "payroll", "wage", "wages"),
    *("bonus", "reimbursement"),
)
INFO = Info(
    name="two_way_flow",
    title={"en": "Two-way flow", "zh": "同一对手双向往来异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "Within days, about as much goes out to a counterparty as comes in from it.",
        "zh": "数日之内与同一对手既有支出又有收入，且两者金额相近。",
    },
    parameters=(
        amount(
            "least",
            5_000_000,
            "the sum out and the sum in are at least this",
            "支出合计与收入合计均不低于此数",
            SOURCE,
            least=1,
        ),
        Parameter(
            name="within",
            default=0.05,
            unit="share",
            means={
                "en": "the sums differ by at most this share of the larger",
                "zh": "两者之差不超过较大者的此比例",
            },
            source=SOURCE,
            least=0,
            most=0.5,
        ),
        Parameter(
            name="within_days",
            default=10,
            unit="days",
            means={
                "en": "from the first date to the last are at most so many days",
                "zh": "首末两笔日期至多相差的天数",
            },
            source="中国人民银行令〔2006〕第2号: a short time is ten working days or less (verify)",
            least=0,
            most=366,
        ),
        words(
            "apart",
            APART,
            "words of lines that take no part: payment services, refunds, cash",
            "不参与判断的词：支付机构、退款、现金等",
            "this project's: they are many parties under one name, or two-way by nature",
        ),
        words(
            "lowering",
            (*OWN_NAME, *WEALTH, *SALARY),
            "words that make a finding low: own accounts, wealth products, salaries",
            "降低严重程度的词：本人互转、理财、工资等",
            "keywords.py",
        ),
        OWN_NAMES,
    ),
    profiles=frozenset({Profile.AUDIT}),
)


class TwoWayFlow:
    """Lines with one counterparty, out and in, that about make up for each other.

    What the rule leaves open is decided so:
    - A counterparty is an account number as it is written, or, where a line has none, a name. Each
      book (an account in one currency) is judged by itself.
    - The sums are held against each other over these spans of a counterparty's lines: the
      `within_days` from each date on, the `within_days` up to each date, and any two neighbouring
      lines. In a span both sums are at least `least` and differ by at most `within` of the larger;
      all bounds are included. Every line of such a span is a finding; spans that share a line are
      one period, whose figures are those of its largest span.
    - Lines with a word of `apart` take no part, nor do NEUTRAL lines and reversals. A word of
      `lowering`, or the owner's own name, in a period's largest span makes it `low`; equal sums
      are `high`, others `medium`.

    SOURCE: `SOURCE` in this file. O(n log n) in numpy, whatever the counterparties have.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `party` (account or name), `name`, `out` and
        `into` in minor units, `count` lines, `days` from first to last, `word` that lowers."""
        parties = other_parties(lines)
        if not (parties.party >= 0).any():
            return NAMELESS
        flows = _flows(lines, parties, parameters)
        spans = _spans(flows, parameters)
        periods = _periods(flows, spans)
        return Result(
            findings=_findings(flows, spans, periods),
            periods=periods.select("account", "currency", "start", "end"),
            statistics={
                "counterparties": len(np.unique(parties.party[parties.party >= 0])),
                "lines_without_counterparty": int((parties.party < 0).sum()),
                "two_way_spans": len(periods),
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the counterparty, both sums and the days."""
        said = _SAID[lang]
        word = said["word"].format(word=finding["word"]) if finding["word"] else ""
        name = (
            f" {finding['name']}" if finding["name"] and finding["name"] != finding["party"] else ""
        )
        return said["reason"].format(
            party=finding["party"] + name,
            out=money(finding["out"]),
            into=money(finding["into"]),
            count=finding["count"],
            days=finding["days"],
            word=word,
        )


def _flows(lines: pl.DataFrame, parties: Parties, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Lines of counterparties with enough both ways, sorted by group (book and counterparty), time
    and address: `row`, `group`, `day`, `into`, `out`, `word` and what is told of them."""
    moved = lines.select((pl.col("direction") != NEUTRAL) & ~pl.col("reversal")).to_series()
    at = np.flatnonzero(moved.to_numpy() & (parties.party >= 0))
    group = codes(book_codes(lines)[at], parties.party[at]) if len(at) else at
    some = _enough(lines, at, group, parameters)
    flows = lines[at[some]].with_columns(
        row=pl.Series(at[some], dtype=pl.UInt32),
        group=pl.Series(group[some], dtype=pl.Int64),
        party=_texts(lines, parties, at[some]),
    )
    flows = flows.filter(~has_word(told(), parameters["apart"]))
    owner = names_owner(flows, parameters["own_names"])
    is_in = pl.col("direction") == IN
    flows = flows.with_columns(
        day=pl.col("time").dt.epoch("d").cast(pl.Int64),
        into=pl.when(is_in).then("amount").otherwise(0),
        out=pl.when(is_in).then(0).otherwise("amount"),
        word=pl.coalesce(
            first_word(told(), parameters["lowering"]),
            pl.when(owner).then("counterparty"),
        ),
    )
    return flows.sort("group", "day", "time", *ADDRESS)


def _enough(lines: pl.DataFrame, at: Ints, group: Ints, parameters: Mapping[str, Any]) -> Ints:
    """Positions in `at` of lines that lie in `within_days` with enough both ways, whatever of it
    will not take part: all others are in no span."""
    day = lines["time"].gather(at).dt.epoch("d").to_numpy().astype(np.int64)
    order = np.lexsort((day, group))
    amount = lines["amount"].gather(at).to_numpy()[order]
    into = np.where(lines["direction"].gather(at).to_numpy()[order] == IN, amount, 0)
    place = group[order] * _WIDE + day[order] - int(day.min(initial=0))
    end = np.searchsorted(place, place + int(parameters["within_days"]), side="right")
    here, enough = np.arange(len(at)), np.ones(len(at), dtype=bool)
    for side in (into, amount - into):
        total = np.concatenate(([0], np.cumsum(side)))
        enough &= total[end] - total[here] >= int(parameters["least"])
    # Windows begin and end later and later: a line is in one if the last to begin before it is.
    reach = np.maximum.accumulate(np.where(enough, end, 0))
    return np.sort(order[here < reach])


def _texts(lines: pl.DataFrame, parties: Parties, at: Ints) -> pl.Series:
    other = parties.sides.other[at]
    account = parties.sides.texts.gather(np.maximum(other, 0)) if len(parties.sides.texts) else None
    names = lines["counterparty"].gather(at)
    if account is None:
        return names
    return account.zip_with(pl.Series(other >= 0), names)


def _spans(flows: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Spans that are findings: positions `first` and `last` in the flows, and `into`, `out`."""
    count, within = len(flows), int(parameters["within_days"])
    group, day = flows["group"].to_numpy(), flows["day"].to_numpy()
    place = group * _WIDE + day - int(day.min(initial=0))
    here = np.arange(count)
    ends = np.searchsorted(place, place + within, side="right") - 1
    starts = np.searchsorted(place, place - within, side="left")
    own = np.searchsorted(group, group, side="left")
    # A span that begins with a date begins with its first line, and ends with its last.
    begun = np.searchsorted(place, place, side="left")
    ended = np.searchsorted(place, place, side="right") - 1
    next_ = here[:-1][(group[1:] == group[:-1]) & (day[1:] - day[:-1] <= within)]
    first = np.concatenate((begun, np.maximum(starts, own), next_))
    last = np.concatenate((ends, ended, next_ + 1))
    keys = np.unique(first * (count + 1) + last)
    first, last = keys // (count + 1), keys % (count + 1)
    into, out = (np.concatenate(([0], np.cumsum(flows[name].to_numpy()))) for name in _SUMS)
    table = pl.DataFrame(
        {
            "first": first,
            "last": last,
            "into": into[last + 1] - into[first],
            "out": out[last + 1] - out[first],
        }
    )
    share, least = ratio(parameters["within"]), int(parameters["least"])
    wide = pl.Int128
    apart = (pl.col("into") - pl.col("out")).abs().cast(wide) * share.denominator
    larger = pl.max_horizontal("into", "out").cast(wide) * share.numerator
    return table.filter((pl.min_horizontal("into", "out") >= least) & (apart <= larger))


_SUMS = ("into", "out")
_WIDE = 1 << 26
"""More days than there are between any two, twice."""


def _periods(flows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Of each row of spans that share lines: `first` and `last` positions, and of its largest span
    the sums, `count` lines, `days`, and `word`."""
    spans = spans.sort("first", "last").with_columns(reached=pl.col("last").cum_max().shift(1))
    spans = spans.with_columns(
        period=(pl.col("first") > pl.col("reached")).fill_null(value=True).cum_sum() - 1
    )
    spans = spans.with_columns(total=pl.col("into") + pl.col("out"))
    reach = spans.group_by("period").agg(
        pl.col("first").min().alias("from"), pl.col("last").max().alias("to")
    )
    largest = spans.sort("total", "first", "last", descending=[True, False, False])
    largest = largest.unique("period", keep="first", maintain_order=True)
    table = largest.join(reach, on="period").sort("period")
    first, last = table["first"].to_numpy(), table["last"].to_numpy()
    day = pl.col("time").dt.date().cast(pl.Datetime("us"))
    start, end = (flows.select(day).to_series().gather(table[name]) for name in ("from", "to"))
    worded = np.where(flows["word"].is_not_null().to_numpy(), np.arange(len(flows)), len(flows))
    soonest = np.minimum.accumulate(worded[::-1])[::-1][first]
    said = pl.Series(np.where(soonest <= last, soonest, -1)).replace(-1, None)
    days = flows["day"].to_numpy()
    return table.with_columns(
        flows["account"].gather(table["from"]),
        flows["currency"].gather(table["from"]),
        start=start,
        end=end.dt.offset_by("1d"),
        count=pl.Series(last - first + 1, dtype=pl.Int64),
        days=pl.Series(days[last] - days[first], dtype=pl.Int64),
        word=flows["word"].gather(said),
    )


def _findings(flows: pl.DataFrame, spans: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Every line in a span, with the figures of its period."""
    inside = np.zeros(len(flows) + 1, dtype=np.int64)
    np.add.at(inside, spans["first"].to_numpy(), 1)
    np.add.at(inside, spans["last"].to_numpy() + 1, -1)
    at = np.flatnonzero(np.cumsum(inside)[:-1] > 0)
    period = np.searchsorted(periods["from"].to_numpy(), at, side="right") - 1
    figures = periods.select("into", "out", "count", "days", "word")[period]
    both = pl.concat(
        [flows[at].select("row", "party", pl.col("counterparty").alias("name")), figures],
        how="horizontal",
    )
    severity = (
        pl.when(pl.col("word").is_not_null())
        .then(pl.lit(Severity.LOW.value))
        .when(pl.col("into") == pl.col("out"))
        .then(pl.lit(Severity.HIGH.value))
        .otherwise(pl.lit(Severity.MEDIUM.value))
    )
    return both.select(
        "row",
        severity.alias("severity"),
        pl.Series("period", period, dtype=pl.UInt32),
        *("party", "name", "out", "into", "count", "days", "word"),
    ).sort("row")


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "reason": "{out} went to {party} and {into} came back within {days} days (lines: "
        "{count}){word}.",
        "word": '; "{word}" may explain it',
    },
    "zh": {
        "reason": "{days} 天内支付 {party} {out}，又自其收入 {into}（共 {count} 笔）{word}。",
        "word": "；“{word}”可作解释",
    },
}

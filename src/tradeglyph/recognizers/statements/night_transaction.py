"""Night transactions: many or large payments at an hour when people sleep.

A line is a finding where it lies in the night, [02:00, 05:00), and there are more lines than the
threshold in its date and hour, or its amount is above the threshold. Decided where the rule leaves
it open:

- 05:00:00 is morning. A night may go over midnight; where it ends at the hour that it begins, it is
  the whole day.
- The hour is the clock's, as for high frequency; accounts and currencies are apart. All lines of
  the hour are counted, those too that a keyword explains.
- 中性 lines are counted and named by their number, but never by their amount, which moved nothing
  in or out.
- Severity: an amount above the threshold is high, many lines alone are medium.
- A word of night work or of an emergency in summary or counterparty silences its line, in profile
  `seed`. In profile `audit` nothing is silenced: whoever moves money at night can also write
  `hospital` beside it. There the word lowers the severity to low, and is shown.
- Accounts without a time of day are left out and named, as for high frequency.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.card_parameters import keywords_silence, seed_rule, words
from tradeglyph.recognizers.statements.clock import HOUR_US, Clocked, clocked
from tradeglyph.recognizers.statements.figures import money, second
from tradeglyph.recognizers.statements.keywords import first_word, told
from tradeglyph.recognizers.statements.result import Result

_RULE = seed_rule("night_transaction")
NIGHT_WORDS = (
    "夜班", "值班", "加班", "酒店", "宾馆", "旅馆", "民宿", "网约车", "出租车", "滴滴", "打车",
    "代驾", "便利店", "夜宵", "宵夜", "烧烤", "外卖", "美团", "饿了么", "酒吧", "KTV", "网吧",
    "机场", "航空", "机票", "铁路", "加油", "高速", "停车", "night shift", "hotel", "taxi",
)  # fmt: skip
"""Work and custom of the night."""
EMERGENCY_WORDS = (
    "医院", "急诊", "急救", "医疗", "门诊", "挂号", "药店", "药房", "救护", "救援", "抢修",
    "殡仪", "殡葬", "丧葬", "应急", "hospital", "ambulance", "pharmacy", "emergency",
)  # fmt: skip

INFO: Final = Info(
    name="night_transaction",
    title={"en": "Night transactions", "zh": "夜间交易异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "many lines in an hour of the night, or a large one, without a reason for the hour",
        "zh": "深夜时段一小时内交易笔数过多或单笔金额过大，且没有夜间经营或紧急事由",
    },
    parameters=(
        Parameter(
            name="start_hour",
            default=2,
            unit="hours",
            means={"en": "the night begins at this hour", "zh": "夜间开始的整点"},
            source=_RULE,
            least=0,
            most=23,
        ),
        Parameter(
            name="end_hour",
            default=5,
            unit="hours",
            means={
                "en": "the night ends before this hour; the same as its start for the whole day",
                "zh": "夜间结束的整点（不含）；与开始相同表示全天",
            },
            source=_RULE,
            least=0,
            most=23,
        ),
        Parameter(
            name="frequency_threshold",
            default=3,
            unit="lines",
            means={
                "en": "an hour of the night may have so many lines",
                "zh": "夜间一小时内允许的笔数",
            },
            source=_RULE,
            least=1,
            most=100_000,
        ),
        Parameter(
            name="amount_threshold",
            default=50_000_00,
            unit="minor units",
            means={
                "en": "a line of the night may have this amount",
                "zh": "夜间单笔允许的金额",
            },
            source=_RULE,
            least=0,
            most=1_000_000_000_00,
        ),
        words(
            "keywords",
            NIGHT_WORDS + EMERGENCY_WORDS,
            "words of night work and emergencies, in summary or counterparty",
            "摘要或对方户名中表示夜间经营或紧急事由的词",
            f"{_RULE}; the words are this project's",
        ),
        keywords_silence("night_transaction"),
    ),
)


class NightTransaction:
    """The rule of this file."""

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Lines of the night that are many or large."""
        timed = clocked(lines)
        if (missing := timed.missing()) is not None:
            return missing
        night = _at_night(timed.lines, parameters["start_hour"], parameters["end_hour"])
        suspect = _suspect(night, parameters)
        texts = lines.select(pl.col("summary", "counterparty", "currency").gather(suspect["row"]))
        worded = pl.concat([suspect, texts], how="horizontal").with_columns(
            keyword=first_word(told(), parameters["keywords"]).fill_null("")
        )
        silenced = (
            worded.filter(pl.col("keyword") != "") if parameters["keywords_silence"] else None
        )
        named = worded if silenced is None else worded.filter(pl.col("keyword") == "")
        periods = _nights(lines, named)
        findings = _findings(named, periods, parameters)
        return Result(
            findings=findings,
            periods=periods.drop("book", "night"),
            statistics=_statistics(timed, night, findings, silenced),
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """When, how many or how much, how much is allowed, and the word that may explain it."""
        count, most = finding["hour_count"], finding["frequency_threshold"]
        amount = f"{money(finding['amount'])} {finding['currency']}"
        limit, word = money(finding["amount_threshold"]), finding["keyword"]
        start, end = f"{finding['start_hour']:02d}:00", f"{finding['end_hour']:02d}:00"
        if lang == "zh":
            parts = [f"{second(finding['time'])} 处于夜间时段 {start} 至 {end}"]
            if finding["by_count"]:
                parts.append(f"该小时共有 {count} 笔交易，超过 {most} 笔")
            if finding["by_amount"]:
                parts.append(f"单笔 {amount}，超过 {limit}")
            if word:
                parts.append(f"摘要或对方含“{word}”，可能有合理事由，需核实")
            return "；".join(parts)
        parts = [f"{second(finding['time'])} is in the night, {start} to {end}"]
        if finding["by_count"]:
            parts.append(f"{count} transactions in that hour, more than {most}")
        if finding["by_amount"]:
            parts.append(f"{amount}, more than {limit}")
        if word:
            parts.append(f"may be explained by the word '{word}', to be verified")
        return "; ".join(parts)


def _at_night(lines: pl.DataFrame, start: int, end: int) -> pl.DataFrame:
    """Lines of the night: with `night`, its beginning in us, and `hour_count`."""
    length = ((end - start - 1) % 24 + 1) * HOUR_US
    since = (pl.col("us") - start * HOUR_US) % DAY_US
    night = lines.filter(since < length).with_columns(
        night=pl.col("us") - since, hour=pl.col("us") // HOUR_US
    )
    return night.with_columns(hour_count=pl.len().over("book", "hour"))


def _suspect(night: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Those that are many or large, whatever their words."""
    large = (pl.col("amount") > parameters["amount_threshold"]) & (pl.col("direction") != NEUTRAL)
    return night.with_columns(
        by_count=pl.col("hour_count") > parameters["frequency_threshold"], by_amount=large
    ).filter(pl.col("by_count") | pl.col("by_amount"))


def _nights(lines: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    """One row per account and night with a finding; `end` is just after its last one."""
    grouped = named.group_by("book", "night").agg(
        pl.col("row").min(),
        pl.col("us").min().cast(pl.Datetime("us")).alias("start"),
        (pl.col("us").max() + 1).cast(pl.Datetime("us")).alias("end"),
        pl.len().alias("transaction_count"),
    )
    whose = lines.select(pl.col("account", "currency", "file", "sheet").gather(grouped["row"]))
    every = pl.concat([whose, grouped], how="horizontal")
    return every.sort("account", "currency", "file", "sheet", "night").drop("file", "sheet", "row")


def _findings(
    named: pl.DataFrame, periods: pl.DataFrame, parameters: Mapping[str, Any]
) -> pl.DataFrame:
    severity = (
        pl.when(pl.col("keyword") != "")
        .then(pl.lit(Severity.LOW.value))
        .when("by_amount")
        .then(pl.lit(Severity.HIGH.value))
        .otherwise(pl.lit(Severity.MEDIUM.value))
    )
    said = ("start_hour", "end_hour", "frequency_threshold", "amount_threshold")
    nights = periods.select("book", "night").with_row_index("period")
    return (
        named.join(nights, on=["book", "night"])
        .select(
            "row",
            severity.alias("severity"),
            "period",
            pl.col("us").cast(pl.Datetime("us")).alias("time"),
            "amount",
            "currency",
            "hour_count",
            "by_count",
            "by_amount",
            "keyword",
            *(pl.lit(parameters[name], pl.Int64).alias(name) for name in said),
        )
        .sort("row")
    )


def _statistics(
    timed: Clocked, night: pl.DataFrame, findings: pl.DataFrame, silenced: pl.DataFrame | None
) -> dict[str, Any]:
    return {
        "total_transactions": timed.lines.height,
        "night_transactions": night.height,
        "by_count": int(findings["by_count"].sum()),
        "by_amount": int(findings["by_amount"].sum()),
        "mitigated_by_keyword": findings.filter(pl.col("keyword") != "").height,
        "silenced_by_keyword": 0 if silenced is None else silenced.height,
        **timed.statistics(),
    }

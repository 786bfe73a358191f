"""High frequency: many lines of one account within one hour.

The rule's unit is a date and an hour of the bank's clock, [14:00, 15:00): more lines than the
threshold in it, and every line of that hour is a finding. 10 is quiet, 11 is not. Decided where
the rule leaves it open:

- Accounts are apart, and so are an account's currencies, whose amounts can't be summed.
- 中性 lines (不计收支) happened: they are counted, and named. Their amounts moved nothing in or
  out, so they are in no sum. `amount_avg` is the sum over all lines, as the rule has it.
- Reversals (冲正) are lines as any other.
- An account without a time of day (`clock`) can't be asked. It is left out and named in the
  statistics; where no account has one, the rule is not applicable.

Profile `audit` also looks at any 60 minutes: six lines before the full hour and six after are as
many as twelve within it. Such crowds are periods beside the hours, and name only lines that no
hour names.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.domain.statements import IN, MINOR, NEUTRAL, OUT
from tradeglyph.recognizers.statements.clock import HOUR_US, Clocked, clocked
from tradeglyph.recognizers.statements.figures import minute, second, units
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.rolling import crowds

MINUTE_US = HOUR_US // 60
STATISTIC_UNIT = "日期 + 小时"
_RULE = "the recognizer this module began with: more than 10 transactions in one date and hour"

INFO: Final = Info(
    name="high_frequency",
    title={"en": "High-frequency transactions", "zh": "高频交易异常识别"},
    reads=Reads.LINES,
    rule={
        "en": "more lines of one account in one date and hour than the threshold",
        "zh": "同一账户在同一日期、同一小时内的交易笔数超过阈值",
    },
    parameters=(
        Parameter(
            name="frequency_threshold",
            default=10,
            unit="lines",
            means={
                "en": "an hour may have so many lines; one more and all of them are named",
                "zh": "一小时内允许的笔数；多一笔，该小时的每一笔都列出",
            },
            source=_RULE,
            least=1,
            most=100_000,
        ),
        Parameter(
            name="rolling_minutes",
            default=0,
            audit=60,
            unit="minutes",
            means={
                "en": "length of the stretch that is also looked at from any time on; 0 for none",
                "zh": "另按任意起点的这一时长统计；0 表示不统计",
            },
            source="an hour that begins at any time: a fixed hour splits a crowd in two",
            least=0,
            most=1_440,
        ),
    ),
)


class HighFrequency:
    """The rule of this file."""

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Every line of every crowded hour."""
        told = clocked(lines)
        if (missing := told.missing()) is not None:
            return missing
        threshold, minutes = parameters["frequency_threshold"], parameters["rolling_minutes"]
        timed = told.lines.with_columns(
            moved=pl.when(pl.col("direction") != NEUTRAL).then("amount").otherwise(0),
            span=_hour_of_owner(told.lines),
        )
        counted = _counted(timed)
        found = _in_hours(timed, counted, threshold)
        if minutes:
            near = _near_a_crowd(timed, counted, minutes, threshold)
            found = pl.concat([found, _in_crowds(near, found, minutes, threshold)])
        periods = _periods(lines, found)
        return Result(
            findings=_findings(found, periods, threshold),
            periods=periods.drop("span"),
            statistics=_statistics(told, counted, periods),
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """Which hour, how many lines, how many are allowed."""
        start, end = finding["start"], finding["end"]
        count, threshold = finding["transaction_count"], finding["threshold"]
        minutes, peak = finding["window_minutes"], finding["peak"]
        if lang == "zh":
            if minutes:
                return (
                    f"{second(start)} 至 {second(end)} 共有 {count} 笔交易，其中任意 {minutes} "
                    f"分钟内最多 {peak} 笔，超过阈值 {threshold} 笔，收付过于密集"
                )
            return (
                f"{minute(start)} 至 {minute(end)} 一个整点小时内共有 {count} 笔交易，"
                f"超过阈值 {threshold} 笔，收付过于密集"
            )
        if minutes:
            return (
                f"{count} transactions from {second(start)} to {second(end)}, up to {peak} of them "
                f"within {minutes} minutes, more than the threshold of {threshold}"
            )
        return (
            f"{count} transactions in the hour from {minute(start)} to {minute(end)}, more than "
            f"the threshold of {threshold}"
        )

    def details(self, period: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
        """`period_info` and `business_rule`, with the rule's own keys."""
        return {"period_info": period_info(period), "business_rule": _business_rule(parameters)}

    def shown(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The unit and the rule in words, beside the threshold."""
        rule = _business_rule(parameters)
        return {"statistic_unit": rule["statistic_unit"], "business_rule": rule["description"]}


def period_info(period: Mapping[str, Any]) -> dict[str, Any]:
    """One row of `periods` as JSON has it; amounts in units of the currency.

    An hour ends at `24:00` on its own day, not at `00:00` of the next. A stretch of a rolling
    window says its own start and end.
    """
    start, count = period["start"], period["transaction_count"]
    hourly = period["window_minutes"] == 0
    end = f"{start.hour + 1:02d}:00" if hourly else second(period["end"])
    return {
        "date": f"{start:%Y-%m-%d}",
        "hour": start.hour,
        "start_time": f"{start.hour:02d}:00" if hourly else second(start),
        "end_time": end,
        "transaction_count": count,
        "amount_sum": units(period["amount_sum"]),
        "amount_avg": units(period["amount_sum"]) / count,
        "in_count": period["in_count"],
        "out_count": period["out_count"],
    }


def _business_rule(parameters: Mapping[str, Any]) -> dict[str, Any]:
    threshold, minutes = parameters["frequency_threshold"], parameters["rolling_minutes"]
    also = f"，或任意 {minutes} 分钟内" if minutes else ""
    return {
        "statistic_unit": STATISTIC_UNIT,
        "threshold": threshold,
        "description": f"同一账户一小时内{also}的交易笔数多于 {threshold} 笔，视为高频交易",
    }


def _hour_of_owner(lines: pl.DataFrame) -> pl.Expr:
    """One number per owner and hour."""
    hour = pl.col("us") // HOUR_US
    low: int | None
    high: int
    low, high = lines.select(low=hour.min(), high=hour.max()).row(0)
    return hour if low is None else pl.col("owner") * (high - low + 1) + (hour - low)


def _counted(timed: pl.DataFrame) -> pl.DataFrame:
    """One row per account and hour with a line: `span`, `count`, `moved`."""
    grouped = timed.lazy().group_by("span").agg(pl.len().alias("count"), pl.col("moved").sum())
    return grouped.collect(engine="streaming")


def _in_hours(timed: pl.DataFrame, counted: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The lines of crowded hours, with the columns of `_in_crowds`."""
    crowded = counted.filter(pl.col("count") > threshold)["span"]
    start = pl.col("us") // HOUR_US * HOUR_US
    return timed.filter(pl.col("span").is_in(crowded.implode())).select(
        "row",
        "span",
        "direction",
        "moved",
        start=start,
        end=start + HOUR_US,
        peak=pl.len().over("span"),
        window_minutes=pl.lit(0, pl.UInt32),
        own=pl.lit(value=True),
    )


def _near_a_crowd(
    timed: pl.DataFrame, counted: pl.DataFrame, minutes: int, threshold: int
) -> pl.DataFrame:
    """Lines that may be in a crowd. A window of an hour or less touches two clock hours at most,
    one of which holds half of its lines: of those hours and their neighbours is every crowd."""
    if minutes * MINUTE_US > HOUR_US:
        return timed
    half = counted.filter(2 * pl.col("count") > threshold)["span"]
    hours = pl.concat([half - 1, half, half + 1]).unique()
    return timed.filter(pl.col("span").is_in(hours.implode()))


def _in_crowds(
    timed: pl.DataFrame, hours: pl.DataFrame, minutes: int, threshold: int
) -> pl.DataFrame:
    """The lines of crowds that hold a line that no hour names; `own` are those lines."""
    crowded = crowds(timed, width_us=minutes * MINUTE_US, threshold=threshold)
    crowded = crowded.with_columns(own=~pl.col("row").is_in(hours["row"].implode()))
    crowded = crowded.filter(pl.col("own").any().over("span"))
    named = timed.filter(pl.col("row").is_in(crowded["row"].implode()))
    return crowded.join(named.select("row", "direction", "moved"), on="row").select(
        "row",
        "span",
        "direction",
        "moved",
        "start",
        "end",
        "peak",
        pl.lit(minutes, pl.UInt32).alias("window_minutes"),
        "own",
    )


def _periods(lines: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """One row per crowded hour, then per crowd, of each account; `span` to find it by."""
    grouped = found.group_by("window_minutes", "span").agg(
        pl.col("row").min(),
        pl.col("start", "end").first().cast(pl.Datetime("us")),
        pl.len().alias("transaction_count"),
        pl.col("moved").sum().alias("amount_sum"),
        (pl.col("direction") == IN).sum().alias("in_count"),
        (pl.col("direction") == OUT).sum().alias("out_count"),
        pl.col("peak").first(),
    )
    whose = lines.select(pl.col("account", "currency", "file").gather(grouped["row"]))
    named = pl.concat([whose, grouped], how="horizontal")
    return named.sort("account", "currency", "file", "window_minutes", "start").drop("file", "row")


def _findings(found: pl.DataFrame, periods: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The lines, each with what its reason says of its period."""
    named = found.filter("own").select("row", "window_minutes", "span")
    told = periods.select(
        "window_minutes", "span", "start", "end", "transaction_count", "peak"
    ).with_row_index("period")
    return (
        named.join(told, on=["window_minutes", "span"])
        .drop("span")
        .with_columns(
            severity=pl.lit(Severity.HIGH.value), threshold=pl.lit(threshold, dtype=pl.UInt32)
        )
        .sort("row")
    )


def _statistics(told: Clocked, counted: pl.DataFrame, periods: pl.DataFrame) -> dict[str, Any]:
    """The rule's own keys; amounts in units of the currency."""
    hourly = periods.filter(pl.col("window_minutes") == 0)
    return {
        "total_transactions": told.lines.height,
        "total_periods": counted.height,
        "high_frequency_periods": hourly.height,
        "rolling_periods": periods.height - hourly.height,
        "period_statistics": _period_statistics(counted),
        "high_frequency_details": _period_details(hourly),
        **told.statistics(),
    }


def _period_statistics(counted: pl.DataFrame) -> dict[str, float | None]:
    count, moved = pl.col("count"), pl.col("moved")
    of_all = counted.select(
        max_transactions_per_hour=count.max(),
        min_transactions_per_hour=count.min(),
        avg_transactions_per_hour=count.mean(),
        max_amount_per_hour=moved.max() / MINOR,
        min_amount_per_hour=moved.min() / MINOR,
        avg_amount_per_hour=moved.mean() / MINOR,
    )
    return of_all.row(0, named=True)


def _period_details(hourly: pl.DataFrame) -> list[dict[str, Any]]:
    start = pl.col("start")
    return hourly.select(
        "account",
        "currency",
        start.dt.strftime("%Y-%m-%d").alias("date"),
        start.dt.hour().alias("hour"),
        "transaction_count",
        pl.col("amount_sum") / MINOR,
        "in_count",
        "out_count",
    ).to_dicts()

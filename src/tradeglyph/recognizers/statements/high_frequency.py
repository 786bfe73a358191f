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
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Parameter, Reads, Severity
from tradeglyph.domain.statements import IN, MINOR, NEUTRAL, OUT
from tradeglyph.recognizers.statements.books import Ints, most_places, ranks
from tradeglyph.recognizers.statements.card_parameters import seed_rule
from tradeglyph.recognizers.statements.clock import HOUR_US, Clocked, clocked
from tradeglyph.recognizers.statements.figures import minute, second, units
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.rolling import crowds

MINUTE_US = HOUR_US // 60
_PER_HOUR = tuple(
    f"{which}_{what}_per_hour"
    for what in ("transactions", "amount")
    for which in ("max", "min", "avg")
)
STATISTIC_UNIT = "日期 + 小时"
_RULE = seed_rule("high_frequency")

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
        hours = _hours(told.lines)
        found = _in_hours(told.lines, hours, threshold)
        if minutes:
            near = _near_a_crowd(told.lines, hours, minutes, threshold)
            found = pl.concat([found, _in_crowds(near, found, minutes, threshold)])
        periods = _periods(lines, found)
        return Result(
            findings=_findings(found, periods, threshold),
            periods=periods.drop("span"),
            statistics=_statistics(told, hours, periods),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    """The hours of each book, in one table: book by book, hour by hour."""

    place: Ints
    """Per line, in the table."""
    count: Ints
    """Per place, lines: mostly none."""
    moved: NDArray[np.float64]
    """Per place, the sum of what moved; exact below 2^53 minor units."""


def _hours(lines: pl.DataFrame) -> _Hours:
    book = lines["book"].to_numpy()
    hour = lines["us"].to_numpy() // HOUR_US
    # Hours in which no book has a line, as nights mostly are, get no place.
    hour = ranks(hour - (hour.min() if len(hour) else 0))
    width = int(hour.max(initial=-1)) + 1
    place = book * width + hour
    size = (int(book.max(initial=-1)) + 1) * width
    if size > most_places(len(place)):
        place = ranks(place)
        size = int(place.max()) + 1
    moved = lines.select(moved=_moved())["moved"].to_numpy()
    return _Hours(
        place=place,
        count=np.bincount(place, minlength=size),
        moved=np.bincount(place, weights=moved, minlength=size).astype(np.float64),
    )


def _in_hours(lines: pl.DataFrame, hours: _Hours, threshold: int) -> pl.DataFrame:
    """The lines of crowded hours, with the columns of `_in_crowds`."""
    at = np.flatnonzero((hours.count > threshold)[hours.place])
    place = hours.place[at]
    start = pl.col("us") // HOUR_US * HOUR_US
    return lines[at].select(
        "row",
        span=pl.Series(place),
        direction="direction",
        moved=_moved(),
        start=start,
        end=start + HOUR_US,
        peak=pl.Series(hours.count[place], dtype=pl.UInt32),
        window_minutes=pl.lit(0, pl.UInt32),
        own=pl.lit(value=True),
    )


def _moved() -> pl.Expr:
    return pl.when(pl.col("direction") != NEUTRAL).then("amount").otherwise(0)


def _near_a_crowd(lines: pl.DataFrame, hours: _Hours, minutes: int, threshold: int) -> pl.DataFrame:
    """Lines that may be in a crowd. A window of an hour or less touches two clock hours at most,
    one of which holds half of its lines: of those hours and their neighbours is every crowd."""
    if minutes * MINUTE_US > HOUR_US:
        return lines
    half = hours.count > threshold // 2
    near = half.copy()
    near[1:] |= half[:-1]
    near[:-1] |= half[1:]
    return lines[np.flatnonzero(near[hours.place])]


def _in_crowds(
    lines: pl.DataFrame, hours: pl.DataFrame, minutes: int, threshold: int
) -> pl.DataFrame:
    """The lines of crowds that hold a line that no hour names; `own` are those lines."""
    crowded = crowds(lines, width_us=minutes * MINUTE_US, threshold=threshold)
    crowded = crowded.with_columns(own=~pl.col("row").is_in(hours["row"].implode()))
    crowded = crowded.filter(pl.col("own").any().over("span"))
    named = lines.select("row", "direction", moved=_moved())
    return crowded.join(named, on="row").select(
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
    whose = lines.select(pl.col("account", "currency", "file", "sheet").gather(grouped["row"]))
    named = pl.concat([whose, grouped], how="horizontal")
    place = ("account", "currency", "file", "sheet", "window_minutes", "start")
    return named.sort(place).drop("file", "sheet", "row")


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


def _statistics(told: Clocked, hours: _Hours, periods: pl.DataFrame) -> dict[str, Any]:
    """The rule's own keys; amounts in units of the currency."""
    hourly = periods.filter(pl.col("window_minutes") == 0)
    return {
        "total_transactions": told.lines.height,
        "total_periods": int(np.count_nonzero(hours.count)),
        "high_frequency_periods": hourly.height,
        "rolling_periods": periods.height - hourly.height,
        "period_statistics": _period_statistics(hours),
        "high_frequency_details": _period_details(hourly),
        **told.statistics(),
    }


def _period_statistics(hours: _Hours) -> dict[str, float | None]:
    of_count = np.bincount(hours.count)
    number = int(of_count[1:].sum())
    if not number:
        return dict.fromkeys(_PER_HOUR)
    figures = (
        len(of_count) - 1,
        int(np.flatnonzero(of_count[1:])[0]) + 1,
        len(hours.place) / number,
        float(hours.moved.max()) / MINOR,
        float(hours.moved[hours.place].min()) / MINOR,
        float(hours.moved.sum()) / number / MINOR,
    )
    return dict(zip(_PER_HOUR, figures, strict=True))


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

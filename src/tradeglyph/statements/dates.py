"""Cells of dates and times -> the bank's clock.

Understood: 2025-03-04, 2025/3/4, 2025.3.4, 20250304, 2025年3月4日, each with a time behind it;
20250304123456; a spreadsheet's serial number; 03/04/2025 (order of day and month by content or as
told); 4 Mar 2025; 12/29 with a year from elsewhere. Times: 12:34, 12:34:56, 123456,
and the last without its leading zeros.
"""

import datetime as dt
from dataclasses import dataclass

import polars as pl

from tradeglyph.statements.distinct import by_distinct, usual_first
from tradeglyph.statements.options import DateOrder

_YMD = r"^(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?"
_YMD8 = r"^((?:19|20)\d{2})(\d{2})(\d{2})"
_PART3 = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"
_MONTH_DAY = r"^(\d{1,2})[-/.月](\d{1,2})日?(?:$|\s)"
_SERIAL = r"^[2-6]\d{4}(?:\.\d+)?$"
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  the bank's clock
"""Day 0 of a spreadsheet's serial numbers."""
_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y")
_CLOCK = r"(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?(?:\.\d+)?秒?"
_AFTER = r"^[\sT\-,]*" + _CLOCK + r"\s*(am|pm)?(?:z|\s?[+-]\d\d:?\d\d.*)?$"
_SIX = r"^[\sT\-]*(\d{1,2})(\d{2})(\d{2})$"
_FOUR = r"^[\sT\-]*(\d{2})(\d{2})$"
_WEEKDAY = r"\s*\(?(?:星期|周)[一二三四五六日天]\)?\s*|^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,\s]+"
_HOUR_AND_MINUTE = 4
"""Digits of a time without seconds."""
_HEAD = 200
_USUAL = tuple(
    (rf"^(?:19|20)\d\d{sep}[01]\d{sep}[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d$", form)
    for sep, form in (("-", "%Y-%m-%d %H:%M:%S"), ("/", "%Y/%m/%d %H:%M:%S"))
)
"""Forms that most banks write, and how `strptime` has them."""
DATE_LIKE = r"^\d{1,4}\s?[-/.年月]\s?\d{1,2}|^\d{6,8}(?:\D|$)|^\d{14}$"
"""What begins as a date does, whether or not it is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """What must be known to read the dates of a column."""

    format: str | None = None
    """As `strptime` has it; else by content."""
    order: DateOrder | None = None
    last: dt.date | None = None
    """No line is later, for dates without a year."""


def parse_dates(texts: pl.Series, rule: DateRule) -> pl.DataFrame:
    """Of clean cells: `time` (Datetime us; null where there is no date) and `clock` (whether the
    cell says a time of day)."""
    usual = None if rule.format is not None else _usual_form(texts)
    if usual is None:
        return by_distinct(texts, lambda cells: _dates(cells, rule))
    return usual_first(
        texts, lambda cells: _usual(cells, *usual), lambda cells: _dates(cells, rule)
    )


def _usual_form(texts: pl.Series) -> tuple[str, str] | None:
    """The usual form that a column seems to be written in."""
    head = texts.head(_HEAD)
    if head.n_unique() < _HEAD // 2:
        return None
    return next((form for form in _USUAL if head.str.contains(form[0]).any()), None)


def _usual(texts: pl.Series, pattern: str, form: str) -> pl.DataFrame:
    """Days with their time, in one form; null for all others, and for those that there are not."""
    some = texts.set(~texts.str.contains(pattern), None)
    time = some.str.to_datetime(form, strict=False, time_unit="us").alias("time")
    return pl.DataFrame([time, time.is_not_null().alias("clock")])


def _dates(texts: pl.Series, rule: DateRule) -> pl.DataFrame:
    cells = texts.to_frame("raw").select(_normal(pl.col("raw")).alias("raw"))
    if rule.format is not None:
        day = pl.col("raw").str.to_date(rule.format, strict=False)
        return cells.select(time=day.cast(pl.Datetime("us")), clock=pl.lit(value=False))
    cells = cells.with_columns(ymd=_ymd(rule), rest=_rest())
    cells = cells.with_columns(day=pl.col("ymd").str.to_date("%Y-%m-%d", strict=False))
    if rule.last is not None:
        cells = cells.with_columns(day=pl.coalesce("day", _yearless(rule.last)))
    cells = cells.with_columns(day=pl.coalesce("day", _named()))
    cells = cells.with_columns(seconds=_seconds(pl.col("rest")), serial=_serial())
    bad_rest = (pl.col("rest") != "") & pl.col("seconds").is_null()
    day = pl.when(~bad_rest).then(pl.col("day").cast(pl.Datetime("us")))
    seconds = pl.col("seconds").fill_null(0).cast(pl.Int64) * 1_000_000
    return cells.select(
        time=pl.coalesce(day + seconds.cast(pl.Duration("us")), pl.col("serial")),
        clock=pl.when(pl.col("serial").is_not_null() & pl.col("day").is_null())
        .then(pl.col("raw").str.contains(".", literal=True))
        .otherwise(pl.col("seconds").is_not_null()),
    )


def parse_times(texts: pl.Series) -> pl.DataFrame:
    """Of clean cells: `seconds` of the day (Int64; null where there is none) and `blank`."""
    return by_distinct(texts, _times)


def _times(texts: pl.Series) -> pl.DataFrame:
    cells = texts.to_frame("raw").select(_normal(pl.col("raw")).alias("raw"))
    raw = pl.col("raw")
    # A spreadsheet takes leading zeros away: 90500 is 09:05:00, and 0 midnight. Whether 1530 is
    # 15:30 or 00:15:30, its column tells.
    digits = raw.str.contains(r"^\d{1,6}$")
    with_seconds = (digits & (raw.str.len_chars() > _HOUR_AND_MINUTE)).any()
    width = pl.when(with_seconds).then(6).otherwise(_HOUR_AND_MINUTE)
    padded = pl.when(digits).then(raw.str.zfill(width)).otherwise(raw)
    return cells.select(
        seconds=pl.coalesce(_seconds(padded), _day_fraction(raw)),
        blank=raw.str.contains(r"^[-/]*$"),
    )


def _day_fraction(raw: pl.Expr) -> pl.Expr:
    part = pl.when(raw.str.contains(r"^0?\.\d+$")).then(raw).cast(pl.Float64, strict=False)
    return (part * 86_400).round().cast(pl.Int64)


def day_first(texts: pl.Series) -> DateOrder | None:
    """Order of day and month in dates such as 03/04/2025, where one of them tells; DAY_FIRST for a
    column without such dates."""
    parts = texts.to_frame("raw").select(
        first=pl.col("raw").str.extract(_PART3, 1).cast(pl.Int32, strict=False),
        second=pl.col("raw").str.extract(_PART3, 2).cast(pl.Int32, strict=False),
    )
    if not parts["first"].is_not_null().any():
        return DateOrder.DAY_FIRST
    above = [bool((parts[name] > 12).any()) for name in ("first", "second")]
    if above[0] != above[1]:
        return DateOrder.DAY_FIRST if above[0] else DateOrder.MONTH_FIRST
    return None


def without_year(texts: pl.Series) -> bool:
    """Whether any date stands without its year."""
    return bool(texts.str.contains(_MONTH_DAY).any())


def _normal(cell: pl.Expr) -> pl.Expr:
    text = cell.str.normalize("NFKC").str.to_lowercase().str.strip_chars()
    text = text.str.replace(r"(\d)t(\d)", "$1 $2")
    return text.str.replace(_WEEKDAY, " ").str.strip_chars()


def _ymd(rule: DateRule) -> pl.Expr:
    raw = pl.col("raw")
    year, month, day = (3, 2, 1) if rule.order is DateOrder.DAY_FIRST else (3, 1, 2)

    def joined(pattern: str, *groups: int) -> pl.Expr:
        return pl.concat_str([raw.str.extract(pattern, at) for at in groups], separator="-")

    compact = pl.when(raw.str.contains(r"^\d{8}(?:$|\D|\d{6}$)")).then(joined(_YMD8, 1, 2, 3))
    return pl.coalesce(joined(_YMD, 1, 2, 3), compact, joined(_PART3, year, month, day))


def _rest() -> pl.Expr:
    """What stands behind the day."""
    raw = pl.col("raw")
    rest = raw
    for pattern in (_YMD, r"^\d{8}", _PART3, _MONTH_DAY):
        rest = pl.when(rest == raw).then(rest.str.replace(pattern, "")).otherwise(rest)
    return pl.when(rest == raw).then(pl.lit("")).otherwise(rest.str.strip_chars())


def _seconds(rest: pl.Expr) -> pl.Expr:
    """Seconds of the day in a text such as 12:34, 12:34:56, 123456; null for any other."""
    rest = rest.str.replace(r"^(-?\d{1,2})\.(\d{2})\.(\d{2})", "$1:$2:$3")

    def of(pattern: str) -> pl.Expr:
        hour, minute, second = (
            rest.str.extract(pattern, at).cast(pl.Int64, strict=False) for at in (1, 2, 3)
        )
        afternoon = rest.str.ends_with("pm") & (hour < 12)
        midnight = rest.str.ends_with("am") & (hour == 12)
        hour = hour + 12 * afternoon.cast(pl.Int64) - 12 * midnight.cast(pl.Int64)
        second = second.fill_null(0)
        sound = hour.is_between(0, 23) & minute.is_between(0, 59) & second.is_between(0, 59)
        return pl.when(sound).then(hour * 3600 + minute * 60 + second)

    four = rest.str.extract(_FOUR, 1).cast(pl.Int64, strict=False)
    minutes = rest.str.extract(_FOUR, 2).cast(pl.Int64, strict=False)
    short = pl.when(four.is_between(0, 23) & minutes.is_between(0, 59)).then(
        four * 3600 + minutes * 60
    )
    return pl.coalesce(of(_AFTER.replace("T", "t")), of(_SIX), short)


def _serial() -> pl.Expr:
    """Days since the end of 1899, for 20000 to 69999 (1954 to 2091)."""
    raw = pl.col("raw")
    days = pl.when(raw.str.contains(_SERIAL)).then(raw).cast(pl.Float64, strict=False)
    seconds = (days * 86_400).round().cast(pl.Int64) * 1_000_000
    return pl.lit(_EPOCH) + seconds.cast(pl.Duration("us"))


def _named() -> pl.Expr:
    """4 Mar 2025, Mar 4, 2025, 04-Mar-25."""
    raw = pl.col("raw").str.replace_all(r"[-,\s]+", " ")
    lettered = pl.when(raw.str.contains(r"[a-z]{3}.*\d{4}$")).then(raw)
    short = pl.when(raw.str.contains(r"[a-z]{3} \d{2}$")).then(raw)
    forms = [lettered.str.to_date(form, strict=False) for form in _NAMED]
    return pl.coalesce([*forms, short.str.to_date("%d %b %y", strict=False)])


def _yearless(last: dt.date) -> pl.Expr:
    """12/29 in the latest year that doesn't put it behind `last`."""
    raw = pl.col("raw")
    month, day = (raw.str.extract(_MONTH_DAY, at) for at in (1, 2))
    tries = []
    for year in (last.year, last.year - 1):
        text = pl.concat_str([pl.lit(str(year)), month, day], separator="-")
        found = text.str.to_date("%Y-%m-%d", strict=False)
        tries.append(pl.when(found <= last).then(found))
    return pl.coalesce(tries)

"""Pages and months that are missing from a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from tradeglyph.recognizers.statements.balance_groups import Marks
from tradeglyph.recognizers.statements.book_steps import BookSteps, book_steps, month_of
from tradeglyph.recognizers.statements.books import ADDRESS, Ints
from tradeglyph.recognizers.statements.figures import money
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.recognizers.statements.serial_holes import group_of_rows, serial_holes

SOURCE = (
    "ISA 500 paragraph 9, 审计准则第1301号——审计证据: evidence that information made by the "
    "audited is complete; the figure is this project's"
)
BREAK, MONTHS, SERIALS, LATE, EARLY = "break", "months", "serials", "late", "early"
INFO = Info(
    name="missing_period",
    title={"en": "Missing pages or months", "zh": "流水缺页缺月识别"},
    reads=Reads.LINES,
    rule={
        "en": "A balance that breaks together with a gap in dates or serial numbers; months "
        "without a line in an account that otherwise has some in every month; lines that begin "
        "after, or end before, the period that the file names.",
        "zh": "余额断开且日期或流水号同时缺号；平时每月都有交易的账户出现整月空白；首末笔与流水"
        "载明的起止日期相距过远。",
    },
    parameters=(
        Parameter(
            name="gap_days",
            default=3,
            unit="days",
            means={
                "en": "dates so far apart are a gap where the balance breaks between them",
                "zh": "余额断开处前后两笔日期至少相差的天数",
            },
            source=SOURCE,
            least=1,
            most=366,
        ),
        Parameter(
            name="tolerance",
            default=100,
            unit="minor units",
            means={
                "en": "balances that differ by at most this follow each other",
                "zh": "相差不超过此数视为衔接",
            },
            source="this project's: a page that is missing moves more than roundings do",
            least=0,
            most=1_000_000,
        ),
        Parameter(
            name="least_months",
            default=4,
            unit="months",
            means={
                "en": "months with lines that an account has at least, for empty ones to be odd",
                "zh": "判断空白月份时账户至少有交易的月数",
            },
            source=SOURCE,
            least=2,
            most=120,
        ),
        Parameter(
            name="most_empty",
            default=0.25,
            unit="share",
            means={
                "en": "share of all months that may be empty, above which the account is sparse",
                "zh": "空白月份占比高于此数的账户视为交易稀少，不判断",
            },
            source=SOURCE,
            least=0,
            most=0.9,
        ),
        Parameter(
            name="month_lines",
            default=3,
            unit="lines",
            means={
                "en": "lines that an account has on average in a month that is not empty",
                "zh": "非空白月份平均每月至少的笔数",
            },
            source=SOURCE,
            least=1,
            most=10_000,
        ),
        Parameter(
            name="edge_days",
            default=31,
            unit="days",
            means={
                "en": "days that may lie between the file's own dates and its first and last line",
                "zh": "流水载明的起止日期与首末笔之间允许的天数",
            },
            source=SOURCE,
            least=1,
            most=366,
        ),
        Parameter(
            name="least_serials",
            default=20,
            unit="lines",
            means={"en": "lines that make a series of numbers", "zh": "构成连续编号的最少笔数"},
            source=SOURCE,
            least=2,
            most=100_000,
        ),
        Parameter(
            name="consecutive",
            default=0.9,
            unit="share",
            means={
                "en": "share of the numbers that follow each other, for a series",
                "zh": "编号前后相连的比例不低于此数才视为连续编号",
            },
            source=SOURCE,
            least=0.5,
            most=1,
        ),
    ),
    profiles=frozenset({Profile.AUDIT}),
)
EMPTY = NotApplicable(reason={"en": "there is no line", "zh": "没有任何交易"})
WIDEST = 1_000_000
"""Numbers that can be missing between two of one series."""


class MissingPeriod:
    """Lines before a hole in a statement.

    What the rule leaves open is decided so:
    - The finding is the line before the hole (`late`: the first line, after it); the period is the
      hole. Books are judged apart; the file's own dates for each file and sheet.
    - `break` (`high`): between two lines the balance breaks by more than `tolerance`, and their
      dates are at least `gap_days` apart or serial numbers are missing. Which balances follow each
      other is told as in `balance_continuity`.
    - `months`: whole months without a line, in an account that has lines in at least `least_months`
      others, `month_lines` on average, and no more than `most_empty` of its months empty. Where the
      balance goes on across, nothing is missing and it is quiet; where that can't be told `medium`.
    - `serials` (`medium`): numbers are missing in a series (see `serial_holes`) whose balances
      can't be told; where they go on, it is quiet.
    - `late`, `early` (`medium`): the first or last line is more than `edge_days` from the day that
      the file says it begins or ends with, and further than any two neighbouring lines of it.

    SOURCE: `SOURCE` in this file. Costs are those of `balance_groups` and a sort of the numbers.
    """

    info = INFO

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Columns of findings beside the contract's: `kind`, `before` and `after` (dates around the
        hole), `days` between, `months` that are empty, `difference` of the balances in minor units
        and `serials` that are missing (null where unknown), `active` (months with lines)."""
        if lines.is_empty():
            return EMPTY
        steps = book_steps(lines)
        difference = _differences(steps, int(parameters["tolerance"]))
        holes, follow = _serials(lines, steps, difference, parameters)
        gaps = _gaps(lines, steps, difference, holes, parameters)
        kinds = [gaps, _alone(lines, holes), _edges(lines, steps, parameters)]
        found = pl.concat(kinds, how="diagonal").sort("account", "before", "kind", *ADDRESS)
        found = found.with_columns(
            severity=pl.when(pl.col("kind") == BREAK)
            .then(pl.lit(Severity.HIGH.value))
            .otherwise(pl.lit(Severity.MEDIUM.value)),
            period=pl.int_range(pl.len(), dtype=pl.UInt32),
        )
        names = ["row", "severity", "period", *_TOLD]
        midnight = pl.Datetime("us")
        return Result(
            findings=found.select(names).sort("row", "period"),
            periods=found.select(
                "account",
                "currency",
                pl.col("before").cast(midnight).alias("start"),
                (pl.col("after").cast(midnight) + pl.duration(days=1)).alias("end"),
            ),
            statistics={
                "junctions": int(steps.groups.follows.sum()),
                "breaks": int((difference.known & (difference.by != 0)).sum()),
                "serial_holes": len(holes) + follow,
                "serial_holes_where_balances_follow": follow,
                **{kind: int((found["kind"] == kind).sum()) for kind in _KINDS},
            },
        )

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence with the dates around the hole and what says that there is one."""
        said = _SAID[lang]
        values = dict(finding)
        if finding["difference"] is not None:
            values["difference"] = money(finding["difference"])
        more = said["numbers"].format(**values) if finding["serials"] else ""
        return said[finding["kind"]].format(**values | {"more": more})


_KINDS = (BREAK, MONTHS, SERIALS, LATE, EARLY)
_TOLD = ("kind", "before", "after", "days", "months", "difference", "serials", "active")
_SCHEMA = {
    "row": pl.UInt32, "kind": pl.String, "before": pl.Date, "after": pl.Date, "days": pl.Int64,
    "months": pl.Int64, "difference": pl.Int64, "serials": pl.Int64, "active": pl.Int64,
    "account": pl.String, "currency": pl.String, "file": pl.UInt16, "sheet": pl.String,
    "line": pl.UInt32,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Differences:
    """Per group: whether it can be told how it goes on from the group before, and by how much it
    doesn't."""

    known: Marks
    by: Ints

    @property
    def follows(self) -> Marks:
        follows: Marks = self.known & (self.by == 0)
        return follows


def _differences(steps: BookSteps, tolerance: int) -> _Differences:
    single = steps.taken.single
    known = steps.groups.follows & single & np.append(False, single[:-1])
    before = np.append(0, steps.taken.end_low[:-1])
    by = np.where(known, steps.taken.start_low - before, 0)
    return _Differences(known=known, by=np.where(np.abs(by) > tolerance, by, 0))


def _serials(
    lines: pl.DataFrame,
    steps: BookSteps,
    difference: _Differences,
    parameters: Mapping[str, Any],
) -> tuple[pl.DataFrame, int]:
    """The holes in serial numbers where balances don't go on, with the `junction` (group after) at
    which they break, or -1; and how many holes there are where they do."""
    holes = serial_holes(
        lines,
        group_of_rows(steps.groups.row, steps.book[steps.groups.group]),
        least=int(parameters["least_serials"]),
        share=float(parameters["consecutive"]),
        widest=WIDEST,
    )
    group = group_of_rows(steps.groups.row, steps.groups.group)
    one, other = (group[holes[name].to_numpy()] for name in ("before", "after"))
    low, high = np.minimum(one, other), np.maximum(one, other)
    open_ = np.cumsum(~difference.follows)
    follow = (open_[high] == open_[low]) & steps.taken.single[low]
    broken = (high == low + 1) & difference.known[high] & (difference.by[high] != 0)
    holes = holes.with_columns(junction=pl.Series(np.where(broken, high, -1), dtype=pl.Int64))
    return holes.filter(pl.Series(~follow)), int(follow.sum())


def _gaps(
    lines: pl.DataFrame,
    steps: BookSteps,
    difference: _Differences,
    holes: pl.DataFrame,
    parameters: Mapping[str, Any],
) -> pl.DataFrame:
    """Breaks with a gap, and empty months."""
    size, book, day = len(steps.book), steps.book, steps.day
    month = month_of(day)
    same = np.append(False, book[1:] == book[:-1])
    days = np.where(same, day - np.append(0, day[:-1]), 0)
    empty = np.where(same, month - np.append(0, month[:-1]) - 1, 0).clip(min=0)
    at_break = holes.filter(pl.col("junction") >= 0)
    serials = np.bincount(
        at_break["junction"].to_numpy(), weights=at_break["serials"].to_numpy(), minlength=size
    ).astype(np.int64)
    gap = (days >= int(parameters["gap_days"])) | (serials > 0)
    is_break = difference.known & (difference.by != 0) & gap
    regular, active = _regular(steps, month, same, empty, parameters)
    is_empty = (empty > 0) & regular[book] & ~difference.follows
    after = np.flatnonzero(is_break | is_empty)
    rows = steps.last_rows(lines, after - 1)
    known = difference.known[after]
    table = pl.DataFrame(
        {
            "row": rows,
            "kind": np.where(is_break[after], BREAK, MONTHS),
            "before": pl.Series(day[after - 1], dtype=pl.Int32).cast(pl.Date),
            "after": pl.Series(day[after], dtype=pl.Int32).cast(pl.Date),
            "days": days[after],
            "months": empty[after],
            "difference": pl.Series(difference.by[after]).set(pl.Series(~known), None),
            "serials": pl.Series(serials[after]).replace(0, None),
            "active": active[book[after]],
        }
    )
    return _placed(lines, table)


def _regular(
    steps: BookSteps, month: Ints, same: Marks, empty: Ints, parameters: Mapping[str, Any]
) -> tuple[Marks, Ints]:
    """Of each book: whether it has lines in every month but few, and in how many it has."""
    new_month = ~same | np.append(True, month[1:] != month[:-1])
    active = np.bincount(steps.book[new_month])
    blank = np.bincount(steps.book, weights=empty)
    count = np.bincount(steps.book, weights=steps.groups.size)
    regular = (
        (active >= int(parameters["least_months"]))
        & (blank <= float(parameters["most_empty"]) * (active + blank))
        & (count >= int(parameters["month_lines"]) * active)
    )
    return regular, active


def _alone(lines: pl.DataFrame, holes: pl.DataFrame) -> pl.DataFrame:
    """Holes in serial numbers, where no balances say whether lines are missing."""
    alone = holes.filter(pl.col("junction") < 0)
    day = lines["time"].dt.date()
    around = pl.DataFrame({name: day.gather(alone[name]) for name in ("before", "after")})
    table = alone.select(pl.col("before").alias("row"), "serials").hstack(around)
    first, last = pl.min_horizontal("before", "after"), pl.max_horizontal("before", "after")
    table = table.with_columns(
        kind=pl.lit(SERIALS), before=first, after=last, days=(last - first).dt.total_days()
    )
    return _placed(lines, table)


def _edges(lines: pl.DataFrame, steps: BookSteps, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Files whose lines begin after, or end before, the days that the file names."""
    said = pl.col("since").is_not_null() & pl.col("until").is_not_null()
    book = group_of_rows(steps.groups.row, steps.book[steps.groups.group])
    dated = (
        lines.lazy()
        .select("time", *ADDRESS, "since", "until", day=pl.col("time").dt.date())
        .with_columns(book=pl.Series(book))
        .with_row_index("row")
        .filter(said)
        .collect()
    )
    if dated.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    key = ["book", "file", "sheet"]
    within = pl.col("day").is_between("since", "until")
    dated = dated.filter(within).sort(*key, "time", "line")
    step = (pl.col("day") - pl.col("day").shift(1)).over(key).dt.total_days()
    parts = dated.with_columns(step=step).group_by(key, maintain_order=True)
    one = parts.agg(
        pl.col("since").min(),
        pl.col("until").max(),
        pl.col("day").min().alias("first"),
        pl.col("day").max().alias("last"),
        pl.col("row").first().alias("first_row"),
        pl.col("row").last().alias("last_row"),
        pl.col("step").max().fill_null(0).alias("longest"),
        pl.len().alias("count"),
        pl.col("day").dt.truncate("1mo").n_unique().alias("months"),
    ).filter(pl.col("count") >= int(parameters["month_lines"]) * pl.col("months"))
    late = one.select("longest", row="first_row", before="since", after="first", kind=pl.lit(LATE))
    early = one.select("longest", row="last_row", before="last", after="until", kind=pl.lit(EARLY))
    days = (pl.col("after") - pl.col("before")).dt.total_days()
    both = pl.concat([late, early]).with_columns(days=days)
    least = pl.max_horizontal("longest", pl.lit(int(parameters["edge_days"])))
    return _placed(lines, both.filter(days > least))


def _placed(lines: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """With the account and address of each row, and null for what a kind doesn't tell."""
    where = lines.select(pl.col("account", "currency", *ADDRESS).gather(table["row"]))
    whole = table.hstack(where)
    lacking = {name: pl.lit(None, dtype=kind) for name, kind in _SCHEMA.items()}
    whole = whole.with_columns(**{n: v for n, v in lacking.items() if n not in whole.columns})
    return whole.select(_SCHEMA.keys()).cast(_SCHEMA)  # type: ignore[arg-type]


_SAID: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "numbers": " (serial numbers missing: {serials})",
        BREAK: "Between {before} and {after}, {days} days, the balance changes by {difference} "
        "without a line{more}.",
        MONTHS: "No line in {months} whole months between {before} and {after}; there are lines in "
        "{active} others.",
        SERIALS: "Serial numbers missing after this line: {serials} (between {before} and "
        "{after}).",
        LATE: "The file says that it begins on {before}; its first line is of {after}, {days} days "
        "later.",
        EARLY: "The file says that it ends on {after}; its last line is of {before}, {days} days "
        "before.",
    },
    "zh": {
        "numbers": "，并缺 {serials} 个流水号",
        BREAK: "{before} 与 {after} 之间（{days} 天）没有交易而余额变动 {difference}{more}。",
        MONTHS: "{before} 与 {after} 之间有 {months} 个整月没有交易，其余 {active} 个月均有交易。",
        SERIALS: "本笔之后缺 {serials} 个流水号（{before} 与 {after} 之间）。",
        LATE: "流水载明自 {before} 起，首笔为 {after}，晚 {days} 天。",
        EARLY: "流水载明至 {after} 止，末笔为 {before}，早 {days} 天。",
    },
}

"""One account on one page: its balance with what was found on it, its hours, its gravest lines."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradeglyph.app.statement_books import NAMES, Shelf
from tradeglyph.app.statement_findings import anchor, line_time
from tradeglyph.app.statement_reasons import Reasons
from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.statements import MINOR
from tradeglyph.drawing.balance_chart import Mark, Steps
from tradeglyph.drawing.calendar_ticks import month_label, month_of
from tradeglyph.drawing.hour_map import COLUMNS, Hours
from tradeglyph.drawing.statement_records import Balances, Book, BookPage, Grave
from tradeglyph.statements.read import Statements

Ints = NDArray[np.int64]

MARKS = 200
"""Lines marked in a chart."""
NUMBERED = 6
"""The gravest of them, which are numbered and listed."""
NOTES, NOTE = 3, 160
"""Findings of one line that its tooltip says, and the characters of each; the page says more."""
BALANCED = 0.5
"""The balance is drawn where at least this share of the lines prints one."""
_WEEK = 7
_THURSDAY = 3
"""1970-01-01 was one; weeks begin on Monday."""


def overview(
    read: Statements, shelf: Shelf, number: int, book: Book, lines_found: pl.DataFrame,
    timed: NDArray[np.bool_], reasons: Reasons, anchors: Collection[str],
) -> BookPage:  # fmt: skip
    """The page of one book.

    Args:
        number: of the book in `shelf`.
        lines_found: from `found_lines`.
        timed: along all lines, whether each says a time of day.
        anchors: of the findings that the page shows.
    """
    rows = shelf.rows(number)
    own = read.lines.select(pl.all().gather(rows)).with_columns(row=pl.Series(rows))
    own = own.select(pl.all().gather(_in_time(own, read)))
    known = own["balance"].drop_nulls().len()
    cumulative = known < BALANCED * own.height
    value = _net(own) if cumulative else _filled(own)
    found = lines_found.filter(pl.Series(shelf.book[lines_found["row"].to_numpy()] == number))
    worst = pl.col("gravity").min().over("row").alias("of_line")
    found = found.with_columns(worst)
    listed = _listed(found, own)
    marks = _marks(found, own, value, listed, reasons)
    clock = timed[own["row"].to_numpy()]
    hours, column = hour_counts(_times(own)[clock])
    return BookPage(
        book=book,
        holders=_holders(read, own),
        files=[read.files[at].path for at in own["file"].unique().sort()],
        balances=_balances(own),
        cumulative=cumulative,
        steps=Steps(time=_times(own), value=value / MINOR, marks=marks),
        marks_left_out=found["row"].n_unique() - len(marks),
        hours=hours,
        column=column,
        untimed=int((~clock).sum()),
        gravest=[
            _grave(at, said, found, own, reasons, anchors) for at, said in enumerate(listed, 1)
        ],
    )


def _times(own: pl.DataFrame) -> Ints:
    times: Ints = own["time"].to_physical().to_numpy()
    return times


def _in_time(own: pl.DataFrame, read: Statements) -> Ints:
    """Positions by time; of equal times in the order of the file, from its oldest end."""
    newest_first = np.array([one.newest_first for one in read.files])
    row = own["row"].to_numpy().astype(np.int64)
    from_oldest = np.where(newest_first[own["file"].to_numpy()], -row, row)
    return np.lexsort((from_oldest, _times(own)))


def _net(own: pl.DataFrame) -> Ints:
    """What came in less what went out, up to each line."""
    moved: Ints = own.select(pl.col("amount") * pl.col("direction")).to_series().to_numpy()
    return np.cumsum(moved)


def _filled(own: pl.DataFrame) -> Ints:
    """The balance printed, or the last one before."""
    filled = own["balance"].fill_null(strategy="forward").fill_null(strategy="backward")
    values: Ints = filled.to_numpy()
    return values


def _balances(own: pl.DataFrame) -> Balances | None:
    told = own.filter(pl.col("balance").is_not_null())
    if not told.height:
        return None
    lowest = told.row(int(told["balance"].arg_min() or 0), named=True)
    return Balances(
        known=told.height,
        closing=told["balance"][-1],
        lowest=lowest["balance"],
        lowest_at=lowest["time"],
    )


def _holders(read: Statements, own: pl.DataFrame) -> list[str]:
    """Of the files with its lines, where none of them holds another's account, too."""
    files = [read.files[at] for at in own["file"].unique().sort()]
    if any(len(file.accounts) > 1 for file in files):
        return []
    return list(dict.fromkeys(name for file in files for name in file.holders))


# What was found -----------------------------------------------------------------------------


def _listed(found: pl.DataFrame, own: pl.DataFrame) -> list[pl.DataFrame]:
    """Findings of the lines that are listed, in the order of time. The findings of a period are
    one, and the first of its lines stands for it; large amounts come first among equally grave."""
    in_time = own.select("row", "amount").with_row_index("place")
    placed = found.join(in_time.with_columns(pl.col("row").cast(pl.UInt32)), on="row")
    first = placed.sort("place", maintain_order=True).unique(
        ["answer", "of"], keep="first", maintain_order=True
    )
    most = placed.group_by("answer", "of").agg(
        pl.col("gravity").min().alias("worst"), pl.col("amount").max().alias("most"),
        pl.len().alias("count"),
    )  # fmt: skip
    ranked = first.join(most, on=["answer", "of"]).sort(
        "worst", "most", "place", "answer", descending=[False, True, False, False]
    )
    rows = ranked["row"].unique(maintain_order=True).head(NUMBERED)
    kept = ranked.filter(pl.col("row").is_in(rows.implode()))
    groups = kept.group_by("place", maintain_order=True)
    return [frame for _, frame in sorted(groups, key=lambda group: group[0])]


def _marks(
    found: pl.DataFrame, own: pl.DataFrame, value: Ints, listed: list[pl.DataFrame],
    reasons: Reasons,
) -> list[Mark]:  # fmt: skip
    numbers = {frame["row"][0]: number for number, frame in enumerate(listed, 1)}
    lines = found.group_by("row").agg(pl.col("gravity").min())
    of_lines = own.select(pl.col("row").cast(pl.UInt32), "amount", "time", "clock")
    lines = lines.join(of_lines.with_row_index("place"), on="row").with_columns(
        numbered=pl.col("row").is_in(list(numbers))
    )
    kept = lines.sort(
        "numbered", "gravity", "amount", "place", descending=[True, False, True, False]
    ).head(MARKS)
    of_rows = found.filter(pl.col("row").is_in(kept["row"].implode())).sort(
        "row", "gravity", "answer", "at"
    )
    said = {row: frame for (row,), frame in of_rows.group_by("row", maintain_order=True)}
    return [
        Mark(
            time=int(own["time"].to_physical()[line["place"]]),
            value=value[line["place"]] / MINOR,
            severity=NAMES[line["gravity"]],
            note=_note(line, said[line["row"]], reasons),
            number=numbers.get(line["row"], 0),
        )
        for line in kept.sort("place").iter_rows(named=True)
    ]


def _note(line: Mapping[str, Any], said: pl.DataFrame, reasons: Reasons) -> str:
    every = [
        reasons.of(answer, at) for answer, at in said.select("answer", "at").head(NOTES).rows()
    ]
    told = [reason if len(reason) <= NOTE else f"{reason[:NOTE]}…" for reason in every]
    more = [f"+{said.height - NOTES}"] if said.height > NOTES else []
    return "\n".join([line_time(line), *told, *more])


def _grave(
    number: int, said: pl.DataFrame, found: pl.DataFrame, own: pl.DataFrame, reasons: Reasons,
    anchors: Collection[str],
) -> Grave:  # fmt: skip
    line = own.row(said["place"][0], named=True)
    named = said["answer"].to_list()
    every = found.filter(pl.col("row") == line["row"])["answer"].unique().sort()
    return Grave(
        number=number,
        severity=NAMES[said["of_line"][0]],
        time=line_time(line),
        direction=line["direction"],
        amount=line["amount"],
        line=line["line"],
        reasons=[
            (
                reasons.title(answer),
                reasons.of(answer, at),
                name if (name := anchor(answer, of)) in anchors else "",
            )
            for answer, at, of in said.select("answer", "at", "of").iter_rows()
        ],
        also=[reasons.title(answer) for answer in every if answer not in named],
    )


# Hours --------------------------------------------------------------------------------------


def hour_counts(times: Ints) -> tuple[Hours | None, str]:
    """Lines by hour and day, and what a column is; no more than `COLUMNS` columns.

    Args:
        times: microseconds of the bank's clock, of lines that say a time of day.
    """
    if not len(times):
        return None, "day"
    day = times // DAY_US
    name, column, labels = _columns(int(day.min()), int(day.max()), day, times)
    hour = (times % DAY_US) // (DAY_US // 24)
    counts = np.zeros((24, len(labels)), dtype=np.int64)
    np.add.at(counts, (hour, column), 1)
    return Hours(counts=counts, labels=tuple(labels)), name


def _columns(first: int, last: int, day: Ints, times: Ints) -> tuple[str, Ints, list[str]]:
    """The name of a column, the column of each line, and all columns' labels."""
    if last - first < COLUMNS:
        return "day", day - first, [_date(at) for at in range(first, last + 1)]
    monday = (first + _THURSDAY) // _WEEK * _WEEK - _THURSDAY
    weeks = (last - monday) // _WEEK + 1
    if weeks <= COLUMNS:
        labels = [_date(monday + _WEEK * at) for at in range(weeks)]
        return "week", (day - monday) // _WEEK, labels
    start, end = month_of(int(times.min())), month_of(int(times.max()))
    step = next(
        (step for step in (1, 3, 12) if end // step - start // step < COLUMNS),
        12 * -(-(end // 12 - start // 12 + 1) // COLUMNS),
    )
    month = times.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64) + 12 * 1970
    count = end // step - start // step + 1
    labels = [month_label((start // step + at) * step, step) for at in range(count)]
    name = {1: "month", 3: "quarter", 12: "year"}.get(step, "years")
    return name, month // step - start // step, labels


def _date(day: int) -> str:
    return f"{datetime(1970, 1, 1) + timedelta(days=day):%Y-%m-%d}"  # noqa: DTZ001 - no zone

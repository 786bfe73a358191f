"""What people found about windows that were flagged: dispositions, which come back as labels.

A file of scores with one more column, `disposition`, is such a file: `confirmed` is fraud,
`dismissed` is normal, and a window that nobody has looked at yet stays empty.
"""

from pathlib import Path

import polars as pl

from tradeglyph.domain.schema import TRADES, Column
from tradeglyph.sources.label_clashes import MEND_THEM
from tradeglyph.sources.normalise import RowCheck
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import FILE, LINE, Reading, titles_of
from tradeglyph.sources.tables import UTC_TIME

CONFIRMED, DISMISSED = "confirmed", "dismissed"
WORDS: dict[str, str] = {
    CONFIRMED: CONFIRMED,
    DISMISSED: DISMISSED,
    "属实": CONFIRMED,
    "确认": CONFIRMED,
    "排除": DISMISSED,
    "误报": DISMISSED,
}
"""Dispositions in any case, and what they mean."""

_TITLE = Column("disposition", "text", True, ("处置结果", "核查结论", "核查结果"))
DISPOSITIONS: tuple[Column, ...] = (
    *(column for column in TRADES if column.name == "account_id"),
    Column("symbol", "text", True, ("证券代码", "股票代码", "代码", "交易对", "合约", "合约代码")),
    _TITLE,
    Column("scenario", "text", False, ("场景",)),
    Column("role", "text", False, ("角色",)),
    Column("window_start", "time", True),
)
"""Columns of the file. `window_start` must be there: what was found of one day says nothing of the
account's other days."""

DTYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    **{column.name: pl.String for column in DISPOSITIONS},
    "window_start": UTC_TIME,
}


def are_dispositions(file: Path) -> bool:
    """Whether a file has a column of dispositions and none of labels.

    Raises InputError where its titles can't be read.
    """
    titles = {title.strip().lower() for title in titles_of(file)}
    return "label" not in titles and not titles.isdisjoint({_TITLE.name, *_TITLE.synonyms})


def read_dispositions(file: Path, options: ReadOptions) -> pl.DataFrame:
    """Labels of the windows that somebody has looked at: `account_id, symbol, scenario, label,
    role, window_start`, with the `disposition` and where it stands: `FILE`, `LINE`.

    The scenario is the file's, else the disposition; the role is the file's where it is confirmed.
    Raises InputError and RowErrors as `read_labels` does, and for another disposition.
    """
    word = pl.col("disposition").str.to_lowercase()
    unknown = RowCheck(
        "disposition",
        (word != "") & ~word.is_in(list(WORDS)),
        f"must be {CONFIRMED} or {DISMISSED}, or empty where nobody has looked yet",
    )
    reading = Reading(
        path=file,
        contract=DISPOSITIONS,
        dtypes=DTYPES,
        options=options,
        checks=[unknown],
        may_be_empty=("disposition",),
        with_origin=True,
        remedy=MEND_THEM,
    )
    found = word.replace_strict(WORDS, default=None, return_dtype=pl.String)
    frame = pl.concat(list(reading.frames())).with_columns(found.alias("disposition"))
    confirmed = pl.col("disposition") == CONFIRMED
    return frame.filter(pl.col("disposition").is_not_null()).select(
        "account_id",
        "symbol",
        pl.coalesce("scenario", "disposition").alias("scenario"),
        pl.when(confirmed).then(pl.lit("fraud")).otherwise(pl.lit("normal")).alias("label"),
        pl.when(confirmed).then("role").fill_null("").alias("role"),
        "window_start",
        "disposition",
        FILE,
        LINE,
    )

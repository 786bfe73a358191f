"""Reference prices from files of any kind: midquotes, other venues' prices, settlements."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tradeglyph.domain.errors import RowErrors
from tradeglyph.domain.references import QUOTED, Reference, ReferencePrices
from tradeglyph.domain.schema import Column
from tradeglyph.sources.normalise import RowCheck
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import Reading
from tradeglyph.sources.report import ReadReport
from tradeglyph.sources.tables import UTC_TIME

REFERENCE_PRICES: tuple[Column, ...] = (
    Column("symbol", "text", True, ("证券代码", "股票代码", "代码", "交易对", "合约", "合约代码")),
    Column("time", "time", True, ("时间", "行情时间", "报价时间", "日期时间")),
    Column("price", "price", True, ("价格", "参考价", "参考价格")),
    Column("kind", "text", True, ("类型", "类别", "价格类型")),
)
"""Columns of the file, one price a row."""

DTYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "symbol": pl.String,
    "time": UTC_TIME,
    "price": pl.Float64,
    "kind": pl.String,
}

KIND_WORDS: dict[str, Reference] = {
    **{kind.name.lower(): kind for kind in QUOTED},
    "中间价": Reference.MIDQUOTE,
    "买卖中间价": Reference.MIDQUOTE,
    "其他市场": Reference.VENUE,
    "外部市场": Reference.VENUE,
    "结算价": Reference.SETTLEMENT,
}
"""Words for kinds, in any case; blanks, hyphens and underscores inside don't count."""

_DEFAULT = ReadOptions()
_WORD = pl.col("kind").str.to_lowercase().str.replace_all(r"[ _-]", "")


@dataclass(frozen=True, slots=True)
class ReferenceTable:
    """Reference prices that were read."""

    prices: ReferencePrices
    report: ReadReport


def read_references(path: Path, options: ReadOptions = _DEFAULT) -> ReferenceTable:
    """The reference prices of a file or folder of files (CSV, JSONL, Parquet, Feather).

    `time` is when the price was known: a settlement's is when it was fixed or published. Naive
    times are in `options.timezone`.

    Raises RowErrors for rows without symbol, time, price or kind, of an unknown kind or with a
    price not above 0; InputError where the file or its columns can't be read at all, or times are
    naive and no zone is given.
    """
    known = ", ".join(word for word in KIND_WORDS if word.isascii())
    reading = Reading(
        path=path,
        contract=REFERENCE_PRICES,
        dtypes=DTYPES,
        options=options,
        checks=[RowCheck("kind", ~_WORD.is_in(list(KIND_WORDS)), f"must be one of {known}")],
    )
    try:
        frame = pl.concat(list(reading.frames()))
    except RowErrors as error:
        # Money is measured against these: a price that is left out would change it unseen.
        remedy = "Nothing was written. Mend the reference prices."
        raise RowErrors(error.rows, error.total, remedy) from None
    return ReferenceTable(_prices(frame), reading.report())


def _prices(frame: pl.DataFrame) -> ReferencePrices:
    names = frame["symbol"].unique().sort()
    codes = {word: int(kind) for word, kind in KIND_WORDS.items()}
    columns = frame.select(
        pl.col("symbol").cast(pl.Enum(names)).to_physical().cast(pl.Int32),
        pl.col("time").to_physical(),
        "price",
        _WORD.replace_strict(codes, return_dtype=pl.Int8).alias("kind"),
    ).sort("symbol", "time", maintain_order=True)
    return ReferencePrices(
        **{name: columns[name].to_numpy() for name in ("symbol", "time", "price", "kind")},
        symbol_names=names.to_numpy().astype(object),
    )

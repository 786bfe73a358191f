"""Reference prices from files."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.domain.references import Reference
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.references import ReferenceTable, read_references

HEADER = "symbol,time,price,kind\n"
NOON = int(datetime(2026, 1, 2, 12, tzinfo=UTC).timestamp()) * 1_000_000
ROWS = HEADER + (
    "Y,2026-01-02T12:00:00Z,20.5,settlement\n"
    "X,2026-01-02T12:00:01Z,10.1,Midquote\n"
    "X,2026-01-02T20:00:00+08:00,10,mid quote\n"
    "X,2026-01-02T12:00:02Z,10.2,VENUE\n"
)


def read(folder: Path, text: str, **options: str) -> ReferenceTable:
    path = folder / "prices.csv"
    path.write_text(text, encoding="utf-8")
    return read_references(path, ReadOptions(**options))  # type: ignore[arg-type]


def test_every_kind_sorted_by_symbol_and_time(tmp_path: Path) -> None:
    table = read(tmp_path, ROWS)
    prices = table.prices
    assert prices.symbol_names[prices.symbol].tolist() == ["X", "X", "X", "Y"]
    assert (prices.time - NOON).tolist() == [0, 1_000_000, 2_000_000, 0]
    assert prices.price.tolist() == [10.0, 10.1, 10.2, 20.5]
    assert prices.kind.tolist() == [
        Reference.MIDQUOTE, Reference.MIDQUOTE, Reference.VENUE, Reference.SETTLEMENT,
    ]  # fmt: skip
    assert table.report.rows_read == 4


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "feather"])
def test_other_formats_say_the_same(tmp_path: Path, ending: str) -> None:
    frame = pl.read_csv(ROWS.encode())
    file = tmp_path / f"prices.{ending}"
    {"jsonl": frame.write_ndjson, "parquet": frame.write_parquet, "feather": frame.write_ipc}[
        ending
    ](file)
    one, other = read_references(file).prices, read(tmp_path, ROWS).prices
    for name in ("symbol", "time", "price", "kind", "symbol_names"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


def test_in_chinese_with_a_zone(tmp_path: Path) -> None:
    prices = read(
        tmp_path,
        "证券代码,时间,价格,类型\n600000,2026-01-02 20:00:00,10,中间价\n"
        "600000,2026-01-02 20:00:01,11,其他市场\n600000,2026-01-02 20:00:02,12,结算价\n",
        timezone="Asia/Shanghai",
    ).prices
    assert prices.kind.tolist() == [1, 3, 4]
    assert prices.time[0] == NOON
    assert prices.symbol_names.tolist() == ["600000"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("X,2026-01-02T12:00:00Z,10,last", "line 2, column kind: 'last': must be one of midquote, "
         "venue, settlement"),
        ("X,2026-01-02T12:00:00Z,0,venue", "line 2, column price: '0'"),
        ("X,2026-01-02T12:00:00Z,-1,venue", "line 2, column price: '-1'"),
        ("X,2026-01-02T12:00:00Z,,venue", "line 2, column price"),
        ("X,2026-01-02T12:00:00Z,nan,venue", "line 2, column price: 'nan'"),
        (",2026-01-02T12:00:00Z,10,venue", "line 2, column symbol"),
        ("X,2026-01-02T12:00:00Z,10,", "line 2, column kind"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_stops(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(RowErrors) as caught:
        read(tmp_path, HEADER + row + "\n" + "X,2026-01-02T12:00:00Z,10,venue\n")
    assert said in str(caught.value)
    assert "prices.csv" in str(caught.value)
    assert "Nothing was written. Mend the reference prices." in str(caught.value)


def test_a_naive_time_needs_a_zone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--timezone"):
        read(tmp_path, HEADER + "X,2026-01-02T12:00:00,10,venue\n")


def test_columns_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for kind"):
        read(tmp_path, "symbol,time,price\nX,2026-01-02T12:00:00Z,10\n")

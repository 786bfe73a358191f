"""Trades from files of every kind."""

import gzip
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.sources.options import ReadOptions, parse_mapping
from tradeglyph.sources.reading import BatchSize
from tradeglyph.sources.tables import TRADE_DTYPES
from tradeglyph.sources.trades import read_trades, trade_blocks

HEADER = "account_id,symbol,time,side,price,quantity\n"
GOOD = "A,COIN,2024-01-02T04:05:06Z,buy,1.5,10\nB,COIN,2024-01-02T04:05:07Z,SELL,2,20\n"
ROWS = [
    ("A", "COIN", datetime(2024, 1, 2, 4, 5, 6, tzinfo=UTC), 1, 1.5, 10.0),
    ("B", "COIN", datetime(2024, 1, 2, 4, 5, 7, tzinfo=UTC), -1, 2.0, 20.0),
]
FIRST_SIX = list(TRADE_DTYPES)[:6]


def _csv(folder: Path, body: str, name: str = "t.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text(header + body)
    return path


def _errors(path: Path, options: ReadOptions | None = None) -> list[tuple[int, str, str]]:
    with pytest.raises(RowErrors) as caught:
        read_trades(path, options or ReadOptions())
    return [(row.line, row.column, row.value) for row in caught.value.rows]


def _typed() -> pl.DataFrame:
    return pl.DataFrame(ROWS, schema=FIRST_SIX, orient="row").with_columns(
        pl.when(pl.col("side") == 1).then(pl.lit("buy")).otherwise(pl.lit("sell")).alias("side")
    )


WRITERS: dict[str, Callable[[Path], object]] = {
    "t.csv": lambda p: p.write_text(HEADER + GOOD),
    "t.csv.gz": lambda p: p.write_bytes(gzip.compress((HEADER + GOOD).encode())),
    "t.tsv": lambda p: p.write_text((HEADER + GOOD).replace(",", "\t")),
    "noending": lambda p: p.write_text(HEADER + GOOD),
    "t.jsonl": lambda p: _typed().write_ndjson(p),
    "t.parquet": lambda p: _typed().write_parquet(p),
    "t.feather": lambda p: _typed().write_ipc(p),
    "t.arrow": lambda p: _typed().write_ipc_stream(p),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_trades(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    WRITERS[name](path)
    options = ReadOptions(timezone="UTC")
    table = read_trades(path, options)
    assert table.frame.schema == pl.Schema(TRADE_DTYPES)
    assert table.frame.select(FIRST_SIX).rows() == ROWS
    assert table.report.rows_read == 2


def test_a_chinese_terminal_export_in_gb18030(tmp_path: Path) -> None:
    text = (
        "成交日期,成交时间,证券代码,证券名称,操作,成交数量,成交均价,成交金额,资金账号\n"
        '20240102,09:31:02,="000001",平安银行,证券买入,"1,200",9.39,11268,6612 \n'
        '20240102,14:56:59,="600519",贵州茅台,证券卖出,100,1685.01,168501,6612\n'
    )
    path = tmp_path / "导出.csv"
    path.write_bytes(text.encode("gb18030"))
    options = ReadOptions(
        mapping=parse_mapping(["time=成交日期+成交时间"]), timezone="Asia/Shanghai"
    )
    table = read_trades(path, options)
    assert table.frame.select(FIRST_SIX).rows() == [
        ("6612", "000001", datetime(2024, 1, 2, 1, 31, 2, tzinfo=UTC), 1, 9.39, 1200.0),
        ("6612", "600519", datetime(2024, 1, 2, 6, 56, 59, tzinfo=UTC), -1, 1685.01, 100.0),
    ]
    assert table.report.encoding == "gb18030"


def test_the_symbol_is_the_option_or_the_stem_only_where_the_file_has_none(tmp_path: Path) -> None:
    header = HEADER.replace("symbol,", "")
    path = _csv(tmp_path, GOOD.replace("COIN,", ""), "BTC-USD.csv", header)
    assert read_trades(path).frame["symbol"].to_list() == ["BTC-USD"] * 2
    given = ReadOptions(symbol="X")
    assert read_trades(path, given).frame["symbol"].to_list() == ["X"] * 2
    assert read_trades(_csv(tmp_path, GOOD), given).frame["symbol"].to_list() == ["COIN"] * 2


def test_columns_are_joined_with_a_stroke(tmp_path: Path) -> None:
    header = HEADER.replace("symbol", "market,outcome")
    path = _csv(tmp_path, GOOD.replace("COIN", "Fed?,Yes"), header=header)
    table = read_trades(path, ReadOptions(mapping={"symbol": ("market", "outcome")}))
    assert table.frame["symbol"].to_list() == ["Fed?/Yes"] * 2
    assert table.report.columns["symbol"] == "market+outcome"


def test_every_bad_row_is_named_with_line_column_and_value(tmp_path: Path) -> None:
    path = _csv(
        tmp_path,
        GOOD
        + 'A,"two\nlines",2024-01-02T04:05:06Z,buy,1,1\n'
        + "A,COIN,2024-01-02T04:05:06Z,hold,1,1\n"
        + "A,COIN,2024-01-02T04:05:06Z,buy,-1,1\n"
        + "A,COIN,2024-01-02T04:05:06Z,buy,1,nan\n"
        + "A,,2024-01-02T04:05:06Z,buy,1,1\n"
        + "A,COIN,soon,buy,x,1\n"
        + "A,COIN,2024-01-02T04:05:06Z,buy,1\n"
        + "A,COIN,2024-01-02T04:05:06Z,buy,1,1,1\n",
    )
    assert _errors(path) == [
        (6, "side", "hold"),
        (7, "price", "-1"),
        (8, "quantity", "nan"),
        (9, "symbol", ""),
        (10, "time", "soon"),
        (11, "(whole row)", "A,COIN,2024-01-02T04:05:06Z,buy,1,"),
        (12, "(whole row)", "A,COIN,2024-01-02T04:05:06Z,buy,1,1,1"),
    ]


def test_ten_bad_rows_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    path = _csv(tmp_path, GOOD + "A,COIN,2024-01-02T04:05:06Z,buy,0,1\n" * 25)
    with pytest.raises(RowErrors, match="and 15 more") as caught:
        read_trades(path)
    assert caught.value.total == 25
    assert len(caught.value.rows) == 10
    assert f"{path}: line 4, column price: '0': must be above 0" in str(caught.value)


def test_skipped_rows_are_kept_with_their_text(tmp_path: Path) -> None:
    body = "A,COIN,2024-01-02T04:05:06Z,hold,1.50,1\nA,COIN,x,buy,1,1,9\n"
    path = _csv(tmp_path, GOOD + body)
    table = read_trades(path, ReadOptions(on_error="skip"))
    assert table.frame.select(FIRST_SIX).rows() == ROWS
    assert (table.report.rows_read, table.report.rejected) == (4, 2)
    rejects = table.rejects.drop("reason").rows()
    assert rejects == [
        (str(path), 4, "side", "A", "COIN", "2024-01-02T04:05:06Z", "hold", "1.50", "1"),
        (str(path), 5, "(whole row)", "A", "COIN", "x", "buy", "1", "1,9"),
    ]
    assert table.rejects["reason"][1] == "7 cells, but the header has 6"


def test_where_every_row_is_bad_nothing_is_left_to_skip_to(tmp_path: Path) -> None:
    path = _csv(tmp_path, "A,COIN,x,buy,1,1\n")
    with pytest.raises(RowErrors, match="No row is left"):
        read_trades(path, ReadOptions(on_error="skip"))


def test_a_malformed_json_line_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    _typed().with_columns(pl.col("time").dt.to_string("iso:strict")).write_ndjson(path)
    with path.open("a") as file:
        file.write('{"account_id": "C", \n')
    assert _errors(path) == [(3, "(whole row)", '{"account_id": "C", ')]


def test_a_json_file_without_one_good_line(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("account_id,symbol\nA,COIN\n")
    assert [line for line, _, _ in _errors(path)] == [1, 2]


def test_typed_rows_are_named_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    _typed().with_columns(pl.Series("price", [float("nan"), 2.0])).write_parquet(path)
    assert _errors(path) == [(1, "price", "NaN")]


def test_fills_of_nobody_known_are_kept_and_counted(tmp_path: Path) -> None:
    table = read_trades(_csv(tmp_path, GOOD + ",COIN,2024-01-02T04:05:06Z,buy,1,1\n"))
    assert table.frame["account_id"].to_list() == ["A", "B", ""]
    assert table.report.without_account == 1
    with pytest.raises(InputError, match="no row has an account_id"):
        read_trades(_csv(tmp_path, ",COIN,2024-01-02T04:05:06Z,buy,1,1\n"))


def test_optional_columns(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",trade_id,counterparty_id,fee,currency\n")
    body = (
        "A,C,2024-01-02T04:05:06Z,buy,1,1,T1,B,0.5,CNY\nA,C,2024-01-02T04:05:06Z,buy,1,1,null,,,\n"
    )
    frame = read_trades(_csv(tmp_path, body, header=header)).frame
    assert frame.select("trade_id", "counterparty_id", "fee", "currency").rows() == [
        ("T1", "B", 0.5, "CNY"),
        (None, None, None, None),
    ]


def test_repeats_are_found_across_the_files_of_a_folder(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",trade_id\n")
    row = "A,COIN,2024-01-02T04:05:06Z,buy,1,1,{}\n"
    _csv(tmp_path, row.format("T1") + row.format("") * 2, "a.csv", header)
    _csv(tmp_path, row.format("T1") + row.format("T2") + row.format(""), "b.csv", header)
    table = read_trades(tmp_path)
    assert table.frame["trade_id"].to_list() == ["T1", None, None, "T2", None]
    assert (table.report.repeats_dropped, table.report.possible_duplicates) == (1, 2)
    dropped = read_trades(tmp_path, ReadOptions(drop_duplicates=True))
    assert dropped.frame["trade_id"].to_list() == ["T1", None, "T2"]


def test_identical_rows_are_found_whatever_the_order_of_columns(tmp_path: Path) -> None:
    note = HEADER.replace("\n", ",note\n")
    row = "A,COIN,2024-01-02T04:05:06Z,buy,1,1"
    _csv(tmp_path, f"{row},x\n", "a.csv", note)
    _csv(tmp_path, f"x,{row}\ny,{row}\n", "b.csv", "note," + HEADER)
    _csv(tmp_path, f"{row},x,\n", "c.csv", HEADER.replace("\n", ",note,empty\n"))
    assert read_trades(tmp_path).report.possible_duplicates == 2


def test_errors_of_a_folder_name_the_file(tmp_path: Path) -> None:
    _csv(tmp_path, GOOD, "a.csv")
    bad = _csv(tmp_path, "A,COIN,2024-01-02T04:05:06Z,buy,0,1\n", "b.csv")
    with pytest.raises(RowErrors) as caught:
        read_trades(tmp_path)
    assert caught.value.rows[0].file == str(bad)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.csv", b"", "is empty"),
        ("t.csv", HEADER.encode(), "no rows"),
        ("t.jsonl", b"\n\n", "no rows"),
        ("t.csv", b"a,b\n1,2\n", "no column for account_id, time, side, price, quantity"),
        ("t.parquet", b"PAR1 and no more", "cut off or damaged"),
        ("t.feather", b"ARROW1\0\0", "cut off or damaged"),
        ("t.xlsx", b"PK", "unknown kind of file"),
    ],
)
def test_files_that_can_not_be_read(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        read_trades(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_naive_time_asks_for_a_time_zone(tmp_path: Path) -> None:
    path = _csv(tmp_path, GOOD.replace("Z", ""))
    with pytest.raises(InputError, match=r"csv: line 2, column time: .*--timezone"):
        read_trades(path)


def test_the_line_of_a_naive_time_is_said(tmp_path: Path) -> None:
    mixed = GOOD.replace("07Z", "07")
    with pytest.raises(InputError, match=r"csv: line 3, column time: "):
        read_trades(_csv(tmp_path, mixed))


def test_the_row_of_a_naive_time_in_a_typed_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    frame = read_trades(_csv(tmp_path, GOOD)).frame.drop_nulls("time")
    frame.with_columns(pl.col("time").dt.replace_time_zone(None)).write_parquet(path)
    with pytest.raises(InputError, match=r"t\.parquet: line 1, column time: .*--timezone"):
        read_trades(path)


@contextmanager
def _without_privilege() -> Iterator[None]:
    """Root may read everything: as root, be nobody for a while."""
    nobody, root = 65534, 0
    if os.geteuid() != root:
        yield
        return
    os.seteuid(nobody)
    try:
        yield
    finally:
        os.seteuid(root)


def test_a_file_without_permission() -> None:
    # Not in tmp_path, whose parents only their owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = _csv(Path(folder), GOOD)
        path.chmod(0)
        with _without_privilege(), pytest.raises(InputError, match="can't be read"):
            read_trades(path)


def test_blocks_of_a_small_file_are_one(tmp_path: Path) -> None:
    (table,) = trade_blocks(_csv(tmp_path, GOOD))
    assert table.frame.select(FIRST_SIX).rows() == ROWS


def test_a_wrong_time_zone_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such time zone"):
        read_trades(_csv(tmp_path, GOOD), ReadOptions(timezone="Mars"))


def test_small_pieces_give_what_one_piece_gives(tmp_path: Path) -> None:
    body = "".join(
        f'"A,{i % 7}",COIN,2024-01-02T04:05:{i % 60:02}Z,buy,{1 + i},"1,0{i:02}"\n'
        for i in range(50)
    )
    path = _csv(tmp_path, body)
    (pieces,) = trade_blocks(path, size=BatchSize(text_bytes=64, typed_rows=3))
    assert pieces.frame.equals(read_trades(path).frame)

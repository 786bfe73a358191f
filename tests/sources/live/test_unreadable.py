"""Rows of an account that can't be read: they are counted, with whom they belong to."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.sources.live import tables
from tests.sources.live.market import MINUTE, SECOND, T0
from tradeglyph.ports.sources import AccountSpan
from tradeglyph.sources.live.database import Database
from tradeglyph.sources.live.files import FileTrades
from tradeglyph.sources.live.sql_trades import SqlTrades
from tradeglyph.sources.live.user_table import TableSettings
from tradeglyph.sources.options import ReadOptions

ROWS = (
    # account, seconds after T0 or None, side, price
    ("a", 0, "buy", "1"),
    ("a", 1, "hold", "1"),
    ("a", 2, "sell", "-1"),
    ("a", 3, None, "1"),
    ("a", 60, "buy", "x"),
    ("a", None, "buy", "1"),
    ("b", 1, "buy", "0"),
    ("c", 1, "buy", "1"),
)
NAMES = ("account_id", "symbol", "time", "side", "price", "quantity")
SPANS = {
    # One of the account's has no time: it may lie in any span.
    ("a", T0, T0 + MINUTE): (1, 4),
    ("a", T0, T0 + MINUTE + 1): (1, 5),
    ("a", T0 + 1, T0 + 2 * SECOND): (0, 2),
    ("a", T0 - MINUTE, T0): (0, 1),
    ("b", T0, T0 + MINUTE): (0, 1),
    ("c", T0, T0 + MINUTE): (1, 0),
    ("d", T0, T0 + MINUTE): (0, 0),
}


def check(source) -> None:
    found = {}
    for account, since, until in SPANS:
        rows = source.of_account(account, since, until)
        found[account, since, until] = len(rows), rows.unreadable
    assert found == SPANS
    spans = [AccountSpan(account_id=name, since=a, until=b) for name, a, b in SPANS]
    together = [(len(rows), rows.unreadable) for rows in source.of_accounts(spans)]
    assert together == list(SPANS.values())


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "scanned"])
def test_of_files(tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame(
        [(a, "X", None if t is None else T0 + t * SECOND, s, p, "1") for a, t, s, p in ROWS],
        NAMES,
        orient="row",
    ).with_columns(pl.col("time").cast(pl.Datetime("us", "UTC")))
    file = tmp_path / f"trades.{'parquet' if kind == 'scanned' else kind}"
    if kind == "csv":
        frame.with_columns(pl.col("time").dt.strftime("%FT%T%z")).write_csv(file)
    elif kind == "jsonl":
        frame.with_columns(pl.col("time").dt.strftime("%FT%T%z")).write_ndjson(file)
    else:
        frame.write_parquet(file)
    limit = {"in_memory_bytes": 0} if kind == "scanned" else {}
    with closing(FileTrades(file, ReadOptions(), **limit)) as source:
        check(source)


def _table(url: str, time_type: str, times: list[object]) -> None:
    tables.run(
        url,
        f"CREATE TABLE fills (account_id varchar(9), symbol varchar(9), time {time_type},"
        " side varchar(9), price varchar(9), quantity varchar(9))",
        "CREATE INDEX by_account ON fills (account_id, time)",
        *(
            "INSERT INTO fills VALUES ("  # noqa: S608
            + ", ".join("NULL" if v is None else f"'{v}'" for v in (a, "X", t, s, p, "1"))
            + ")"
            for (a, _, s, p), t in zip(ROWS, times, strict=True)
        ),
    )


def _asked(url: str) -> None:
    with closing(SqlTrades(Database(url), TableSettings(table="fills"))) as source:
        check(source)


@pytest.mark.parametrize("never", [None, 0, 9_999_999_999_999])
def test_of_databases_by_counts(database_url: str, never: int | None) -> None:
    """No time, none of our age, and one in another unit."""
    times = [never if t is None else T0 // SECOND + t for _, t, _, _ in ROWS]
    _table(database_url, "bigint", list(times))
    _asked(database_url)


@pytest.mark.parametrize("never", [None, "", "soon"])
def test_of_databases_by_texts(database_url: str, never: str | None) -> None:
    def text(seconds: int | None) -> str | None:
        if seconds is None:
            return never
        return datetime.fromtimestamp(T0 // SECOND + seconds, tz=UTC).isoformat()

    _table(database_url, "varchar(40)", [text(t) for _, t, _, _ in ROWS])
    _asked(database_url)


def test_who_is_like_another_to_the_database_is_another(database_url: str) -> None:
    """MariaDB's collations take `A` for `a`."""
    _table(database_url, "bigint", [T0 // SECOND + (t or 0) for _, t, _, _ in ROWS])
    tables.run(database_url, "INSERT INTO fills VALUES ('C', 'X', NULL, 'buy', '1', '1')")
    with closing(SqlTrades(Database(database_url), TableSettings(table="fills"))) as source:
        spans = [AccountSpan(account_id=name, since=T0, until=T0 + MINUTE) for name in "cCa"]
        assert [rows.unreadable for rows in source.of_accounts(spans)] == [0, 1, 3]
        assert source.of_account("c", T0, T0 + MINUTE).unreadable == 0
        assert source.of_account("C", T0, T0 + MINUTE).unreadable == 1

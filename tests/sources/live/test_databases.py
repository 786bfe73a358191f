"""What holds for databases: read only, in time, recovering, silent about secrets."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from sqlalchemy import exc, make_url, text

from tests.servers import Server
from tests.sources.live import tables
from tests.sources.live.market import EMOJI, MINUTE, SECOND, T0, TRADES, expected, plain
from tradeglyph.domain.errors import InputError
from tradeglyph.ports.sources import AccountSpan, SourceGone, TooManyRows
from tradeglyph.sources.live.database import Database, Limits
from tradeglyph.sources.live.sql_candles import SqlCandles
from tradeglyph.sources.live.sql_trades import SqlTrades
from tradeglyph.sources.live.user_table import TableSettings

EVER = (-(1 << 62), 1 << 62)


@contextmanager
def opened(url, limits=None, **settings):
    database = Database(url, limits or Limits())
    settings = {"table": "fills", "columns": tables.COLUMNS} | settings
    with closing(SqlTrades(database, TableSettings(**settings))) as source:
        yield source


@pytest.fixture
def fills(database_url):
    """A table of trades with a zone."""
    tables.make_trades(
        database_url, tables.dialect_of(database_url).aware, tables.aware(database_url)
    )
    return database_url


def plain_table(url, *rows, key="varchar(40)"):
    """A table by the contract's names, with times in seconds."""
    tables.run(
        url,
        f"CREATE TABLE plain (account_id {key}, symbol varchar(40), time bigint, side varchar(9),"
        " price varchar(40), quantity varchar(40), trade_id varchar(9), fee varchar(9))",
        *(f"INSERT INTO plain VALUES {row}" for row in rows),  # noqa: S608
    )


@pytest.mark.parametrize("statement", ["DELETE FROM fills", "CREATE TABLE other (a integer)"])
def test_nothing_can_be_written(fills, statement):
    with opened(fills) as source:
        assert len(source.of_account("alice", *EVER)) == 4
        engine = source._table.database.engine
        with pytest.raises(exc.DBAPIError, match=r"(?i)read.?only"), engine.connect() as connection:
            connection.execute(text(statement))
        assert len(source.of_account("alice", *EVER)) == 4


SLOW = {
    "sqlite": "WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
    "mysql": "SELECT sleep(60)",
}


def test_a_statement_ends_in_time(fills):
    slow = SLOW[fills.partition(":")[0].partition("+")[0]]
    with opened(fills, Limits(statement_s=0.3)) as source:
        begun = time.monotonic()
        with pytest.raises(SourceGone), source._table.database.read() as connection:
            connection.execute(text(slow)).all()
        assert 0.2 < time.monotonic() - begun < 5
        assert len(source.of_account("alice", *EVER)) == 4


def test_each_statement_has_the_whole_time(fills):
    with opened(fills, Limits(statement_s=0.5)) as source:
        source.watermark(EVER[1])
        time.sleep(0.6)
        assert len(source.of_account("alice", *EVER)) == 4


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_a_server_that_was_away_is_asked_again(kind, request):
    server: Server = request.getfixturevalue(kind)
    with server.database() as url:
        tables.make_trades(url, tables.dialect_of(url).aware, tables.aware(url))
        with opened(url, Limits(connect_s=1)) as source:
            assert len(source.of_account("alice", *EVER)) == 4
            server.stop()
            try:
                for _ in range(2):
                    with pytest.raises(SourceGone):
                        source.of_account("alice", *EVER)
                assert [p.code for p in source.check()] == ["unreachable"]
            finally:
                server.start()
            assert len(source.of_account("alice", *EVER)) == 4


def test_a_file_that_was_away_is_asked_again(tmp_path):
    with opened(f"sqlite:///{tmp_path}/late.db") as source:
        with pytest.raises(SourceGone, match=r"late\.db"):
            source.watermark(EVER[1])
        assert [p.code for p in source.check()] == ["unreachable"]
        assert not list(tmp_path.iterdir())
        tables.make_trades(f"sqlite:///{tmp_path}/late.db", "bigint", lambda t: t)
        assert source.watermark(EVER[1]) == T0 + 120 * SECOND


def test_a_file_that_was_replaced_is_read_and_one_that_is_gone_is_said(tmp_path):
    file, other = tmp_path / "trades.db", tmp_path / "other.db"
    for path in (file, other):
        tables.make_trades(f"sqlite:///{path}", "bigint", lambda t: t)
    tables.run(f"sqlite:///{other}", "DELETE FROM fills")
    with opened(f"sqlite:///{file}") as source:
        assert len(source.of_account("alice", *EVER)) == 4
        other.rename(file)
        assert len(source.of_account("alice", *EVER)) == 0
        file.rename(other)
        with pytest.raises(SourceGone, match="the file is gone"):
            source.of_account("alice", *EVER)
        other.rename(file)
        assert len(source.of_account("alice", *EVER)) == 0


@pytest.mark.parametrize(
    "url", ["postgresql://risk:s3cr%40t@127.0.0.1:1/x", "mysql://risk:s3cr%40t@127.0.0.1:1/x"]
)
def test_no_error_tells_the_password(url):
    with opened(url, Limits(connect_s=1)) as source, pytest.raises(SourceGone) as caught:
        source.of_account("alice", *EVER)
    said = str(caught.value)
    assert "127.0.0.1" in said
    assert "s3cr" not in said
    assert "\n" not in said
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("sslmode=require", "TypeError"),
        ("ssl_ca=/nowhere/ca.pem", "FileNotFoundError"),
        ("ssl=true", "AttributeError"),
    ],
)
def test_an_option_of_the_url_that_the_driver_can_t_use(mariadb, option, said):
    with mariadb.database() as url, opened(f"{url}?{option}") as source:
        (problem,) = source.check()
        assert (problem.code, said in str(problem)) == ("unreadable", True)
        with pytest.raises(InputError, match=option.partition("=")[0]) as caught:
            source.of_account("alice", *EVER)
        assert str(make_url(url).password) not in str(caught.value)


def test_no_error_tells_the_account(fills):
    query = "SELECT * FROM fills WHERE nothing = 'alice'"
    given = {"table": None, "columns": None, "query": query}
    with opened(fills, **given) as source, pytest.raises(SourceGone) as caught:
        source.of_account("alice", *EVER)
    assert "alice" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "oracle://u:s3cret@h/d",
        "s3cret",
        "sqlite://",
        "sqlite:///:memory:",
        "",
        "mysql://u:p@s3cret@h/d",
    ],
)
def test_urls_that_cannot_be_meant(url):
    with pytest.raises(InputError) as caught:
        Database(url)
    assert "s3cret" not in str(caught.value)


def test_bad_rows_are_left_out_and_counted(database_url):
    t = T0 // SECOND
    plain_table(
        database_url,
        f"('a', 'X', {t}, 'buy', '1', '1', NULL, NULL)",
        f"('a', 'X', {t}, 'hold', '1', '1', NULL, NULL)",
        f"('a', 'X', {t}, NULL, '1', '1', NULL, NULL)",
        f"('a', 'X', {t}, 'S', '0', '1', NULL, NULL)",
        f"('a', 'X', {t}, 'S', 'inf', '1', NULL, NULL)",
        f"('a', 'X', {t}, 'S', '1', '-1', NULL, NULL)",
        f"('a', NULL, {t}, 'S', '1', '1', NULL, NULL)",
        "('a', 'X', NULL, 'S', '1', '1', NULL, NULL)",
        f"('a', 'X', {t}, 'S', '1.5', '1', '7', 'inf')",
        f"('a', 'X', {t}, 'S', '1.5', '1', '7', 'inf')",
        f"(NULL, 'X', {t}, 'S', '2', '1', '7', NULL)",
    )
    with opened(database_url, table="plain", columns=None) as source:
        assert plain(source.of_account("a", T0, T0 + 1)) == [
            ("a", "X", 0, -1, 1.5, 1.0, "7", "", None),
            ("a", "X", 0, 1, 1.0, 1.0, "", "", None),
        ]
        # A null time lies in no span, and may lie in this one.
        assert source.left_out.counts() == {
            "side": 2, "price": 2, "quantity": 1, "symbol": 1, "repeat": 1, "time": 1,
        }  # fmt: skip
        # Nobody's fills are the market's all the same.
        assert "" in source.of_symbols(["X"], T0, T0 + 1).account_id


def test_a_text_of_sqlite_that_is_no_utf_8_stops_nothing(tmp_path):
    url, t = f"sqlite:///{tmp_path}/fills.db", T0 // SECOND
    latin = "CAST(X'636166E9' AS TEXT)"
    plain_table(
        url,
        f"({latin}, 'X', {t}, 'buy', '1', '1', NULL, NULL)",
        f"('a', 'X', {t}, 'sell', '1', '1', NULL, NULL)",
        f"('a', 'X', {t}, {latin}, '1', '1', NULL, NULL)",
    )
    with opened(url, table="plain", columns=None) as source:
        found = source.of_account("a", *EVER)
        assert (len(found), found.unreadable) == (1, 1)
        assert sorted(source.of_symbols(["X"], *EVER).account_id) == ["a", "caf\ufffd"]
        assert source.left_out.counts() == {"side": 2}


def test_bad_candles_are_left_out_and_counted(database_url):
    t = T0 // SECOND
    tables.run(
        database_url,
        "CREATE TABLE bars (symbol varchar(9), time bigint, high decimal(9,3), low decimal(9,3),"
        " open decimal(9,3), close decimal(9,3), volume decimal(9,3), accounts int)",
        *(
            f"INSERT INTO bars VALUES ('X', {t + 60 * n}, {cells})"  # noqa: S608
            for n, cells in enumerate((
                "2, 1, 1, 2, 0, 5",
                "1, 2, NULL, NULL, NULL, NULL",
                "0, 0, NULL, NULL, NULL, NULL",
                "2, 1, 3, NULL, NULL, NULL",
                "2, 1, NULL, 0.5, NULL, NULL",
                "2, 1, NULL, NULL, -1, NULL",
                "2, 1, NULL, NULL, NULL, NULL",
            ))
        ),
        f"INSERT INTO bars VALUES ('X', {t}, 2, 1, 1, 2, 0, 5)",  # noqa: S608
    )  # fmt: skip
    with closing(SqlCandles(Database(database_url), TableSettings(table="bars"))) as source:
        found = source.of_symbols(["X"], T0, T0 + 10 * MINUTE)
        assert ((found.start - T0) // MINUTE).tolist() == [0, 6]
        assert found.accounts.tolist() == [5, -1]
        assert source.left_out.counts() == {
            "low": 1, "high": 1, "open": 1, "close": 1, "volume": 1, "repeat": 1,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        ("'buy', '1', '1'", []),
        ("'bid', '1', '1'", ["side"]),
        ("'0', '1', '1'", ["side"]),
        ("NULL, 'much', '-1'", ["side", "price", "quantity"]),
    ],
)
def test_check_says_what_of_a_row_can_t_be_read(database_url, cells, columns):
    plain_table(database_url, f"('a', 'X', {T0 // SECOND}, {cells}, '', NULL)")
    with opened(database_url, table="plain", columns=None) as source:
        found = [p for p in source.check() if p.code == "bad_row"]
        assert [list(p.columns) for p in found] == [columns] * bool(columns)
        assert not any(p.fatal for p in found)
        # Nor does it keep the source from answering.
        assert source.of_account("a", *EVER).unreadable == bool(columns)
    query = (
        "SELECT account_id, symbol, time, CASE side WHEN 'bid' THEN 'buy' ELSE 'sell' END AS side,"
        " '1' AS price, '1' AS quantity FROM plain"
    )
    with opened(database_url, table=None, columns=None, query=query) as source:
        assert "bad_row" not in [p.code for p in source.check()]
        assert len(source.of_account("a", *EVER)) == 1


@pytest.mark.parametrize("shift", [0, 5])
def test_check_says_that_candles_of_one_start_differ(database_url, shift):
    tables.run(
        database_url,
        "CREATE TABLE bars (symbol varchar(9), time bigint, minutes int, high int, low int)",
        *(
            f"INSERT INTO bars VALUES ('X', {T0 // SECOND + 60 * (n + shift)}, 5, 2, 1)"  # noqa: S608
            for n in (0, 0, 5, 10, 15, 20)
        ),
    )
    label = {"label": "end", "interval": 5 * MINUTE} if shift else {}
    table = TableSettings(table="bars")
    with closing(SqlCandles(Database(database_url), table, **label)) as source:
        # Two that are the same are no clash.
        assert "clash" not in [p.code for p in source.check()]
        row = f"('X', {T0 // SECOND + 60 * (15 + shift)}, 60, 9, 1)"
        tables.run(database_url, f"INSERT INTO bars VALUES {row}")  # noqa: S608
        (problem,) = (p for p in source.check() if p.code == "clash")
        assert "X that start at 2024-10-04T09:45:00" in problem.what
        assert not problem.fatal
    query = "SELECT symbol, time, high, low FROM bars WHERE minutes = 5"
    table = TableSettings(query=query)
    with closing(SqlCandles(Database(database_url), table, **label)) as source:
        assert "clash" not in [p.code for p in source.check()]


def test_more_rows_than_the_limit_are_refused(fills):
    with opened(fills, Limits(max_rows=5)) as source:
        # MariaDB gives Alice's row, too.
        assert len(source.of_account("alice", *EVER)) == 4
        with pytest.raises(TooManyRows, match="more than 5 rows"):
            source.of_symbols(["X", "Y"], *EVER)
        with pytest.raises(TooManyRows):
            source.of_symbols(["X", *(f"none {n}" for n in range(600)), "Y"], *EVER)


@pytest.mark.parametrize("name", ["1 OR 1=1", "12abc", " 12", "012", "12.0", "9" * 30, "１２"])
def test_an_account_that_is_a_number_is_asked_as_one(database_url, name):
    plain_table(
        database_url, f"(12, 'X', {T0 // SECOND}, 'buy', '1', '1', NULL, NULL)", key="bigint"
    )
    with opened(database_url, table="plain", columns=None) as source:
        assert plain(source.of_account("12", *EVER)) == [("12", "X", 0, 1, 1.0, 1.0, "", "", None)]
        assert plain(source.of_account(name, *EVER)) == []
        assert plain(source.of_symbols(["X", "Y"], *EVER))[0][0] == "12"


@pytest.mark.parametrize("kind", ["", "integer", "text", "numeric", "blob"])
@pytest.mark.parametrize("first", ["42", "'42'", "42.0", "'042'"])
def test_an_id_of_sqlite_that_is_a_number_here_and_a_text_there(tmp_path, kind, first):
    """Which of them is found is no matter of the row that was looked at first."""
    url = f"sqlite:///{tmp_path}/fills.db"
    stored = [first, *(id_ for id_ in ("42", "'42'", "42.0", "'042'", "'x'") if id_ != first)]
    rows = [f"({id_}, 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)" for id_ in stored]
    plain_table(url, *rows, "('42', 'X', NULL, 'buy', '1', '1', '', NULL)", key=kind)
    # Columns of numbers make 42 of '042'; one of texts, and of blobs what SQLite prints of 42.0.
    expected = {
        "": {"42": 3, "042": 1},
        "blob": {"42": 3, "042": 1},
        "integer": {"42": 4, "042": 0},
        "numeric": {"42": 4, "042": 0},
        "text": {"42": 2, "042": 1},
    }[kind]
    with opened(url, table="plain", columns=None) as source:
        for name, many in {**expected, "x": 1, " 42": 0}.items():
            found = source.of_account(name, *EVER)
            assert (len(found), found.unreadable) == (many, int(name == "42"))
        asked = [f"none {n}" for n in range(499)] + ["42", "042", "x"]
        spans = [AccountSpan(account_id=n, since=EVER[0], until=EVER[1]) for n in asked]
        together = [len(found) for found in source.of_accounts(spans)]
        assert together[-3:] == [expected["42"], expected["042"], 1]


@pytest.mark.parametrize(
    ("kind", "key", "largest"),
    [
        ("postgres", "bigint", 2**63 - 1),
        ("postgres", "numeric(38)", 10**38 - 1),
        ("mariadb", "bigint", 2**63 - 1),
        ("mariadb", "bigint unsigned", 2**64 - 1),
        ("mariadb", "decimal(65)", 10**65 - 1),
    ],
)
def test_the_largest_number_that_a_column_holds_is_found(request, kind, key, largest):
    with request.getfixturevalue(kind).database() as url:
        row = f"({largest}, 'X', {T0 // SECOND}, 'buy', '1', '1', NULL, NULL)"
        plain_table(url, row, key=key)
        with opened(url, table="plain", columns=None) as source:
            assert source.of_account(str(largest), *EVER).account_id.tolist() == [str(largest)]
            for other in (largest + 1, -largest, largest * 10, 10**66):
                assert len(source.of_account(str(other), *EVER)) == 0


BYTES = {
    # type of 16 bytes, literal, text of a column
    "sqlite": ("blob", "X'{0}'", "lower(hex({0}))"),
    "postgresql": ("bytea", "decode('{0}', 'hex')", "encode({0}, 'hex')"),
    "mysql": ("binary(16)", "X'{0}'", "lower(hex({0}))"),
}


def test_ids_that_are_bytes_are_said_to_be_none_and_a_query_makes_texts_of_them(database_url):
    kind, literal, as_text = BYTES[database_url.partition(":")[0].partition("+")[0]]
    ids = ["8a6e08042bd04672b79dd97027f9071a", "8b6e08042bd04672b79dd97027f9071a"]
    rows = [f"({literal.format(i)}, 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)" for i in ids]
    plain_table(database_url, *rows, key=kind)
    with opened(database_url, table="plain", columns=None) as source:
        with pytest.raises(InputError, match="account_id: a row is not found by its own value"):
            source.of_account(ids[0], *EVER)
        assert [p.code for p in source.check() if p.fatal] == ["unreadable"]
    query = (
        f"SELECT {as_text.format('account_id')} AS account_id, symbol, time, side, price,"  # noqa: S608
        " quantity, account_id AS counterparty_id FROM plain"
    )
    with opened(database_url, table=None, columns=None, query=query) as source:
        assert source.of_account(ids[0], *EVER).account_id.tolist() == [ids[0]]
        # Bytes that would be one text with a mark for what is none.
        assert sorted(source.of_symbols(["X"], *EVER).counterparty_id) == ids


def test_an_id_with_blanks_around_it_is_passed_over(database_url):
    t = T0 // SECOND
    plain_table(database_url, f"(' a', 'X', {t}, 'buy', '1', '1', '', NULL)")
    with opened(database_url, table="plain", columns=None) as source:
        assert [p.code for p in source.check() if p.fatal] == ["unreadable"]
    tables.run(
        database_url,
        f"INSERT INTO plain VALUES ('b', 'X', {t}, 'buy', '1', '1', '', NULL)",  # noqa: S608
    )
    with opened(database_url, table="plain", columns=None) as source:
        assert [p.code for p in source.check() if p.fatal] == []
        assert len(source.of_account("b", *EVER)) == 1


def test_accounts_that_are_uuids_or_of_a_fixed_length(postgres):
    with postgres.database() as url:
        one = "8a6e0804-2bd0-4672-b79d-d97027f9071a"
        plain_table(url, f"('{one}', 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)", key="uuid")
        with opened(url, table="plain", columns=None) as source:
            assert len(source.of_account(one, *EVER)) == 1
            assert len(source.of_account("x", *EVER)) == 0
        tables.run(url, "ALTER TABLE plain ALTER account_id TYPE char(50)")
        tables.run(url, "CREATE TYPE coin AS ENUM ('X', 'Y')")
        tables.run(url, "ALTER TABLE plain ALTER symbol TYPE coin USING symbol::coin")
        with opened(url, table="plain", columns=None) as source:
            assert source.of_account(one, *EVER).account_id.tolist() == [one]
            # `Q` is no coin, so that PostgreSQL refuses to compare it; `X` is found all the same.
            assert len(source.of_symbols(["Q", "X", "R"], *EVER)) == 1
            assert len(source.of_symbols(["Q"], *EVER)) == 0


def test_a_row_that_a_query_cannot_convert_is_no_empty_answer(postgres):
    with postgres.database() as url:
        t = T0 // SECOND
        plain_table(
            url,
            f"('a', 'X', {t}, 'buy', '1', '1', '', NULL)",
            f"('b', 'X', {t}, 'buy', 'much', '1', '', NULL)",
        )
        query = "SELECT account_id, symbol, time, side, price::int AS price, quantity FROM plain"
        with opened(url, table=None, columns=None, query=query) as source:
            assert len(source.of_account("a", *EVER)) == 1
            with pytest.raises(SourceGone, match="22P02"):
                source.of_account("b", *EVER)
            with pytest.raises(SourceGone, match="22P02"):
                source.of_symbols(["X", "Y"], *EVER)


def test_a_column_that_nobody_asked_for_is_not_read(postgres):
    with postgres.database() as url:
        plain_table(url, f"('a', 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)")
        # A date that Python has none for.
        tables.run(url, "ALTER TABLE plain ADD valid_to timestamptz DEFAULT 'infinity'")
        with opened(url, table="plain", columns=None) as source:
            assert len(source.of_account("a", *EVER)) == 1
            assert not any(p.fatal for p in source.check())


def test_ids_that_a_column_of_three_bytes_a_character_cannot_hold(mariadb):
    with mariadb.database() as url:
        key = "varchar(40) CHARACTER SET utf8mb3"
        plain_table(url, f"('a', 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)", key=key)
        with opened(url, table="plain", columns=None) as source:
            assert len(source.of_account("a", *EVER)) == 1
            assert len(source.of_account(EMOJI, *EVER)) == 0


@pytest.mark.parametrize("charset", ["utf8", "gbk", "latin1"])
def test_a_charset_of_the_url_hides_no_id(mariadb, charset):
    with mariadb.database() as url:
        key = "varchar(40) CHARACTER SET utf8mb4"
        plain_table(url, f"('{EMOJI}', 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)", key=key)
        with opened(f"{url}?charset={charset}", table="plain", columns=None) as source:
            assert source.of_account(EMOJI, *EVER).account_id.tolist() == [EMOJI]
            assert source.of_symbols(["X"], *EVER).account_id.tolist() == [EMOJI]


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_an_id_outside_of_a_column_s_characters_hides_no_other(mariadb, most):
    """MariaDB says so by another number for one such id, for two and for more."""
    with mariadb.database() as url:
        key = "varchar(40) CHARACTER SET latin1"
        plain_table(url, f"('straße', 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)", key=key)
        tables.run(url, "ALTER TABLE plain MODIFY symbol varchar(40) CHARACTER SET latin1")
        names = [EMOJI, "straße", "账户", "a"][:most]
        spans = [AccountSpan(account_id=name, since=EVER[0], until=EVER[1]) for name in names]
        with opened(url, table="plain", columns=None) as source:
            found = [len(rows) for rows in source.of_accounts(spans)]
            assert found == [int(name == "straße") for name in names]
            assert len(source.of_symbols(["币", "X", "Y", "Z"], *EVER)) == 1


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_CN"])
def test_a_database_of_another_encoding_than_utf_8(postgres, encoding):
    name = "straße" if encoding == "LATIN1" else "账户"
    with postgres.database(encoding=encoding) as url:
        row = f"('{name}', 'X', {T0 // SECOND}, 'buy', '1', '1', '', '')"
        in_utf8 = make_url(url).update_query_dict({"client_encoding": "utf8"})
        plain_table(in_utf8.render_as_string(hide_password=False), row)
        with opened(url, table="plain", columns=None) as source:
            names = [EMOJI, "straße", "账户", "a"]
            spans = [AccountSpan(account_id=n, since=EVER[0], until=EVER[1]) for n in names]
            found = [len(rows) for rows in source.of_accounts(spans)]
            assert found == [int(n == name) for n in names]
            assert len(source.of_symbols([EMOJI, "X"], *EVER)) == 1


def test_a_query_instead_of_a_table(fills):
    query = """
        SELECT uid AS account_id, market AS symbol, created_at AS time, direction AS side, price,
               amount AS quantity, '12:30 :x 100%' AS trade_id
        FROM fills WHERE uid LIKE 'ali%' OR uid = 'bob'; """
    with opened(fills, table=None, columns=None, query=query) as source:
        found = source.of_account("alice", T0 + MINUTE, T0 + 2 * MINUTE)
        assert sorted(found.time - T0) == [60 * SECOND, 120 * SECOND - 1]
        assert set(found.trade_id) == {"12:30 :x 100%"}
        assert len(source.of_account(EMOJI, *EVER)) == 0
        assert_indexes_unseen(source.check(), "is a query", "(account_id, time)", "(symbol, time)")


def test_a_view_does_not_tell_its_indexes(fills):
    tables.run(fills, "CREATE VIEW seen AS SELECT * FROM fills")
    try:
        with opened(fills, table="seen") as source:
            assert_indexes_unseen(
                source.check(), "is a view", "(uid, created_at)", "(market, created_at)"
            )
    finally:
        tables.run(fills, "DROP VIEW seen")


def assert_indexes_unseen(problems, what, *columns):
    """It answers, and a person is told what only they can see."""
    (problem,) = problems
    assert (problem.code, problem.fatal) == ("index_unseen", False)
    assert problem.what.startswith(what)
    for listed in columns:
        assert listed in problem.columns
        assert listed in problem.remedy


def test_check_names_what_is_missing(fills):
    with opened(fills) as source:
        problems = source.check()
        # (uid, created_at) has its index.
        assert [p.columns for p in problems] == [("market", "created_at"), ("created_at",)]
        assert not any(p.fatal for p in problems)
        for problem in problems:
            tables.run(fills, problem.remedy)
        assert source.check() == []
    with opened(fills, table="trades") as source:
        assert [(p.code, "fills" in p.what) for p in source.check()] == [("no_table", True)]
    with opened(fills, columns={**tables.COLUMNS, "symbol": "sym"}) as source:
        (problem,) = source.check()
        assert "there is no column sym" in str(problem)
        with pytest.raises(InputError, match="there is no column sym"):
            source.of_account("alice", *EVER)
    with pytest.raises(InputError, match="uid is no column"), opened(fills, columns={"uid": "a"}):
        pass
    with pytest.raises(InputError, match="one of table and query"), opened(fills, table=None):
        pass
    with pytest.raises(InputError, match="Nowhere"), opened(fills, timezone="Nowhere"):
        pass


@pytest.mark.parametrize(
    ("kind", "index"),
    [
        ("sqlite", "(created_at) WHERE amount > 0"),
        ("postgres", "(created_at) WHERE amount > 0"),
        ("postgres", "USING brin (created_at)"),
        ("postgres", "USING hash (created_at)"),
    ],
)
def test_an_index_that_can_t_serve_is_none(request, tmp_path, kind, index):
    @contextmanager
    def sqlite():
        yield f"sqlite:///{tmp_path}/fills.db"

    with sqlite() if kind == "sqlite" else request.getfixturevalue(kind).database() as url:
        tables.make_trades(url, tables.dialect_of(url).aware, tables.aware(url))
        tables.run(url, f"CREATE INDEX some_rows ON fills {index}")
        with opened(url) as source:
            wanted = [p.columns for p in source.check()]
            assert wanted == [("market", "created_at"), ("created_at",)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT uid AS account_id, nothing AS symbol FROM fills", "nothing"),
        ("SELECT * FROM nowhere", "nowhere"),
        ("SELEC * FROM fills", ""),
    ],
)
def test_check_tells_a_question_that_is_refused_from_a_server_that_is_away(fills, query, said):
    with opened(fills, table=None, columns=None, query=query) as source:
        (problem,) = source.check()
        assert (problem.code, said in problem.what) == ("refused", True)


def test_check_says_what_may_not_be_read(postgres):
    with postgres.database() as url:
        plain_table(url, f"('a', 'X', {T0 // SECOND}, 'buy', '1', '1', '', NULL)")
        tables.run(url, "CREATE ROLE reader LOGIN")
        try:
            with opened(url.replace("postgres@", "reader@"), table="plain", columns=None) as source:
                (problem,) = source.check()
                assert problem.code == "refused"
                assert "permission denied for table plain" in problem.what
        finally:
            tables.run(url, "DROP ROLE reader")


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_select_on_the_table_is_the_one_right_that_is_needed(request, kind):
    with request.getfixturevalue(kind).database() as url:
        tables.make_trades(url, tables.dialect_of(url).aware, tables.aware(url))
        at = "@'%'" if kind == "mariadb" else ""
        by = "IDENTIFIED BY" if kind == "mariadb" else "LOGIN PASSWORD"
        # In the URL they are written %40, %3A, %2F, %23, %3F and %25.
        user, password = make_url(url).database, "p@s:/w#?%d"
        tables.run(url, f"CREATE USER {user}{at} {by} '{password.replace(':', chr(92) + ':')}'")
        try:
            tables.run(url, f"GRANT SELECT ON fills TO {user}{at}")
            reader = make_url(url).set(username=user, password=password)
            with opened(reader.render_as_string(hide_password=False)) as source:
                assert len(source.of_account("alice", *EVER)) == 4
                assert source.watermark(EVER[1]) == T0 + 120 * SECOND
                assert {p.code for p in source.check()} == {"no_index"}
        finally:
            if kind == "postgres":
                tables.run(url, f"DROP OWNED BY {user}")
            tables.run(url, f"DROP USER {user}{at}")


def test_an_empty_table_answers_and_says_so(database_url):
    plain_table(database_url)
    with opened(database_url, table="plain", columns=None) as source:
        assert len(source.of_account("a", *EVER)) == 0
        assert source.watermark(EVER[1]) is None
        assert "empty" in [p.code for p in source.check()]
        tables.run(database_url, f"INSERT INTO plain VALUES ('a','X',{T0},'b','1','1','','')")  # noqa: S608
        assert source.watermark(EVER[1]) == T0
        assert len(source.of_account("a", *EVER)) == 1


def asked_by(source: Any, question: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements of a question, with their parameters."""
    from sqlalchemy import event

    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    source.watermark(EVER[1])
    engine = source._table.database.engine
    event.listen(engine, "before_cursor_execute", note)
    question()
    event.remove(engine, "before_cursor_execute", note)
    return seen


def plan_of(source: Any, question: Callable[[], object]) -> str:
    """What the database says of how it answers."""
    seen = asked_by(source, question)
    assert len(seen) == 1, "one statement a question"
    database = source._table.database
    explain = "EXPLAIN QUERY PLAN" if database.engine.name == "sqlite" else "EXPLAIN"
    with database.read() as connection:
        rows = connection.exec_driver_sql(f"{explain} {seen[0][0]}", seen[0][1]).all()
    return "\n".join(" ".join(map(str, row)) for row in rows)


@pytest.mark.parametrize("naive", [False, True])
def test_questions_use_the_index(database_url, naive):
    dialect = tables.dialect_of(database_url)
    kind = dialect.naive if naive else dialect.aware
    stored = (tables.naive if naive else tables.aware)(database_url)
    others = [
        (f"user {n}", f"coin {n % 300}", n * SECOND, 1, 1.0, 1.0, "", "", None) for n in range(3000)
    ]
    tables.make_trades(database_url, kind, stored, rows=(*TRADES, *others))
    tables.run(database_url, "CREATE INDEX by_market ON fills (market, created_at)")
    analyze = "ANALYZE TABLE fills" if database_url.startswith("mysql") else "ANALYZE fills"
    tables.run(database_url, analyze)
    with opened(database_url, timezone="Asia/Shanghai") as source:
        span = (T0, T0 + MINUTE)
        mine = plan_of(source, lambda: source._found("account_id", ["alice"], *span))
        assert "by_account" in mine
        theirs = plan_of(source, lambda: source.of_symbols(["coin 1", "coin 2"], *span))
        assert "by_market" in theirs


def test_the_watermark_is_one_read_of_the_index(database_url):
    """Also where many rows are dated in the future."""
    year = 365 * 86_400 * SECOND
    late = [("z", "X", year + n * SECOND, 1, 1.0, 1.0, "", "", None) for n in range(3000)]
    dialect, stored = tables.dialect_of(database_url), tables.aware(database_url)
    tables.make_trades(database_url, dialect.aware, stored, rows=(*TRADES, *late))
    tables.run(database_url, "CREATE INDEX by_time ON fills (created_at)")
    analyze = "ANALYZE TABLE fills" if database_url.startswith("mysql") else "ANALYZE fills"
    tables.run(database_url, analyze)
    with opened(database_url) as source:
        event = T0 + 3600 * SECOND
        assert source.watermark(event) == T0 + 120 * SECOND
        assert "by_time" in plan_of(source, lambda: source.watermark(event))


def test_databases_need_no_polars(tmp_path):
    url = f"sqlite:///{tmp_path}/trades.db"
    tables.make_trades(url, "text", tables.naive(url))
    tables.make_candles(url, "text", tables.naive(url))
    code = f"""
        import sys
        sys.modules["polars"] = None
        from tradeglyph.app.live_sources import open_candles, open_trades
        from tradeglyph.app.settings import Settings
        from tradeglyph.pipeline.tape import tape_of_rows
        columns = {tables.COLUMNS}
        settings = Settings(timezone="Asia/Shanghai", sources=dict(
            trades=dict(url={url!r}, table="fills", columns=columns),
            candles=dict(url={url!r}, table="bars"),
        ))
        trades, candles = open_trades(settings), open_candles(settings)
        tape = tape_of_rows(trades.of_symbols(["X"], 0, {T0 + MINUTE}))
        print(len(tape), len(candles.of_symbols(["X"], 0, {T0 + MINUTE})))
    """
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=False
    )
    # alice and bob at 0, the evil one at 30 s; the candles at -5 minutes and at 0.
    assert (done.stdout, done.stderr) == ("3 2\n", "")


def test_a_file_in_the_middle_of_a_write_is_read(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/trades.db"
    tables.make_trades(url, "bigint", lambda t: t)
    with closing(sqlite3.connect(tmp_path / "trades.db")) as writer, opened(url) as source:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM fills")
        assert plain(source.of_account("bob", *EVER)) == expected(lambda a, s, t: a == "bob")
        writer.rollback()

"""Times as users' tables keep them, in each database."""

from contextlib import closing
from zoneinfo import ZoneInfo

import pytest

from tests.sources.live import tables
from tests.sources.live.market import CANDLES, MINUTE, SECOND, T0, TRADES, plain, plain_candles
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.live.database import Database
from tradeglyph.sources.live.sql_candles import SqlCandles
from tradeglyph.sources.live.sql_trades import SqlTrades
from tradeglyph.sources.live.user_table import TableSettings

# Seconds and milliseconds can't hold the row that is a microsecond before the second minute.
COUNTS = {
    "s": lambda t: -(-t // SECOND),
    "ms": lambda t: -(-t // 1000),
    "us": lambda t: t,
    "ns": lambda t: t * 1000,
}


def trades_of(url, **settings):
    return closing(
        SqlTrades(Database(url), TableSettings(table="fills", columns=tables.COLUMNS, **settings))
    )


def check_span(source, last):
    """The second minute of alice: its first instant is in, the next minute's isn't."""
    minute = source.of_account("alice", T0 + MINUTE, T0 + 2 * MINUTE)
    assert plain(minute) == sorted([TRADES[2], *last], key=repr)
    assert plain(source.of_account("alice", T0, T0 + 1)) == [TRADES[0]]
    assert source.watermark(1 << 62) == T0 + 120 * SECOND
    assert source.watermark(T0 + 120 * SECOND) == (last or [TRADES[2]])[0][2] + T0
    assert source.watermark(T0) is None


def test_local_times_of_a_zone(database_url):
    dialect = tables.dialect_of(database_url)
    tables.make_trades(database_url, dialect.naive, tables.naive(database_url))
    with trades_of(database_url, timezone="Asia/Shanghai") as source:
        check_span(source, [TRADES[3]])
    with trades_of(database_url) as source:
        with pytest.raises(InputError, match=r"created_at: its times have no zone; set timezone"):
            source.of_account("alice", 0, T0)
        assert [p.code for p in source.check() if p.fatal] == ["unreadable"]


@pytest.mark.parametrize("unit", COUNTS)
def test_counts_since_1970(database_url, unit):
    tables.make_trades(database_url, "bigint", COUNTS[unit], words=(1, -1))
    rounded = unit in ("s", "ms")
    for settings in ({}, {"time_unit": unit}):
        with trades_of(database_url, **settings) as source:
            check_span(source, [] if rounded else [TRADES[3]])


def test_texts_with_and_without_fractions(database_url):
    dialect = tables.dialect_of(database_url)
    text = "varchar(40)" if dialect is tables.MARIADB else "text"

    def stored(micros):
        return tables.moment(micros).isoformat().replace("+00:00", "Z")

    tables.make_trades(database_url, text, stored)
    with trades_of(database_url) as source:
        check_span(source, [TRADES[3]])


def test_the_watermark_of_texts_among_many_rows_of_one_second(database_url):
    """A text's bound lies behind the instant: more rows lie between than are looked at."""
    dialect = tables.dialect_of(database_url)
    text = "varchar(40)" if dialect is tables.MARIADB else "text"
    rows = [("a", "X", n * SECOND // 50, 1, 1.0, 1.0, "", "", None) for n in range(-10_000, 200)]

    def stored(micros):
        return tables.moment(micros).isoformat().replace("+00:00", "Z")

    tables.make_trades(database_url, text, stored, rows=rows)
    with trades_of(database_url) as source:
        found = source.watermark(T0)
        # A minute back is sure to be before it, whether or not the texts say seconds.
        assert T0 - MINUTE - SECOND <= found < T0
        assert source.watermark(T0 + 200 * SECOND) == T0 + 199 * SECOND // 50


@pytest.mark.parametrize("order", [1, -1])
def test_texts_whose_offset_changes_with_summer_time(database_url, order):
    """Whichever of the two the first row has, which shows how times are stored."""
    dialect = tables.dialect_of(database_url)
    text = "varchar(40)" if dialect is tables.MARIADB else "text"
    winter = 100 * 24 * 60 * MINUTE
    rows = [
        ("a", "X", season + n * SECOND, 1, 1.0, 1.0, "", "", None)
        for season in (0, winter)
        for n in range(-5400, 5400)
    ]

    def stored(micros):
        return tables.moment(micros, ZoneInfo("America/New_York")).isoformat()

    assert stored(T0)[-6:] != stored(T0 + winter)[-6:]
    tables.make_trades(database_url, text, stored, rows=rows[::order])
    with trades_of(database_url) as source:
        for until in (T0, T0 + winter):
            assert len(source.of_account("a", until - 3600 * SECOND, until)) == 3600
            assert until - MINUTE - SECOND <= source.watermark(until) < until


@pytest.mark.parametrize("kind", ["timestamptz", "timestamp", "date"])
@pytest.mark.parametrize("odd", ["infinity", "-infinity", "0044-03-15 BC", "20000-01-01"])
@pytest.mark.parametrize("first", [True, False])
def test_a_time_of_postgres_that_python_has_none_for_is_one_bad_row(postgres, kind, odd, first):
    day = "2024-10-04"
    midnight = T0 - 570 * MINUTE
    with postgres.database() as url:
        tables.run(
            url,
            f"CREATE TABLE bars (symbol text, time {kind}, high int, low int)",
            f"CREATE TABLE fills (uid text, market text, created_at {kind}, direction text,"
            " price int, amount int)",
        )
        odd_rows = [
            f"INSERT INTO fills VALUES ('a', 'X', '{odd}', 'buy', 1, 1)",  # noqa: S608
            f"INSERT INTO bars VALUES ('X', '{odd}', 2, 1)",  # noqa: S608
        ]
        good_rows = [
            f"INSERT INTO fills VALUES ('a', 'X', '{day}', 'buy', 1, 1)",  # noqa: S608
            f"INSERT INTO bars VALUES ('X', '{day}', 2, 1), ('X', '2024-10-05', 2, 1)",  # noqa: S608
        ]
        tables.run(url, *(odd_rows + good_rows if first else good_rows + odd_rows))
        columns = {name: tables.COLUMNS[name] for name in tables.COLUMNS if "party" not in name}
        table = TableSettings(table="fills", columns=columns, timezone="UTC")
        with closing(SqlTrades(Database(url), table)) as source:
            found = source.of_account("a", -(1 << 62), 1 << 62)
            assert (found.time.tolist(), found.unreadable) == ([midnight], 1)
            assert source.of_symbols(["X"], midnight, midnight + 1).time.tolist() == [midnight]
            assert source.watermark(1 << 62) == midnight
            assert not any(p.fatal for p in source.check())
        table = TableSettings(table="bars", timezone="UTC")
        with closing(SqlCandles(Database(url), table)) as source:
            candles = source.of_symbols(["X"], midnight, midnight + 1)
            assert (candles.start.tolist(), candles.interval) == ([midnight], 24 * 60 * MINUTE)
            assert source.watermark(1 << 62) == midnight + 24 * 60 * MINUTE


def test_candles_labelled_by_their_end(database_url):
    dialect = tables.dialect_of(database_url)
    tables.make_candles(database_url, dialect.aware, tables.aware(database_url), 5 * MINUTE)
    table = TableSettings(table="bars")
    with pytest.raises(InputError, match="needs interval"):
        SqlCandles(Database(database_url), table, label="end")
    source = SqlCandles(Database(database_url), table, label="end", interval=5 * MINUTE)
    with closing(source):
        assert plain_candles(source.of_symbols(["X"], T0, T0 + 5 * MINUTE)) == [CANDLES[1]]
        assert source.watermark(1 << 62) == T0 + 5 * MINUTE
        assert source.watermark(T0 + 5 * MINUTE) == T0
        assert source.watermark(T0 - 5 * MINUTE) is None


def test_the_interval_of_candles_is_the_commonest_distance(database_url):
    tables.run(
        database_url,
        "CREATE TABLE bars (symbol varchar(9), time bigint, high int, low int)",
        *(
            f"INSERT INTO bars VALUES ('X', {T0 // SECOND + 60 * minute}, 2, 1)"  # noqa: S608
            for minute in (0, 1, 2, 7, 12)
        ),
    )
    with closing(SqlCandles(Database(database_url), TableSettings(table="bars"))) as source:
        # Two at a distance of 1 and two of 5 minutes: of two alike the shorter.
        assert source.of_symbols(["X"], T0, T0 + 13 * MINUTE).interval == MINUTE
        # And of one candle alone it is the same.
        assert source.of_symbols(["X"], T0, T0 + 1).interval == MINUTE

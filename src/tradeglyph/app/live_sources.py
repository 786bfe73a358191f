"""The sources of trades and candles that the settings name."""

from datetime import timedelta

# Databases need SQLAlchemy, and files polars; each is loaded where it is used.
from typing import TYPE_CHECKING

from tradeglyph.app.settings import Settings
from tradeglyph.app.source_sections import TradesFrom
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.sources.interval import parse_interval

if TYPE_CHECKING:
    from tradeglyph.sources.live.database import Database
    from tradeglyph.sources.live.files import FileCandles, FileTrades
    from tradeglyph.sources.live.sql_candles import SqlCandles
    from tradeglyph.sources.live.sql_trades import SqlTrades
    from tradeglyph.sources.live.user_table import TableSettings
    from tradeglyph.sources.options import ReadOptions


def open_trades(settings: Settings) -> "SqlTrades | FileTrades":
    """The source of `[sources.trades]`; it connects, or reads, at the first question.

    Raises InputError where there is none or its settings can't be meant, and MissingExtra.
    """
    given = settings.sources.trades
    if given is None:
        raise InputError(_NONE.format("trades"))
    if given.path is not None:
        from tradeglyph.sources.live.files import FileTrades

        return FileTrades(given.path, _options("trades", given, settings), max_rows=given.max_rows)
    database, table = _table(given, settings)
    from tradeglyph.sources.live.sql_trades import SqlTrades

    return SqlTrades(database, table)


def open_candles(settings: Settings) -> "SqlCandles | FileCandles":
    """As `open_trades`, for `[sources.candles]`."""
    given = settings.sources.candles
    if given is None:
        raise InputError(_NONE.format("candles"))
    interval = None
    if given.interval is not None:
        interval = parse_interval(given.interval, "sources.candles.interval")
    if given.path is not None:
        from tradeglyph.sources.live.files import FileCandles

        return FileCandles(given.path, _options("candles", given, settings, interval, given.label))
    database, table = _table(given, settings)
    from tradeglyph.sources.live.sql_candles import SqlCandles

    return SqlCandles(database, table, interval=interval, label=given.label)


_NONE = (
    "no source of {0} is configured; add [sources.{0}] with url and table, or with path, to"
    " tradeglyph.toml"
)


def source_database(given: TradesFrom) -> "Database":
    """The database of a source that has a `url`; nothing is connected yet. Raises InputError for a
    URL that can't be meant, and MissingExtra."""
    try:
        from tradeglyph.sources.live.database import Database, Limits
    except ModuleNotFoundError as error:
        raise MissingExtra((error.name or "sqlalchemy").partition(".")[0], "serve") from None
    assert given.url is not None  # noqa: S101  the settings were checked
    limits = Limits(
        connect_s=given.connect_s,
        statement_s=given.statement_s,
        pool_size=given.pool_size,
        max_rows=given.max_rows,
    )
    return Database(given.url.get_secret_value(), limits)


def _table(given: TradesFrom, settings: Settings) -> "tuple[Database, TableSettings]":
    database = source_database(given)
    from tradeglyph.sources.live.user_table import TableSettings

    table = TableSettings(
        table=given.table,
        query=given.query,
        columns=given.columns,
        timezone=given.timezone or settings.timezone,
        time_unit=given.time_unit,
    )
    return database, table


def _options(
    of: str,
    given: TradesFrom,
    settings: Settings,
    interval: int | None = None,
    label: str = "start",
) -> "ReadOptions":
    from tradeglyph.sources.options import ReadOptions, parse_mapping

    columns = [f"{name}={source}" for name, source in given.columns.items()]
    return ReadOptions(
        mapping=parse_mapping(columns, f"sources.{of}.columns"),
        timezone=given.timezone or settings.timezone,
        candle_label="end" if label == "end" else "start",
        interval=None if interval is None else timedelta(microseconds=interval),
    )

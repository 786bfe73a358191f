"""Can trades and candles be asked for, quickly, and are they fresh?"""

import time
from collections.abc import Iterator
from contextlib import closing

from tradeglyph.app.doctor import clock as clocks
from tradeglyph.app.doctor.check import Check, Level, fault, good, warning
from tradeglyph.app.doctor.database import is_read_only, time_of
from tradeglyph.app.live_sources import open_candles, open_trades, source_database
from tradeglyph.app.settings import Settings
from tradeglyph.app.source_sections import TradesFrom
from tradeglyph.domain.instants import rfc3339
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.sources import SourceGone
from tradeglyph.sources.interval import UNITS
from tradeglyph.sources.live.problems import Problem

_EVER = 1 << 62
AHEAD_US = UNITS["m"]
"""A newest trade that is further in the future than this was read in the wrong time zone."""


def look_at_trades(settings: Settings, clock: Clock) -> Iterator[Check]:
    """Raises InputError for settings that can't be meant, and MissingExtra."""
    if settings.sources.trades is None:
        yield warning("trades", "source_none", section="sources.trades")
    else:
        yield from _look("trades", settings, settings.sources.trades, clock)


def look_at_candles(settings: Settings, clock: Clock) -> Iterator[Check]:
    """As `look_at_trades`."""
    if settings.sources.candles is None:
        yield warning("candles", "source_none", section="sources.candles")
    else:
        yield from _look("candles", settings, settings.sources.candles, clock)


def _look(part: str, settings: Settings, given: TradesFrom, clock: Clock) -> Iterator[Check]:
    try:
        with closing((open_trades if part == "trades" else open_candles)(settings)) as source:
            problems = source.check()
            for problem in problems:
                yield Check(
                    part=part,
                    code=f"source_{problem.code}",
                    level=_level(problem),
                    values={
                        "where": problem.where,
                        "what": problem.what,
                        "remedy": problem.remedy,
                        "columns": ", ".join(problem.columns),
                    },
                )
            if any(problem.fatal for problem in problems):
                return
            began = time.perf_counter()
            newest = source.watermark(clock.now() + AHEAD_US)
            took = time.perf_counter() - began
            last = source.watermark(_EVER)
        yield good(part, "source_ready", section=f"sources.{part}", ms=round(1000 * took, 1))
        if last is None and all(problem.code != "empty" for problem in problems):
            # Rows there may be, whose times are none.
            yield warning(part, "source_empty", where=f"[sources.{part}]")
        yield from _ages(part, settings, clock.now(), newest=newest, last=last)
        if given.url is not None:
            yield from _database(part, given, clock)
    except SourceGone as error:
        in_file = given.url is not None and given.url.get_secret_value().startswith("sqlite")
        code = "source_no_file" if in_file else "source_unreachable"
        yield fault(part, code, where=f"sources.{part}", what=str(error))


def _level(problem: Problem) -> Level:
    """What can't be seen need not be wrong."""
    if problem.fatal:
        return Level.FAULT
    return Level.OK if problem.code == "index_unseen" else Level.WARNING


def _ages(
    part: str, settings: Settings, now: int, *, newest: int | None, last: int | None
) -> Iterator[Check]:
    """What is said of the newest row that is not in the future, and of the last of all."""
    investigate = settings.investigate

    def said(time: int) -> dict[str, object]:
        # In the largest unit that it is three or more of: "130 m", "9 d".
        length = abs(now - time)
        unit = next((name for name in ("d", "h") if length >= 3 * UNITS[name]), "m")
        return {
            "time": rfc3339(time),
            "minutes": length // UNITS["m"],
            "age": f"{length // UNITS[unit]:,}",
            "unit": unit,
        }

    if last is not None and last - now > AHEAD_US:
        yield warning(part, "source_ahead", **said(last))
    if newest is None:
        return
    if now - newest > investigate.stale_after and not investigate.feeds_rest:
        limit = investigate.stale_after // UNITS["m"]
        yield warning(part, "source_stale", **said(newest), limit=limit)
    elif newest == last:
        yield good(part, "source_fresh", **said(newest))


def _database(part: str, given: TradesFrom, clock: Clock) -> Iterator[Check]:
    with closing(source_database(given)) as database, database.read() as connection:
        if is_read_only(connection):
            yield good(part, "source_read_only", where=database.place)
        else:
            yield warning(part, "source_writable", where=database.place)
        told = clocks.compare(clock, database.place, lambda: time_of(connection))
        if told is not None:
            yield told

"""Stores and sources in databases: SQLite, and servers that go away."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.doctor.examined import Shifted, codes, configure, examined, one
from tests.queues.conftest import SqsPlace, SqsServer, aws, sqs_place, sqs_server
from tests.servers import Server
from tests.sources.live import tables
from tests.sources.live.market import CANDLES, MINUTE, T0, TRADES
from tradeglyph.app.doctor.check import Check, Level
from tradeglyph.app.doctor.database import is_read_only, time_of
from tradeglyph.app.doctor.examine import status_of
from tradeglyph.app.doctor.texts import remedy, said
from tradeglyph.app.system_clock import SystemClock

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
from sqlalchemy import create_engine

from tradeglyph.stores import versions

__all__ = ["aws", "sqs_place", "sqs_server"]
CANARY = "C4nary"


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def place(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, Server | None]]:
    """URL of an empty database, and its server."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/exchange.db", None
        return
    server: Server = request.getfixturevalue(request.param)
    with server.database() as url:
        yield url, server


def settled(url: str, more: str = "") -> None:
    """Trades and candles of the last minutes, and a store, all in the one database."""
    since = SystemClock().now() - T0 - 2 * MINUTE
    kind = tables.dialect_of(url).naive
    tables.make_trades(
        url, kind, tables.naive(url), rows=[(a, s, t + since, *rest) for a, s, t, *rest in TRADES]
    )
    tables.make_candles(url, kind, tables.naive(url), since - 5 * MINUTE)
    assert CANDLES[2][1] == 5 * MINUTE
    configured(url, more)


def configured(url: str, more: str = "") -> None:
    columns = ", ".join(f'{name} = "{theirs}"' for name, theirs in tables.COLUMNS.items())
    store = url if not url.startswith("sqlite") else "sqlite:///alerts.db"
    configure(
        f'timezone = "Asia/Shanghai"\n[store]\nurl = "{store}"\n'
        f'[sources.trades]\nurl = "{url}"\ntable = "fills"\ncolumns = {{{columns}}}\n'
        f'connect_s = 1\n[sources.candles]\nurl = "{url}"\ntable = "bars"\nconnect_s = 1\n{more}'
    )
    versions.upgrade(store)


def of(checks: list[Check], part: str) -> list[Check]:
    return [check for check in checks if check.part == part]


def test_what_works_is_said_and_missing_indexes_with_their_statement(
    place: tuple[str, Server | None],
) -> None:
    url, server = place
    settled(url)
    checks = examined()
    assert codes(checks, Level.FAULT) == []
    assert status_of(checks) == 0
    missing = [check for check in checks if check.code == "source_no_index"]
    assert [check.values["columns"] for check in of(missing, "trades")] == [
        "market, created_at",
        "created_at",
    ]
    for part in ("trades", "candles"):
        told = codes(of(checks, part))
        assert [code for code in told if code != "source_no_index"] == [
            "source_ready",
            "source_fresh",
            "source_read_only",
        ]
    if server is not None:
        assert [check.code for check in of(checks, "clock")] == 3 * ["clock_agrees"]
    assert one(checks, "store_ready").values["version"] == versions.PRESENT
    # What it says to type mends it.
    tables.run(url, *(remedy(check, "zh") for check in missing))
    assert codes(examined(), Level.WARNING) == [
        code for code in codes(checks, Level.WARNING) if code != "source_no_index"
    ]


def test_feeds_that_end_long_ago_or_in_the_future(place: tuple[str, Server | None]) -> None:
    url, _ = place
    settled(url)
    late = examined(Shifted(2 * 3600))
    stale = of([check for check in late if check.code == "source_stale"], "trades")
    # The newest fill is of this moment.
    assert stale[0].values["minutes"] in (120, 121)
    assert stale[0].values["limit"] == 60
    assert re.search(r"12[01] m ago", said(stale[0], "en"))
    assert re.search("已是 12[01] 分钟之前", said(stale[0], "zh"))
    # Local times that are read as those of a zone further east look the same.
    assert all("`timezone`" in remedy(stale[0], lang) for lang in ("en", "zh"))
    configured(url, "[investigate]\nfeeds_rest = true\n")
    assert "source_stale" not in codes(examined(Shifted(2 * 3600)))
    early = examined(Shifted(-3600))
    ahead = of([check for check in early if check.code == "source_ahead"], "trades")
    assert ahead[0].values["minutes"] in (59, 60)
    assert re.search("比现在还晚 (59|60) 分钟", said(ahead[0], "zh"))


def test_a_clock_that_is_off(place: tuple[str, Server | None]) -> None:
    url, server = place
    settled(url)
    if server is None:
        assert of(examined(Shifted(60)), "clock") == []
        return
    for ahead in (60, -60):
        off = [check for check in examined(Shifted(ahead)) if check.code == "clock_off"]
        assert len(off) == 3
        for check in off:
            assert check.level is Level.WARNING
            assert check.values["seconds"] == pytest.approx(ahead, abs=2)
    assert codes(of(examined(Shifted(3)), "clock")) == 3 * ["clock_agrees"]


def test_a_session_of_another_program_may_write(place: tuple[str, Server | None]) -> None:
    """So that what is said of ours is no foregone conclusion."""
    url, server = place
    engine = create_engine(url)
    with engine.connect() as connection:
        assert not is_read_only(connection)
        now = time_of(connection)
        if server is None:
            assert now is None
        else:
            assert now == pytest.approx(SystemClock().now(), abs=5_000_000)
    engine.dispose()


def test_tables_of_another_version(place: tuple[str, Server | None]) -> None:
    url, _ = place
    settled(url)
    store = url if not url.startswith("sqlite") else "sqlite:///alerts.db"

    def found() -> Check:
        (check,) = of(examined(), "store")
        assert check.level is Level.FAULT
        return check

    versions.downgrade(store, "0001")
    assert found().code == "store_old"
    assert (found().values["version"], found().values["needed"]) == ("0001", versions.PRESENT)
    assert "tradeglyph store upgrade" in remedy(found(), "en")
    tables.run(store, "UPDATE tg_version SET version_num = '9999'")
    assert found().code == "store_newer"
    tables.run(store, "DROP TABLE tg_version")
    assert found().code == "store_without_tables"


def test_a_server_that_is_down(request: pytest.FixtureRequest) -> None:
    for name in ("postgres", "mariadb"):
        server: Server = request.getfixturevalue(name)
        with server.database() as url:
            settled(url)
            server.stop()
            try:
                began = time.monotonic()
                checks = examined()
                took = time.monotonic() - began
            finally:
                server.start()
            assert codes(checks, Level.FAULT) == [
                "source_unreachable",
                "source_unreachable",
                "store_gone",
            ]
            assert status_of(checks) == 2
            assert took < 30
            assert codes(examined(), Level.FAULT) == []


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_password_that_is_refused_is_not_repeated(kind: str) -> None:
    url = f"{kind}://risk:{CANARY}@127.0.0.1:1/exchange"
    configure(
        f'[store]\nurl = "{url}"\n[sources.trades]\nurl = "{url}"\ntable = "fills"\n'
        f'connect_s = 1\n[sources.candles]\nurl = "{url}"\ntable = "bars"\nconnect_s = 1\n'
    )
    checks = examined()
    assert len(codes(checks, Level.FAULT)) == 3
    assert CANARY not in repr(checks)


def test_rows_whose_times_are_none_are_no_source_that_works(folder: Path) -> None:
    """As where the unit that is set is not theirs: no event would ever have an answer."""
    url = f"sqlite:///{folder}/exchange.db"
    tables.run(
        url,
        "CREATE TABLE bars (symbol, time, high, low)",
        f"INSERT INTO bars VALUES ('X', {T0 // 1000}, 2, 1)",  # noqa: S608
    )
    candles = f'[sources.candles]\nurl = "{url}"\ntable = "bars"\n'
    configure(candles)
    assert "source_empty" not in codes(examined())
    configure(f'{candles}time_unit = "s"\n')
    assert "time_unit" in remedy(one(examined(), "source_empty"), "en")


def test_a_table_or_a_column_that_is_not_there(folder: Path) -> None:
    url = f"sqlite:///{folder}/exchange.db"
    tables.run(url, "CREATE TABLE fills (uid text)", "CREATE TABLE bars (symbol, time, high, low)")
    configure(
        f'[sources.trades]\nurl = "{url}"\ntable = "fils"\n'
        f'[sources.candles]\nurl = "{url}"\ntable = "bars"\n'
    )
    checks = examined()
    assert "fills" in one(checks, "source_no_table").values["what"]
    assert codes(of(checks, "candles")) == [
        "source_no_index",
        "source_no_index",
        "source_empty",
        "source_ready",
        "source_read_only",
    ]
    configure(f'[sources.trades]\nurl = "{url}"\ntable = "fills"\n')
    columns = one(examined(), "source_no_column").values["columns"]
    assert columns == "account_id, symbol, time, side, price, quantity"


def test_a_store_is_looked_at_without_a_trace(folder: Path) -> None:
    with closing(__import__("sqlite3").connect(folder / "other.db")) as other:
        other.execute("CREATE TABLE t (x)")
        other.commit()
    before = (folder / "other.db").read_bytes()
    configure('[store]\nurl = "sqlite:///other.db"\n')
    (found,) = of(examined(), "store")
    assert found.code == "store_without_tables"
    assert (folder / "other.db").read_bytes() == before
    (folder / "other.db").write_bytes(b"no database at all" * 100)
    (found,) = of(examined(), "store")
    assert found.code == "store_gone"


def test_a_queue_at_sqs(sqs_place: SqsPlace, sqs_server: SqsServer) -> None:
    address = sqs_place.address(f"&dead={sqs_place.dead_name}")
    configure(f'[queue]\nurl = "{address}"\n')
    sqs_place.client.send_message(QueueUrl=sqs_place.dead_url, MessageBody="{}")
    checks = examined()
    assert one(checks, "queue_ready").values["where"] == f"sqs://{sqs_place.name}"
    assert one(checks, "queue_dead").values == {"dead": 1}
    assert one(checks, "clock_agrees").values["place"] == f"sqs://{sqs_place.name}"
    off = one(examined(Shifted(-30)), "clock_off")
    assert off.values["seconds"] == pytest.approx(-30, abs=2)
    sqs_place.vanish()
    try:
        gone = one(examined(), "queue_gone")
    finally:
        sqs_place.come_back()
    assert gone.level is Level.FAULT
    assert sqs_server.endpoint not in repr(gone)
    configure(f'[queue]\nurl = "{sqs_place.address()}"\n')
    (wrong,) = of([check for check in examined() if check.code == "wrong"], "queue")
    assert "dead-letter" in wrong.values["what"]

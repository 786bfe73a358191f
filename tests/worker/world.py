"""A small exchange in a database, and workers that answer its withdrawals."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from tests.queues.clocks import WALL
from tradeglyph.ports.alert_store import Handled
from tradeglyph.ports.queue import Depth, QueueGone

DAY = 86_400_000_000
PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Trades and candles of one day, as an exchange's database has them."""

    trades: list[tuple[object, ...]]
    candles: list[tuple[object, ...]]
    end: int
    """The midnight after the day, microseconds UTC."""
    accounts: list[str]

    TRADES = "account_id, symbol, time, side, price, quantity"
    CANDLES = "symbol, time, high, low"

    def write(self, url: str) -> None:
        """Into tables `fills` and `candles` of a database."""
        from sqlalchemy import NullPool, create_engine, text

        engine = create_engine(url, poolclass=NullPool)
        kinds = {"time": "BIGINT", "price": "DOUBLE PRECISION", "quantity": "DOUBLE PRECISION"}
        kinds |= {"high": "DOUBLE PRECISION", "low": "DOUBLE PRECISION"}
        with engine.begin() as database:
            tables = (("fills", self.TRADES, self.trades), ("candles", self.CANDLES, self.candles))
            for name, columns, rows in tables:
                listed = columns.split(", ")
                types = ", ".join(f"{one} {kinds.get(one, 'VARCHAR(64)')}" for one in listed)
                database.execute(text(f"CREATE TABLE {name} ({types})"))
                values = ", ".join(f":{one}" for one in listed)
                database.execute(
                    text(f"INSERT INTO {name} VALUES ({values})"),  # noqa: S608
                    [dict(zip(listed, row, strict=True)) for row in rows],
                )
                for keys in ("symbol, time", "time"):
                    index = f"ix_{name}_{keys.replace(', ', '_')}"
                    database.execute(text(f"CREATE INDEX {index} ON {name} ({keys})"))
            database.execute(text("CREATE INDEX ix_account ON fills (account_id, time)"))
        engine.dispose()


def market(folder: Path) -> Market:
    """A simulated population's busiest day; nobody says who stood on the other side."""
    from tradeglyph.app.simulation import simulate_into

    simulate_into(folder, 120, seed=5)
    trades = pl.read_parquet(folder / "trades.parquet").with_columns(pl.col("time").dt.epoch("us"))
    day = int((trades["time"] // DAY).mode().sort()[0])
    trades = trades.filter(pl.col("time") // DAY == day).select(Market.TRADES.split(", "))
    candles = pl.read_parquet(folder / "candles.parquet").with_columns(
        pl.col("time").dt.epoch("us")
    )
    candles = candles.filter(pl.col("time") // DAY == day).select(Market.CANDLES.split(", "))
    return Market(
        trades=trades.rows(),
        candles=candles.rows(),
        end=(day + 1) * DAY,
        accounts=trades["account_id"].unique().sort().to_list(),
    )


CONFIGURATION = """
[queue]
url = "{queue}"
[store]
url = "{store}"
[sources.trades]
url = "{source}"
table = "fills"
max_rows = 20_000
[sources.candles]
url = "{source}"
table = "candles"
[investigate]
feeds_rest = true
[policy]
bands = [{{unanswered = {{no_trades = "review"}}}}]
[worker]
wait_s = 0.2
lease_s = {lease_s}
batch = 16
"""


@dataclass
class World:
    """Where everything is, and what is said in the log."""

    folder: Path
    market: Market
    queue_url: str
    store_url: str
    source_url: str
    lease_s: float = 3.0
    log: list[dict[str, object]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def configure(self) -> None:
        """Write the configuration that workers read."""
        text = CONFIGURATION.format(
            queue=self.queue_url,
            store=self.store_url,
            source=self.source_url,
            lease_s=self.lease_s,
        )
        (self.folder / "tradeglyph.toml").write_text(text)

    def event(self, account: str, *, before_end_s: int = 1, **more: object) -> str:
        """A withdrawal shortly before the day's end."""
        moment = datetime.fromtimestamp(self.market.end // 1_000_000 - before_end_s, UTC)
        return json.dumps({"userid": account, "occurred_at": moment.isoformat(), **more})

    def send(self, bodies: Sequence[str]) -> list[str]:
        """Keys of the events, where the sender gives none."""
        from tradeglyph.queues.address import open_queue

        with closing(open_queue(self.queue_url, clock=WALL)) as queue:
            return [f"message:{one}" for one in queue.send(bodies)]

    def handled(self, keys: Sequence[str]) -> dict[str, Handled]:
        """What the store says of them."""
        from tradeglyph.stores.opening import open_store

        with closing(open_store(self.store_url)) as store:
            return store.handled(keys)

    def alerts(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Account and events of all alerts, by their ids."""
        from tradeglyph.stores.opening import open_store

        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        with closing(open_store(self.store_url)) as store:
            cursor = None
            while True:
                page = store.alerts(most=500, cursor=cursor)
                found |= {one.alert_id: (one.account_id, one.events) for one in page.alerts}
                cursor = page.cursor
                if cursor is None:
                    return found

    def dead(self) -> dict[str, str]:
        """Reasons of dead letters, by their bodies."""
        from tradeglyph.queues.address import open_queue

        with closing(open_queue(self.queue_url, clock=WALL)) as queue:
            return {letter.body: letter.reason for letter in queue.dead(1000)}

    def depth(self) -> Depth:
        from tradeglyph.queues.address import open_queue

        with closing(open_queue(self.queue_url, clock=WALL)) as queue:
            return queue.depth()

    @contextmanager
    def worker(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """A running `tradeglyph worker`, whose log is read; asked to end at the end."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tradeglyph", "worker", *options],
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        reader = threading.Thread(target=self._read, args=(process.stderr,))
        reader.start()
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
            finally:
                reader.join()
                process.stderr.close()
                assert process.stdout is not None
                process.stdout.close()

    def said(self, event: str) -> list[dict[str, object]]:
        """Lines of the log of one kind."""
        return [line for line in list(self.log) if line.get("event") == event]

    def living(self) -> list[int]:
        """Process ids of the crew's workers that were started and have not died."""
        last = {
            line["worker"]: int(str(line["worker_pid"])) for line in self.said("worker started")
        }
        return [pid for pid in last.values() if _alive(pid)]

    def _read(self, stream: Iterator[str]) -> None:
        for line in stream:
            self.lines.append(line)
            if line.startswith("{"):
                self.log.append(json.loads(line))


def environment() -> dict[str, str]:
    """As a service has it: the package, and one thread."""
    return {**os.environ, "OMP_NUM_THREADS": "1"}


def wait_for(what: Callable[[], object], why: str, seconds: float = PATIENCE_S) -> None:
    """Until it is true; what is gone for a moment is asked again."""
    from tradeglyph.ports.alert_store import StoreGone

    end = time.monotonic() + seconds
    while True:
        asked = time.monotonic()
        try:
            if what():
                return
        except (QueueGone, StoreGone):
            pass
        now = time.monotonic()
        assert now < end, f"never: {why}"
        # A question that is long to answer takes no more than a fifth of the workers' time.
        time.sleep(max(0.05, 4 * (now - asked)))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

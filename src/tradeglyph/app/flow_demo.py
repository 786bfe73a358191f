"""A state to try the flow on: simulated accounts in a database, and their withdrawals in a queue.

FOLDER/market.db        tables `trades` and `candles`
FOLDER/queue.db         one withdrawal of every account, at the end of its last day
FOLDER/alerts.db        what the worker makes of them
FOLDER/tradeglyph.toml  says so: every command works in this folder
"""

import json
import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tradeglyph.app.flow_sections import InvestigateSection, WorkerSection
from tradeglyph.app.keeping_sections import QueueSection, StoreSection
from tradeglyph.app.service_settings import KeySettings, ServiceSettings
from tradeglyph.app.settings import Settings
from tradeglyph.app.source_sections import CandlesFrom, SourcesSection, TradesFrom
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import BUY, DAY_US
from tradeglyph.domain.instants import rfc3339
from tradeglyph.ports.clock import Clock
from tradeglyph.queues.address import open_queue
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.simulate.population import Population, simulate

ACCOUNTS = 80
SEED = 7

_TRADES = """CREATE TABLE trades (
  account_id TEXT NOT NULL, symbol TEXT NOT NULL, time INTEGER NOT NULL, side TEXT NOT NULL,
  price REAL NOT NULL, quantity REAL NOT NULL, trade_id TEXT NOT NULL)"""
_CANDLES = """CREATE TABLE candles (
  symbol TEXT NOT NULL, time INTEGER NOT NULL, high REAL NOT NULL, low REAL NOT NULL, open REAL,
  close REAL, volume REAL, accounts INTEGER)"""
_INDEXES = (
    "CREATE INDEX trades_by_account ON trades (account_id, time)",
    "CREATE INDEX trades_by_symbol ON trades (symbol, time)",
    "CREATE INDEX trades_by_time ON trades (time)",
    "CREATE INDEX candles_by_symbol ON candles (symbol, time)",
    "CREATE INDEX candles_by_time ON candles (time)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDemo:
    """A folder to try the flow in."""

    folder: Path
    settings: Settings
    withdrawals: tuple[str, ...]
    """Bodies of the events in the queue."""


def make_flow_demo(
    folder: Path, clock: Clock, *, lang: Lang, key: KeySettings, port: int
) -> FlowDemo:
    """Simulate, and write the state. The last of the simulated days ends with the last midnight.

    Raises InputError where the folder has one already.
    """
    names = ("market.db", "queue.db", "alerts.db", "tradeglyph.toml")
    if any((folder / name).exists() for name in names):
        raise InputError(f"--out {folder}: holds a state already; name another folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = folder.resolve()
    population = _moved(simulate(ACCOUNTS, SEED), clock.now())
    (folder / "market.db").touch(mode=0o600)
    _write_market(population, folder / "market.db")
    settings = _settings(folder, lang, key, port)
    (folder / "tradeglyph.toml").touch(mode=0o600)
    (folder / "tradeglyph.toml").write_text(_toml(settings, key), encoding="utf-8")
    bodies = _withdrawals(population)
    queue = open_queue(settings.queue.url, clock=clock)
    for first in range(0, len(bodies), 10):
        queue.send(bodies[first : first + 10])
    close = getattr(queue, "close", None)
    if close is not None:
        close()
    return FlowDemo(folder=folder, settings=settings, withdrawals=tuple(bodies))


def _moved(population: Population, now: int) -> Population:
    """Later by whole days, so that it ends with the last midnight."""
    last = int(population.fills.time.max()) // DAY_US
    by = (now // DAY_US - 1 - last) * DAY_US
    fills, candles = population.fills, population.candles
    return replace(
        population,
        fills=replace(fills, time=fills.time + by),
        candles=replace(candles, start=candles.start + by),
    )


def _write_market(population: Population, path: Path) -> None:
    fills, candles = population.fills, population.candles
    sides = np.where(fills.side == BUY, "buy", "sell")
    opened, closed, volume = (
        [None if math.isnan(value) else value for value in column.tolist()]
        for column in (candles.open, candles.close, candles.volume)
    )
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_TRADES)
        database.execute(_CANDLES)
        database.executemany(
            "INSERT INTO trades VALUES (?, ?, ?, ?, ?, ?, ?)",
            zip(
                fills.account_names[fills.account].tolist(),
                fills.symbol_names[fills.symbol].tolist(),
                fills.time.tolist(),
                sides.tolist(),
                fills.price.tolist(),
                fills.quantity.tolist(),
                map(str, population.trade_id.tolist()),
                strict=True,
            ),
        )
        database.executemany(
            "INSERT INTO candles VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            zip(
                candles.symbol_names[candles.symbol].tolist(),
                candles.start.tolist(),
                candles.high.tolist(),
                candles.low.tolist(),
                opened,
                closed,
                volume,
                [None if count < 0 else count for count in candles.accounts.tolist()],
                strict=True,
            ),
        )
        for index in _INDEXES:
            database.execute(index)


def _withdrawals(population: Population) -> list[str]:
    """One for each account that has a name, by its last day."""
    fills = population.fills
    last: dict[int, int] = {}
    for account, time in zip(fills.account.tolist(), fills.time.tolist(), strict=True):
        last[account] = max(last.get(account, 0), time)
    bodies = []
    for account, time in sorted(last.items()):
        name = str(fills.account_names[account])
        if name:
            end = (time // DAY_US + 1) * DAY_US
            bodies.append(_body(name, end))
    return bodies


def _body(account_id: str, time: int) -> str:
    return json.dumps(
        {
            "event_id": f"withdrawal-{account_id}",
            "account_id": account_id,
            "amount": 2500,
            "businessType": "withdraw",
            "occurred_at": rfc3339(time),
        }
    )


def _settings(folder: Path, lang: Lang, key: KeySettings, port: int) -> Settings:
    """These and no others: the user's own configuration is about something else."""
    market = f"sqlite:///{folder / 'market.db'}"
    values = {
        "lang": lang,
        "queue": QueueSection(url=f"sqlite:///{folder / 'queue.db'}"),
        "store": StoreSection(url=f"sqlite:///{folder / 'alerts.db'}"),
        "sources": SourcesSection(
            trades=TradesFrom.model_validate({"url": market, "table": "trades", "time_unit": "us"}),
            candles=CandlesFrom.model_validate(
                {"url": market, "table": "candles", "time_unit": "us", "interval": "5m"}
            ),
        ),
        "worker": WorkerSection(batch=8),
        "investigate": InvestigateSection(feeds_rest=True),
        "service": ServiceSettings(port=port, keys=(key,)),
    }
    # Validated in its parts; the whole would read the environment.
    return Settings.model_construct(**values)  # type: ignore[arg-type]


def _toml(settings: Settings, key: KeySettings) -> str:
    market = settings.queue.url.replace("queue.db", "market.db")
    source = f'url = {_text(market)}\ntable = "{{0}}"\ntime_unit = "us"\n'
    scopes: Sequence[str] = sorted(key.scopes)
    return "\n".join(
        [
            f"lang = {_text(settings.lang)}\n",
            f"[queue]\nurl = {_text(settings.queue.url)}\n",
            f"[store]\nurl = {_text(settings.store.url)}\n",
            "[sources.trades]\n" + source.format("trades"),
            "[sources.candles]\n" + source.format("candles") + 'interval = "5m"\n',
            "[investigate]\nfeeds_rest = true\n",
            "[worker]\nbatch = 8\n",
            f"[service]\nport = {settings.service.port}\nkeys = [\n"
            f"  {{ name = {_text(key.name)}, scopes = {json.dumps(scopes)}, "
            f"sha256 = {_text(key.sha256)} }},\n]\n",
        ]
    )


def _text(value: str) -> str:
    """As TOML writes a text: its basic strings are JSON's."""
    return json.dumps(value, ensure_ascii=False)

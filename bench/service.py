"""How long `POST /v1/score` takes at 50 requests a second: a real server in its own process, and
a client with several connections, over real sockets.

Each request is a withdrawal of another simulated account, with the account's trades and candles of
the day in its body. Times are taken from when a request was due, not from when it was sent, so that
a queue of them counts. `other` are times of the seeds' way in the same run: one event after the
other, drawn and read (`bench.seed_event`).
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from tradeglyph.domain.api_keys import key_hash, new_key
from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS
from tradeglyph.simulate.population import Population, simulate

ACCOUNTS = 300
PER_SECOND = 50
REQUESTS = 1_000
CONNECTIONS = 8
_LENGTH = re.compile(rb"\ncontent-length: ([0-9]+)", re.IGNORECASE)
QUANTILES = {"p50": 0.5, "p99": 0.99}


def measure(seeds: Sequence[float]) -> list[dict[str, Any]]:
    """Milliseconds: `service_score_ms` p50 and p99.

    Args:
        seeds: milliseconds of events the seeds' way.
    """
    bodies = bodies_of(simulate(ACCOUNTS, seed=0))
    with tempfile.TemporaryDirectory() as folder:
        took = _measured(Path(folder), bodies)
    return [
        {
            "name": f"service_score_ms_{name}",
            "unit": "ms",
            "ours": float(np.quantile(took, share)),
            "other": float(np.quantile(seeds, share)),
            "ratio": float(np.quantile(seeds, share) / np.quantile(took, share)),
            "per_second": PER_SECOND,
            "requests": len(took),
        }
        for name, share in QUANTILES.items()
    ]


def bodies_of(population: Population) -> list[bytes]:
    """One for each account with a name, of its last day."""
    fills, candles = population.fills, population.candles
    bodies = []
    for account in np.unique(fills.account):
        mine = np.flatnonzero(fills.account == account)
        end = (int(fills.time[mine].max()) // DAY_US + 1) * DAY_US
        mine = mine[fills.time[mine] >= end - DAY_US]
        symbols = np.unique(fills.symbol[mine])
        near = np.isin(candles.symbol, symbols) & (candles.start >= end - DAY_US)
        around = np.flatnonzero(near & (candles.start < end))
        body = {
            "account_id": str(fills.account_names[account]),
            "occurred_at": datetime.fromtimestamp(end // MICROSECONDS, tz=UTC).isoformat(),
            "amount": 2500,
            "interval": "5m",
            "trades": [
                {
                    "symbol": str(fills.symbol_names[fills.symbol[at]]),
                    "time": int(fills.time[at]),
                    "side": "buy" if fills.side[at] == BUY else "sell",
                    "price": float(fills.price[at]),
                    "quantity": float(fills.quantity[at]),
                }
                for at in mine
            ],
            "candles": [
                {
                    "symbol": str(candles.symbol_names[candles.symbol[at]]),
                    "time": int(candles.start[at]),
                    "high": float(candles.high[at]),
                    "low": float(candles.low[at]),
                    "volume": None if np.isnan(candles.volume[at]) else candles.volume[at],
                }
                for at in around
            ],
        }
        if body["account_id"]:
            bodies.append(json.dumps(body).encode())
    return bodies


def _measured(folder: Path, bodies: Sequence[bytes]) -> list[float]:
    key = new_key()
    (folder / "tradeglyph.toml").write_text(
        '[queue]\nurl = "sqlite:///queue.db"\n[store]\nurl = "sqlite:///alerts.db"\n'
        "[service]\nper_second = 1000.0\nburst = 1000\n"
        f'keys = [{{ name = "bench", scopes = ["score"], sha256 = "{key_hash(key)}" }}]\n'
    )
    source = str(Path(__file__).resolve().parents[1] / "src")
    process = subprocess.Popen(
        [sys.executable, "-m", "tradeglyph", "serve", "--port", "0"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        _asked(address, key, bodies, 4 * CONNECTIONS)
        return _asked(address, key, bodies, REQUESTS)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _asked(address: str, key: str, bodies: Sequence[bytes], count: int) -> list[float]:
    """Milliseconds from when each request was due to the end of its answer."""
    requests = [_request(address, key, body) for body in bodies]
    own = threading.local()
    begin = time.perf_counter() + 0.1

    def ask(number: int) -> float:
        due = begin + number / PER_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        if not hasattr(own, "connection"):
            at = urlsplit(address)
            own.connection = socket.create_connection((at.hostname, at.port), timeout=30)
            own.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        own.connection.sendall(requests[number % len(requests)])
        answer = _answer(own.connection)
        took = 1_000 * (time.perf_counter() - due)
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(answer[:500].decode())
        return took

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(ask, range(count)))


def _request(address: str, key: str, body: bytes) -> bytes:
    """All of it, so that the client's own time is none to speak of."""
    head = (
        f"POST /v1/score HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n"
        f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _answer(connection: socket.socket) -> bytes:
    """Head and body of an answer that says how long it is."""
    said = b""
    while True:
        head, ended, body = said.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if ended and length and len(body) >= int(length[1]):
            return said
        more = connection.recv(65_536)
        if not more:
            raise RuntimeError(f"the service hung up after {said[:300]!r}")
        said += more

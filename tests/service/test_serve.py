"""`tradeglyph serve` as a process: from the configuration, and as a demo that needs nothing."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.cli.command import refused
from tradeglyph.domain.api_keys import key_hash, new_key
from tradeglyph.service import examples
from tradeglyph.stores.opening import open_store

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def serving(cwd: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A service in a process of its own, killed where the test has not ended it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tradeglyph", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "src")},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> str:
    """What it said on stderr until the signal ended it, with status 0."""
    process.send_signal(how)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return said


def test_the_demo_needs_nothing(tmp_path: Path) -> None:
    with serving(tmp_path, "--demo", "--lang", "zh") as process:
        assert process.stdout is not None
        lines = []
        while not (lines and "Ctrl-C" in lines[-1]):
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr and process.stderr.read()
        said = "".join(lines)
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        key = re.search(r"\btg_[\w-]{40,}", said)
        assert address is not None
        assert key is not None
        asked = {"base_url": address[0], "timeout": 30.0}
        bearer = {"Authorization": f"Bearer {key[0]}"}
        with httpx.Client(headers=bearer, **asked) as client:  # type: ignore[arg-type]
            alert = first_alert(client)
            assert client.get("/readyz").status_code == 200
            picture = client.get(f"/v1/alerts/{alert['alert_id']}/picture.png")
            assert picture.content.startswith(b"\x89PNG")
            event = {"account_id": alert["account_id"], "occurred_at": alert["window_end"]}
            scored = answered(client, event)
            # The same account at the same time: what the worker kept.
            assert scored["decision"] == alert["decision"]
            assert {one["symbol"] for one in scored["findings"]} == {
                one["symbol"] for one in alert["findings"]
            }
            assert client.get("/ping").status_code == 200
        assert httpx.get(f"{address[0]}/v1/alerts").status_code == 401
        assert len(re.findall(r"^curl .*", said, re.MULTILINE)) == 3
        assert re.search(r"[\u4e00-\u9fff]", said)
        assert key[0] not in ended(process, signal.SIGINT)
    assert list(tmp_path.iterdir()) == []


def test_every_line_of_the_log_is_json_whatever_the_prices_are(tmp_path: Path) -> None:
    key = new_key()
    hashed = key_hash(key)
    (tmp_path / "tradeglyph.toml").write_text(
        f'service.keys = [{{ name = "n", scopes = ["score"], sha256 = "{hashed}" }}]'
    )
    extreme = [trade | {"price": trade["price"] * 1e306} for trade in examples.SCORE["trades"]]
    candles = [
        candle | {"high": candle["high"] * 1e306, "low": candle["low"] * 1e306}
        for candle in examples.SCORE["candles"]
    ]
    with serving(tmp_path) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        said = httpx.post(
            f"{address}/v1/score",
            headers={"Authorization": f"Bearer {key}"},
            json=examples.SCORE | {"trades": extreme, "candles": candles},
            timeout=30.0,
        )
        assert said.status_code == 200, said.text
        hint, *log = ended(process).splitlines()
    assert "[sources.trades]" in hint  # printed before it starts
    events = [json.loads(line) for line in log]
    warned = [event for event in events if event["event"] == "warned"]
    assert warned
    assert {event["kind"] for event in warned} == {"RuntimeWarning"}


def answered(client: httpx.Client, event: dict[str, Any]) -> dict[str, Any]:
    """The score of an event; a slow machine may say to ask again."""
    for _ in range(20):
        said: dict[str, Any] = client.post("/v1/score", json=event).json()
        if said["decision"] != "delay":
            return said
    raise AssertionError(said)


def first_alert(client: httpx.Client) -> dict[str, Any]:
    """The newest alert; a slow machine's worker may still be at the first withdrawals."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        alerts: list[dict[str, Any]] = client.get("/v1/alerts").json()["alerts"]
        if alerts:
            return alerts[0]
        time.sleep(0.2)
    raise AssertionError("no alert within a minute")


def test_a_service_starts_before_its_store_and_its_model_and_recovers(tmp_path: Path) -> None:
    key = new_key()
    open_store(f"sqlite:///{tmp_path / 'alerts.db'}").close()
    (tmp_path / "tradeglyph.toml").write_text(
        f"""
model = "model"
[store]
url = "sqlite:///alerts.db?timeout=0.2"
[queue]
url = "sqlite:///queue.db"
[service]
keys = [{{ name = "k", scopes = ["score", "read"], sha256 = "{key_hash(key)}" }}]
"""
    )
    with (
        closing(sqlite3.connect(tmp_path / "alerts.db")) as somebody,
        serving(tmp_path, "--json") as process,
    ):
        # Nobody else gets at the file while its lock is held.
        somebody.execute("PRAGMA locking_mode = EXCLUSIVE")
        somebody.execute("BEGIN EXCLUSIVE")
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        address = json.loads(line)["address"]
        with httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=30
        ) as client:
            unready = client.get("/readyz")
            assert unready.status_code == 503
            assert unready.json()["not_ready"] == ["store", "model"]
            said = client.post("/v1/score", json=examples.SCORE).json()
            assert (said["unanswered"], said["decision"]) == ("no_model", "delay")
            assert client.get("/v1/alerts").status_code == 503
            somebody.close()
            (tmp_path / "model").symlink_to(ROOT / "src/tradeglyph/model/shipped/default")
            time.sleep(1.1)  # an answer of /readyz holds for a second
            assert client.get("/readyz").status_code == 200
            assert client.post("/v1/score", json=examples.SCORE).json()["verdict"] == "review"
            # Without sources nobody may take an account for one without trades.
            said = client.post("/v1/score", json=examples.EVENT)
            assert said.status_code == 422
            assert said.json()["errors"][0]["where"] == "trades"
            assert "[sources]" in said.json()["detail"]
            # A worker elsewhere may have some: the event waits for it.
            assert client.post("/v1/events", json=examples.EVENT).status_code == 202
            assert client.get("/ping").status_code == 404
        said = ended(process)
    assert "only requests that bring their trades" in said
    assert key not in said


def test_what_cannot_be_meant_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "tradeglyph.toml").write_text("[service]\nscore_s = 0\n")
    assert "service.score_s" in refused("serve", cwd=tmp_path)
    (tmp_path / "tradeglyph.toml").write_text("[sources.trades]\npath = 'trades.csv'\n")
    assert "[sources.candles]" in refused("serve", cwd=tmp_path)
    (tmp_path / "tradeglyph.toml").write_text("[store]\nurl = 'oracle://x'\n")
    refused("serve", cwd=tmp_path)
    (tmp_path / "tradeglyph.toml").unlink()
    assert "API key" in refused("serve", "--host", "0.0.0.0", cwd=tmp_path)  # noqa: S104
    assert "--out" in refused("serve", "--out", "x", cwd=tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "queue.db").write_text("mine")
    assert "holds a state" in refused("serve", "--demo", "--out", "x", cwd=tmp_path)

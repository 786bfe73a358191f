"""What nobody can answer, or somebody should not have sent, through a real worker: each ends on
record or among the dead letters, with a reason, and the rest of the batch is unharmed."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from tests.worker.test_worker import once
from tests.worker.world import World
from tradeglyph.domain.findings import Decision
from tradeglyph.stores.opening import open_store

MANY = 25_000
"""Fills of one account in the window: more than `max_rows` of the configuration, 20,000, as a
million are more than two million halved."""


def add(world: World, rows: list[tuple[object, ...]]) -> None:
    with closing(sqlite3.connect(world.folder / "exchange.db")) as database:
        database.executemany("INSERT INTO fills VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.commit()


def unanswered(world: World) -> dict[str, str | None]:
    """Why, by account, of the alerts."""
    with closing(open_store(world.store_url)) as store:
        alerts = store.alerts(most=100).alerts
    return {one.account_id: one.unanswered.value if one.unanswered else None for one in alerts}


def test_poison_harms_nothing_but_itself(world: World) -> None:
    noon, symbol = world.market.end - 43_200_000_000, str(world.market.trades[0][1])
    add(world, [("whale", symbol, noon + n, "buy", 1.0, 1.0) for n in range(MANY)])
    add(world, [("one-sided", symbol, noon + n * 1_000_000, "buy", 1.0, 1.0) for n in range(5)])
    long_ago = world.market.end - 30 * 86_400_000_000
    add(world, [("sleeper", symbol, long_ago, "buy", 1.0, 1.0)])

    emoji, injection = "🙂💸", "x'; DROP TABLE fills; --"
    ahead = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    dead = {
        "Helloworld": "not JSON",
        '["userid", "a"]': "a JSON list, not an object",
        '{"symbol": "COIN"}': "names no account",
        json.dumps({"userid": "a", "occurred_at": ahead}): "ahead",
    }
    accounts = ["unknown", "sleeper", "one-sided", "whale", emoji, injection]
    good = world.market.accounts[:3]
    same = world.event("same", event_id="w-1")

    keys = world.send([world.event(name) for name in [good[0], *accounts]])
    world.send(list(dead))
    world.send([same] * 50)
    keys += world.send([world.event(name) for name in good[1:]])
    done = once(world, "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["buried"], counts["repeated"], counts["failed"]) == (4, 49, 0)
    assert counts["answered"] == len(keys) + 1

    letters = world.dead()
    assert letters.keys() == dead.keys()
    for body, reason in dead.items():
        assert reason in letters[body]

    found = world.handled([*keys, "event:w-1"])
    assert len(found) == len(keys) + 1
    by_account = {one.account_id: one.decision for one in found.values()}
    # Nobody traded: the policy of this configuration says review; too many is review by itself.
    for name in ("unknown", "sleeper", "same", emoji, injection, "whale"):
        assert by_account[name] is Decision.REVIEW, name
    reasons = unanswered(world)
    assert reasons["whale"] == "too_many_trades"
    for name in ("unknown", "sleeper", "same", emoji, injection):
        assert reasons[name] == "no_trades"
    assert "one-sided" in by_account
    assert (world.depth().waiting, world.depth().leased) == (0, 0)
    with closing(sqlite3.connect(world.folder / "exchange.db")) as database:
        assert database.execute("SELECT count(*) FROM fills").fetchone()[0] > MANY
    for secret in (*accounts, *good, "Helloworld", "w-1"):
        assert secret not in done.stderr

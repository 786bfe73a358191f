"""Workers are killed, the database and the queue go away: every event is handled, no alert is lost
and none doubled. Whole in a soak, a tenth of it in a test."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.queues.conftest import SqsServer
from tests.servers import Server
from tests.soak.scale import WHOLE, scaled
from tests.worker.conftest import (
    aws,
    market,
    postgres_world,
    sqs_place,
    sqs_server,
    sqs_world,
    world,
)
from tests.worker.world import World, wait_for

__all__ = [
    "aws", "market", "postgres_world", "sqs_place", "sqs_server", "sqs_world", "world",
]  # fmt: skip

EVENTS, KILLS, WORKERS = 10_000, 100, 4
AWAY_S = 30.0 if WHOLE else 3.0

pytestmark = pytest.mark.soak


def portion(world: World, first: int, count: int) -> tuple[list[str], dict[str, str]]:
    """Bodies, and the account of each event's key. Of three events one is of an account that
    trades, and two withdrawals at one moment are of one that nobody knows: one alert."""
    bodies, account_of = [], {}
    for n in range(first, first + count):
        traded = n % 3 == 0
        names = world.market.accounts
        account = names[n // 3 % len(names)] if traded else f"ghost-{n // 3}"
        key = f"w-{n}"
        bodies.append(world.event(account, event_id=key, before_end_s=1 + n // 3 % 3000))
        account_of[f"event:{key}"] = account
    return bodies, account_of


def check(world: World, account_of: dict[str, str]) -> None:
    """Every event handled, each that a person must look at in one alert, and no other alert."""
    found = world.handled(list(account_of))
    assert {key: one.account_id for key, one in found.items()} == account_of
    raised = {key for key, one in found.items() if one.alert_id}
    ghosts = {key for key, name in account_of.items() if name.startswith("ghost")}
    assert ghosts <= raised
    alerts = world.alerts()
    named = Counter(key for _, events in alerts.values() for key in events)
    assert set(named) == raised
    assert set(named.values()) <= {1}
    for key in raised:
        account, events = alerts[str(found[key].alert_id)]
        assert key in events
        assert account == account_of[key]
    of_ghosts = Counter(account for account, _ in alerts.values() if account.startswith("ghost"))
    assert set(of_ghosts) == {account_of[key] for key in ghosts}
    assert set(of_ghosts.values()) <= {1}
    assert world.dead() == {}


def killed_again_and_again(world: World, events: int, kills: int) -> None:
    rng = random.Random(7)
    account_of: dict[str, str] = {}
    with world.worker("--processes", str(WORKERS)) as crew:
        for kill in range(kills):
            size = events * (kill + 1) // kills - events * kill // kills
            bodies, accounts = portion(world, len(account_of), size)
            before = len(world.said("drained"))
            world.send(bodies)
            account_of |= accounts
            # In the middle of the work: somebody has answered some of it.
            wait_for(lambda before=before: len(world.said("drained")) > before, "an answer")
            os.kill(rng.choice(world.living()), signal.SIGKILL)
            # Who has died must not be chosen again before that is known.
            wait_for(lambda kill=kill: len(world.said("worker died")) > kill, "a death")
        wait_for(
            lambda: len(world.handled(list(account_of))) == len(account_of), "all of them", 600
        )
        wait_for(lambda: not (world.depth().waiting or world.depth().leased), "an empty queue")
        assert len(world.said("worker died")) == kills
        crew.terminate()
        assert crew.wait(60) == 0
    check(world, account_of)


def test_kills_on_sqlite(world: World) -> None:
    killed_again_and_again(world, scaled(EVENTS), scaled(KILLS))


def test_kills_on_postgres(postgres_world: World) -> None:
    killed_again_and_again(postgres_world, scaled(EVENTS), scaled(KILLS))


def test_kills_with_sqs(sqs_world: World) -> None:
    killed_again_and_again(sqs_world, scaled(EVENTS), scaled(KILLS))


@contextmanager
def moved_away(folder: Path) -> Iterator[None]:
    away = folder.with_name(f"{folder.name}-away")
    folder.rename(away)
    yield
    away.rename(folder)


def gone_for_a_while(world: World, gone: str, leave: Callable[[], None]) -> None:
    """`leave` takes away what is `gone` for a while, and brings it back."""
    bodies, account_of = portion(world, 0, 30)
    more, others = portion(world, 30, 30)
    with world.worker():
        world.send(bodies)
        wait_for(lambda: len(world.handled(list(account_of))) == 30, "the first ones")
        leave()
        assert {line["gone"] for line in world.said("not ready")} == {gone}
        wait_for(lambda: len(world.said("ready")) == 2, "ready again")
        world.send(more)
        account_of |= others
        wait_for(lambda: len(world.handled(list(account_of))) == 60, "the others")
    check(world, account_of)


def test_the_queue_is_gone_for_a_while(world: World) -> None:
    def leave() -> None:
        with moved_away(world.folder / "queue"):
            wait_for(lambda: world.said("not ready"), "a word of it")
            _rest()

    gone_for_a_while(world, "queue", leave)


def test_the_database_server_is_gone_for_a_while(postgres_world: World, postgres: Server) -> None:
    world = postgres_world

    def leave() -> None:
        postgres.stop()
        world.send([world.event("ghost-0", event_id="w-1", before_end_s=1)])
        wait_for(lambda: world.said("not ready"), "a word of it")
        _rest()
        postgres.start()

    gone_for_a_while(world, "store", leave)


def test_sqs_is_gone_for_a_while(sqs_world: World, sqs_server: SqsServer) -> None:
    def leave() -> None:
        sqs_server.stop()
        wait_for(lambda: sqs_world.said("not ready"), "a word of it")
        _rest()
        sqs_server.start()

    gone_for_a_while(sqs_world, "queue", leave)


def _rest() -> None:
    time.sleep(AWAY_S)

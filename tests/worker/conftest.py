"""The small exchange, once for all tests; each has its own queue and store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.queues.conftest import SqsPlace, aws, sqs_place, sqs_server
from tests.servers import Server
from tests.worker.world import Market, World
from tests.worker.world import market as simulated

__all__ = ["aws", "sqs_place", "sqs_server"]


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
    pytest.importorskip("structlog", reason="needs the extra `serve`")
    return simulated(tmp_path_factory.mktemp("market"))


@pytest.fixture
def world(market: Market, tmp_path: Path) -> World:
    """Everything in files."""
    market.write(f"sqlite:///{tmp_path}/exchange.db")
    found = World(
        folder=tmp_path,
        market=market,
        queue_url=f"sqlite:///{tmp_path}/queue/queue.db",
        store_url=f"sqlite:///{tmp_path}/store/alerts.db",
        source_url=f"sqlite:///{tmp_path}/exchange.db",
    )
    found.configure()
    return found


@pytest.fixture
def sqs_world(world: World, sqs_place: SqsPlace) -> World:
    """The queue is SQS."""
    world.queue_url = sqs_place.address(f"&dead={sqs_place.dead_name}&max_deliveries=100")
    world.configure()
    return world


@pytest.fixture
def postgres_world(world: World, postgres: Server) -> Iterator[World]:
    """Store and sources are one PostgreSQL database."""
    from tradeglyph.stores.versions import upgrade

    with postgres.database() as url:
        upgrade(url)
        world.market.write(url)
        world.store_url = world.source_url = url
        world.configure()
        yield world

"""A feed that is late for hours, over SQS with a policy of few deliveries."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

from tests.pipeline.test_drain import SETTINGS, Flow
from tests.queues.clocks import HandClock
from tests.queues.conftest import SqsPlace
from tests.queues.test_sqs import redrive
from tradeglyph.domain.findings import Decision
from tradeglyph.pipeline.drain import Drained
from tradeglyph.stores.opening import open_store


def test_it_ends_with_a_person_and_not_among_the_dead_letters(
    sqs_place: SqsPlace, tmp_path: Path
) -> None:
    redrive(sqs_place, after=3)
    queue = sqs_place.open_at(sqs_place.address())
    with closing(open_store(f"sqlite:///{tmp_path}/alerts.db")) as store:
        flow = Flow(tmp_path, queue, store, HandClock())
        ids = flow.send("late")
        settings = replace(SETTINGS, wait_s=1.0, delay_limit_s=1e9, most_delays=1000)
        drain, counts = flow.drain(settings, backoff=lambda _: 0.0), Drained()
        for _ in range(4):
            counts.add(drain.once())
        assert counts == Drained(received=3, delayed=2, answered=1, alerts=1)
        assert flow.answered(ids) == [Decision.REVIEW]
        assert queue.dead(10) == []

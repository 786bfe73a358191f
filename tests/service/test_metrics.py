"""What the figures for Prometheus mean."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.service.parts import NOW, HandClock, default_model
from tests.stores.investigations import investigation
from tradeglyph.domain.findings import Decision
from tradeglyph.queues.address import open_queue
from tradeglyph.service.metrics import Metrics


@pytest.fixture
def metrics(tmp_path: Path) -> Iterator[Metrics]:
    clock = HandClock(NOW)
    with closing(open_queue(f"sqlite:///{tmp_path}/queue.db", clock=clock)) as queue:
        yield Metrics(queue, clock, lambda: default_model().artifact.card)


def drift(metrics: Metrics) -> float:
    (line,) = (
        line
        for line in metrics.text().decode().splitlines()
        if line.startswith("tradeglyph_score_drift ")
    )
    return float(line.partition(" ")[2])


def test_few_windows_drift_no_further_than_they_are_flagged(metrics: Metrics) -> None:
    """After a start, the first one that is flagged is no reason to wake anybody."""
    assert drift(metrics) == 0
    for flagged in range(1, 4):
        metrics.scored(investigation(f"k{flagged}", decision=Decision.REVIEW))
        assert drift(metrics) == flagged


def test_many_drift_by_what_the_card_expects_of_them(metrics: Metrics) -> None:
    quiet = investigation("q", decision=Decision.LET_THROUGH)
    flagged = investigation("f", decision=Decision.REVIEW)
    for _ in range(4_992):
        metrics.scored(quiet)
    for _ in range(8):
        metrics.scored(flagged)
    assert default_model().artifact.card.alert_budget == 0.001
    assert drift(metrics) == pytest.approx(8 / 5)

"""Scores that are kept: what a waiting withdrawal was answered is in the list of alerts, once."""

import json
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.conftest import Made, Service
from tests.service.parts import (
    alerting,
    configured,
    gone_queue,
    gone_source,
    gone_store,
    known,
    store_in,
)
from tests.service.test_flow import figures
from tests.service.test_guard import is_problem
from tradeglyph.domain.findings import Decision
from tradeglyph.pipeline.drain import Drain
from tradeglyph.service import examples
from tradeglyph.service.limits import Limits

PATIENT = Limits(record_s=30.0)


def served(make: Made, limits: Limits = PATIENT, **changes: Any) -> Service:
    """A service whose sources hold the trades of the example."""
    trades, candles = known()
    return make(
        limits, investigator=configured(trades, candles), trades=trades, candles=candles, **changes
    )


def score(service: Service, **changes: Any) -> httpx.Response:
    body = {name: value for name, value in {**examples.EVENT, **changes}.items() if value}
    return service.ask("POST", "/v1/score", "scorer", json=body)


def drained(service: Service) -> Any:
    """What a worker over the same queue, store and sources does."""
    parts = service.parts
    assert parts.investigator is not None
    drain = Drain(
        queue=parts.queue,
        store=parts.store,
        investigator=parts.investigator("en", exhibits=True),
        clock=parts.clock,
        backoff=lambda _: 0.0,
    )
    return drain.once()


def exhibits(service: Service, alert_id: str) -> dict[str, bytes]:
    alert = service.parts.store.alert(alert_id)
    return {name: service.parts.store.exhibit(alert_id, name).content for name in alert.exhibits}


def test_an_answer_that_a_person_should_see_is_an_alert(make: Made) -> None:
    service = served(make)
    said = score(service).json()
    assert (said["decision"], said["record"]) == ("review", "kept")
    (alert,) = service.ask("GET", "/v1/alerts").json()["alerts"]
    assert alert["alert_id"] == said["alert_id"]
    assert alert["events"] == ["event:withdrawal-77"]
    assert alert["findings"] == said["findings"]
    assert alert["reasons"] == said["reasons"]
    picture = service.ask("GET", f"/v1/alerts/{said['alert_id']}/picture.png")
    assert picture.content.startswith(b"\x89PNG")
    assert figures(service)['tradeglyph_records_total{outcome="kept"}'] == 1


def test_it_is_the_alert_that_the_worker_would_have_raised(make: Made, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    ours = served(make)
    theirs = served(make, store=store_in(tmp_path / "theirs"))
    ours_id = score(ours).json()["alert_id"]
    theirs.parts.queue.send([json.dumps(examples.EVENT)])
    assert drained(theirs).alerts == 1
    (alert,) = theirs.parts.store.alerts().alerts
    # One event and one opening: the id is made of the key.
    assert replace(ours.parts.store.alert(ours_id), opened_at=0, changed_at=0) == replace(
        alert, opened_at=0, changed_at=0
    )
    assert exhibits(ours, ours_id) == exhibits(theirs, alert.alert_id)
    assert len(exhibits(ours, ours_id)) == 3


@pytest.mark.parametrize("first", ["score", "worker"])
def test_an_event_that_is_scored_and_sent_has_one_effect(make: Made, first: str) -> None:
    service = served(make)
    service.ask("POST", "/v1/events", json=examples.EVENT)
    if first == "worker":
        assert drained(service).alerts == 1
    said = [score(service).json() for _ in range(2)]
    if first == "score":
        assert drained(service).repeated == 1
    records = ["kept" if first == "score" else "repeated", "repeated"]
    assert [one["record"] for one in said] == records
    (alert,) = service.parts.store.alerts().alerts
    assert {one["alert_id"] for one in said} == {alert.alert_id}
    assert len(service.parts.store.trail(alert.alert_id)) == 1


def test_another_withdrawal_of_the_same_window_joins(make: Made) -> None:
    service = served(make)
    one, two = (score(service, event_id=name).json() for name in ("w-1", "w-2"))
    assert one["alert_id"] == two["alert_id"]
    assert service.parts.store.alert(one["alert_id"]).events == ("event:w-1", "event:w-2")


def test_a_quiet_answer_is_kept_too_and_raises_nothing(make: Made) -> None:
    service = served(make)
    said = score(service, account_id="nobody").json()
    assert (said["decision"], said["record"], said["alert_id"]) == ("let_through", "kept", None)
    found = service.parts.store.handled(["event:withdrawal-77"])["event:withdrawal-77"]
    assert (found.account_id, found.decision) == ("nobody", Decision.LET_THROUGH)


@pytest.mark.parametrize("body", [{**examples.EVENT, "event_id": None}, examples.SCORE])
def test_without_an_id_or_with_its_own_trades_nothing_is_kept(
    make: Made, body: dict[str, Any]
) -> None:
    service = served(make)
    said = service.ask("POST", "/v1/score", json=body).json()
    assert (said["decision"], said["record"], said["alert_id"]) == ("review", None, None)
    assert service.parts.store.alerts().alerts == ()


def test_a_delay_is_no_answer_and_can_be_asked_again(make: Made) -> None:
    _, candles = known()
    service = make(PATIENT, investigator=configured(gone_source(), candles))
    said = score(service)
    assert (said.json()["decision"], said.json()["record"]) == ("delay", None)
    assert said.headers["retry-after"] == "5"
    assert service.parts.store.handled(["event:withdrawal-77"]) == {}


def test_who_asks_again_gets_no_milder_answer(make: Made) -> None:
    service = served(make)
    before = alerting("event:withdrawal-77", account_id="u-1009")
    service.parts.store.record([replace(before, decision=Decision.HOLD)], 1)
    said = score(service).json()
    assert (said["decision"], said["verdict"], said["record"]) == ("hold", "review", "repeated")


def test_an_id_of_another_account_is_refused(make: Made) -> None:
    service = served(make)
    score(service, account_id="somebody")
    assert "event_id" in is_problem(score(service), 409)["detail"]
    assert service.parts.store.alerts().alerts == ()


def test_where_the_store_is_away_the_answer_is_given_and_the_event_waits(
    make: Made, tmp_path: Path
) -> None:
    service = served(make, store=gone_store())
    said = score(service, occurred_at="2026-01-02T12:00:00.5Z")
    assert (said.status_code, said.json()["decision"]) == (200, "review")
    assert (said.json()["record"], said.json()["alert_id"]) == ("queued", None)
    assert "hunter2" not in said.text + service.logged.getvalue()
    assert is_problem(service.ask("GET", "/readyz", None), 503)["not_ready"] == ["store"]
    assert figures(service)['tradeglyph_records_total{outcome="queued"}'] == 1
    # When it is back the worker answers the same event.
    back = served(make, store=store_in(tmp_path))
    assert drained(back).alerts == 1
    (alert,) = back.parts.store.alerts().alerts
    assert alert.events == ("event:withdrawal-77",)
    assert alert.findings[0].window_end == 1_767_355_200_500_000


def test_where_nothing_can_be_written_it_is_said(make: Made, tmp_path: Path) -> None:
    service = served(make, store=gone_store(), queue=gone_queue(tmp_path))
    said = score(service)
    assert (said.status_code, said.json()["record"]) == (200, "failed")
    assert figures(service)['tradeglyph_records_total{outcome="failed"}'] == 1


def test_a_slow_store_keeps_nobody_waiting_and_loses_nothing(make: Made, tmp_path: Path) -> None:
    service = served(make, Limits(record_s=0.05))
    service.parts.store.ping()
    with closing(sqlite3.connect(tmp_path / "alerts.db", isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")  # another writer, who takes its time
        said = score(service).json()
        assert (said["decision"], said["record"], said["alert_id"]) == ("review", "pending", None)
        somebody.execute("ROLLBACK")
    until = time.monotonic() + 30
    while not service.parts.store.alerts().alerts:
        assert time.monotonic() < until
        time.sleep(0.02)
    while not any(thread.name.startswith("record") for thread in threading.enumerate()):
        raise AssertionError("it is written by a thread of its own")

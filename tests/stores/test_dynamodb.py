"""What the alert store on DynamoDB does beside what every store does."""

import hashlib
import math
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.stores.answers import DAY, NOON, answer, quiet
from tests.stores.moto_server import DynamoDBServer
from tradeglyph.domain.alerts import Action, Alert, Status
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.findings import Decision, Exhibit
from tradeglyph.ports.alert_store import (
    AlertStore,
    NoSuchAlert,
    StoreGone,
)
from tradeglyph.stores import aws_client, dynamodb, dynamodb_items, dynamodb_patience
from tradeglyph.stores.aws_client import table_address
from tradeglyph.stores.dynamodb import DynamoDBAlertStore, open_dynamodb
from tradeglyph.stores.dynamodb_table import create_table

NOW = NOON + 2 * DAY


@pytest.fixture
def server(aws: None, dynamodb_server: DynamoDBServer) -> DynamoDBServer:
    return dynamodb_server


@pytest.fixture
def url(server: DynamoDBServer) -> str:
    return server.new_table()


@pytest.fixture
def open_another(server: DynamoDBServer, url: str) -> Iterator[Callable[[], AlertStore]]:
    opened: list[DynamoDBAlertStore] = []

    def open_one() -> AlertStore:
        opened.append(open_dynamodb(url, server.session))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_another: Callable[[], AlertStore]) -> AlertStore:
    return open_another()


def all_alerts(store: AlertStore, **choice: Any) -> list[Alert]:
    """All pages."""
    alerts: list[Alert] = []
    cursor = None
    while True:
        page = store.alerts(cursor=cursor, **choice)
        alerts += page.alerts
        if page.cursor is None:
            return alerts
        cursor = page.cursor


def test_more_events_than_are_read_at_once(store: AlertStore) -> None:
    keys = [f"e{number}" for number in range(330)]
    store.record([quiet(key) for key in keys[::50]], NOW)
    assert sorted(store.handled(keys)) == sorted(keys[::50])


class Throttled:
    """A table that leaves all keys of a BatchGetItem unread, so many times, and a clock on which
    nothing but pauses takes time."""

    def __init__(self, store: Any, times: float, monkeypatch: pytest.MonkeyPatch) -> None:
        self._left, self.asked, self.pauses = times, 0, list[float]()
        events = store._client.meta.events
        events.register("provide-client-params.dynamodb.BatchGetItem", self._ask)
        events.register("after-call.dynamodb.BatchGetItem", self._answer)
        clock = SimpleNamespace(monotonic=lambda: sum(self.pauses), sleep=self.pauses.append)
        monkeypatch.setattr(dynamodb_patience, "time", clock)

    def _ask(self, params: dict[str, Any], **_: Any) -> None:
        self.asked += 1
        assert self.asked < 1000, "it asks for ever"
        self._request = params["RequestItems"]

    def _answer(self, parsed: dict[str, Any], **_: Any) -> None:
        if self._left > 0:
            self._left -= 1
            parsed |= {"Responses": {}, "UnprocessedKeys": self._request}


def test_keys_left_unread_are_asked_for_again_after_a_pause(
    store: AlertStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.record([answer("e1")], NOW)
    throttled = Throttled(store, 5, monkeypatch)
    assert set(store.handled(["e1"])) == {"e1"}
    assert (throttled.asked, len(throttled.pauses)) == (6, 5)


def test_a_table_that_throttles_for_long_is_gone(
    store: AlertStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.record([answer("e1")], NOW)
    throttled = Throttled(store, math.inf, monkeypatch)
    with pytest.raises(StoreGone, match="throttled"):
        store.handled(["e1"])
    assert sum(throttled.pauses) < dynamodb_patience.PATIENCE_S + 1


def test_a_closed_alert_is_not_joined(store: AlertStore) -> None:
    [first] = store.record([answer("e1")], NOW)
    store.decide(str(first.alert_id), Action.DISMISSED, who="ann", now=NOW)
    [second] = store.record([answer("e2")], NOW)
    assert second.alert_id != first.alert_id
    # One account and window has one open alert.
    with pytest.raises(ValueError, match="open for the same account"):
        store.decide(str(first.alert_id), Action.REOPENED, who="ann", now=NOW)
    store.decide(str(second.alert_id), Action.CONFIRMED, who="ann", now=NOW)
    store.decide(str(first.alert_id), Action.REOPENED, who="ann", now=NOW)
    [third] = store.record([answer("e3")], NOW)
    assert third.alert_id == first.alert_id


def test_numbers_of_numpy(store: AlertStore) -> None:
    plain = answer("e1")
    [finding] = plain.findings
    numpy = replace(
        finding,
        window_start=np.int64(finding.window_start),
        window_end=np.int64(finding.window_end),
        trade_count=np.int64(12),
        probability=np.float64(0.1 + 0.2),
        flagged=np.bool_(True),
    )
    store.record([replace(plain, findings=(numpy,))], NOW)
    [alert] = all_alerts(store)
    assert alert.findings == plain.findings
    assert type(alert.window_start) is int


def test_pages_are_whole_and_in_order(store: AlertStore) -> None:
    # Every two were opened at the same time.
    answers = [
        (
            answer(
                f"e{n}", account=str(n % 3), start=NOON + 3 * n * DAY, end=NOON + 3 * n * DAY + DAY
            ),
            NOW + n // 2,
        )
        for n in range(11)
    ]
    for one, now in answers:
        store.record([one], now)
    alerts = all_alerts(store, most=3)
    assert [alert.opened_at - NOW for alert in alerts] == [5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0]
    assert len({alert.alert_id for alert in alerts}) == 11
    for most in (1, 2, 10, 11, 12):
        assert all_alerts(store, most=most) == alerts

    for alert in alerts[::2]:
        store.decide(alert.alert_id, Action.CONFIRMED, who="ann", now=NOW)
    confirmed = [alert.alert_id for alert in alerts[::2]]
    opened = [alert.alert_id for alert in alerts[1::2]]
    for status, expected in ((Status.CONFIRMED, confirmed), (Status.OPEN, opened)):
        found = all_alerts(store, status=status, most=2)
        assert [alert.alert_id for alert in found] == expected
    assert all_alerts(store, status=Status.DISMISSED) == []
    assert [alert.alert_id for alert in all_alerts(store, most=4)] == [a.alert_id for a in alerts]
    of_one = [alert.alert_id for alert in alerts if alert.account_id == "1"]
    assert [a.alert_id for a in all_alerts(store, account_id="1", most=2)] == of_one
    both = all_alerts(store, account_id="1", status=Status.OPEN, most=1)
    assert [a.alert_id for a in both] == [one for one in of_one if one in opened]


def test_events_and_decisions_at_once(open_another: Callable[[], AlertStore]) -> None:
    """Alerts are closed while events join: every event is in one alert, one is open at most."""
    stores = [open_another(), open_another()] * 2
    start = threading.Barrier(4)

    def work(number: int) -> None:
        start.wait()
        for event in range(2):
            [recorded] = stores[number].record([answer(f"{number}-{event}")], NOW)
            if number % 2:
                stores[number].decide(str(recorded.alert_id), Action.DISMISSED, who="ann", now=NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    alerts = all_alerts(stores[0])
    keys = Counter(key for alert in alerts for key in alert.events)
    assert keys == {f"{number}-{event}": 1 for number in range(4) for event in range(2)}
    assert len([alert for alert in alerts if alert.status is Status.OPEN]) <= 1


def test_a_table_that_is_not_there(server: DynamoDBServer) -> None:
    with pytest.raises(StoreGone, match="no table alerts-"):
        open_dynamodb(server.new_url(), server.session)


def test_creating_the_table_again_keeps_it(
    server: DynamoDBServer, url: str, store: AlertStore
) -> None:
    store.record([answer("e1")], NOW)
    create_table(url, server.session)
    assert len(all_alerts(store)) == 1


def test_exhibits_for_which_there_is_no_room_are_left_out_and_said(
    store: AlertStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "EXHIBITS_MOST", 500_000)
    large = Exhibit(name="trades.csv", media_type="text/csv", content=Random(1).randbytes(600_000))
    small = Exhibit(name="p.png", media_type="image/png", content=Random(2).randbytes(450_000))
    [recorded] = store.record([answer("e1", exhibits=(large, small))], NOW)
    alert = store.alert(str(recorded.alert_id))
    assert alert.exhibits == ("p.png",)
    said = "trades.csv: more than 500000 bytes of exhibits, compressed"
    assert alert.replay[-1] == ("left_out", said)
    assert store.trail(alert.alert_id)[0].note == said
    with pytest.raises(NoSuchAlert):
        store.exhibit(alert.alert_id, "trades.csv")


def test_findings_too_large_for_an_item(store: AlertStore) -> None:
    """4,000 symbols, whose names don't compress: 256 KB or more, where an item holds 400."""
    one = answer("e1")
    names = [hashlib.sha512(bytes([n % 256, n // 256])).hexdigest() for n in range(4000)]
    findings = tuple(replace(one.findings[0], symbol=name) for name in names)
    store.record([replace(one, findings=findings), answer("e2", decision=Decision.REVIEW)], NOW)
    store.record([replace(answer("e3", decision=Decision.HOLD), findings=findings)], NOW)
    [alert] = all_alerts(store)
    assert alert.findings == findings
    after = store.decide(alert.alert_id, Action.CONFIRMED, who="ann", now=NOW)
    assert after.findings == findings


def test_more_events_than_an_item_holds(store: AlertStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_items, "EVENTS_MOST", 10)
    keys = tuple(f"key-{number}" for number in range(6))
    store.record([answer(key) for key in keys], NOW)
    [alert] = all_alerts(store)
    assert alert.events == keys
    store.decide(alert.alert_id, Action.NOTED, who="ann", now=NOW)
    store.record([answer("last")], NOW)
    assert store.alert(alert.alert_id).events == (*keys, "last")


def test_emoji_fit_into_an_item_as_letters_do(store: AlertStore) -> None:
    """JSON makes twelve bytes of one; here beside findings as large as an alert's item holds."""
    reasons = (Random(1).randbytes(170_000).hex(),)
    one = replace(answer("🐳" * 512), reasons=reasons)
    store.record([one], NOW)
    [alert] = all_alerts(store)
    size = len(dynamodb_items.packed_body(alert))
    assert 0.9 * dynamodb_items.BODY_MOST < size <= dynamodb_items.BODY_MOST
    keys = [f"{number}{'🐳' * 500}" for number in range(45)]
    store.record([replace(answer(key), reasons=reasons) for key in keys], NOW)
    assert store.alert(alert.alert_id).events == (one.event.key, *keys)
    note = "🐳" * (dynamodb.NOTE_MOST // 12 - 1)
    store.decide(alert.alert_id, Action.NOTED, who="ann", now=NOW, note=note)
    assert store.trail(alert.alert_id)[-1].note == note


def test_a_note_without_end_is_refused(store: AlertStore) -> None:
    [recorded] = store.record([answer("e1")], NOW)
    for note in ("x" * dynamodb.NOTE_MOST, "🐳" * (dynamodb.NOTE_MOST // 12)):
        with pytest.raises(ValueError, match=str(dynamodb.NOTE_MOST)):
            store.decide(str(recorded.alert_id), Action.NOTED, who="a", now=NOW, note=note)


@pytest.mark.parametrize(
    "wrong",
    [
        "dynamodb://",
        "dynamodb:///alerts",
        "dynamodb://alerts/more",
        "dynamodb://AKIA:hush@alerts",
        "dynamodb://alerts:80",
        "dynamodb://alerts?regoin=eu-west-1",
        "sqlite:///hush.db",
    ],
)
def test_another_url_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(InputError, match=r"dynamodb://TABLE\?region=REGION") as refused:
        table_address(wrong)
    assert "hush" not in str(refused.value)


def test_no_region(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with pytest.raises(InputError, match="AWS_REGION"):
        open_dynamodb("dynamodb://alerts")


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, server: DynamoDBServer) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    with pytest.raises(StoreGone, match="credentials"):
        open_dynamodb(server.new_url())


def test_waiting_ends() -> None:
    """A call that gets no answer is given up within the stated times, back-off included."""
    assert aws_client.ATTEMPTS * (aws_client.CONNECT_S + aws_client.ANSWER_S) <= 24

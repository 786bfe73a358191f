"""The alert store on DynamoDB. All tests above the line at the end are about the seam alone and
may be run over any store: they get one as `store`, and `open_another` for one more to the same
place."""

import hashlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.stores.answers import DAY, NOON, answer, quiet, unanswered
from tests.stores.moto_server import AWS, DynamoDBServer
from tradeglyph.domain.alerts import Action, Alert, Status
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.findings import Decision, Exhibit, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.ports.alert_store import (
    AlertChanged,
    AlertStore,
    NoSuchAlert,
    Recorded,
    StoreGone,
)
from tradeglyph.stores import aws_client, dynamodb, dynamodb_items
from tradeglyph.stores.aws_client import table_address
from tradeglyph.stores.dynamodb import DynamoDBAlertStore, open_dynamodb
from tradeglyph.stores.dynamodb_table import create_table

NOW = NOON + 2 * DAY
ODD = ("x" * 5000, "'; DROP TABLE alerts; --", "👩‍👩‍👧 账户", "half \ud83d", "a#b\0c", " ")


@pytest.fixture(scope="module")
def server() -> Iterator[DynamoDBServer]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in AWS.items():
            environment.setenv(name, value)
        server = DynamoDBServer()
        yield server
        server.stop()


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


def test_an_alert_is_kept_as_it_was_raised(store: AlertStore) -> None:
    investigation = answer("e1")
    [recorded] = store.record([investigation], NOW)
    assert not recorded.repeated
    assert recorded.alert_id is not None
    expected = Alert(
        alert_id=recorded.alert_id,
        account_id="7",
        window_start=NOON,
        window_end=NOON + DAY,
        decision=Decision.REVIEW,
        verdict=Verdict.REVIEW,
        unanswered=None,
        status=Status.OPEN,
        opened_at=NOW,
        changed_at=NOW,
        version=1,
        events=("e1",),
        findings=investigation.findings,
        reasons=("因为 ABC",),
        replay=(("model", "default"), ("data_sha256", "00ff")),
        exhibits=(),
    )
    assert store.alert(recorded.alert_id) == expected
    assert store.alerts().alerts == (expected,)
    [line] = store.trail(recorded.alert_id)
    assert (line.number, line.time, line.who, line.action) == (1, NOW, "tradeglyph", Action.OPENED)
    assert line.event_key == "e1"


def test_a_repeated_event_changes_nothing(store: AlertStore) -> None:
    first, again = store.record([answer("e1"), answer("e1", decision=Decision.HOLD)], NOW)
    assert again == Recorded(alert_id=first.alert_id, repeated=True)
    before = all_alerts(store)
    assert store.record([answer("e1", account="8")], NOW + 1) == [again]
    assert all_alerts(store) == before
    assert len(store.trail(str(first.alert_id))) == 1


def test_an_event_without_an_alert_is_known_too(store: AlertStore) -> None:
    assert store.record([quiet("q"), unanswered("d", Decision.DELAY)], NOW) == [
        Recorded(alert_id=None, repeated=False),
        Recorded(alert_id=None, repeated=False),
    ]
    assert store.record([answer("q")], NOW) == [Recorded(alert_id=None, repeated=True)]
    assert all_alerts(store) == []


def test_what_was_handled(store: AlertStore) -> None:
    [raised, _] = store.record([answer("e1"), quiet("q", account="8")], NOW)
    known = store.handled(["e1", "q", "q", "nobody"])
    assert set(known) == {"e1", "q"}
    assert (known["q"].account_id, known["q"].time, known["q"].recorded_at) == ("8", NOON, NOW)
    assert (known["q"].decision, known["q"].alert_id) == (Decision.LET_THROUGH, None)
    assert (known["e1"].decision, known["e1"].alert_id) == (Decision.REVIEW, raised.alert_id)
    assert store.handled([]) == {}


def test_more_events_than_are_read_at_once(store: AlertStore) -> None:
    keys = [f"e{number}" for number in range(330)]
    store.record([quiet(key) for key in keys[::50]], NOW)
    assert sorted(store.handled(keys)) == sorted(keys[::50])


@pytest.mark.parametrize("text", ODD)
def test_any_text_is_a_key(store: AlertStore, text: str) -> None:
    store.record([answer(text, account=text), quiet(f"q{text}", account=text)], NOW)
    assert set(store.handled([text, "x" * 4999])) == {text}
    [alert] = all_alerts(store, account_id=text)
    assert (alert.account_id, alert.events) == (text, (text,))
    assert store.last_clean(text, NOW) == NOON
    assert all_alerts(store, account_id=text + "!") == []


def test_an_overlapping_window_joins(store: AlertStore) -> None:
    exhibit = Exhibit(name="a.csv", media_type="text/csv", content=b"a")
    [first] = store.record([answer("e1", exhibits=(exhibit,))], NOW)
    graver = answer(
        "e2",
        start=NOON + DAY // 2,
        end=NOON + 2 * DAY,
        decision=Decision.HOLD,
        verdict=Verdict.HOLD,
        symbol="XYZ",
        exhibits=(replace(exhibit, name="b.csv", content=b"b"),),
    )
    assert store.record([graver], NOW + 5) == [Recorded(alert_id=first.alert_id, repeated=False)]
    [alert] = all_alerts(store)
    assert (alert.window_start, alert.window_end) == (NOON, NOON + 2 * DAY)
    assert (alert.decision, alert.verdict) == (Decision.HOLD, Verdict.HOLD)
    assert (alert.opened_at, alert.changed_at, alert.version) == (NOW, NOW + 5, 2)
    assert alert.events == ("e1", "e2")
    assert (alert.findings, alert.reasons) == (graver.findings, ("因为 XYZ",))
    assert alert.exhibits == ("b.csv",)

    # A lighter one adds its window, and its evidence takes nobody's place.
    store.record([answer("e3", start=NOON - DAY)], NOW + 6)
    [after] = all_alerts(store)
    assert after == replace(
        alert,
        window_start=NOON - DAY,
        events=("e1", "e2", "e3"),
        version=3,
        changed_at=NOW + 6,
    )
    assert store.exhibit(alert.alert_id, "b.csv").content == b"b"
    lines = store.trail(alert.alert_id)
    assert [(line.number, line.action, line.event_key) for line in lines] == [
        (1, Action.OPENED, "e1"),
        (2, Action.JOINED, "e2"),
        (3, Action.JOINED, "e3"),
    ]


def test_one_as_grave_brings_its_evidence(store: AlertStore) -> None:
    store.record([answer("e1"), answer("e2", symbol="XYZ")], NOW)
    [alert] = all_alerts(store)
    assert alert.reasons == ("因为 XYZ",)


@pytest.mark.parametrize(("gap", "alerts"), [(0, 1), (1, 2)])
def test_windows_that_touch_are_one_alert(store: AlertStore, gap: int, alerts: int) -> None:
    later = NOON + DAY + gap
    store.record([answer("e1"), answer("e2", start=later, end=later + DAY)], NOW)
    assert len(all_alerts(store)) == alerts


def test_another_account_has_its_own(store: AlertStore) -> None:
    store.record([answer("e1"), answer("e2", account="8")], NOW)
    assert len(all_alerts(store)) == 2


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


def test_an_alert_for_want_of_an_answer(store: AlertStore) -> None:
    store.record([unanswered("e1", Decision.REVIEW)], NOW)
    [alert] = all_alerts(store)
    assert (alert.verdict, alert.unanswered) == (None, Unanswered.STALE_FEED)
    assert (alert.window_start, alert.window_end) == (NOON, NOON)
    store.record([answer("e2")], NOW)
    [alert] = all_alerts(store)
    assert (alert.verdict, alert.unanswered) == (Verdict.REVIEW, Unanswered.STALE_FEED)


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


def test_threads_with_the_same_events(open_another: Callable[[], AlertStore]) -> None:
    """8 threads, each with all 6 events, in an order of its own."""
    stores = [open_another(), open_another()] * 4
    start = threading.Barrier(8)

    def work(number: int) -> list[Recorded]:
        # Windows of account 0: a chain in which each touches the next; of account 1: far apart.
        events = [
            answer(
                f"{account}-{place}",
                account=str(account),
                start=NOON + place * DAY * (1 + account),
                end=NOON + place * DAY * (1 + account) + DAY,
            )
            for account in range(2)
            for place in range(3)
        ]
        Random(number).shuffle(events)
        start.wait()
        return [stores[number].record([event], NOW + number)[0] for event in events]

    with ThreadPoolExecutor(8) as threads:
        done = [each for recorded in threads.map(work, range(8)) for each in recorded]
    assert Counter(each.repeated for each in done) == {False: 6, True: 42}
    alerts = all_alerts(stores[0], most=5)
    keys = Counter(key for alert in alerts for key in alert.events)
    assert keys == {f"{account}-{place}": 1 for account in range(2) for place in range(3)}
    assert len([alert for alert in alerts if alert.account_id == "1"]) == 3
    for alert in alerts:
        numbers = [line.number for line in stores[0].trail(alert.alert_id)]
        assert numbers == list(range(1, alert.version + 1))
        assert alert.version == len(alert.events)


def test_threads_with_overlapping_events(open_another: Callable[[], AlertStore]) -> None:
    stores = [open_another(), open_another()] * 4
    start = threading.Barrier(8)

    def work(number: int) -> list[Recorded]:
        start.wait()
        return [
            stores[number].record([answer(f"{number}-{event}", start=NOON + number)], NOW)[0]
            for event in range(2)
        ]

    with ThreadPoolExecutor(8) as threads:
        done = [each for recorded in threads.map(work, range(8)) for each in recorded]
    [alert] = all_alerts(stores[0])
    assert {each.alert_id for each in done} == {alert.alert_id}
    assert sorted(alert.events) == sorted(f"{n}-{e}" for n in range(8) for e in range(2))
    lines = stores[0].trail(alert.alert_id)
    assert [line.number for line in lines] == list(range(1, 17))
    assert [line.event_key for line in lines] == list(alert.events)


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


def test_a_page_goes_on_where_the_last_one_ended(store: AlertStore) -> None:
    for number in range(4):
        store.record([answer(f"e{number}", account=str(number))], NOW + number)
    first = store.alerts(most=2)
    store.record([answer("new", account="new")], NOW + 9)
    store.decide(first.alerts[0].alert_id, Action.DISMISSED, who="ann", now=NOW)
    second = store.alerts(most=2, cursor=first.cursor)
    assert [alert.events[0] for alert in second.alerts] == ["e1", "e0"]
    assert second.cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "é", "MTIz", "!!!!", "A" * 5000])
def test_a_foreign_cursor_is_refused(store: AlertStore, cursor: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        store.alerts(cursor=cursor)


def test_people_decide(store: AlertStore) -> None:
    [recorded] = store.record([answer("e1")], NOW)
    alert_id = str(recorded.alert_id)
    noted = store.decide(alert_id, Action.NOTED, who="ann", now=NOW + 1, note="打电话", version=1)
    assert (noted.status, noted.version, noted.changed_at) == (Status.OPEN, 2, NOW + 1)
    confirmed = store.decide(alert_id, Action.CONFIRMED, who="bob", now=NOW + 2)
    assert confirmed == replace(noted, status=Status.CONFIRMED, version=3, changed_at=NOW + 2)
    assert store.alert(alert_id) == confirmed
    assert store.decide(alert_id, Action.REOPENED, who="ann", now=NOW).status is Status.OPEN
    assert store.decide(alert_id, Action.DISMISSED, who="ann", now=NOW).status is Status.DISMISSED
    lines = store.trail(alert_id)
    assert [(line.number, line.who, line.action, line.note) for line in lines] == [
        (1, "tradeglyph", Action.OPENED, ""),
        (2, "ann", Action.NOTED, "打电话"),
        (3, "bob", Action.CONFIRMED, ""),
        (4, "ann", Action.REOPENED, ""),
        (5, "ann", Action.DISMISSED, ""),
    ]


def test_who_has_not_seen_the_alert_does_not_decide(store: AlertStore) -> None:
    [recorded] = store.record([answer("e1")], NOW)
    alert_id = str(recorded.alert_id)
    store.record([answer("e2", decision=Decision.HOLD)], NOW)
    before = store.alert(alert_id)
    with pytest.raises(AlertChanged):
        store.decide(alert_id, Action.DISMISSED, who="ann", now=NOW, version=1)
    assert store.alert(alert_id) == before
    assert len(store.trail(alert_id)) == 2


def test_of_many_deciding_at_once_one_does(open_another: Callable[[], AlertStore]) -> None:
    stores = [open_another(), open_another()] * 4
    [recorded] = stores[0].record([answer("e1")], NOW)
    start = threading.Barrier(8)

    def work(number: int) -> bool:
        start.wait()
        try:
            stores[number].decide(
                str(recorded.alert_id), Action.CONFIRMED, who=f"p{number}", now=NOW, version=1
            )
        except AlertChanged:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(work, range(8))) == 1
    assert len(stores[0].trail(str(recorded.alert_id))) == 2


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


def test_what_people_can_not_do(store: AlertStore) -> None:
    [recorded] = store.record([answer("e1")], NOW)
    alert_id = str(recorded.alert_id)
    for action in (Action.OPENED, Action.JOINED):
        with pytest.raises(ValueError, match="action"):
            store.decide(alert_id, action, who="ann", now=NOW)
    for who in ("", "  "):
        with pytest.raises(ValueError, match="who"):
            store.decide(alert_id, Action.NOTED, who=who, now=NOW)
    assert len(store.trail(alert_id)) == 1


def test_no_such_alert(store: AlertStore) -> None:
    [recorded] = store.record([answer("e1")], NOW)
    asks: list[Callable[[], object]] = [
        lambda: store.alert("none"),
        lambda: store.alert(""),
        lambda: store.trail("none"),
        lambda: store.exhibit("none", "a.csv"),
        lambda: store.exhibit(str(recorded.alert_id), "a.csv"),
        lambda: store.decide("none", Action.NOTED, who="ann", now=NOW),
    ]
    for ask in asks:
        with pytest.raises(NoSuchAlert):
            ask()


def test_exhibits_come_back_byte_for_byte(store: AlertStore) -> None:
    noise = Random(1).randbytes(1_000_000)
    exhibits = (
        Exhibit(name="picture-ABC.png", media_type="image/png", content=noise),
        Exhibit(name="trades.csv", media_type="text/csv", content=b"time,price\r\n" * 300_000),
        Exhibit(name="empty.json", media_type="application/json", content=b""),
        Exhibit(name="图.png", media_type="image/png", content=bytes(range(256))),
    )
    [recorded] = store.record([answer("e1", exhibits=exhibits)], NOW)
    alert_id = str(recorded.alert_id)
    assert store.alert(alert_id).exhibits == tuple(exhibit.name for exhibit in exhibits)
    for exhibit in exhibits:
        assert store.exhibit(alert_id, exhibit.name) == exhibit


def test_the_last_clean_check(store: AlertStore) -> None:
    store.record(
        [
            quiet("early", time=-5),
            quiet("a", time=NOON),
            quiet("b", time=NOON + 10),
            answer("raised", end=NOON + 15),
            unanswered("open", Decision.LET_THROUGH, time=NOON + 16),
            quiet("other", account="8", time=NOON + 18),
        ],
        NOW,
    )
    assert store.last_clean("7", NOON + 20) == NOON + 10
    assert store.last_clean("7", NOON + 10) == NOON
    assert store.last_clean("7", NOON) == -5
    assert store.last_clean("7", -5) is None
    assert store.last_clean("9", NOON + 20) is None


# ------------------------------------------------------------------------------ DynamoDB alone


def test_gone_and_back(server: DynamoDBServer, store: AlertStore) -> None:
    [first] = store.record([answer("e1")], NOW)
    server.stop()
    try:
        asks: list[Callable[[], object]] = [
            store.ping,
            store.alerts,
            lambda: store.record([answer("e2")], NOW),
            lambda: store.decide(str(first.alert_id), Action.NOTED, who="ann", now=NOW),
        ]
        for ask in asks:
            with pytest.raises(StoreGone) as gone:
                ask()
            assert "127.0.0.1" not in str(gone.value)
    finally:
        server.start()
    store.ping()
    assert store.record([answer("e1"), answer("e2")], NOW) == [
        Recorded(alert_id=first.alert_id, repeated=True),
        Recorded(alert_id=first.alert_id, repeated=False),
    ]


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


def test_a_note_without_end_is_refused(store: AlertStore) -> None:
    [recorded] = store.record([answer("e1")], NOW)
    with pytest.raises(ValueError, match="100000"):
        store.decide(str(recorded.alert_id), Action.NOTED, who="a", now=NOW, note="x" * 100_001)


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

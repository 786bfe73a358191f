"""What every alert store does, whatever it keeps its alerts in."""

import dataclasses
import random
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.stores.conftest import Place
from tests.stores.investigations import HOUR, NOW, investigation, noise, unanswered
from tradeglyph.domain.alerts import Action, Alert, Status
from tradeglyph.domain.findings import Decision, Exhibit, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.ports.alert_store import AlertChanged, AlertStore, NoSuchAlert, StoreGone
from tradeglyph.stores.opening import open_store

NASTY = (
    "",
    "'; DROP TABLE tg_alerts; --",
    '" OR 1=1',
    "%s %(x)s :name ?",
    "账户 🐳 ñ",
    "a\0b",
    "back\\slash \\u0041",
    "half \ud83d",
    "Case",
    "case",
    "case ",
    "x" * 70_000,
)


def only(store: AlertStore, **which: object) -> Alert:
    (alert,) = store.alerts(**which).alerts  # type: ignore[arg-type]
    return alert


def every(store: AlertStore, most: int = 50) -> list[Alert]:
    alerts, cursor = [], None
    while True:
        page = store.alerts(most=most, cursor=cursor)
        alerts += page.alerts
        cursor = page.cursor
        if cursor is None:
            return alerts


# Recording


def test_an_alert_is_what_its_investigation_says(store: AlertStore) -> None:
    picture = Exhibit(name="picture-COIN.png", media_type="image/png", content=b"\x89PNG")
    told = investigation("k1", window=(3, 27), decision=Decision.HOLD, exhibits=(picture,))
    (recorded,) = store.record([told], NOW)
    assert not recorded.repeated
    assert recorded.alert_id is not None
    alert = store.alert(recorded.alert_id)
    assert alert == Alert(
        alert_id=recorded.alert_id,
        account_id="A",
        window_start=3 * HOUR,
        window_end=27 * HOUR,
        decision=Decision.HOLD,
        verdict=Verdict.HOLD,
        unanswered=None,
        status=Status.OPEN,
        opened_at=NOW,
        changed_at=NOW,
        version=1,
        events=("k1",),
        findings=told.findings,
        reasons=told.reasons,
        replay=told.replay,
        exhibits=("picture-COIN.png",),
    )
    assert only(store) == alert


def test_an_event_is_known_once_it_is_recorded(store: AlertStore) -> None:
    quiet = investigation("quiet", decision=Decision.LET_THROUGH, time=7)
    answers = store.record([quiet, investigation("loud", account="B", time=9)], NOW)
    assert answers[0].alert_id is None
    known = store.handled(["quiet", "loud", "nobody"])
    assert set(known) == {"quiet", "loud"}
    assert dataclasses.astuple(known["quiet"]) == (
        "quiet", "A", 7, NOW, Decision.LET_THROUGH, None,
    )  # fmt: skip
    assert known["loud"].account_id == "B"
    assert known["loud"].alert_id == answers[1].alert_id
    assert store.handled([]) == {}
    assert store.record([], NOW) == []


def test_what_raises_no_alert_is_only_remembered(store: AlertStore) -> None:
    for decision in (Decision.LET_THROUGH, Decision.DELAY):
        (recorded,) = store.record([investigation(decision.value, decision=decision)], NOW)
        assert recorded.alert_id is None
    assert store.alerts().alerts == ()


def test_a_repeated_event_changes_nothing(store: AlertStore) -> None:
    (first,) = store.record([investigation("k")], NOW)
    before = store.alert(str(first.alert_id))
    again = investigation("k", account="other", decision=Decision.HOLD)
    for _ in range(3):
        (repeated,) = store.record([again], NOW + 5)
        assert (repeated.repeated, repeated.alert_id) == (True, first.alert_id)
        assert repeated.account_id == first.account_id != "other"
    assert only(store) == before
    assert len(store.trail(before.alert_id)) == 1
    assert store.handled(["k"])["k"].recorded_at == NOW


def test_an_event_repeated_within_a_batch_counts_once(store: AlertStore) -> None:
    batch = [investigation("k"), investigation("q", decision=Decision.LET_THROUGH)]
    answers = store.record([*batch, *batch, investigation("k")], NOW)
    assert [answer.repeated for answer in answers] == [False, False, True, True, True]
    assert answers[2].alert_id == answers[4].alert_id == answers[0].alert_id
    assert only(store).version == 1


WINDOWS = (
    ((10, 30), 1, (0, 30)),
    ((24, 48), 1, (0, 48)),
    ((-24, 0), 1, (-24, 24)),
    ((2, 5), 1, (0, 24)),
    ((25, 48), 2, (0, 24)),
    ((-24, -1), 2, (0, 24)),
)
"""A second window after 0 to 24, the alerts that there are then, and what the first one spans."""


@pytest.mark.parametrize("together", [True, False])
def test_windows_that_overlap_or_touch_are_one_alert(store: AlertStore, together: bool) -> None:
    for number, (window, alerts, spans) in enumerate(WINDOWS):
        account, keys = f"A{number}", (f"k{number}", f"l{number}")
        events = [
            investigation(keys[0], account=account),
            investigation(keys[1], account=account, window=window),
        ]
        if together:
            first, second = store.record(events, NOW)
        else:
            (first,), (second,) = (store.record([event], NOW) for event in events)
        assert len(store.alerts(account_id=account).alerts) == alerts, window
        alert = store.alert(str(first.alert_id))
        assert (alert.window_start, alert.window_end) == (spans[0] * HOUR, spans[1] * HOUR)
        assert (second.alert_id == first.alert_id) == (alerts == 1)
        assert alert.events == (keys if alerts == 1 else keys[:1])
        assert alert.version == len(alert.events)


def test_accounts_are_not_joined(store: AlertStore) -> None:
    store.record([investigation("k1", account="A"), investigation("k2", account="B")], NOW)
    assert {alert.account_id for alert in store.alerts().alerts} == {"A", "B"}


def test_the_graver_decision_is_shown(store: AlertStore) -> None:
    review, hold = Decision.REVIEW, Decision.HOLD
    store.record([investigation("k1", decision=review, reason="first")], NOW)
    store.record([investigation("k2", decision=hold, reason="second")], NOW + 1)
    alert = only(store)
    assert (alert.decision, alert.verdict, alert.reasons[0]) == (hold, Verdict.HOLD, "second")
    store.record([investigation("k3", decision=review, reason="third")], NOW + 2)
    alert = only(store)
    assert (alert.decision, alert.verdict, alert.reasons[0]) == (hold, Verdict.HOLD, "second")
    assert alert.findings[0].reason == "second"
    assert alert.events == ("k1", "k2", "k3")
    assert (alert.opened_at, alert.changed_at, alert.version) == (NOW, NOW + 2, 3)
    store.record([investigation("k4", decision=hold, reason="fourth")], NOW + 3)
    assert only(store).findings[0].reason == "fourth"


def test_an_alert_for_want_of_an_answer(store: AlertStore) -> None:
    store.record([unanswered("k1", Decision.REVIEW)], NOW)
    alert = only(store)
    assert (alert.verdict, alert.unanswered) == (None, Unanswered.STALE_FEED)
    assert (alert.window_start, alert.window_end, alert.findings) == (NOW, NOW, ())
    hours = (NOW // HOUR - 24, NOW // HOUR + 1)
    store.record([investigation("k2", window=hours)], NOW)
    alert = only(store)
    assert (alert.verdict, alert.unanswered) == (Verdict.REVIEW, Unanswered.STALE_FEED)


@pytest.mark.parametrize("decision", [Decision.REVIEW, Decision.HOLD])
def test_an_answer_stays_shown_where_a_later_event_has_none(
    store: AlertStore, decision: Decision
) -> None:
    hours = (NOW // HOUR - 24, NOW // HOUR + 1)
    picture = Exhibit(name="picture.png", media_type="image/png", content=b"seen")
    answered = investigation("k1", window=hours, decision=decision, exhibits=(picture,))
    store.record([answered], NOW)
    store.record([unanswered("k2", decision)], NOW + 1)
    alert = only(store)
    assert alert.events == ("k1", "k2")
    assert (alert.findings, alert.reasons) == (answered.findings, answered.reasons)
    assert (alert.replay, alert.exhibits) == (answered.replay, ("picture.png",))
    assert store.exhibit(alert.alert_id, "picture.png") == picture


def test_findings_stay_shown_where_a_graver_decision_has_none(store: AlertStore) -> None:
    hours = (NOW // HOUR - 24, NOW // HOUR + 1)
    picture = Exhibit(name="picture.png", media_type="image/png", content=b"seen")
    answered = investigation("k1", window=hours, exhibits=(picture,))
    store.record([answered], NOW)
    store.record([unanswered("k2", Decision.HOLD)], NOW + 1)
    alert = only(store)
    assert (alert.decision, alert.verdict) == (Decision.HOLD, Verdict.REVIEW)
    assert alert.unanswered is Unanswered.STALE_FEED  # Why it is held, which no finding says.
    assert (alert.findings, alert.reasons) == (answered.findings, answered.reasons)
    assert (alert.replay, alert.exhibits) == (answered.replay, ("picture.png",))
    assert store.exhibit(alert.alert_id, "picture.png") == picture
    later = investigation("k3", window=hours, reason="later")
    store.record([later], NOW + 2)
    assert only(store).findings == later.findings
    assert only(store).decision is Decision.HOLD


def test_an_answer_is_shown_where_an_earlier_graver_decision_has_none(store: AlertStore) -> None:
    hours = (NOW // HOUR - 24, NOW // HOUR + 1)
    store.record([unanswered("k1", Decision.HOLD)], NOW)
    answered = investigation("k2", window=hours)
    store.record([answered], NOW + 1)
    alert = only(store)
    assert (alert.decision, alert.verdict) == (Decision.HOLD, Verdict.REVIEW)
    assert (alert.findings, alert.reasons) == (answered.findings, answered.reasons)


def test_findings_without_a_verdict_stay_shown_where_a_later_event_has_none(
    store: AlertStore,
) -> None:
    hours = (NOW // HOUR - 24, NOW // HOUR + 1)
    half = dataclasses.replace(
        investigation("k1", window=hours), verdict=None, unanswered=Unanswered.NO_CANDLES
    )
    store.record([half], NOW)
    store.record([unanswered("k2", Decision.HOLD)], NOW + 1)
    alert = only(store)
    assert (alert.decision, alert.findings) == (Decision.HOLD, half.findings)


def test_a_closed_alert_is_not_joined(store: AlertStore) -> None:
    for action in (Action.DISMISSED, Action.CONFIRMED):
        keys = (f"{action}1", f"{action}2")
        (first,) = store.record([investigation(keys[0], account=action)], NOW)
        closed = store.decide(str(first.alert_id), action, who="ann", now=NOW + 1)
        (second,) = store.record([investigation(keys[1], account=action)], NOW + 2)
        assert second.alert_id != first.alert_id
        assert store.alert(closed.alert_id) == closed
        assert only(store, status=Status.OPEN, account_id=action).events == keys[1:]


def test_nasty_texts_are_kept_as_they_are(store: AlertStore) -> None:
    keys = [f"{text}#{i}" for i, text in enumerate(NASTY)]
    told = [
        investigation(key, account=text, reason=text) for key, text in zip(keys, NASTY, strict=True)
    ]
    answers = store.record(told, NOW)
    assert not any(answer.repeated for answer in answers)
    assert set(store.handled(keys)) == set(keys)
    for key, text, answer in zip(keys, NASTY, answers, strict=True):
        alert = only(store, account_id=text)
        assert alert.alert_id == answer.alert_id
        assert (alert.account_id, alert.events, alert.reasons[0]) == (text, (key,), text)
        assert store.trail(alert.alert_id)[0].event_key == key
        noted = store.decide(alert.alert_id, Action.NOTED, who=f"w{text}", now=NOW, note=text)
        assert noted.version == 2
        line = store.trail(alert.alert_id)[-1]
        assert (line.who, line.note) == (f"w{text}", text)
    assert all(answer.repeated for answer in store.record(told, NOW))


def test_keys_that_differ_at_their_end_are_two(store: AlertStore) -> None:
    long = "k" * 5_000
    answers = store.record([investigation(f"{long}{i}", account=f"{long}{i}") for i in "ab"], NOW)
    assert [answer.repeated for answer in answers] == [False, False]
    assert len(store.alerts().alerts) == 2


# Many at once


def test_eight_at_once_have_one_effect(place: Place, store: AlertStore) -> None:
    """Each of eight records the same events, and one of its own that overlaps, in another order."""
    shared = [investigation(f"k{i}", account=f"A{i % 3}") for i in range(12)]
    shared += [investigation(f"q{i}", decision=Decision.LET_THROUGH) for i in range(12)]

    def work(number: int) -> list[bool]:
        mine = [*shared, investigation(f"own{number}", account="A0", window=(number, 24 + number))]
        random.Random(number).shuffle(mine)
        with closing(open_store(place.address)) as other:
            return [
                answer.repeated
                for start in range(0, len(mine), 5)
                for answer in other.record(mine[start : start + 5], NOW)
            ]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(8)))
    assert sum(not repeated for some in answers for repeated in some) == 24 + 8
    alerts = {alert.account_id: alert for alert in every(store)}
    assert len(alerts) == len(every(store)) == 3
    assert {name: len(alert.events) for name, alert in alerts.items()} == {
        "A0": 4 + 8, "A1": 4, "A2": 4,
    }  # fmt: skip
    assert (alerts["A0"].window_start, alerts["A0"].window_end) == (0, 31 * HOUR)
    for alert in alerts.values():
        assert_consistent(store, alert)


def test_one_store_serves_many_threads(store: AlertStore) -> None:
    def work(number: int) -> int:
        store.record([investigation(f"k{number}", account=f"A{number % 2}")], NOW)
        return len(store.alerts().alerts)

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(work, range(24))) <= 2
    assert sorted(len(alert.events) for alert in every(store)) == [12, 12]


def assert_consistent(store: AlertStore, alert: Alert) -> None:
    """Its trail tells of each event once, in their order, and of each version."""
    lines = store.trail(alert.alert_id)
    assert [line.number for line in lines] == list(range(1, alert.version + 1))
    assert tuple(line.event_key for line in lines if line.event_key) == alert.events
    assert max(Counter(alert.events).values()) == 1
    assert {known.alert_id for known in store.handled(alert.events).values()} == {alert.alert_id}
    assert len(store.handled(alert.events)) == len(alert.events)


_RECORD = """
import sys
from tests.stores.test_contract import batch
from tests.stores.investigations import NOW
from tradeglyph.stores.opening import open_store

store = open_store(sys.argv[1])
for number in range(10_000):
    store.record(batch(number), NOW + number)
    print(number, flush=True)
"""


def batch(number: int) -> list:  # type: ignore[type-arg]
    """Three events: a quiet one, one that opens an alert, one that joins it."""
    picture = Exhibit(name="p", media_type="image/png", content=noise(30_000, number))
    return [
        investigation(f"q{number}", decision=Decision.LET_THROUGH),
        investigation(f"a{number}", account=f"A{number}", exhibits=(picture,)),
        investigation(f"b{number}", account=f"A{number}", exhibits=(picture,)),
    ]


def test_a_process_that_is_killed_leaves_nothing_half_written(
    place: Place, store: AlertStore
) -> None:
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", _RECORD, place.address], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert process.stdout is not None
    with process, process.stdout as said:
        # Where each event is a transaction, a batch is many requests.
        first = 25 if place.whole_batches else 8
        for _ in range(first):
            said.readline()
        process.send_signal(signal.SIGKILL)
        done = first + len([line for line in said.read().split("\n") if line])
    # What was acknowledged is there; of the rest, a batch (where it is kept event by event, an
    # event) is there whole or not at all.
    written = [f"{kind}{i}" for i in range(done) for kind in "qab"]
    assert len(store.handled(written)) == 3 * done
    following = [f"{kind}{done}" for kind in "qab"]
    known = store.handled(following)
    assert set(known) == set(following[: len(known)])
    assert len(known) in ((0, 3) if place.whole_batches else (0, 1, 2, 3))
    alerts = every(store)
    assert len(alerts) == done + (len(known) >= 2)
    last = "" if len(known) != 2 else f"A{done}"
    for alert in alerts[:40]:
        assert_consistent(store, alert)
        assert len(alert.events) == (1 if alert.account_id == last else 2)
        number = int(alert.account_id[1:])
        assert store.exhibit(alert.alert_id, "p").content == noise(30_000, number)
    # And it goes on where it was.
    answers = store.record(batch(done), NOW)
    assert [answer.repeated for answer in answers] == [key in known for key in following]
    assert len(every(store)) == done + 1


# Asking


def test_the_last_clean_check(store: AlertStore) -> None:
    let = Decision.LET_THROUGH
    store.record([investigation(f"k{t}", decision=let, time=t) for t in (10, 30, 20)], NOW)
    store.record([investigation("loud", time=25), unanswered("none", let)], NOW)
    store.record([investigation("other", account="B", decision=let, time=28)], NOW)
    assert store.last_clean("A", 31) == 30
    assert store.last_clean("A", 30) == 20
    assert store.last_clean("A", 10) is None
    assert store.last_clean("B", NOW) == 28
    assert store.last_clean("C", NOW) is None
    asked = [("A", 31), ("C", NOW), ("A", 30), ("B", NOW), ("A", 31), ("A", 10)]
    assert store.last_cleans(asked) == [30, None, 20, 28, 30, None]
    assert store.last_cleans([]) == []


def test_pages_have_no_gaps_and_no_repeats_while_alerts_arrive(store: AlertStore) -> None:
    """Several alerts of one instant, and new ones between two pages."""
    store.record([investigation(f"k{i}", account=f"A{i}") for i in range(7)], NOW)
    store.record([investigation(f"l{i}", account=f"B{i}") for i in range(3)], NOW + 1)
    seen: list[str] = []
    cursor, page_number = None, 0
    while True:
        page = store.alerts(most=3, cursor=cursor)
        seen += [alert.account_id for alert in page.alerts]
        store.record([investigation(f"n{page_number}", account=f"N{page_number}")], NOW + 2)
        page_number += 1
        if page.cursor is None:
            break
        cursor = page.cursor
    assert sorted(seen) == sorted([f"A{i}" for i in range(7)] + [f"B{i}" for i in range(3)])
    assert {name[0] for name in seen[:3]} == {"B"}
    assert [len(store.alerts(most=most).alerts) for most in (1, 5, 14, 50)] == [1, 5, 14, 14]


def test_a_page_that_ends_with_the_last_alert_has_no_next(store: AlertStore) -> None:
    store.record([investigation(f"k{i}", account=f"A{i}") for i in range(4)], NOW)
    first = store.alerts(most=2)
    second = store.alerts(most=2, cursor=first.cursor)
    assert second.cursor is None
    assert len(second.alerts) == 2


def test_alerts_by_account_and_status(store: AlertStore) -> None:
    store.record([investigation("k1", account="A"), investigation("k2", account="B")], NOW)
    store.record([investigation("k3", account="A", window=(100, 124))], NOW + 1)
    first = store.alerts(account_id="A").alerts[-1]
    store.decide(first.alert_id, Action.CONFIRMED, who="ann", now=NOW + 2)
    assert only(store, status=Status.CONFIRMED).events == ("k1",)
    assert only(store, status=Status.OPEN, account_id="A").events == ("k3",)
    assert len(store.alerts(status=Status.OPEN).alerts) == 2
    assert store.alerts(account_id="C").alerts == ()
    assert store.alerts(status=Status.DISMISSED).alerts == ()


def test_a_cursor_of_nobody_s_is_refused(store: AlertStore) -> None:
    for cursor in ("", "x", "'; --", "MTIz", "🐳", "A" * 5_000, "MTIzLmFiYw"):
        with pytest.raises(ValueError, match="cursor"):
            store.alerts(cursor=cursor)


def test_exhibits_are_byte_identical(place: Place, store: AlertStore) -> None:
    """Some that compress and some that don't, over what a server takes in one statement."""
    exhibits = [
        Exhibit(name="empty.txt", media_type="text/plain", content=b""),
        Exhibit(name="trades.csv", media_type="text/csv", content=b"a,b\n1,2\n" * 400_000),
        Exhibit(name="picture-币.png", media_type="image/png", content=noise(200_000, 1)),
        Exhibit(
            name="large.bin", media_type="application/x-raw", content=noise(place.exhibit_most, 2)
        ),
        Exhibit(name="bytes", media_type="x", content=bytes(range(256)) * 5),
    ]
    (recorded,) = store.record([investigation("k", exhibits=tuple(exhibits))], NOW)
    alert_id = str(recorded.alert_id)
    assert sorted(store.alert(alert_id).exhibits) == sorted(exhibit.name for exhibit in exhibits)
    for exhibit in exhibits:
        assert store.exhibit(alert_id, exhibit.name) == exhibit


def test_the_exhibits_shown_are_those_of_the_findings_shown(store: AlertStore) -> None:
    def told(key: str, decision: Decision) -> None:
        exhibit = Exhibit(name="picture", media_type="image/png", content=key.encode())
        store.record([investigation(key, decision=decision, exhibits=(exhibit,))], NOW)

    told("k1", Decision.REVIEW)
    told("k2", Decision.HOLD)
    told("k3", Decision.REVIEW)
    alert = only(store)
    assert alert.exhibits == ("picture",)
    assert store.exhibit(alert.alert_id, "picture").content == b"k2"


def test_no_such_alert(store: AlertStore) -> None:
    (recorded,) = store.record([investigation("k")], NOW)
    with pytest.raises(NoSuchAlert):
        store.exhibit(str(recorded.alert_id), "picture")
    for alert_id in ("", "nobody", "a" * 26, "'; --", "🐳" * 26, "a\0"):
        with pytest.raises(NoSuchAlert):
            store.alert(alert_id)
        with pytest.raises(NoSuchAlert):
            store.trail(alert_id)
        with pytest.raises(NoSuchAlert):
            store.exhibit(alert_id, "picture")
        with pytest.raises(NoSuchAlert):
            store.decide(alert_id, Action.NOTED, who="ann", now=NOW)


# Deciding


def test_every_decision_is_a_line_of_the_trail(store: AlertStore) -> None:
    (recorded,) = store.record([investigation("k1")], NOW)
    alert_id = str(recorded.alert_id)
    store.record([investigation("k2")], NOW + 1)
    steps = [
        (Action.NOTED, "asked the customer", Status.OPEN),
        (Action.DISMISSED, "a market maker", Status.DISMISSED),
        (Action.REOPENED, "", Status.OPEN),
        (Action.CONFIRMED, "both accounts, one device", Status.CONFIRMED),
    ]
    for number, (action, note, status) in enumerate(steps, 3):
        alert = store.decide(alert_id, action, who="ann", now=NOW + number, note=note)
        assert (alert.status, alert.version, alert.changed_at) == (status, number, NOW + number)
        assert store.alert(alert_id) == alert
    told = [
        (line.alert_id, line.number, line.time - NOW, line.who, line.action, line.note)
        for line in store.trail(alert_id)
    ]
    assert told == [
        (alert_id, 1, 0, "tradeglyph", Action.OPENED, ""),
        (alert_id, 2, 1, "tradeglyph", Action.JOINED, ""),
        *[(alert_id, n, n, "ann", action, note) for n, (action, note, _) in enumerate(steps, 3)],
    ]
    assert [line.event_key for line in store.trail(alert_id)] == ["k1", "k2", "", "", "", ""]


def test_a_decision_on_what_has_changed_since_is_refused(store: AlertStore) -> None:
    (recorded,) = store.record([investigation("k1")], NOW)
    alert_id = str(recorded.alert_id)
    store.record([investigation("k2")], NOW)
    with pytest.raises(AlertChanged):
        store.decide(alert_id, Action.DISMISSED, who="ann", now=NOW, version=1)
    assert (only(store).status, len(store.trail(alert_id))) == (Status.OPEN, 2)
    assert store.decide(alert_id, Action.DISMISSED, who="ann", now=NOW, version=2).version == 3


def test_of_eight_who_decide_on_one_version_one_does(store: AlertStore) -> None:
    (recorded,) = store.record([investigation("k1")], NOW)

    def work(number: int) -> bool:
        try:
            store.decide(
                str(recorded.alert_id), Action.DISMISSED, who=f"p{number}", now=NOW, version=1
            )
        except AlertChanged:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 1
    assert only(store).version == len(store.trail(str(recorded.alert_id))) == 2


def test_what_people_don_t_do_is_refused(store: AlertStore) -> None:
    (recorded,) = store.record([investigation("k1")], NOW)
    for action, who in ((Action.OPENED, "ann"), (Action.JOINED, "ann"), (Action.NOTED, " ")):
        with pytest.raises(ValueError, match=r"action|who"):
            store.decide(str(recorded.alert_id), action, who=who, now=NOW)
    assert only(store).version == 1


# Gone


def test_it_can_be_pinged(store: AlertStore) -> None:
    store.ping()
    assert store.alerts().alerts == ()


def test_a_store_that_is_gone_says_so_and_comes_back(place: Place, store: AlertStore) -> None:
    if place.server is None:
        pytest.skip("a file has no server that stops")
    (recorded,) = store.record([investigation("k1")], NOW)
    alert_id = str(recorded.alert_id)
    place.server.stop()
    try:
        for asked in (
            lambda: store.record([investigation("k2")], NOW),
            lambda: store.handled(["k1"]),
            lambda: store.last_clean("A", NOW),
            lambda: store.last_cleans([("A", NOW)]),
            lambda: store.alert(alert_id),
            store.alerts,
            lambda: store.exhibit(alert_id, "picture"),
            lambda: store.decide(alert_id, Action.NOTED, who="ann", now=NOW),
            lambda: store.trail(alert_id),
            store.ping,
            lambda: open_store(place.address),
        ):
            with pytest.raises(StoreGone) as gone:
                asked()
            assert "p%40ss" not in str(gone.value)
            assert "p%2540ss" not in str(gone.value)
    finally:
        place.server.start()
    store.ping()
    assert only(store).events == ("k1",)
    store.record([investigation("k2")], NOW)
    assert only(store).events == ("k1", "k2")

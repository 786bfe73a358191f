"""The worker's loop, over a real queue and a real store: what is kept, given back and buried."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.queues.clocks import WALL, HandClock
from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Investigation, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.pipeline.backoff import Backoff
from tradeglyph.pipeline.drain import Drain, Drained, DrainSettings
from tradeglyph.ports.alert_store import AlertStore, StoreGone
from tradeglyph.ports.queue import Queue, QueueGone
from tradeglyph.queues.address import open_queue

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

SETTINGS = DrainSettings(wait_s=0.0, lease_s=60.0, most_faults=3)


@dataclass
class Judge:
    """Answers by the account's name: the worker's own investigator is tested where it is."""

    asked: list[str] = field(default_factory=list)
    slow_s: float = 0.0
    before: Callable[[], None] = lambda: None

    def investigate(self, events: Sequence[Event]) -> list[Investigation]:
        self.before()
        time.sleep(self.slow_s)
        self.asked += [event.account_id for event in events]
        return [self.answer(event) for event in events]

    def answer(self, event: Event) -> Investigation:
        if event.account_id.startswith("fault"):
            raise ZeroDivisionError(event.account_id)
        quiet = Investigation(event=event, decision=Decision.LET_THROUGH, verdict=Verdict.QUIET)
        if event.account_id.startswith("thief"):
            return replace(quiet, decision=Decision.REVIEW, verdict=Verdict.REVIEW)
        if event.account_id.startswith("late"):
            why = Unanswered.STALE_FEED
            return replace(quiet, decision=Decision.DELAY, verdict=None, unanswered=why)
        return quiet


@dataclass
class Flow:
    """A queue, a store, and a worker between them."""

    folder: Path
    queue: Queue
    store: AlertStore
    clock: HandClock
    judge: Judge = field(default_factory=Judge)
    said: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def drain(self, settings: DrainSettings = SETTINGS, **other: object) -> Drain:
        parts = {
            "queue": self.queue,
            "store": self.store,
            "investigator": self.judge,
            "clock": self.clock,
            "backoff": Backoff(random=lambda: 0.0, first_s=1.0, cap_s=64.0).seconds,
            "tell": lambda what, figures: self.said.append((what, figures)),
        }
        parts |= other
        queue, store = parts["queue"], parts["store"]
        parts.setdefault("ready", lambda: (store.ping(), queue.depth()))  # type: ignore[attr-defined]
        return Drain(**parts, settings=settings)  # type: ignore[arg-type]

    def send(self, *accounts: str) -> list[str]:
        return self.queue.send([json.dumps({"userid": name}) for name in accounts])

    def answered(self, ids: Sequence[str]) -> list[Decision | None]:
        known = self.store.handled([f"message:{one}" for one in ids])
        found = (known.get(f"message:{one}") for one in ids)
        return [one.decision if one else None for one in found]

    def depths(self) -> tuple[int, int, int]:
        depth = self.queue.depth()
        return depth.waiting, depth.leased, depth.dead


@pytest.fixture
def flow(tmp_path: Path) -> Iterator[Flow]:
    from tradeglyph.stores.opening import open_store

    clock = HandClock()
    with (
        closing(open_queue(f"sqlite:///{tmp_path}/state/queue.db", clock=clock)) as queue,
        closing(open_store(f"sqlite:///{tmp_path}/alerts/alerts.db")) as store,
    ):
        yield Flow(tmp_path, queue, store, clock)


def test_every_event_is_answered_kept_and_acknowledged(flow: Flow) -> None:
    ids = flow.send("anna", "thief", "bob")
    counts = flow.drain().once()
    assert counts == Drained(received=3, answered=3, alerts=1)
    assert flow.answered(ids) == [Decision.LET_THROUGH, Decision.REVIEW, Decision.LET_THROUGH]
    assert [alert.account_id for alert in flow.store.alerts().alerts] == ["thief"]
    assert flow.depths() == (0, 0, 0)


def test_one_id_for_two_accounts_lets_nobody_through_unseen(flow: Flow) -> None:
    def said(account: str) -> str:
        return json.dumps({"userid": account, "event_id": "1"})

    flow.queue.send([said("anna"), said("thief"), said("anna")])
    counts = flow.drain().once()
    assert (counts.answered, counts.repeated, counts.buried) == (1, 1, 1)
    flow.queue.send([said("thief")])
    assert flow.drain().once().buried == 1
    (first, second) = flow.queue.dead(10)
    assert first.reason == second.reason
    assert "another account" in first.reason
    assert flow.judge.asked == ["anna"]


def test_one_id_for_two_accounts_in_two_workers_lets_nobody_through_unseen(flow: Flow) -> None:
    """Neither finds the id on record when it begins."""
    one = replace(SETTINGS, batch=1)

    def other() -> None:
        assert flow.drain(one, investigator=Judge()).once().answered == 1

    flow.queue.send([json.dumps({"userid": name, "event_id": "1"}) for name in ("thief", "anna")])
    flow.judge.before = other
    assert flow.drain(one).once() == Drained(received=1, buried=1)
    (letter,) = flow.queue.dead(10)
    assert json.loads(letter.body)["userid"] == "thief"
    assert "another account" in letter.reason
    assert flow.depths() == (0, 0, 1)


@pytest.mark.parametrize("body", ['{"userid": 1e9999999999999999999}', "not JSON"])
def test_what_is_no_event_takes_no_other_along(flow: Flow, body: str) -> None:
    (bad,) = flow.queue.send([body])
    flow.send("thief")
    assert flow.drain().once() == Drained(received=2, answered=1, alerts=1, buried=1)
    assert [letter.message_id for letter in flow.queue.dead(10)] == [bad]


def test_dead_letters_that_can_not_be_reached_cost_the_others_nothing(flow: Flow) -> None:
    class Unburied:
        def __getattr__(self, name: str) -> object:
            if name == "bury":
                raise QueueGone
            return getattr(flow.queue, name)

    flow.queue.send(["not JSON"])
    ids = flow.send("anna")
    with pytest.raises(QueueGone):
        flow.drain(queue=Unburied()).once()
    assert flow.answered(ids) == [Decision.LET_THROUGH]


def test_an_empty_queue_is_nothing_to_do(flow: Flow) -> None:
    assert flow.drain().once() == Drained()
    assert flow.judge.asked == []


@dataclass
class Watched:
    """The real queue, told when it is asked to acknowledge."""

    queue: Queue
    acknowledging: Callable[[], None]

    def __getattr__(self, name: str) -> object:
        if name == "acknowledge":
            self.acknowledging()
        return getattr(self.queue, name)


def test_an_answer_is_on_record_before_its_message_is_acknowledged(flow: Flow) -> None:
    ids = flow.send("thief", "anna")
    seen: list[tuple[list[Decision | None], int]] = []

    def look() -> None:
        seen.append((flow.answered(ids), flow.queue.depth().leased))

    flow.drain(queue=Watched(flow.queue, look)).once()
    assert seen == [([Decision.REVIEW, Decision.LET_THROUGH], 2)]


def test_who_dies_between_record_and_acknowledgement_leaves_one_alert(flow: Flow) -> None:
    ids = flow.send("thief")

    def die() -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        flow.drain(queue=Watched(flow.queue, die)).once()
    assert flow.depths() == (0, 1, 0)
    flow.clock.pass_s(61)
    assert flow.drain().once() == Drained(received=1, repeated=1)
    assert flow.judge.asked == ["thief"]  # it is known, and not looked at again
    assert flow.answered(ids) == [Decision.REVIEW]
    assert len(flow.store.alerts().alerts) == 1
    assert flow.depths() == (0, 0, 0)


class TestRepeated:
    BODY = json.dumps({"userid": "thief", "event_id": "w-1"})

    def test_in_one_batch(self, flow: Flow) -> None:
        flow.queue.send([self.BODY] * 50)
        counts = flow.drain(replace(SETTINGS, batch=50)).once()
        assert counts == Drained(received=50, answered=1, repeated=49, alerts=1)
        assert flow.judge.asked == ["thief"]
        assert flow.depths() == (0, 0, 0)

    def test_in_several(self, flow: Flow) -> None:
        flow.queue.send([self.BODY] * 50)
        counts = flow.drain(replace(SETTINGS, batch=7)).until(threading.Event(), empty=True)
        assert counts == Drained(received=50, answered=1, repeated=49, alerts=1)
        assert len(flow.store.alerts().alerts) == 1

    def test_two_equal_withdrawals_are_two(self, flow: Flow) -> None:
        ids = flow.send("thief", "thief")
        assert flow.drain().once().answered == 2
        (alert,) = flow.store.alerts().alerts  # of one window
        assert sorted(alert.events) == sorted(f"message:{one}" for one in ids)


def test_what_is_no_event_is_buried_with_its_reason_and_the_rest_is_unharmed(flow: Flow) -> None:
    flow.queue.send(["Helloworld", "[1]", "{}"])
    ids = flow.send("anna")
    assert flow.drain().once() == Drained(received=4, answered=1, buried=3)
    reasons = {letter.body: letter.reason for letter in flow.queue.dead(10)}
    assert reasons["Helloworld"].startswith("not JSON")
    assert reasons["[1]"] == "a JSON list, not an object"
    assert reasons["{}"] == "names no account: give userid or account_id"
    assert flow.answered(ids) == [Decision.LET_THROUGH]


class TestFaults:
    def test_a_message_takes_only_itself_along(self, flow: Flow) -> None:
        ids = flow.send("anna", "fault", "thief", "bob")
        assert flow.drain().once() == Drained(received=4, answered=3, alerts=1, failed=1)
        assert flow.answered(ids)[1] is None
        assert flow.depths() == (1, 0, 0)
        assert flow.said[0] == ("failed", {"error": "ZeroDivisionError", "attempts": 1})

    def test_it_rests_longer_each_time_and_ends_among_the_dead(self, flow: Flow) -> None:
        flow.send("fault-of-ours")
        drain = flow.drain()
        assert drain.once().failed == 1
        flow.clock.pass_s(0.9)
        assert drain.once().received == 0
        flow.clock.pass_s(0.2)  # 1 s after the first
        assert drain.once().failed == 1
        flow.clock.pass_s(1.9)
        assert drain.once().received == 0
        flow.clock.pass_s(0.2)  # 2 s after the second
        assert drain.once() == Drained(received=1, buried=1)
        (letter,) = flow.queue.dead(10)
        assert (letter.reason, letter.attempts) == ("ZeroDivisionError 3 times: fault-of-ours", 3)
        assert flow.depths() == (0, 0, 1)

    def test_logs_name_no_account(self, flow: Flow) -> None:
        flow.send("fault-of-ours", "thief-of-sums", "anna")
        flow.drain().until(threading.Event(), empty=True)
        assert flow.said
        assert not any(name in repr(flow.said) for name in ("fault-of", "thief", "anna"))


class TestDelay:
    def test_it_is_given_back_and_answered_when_it_can_be(self, flow: Flow) -> None:
        ids = flow.send("late", "anna")
        assert flow.drain().once() == Drained(received=2, answered=1, delayed=1)
        assert flow.answered(ids) == [None, Decision.LET_THROUGH]
        flow.clock.pass_s(3.9)
        assert flow.drain().once().received == 0
        flow.clock.pass_s(0.2)  # four seconds: what is late is late by more than a moment
        flow.judge.answer = lambda event: Investigation(  # type: ignore[method-assign]
            event=event, decision=Decision.LET_THROUGH, verdict=Verdict.QUIET
        )
        assert flow.drain().once() == Drained(received=1, answered=1)
        assert flow.answered(ids)[0] is Decision.LET_THROUGH

    def test_who_waited_for_too_long_is_looked_at_by_a_person(self, flow: Flow) -> None:
        ids = flow.send("late")
        drain = flow.drain(replace(SETTINGS, delay_limit_s=100.0))
        assert drain.once().delayed == 1
        flow.clock.pass_s(100)
        assert drain.once().delayed == 1
        flow.clock.pass_s(8.1)
        assert drain.once() == Drained(received=1, answered=1, alerts=1)
        assert flow.answered(ids) == [Decision.REVIEW]
        (alert,) = flow.store.alerts().alerts
        assert alert.unanswered is Unanswered.STALE_FEED

    def test_a_delay_ends_with_a_person_before_the_queue_gives_up(self, flow: Flow) -> None:
        ids = flow.send("late")
        drain = flow.drain(replace(SETTINGS, delay_limit_s=1e6))
        counts = Drained()
        for _ in range(20):
            counts.add(drain.once())
            flow.clock.pass_s(65)
        assert counts == Drained(received=8, delayed=7, answered=1, alerts=1)
        assert flow.answered(ids) == [Decision.REVIEW]
        assert flow.depths() == (0, 0, 0)

    def test_an_outage_of_hours_ends_with_a_person_whatever_is_configured(self, flow: Flow) -> None:
        ids = flow.send("late")
        patient = replace(SETTINGS, delay_limit_s=86_400.0, most_delays=1000)
        drain, counts = flow.drain(patient), Drained()
        for _ in range(120):  # two hours
            counts.add(drain.once())
            flow.clock.pass_s(65)
        # The queue delivers ten times.
        assert counts == Drained(received=10, delayed=9, answered=1, alerts=1)
        assert flow.answered(ids) == [Decision.REVIEW]
        assert flow.depths() == (0, 0, 0)

    def test_a_fault_on_the_last_delivery_is_buried_with_its_reason(self, flow: Flow) -> None:
        flow.send("fault")
        drain = flow.drain(replace(SETTINGS, most_faults=1000))
        for _ in range(12):
            drain.once()
            flow.clock.pass_s(65)
        (letter,) = flow.queue.dead(10)
        assert (letter.reason, letter.attempts) == ("ZeroDivisionError 10 times: fault", 10)


def broken(flow: Flow) -> None:
    """What a lost disk does to the store: its tables can't be read."""
    flow.store.close()
    (flow.folder / "alerts").rename(flow.folder / "away")


def mended(flow: Flow) -> None:
    shutil.rmtree(flow.folder / "alerts", ignore_errors=True)
    (flow.folder / "away").rename(flow.folder / "alerts")


class TestStoreGone:
    def test_messages_are_given_back_and_come_again(self, flow: Flow) -> None:
        ids = flow.send("anna", "thief")
        broken(flow)
        with pytest.raises(StoreGone):
            flow.drain().once()
        assert flow.depths() == (2, 0, 0)
        mended(flow)
        assert flow.drain().once().received == 0  # not at once
        flow.clock.pass_s(1.1)
        assert flow.drain().once() == Drained(received=2, answered=2, alerts=1)
        assert flow.answered(ids) == [Decision.LET_THROUGH, Decision.REVIEW]

    def test_it_goes_while_an_event_is_looked_at(self, flow: Flow) -> None:
        ids = flow.send("thief")
        flow.judge.before = lambda: broken(flow)
        with pytest.raises(StoreGone):
            flow.drain().once()
        flow.judge.before = lambda: None
        mended(flow)
        flow.clock.pass_s(1.1)
        assert flow.drain().once().alerts == 1
        assert flow.answered(ids) == [Decision.REVIEW]

    def test_an_outage_uses_up_no_deliveries(self, flow: Flow) -> None:
        flow.send("anna", "bob")
        broken(flow)
        stop = threading.Event()
        drain = flow.drain(clock=flow.clock, backoff=lambda _: 0.01)
        worker = threading.Thread(target=drain.until, args=(stop,))
        worker.start()
        try:
            wait_for(lambda: len(flow.said) > 20)
            flow.clock.pass_s(60)
            time.sleep(0.1)
            assert ("not ready", {"gone": "store", "times": 20}) in flow.said
            mended(flow)
            wait_for(lambda: flow.depths() == (0, 0, 0))
        finally:
            stop.set()
            worker.join()
        assert "ready" in [what for what, _ in flow.said]
        assert sorted(flow.judge.asked) == ["anna", "bob"]

    def test_once_does_not_wait_for_it(self, flow: Flow) -> None:
        flow.send("anna")
        broken(flow)
        with pytest.raises(StoreGone):
            flow.drain().until(threading.Event(), empty=True)
        mended(flow)


def wait_for(what: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.01)


def test_a_queue_that_is_gone_is_waited_for(flow: Flow) -> None:
    ids = flow.send("anna")
    state, away = flow.folder / "state", flow.folder / "gone"
    flow.queue.close()
    state.rename(away)
    stop = threading.Event()
    worker = threading.Thread(target=flow.drain(backoff=lambda _: 0.01).until, args=(stop,))
    worker.start()
    try:
        wait_for(lambda: ("not ready", {"gone": "queue", "times": 3}) in flow.said)
        assert flow.judge.asked == []
        away.rename(state)
        wait_for(lambda: flow.answered(ids) == [Decision.LET_THROUGH])
    finally:
        stop.set()
        worker.join()
    assert next(what for what, _ in flow.said if what != "not ready") == "ready"


def test_a_queue_that_goes_after_the_record_changes_nothing(flow: Flow) -> None:
    ids = flow.send("thief")

    def vanish() -> None:
        raise QueueGone

    with pytest.raises(QueueGone):
        flow.drain(queue=Watched(flow.queue, vanish)).once()
    flow.clock.pass_s(61)
    assert flow.drain().once() == Drained(received=1, repeated=1)
    assert flow.answered(ids) == [Decision.REVIEW]
    assert len(flow.store.alerts().alerts) == 1


class TestLease:
    def test_it_is_renewed_while_an_answer_takes_long(self, flow: Flow) -> None:
        with closing(open_queue(f"sqlite:///{flow.folder}/state/queue.db", clock=WALL)) as queue:
            ids = queue.send([json.dumps({"userid": "anna"})])
            flow.judge.slow_s = 2.5
            stolen: list[object] = []
            flow.judge.before = lambda: timer.start()

            def steal() -> None:
                with closing(
                    open_queue(f"sqlite:///{flow.folder}/state/queue.db", clock=WALL)
                ) as other:
                    stolen.extend(other.receive(1, wait_s=0, lease_s=1))

            timer = threading.Timer(1.8, steal)
            drain = flow.drain(replace(SETTINGS, lease_s=1.0), queue=queue, clock=WALL)
            counts = drain.once()
            timer.join()
            assert stolen == []
            assert counts == Drained(received=1, answered=1)
            assert flow.answered(ids) == [Decision.LET_THROUGH]
            assert queue.depth().leased == 0

    def test_without_it_another_would_get_the_message(self, flow: Flow) -> None:
        flow.send("anna")
        flow.queue.receive(1, wait_s=0, lease_s=1)
        flow.clock.pass_s(1.8)
        assert len(flow.queue.receive(1, wait_s=0, lease_s=1)) == 1


class TestStop:
    def test_it_finishes_what_it_holds_and_takes_no_more(self, flow: Flow) -> None:
        stop = threading.Event()
        flow.judge.before = stop.set
        ids = flow.send("anna", "bob", "carl")
        counts = flow.drain(replace(SETTINGS, batch=2)).until(stop)
        assert counts == Drained(received=2, answered=2)
        assert flow.answered(ids) == [Decision.LET_THROUGH, Decision.LET_THROUGH, None]
        assert flow.depths() == (1, 0, 0)

    def test_it_ends_a_wait_for_what_is_gone(self, flow: Flow) -> None:
        broken(flow)
        flow.send("anna")
        stop = threading.Event()
        waits: list[int] = []

        def backoff(times: int) -> float:
            waits.append(times)
            stop.set()
            return 3600.0

        begun = time.monotonic()
        flow.drain(backoff=backoff).until(stop)
        assert time.monotonic() - begun < 30
        assert waits
        mended(flow)

"""What every queue does, whatever it is made of."""

import threading
import time
from collections import Counter

import pytest

from tests.queues.clocks import WALL
from tests.queues.conftest import FilePlace, Place
from tradeglyph.domain.errors import InputError
from tradeglyph.ports.queue import Message, Queue, QueueGone


def received(queue: Queue, most: int = 10, *, lease_s: float = 60) -> list[Message]:
    """What can be had at once; all of it, as one call may give less than there is."""
    messages: list[Message] = []
    while more := queue.receive(most - len(messages), wait_s=0, lease_s=lease_s):
        messages += more
        if len(messages) == most:
            break
    return messages


def only(queue: Queue, *, wait_s: float = 0, lease_s: float = 60) -> Message:
    (message,) = queue.receive(10, wait_s=wait_s, lease_s=lease_s)
    return message


def nothing_in(queue: Queue) -> bool:
    return queue.receive(10, wait_s=0, lease_s=60) == []


def test_what_is_sent_is_received(queue: Queue) -> None:
    before = WALL.now()
    ids = queue.send(["one", "two", "three"])
    messages = received(queue)
    # In any order.
    assert {(m.message_id, m.body) for m in messages} == set(
        zip(ids, ["one", "two", "three"], strict=True)
    )
    assert len(set(ids)) == 3
    assert {m.attempts for m in messages} == {1}
    # SQS knows milliseconds.
    assert all(before - 1_000 <= m.sent_at <= WALL.now() for m in messages)


def test_nothing_is_sent_or_done_where_there_is_nothing(queue: Queue) -> None:
    assert queue.send([]) == []
    queue.acknowledge([])
    queue.extend([], 5)
    queue.give_back([], after_s=0)
    assert queue.retry([]) == 0
    assert nothing_in(queue)
    depth = queue.depth()
    assert (depth.waiting, depth.leased, depth.dead, depth.oldest) == (0, 0, 0, None)


@pytest.mark.parametrize(
    "body",
    ["😀 转账 “quoted” \\ \n\t { \u2028", "转" * 66_666 + "xy", "x' ; DROP TABLE messages; --"],
    ids=["emoji", "200 kB", "SQL"],
)
def test_bodies_come_back_as_they_were(queue: Queue, body: str) -> None:
    queue.send([body])
    assert only(queue).body == body


def test_many_large_bodies_are_sent_in_one_call(queue: Queue) -> None:
    bodies = [str(number) * 100_000 for number in range(8)]
    ids = queue.send(bodies)
    assert {m.message_id: m.body for m in received(queue)} == dict(zip(ids, bodies, strict=True))


def test_half_of_a_surrogate_pair_is_refused(queue: Queue) -> None:
    with pytest.raises(InputError, match="message"):
        queue.send(["fine", "\ud83d"])
    assert nothing_in(queue)


def test_a_lease_keeps_others_away_until_it_is_over(place: Place) -> None:
    mine, theirs = place.open(), place.open()
    assert nothing_in(theirs)
    ids = mine.send(["a"])
    first = only(mine, lease_s=2)
    assert nothing_in(theirs)
    second = only(theirs, wait_s=5)
    assert (second.message_id, second.attempts) == (ids[0], 2)
    assert second.sent_at == first.sent_at
    assert second.receipt != first.receipt


def test_a_message_that_is_acknowledged_is_gone(queue: Queue) -> None:
    queue.send(["a", "b"])
    messages = received(queue, lease_s=2)
    queue.acknowledge(messages)
    queue.acknowledge(messages)
    time.sleep(2.1)
    assert nothing_in(queue)
    assert queue.depth().waiting + queue.depth().leased == 0


def test_a_lease_can_be_extended(queue: Queue) -> None:
    queue.send(["a"])
    message = only(queue, lease_s=2)
    queue.extend([message], 60)
    time.sleep(2.1)
    assert nothing_in(queue)
    queue.acknowledge([message])
    assert queue.depth().leased == 0


def test_a_stale_receipt_does_nothing(queue: Queue) -> None:
    queue.send(["a"])
    stale = only(queue, lease_s=1)
    fresh = only(queue, wait_s=3)
    queue.acknowledge([stale])
    queue.extend([stale], 600)
    queue.give_back([stale], after_s=0)
    queue.bury(stale, "too late")
    assert nothing_in(queue)
    depth = queue.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (0, 1, 0)
    queue.give_back([fresh], after_s=0)
    again = only(queue, wait_s=3)
    assert (again.message_id, again.attempts) == (fresh.message_id, 3)


def test_a_receipt_is_stale_though_nobody_else_came(queue: Queue) -> None:
    queue.send(["a"])
    message = only(queue, lease_s=1)
    time.sleep(1.1)
    queue.acknowledge([message])
    queue.extend([message], 600)
    assert only(queue).attempts == 2


def test_a_message_that_is_given_back_comes_again_not_too_soon(queue: Queue) -> None:
    queue.send(["now", "later"])
    messages = {m.body: m for m in received(queue)}
    queue.give_back([messages["now"]], after_s=0)
    queue.give_back([messages["later"]], after_s=1)
    given_back = time.monotonic()
    time.sleep(0.01)
    assert [(m.body, m.attempts) for m in received(queue)] == [("now", 2)]
    again = only(queue, wait_s=3)
    assert (again.body, again.attempts) == ("later", 2)
    assert time.monotonic() - given_back >= 0.9


def test_dead_letters_keep_what_they_were(queue: Queue) -> None:
    ids = queue.send(["poison 😀", "good"])
    messages = {m.body: m for m in received(queue)}
    poison = messages["poison 😀"]
    before = WALL.now()
    queue.bury(poison, "not JSON: 坏\x00")
    (letter,) = queue.dead(10)
    assert letter.body == "poison 😀"
    assert letter.message_id == ids[0]
    assert letter.sent_at == poison.sent_at
    assert letter.attempts == 1
    assert letter.reason.startswith("not JSON: 坏")
    assert before - 1_000 <= letter.died_at <= WALL.now()
    # Looking at it moved nothing.
    assert len(queue.dead(10)) == 1
    depth = queue.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (0, 1, 1)


def test_the_oldest_dead_letters_come_first(queue: Queue) -> None:
    for body in "abc":
        queue.send([body])
        queue.bury(only(queue), body)
        time.sleep(0.002)
    assert [letter.reason for letter in queue.dead(10)] == ["a", "b", "c"]
    assert len(queue.dead(2)) == 2
    assert queue.dead(0) == []


def test_dead_letters_are_delivered_again_on_request(queue: Queue) -> None:
    queue.send(["a", "b"])
    messages = received(queue)
    for message in messages:
        queue.bury(message, "because")
    chosen = next(m for m in messages if m.body == "a")
    assert queue.retry([chosen.message_id, "no-such-id"]) == 1
    again = only(queue)
    assert (again.body, again.message_id, again.attempts) == ("a", chosen.message_id, 1)
    assert again.sent_at == chosen.sent_at
    assert [letter.body for letter in queue.dead(10)] == ["b"]
    # It may die a second time, and is still the same message.
    queue.bury(again, "again")
    assert {d.message_id: d.reason for d in queue.dead(10)} == {
        chosen.message_id: "again",
        next(m for m in messages if m.body == "b").message_id: "because",
    }


def test_what_nobody_answers_is_given_up(place: Place) -> None:
    queue = place.open(max_deliveries=2)
    ids = queue.send(["a"])
    for attempts in (1, 2):
        message = only(queue)
        assert message.attempts == attempts
        queue.give_back([message], after_s=0)
        time.sleep(0.002)
    assert nothing_in(queue)
    (letter,) = queue.dead(10)
    assert letter.message_id == ids[0]
    assert letter.attempts >= 2
    assert letter.reason == "delivered 2 times without an answer"


def test_one_that_is_given_up_does_not_hide_others(place: Place) -> None:
    queue = place.open(max_deliveries=1)
    queue.send(["spent"])
    queue.give_back([only(queue)], after_s=0)
    time.sleep(0.002)
    queue.send(["fresh"])
    assert [m.body for m in queue.receive(1, wait_s=2, lease_s=60)] == ["fresh"]
    assert [d.body for d in queue.dead(10)] == ["spent"]


def test_depth_counts_what_waits_and_what_is_leased(place: Place) -> None:
    queue = place.open()
    before = WALL.now()
    queue.send(["a", "b", "c"])
    assert len(queue.receive(1, wait_s=0, lease_s=60)) == 1
    depth = queue.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (2, 1, 0)
    if isinstance(place, FilePlace):
        assert depth.oldest is not None
        assert before <= depth.oldest <= WALL.now()
    else:
        assert depth.oldest is None


def test_a_receiver_waits_for_the_first_message(place: Place) -> None:
    queue, sender = place.open(), place.open()
    started = time.monotonic()
    timer = threading.Timer(0.3, sender.send, [["late"]])
    timer.start()
    assert [m.body for m in queue.receive(5, wait_s=5, lease_s=60)] == ["late"]
    assert 0.25 < time.monotonic() - started < 3
    timer.join()


def test_waiting_ends(queue: Queue) -> None:
    started = time.monotonic()
    assert queue.receive(5, wait_s=1, lease_s=60) == []
    assert 0.9 < time.monotonic() - started < 3


def test_a_queue_that_is_gone_says_so_and_recovers(place: Place) -> None:
    queue = place.open()
    kept = queue.send(["before"])
    (held,) = queue.receive(1, wait_s=0, lease_s=60)
    place.vanish()
    try:
        for attempt in (
            lambda: queue.send(["meanwhile"]),
            lambda: queue.receive(1, wait_s=0, lease_s=60),
            lambda: queue.acknowledge([held]),
            queue.depth,
        ):
            with pytest.raises(QueueGone) as gone:
                attempt()
            assert "testing" not in str(gone.value)
            assert "\n" not in str(gone.value)
    finally:
        place.come_back()
    queue.give_back([held], after_s=0)
    time.sleep(0.002)
    ids = {*kept, *queue.send(["after"])}
    assert {m.message_id for m in received(queue)} == ids


def test_threads_drain_a_queue_together(place: Place) -> None:
    queue = place.open()
    # moto looks at every message for each one that is sent.
    events = 1_000 if isinstance(place, FilePlace) else 80
    sent = set(queue.send([f"event {number}" for number in range(events)]))
    seen: Counter[str] = Counter()
    counting = threading.Lock()
    faults: list[BaseException] = []

    def drain() -> None:
        try:
            while messages := queue.receive(10, wait_s=0, lease_s=60):
                with counting:
                    seen.update(m.message_id for m in messages)
                queue.acknowledge(messages)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=drain) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert seen.keys() == sent
    if isinstance(place, FilePlace):
        assert set(seen.values()) == {1}
    depth = queue.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (0, 0, 0)


def test_a_closed_queue_opens_again(queue: Queue) -> None:
    queue.close()
    queue.send(["after close"])
    queue.close()
    assert only(queue).body == "after close"


def test_the_last_delivery_is_said_to_be_the_last(place: Place) -> None:
    queue = place.open(max_deliveries=2)
    queue.send(["a"])
    first = only(queue)
    queue.give_back([first], after_s=0)
    threading.Event().wait(0.01)
    assert (first.last, only(queue).last) == (False, True)

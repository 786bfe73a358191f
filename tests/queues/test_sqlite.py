"""The embedded queue: other processes, their sudden end, and files that are not ours."""

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.queues.clocks import SECOND, WALL, HandClock
from tests.soak.scale import scaled
from tradeglyph.domain.errors import InputError
from tradeglyph.ports.queue import Message, QueueGone
from tradeglyph.queues.address import open_queue
from tradeglyph.queues.sqlite import SqliteQueue


def opened(path: Path, clock: HandClock, *, create: bool = True) -> SqliteQueue:
    return SqliteQueue(path, clock=clock, create=create)


def bodies(messages: list[Message]) -> list[str]:
    return [message.body for message in messages]


def test_time_is_what_the_clock_says(tmp_path: Path) -> None:
    clock = HandClock()
    queue = opened(tmp_path / "q.db", clock)
    start = clock.now()
    (message_id,) = queue.send(["a"])
    clock.pass_s(5)
    (message,) = queue.receive(1, wait_s=0, lease_s=30)
    assert (message.sent_at, message.attempts) == (start, 1)
    clock.pass_s(29.999999)
    assert queue.receive(1, wait_s=0, lease_s=30) == []
    clock.pass_s(0.000001)
    (message,) = queue.receive(1, wait_s=0, lease_s=30)
    assert message.attempts == 2
    clock.pass_s(29)
    queue.extend([message], 100)
    clock.pass_s(99)
    queue.give_back([message], after_s=3_600)
    assert queue.depth().oldest == start
    clock.pass_s(3_599)
    assert queue.receive(1, wait_s=0, lease_s=30) == []
    clock.pass_s(1)
    (message,) = queue.receive(1, wait_s=0, lease_s=30)
    queue.bury(message, "enough")
    (letter,) = queue.dead(1)
    assert (letter.message_id, letter.attempts) == (message_id, 3)
    assert letter.died_at - start == round((5 + 30 + 29 + 99 + 3_600) * SECOND)
    queue.close()


def test_ten_deliveries_without_an_answer_are_enough(tmp_path: Path) -> None:
    clock = HandClock()
    queue = opened(tmp_path / "q.db", clock)
    queue.send(["a"])
    deliveries = 0
    while queue.receive(1, wait_s=0, lease_s=30):
        deliveries += 1
        clock.pass_s(30)
    (letter,) = queue.dead(10)
    assert (deliveries, letter.attempts) == (10, 10)
    assert letter.reason == "delivered 10 times without an answer"
    queue.close()


def test_what_was_sent_first_comes_first_and_retries_do_not_push_in(tmp_path: Path) -> None:
    clock = HandClock()
    queue = opened(tmp_path / "q.db", clock)
    queue.send(["a", "b"])
    clock.pass_s(1)
    (first,) = queue.receive(1, wait_s=0, lease_s=30)
    queue.give_back([first], after_s=0)
    queue.send(["c"])
    assert bodies(queue.receive(10, wait_s=0, lease_s=30)) == ["b", "a", "c"]
    queue.close()


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["PRAGMA application_id = 0x54475155", "PRAGMA user_version = 2"], "schema 2"),
        (["CREATE TABLE trades (a)"], "something else"),
    ],
)
def test_a_file_that_is_not_ours_is_refused(
    tmp_path: Path, statements: list[str], said: str
) -> None:
    path = tmp_path / "q.db"
    other = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        other.execute(statement)
    other.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match=said):
        opened(path, HandClock()).send(["a"])
    assert path.read_bytes() == before


def test_a_text_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    path.write_text("not a database at all, but long enough to look at\n" * 100)
    with pytest.raises(InputError, match="not an SQLite file"):
        opened(path, HandClock()).depth()


def test_no_file_is_made_where_none_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no queue"):
        opened(tmp_path / "q.db", HandClock(), create=False).depth()
    assert list(tmp_path.iterdir()) == []


def test_an_empty_queue_does_not_take_the_place_of_one_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "q.db"
    queue = opened(path, HandClock())
    queue.send(["a"])
    for file in tmp_path.iterdir():
        file.unlink()
    for _ in range(2):
        with pytest.raises(QueueGone, match="gone"):
            queue.send(["b"])
    assert list(tmp_path.iterdir()) == []
    restarted = opened(path, HandClock())
    restarted.send(["c"])
    # The file is there again, be it another one.
    assert bodies(queue.receive(5, wait_s=0, lease_s=30)) == ["c"]
    queue.close()
    restarted.close()


def test_a_writer_that_never_ends_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradeglyph.queues.sqlite_file.BUSY_TIMEOUT_S", 0.2)
    path = tmp_path / "q.db"
    queue = opened(path, HandClock())
    queue.send(["a"])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(QueueGone, match="locked"):
        queue.send(["b"])
    other.execute("ROLLBACK")
    other.close()
    queue.send(["c"])
    assert bodies(queue.receive(5, wait_s=0, lease_s=30)) == ["a", "c"]
    queue.close()


def test_many_begin_a_queue_at_once(tmp_path: Path) -> None:
    faults: list[BaseException] = []
    start = threading.Barrier(8)

    def begin(number: int) -> None:
        queue = opened(tmp_path / "new" / "q.db", HandClock())
        start.wait()
        try:
            queue.send([str(number)])
        except BaseException as fault:
            faults.append(fault)
        queue.close()

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    queue = opened(tmp_path / "new" / "q.db", HandClock())
    assert sorted(bodies(queue.receive(10, wait_s=0, lease_s=30))) == list("01234567")
    queue.close()


def _child_takes_one(queue: SqliteQueue) -> None:
    (message,) = queue.receive(1, wait_s=0, lease_s=30)
    queue.acknowledge([message])


def test_a_fork_does_not_share_the_connection(tmp_path: Path) -> None:
    queue = opened(tmp_path / "q.db", HandClock())
    queue.send(["a", "b"])
    child = multiprocessing.get_context("fork").Process(target=_child_takes_one, args=(queue,))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert bodies(queue.receive(5, wait_s=0, lease_s=30)) == ["b"]
    queue.close()


_DRAIN = """
import sys
from pathlib import Path
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.queues.address import open_queue

queue = open_queue(sys.argv[1], clock=SystemClock())
while True:
    for message in (messages := queue.receive(7, wait_s=1, lease_s=0.5)):
        # What is done, before it is acknowledged: as the worker does.
        with open(sys.argv[2], "a") as done:
            done.write(message.message_id + chr(10))
    queue.acknowledge(messages)
"""
_SEND = """
import sys
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.queues.address import open_queue

queue = open_queue(sys.argv[1], clock=SystemClock())
while True:
    print(*queue.send(["event"] * 5), sep=chr(10), flush=True)
"""


def _started(code: str, *arguments: object, stdout: int | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=stdout, text=True
    )


def test_what_send_said_is_there_after_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/q.db"
    sender = _started(_SEND, url, stdout=subprocess.PIPE)
    assert sender.stdout is not None
    told = [sender.stdout.readline() for _ in range(20)]
    os.kill(sender.pid, signal.SIGKILL)
    told += sender.stdout.readlines()
    sender.stdout.close()
    assert sender.wait() == -signal.SIGKILL
    queue = open_queue(url, clock=WALL)
    there = {m.message_id for m in queue.receive(100_000, wait_s=0, lease_s=30)}
    queue.close()
    # The last line may have been cut by the kill.
    assert {line.strip() for line in told if line.endswith("\n")} <= there


@pytest.mark.soak
def test_nothing_is_lost_where_receivers_are_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/q.db?max_deliveries=1000"
    queue = open_queue(url, clock=WALL)
    sent = queue.send([f"event {number}" for number in range(scaled(20_000))])
    choose = random.Random(7)
    files = (tmp_path / f"done-{number}" for number in range(1_000))
    workers = [_started(_DRAIN, url, next(files)) for _ in range(2)]
    for _ in range(scaled(60)):
        time.sleep(choose.uniform(0.2, 0.5))
        unlucky = choose.randrange(len(workers))
        workers[unlucky].kill()
        workers[unlucky].wait()
        workers[unlucky] = _started(_DRAIN, url, next(files))
    end = time.monotonic() + 100
    while (depth := queue.depth()).waiting + depth.leased and time.monotonic() < end:
        time.sleep(0.05)
    for worker in workers:
        worker.kill()
        worker.wait()
    done = {i for file in tmp_path.glob("done-*") for i in file.read_text().split()}
    assert done == set(sent)
    depth = queue.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (0, 0, 0)
    queue.close()

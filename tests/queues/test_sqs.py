"""What is particular to SQS: redrive policies, limits, and batches that fail in part."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.queues.clocks import WALL
from tests.queues.conftest import SqsPlace
from tradeglyph.domain.errors import InputError
from tradeglyph.ports.queue import QueueGone
from tradeglyph.queues.address import open_queue
from tradeglyph.queues.sqs_client import in_batches
from tradeglyph.queues.sqs_letters import ID, SENT_AT

KIB = 1024


def redrive(place: SqsPlace, after: int) -> None:
    """Give the queue a policy as an operator would."""
    arn = place.client.get_queue_attributes(QueueUrl=place.dead_url, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": after}
    place.client.set_queue_attributes(
        QueueUrl=place.url, Attributes={"RedrivePolicy": json.dumps(policy)}
    )


def test_a_redrive_policy_names_the_dead_letter_queue(sqs_place: SqsPlace) -> None:
    redrive(sqs_place, after=1)
    queue = sqs_place.open_at(sqs_place.address())
    (message_id,) = queue.send(["a"])
    (message,) = queue.receive(10, wait_s=0, lease_s=60)
    queue.give_back([message], after_s=0)
    threading.Event().wait(0.01)
    # SQS moves it, now that it is asked for once more.
    assert queue.receive(10, wait_s=0, lease_s=60) == []
    (letter,) = queue.dead(10)
    assert (letter.body, letter.message_id, letter.attempts) == ("a", message_id, 1)
    assert letter.sent_at == message.sent_at
    assert letter.reason == (
        "moved by the queue's redrive policy after 1 deliveries without an answer"
    )
    assert queue.retry([message_id]) == 1
    (again,) = queue.receive(10, wait_s=0, lease_s=60)
    assert (again.message_id, again.sent_at, again.attempts) == (message_id, message.sent_at, 1)


@pytest.mark.parametrize("options", ["", "&dead={dead}"])
def test_the_last_delivery_of_a_redrive_policy_is_known(sqs_place: SqsPlace, options: str) -> None:
    redrive(sqs_place, after=2)
    queue = sqs_place.open_at(sqs_place.address(options.format(dead=sqs_place.dead_name)))
    queue.send(["a"])
    (first,) = queue.receive(1, wait_s=0, lease_s=60)
    queue.give_back([first], after_s=0)
    threading.Event().wait(0.01)
    (second,) = queue.receive(1, wait_s=0, lease_s=60)
    assert (first.last, second.last) == (False, True)


def test_no_dead_letter_queue_is_said(sqs_place: SqsPlace) -> None:
    queue = sqs_place.open_at(sqs_place.address())
    with pytest.raises(InputError, match=r"dead=NAME"):
        queue.receive(1, wait_s=0, lease_s=60)


def test_a_queue_that_does_not_exist_is_gone(sqs_place: SqsPlace) -> None:
    queue = sqs_place.open_at(sqs_place.address().replace(sqs_place.name, "nobody"))
    with pytest.raises(QueueGone, match=r"nobody: .*NonExistentQueue|nobody: .*QueueDoesNotExist"):
        queue.send(["a"])


def test_a_region_is_asked_for(sqs_place: SqsPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(InputError, match="set AWS_DEFAULT_REGION"):
        sqs_place.open_at(sqs_place.address()).send(["a"])


def test_what_sqs_refuses_is_refused_before_anything_is_sent(sqs_place: SqsPlace) -> None:
    queue = sqs_place.open()
    for body, said in (
        ("x" * (256 * KIB + 1), "262,145 bytes"),
        ("转" * 90_000, "270,000 bytes"),
        ("a\x00b", r"U\+0000 at character 1"),
        ("", "empty"),
    ):
        with pytest.raises(InputError, match=said):
            queue.send(["fine", body])
    assert queue.depth().waiting == 0


def test_a_full_message_can_be_buried(sqs_place: SqsPlace) -> None:
    body = "x" * (256 * KIB - 120)
    queue = sqs_place.open()
    (message_id,) = queue.send([body])
    (message,) = queue.receive(1, wait_s=0, lease_s=60)
    queue.bury(message, "reason " * 1_000)
    told = sqs_place.client.receive_message(
        QueueUrl=sqs_place.dead_url, MessageAttributeNames=["All"], VisibilityTimeout=0
    )["Messages"][0]
    assert told["Body"] == body
    attributes = told["MessageAttributes"]
    assert attributes[ID]["StringValue"] == message_id
    assert SENT_AT in attributes
    sizes = [
        len(name) + len(value["DataType"]) + len(value["StringValue"])
        for name, value in attributes.items()
    ]
    assert len(body) + sum(sizes) <= 256 * KIB


def test_a_long_reason_is_cut_between_characters(sqs_place: SqsPlace) -> None:
    queue = sqs_place.open()
    queue.send(["a"])
    (message,) = queue.receive(1, wait_s=0, lease_s=60)
    queue.bury(message, "坏" * 5_000)
    # 2,000 bytes hold 666 characters of three.
    assert queue.dead(1)[0].reason == "坏" * 666


def test_attributes_of_strangers_are_not_believed(sqs_place: SqsPlace) -> None:
    sqs_place.client.send_message(
        QueueUrl=sqs_place.url,
        MessageBody="a",
        MessageAttributes={SENT_AT: {"DataType": "String", "StringValue": "yesterday"}},
    )
    before = WALL.now()
    (message,) = sqs_place.open().receive(1, wait_s=0, lease_s=60)
    assert abs(message.sent_at - before) < 60_000_000


def test_batches_hold_ten_entries_and_256_kib() -> None:
    sizes = [100, 100, 100, 200, 56, 1, *[0] * 12]
    entries = [{"size": size * KIB} for size in sizes]
    batches = list(in_batches(entries, lambda entry: entry["size"]))
    assert [len(batch) for batch in batches] == [2, 1, 2, 10, 3]
    assert [entry for batch in batches for entry in batch] == entries


class Flaky(ThreadingHTTPServer):
    """Stands before the server and lets one entry of batches fail, as SQS does under load."""

    daemon_threads = True

    def __init__(self, behind: str, failures: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.failures = failures
        self.operations: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: Flaky

    def log_message(self, *arguments: object) -> None: ...

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        self.server.operations.append(operation)
        failed = []
        if operation.endswith("Batch") and self.server.failures:
            self.server.failures -= 1
            entry = body["Entries"].pop(0)
            failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False}]
        answer: dict[str, Any] = {"Successful": []}
        status = 200
        if body.get("Entries", True):
            status, answer = self._ask(body)
        if failed:
            answer["Failed"] = [*answer.get("Failed", []), *failed]
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _ask(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        names = ("X-Amz-Target", "Content-Type", "Authorization", "X-Amz-Date")
        headers = {name: self.headers[name] for name in names}
        request = urllib.request.Request(  # noqa: S310  an address of this machine
            self.server.behind, json.dumps(body).encode(), headers
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, json.loads(answer.read() or b"{}")


@contextmanager
def flaky(place: SqsPlace, failures: int) -> Iterator[tuple[Flaky, str]]:
    server = Flaky(place.client.meta.endpoint_url, failures)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    host, port = server.server_address[:2]
    try:
        yield (
            server,
            place.address(f"&dead={place.dead_name}", endpoint=f"http://{host!s}:{port}"),
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_fails_in_a_batch_is_tried_again(sqs_place: SqsPlace) -> None:
    with flaky(sqs_place, failures=2) as (server, address):
        queue = sqs_place.open_at(address)
        bodies = [str(number) for number in range(12)]
        ids = queue.send(bodies)
        assert len(set(ids)) == 12
        messages = queue.receive(12, wait_s=0, lease_s=60)
        # In the order of the bodies, though two entries came later than the others.
        assert {m.message_id: m.body for m in messages} == dict(zip(ids, bodies, strict=True))
        assert server.operations.count("SendMessageBatch") == 4
        server.failures = 1
        queue.acknowledge(messages)
        assert queue.depth().leased == 0
        queue.close()


def test_what_fails_three_times_is_said(sqs_place: SqsPlace) -> None:
    with flaky(sqs_place, failures=3) as (_, address):
        queue = open_queue(address, clock=WALL)
        with pytest.raises(QueueGone, match=r"1 messages.*InternalError"):
            queue.send(["a"])
        assert queue.depth().waiting == 0
        queue.close()

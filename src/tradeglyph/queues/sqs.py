"""The queue as an SQS standard queue, and its dead letters as a second one."""

import math
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import DeadMessage, Depth, Message, QueueGone
from tradeglyph.queues.limits import MAX_DELIVERIES, unanswered
from tradeglyph.queues.sqs_client import BATCH, LONG_POLL_S, SqsClient
from tradeglyph.queues.sqs_letters import (
    NAMES,
    buried,
    check_body,
    dead_of,
    message_of,
    receipt_parts,
    revived,
)

MAX_LEASE_S = 43_200
"""SQS hides a message for 12 hours at most, counted from when it was received."""
PEEK_S = 120
"""How long dead letters are hidden while they are looked through."""

_VISIBLE = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed")
_HIDDEN = "ApproximateNumberOfMessagesNotVisible"


class SqsQueue:
    """The SQS queue `name`; its address, where it is known, is `url`.

    Dead letters go to the queue `dead_name`, else to the one in the queue's redrive policy. Every
    method raises QueueGone where SQS does not answer, and InputError where there is no dead-letter
    queue, no region or no credentials. Threads may share an object. Leases and waits are whole
    seconds to SQS: they are rounded up, and a lease lasts 12 hours at most. A redrive policy of
    the queue may give a message up before `max_deliveries`.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: Clock,
        client: SqsClient,
        url: str | None = None,
        dead_name: str | None = None,
        max_deliveries: int = MAX_DELIVERIES,
    ) -> None:
        self._name = name
        self._clock = clock
        self._client = client
        self._url = url
        self._dead_name = dead_name
        self._dead_url: str | None = None
        self._redriven_after = 0
        self._given_up_after = max_deliveries
        self._max_deliveries = max_deliveries
        self._lock = threading.Lock()
        self._extended: dict[str, int] = {}

    def send(self, bodies: Sequence[str]) -> list[str]:
        """Add messages; their ids. Where it raises QueueGone, some may have been added.

        Raises InputError, and sends nothing, where SQS would refuse one of them: empty, over
        256 KiB, or with a character that XML does not know.
        """
        for body in bodies:
            check_body(body)
        entries = [{"MessageBody": body} for body in bodies]
        return [sent["MessageId"] for sent in self._send(self._name, self._main(), entries)]

    def receive(self, most: int, *, wait_s: float, lease_s: float) -> list[Message]:
        """Up to `most` messages, leased for `lease_s`; waits up to `wait_s` for the first one."""
        end = time.monotonic() + wait_s
        url, lease = self._main(), _whole(lease_s)
        # Looked up now, so that a message which must be buried can be.
        self._dead_letters()
        messages: list[Message] = []
        while len(messages) < most:
            left_s = 0.0 if messages else max(0.0, end - time.monotonic())
            some = min(BATCH, most - len(messages))
            try:
                came = self._deliver(url, some, left_s, lease, messages)
            except QueueGone:
                # Those that came are leased to us: they are not to wait for their lease's end.
                if messages:
                    break
                raise
            if not came and (messages or time.monotonic() >= end):
                break
        return messages

    def extend(self, messages: Sequence[Message], lease_s: float) -> None:
        """Keep the messages for `lease_s` from now."""
        lease = _whole(lease_s)
        held = self._held(messages)
        self._hide(self._name, self._main(), held.values(), lease)
        self._extend(held, self._clock.now() + lease * MICROSECONDS)

    def give_back(self, messages: Sequence[Message], *, after_s: float) -> None:
        """Deliver the messages again, no sooner than `after_s` from now."""
        held = self._held(messages)
        self._hide(self._name, self._main(), held.values(), _whole(after_s))
        self._extend(held, 0)

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """The messages are done."""
        held = self._held(messages)
        self._delete(self._name, self._main(), held.values())

    def bury(self, message: Message, reason: str) -> None:
        """The message goes to the dead-letter queue, then from this one. Where the process ends
        between the two, it is delivered, and buried, once more."""
        held = self._held([message])
        if held:
            name, url = self._dead_letters()
            self._send(name, url, [buried(message, reason)])
            self._delete(self._name, self._main(), held.values())

    def dead(self, most: int) -> list[DeadMessage]:
        """Dead letters, the oldest of those that were seen first. They stay where they are, and
        are hidden from others while this looks."""
        name, url = self._dead_letters()
        letters: list[DeadMessage] = []
        shown: list[str] = []
        try:
            for told in self._looked_through(name, url, most):
                shown += [one["ReceiptHandle"] for one in told]
                letters += [dead_of(one, self._redriven_after) for one in told]
        finally:
            self._hide(name, url, shown, 0)
        return sorted(letters, key=lambda letter: letter.died_at)

    def retry(self, message_ids: Sequence[str]) -> int:
        """Deliver dead letters again; how many of the ids were found. Where the process ends in
        the middle, one may be both dead and delivered."""
        name, url = self._dead_letters()
        wanted, found = set(message_ids), set[str]()
        shown: list[str] = []
        try:
            for told in self._looked_through(name, url, None if wanted else 0):
                shown += [one["ReceiptHandle"] for one in told]
                letters = [dead_of(one, self._redriven_after) for one in told]
                revive = {one.message_id: one for one in letters if one.message_id in wanted}
                self._send(
                    self._name,
                    self._main(),
                    [revived(one) for key, one in revive.items() if key not in found],
                )
                found |= revive.keys()
                gone = [
                    one["ReceiptHandle"]
                    for one, letter in zip(told, letters, strict=True)
                    if letter.message_id in wanted
                ]
                self._delete(name, url, gone)
                shown = [receipt for receipt in shown if receipt not in gone]
                if found == wanted:
                    break
        finally:
            self._hide(name, url, shown, 0)
        return len(found)

    def depth(self) -> Depth:
        """How full it is, as SQS knows it: right within a minute or so. It does not tell the age
        of the oldest message."""
        waiting, leased = self._counted(self._name, self._main())
        return Depth(
            waiting=waiting,
            leased=leased,
            dead=sum(self._counted(*self._dead_letters())),
            oldest=None,
        )

    def server_time(self) -> int | None:
        """What SQS's clock shows, microseconds UTC, right within half a second; None where its
        answer has no date. SQS refuses callers whose clock is 15 minutes off."""
        answer = self._client.call(
            self._name, "get_queue_attributes", QueueUrl=self._main(), AttributeNames=["QueueArn"]
        )
        date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
        if date is None:
            return None
        # Its seconds are cut off.
        return round(parsedate_to_datetime(date).timestamp()) * MICROSECONDS + MICROSECONDS // 2

    def close(self) -> None:
        """Close the connections; the next call opens others."""
        self._client.close()

    def _deliver(
        self, url: str, most: int, wait_s: float, lease: int, messages: list[Message]
    ) -> bool:
        """Add up to `most` messages; whether any came. Those that came too often are buried."""
        told = self._receive(self._name, url, most, wait_s, lease)
        until = self._clock.now() + lease * MICROSECONDS
        spent: list[Message] = []
        for message in (message_of(one, until) for one in told):
            if message.attempts > self._max_deliveries:
                spent.append(message)
            else:
                last = message.attempts >= self._given_up_after
                messages.append(replace(message, last=last))
        for message in spent:
            self.bury(message, unanswered(message.attempts - 1))
        return bool(told)

    def _main(self) -> str:
        if self._url is None:
            self._url = self._address(self._name)
        return self._url

    def _dead_letters(self) -> tuple[str, str]:
        """Name and address of the dead-letter queue."""
        if self._dead_name is None or self._dead_url is None:
            known, after = self._client.dead_letter_queue(self._name, self._main())
            name = self._dead_name or known
            if name is None:
                raise InputError(
                    f"SQS, {self._name}: no dead-letter queue: add ?dead=NAME to its address, "
                    "or a redrive policy to the queue"
                )
            self._dead_url = self._address(name)
            self._dead_name, self._redriven_after = name, after if name == known else 0
            self._given_up_after = min(self._max_deliveries, after or self._max_deliveries)
        return self._dead_name, self._dead_url

    def _address(self, name: str) -> str:
        return str(self._client.call(name, "get_queue_url", QueueName=name)["QueueUrl"])

    def _counted(self, name: str, url: str) -> tuple[int, int]:
        """Messages that are visible or will be, and hidden ones."""
        answer = self._client.call(
            name, "get_queue_attributes", QueueUrl=url, AttributeNames=[*_VISIBLE, _HIDDEN]
        )
        attributes = answer["Attributes"]
        return sum(int(attributes.get(key, 0)) for key in _VISIBLE), int(attributes[_HIDDEN])

    def _looked_through(
        self, name: str, url: str, most: int | None
    ) -> Iterator[list[dict[str, Any]]]:
        """Messages of the dead-letter queue, hidden for a while; `most` None: all of them."""
        seen = 0
        while most is None or seen < most:
            some = BATCH if most is None else min(BATCH, most - seen)
            # A second, so that SQS asks all of its servers.
            told = self._receive(name, url, some, 1, PEEK_S)
            if not told:
                return
            seen += len(told)
            yield told

    def _receive(
        self, name: str, url: str, most: int, wait_s: float, lease: int
    ) -> list[dict[str, Any]]:
        answer = self._client.call(
            name,
            "receive_message",
            QueueUrl=url,
            MaxNumberOfMessages=most,
            WaitTimeSeconds=min(LONG_POLL_S, math.ceil(wait_s)),
            VisibilityTimeout=lease,
            MessageSystemAttributeNames=["ApproximateReceiveCount", "SentTimestamp"],
            MessageAttributeNames=NAMES,
        )
        return list(answer.get("Messages", ()))

    def _send(self, name: str, url: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self._client.batch(name, "send_message_batch", url, entries, size_of=_size)

    def _hide(self, name: str, url: str, receipts: Collection[str], seconds: int) -> None:
        entries = [{"ReceiptHandle": r, "VisibilityTimeout": seconds} for r in receipts]
        self._client.batch(name, "change_message_visibility_batch", url, entries)

    def _delete(self, name: str, url: str, receipts: Collection[str]) -> None:
        entries = [{"ReceiptHandle": receipt} for receipt in receipts]
        self._client.batch(name, "delete_message_batch", url, entries)

    # SQS would take an old receipt for the message while nobody else received it, so a receipt of
    # ours tells its lease's end, too. A lease begins when the answer is here: a little later than
    # for SQS, which has the last word.

    def _held(self, messages: Sequence[Message]) -> dict[str, str]:
        """Receipts whose lease has not passed, each with what SQS calls it."""
        now = self._clock.now()
        held = {}
        with self._lock:
            for message in messages:
                until, handle = receipt_parts(message.receipt)
                if self._extended.get(message.receipt, until) > now:
                    held[message.receipt] = handle
        return held

    def _extend(self, receipts: Collection[str], until: int) -> None:
        now = self._clock.now()
        with self._lock:
            self._extended = {r: end for r, end in self._extended.items() if end > now}
            self._extended.update(dict.fromkeys(receipts, until))


def _whole(seconds: float) -> int:
    return min(MAX_LEASE_S, max(0, math.ceil(seconds)))


def _size(entry: dict[str, Any]) -> int:
    size = len(entry["MessageBody"].encode())
    for name, value in entry.get("MessageAttributes", {}).items():
        size += len(name) + len(value["DataType"]) + len(value["StringValue"].encode())
    return size

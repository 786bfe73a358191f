"""A batch that Lambda hands over, as deliveries of a queue."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tradeglyph.domain.errors import InputError
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import Message, QueueGone
from tradeglyph.queues.sqs_letters import message_of

Buries = Callable[[Message, str], None]
"""Keeps a message with a reason. Raises QueueGone."""


class LambdaBatch:
    """The messages of one invocation, which come once; those that are neither acknowledged nor
    buried at its end are `failures`, which SQS delivers again."""

    def __init__(self, event: object, *, clock: Clock, bury: Buries) -> None:
        """Raises InputError where `event` is not what SQS hands to a function."""
        now = clock.now()
        self._messages = [
            _message(record, now, number) for number, record in enumerate(_records(event))
        ]
        self._waiting = list(self._messages)
        self._bury = bury
        self._buries = True
        self.unburied = 0
        """Messages that were to be buried, and could not be."""
        self._done: set[str] = set()

    def __len__(self) -> int:
        return len(self._messages)

    @staticmethod
    def ids(event: object) -> list[str]:
        """Ids of all messages of a batch. Raises InputError where `event` is none."""
        return list(dict.fromkeys(record["messageId"] for record in _records(event)))

    @property
    def failures(self) -> list[str]:
        """Ids, as SQS knows them, of the messages that are not done."""
        left = [message for message in self._messages if message.receipt not in self._done]
        return list(dict.fromkeys(_transport_id(message) for message in left))

    def receive(self, most: int, *, wait_s: float, lease_s: float) -> list[Message]:
        """Up to `most` of the messages that were not received yet; nothing is waited for, and the
        lease is that of the queue."""
        some, self._waiting = self._waiting[:most], self._waiting[most:]
        return some

    def extend(self, messages: Sequence[Message], lease_s: float) -> None:
        """Nothing: the queue hides a message for longer than the function may run."""

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """They are done: Lambda deletes them."""
        self._done.update(message.receipt for message in messages)

    def give_back(self, messages: Sequence[Message], *, after_s: float) -> None:
        """They are delivered again when the queue's visibility time-out is over."""

    def bury(self, message: Message, reason: str) -> None:
        """Keep it with the reason; where that fails, it comes again, and the others go on. What is
        to be buried after it comes again, too: time is short, and what hangs would take it all."""
        if self._buries:
            try:
                self._bury(message, reason)
            except QueueGone:
                self._buries = False
            else:
                self.acknowledge([message])
                return
        self.unburied += 1


def _records(event: object) -> list[Mapping[str, Any]]:
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list) or not all(_is_from_sqs(record) for record in records):
        raise InputError(
            "not a batch of SQS: Records, each with a messageId and a body, are missing; make an "
            "SQS queue the source of this function"
        )
    return records


def _is_from_sqs(record: object) -> bool:
    named = isinstance(record, Mapping) and isinstance(record.get("messageId"), str)
    return named and "body" in record  # type: ignore[operator]


def _message(record: Mapping[str, Any], now: int, number: int) -> Message:
    """A record in the words of `receive_message`, which are the same with capitals."""
    body = record["body"]
    said = record.get("messageAttributes") or {}
    told = {
        # SQS gives text; whoever tries the function by hand may give the event itself.
        "Body": body if isinstance(body, str) else json.dumps(body),
        "MessageId": record["messageId"],
        "ReceiptHandle": f"{number}:{record['messageId']}",
        "Attributes": {"SentTimestamp": str(now // 1000), **(record.get("attributes") or {})},
        "MessageAttributes": {
            name: {"StringValue": value.get("stringValue")} for name, value in said.items()
        },
    }
    return message_of(told, 0)


def _transport_id(message: Message) -> str:
    """What SQS calls the delivery, which may have been sent before under another id."""
    return message.receipt.split(":", 2)[2]

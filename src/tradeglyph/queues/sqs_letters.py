"""What SQS says about a message, and the attributes of ours that travel with one.

A message that goes to the dead-letter queue and back is a new one to SQS, with another id and
another time. What it was at first is kept in its attributes.
"""

import re
from collections.abc import Mapping
from typing import Any

from tradeglyph.domain.errors import InputError
from tradeglyph.ports.queue import DeadMessage, Message
from tradeglyph.queues.sqs_client import MAX_BYTES

ID = "tradeglyph-id"
"""The id that the message had when it was first sent."""
SENT_AT = "tradeglyph-sent-at"
"""When it was first sent, microseconds UTC."""
ATTEMPTS = "tradeglyph-attempts"
"""How often it was delivered until it was given up."""
REASON = "tradeglyph-reason"
NAMES = [ID, SENT_AT, ATTEMPTS, REASON]

REASON_BYTES = 2_000
_MILLISECOND = 1_000
# What SQS takes is what XML 1.0 takes.
_REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_body(body: str) -> None:
    """Raises InputError for a body that SQS would refuse."""
    if found := _REFUSED.search(body):
        raise InputError(
            f"a message holds U+{ord(found[0]):04X} at character {found.start()}, "
            "which SQS does not take"
        )
    if not body:
        raise InputError("a message is empty, which SQS does not take")
    size = len(body.encode())
    if size > MAX_BYTES:
        raise InputError(
            f"a message has {size:,} bytes; SQS takes {MAX_BYTES:,} (256 KiB) at most: "
            "send less in one event"
        )


def message_of(told: Mapping[str, Any], until: int) -> Message:
    """A delivery, as `receive_message` tells it, leased until then (microseconds UTC)."""
    attributes = told.get("Attributes", {})
    return Message(
        body=told["Body"],
        message_id=_first_id(told),
        receipt=f"{until}:{told['ReceiptHandle']}",
        sent_at=_first_sent_at(told),
        attempts=int(attributes.get("ApproximateReceiveCount", 1)),
    )


def receipt_parts(receipt: str) -> tuple[int, str]:
    """The end of the lease, as it was at first, and the receipt handle of SQS."""
    until, _, handle = receipt.partition(":")
    return int(until), handle


def dead_of(told: Mapping[str, Any], redriven_after: int) -> DeadMessage:
    """A dead letter, as `receive_message` on the dead-letter queue tells it.

    One that the queue's own policy moved, after `redriven_after` deliveries (0: not known), has no
    reason of ours, and the time of its move is not known: the time it was sent stands for it.
    """
    reason = _ours(told, REASON)
    if reason is None:
        times = f"after {redriven_after} deliveries" if redriven_after else "after its deliveries"
        reason = f"moved by the queue's redrive policy {times} without an answer"
    return DeadMessage(
        body=told["Body"],
        message_id=_first_id(told),
        sent_at=_first_sent_at(told),
        died_at=_sent_at(told),
        attempts=_number(told, ATTEMPTS) or redriven_after,
        reason=reason,
    )


def buried(message: Message, reason: str) -> dict[str, Any]:
    """What to send to the dead-letter queue for a message. A long reason is cut, and what does not
    fit beside a long body is left out, the reason first."""
    room = MAX_BYTES - len(message.body.encode())
    attributes = {}
    clean = _REFUSED.sub("\ufffd", reason)
    for name, value, most in (
        (ID, message.message_id, MAX_BYTES),
        (SENT_AT, str(message.sent_at), MAX_BYTES),
        (ATTEMPTS, str(message.attempts), MAX_BYTES),
        (REASON, clean or "no reason was given", REASON_BYTES),
    ):
        around = len(name) + len("String")
        cut = value.encode()[: max(0, min(most, room - around))].decode(errors="ignore")
        if cut == value or (cut and name == REASON):
            attributes[name] = _string(cut)
            room -= around + len(cut.encode())
    return {"MessageBody": message.body, "MessageAttributes": attributes}


def revived(letter: DeadMessage) -> dict[str, Any]:
    """What to send to the queue for a dead letter."""
    room = MAX_BYTES - len(letter.body.encode())
    attributes = {ID: _string(letter.message_id), SENT_AT: _string(str(letter.sent_at))}
    needed = sum(
        len(name) + len("String") + len(value["StringValue"]) for name, value in attributes.items()
    )
    return {
        "MessageBody": letter.body,
        "MessageAttributes": attributes if needed <= room else {},
    }


def _string(value: str) -> dict[str, str]:
    return {"DataType": "String", "StringValue": value}


def _ours(told: Mapping[str, Any], name: str) -> str | None:
    value: str | None = told.get("MessageAttributes", {}).get(name, {}).get("StringValue")
    return value


def _first_id(told: Mapping[str, Any]) -> str:
    return _ours(told, ID) or str(told["MessageId"])


def _first_sent_at(told: Mapping[str, Any]) -> int:
    return _number(told, SENT_AT) or _sent_at(told)


def _number(told: Mapping[str, Any], name: str) -> int:
    # Anybody may set an attribute: one that is no number is not believed.
    value = _ours(told, name) or ""
    return int(value) if re.fullmatch("[0-9]{1,18}", value) else 0


def _sent_at(told: Mapping[str, Any]) -> int:
    return int(told.get("Attributes", {}).get("SentTimestamp", 0)) * _MILLISECOND

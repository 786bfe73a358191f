"""Calls to SQS: time-outs, batches of ten with their partial failures, and what an error means."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.ports.queue import QueueGone

BATCH = 10
"""Entries in one call, at most (SQS)."""
LONG_POLL_S = 20
"""Longest wait of one call for messages (SQS)."""
MAX_BYTES = 262_144
"""A message with its attributes, and all messages of one call together: 256 KiB."""
CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 10
"""For an answer, beyond the wait that was asked for."""
TRIES = 3
"""Of a call, and of the failed entries of a batch."""
FIRST_REST_S = 0.1

# Entries of a batch that fail so belong to somebody else by now, or are gone: left alone. SQS says
# InvalidParameterValue for a lease that is over, or that would last longer than its 12 hours.
_NOT_OURS = ("MessageNotInflight", "ReceiptHandleIsInvalid", "InvalidParameterValue")
# The caller's configuration is wrong, and waiting does not mend it.
_CONFIGURATION = {
    "NoRegionError": "set AWS_DEFAULT_REGION",
    "NoCredentialsError": "no credentials in any place where boto3 looks for them",
    "PartialCredentialsError": "only one half of the credentials is there",
    "ProfileNotFound": "AWS_PROFILE names a profile that is not there",
}

Entry = dict[str, Any]


class SqsClient:
    """Clients made at the first call, shared by threads.

    Every call raises QueueGone where SQS does not answer or refuses, with the queue's name and the
    kind of error only: addresses hold an AWS account's number. Credentials and region come from
    boto3's own chain. Raises MissingExtra without boto3.
    """

    def __init__(self, *, region: str | None = None, endpoint: str | None = None) -> None:
        self._region = region
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[int, Any] = {}

    def call(self, queue: str, operation: str, **arguments: Any) -> dict[str, Any]:
        """The answer to one operation, for the queue that people call `queue`."""
        errors = _botocore()
        try:
            answer: dict[str, Any] = getattr(self._connected(operation), operation)(**arguments)
        except errors.ClientError as error:
            code = error.response.get("Error", {}).get("Code", "an error without a code")
            raise QueueGone(f"SQS refuses {queue}: {code}") from None
        except errors.BotoCoreError as error:
            kind = type(error).__name__
            if kind in _CONFIGURATION:
                raise InputError(f"SQS, {queue}: {_CONFIGURATION[kind]}") from None
            raise QueueGone(f"SQS can't be reached for {queue}: {kind}") from None
        return answer

    def batch(
        self,
        queue: str,
        operation: str,
        url: str,
        entries: Sequence[Entry],
        *,
        size_of: Callable[[Entry], int] = lambda entry: 0,
    ) -> list[Entry]:
        """The answers of a batch call to all entries, in their order, as many calls as it takes.

        Entries that fail are tried again; where they still do, QueueGone is raised and the others
        are done. Entries whose message is no longer held are left out.
        """
        done: dict[int, Entry] = {}
        numbered = [{"Id": str(number), **entry} for number, entry in enumerate(entries)]
        for some in in_batches(numbered, size_of):
            self._batch(queue, operation, url, some, done)
        return [done[number] for number in sorted(done)]

    def _batch(
        self, queue: str, operation: str, url: str, entries: list[Entry], done: dict[int, Entry]
    ) -> None:
        for attempt in range(TRIES):
            answer = self.call(queue, operation, QueueUrl=url, Entries=entries)
            done |= {int(entry["Id"]): entry for entry in answer.get("Successful", ())}
            failed = {
                entry["Id"]: entry["Code"]
                for entry in answer.get("Failed", ())
                if not entry["Code"].endswith(_NOT_OURS)
            }
            if not failed:
                return
            entries = [entry for entry in entries if entry["Id"] in failed]
            if attempt + 1 < TRIES:
                time.sleep(FIRST_REST_S * 2**attempt)
        codes = ", ".join(sorted(set(failed.values())))
        raise QueueGone(f"SQS refuses {len(failed)} messages for {queue}: {codes}")

    def dead_letter_queue(self, queue: str, url: str) -> tuple[str | None, int]:
        """The name of the dead-letter queue in the queue's redrive policy, and after how many
        deliveries it moves a message; None and 0 without a policy."""
        names = ["RedrivePolicy"]
        answer = self.call(queue, "get_queue_attributes", QueueUrl=url, AttributeNames=names)
        policy = json.loads(answer.get("Attributes", {}).get("RedrivePolicy") or "{}")
        arn = policy.get("deadLetterTargetArn")
        return (arn.rpartition(":")[2] if arn else None), int(policy.get("maxReceiveCount", 0))

    def close(self) -> None:
        """Close the connections; the next call makes other clients."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _connected(self, operation: str) -> Any:
        # A server that hangs is noticed soon, except by those who asked it to wait.
        timeout_s = READ_TIMEOUT_S + (LONG_POLL_S if operation == "receive_message" else 0)
        with self._lock:
            if timeout_s not in self._clients:
                self._clients[timeout_s] = self._connect(timeout_s)
            return self._clients[timeout_s]

    def _connect(self, timeout_s: int) -> Any:
        import boto3.session
        from botocore.config import Config

        config = Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=timeout_s,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            max_pool_connections=32,
            tcp_keepalive=True,
        )
        if self._session is None:
            # One of its own: the default one is not safe to share between threads.
            self._session = boto3.session.Session()
        return self._session.client(
            "sqs", region_name=self._region, endpoint_url=self._endpoint, config=config
        )


def in_batches(entries: Sequence[Entry], size_of: Callable[[Entry], int]) -> Iterator[list[Entry]]:
    """Parts of what one call takes: ten entries, 256 KiB."""
    some: list[Entry] = []
    size = 0
    for entry in entries:
        more = size_of(entry)
        if some and (len(some) == BATCH or size + more > MAX_BYTES):
            yield some
            some, size = [], 0
        some.append(entry)
        size += more
    if some:
        yield some


def _botocore() -> Any:
    try:
        import botocore.exceptions
    except ModuleNotFoundError:
        raise MissingExtra("boto3", "aws") from None
    return botocore.exceptions

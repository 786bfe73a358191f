"""Messages that are given up, kept with their reason in an SQS queue."""

from urllib.parse import urlsplit

from tradeglyph.domain.errors import InputError
from tradeglyph.ports.queue import Message
from tradeglyph.queues.sqs_client import SqsClient
from tradeglyph.queues.sqs_letters import buried


class DeadLetters:
    """The queue at an address such as SQS gives: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`.

    What it keeps is what `SqsQueue.bury` keeps, so that `tradeglyph queue dead list` and `retry`
    work on it.
    """

    def __init__(self, url: str) -> None:
        """Nothing is sent yet. Raises InputError for what is no address of a standard queue."""
        parts = urlsplit(url)
        self._name = parts.path.rpartition("/")[2]
        if parts.scheme not in ("http", "https") or not parts.netloc or not self._name:
            raise InputError(
                "TRADEGLYPH_DEAD_LETTERS is no address of an SQS queue: "
                "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME"
            )
        if self._name.endswith(".fifo"):
            raise InputError(
                "TRADEGLYPH_DEAD_LETTERS is a FIFO queue; give a standard queue, or leave it empty"
            )
        self._url = url
        self._client = SqsClient()

    def bury(self, message: Message, reason: str) -> None:
        """Keep the message with the reason. Raises QueueGone, InputError without credentials."""
        self._client.batch(self._name, "send_message_batch", self._url, [buried(message, reason)])

    def close(self) -> None:
        """Close the connections; the next call opens others."""
        self._client.close()

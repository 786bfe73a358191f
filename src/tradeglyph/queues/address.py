"""Where a queue is, as one line of text."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.ports.clock import Clock
from tradeglyph.ports.queue import Queue
from tradeglyph.queues.limits import MAX_DELIVERIES

_KINDS = "sqlite:///FILE, sqs://NAME?dead=NAME or https://sqs.REGION.amazonaws.com/ACCOUNT/NAME?dead=NAME"
_SQS_HOST = re.compile(r"sqs\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?")
_SQS_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


def open_queue(url: str, *, clock: Clock, create: bool = True) -> Queue:
    """The queue at an address. Nothing is read or asked before its first use.

    - `sqlite:///FILE`: the embedded queue, FILE under the working folder; `sqlite:////FILE` from
      the root. It is made when it is first used; where `create` is false that is an InputError.
    - `sqs://NAME`: the SQS queue of that name, in the region and with the credentials that boto3
      finds; `endpoint=URL` asks another server than AWS.
    - `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`: the address that AWS shows.

    `?dead=NAME` names the dead-letter queue of an SQS queue (default: the one in its redrive
    policy); `max_deliveries=N` after how many deliveries a message is given up (default 10).

    Raises InputError for anything else, MissingExtra for SQS without boto3.
    """
    parts = _split(url)
    if parts.scheme == "sqlite":
        return _sqlite(parts, clock, create=create)
    return _sqs(parts, clock)


def file_of(url: str) -> Path | None:
    """The file of an embedded queue; None for a queue elsewhere. Raises InputError as
    `open_queue`."""
    parts = _split(url)
    return _path(parts) if parts.scheme == "sqlite" else None


def shown(url: str) -> str:
    """The address for messages: no options, and no number of an AWS account."""
    parts = _split(url)
    if parts.scheme == "sqlite":
        return f"sqlite:///{_path(parts)}"
    return f"sqs://{parts.netloc if parts.scheme == 'sqs' else parts.path.rpartition('/')[2]}"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        userinfo = parts.username is not None or parts.password is not None
    except ValueError:
        raise InputError(f"the queue's address is malformed; it is one of {_KINDS}") from None
    # The address itself is not repeated: it may hold a secret by mistake.
    if parts.scheme not in ("sqlite", "sqs", "https"):
        raise InputError(f"the queue's address is none of {_KINDS}")
    if userinfo or parts.fragment:
        raise InputError(
            "the queue's address holds no user, password or #: credentials for SQS come from "
            "where boto3 looks for them (environment, profile, role)"
        )
    return parts


def _sqlite(parts: SplitResult, clock: Clock, *, create: bool) -> Queue:
    from tradeglyph.queues.sqlite import SqliteQueue

    path = _path(parts)
    options = _options(parts, {"max_deliveries"})
    return SqliteQueue(path, clock=clock, max_deliveries=_max_deliveries(options), create=create)


def _path(parts: SplitResult) -> Path:
    path = unquote(parts.path[1:])
    if parts.netloc or not path or path == ":memory:" or path.endswith("/"):
        raise InputError(
            "the queue's address names no file: sqlite:///FILE under the working folder (three "
            "slashes), sqlite:////FILE from the root (four)"
        )
    return Path(path)


def _sqs(parts: SplitResult, clock: Clock) -> Queue:
    options = _options(parts, {"dead", "endpoint", "max_deliveries"})
    region = url = None
    if parts.scheme == "sqs":
        name = parts.netloc
        named = not parts.path.strip("/")
    else:
        host = _SQS_HOST.fullmatch(parts.netloc)
        account, _, name = parts.path[1:].partition("/")
        named = host is not None and account.isdigit()
        region = host[1] if host else None
        url = f"https://{parts.netloc}{parts.path}"
    if not named or not _SQS_NAME.fullmatch(name):
        raise InputError(f"the queue's address names no SQS standard queue; it is one of {_KINDS}")
    dead = options.get("dead")
    if dead is not None and not _SQS_NAME.fullmatch(dead):
        raise InputError("the queue's address: dead=NAME is no name of an SQS standard queue")
    try:
        import boto3  # noqa: F401  is it there?
    except ModuleNotFoundError:
        raise MissingExtra("boto3", "aws") from None
    from tradeglyph.queues.sqs import SqsQueue
    from tradeglyph.queues.sqs_client import SqsClient

    return SqsQueue(
        name,
        clock=clock,
        client=SqsClient(region=region, endpoint=_endpoint(options)),
        url=url,
        dead_name=dead,
        max_deliveries=_max_deliveries(options),
    )


def _options(parts: SplitResult, known: set[str]) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name in options:
        if name not in known:
            raise InputError(
                f"the queue's address: {name!r} is no option of it; known: "
                f"{', '.join(sorted(known))}"
            )
    return options


def _max_deliveries(options: Mapping[str, str]) -> int:
    text = options.get("max_deliveries", str(MAX_DELIVERIES))
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise InputError("the queue's address: max_deliveries is a number from 1 to 9999")
    return int(text)


def _endpoint(options: Mapping[str, str]) -> str | None:
    endpoint = options.get("endpoint")
    if endpoint is None:
        return None
    try:
        parts = urlsplit(endpoint)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        good = False
    if not good:
        raise InputError("the queue's address: endpoint is http://HOST:PORT or https://HOST:PORT")
    return endpoint

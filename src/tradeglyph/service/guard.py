"""What stands before the service: keys, scopes, rates and sizes, before a body is read.

Pure ASGI, around everything else, so that no answer leaves without its headers and no exception
leaves at all.
"""

import asyncio
import math
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradeglyph.app.log import Log
from tradeglyph.domain.api_keys import ApiKey, ApiKeys
from tradeglyph.ports.clock import Clock
from tradeglyph.service.bodies import misfits
from tradeglyph.service.buckets import Buckets
from tradeglyph.service.limits import Limits
from tradeglyph.service.metrics import Metrics
from tradeglyph.service.operations import Asked, Operation, asked
from tradeglyph.service.problem import Problem

CLIENT_GONE = 499
"""In the log and the metrics only: the client left before its answer."""
KEY_NAME = "tradeglyph.key"
REQUEST_ID = "tradeglyph.request_id"
"""Entries of the ASGI scope."""

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="tradeglyph"'}
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
DISCARDED_BYTES, DISCARDED_S = 64 << 20, 2.0
"""Of a body that nobody wants: so much is thrown away after the answer was sent, because a
connection that is closed on unread bytes is reset, and the client may lose the answer."""


@dataclass(slots=True, kw_only=True)
class _Exchange:
    """One request and how far its answer is."""

    send: Send
    request_id: str
    began: float
    operation: str = "unknown"
    key: str = ""
    status: int = 0
    fault: str = ""
    """Kind of the exception that was answered with 500."""
    finished: bool = False
    head: bool = False
    """Whether only the headers of the answer are asked for."""
    unread: Receive | None = None
    """Where the rest of a body comes from that nobody wants."""

    async def answer(self, message: Message) -> None:
        """Send on, with the headers that every answer has.

        Where a body is left unread, it is read away once the answer is out, and the connection is
        closed.
        """
        if self.head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = [*SECURITY_HEADERS, (b"x-request-id", self.request_id.encode())]
            if self.unread is not None:
                own.append((b"connection", b"close"))
            message = {**message, "headers": [*message.get("headers", []), *own]}
        elif self.unread is not None and not message.get("more_body", False):
            await self.send({**message, "more_body": True})
            await _discard(self.unread)
            message = {"type": "http.response.body", "body": b""}
        await self.send(message)
        body = message["type"] == "http.response.body"
        self.finished = body and not message.get("more_body", False)


class Guard:
    """The ASGI application around the service's."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        table: tuple[Operation, ...],
        keys: ApiKeys,
        limits: Limits,
        clock: Clock,
        metrics: Metrics,
        log: Log,
    ) -> None:
        self._app = app
        self._table = table
        self._keys = keys
        self._limits = limits
        self._clock = clock
        self._metrics = metrics
        self._log = log
        self._buckets = Buckets(limits.per_second, limits.burst)
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        exchange = _Exchange(
            send=send,
            request_id=secrets.token_hex(8),
            began=time.perf_counter(),
            head=scope["method"] == "HEAD",
        )
        self._open += 1
        try:
            await self._exchange(scope, receive, exchange)
        finally:
            self._open -= 1
            self._account(scope["method"], exchange)

    async def _exchange(self, scope: Scope, receive: Receive, exchange: _Exchange) -> None:
        try:
            admitted = self._admit(scope, exchange)
        except Problem as problem:
            exchange.unread = receive
            await problem.response(exchange.request_id)(scope, receive, exchange.answer)
            return
        if exchange.head:
            admitted["method"] = "GET"
        body = _Body(receive, exchange, self._limits)
        try:
            await self._app({**scope, **admitted}, body.receive, exchange.answer)
        except ClientDisconnect:
            exchange.status = exchange.status or CLIENT_GONE
        except Exception as error:
            # Its text may hold what nobody should see; its kind does not.
            exchange.fault = type(error).__name__
            if not exchange.finished:  # the client must not take half an answer for a whole one
                raise _CutOff from None

    def _admit(self, scope: Scope, exchange: _Exchange) -> dict[str, Any]:
        """What is known of the request from its head. Raises Problem."""
        self._check_head(scope)
        if self._open > self._limits.open_requests:
            raise Problem(503, "too many requests are under way", headers={"Retry-After": "1"})
        request = asked(scope["method"], scope["path"], self._table)
        if request.operation is not None:
            exchange.operation = request.operation.name
        key = self._key(scope, request)
        if key is not None:
            exchange.key = key.name
        if request.operation is None:
            raise _missing(request)
        needed = request.operation.scope
        if needed is not None and key is not None:
            if not key.allows(needed):
                raise Problem(403, f"it takes a key with the scope {needed.value}")
            wait_s = self._buckets.wait_s(key.name)
            if wait_s > 0:
                after = str(max(1, math.ceil(wait_s)))
                raise Problem(429, f"ask again in {after} s", headers={"Retry-After": after})
            _check_query(scope, request.operation)
        self._check_length(scope)
        return {KEY_NAME: exchange.key, REQUEST_ID: exchange.request_id}

    def _check_head(self, scope: Scope) -> None:
        target = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if target > self._limits.target_bytes:
            raise Problem(414, f"path and query have {self._limits.target_bytes:,} bytes at most")
        if sum(len(n) + len(v) for n, v in scope["headers"]) > self._limits.header_bytes:
            raise Problem(431, f"headers have {self._limits.header_bytes:,} bytes at most")

    def _key(self, scope: Scope, request: Asked) -> ApiKey | None:
        if not request.guarded:
            return None
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            raise Problem(401, "send the header Authorization: Bearer KEY", headers=CHALLENGE)
        scheme, _, presented = given[0].decode("latin-1").partition(" ")
        found = None
        if len(given) == 1 and scheme.lower() == "bearer":
            found = self._keys.find(presented.strip(), self._clock.now())
        if found is None:
            wrong = CHALLENGE["WWW-Authenticate"] + ', error="invalid_token"'
            raise Problem(
                401, "this key is not known, or has expired", headers={"WWW-Authenticate": wrong}
            )
        return found

    def _check_length(self, scope: Scope) -> None:
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if said.isdigit() and int(said[:20]) > self._limits.body_bytes:
            raise _too_large(self._limits)

    def _account(self, method: str, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.began
        self._metrics.answered(exchange.operation, exchange.status, seconds)
        figures: Mapping[str, Any] = {
            "request_id": exchange.request_id,
            "operation": exchange.operation,
            "method": method if method.isalpha() and len(method) < 10 else "?",
            "status": exchange.status,
            "ms": round(seconds * 1_000, 2),
            "key": exchange.key,
        }
        if exchange.fault:
            self._log.error("fault", **figures, error=exchange.fault)
        else:
            self._log.info("answered", **figures)


class _CutOff(Exception):  # noqa: N818  says what happened
    """An answer that began can't be finished."""


class _Body:
    """A request's body that ends in time and is no larger than it may be."""

    def __init__(self, receive: Receive, exchange: _Exchange, limits: Limits) -> None:
        self._receive = receive
        self._exchange = exchange
        self._limits = limits
        self._until = asyncio.get_running_loop().time() + limits.body_s
        self._read = 0
        self._done = False

    async def receive(self) -> Message:
        """As ASGI's. Raises Problem."""
        if self._done:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self._abandon()
            raise Problem(408, f"a body takes {self._limits.body_s:g} s at most") from None
        self._read += len(message.get("body", b""))
        self._done = not message.get("more_body", False)
        if self._read > self._limits.body_bytes:
            self._abandon()
            raise _too_large(self._limits)
        return message

    def _abandon(self) -> None:
        if not self._done:
            self._done = True
            self._exchange.unread = self._receive


def _check_query(scope: Scope, operation: Operation) -> None:
    if not scope["query_string"]:
        return
    given = Counter(name for name, _ in QueryParams(scope["query_string"]).multi_items())
    if not given.keys() <= operation.query:
        listed = ", ".join(sorted(operation.query)) or "none"
        raise misfits([{"where": "the query", "what": f"has another name than: {listed}"}])
    for name, times in given.items():
        if times > 1:
            raise misfits([{"where": name, "what": "is given twice: give it once"}])


def _too_large(limits: Limits) -> Problem:
    return Problem(413, f"a body has {limits.body_bytes:,} bytes at most")


def _missing(request: Asked) -> Problem:
    if request.others:
        allowed = ", ".join(request.others)
        return Problem(405, f"this path takes {allowed}", headers={"Allow": allowed})
    return Problem(404, "there is nothing at this path; see /openapi.json")


async def _discard(receive: Receive) -> None:
    """Read and forget the rest of a body, within reason."""
    left = DISCARDED_BYTES

    async def read() -> None:
        nonlocal left
        while left > 0:
            message = await receive()
            left -= len(message.get("body", b""))
            if not message.get("more_body", False):
                return

    try:
        async with asyncio.timeout(DISCARDED_S):
            await read()
    except TimeoutError:
        return

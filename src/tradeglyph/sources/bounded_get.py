"""One HTTP GET that is bounded in time, size and attempts, and keeps the secret in its address.

The secret travels in the query, as some providers want it. So the address is never in a message,
nor in an exception that a message is chained to; plain http is for this machine only; redirects
are not followed, as they could lead the address elsewhere.
"""

import http.client
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import IO
from urllib.parse import urlencode, urlsplit

from pydantic import SecretStr

from tradeglyph.domain.errors import InputError, TradeglyphError
from tradeglyph.domain.hosts import is_loopback

MAX_BYTES = 64 * 1024 * 1024
CHUNK = 1 << 16
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
BUSY = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where to ask, and how patiently."""

    name: str
    """Who is asked, for messages."""
    base_url: str
    timeout_s: float = 30.0
    """Longest wait for an attempt's connection, for its next bytes, and for its whole body."""
    attempts: int = 4
    max_bytes: int = MAX_BYTES

    def __post_init__(self) -> None:
        try:
            parts, host = urlsplit(self.base_url), urlsplit(self.base_url).hostname
            _ = parts.port
        except ValueError:
            raise InputError(f"{self.name}: the base URL can't be read") from None
        local = parts.scheme == "http" and is_loopback(host)
        if not host or not (parts.scheme == "https" or local):
            raise InputError(f"{self.name}: the base URL must be https: the key travels in it")
        if parts.query or parts.fragment or parts.username:
            raise InputError(f"{self.name}: the base URL must have no query, fragment or user")
        if not self.timeout_s > 0 or self.attempts < 1:
            raise InputError(f"{self.name}: time-out and attempts must be positive")


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an attempt gave no body. Holds no exception, whose text or fields could show the
    address."""

    reason: str
    again: bool
    pause_s: float = 0.0
    """Shortest pause that the server asks for."""


def bounded_get(
    endpoint: Endpoint,
    query: Mapping[str, str],
    secret: Mapping[str, SecretStr],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> bytes:
    """The body of a status-200 answer.

    Time-outs, broken connections, cut bodies, 5xx and 429 are tried again after a pause that
    doubles from one second to a minute, shortened at random by up to a half so that clients don't
    march in step; a server's Retry-After is kept to, up to a minute.

    Args:
        endpoint: whom to ask.
        query: what to ask.
        secret: further query fields, which no message shows.
        sleep: takes the seconds to wait.

    Raises:
        InputError: the server refuses the request (4xx, a redirect), or sends too much.
        TradeglyphError: no answer in the last attempt either.
    """
    failure = _Failure("not tried", again=True)
    for attempt in range(endpoint.attempts):
        if attempt:
            sleep(_pause_s(attempt, failure))
        answer = _attempt(endpoint, query, secret)
        if isinstance(answer, bytes):
            return answer
        if not answer.again:
            raise InputError(f"{endpoint.name}: {answer.reason}")
        failure = answer
    raise TradeglyphError(
        f"{endpoint.name}: {failure.reason} ({endpoint.attempts} attempts); "
        "check the connection, or try again later"
    )


def _pause_s(attempt: int, failure: _Failure) -> float:
    backoff = min(FIRST_PAUSE_S * 2.0 ** (attempt - 1), LONGEST_PAUSE_S)
    jittered = backoff * random.uniform(0.5, 1.0)  # noqa: S311 - spreads clients, keeps no secret
    return max(jittered, min(failure.pause_s, LONGEST_PAUSE_S))


def _attempt(
    endpoint: Endpoint, query: Mapping[str, str], secret: Mapping[str, SecretStr]
) -> bytes | _Failure:
    """A body, or why there is none. Never raises what urllib raises: that may hold the address."""
    try:
        with _open(endpoint, query, secret) as response:
            return _body(response, endpoint)
    except urllib.error.HTTPError as error:
        with error:
            return _refusal(error.code, error.headers)
    except urllib.error.URLError as error:
        return _Failure(f"can't be reached: {_without_address(error.reason)}", again=True)
    except TimeoutError:
        return _Failure(f"no whole answer within {endpoint.timeout_s:g} s", again=True)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _Failure(f"the connection broke ({type(error).__name__})", again=True)


def _open(
    endpoint: Endpoint, query: Mapping[str, str], secret: Mapping[str, SecretStr]
) -> http.client.HTTPResponse:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if is_loopback(urlsplit(endpoint.base_url).hostname):
        handlers.append(urllib.request.ProxyHandler({}))
    fields = dict(query) | {name: value.get_secret_value() for name, value in secret.items()}
    response: http.client.HTTPResponse = urllib.request.build_opener(*handlers).open(
        f"{endpoint.base_url}?{urlencode(fields)}", timeout=endpoint.timeout_s
    )
    return response


def _body(response: http.client.HTTPResponse, endpoint: Endpoint) -> bytes | _Failure:
    """The whole body, or why it isn't. A socket's time-out starts anew with every byte, so the
    clock is watched here too."""
    deadline = time.monotonic() + endpoint.timeout_s
    body = bytearray()
    while chunk := response.read1(CHUNK):
        body += chunk
        if len(body) > endpoint.max_bytes:
            return _Failure(f"the answer is over {endpoint.max_bytes} bytes", again=False)
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:
        return _Failure(f"the answer was cut short after {len(body)} bytes", again=True)
    return bytes(body)


def _refusal(status: int, headers: Message) -> _Failure:
    if status == BUSY or status >= 500:
        asked = headers.get("Retry-After", "")
        pause_s = float(asked) if asked.isdecimal() else 0.0
        return _Failure(f"answers with status {status}", again=True, pause_s=pause_s)
    if 300 <= status < 400:
        return _Failure(f"redirects (status {status}), which is not followed", again=False)
    return _Failure(f"refuses the request with status {status}", again=False)


def _without_address(reason: object) -> str:
    """What the system says of a failed connection; anything else by its type alone."""
    if isinstance(reason, TimeoutError):
        return "timed out"
    said = reason.strerror if isinstance(reason, OSError) else None
    return said or type(reason).__name__


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Follow nothing: the answer becomes an HTTPError."""

"""A real server on a real port: what only sockets show."""

import contextlib
import gc
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.service.conftest import running
from tests.service.parts import KEYS, NOW, HandClock, api_keys, bearer, parts_of
from tradeglyph.domain.api_keys import ApiKeys
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.hosts import is_loopback
from tradeglyph.model.shipped import open_model
from tradeglyph.service import examples
from tradeglyph.service.limits import Limits
from tradeglyph.service.protocol import BoundedHead
from tradeglyph.service.server import check_host, serve


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    parts = parts_of(tmp_path_factory.mktemp("served"))
    with running(parts, Limits(body_s=1.0, body_bytes=100_000)) as at:
        yield at
    parts.queue.close()


def talk(address: str, sent: bytes, *, patience_s: float = 5.0) -> bytes:
    """What comes back for some bytes, while the connection is kept open, until it is closed."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=patience_s) as sock:
        sock.sendall(sent)
        said = b""
        try:
            while part := sock.recv(65_536):
                said += part
        except TimeoutError:
            pass
        return said


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: here", *lines, "", ""]).encode()


KEY = f"Authorization: Bearer {KEYS['boss']}"
LONG = "Content-Length: 50000"
JSON = "Content-Type: application/json"


@pytest.mark.parametrize("expect", [(), ("Expect: 100-continue",)])
@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ((LONG, JSON), b"401"),
        ((f"Authorization: Bearer {KEYS['reader']}", LONG, JSON), b"403"),
        ((KEY, "Content-Length: 100001", JSON), b"413"),
        (("Transfer-Encoding: chunked",), b"401"),
    ],
)
def test_who_may_not_is_told_before_the_body_is_sent(
    address: str, lines: tuple[str, ...], status: bytes, expect: tuple[str, ...]
) -> None:
    began = time.perf_counter()
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as sock:
        sock.sendall(head("POST", "/v1/score", *lines, *expect))
        said = sock.recv(65_536)
        assert time.perf_counter() - began < 1.0
        assert said.split(b" ")[1] == status  # and not 100: nobody asked for the body
        assert b"application/problem+json" in said


def test_a_body_is_asked_for_where_it_is_wanted(address: str) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as sock:
        sock.sendall(
            head("POST", "/v1/score", KEY, JSON, "Content-Length: 2", "Expect: 100-continue")
        )
        assert sock.recv(65_536).startswith(b"HTTP/1.1 100 ")
        sock.sendall(b"{}")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 422 ")


OFFER = ("Connection: Upgrade, HTTP2-Settings", "UPGRADE: h2c", "HTTP2-Settings: AAMAAABk")
"""As Java's clients send it with every request, unless told not to."""


@pytest.mark.parametrize("chunked", [False, True])
def test_an_offer_of_another_protocol_is_not_taken(address: str, chunked: bool) -> None:
    body = b'{"note": "\\u0020",\r\n\r\n"Upgrade": 1}'
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    sent = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as sock:
        for pause in (False, True):
            asked = head("POST", "/v1/score", KEY, JSON, *OFFER, length)
            for packet in (asked, sent) if pause else (asked + sent,):
                sock.sendall(packet)
                time.sleep(0.05)
            said = sock.recv(65_536)
            assert said.startswith(b"HTTP/1.1 422 ")
            assert b"note: is unknown" in said


def test_after_an_offer_in_two_packets_no_body_is_taken_for_a_request(address: str) -> None:
    hidden = head("GET", "/healthz")
    asked = head("POST", "/v1/score", KEY, JSON, *OFFER, f"Content-Length: {len(hidden)}")
    at = asked.index(b"GRADE")
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as sock:
        said = b""
        with contextlib.suppress(ConnectionError):
            for packet in (asked[:at], asked[at:], hidden):
                sock.sendall(packet)
                time.sleep(0.05)
            while part := sock.recv(65_536):
                said += part
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


def test_a_body_that_comes_too_slowly_is_given_up(address: str) -> None:
    began = time.perf_counter()
    said = talk(address, head("POST", "/v1/score", KEY, JSON, LONG) + b"{", patience_s=8)
    assert said.split(b" ")[1] == b"408"
    assert b"connection: close" in said.lower()
    assert 0.9 < time.perf_counter() - began < 6


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_and_the_answer_arrives(
    address: str, chunked: bool
) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            yield b"a" * 50_000

    content = chunks() if chunked else b"a" * 5_000_000
    said = httpx.post(
        f"{address}/v1/score",
        content=content,
        headers={**bearer("boss"), "Content-Type": "application/json"},
        timeout=20,
    )
    assert said.status_code == 413
    assert said.json()["status"] == 413


def test_what_is_no_http_is_refused(address: str) -> None:
    said = talk(address, b"\x16\x03\x01 hello\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    said = talk(address, head("GET", "/healthz", "X-A: " + "a" * 60_000))
    assert said.split(b" ")[1] in (b"400", b"431")


def test_bodies_are_no_heads(address: str) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    for size in (60_000, 1, 60_000, 90_000):
        body = b'{"a": "' + b"a" * size + b'"}'
        connection.request(
            "POST", "/v1/score", body, {**bearer("boss"), "Content-Type": "application/json"}
        )
        said = connection.getresponse()
        assert (said.status, b"a: is unknown" in said.read()) == (422, True)
    connection.close()


CHUNKED = head("POST", "/v1/score", KEY, JSON, "Transfer-Encoding: chunked")


def test_what_follows_a_body_is_no_header(address: str) -> None:
    asked = head("GET", "/v1/alerts", "Transfer-Encoding: chunked")
    said = talk(address, asked + f"0\r\n{KEY}\r\n\r\n".encode(), patience_s=1)
    assert said.startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /" + b"a" * 9,
        head("GET", "/healthz")[:-2] + b"X-A: a",
        CHUNKED + b"2\r\n{}\r\n0\r\nX-A: a",
        CHUNKED + b"2;a",
    ],
)
def test_a_head_without_an_end_is_given_up(address: str, begun: bytes) -> None:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as sock:
        sock.sendall(begun)
        said = b""
        sock.settimeout(0.01)
        for _ in range(100):
            try:
                sock.sendall(b"a" * 1_000)
                said += sock.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                break
    assert said.startswith(b"HTTP/1.1 400 ")


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    parts = parts_of(tmp_path_factory.mktemp("impatient"))
    with running(parts, Limits(head_s=0.5)) as at:
        yield at
    parts.queue.close()


@pytest.mark.parametrize(
    ("asked_before", "begun", "end"),
    # Between requests uvicorn waits, for longer.
    [(False, b"", b""), (False, b"GET /healthz HTT", b"400"), (True, b"GET /healthz HTT", b"400")],
)
def test_a_head_that_takes_too_long_is_given_up(
    impatient: str, asked_before: bool, begun: bytes, end: bytes
) -> None:
    parts = urlsplit(impatient)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as sock:
        if asked_before:
            sock.sendall(head("GET", "/healthz"))
            assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")
        sock.sendall(begun)
        said = b""
        while part := sock.recv(65_536):
            said += part
    assert said.partition(b" ")[2][:3] == end


def test_sending_byte_by_byte_gives_no_more_time(impatient: str) -> None:
    parts = urlsplit(impatient)
    with socket.create_connection((parts.hostname, parts.port), timeout=0.05) as sock:
        said = b""
        for byte in head("GET", "/healthz", "X: " + "a" * 200):
            try:
                sock.sendall(bytes([byte]))
                said += sock.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                break
    assert said.startswith(b"HTTP/1.1 400 ")


def test_a_slow_body_is_no_slow_head(impatient: str) -> None:
    parts = urlsplit(impatient)
    slow = head("POST", "/v1/score", KEY, JSON, "Content-Length: 2")
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as sock:
        sock.sendall(slow)
        time.sleep(1.0)  # twice what a head may take
        sock.sendall(b"{}")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 422 ")


def test_who_sends_on_without_listening_is_not_listened_to(address: str) -> None:
    one = head("GET", "/healthz")
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=0.5) as sock:
        with contextlib.suppress(TimeoutError):
            for _ in range(100):
                sock.sendall(one * 2_000)
        found = [one for one in gc.get_objects() if issubclass(type(one), BoundedHead)]
        waiting = max(len(connection.pipeline) for connection in found)
    assert waiting <= 262_144 // len(one) + 1  # what asyncio reads at once


def test_one_connection_serves_many_requests(address: str) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/v1/alerts", headers=bearer("reader"))
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("server")) == (200, None)
        answer.read()
    connection.close()


def test_many_clients_are_answered_at_once(address: str) -> None:
    with httpx.Client(base_url=address, headers=bearer("scorer"), timeout=20) as client:
        with ThreadPoolExecutor(8) as pool:
            said = list(
                pool.map(lambda _: client.post("/v1/score", json=examples.SCORE), range(40))
            )
        assert {answer.status_code for answer in said} == {200}
        assert len({answer.json()["probability"] for answer in said}) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "example.org", ""])  # noqa: S104
def test_nobody_is_let_in_without_a_key(tmp_path: Path, host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(InputError, match="API key"):
        check_host(host, ApiKeys(), NOW)
    check_host(host, api_keys(), NOW)
    parts = parts_of(tmp_path, keys=ApiKeys())
    with pytest.raises(InputError, match="API key"):
        serve(parts, host=host)


def test_sagemakers_container_needs_no_key_and_lets_nobody_else_in(tmp_path: Path) -> None:
    check_host("0.0.0.0", ApiKeys(), NOW, sagemaker=True)  # noqa: S104
    parts = replace(parts_of(tmp_path, keys=ApiKeys()), seed=open_model("seed"))
    with running(parts, Limits(), sagemaker=True) as at:
        assert httpx.get(f"{at}/ping").status_code == 200
        for path in ("/v1/alerts", "/v1/alerts/x/picture.png"):
            assert httpx.get(at + path, headers={"Authorization": "Bearer x"}).status_code == 401
        assert httpx.post(f"{at}/v1/score", content=b"{}").status_code == 401
    parts.queue.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_may_be_served_without(host: str) -> None:
    assert is_loopback(host)
    check_host(host, ApiKeys(), NOW)


def test_a_port_that_is_taken_is_said(tmp_path: Path, address: str) -> None:
    parts = parts_of(tmp_path, clock=HandClock())
    with pytest.raises(InputError, match=r"can't listen on 127\.0\.0\.1 port"):
        serve(parts, port=urlsplit(address).port or 0)
    with pytest.raises(InputError, match="can't listen"):
        serve(parts, port=70_000)
    parts.queue.close()


SERVED = """
import sys, time
sys.modules["polars"] = None  # 180 MB that this path does without
from pathlib import Path
from tests.service.parts import NO_CANDLES, NO_ROWS, over, parts_of
from tradeglyph.service.protocol import BoundedHead
from tradeglyph.service.server import serve
from tradeglyph.service.limits import Limits

class Slow:
    def investigate(self, events):
        print("begun", flush=True)
        time.sleep(1)
        return over(NO_ROWS, NO_CANDLES).investigate(events)

folder = Path(sys.argv[1])
slow = parts_of(folder, investigator=lambda lang, exhibits: Slow())
serve(slow, port=0, limits=Limits(score_s=5), started=lambda at: print(at, flush=True))
print("ended", flush=True)
"""


def test_stopping_ends_what_is_under_way(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVED, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
    )
    try:
        assert process.stdout is not None
        at = process.stdout.readline().strip()
        answers: list[httpx.Response] = []
        asking = threading.Thread(
            target=lambda: answers.append(
                httpx.post(f"{at}/v1/score", json=examples.EVENT, headers=bearer("boss"), timeout=9)
            )
        )
        asking.start()
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=15)
        asking.join(10)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, err
    assert out == "ended\n"
    assert answers[0].status_code == 200
    assert "Traceback" not in err
    assert '"event": "stopped"' in err

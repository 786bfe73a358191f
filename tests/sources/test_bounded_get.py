"""Time, size and attempts are bounded, and the secret is never shown; against a real server."""

import socket
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from tests.sources.replies import Reply, ScriptedServer, serving
from tests.sources.secrecy import SECRET, shown_by
from tradeglyph.domain.errors import InputError, TradeglyphError
from tradeglyph.sources.bounded_get import LONGEST_PAUSE_S, Endpoint, bounded_get

HIDDEN = {"key": SecretStr(SECRET)}


def ask(server: ScriptedServer, slept: list[float] | None = None, **endpoint: float | int) -> bytes:
    sleep = (lambda _: None) if slept is None else slept.append
    settings = {"name": "the exchange", "base_url": server.url, "timeout_s": 5.0} | endpoint
    return bounded_get(Endpoint(**settings), {"q": "x y"}, HIDDEN, sleep=sleep)  # type: ignore[arg-type]


def refused(server: ScriptedServer, **endpoint: float | int) -> TradeglyphError:
    with pytest.raises(TradeglyphError) as caught:
        ask(server, **endpoint)
    assert SECRET not in shown_by(caught.value)
    assert "K3Y" not in shown_by(caught.value)
    assert server.url not in str(caught.value)
    return caught.value


def test_the_query_and_the_secret_arrive() -> None:
    with serving(Reply(body=b"ok")) as server:
        assert ask(server) == b"ok"
    assert server.queries == [{"q": "x y", "key": SECRET}]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    slept: list[float] = []
    with serving(Reply(status=status), Reply(status=status), Reply(body=b"ok")) as server:
        assert ask(server, slept) == b"ok"
    assert len(server.queries) == 3
    assert 0.5 <= slept[0] <= 1.0 <= slept[1] <= 2.0


def test_attempts_end() -> None:
    slept: list[float] = []
    with serving(Reply(status=500)) as server:
        error = refused(server, attempts=3)
        assert len(server.queries) == 3
        with pytest.raises(TradeglyphError):
            ask(server, slept, attempts=12)
    assert str(error) == (
        "the exchange: answers with status 500 (3 attempts); "
        "check the connection, or try again later"
    )
    assert not isinstance(error, InputError)
    assert len(slept) == 11
    assert max(slept) <= LONGEST_PAUSE_S


@pytest.mark.parametrize(("asked", "least"), [("7", 7.0), ("86400", LONGEST_PAUSE_S), ("²", 0.5)])
def test_a_server_may_ask_for_patience_but_not_for_ever(asked: str, least: float) -> None:
    slept: list[float] = []
    patience = Reply(status=429, headers={"Retry-After": asked})
    with serving(patience, Reply(body=b"ok")) as server:
        ask(server, slept)
    assert least <= slept[0] <= max(least, 1.0)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_the_users_and_final(status: int) -> None:
    with serving(Reply(status=status)) as server:
        error = refused(server)
    assert isinstance(error, InputError)
    assert f"status {status}" in str(error)
    assert len(server.queries) == 1


def test_a_redirect_is_not_followed_as_it_could_lead_the_secret_away() -> None:
    with serving(Reply(body=b"elsewhere")) as other:
        away = Reply(status=302, headers={"Location": f"{other.url}?key=stolen"})
        with serving(away) as server:
            assert "redirects" in str(refused(server))
    assert other.queries == []


def test_a_cut_body_is_asked_for_again() -> None:
    cut = Reply(body=b"half", length=8)
    with serving(cut, Reply(body=b"complete")) as server:
        assert ask(server) == b"complete"
    with serving(cut) as server:
        assert "cut short after 4 bytes" in str(refused(server, attempts=2))
    assert len(server.queries) == 2


def test_a_cut_chunked_body_is_no_answer() -> None:
    cut = Reply(body=b"8\r\nha", headers={"Transfer-Encoding": "chunked"})
    with serving(cut) as server:
        assert "connection broke" in str(refused(server, attempts=1))


def test_a_silent_server_is_left_in_time() -> None:
    with serving(Reply(body=b"late", pause_s=30.0)) as server:
        began = time.monotonic()
        assert "no whole answer within 0.2 s" in str(refused(server, timeout_s=0.2, attempts=2))
        assert time.monotonic() - began < 10
    assert len(server.queries) == 2


def test_a_server_that_drips_is_left_in_time() -> None:
    drip = Reply(body=b"x" * 1000, pause_s=0.05, chunks=1000)
    with serving(drip) as server:
        began = time.monotonic()
        assert "no whole answer within 0.3 s" in str(refused(server, timeout_s=0.3, attempts=1))
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("length", [None, 0])
def test_an_answer_over_the_limit_is_not_read_on(length: int | None) -> None:
    with serving(Reply(body=b"x" * 300_000, length=length)) as server:
        assert "over 1000 bytes" in str(refused(server, max_bytes=1000))
    assert len(server.queries) == 1


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_nobody_there(closed_port: int) -> None:
    endpoint = Endpoint(name="n", base_url=f"http://127.0.0.1:{closed_port}/", attempts=2)
    with pytest.raises(TradeglyphError, match="can't be reached: Connection refused") as caught:
        bounded_get(endpoint, {}, HIDDEN, sleep=lambda _: None)
    assert SECRET not in shown_by(caught.value)


@pytest.mark.parametrize("url", ["https://x.example/q", "http://localhost:1/", "http://[::1]:1/q"])
def test_https_and_this_machine_are_allowed(url: str) -> None:
    assert Endpoint(name="n", base_url=url).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example/q", "http://127.0.0.1.x.example/", "http://10.0.0.1/", "ftp://localhost/",
        "file:///etc/passwd", "localhost", "", "https:///q", "https://[::1/", "https://x:port/",
        "https://x.example/q?a=b", "https://me:word@x.example/", "https://x.example/#f",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InputError, match="base URL"):
        Endpoint(name="n", base_url=url)


@pytest.mark.parametrize(
    "wrong", [{"timeout_s": 0.0}, {"timeout_s": float("nan")}, {"attempts": 0}]
)
def test_impossible_patience_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match="must be positive"):
        Endpoint(name="n", base_url="https://x.example/", **wrong)  # type: ignore[arg-type]

"""Keys, scopes, rates, sizes, headers: what is answered before anything is done."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.service.conftest import Made, Service
from tests.service.parts import KEYS, NOW, HandClock, api_keys
from tradeglyph.domain.api_keys import ApiKey, ApiKeys, Scope, key_hash, new_key
from tradeglyph.domain.errors import InputError
from tradeglyph.service import examples
from tradeglyph.service.buckets import Buckets
from tradeglyph.service.limits import Limits
from tradeglyph.service.operations import OPERATIONS, SAGEMAKER

GUARDED = [operation for operation in OPERATIONS if operation.scope is not None]
PLACES = {"{alert_id}": "alert0", "{name}": "trades.csv"}


def path_of(operation: Any) -> str:
    path: str = operation.path
    for place, value in PLACES.items():
        path = path.replace(place, value)
    return path


def is_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The members of an error, which has the shape of all errors."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    fields: dict[str, Any] = answer.json()
    assert fields["status"] == status
    assert fields["type"] == "about:blank"
    assert fields["title"]
    assert fields["detail"]
    assert fields["request_id"] == answer.headers["x-request-id"]
    return fields


@pytest.fixture(scope="module")
def service(refusing: Service) -> Service:
    return refusing


@pytest.mark.parametrize("operation", GUARDED, ids=lambda operation: operation.name)
@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer nobody", "Basic " + KEYS["boss"], KEYS["boss"]],
)
def test_without_a_key_nothing_is_told(
    service: Service, operation: Any, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    said = service.ask(operation.method, path_of(operation), None, headers=headers)
    is_problem(said, 401)
    assert said.headers["www-authenticate"].startswith("Bearer realm=")


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/score/", "/v1/score%0A"])
def test_what_is_not_there_is_told_to_who_has_a_key(service: Service, path: str) -> None:
    is_problem(service.ask("POST", path, None), 401)
    is_problem(service.ask("POST", path), 404)


@pytest.mark.parametrize("operation", GUARDED, ids=lambda operation: operation.name)
@pytest.mark.parametrize("who", ["scorer", "reader", "reviewer", "boss"])
def test_a_key_may_do_what_its_scopes_say(service: Service, operation: Any, who: str) -> None:
    allowed = {
        "scorer": {Scope.SCORE},
        "reader": {Scope.READ},
        "reviewer": {Scope.READ, Scope.REVIEW},
        "boss": set(Scope),
    }[who]
    said = service.ask(operation.method, path_of(operation), who)
    if operation.scope in allowed:
        assert said.status_code not in (401, 403, 500)
    else:
        detail = is_problem(said, 403)["detail"]
        assert operation.scope.value in detail


def test_a_key_expires(make: Made) -> None:
    clock = HandClock()
    key = ApiKey(name="old", sha256=key_hash("k"), scopes=frozenset({Scope.READ}), expires=NOW + 1)
    service = make(clock=clock, keys=ApiKeys([key]))
    headers = {"Authorization": "Bearer k"}
    assert service.ask("GET", "/v1/alerts", None, headers=headers).status_code == 200
    clock.time += 1
    is_problem(service.ask("GET", "/v1/alerts", None, headers=headers), 401)
    assert not service.parts.keys.usable(clock.time)


def test_two_authorizations_are_none(service: Service) -> None:
    headers = [("Authorization", f"Bearer {KEYS['boss']}"), ("Authorization", "Bearer x")]

    import asyncio

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get("/v1/alerts", headers=headers)

    is_problem(asyncio.run(ask()), 401)


def test_another_method_is_a_405_that_says_which(service: Service) -> None:
    said = service.ask("DELETE", "/v1/alerts/alert0")
    is_problem(said, 405)
    assert said.headers["allow"] == "GET, HEAD, PATCH"
    is_problem(service.ask("POST", "/healthz", None), 405)
    is_problem(service.ask("GET", "/nothing", None), 404)


def test_each_key_has_a_rate(make: Made) -> None:
    service = make(Limits(per_second=0.5, burst=2))
    for _ in range(2):
        assert service.ask("GET", "/v1/alerts", "reader").status_code == 200
    said = service.ask("GET", "/v1/alerts", "reader")
    is_problem(said, 429)
    assert said.headers["retry-after"] == "2"
    assert service.ask("GET", "/v1/alerts", "boss").status_code == 200


def test_buckets_fill_again() -> None:
    now = [0.0]
    buckets = Buckets(2.0, 3, lambda: now[0])
    assert [buckets.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]
    now[0] = 0.25
    assert buckets.wait_s("a") == 0.25
    now[0] = 0.5
    assert buckets.wait_s("a") == 0
    now[0] = 100.0  # no more than the burst
    assert [buckets.wait_s("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_heads_are_bounded(service: Service) -> None:
    is_problem(service.ask("GET", "/v1/alerts?cursor=" + "a" * 4_096), 414)
    is_problem(service.ask("GET", "/v1/alerts", headers={"X-A": "a" * 16_384}), 431)


def test_bodies_are_bounded(make: Made) -> None:
    service = make(Limits(body_bytes=1_000))
    headers = {"Content-Type": "application/json"}
    is_problem(service.ask("POST", "/v1/score", content=b"a" * 1_001, headers=headers), 413)

    async def parts() -> Any:
        for _ in range(3):
            yield b"a" * 400

    said = service.ask("POST", "/v1/score", content=parts(), headers=headers)  # no length is said
    is_problem(said, 413)
    said = service.ask("POST", "/v1/score", content=b"a" * 1_000, headers=headers)
    is_problem(said, 400)


@pytest.mark.parametrize(
    ("method", "path", "who"),
    [
        ("GET", "/healthz", None),
        ("GET", "/v1/alerts", "boss"),
        ("GET", "/v1/alerts", None),
        ("GET", "/nothing", None),
        ("POST", "/v1/score", "boss"),
    ],
)
def test_every_answer_has_its_headers(
    service: Service, method: str, path: str, who: str | None
) -> None:
    headers = service.ask(method, path, who).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_nothing_secret_is_logged(make: Made) -> None:
    canary = "CANARY7341"
    key = f"tg_{canary}" + "k" * 43
    keys = ApiKeys([ApiKey(name="ops", sha256=key_hash(key), scopes=frozenset({Scope.ADMIN}))])
    service = make(keys=keys)
    headers = {"Authorization": f"Bearer {key}", "X-Request-Id": canary}
    for method, path, more in [
        ("POST", "/v1/score", {"json": {**examples.SCORE, "account_id": canary}}),
        ("POST", "/v1/score", {"json": {**examples.SCORE, "account_id": canary, "amount": -1}}),
        ("POST", "/v1/events", {"json": {**examples.EVENT, "account_id": canary}}),
        ("POST", "/v1/events", {"content": canary, "headers": {"Content-Type": "text/plain"}}),
        ("GET", f"/v1/alerts?account_id={canary}", {}),
        ("GET", f"/v1/alerts/{canary}", {}),
        ("GET", f"/{canary}", {}),
        (canary, "/healthz", {}),
    ]:
        said = service.ask(
            method, path, None, **{**more, "headers": {**headers, **more.get("headers", {})}}
        )
        assert said.status_code < 500
    service.ask("GET", "/v1/alerts", None, headers={"Authorization": f"Bearer {canary}"})
    lines = [json.loads(line) for line in service.logged.getvalue().splitlines()]
    assert len(lines) == 9
    assert canary not in service.logged.getvalue()
    assert canary not in service.parts.keys.__repr__()
    metrics = service.ask("GET", "/metrics", None).text
    assert canary not in metrics
    assert {"event", "level", "timestamp", "request_id", "operation", "status", "ms"} <= set(
        lines[0]
    )
    assert lines[0]["operation"] == "score"
    assert lines[0]["key"] == "ops"


def test_new_keys_are_long_and_differ() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith("tg_") and len(key) == 3 + 43 for key in keys)  # 256 bits in base64
    # From `printf abc | sha256sum`.
    assert key_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "two words"},
        {"name": "n" * 65},
        {"sha256": "abc"},
        {"sha256": "A" * 64},
        {"scopes": frozenset()},
    ],
)
def test_a_key_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    fields = {"name": "n", "sha256": "a" * 64, "scopes": frozenset({Scope.READ}), **changes}
    with pytest.raises(InputError, match=r"service\.keys"):
        ApiKey(**fields)


def test_names_of_keys_differ() -> None:
    key = ApiKey(name="n", sha256="a" * 64, scopes=frozenset({Scope.READ}))
    with pytest.raises(InputError, match="two keys are called n"):
        ApiKeys([key, key])
    with pytest.raises(InputError, match="n and m have one and the same sha256"):
        ApiKeys([key, replace(key, name="m")])
    assert len(api_keys()) == 4


def test_the_table_and_the_routes_are_the_same(make: Made) -> None:
    """A route that the table lacks can't be reached, and one that only the table has is a fault."""
    from tradeglyph.model.shipped import open_model

    service = make(sagemaker=True, seed=open_model("seed"))
    document = service.ask("GET", "/openapi.json", None).json()
    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    table = {(operation.method, operation.path) for operation in OPERATIONS + SAGEMAKER}
    assert table - described == {("GET", "/openapi.json")}
    assert described <= table

"""Bodies that are refused: which, with which status, and in whose words."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.service.conftest import Service
from tests.service.parts import bearer
from tests.service.test_guard import GUARDED, is_problem, path_of
from tradeglyph.service import examples
from tradeglyph.service.operations import OPERATIONS

TRADE, CANDLE = examples.SCORE["trades"][0], examples.SCORE["candles"][0]
ALERT = "/v1/alerts/aaaa"


@pytest.fixture(scope="module")
def service(refusing: Service) -> Service:
    return refusing


@pytest.mark.parametrize(
    ("path", "body", "where", "what"),
    [
        ("/v1/score", {"amout": 1}, "amout", "is unknown; did you mean amount?"),
        ("/v1/score", {"event-id": "x"}, "event-id", "is unknown; did you mean event_id?"),
        ("/v1/score", {"bussinessType": "x"}, "bussinessType",
         "is unknown; did you mean businessType?"),
        ("/v1/score", {"colour": "x"}, "colour", "is unknown; leave it out"),
        ("/v1/score", {"trades": [TRADE, {**TRADE, "counterparty": "x"}]}, "trades.1.counterparty",
         "is unknown; did you mean counterparty_id?"),
        ("/v1/score", {"trades": [{**TRADE, "Fees": 1}]}, "trades.0.Fees",
         "is unknown; did you mean fee?"),
        ("/v1/score", {"candles": [{**CANDLE, "volumes": 5}]}, None, None),
        ("/v1/score", {"candles": [{**CANDLE, "turnover": 1}]}, None, None),
        ("/v1/score", {"account_id": True}, "account_id", "must be text or a whole number"),
        ("/v1/score", {"trades": [{**TRADE, "price": "ten"}]}, "trades.0.price",
         "must be a number"),
        ("/v1/score", {"trades": [{"time": 1}]}, "trades.0.side", "is missing"),
        ("/v1/score", {"trades": {}}, "trades", "must be a list"),
        ("/v1/score", {"lang": "fr"}, "lang", "must be en or zh"),
        ("/v1/score", {"explain": "yes"}, "explain", "must be true or false"),
        ("/v1/score", {"interval": "5" * 20}, "interval", "has more than 16 characters"),
        ("/v1/score", {"amount": -1}, "amount",
         "must be a number of 0 or more, and less than 1e31"),
        (ALERT, {"status": "shut"}, "status", "must be open, confirmed or dismissed"),
        (ALERT, {"status": "open", "version": -1}, "version", "must be 0 or more"),
        (ALERT, {"status": "open", "notes": "x"}, "notes", "is unknown; did you mean note?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line_of_ours(
    service: Service, path: str, body: dict[str, Any], where: str | None, what: str | None
) -> None:
    method = "POST" if path == "/v1/score" else "PATCH"
    whole = {**examples.SCORE, **body} if method == "POST" else body
    said = service.ask(method, path, json=whole)
    if where is None:  # a feed's own column that is like none that is missing
        assert said.status_code == 200, said.text
        return
    fields = is_problem(said, 422)
    assert fields["errors"][0] == {"where": where, "what": what}
    assert fields["detail"] == f"{where}: {what}"
    assert len({error["where"] for error in fields["errors"]}) == len(fields["errors"])


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("limit=a", "must be a whole number"),
        ("limit=201", "must be 200 or less"),
        ("status=shut", "must be open, confirmed or dismissed"),
        ("cursor=" + "c" * 600, "has more than 512 characters"),
    ],
)
def test_queries_are_told_so_too(service: Service, query: str, what: str) -> None:
    where = query.partition("=")[0]
    said = service.ask("GET", f"/v1/alerts?{query}")
    assert is_problem(said, 422)["errors"] == [{"where": where, "what": what}]


def test_json_that_is_none_says_where(service: Service) -> None:
    for path in ("/v1/score", "/v1/events"):
        headers = {"Content-Type": "application/json"}
        said = service.ask("POST", path, content=b'{\n "a": ]}', headers=headers)
        assert is_problem(said, 400)["detail"] == "the body is not JSON: see line 2, column 7"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 202),
        ({"Content-Type": "Application/JSON; charset=UTF-8"}, 202),
        ({"Content-Type": 'application/json; charset="utf-8"'}, 202),
        ({"Content-Type": "application/json", "Content-Encoding": "identity"}, 202),
        ({"Content-Type": "application/json; charset=gbk"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "identity, br"}, 415),
        ({"Content-Type": "text/json"}, 415),
        ({}, 415),
    ],
)
def test_a_body_is_json_in_utf_8_as_it_is(
    service: Service, headers: dict[str, str], status: int
) -> None:
    said = service.ask("POST", "/v1/events", content=b'{"userid": 1}', headers=headers)
    if status != 202:
        is_problem(said, status)
    assert said.status_code == status
    if headers.get("Content-Encoding", "identity") != "identity":
        assert said.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.method == "GET"], ids=lambda one: one.name
)
def test_head_is_get_without_a_body(service: Service, operation: Any) -> None:
    path = path_of(operation)
    get, head = (service.ask(method, path) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("content-type", "etag"):
        assert head.headers.get(name) == get.headers.get(name)
    if operation.scope is not None:
        assert service.ask("HEAD", path, None).status_code == 401


@pytest.mark.parametrize("operation", GUARDED, ids=lambda one: one.name)
def test_other_methods_are_told_which_there_are(service: Service, operation: Any) -> None:
    said = service.ask("PUT", path_of(operation))
    is_problem(said, 405)
    assert operation.method in said.headers["allow"].split(", ")
    assert ("HEAD" in said.headers["allow"]) is ("GET" in said.headers["allow"])


def test_two_contents_of_one_kind_do_not_hide_each_other(service: Service) -> None:
    """Also where a header is sent twice."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(service.app)
        headers = [
            *bearer("boss").items(),
            ("Content-Type", "application/json"),
            ("Content-Encoding", "identity"),
            ("Content-Encoding", "gzip"),
        ]
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.post("/v1/events", content=b"{}", headers=headers)

    is_problem(asyncio.run(ask()), 415)

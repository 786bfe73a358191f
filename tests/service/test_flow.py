"""Events and alerts over HTTP, probes and metrics."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.conftest import Made, Service
from tests.service.parts import (
    NOW,
    alerting,
    default_model,
    gone_queue,
    gone_source,
    gone_store,
    known,
    store_in,
)
from tests.service.test_guard import is_problem
from tradeglyph.domain.fills import DAY_US
from tradeglyph.service import examples
from tradeglyph.stores.digest import alert_id_of

FIRST, SECOND, THIRD = (alert_id_of(f"event:{at}") for at in range(3))


@pytest.fixture
def alerts(make: Made, tmp_path: Path) -> Service:
    """A service with three alerts of two accounts, days apart."""
    store = store_in(tmp_path)
    for at, account in enumerate(("u-1", "u-2", "u-1")):
        time = NOW + (at - 1) * 3 * DAY_US
        store.record([alerting(f"event:{at}", account_id=account, time=time)], NOW + at)
    return make(store=store)


def test_an_event_is_queued_as_it_came(service: Service) -> None:
    body = json.dumps(examples.EVENT)
    said = service.ask(
        "POST", "/v1/events", "scorer", content=body, headers={"Content-Type": "application/json"}
    )
    assert said.status_code == 202
    (message,) = service.parts.queue.receive(10, wait_s=0, lease_s=1)
    assert message.body == body
    assert said.json() == {"key": "event:withdrawal-77", "message_id": message.message_id}


def test_an_event_without_id_is_known_by_its_message(service: Service) -> None:
    said = service.ask("POST", "/v1/events", json={"userid": 7, "amount": 1}).json()
    assert said["key"] == f"message:{said['message_id']}"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("null", 422),
        ("[]", 422),
        ("{}", 422),
        ("not JSON", 400),
        ('{"userid": "", "event_id": "e"}', 422),
        ('{"userid": 1, "occurred_at": "2026-01-02T12:00:00"}', 422),
        ('{"userid": 1, "amount": "x"}', 422),
        ('{"userid": 1, "userid": 2}', 422),
        ('{"userid": "' + "u" * 300_000 + '"}', 422),
    ],
)
def test_what_is_no_event_is_not_queued(service: Service, content: str, status: int) -> None:
    said = service.ask(
        "POST", "/v1/events", content=content, headers={"Content-Type": "application/json"}
    )
    is_problem(said, status)
    assert service.parts.queue.depth().waiting == 0


def test_alerts_come_by_page_the_newest_first(alerts: Service) -> None:
    first = alerts.ask("GET", "/v1/alerts?limit=2", "reader").json()
    assert [alert["alert_id"] for alert in first["alerts"]] == [THIRD, SECOND]
    rest = alerts.ask("GET", f"/v1/alerts?limit=2&cursor={first['cursor']}", "reader").json()
    assert [alert["alert_id"] for alert in rest["alerts"]] == [FIRST]
    assert rest["cursor"] is None


def test_alerts_can_be_asked_for_by_status_and_account(alerts: Service) -> None:
    def asked(query: str) -> list[str]:
        found = alerts.ask("GET", f"/v1/alerts?{query}").json()["alerts"]
        return [alert["alert_id"] for alert in found]

    assert asked("account_id=u-2") == [SECOND]
    assert asked("status=open&account_id=u-1") == [THIRD, FIRST]
    assert asked("status=dismissed") == []


@pytest.mark.parametrize(
    "query",
    [
        *("cursor=x", "status=shut", "limit=0", "limit=201", "limit=a", "account_id=%00"),
        "status=open&limit=1&status=confirmed",
    ],
)
def test_a_query_that_cannot_be(alerts: Service, query: str) -> None:
    fields = is_problem(alerts.ask("GET", f"/v1/alerts?{query}"), 422)
    assert fields["errors"][0]["where"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "path", ["/v1/alerts?acount_id=u-1", f"/v1/alerts/{SECOND}?account_id=u-2"]
)
def test_a_name_in_the_query_that_means_nothing_is_refused(alerts: Service, path: str) -> None:
    assert is_problem(alerts.ask("GET", path), 422)["errors"][0]["where"] == "the query"


def test_an_alert_has_all_that_is_known(alerts: Service) -> None:
    said = alerts.ask("GET", f"/v1/alerts/{SECOND}", "reader").json()
    assert said["account_id"] == "u-2"
    assert said["opened_at"] == "2026-01-02T12:01:00.000001Z"
    assert said["window_start"] == "2026-01-01T12:01:00Z"
    assert said["findings"][0]["window_end"] == "2026-01-02T12:01:00Z"
    assert said["findings"][0]["probability"] == 0.97
    assert said["events"] == ["event:1"]
    assert said["replay"] == {"model": "default@0"}
    assert said["exhibits"] == ["page.html", "picture-2.png", "picture.png", "trades.csv"]


def test_the_picture_is_that_of_the_gravest_window(alerts: Service) -> None:
    said = alerts.ask("GET", f"/v1/alerts/{SECOND}/picture.png", "reader")
    assert (said.headers["content-type"], said.content) == ("image/png", b"\x89PNG mine")


def test_exhibits_are_files_and_never_run(alerts: Service) -> None:
    said = alerts.ask("GET", f"/v1/alerts/{SECOND}/exhibits/page.html", "reader")
    assert said.content == b"<script>1</script>"
    assert said.headers["content-disposition"] == "attachment"
    assert "sandbox" in said.headers["content-security-policy"]
    assert said.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/alerts/nobody",
        "/v1/alerts/nobody/trail",
        "/v1/alerts/nobody/picture.png",
        "/v1/alerts/nobody/exhibits/trades.csv",
        f"/v1/alerts/{FIRST}/exhibits/nothing",
        f"/v1/alerts/{FIRST}/exhibits/%00",
        f"/v1/alerts/{FIRST}/exhibits/..%2F..%2Fetc%2Fpasswd",
        f"/v1/alerts/{FIRST}/exhibits/",
    ],
)
def test_what_is_not_there(alerts: Service, path: str) -> None:
    is_problem(alerts.ask("GET", path), 404)


@pytest.mark.parametrize(
    ("said", "status", "action"),
    [
        ({"status": "confirmed"}, "confirmed", "confirmed"),
        ({"action": "dismissed", "note": "a market maker"}, "dismissed", "dismissed"),
        ({"note": "asked the client"}, "open", "noted"),
        ({"status": "open"}, "open", "reopened"),
        ({"status": "confirmed", "action": "confirmed"}, "confirmed", "confirmed"),
    ],
)
def test_who_decides_is_in_the_trail(
    alerts: Service, said: dict[str, str], status: str, action: str
) -> None:
    answer = alerts.ask("PATCH", f"/v1/alerts/{SECOND}", "reviewer", json={**said, "version": 1})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["version"]) == (status, 2)
    trail = alerts.ask("GET", f"/v1/alerts/{SECOND}/trail", "reader").json()["trail"]
    assert [line["action"] for line in trail] == ["opened", action]
    assert (trail[1]["who"], trail[1]["note"]) == ("reviewer", said.get("note", ""))
    assert trail[1]["number"] == 2


def test_who_saw_another_version_is_told(alerts: Service) -> None:
    said = {"status": "confirmed", "version": 1}
    assert alerts.ask("PATCH", f"/v1/alerts/{SECOND}", json=said).status_code == 200
    is_problem(alerts.ask("PATCH", f"/v1/alerts/{SECOND}", json=said), 409)


def test_two_people_do_not_overwrite_each_other(alerts: Service) -> None:
    """As HTTP has it: both read, one decides, the other is told."""
    path = f"/v1/alerts/{SECOND}"
    seen = alerts.ask("GET", path, "reader").headers["etag"]
    assert seen == '"1"'

    def decide(tag: str | None, **said: Any) -> httpx.Response:
        headers = {} if tag is None else {"If-Match": tag}
        return alerts.ask("PATCH", path, "reviewer", json=said, headers=headers)

    first = decide(seen, status="confirmed")
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    is_problem(decide(seen, status="dismissed"), 412)
    assert alerts.parts.store.alert(SECOND).status == "confirmed"
    # Nor where the versions contradict each other, or the tag is none of ours.
    assert is_problem(decide('"2"', status="open", version=1), 422)["errors"] == [
        {"where": "version", "what": "is not that of If-Match: give one"}
    ]
    for tag in ("2", 'W/"2"', '"two"', ""):
        assert is_problem(decide(tag, status="open"), 422)["errors"][0]["where"] == "If-Match"
    assert decide("*", note="any version").status_code == 200
    assert decide('"3"', note="this one").headers["etag"] == '"4"'


def test_a_decision_can_be_taken_back_and_the_trail_keeps_both(alerts: Service) -> None:
    path = f"/v1/alerts/{SECOND}"
    for said in ("confirmed", "dismissed", "open"):
        assert alerts.ask("PATCH", path, json={"status": said}).json()["status"] == said
    trail = alerts.ask("GET", f"{path}/trail").json()["trail"]
    assert [line["action"] for line in trail] == ["opened", "confirmed", "dismissed", "reopened"]


def test_an_alert_is_not_reopened_beside_another_of_the_same_window(alerts: Service) -> None:
    alerts.ask("PATCH", f"/v1/alerts/{SECOND}", json={"status": "dismissed"})
    (again,) = alerts.parts.store.record([alerting("event:again", account_id="u-2")], NOW)
    said = alerts.ask("PATCH", f"/v1/alerts/{SECOND}", json={"status": "open"})
    detail = is_problem(said, 409)["detail"]
    assert str(again.alert_id) in detail  # where to go on
    assert alerts.parts.store.alert(SECOND).status == "dismissed"


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"note": ""},
        {"action": "noted"},
        {"action": "opened"},
        {"status": "confirmed", "action": "dismissed"},
        {"status": "confirmed", "who": "somebody else"},
        {"version": 1},
        {"note": "n" * 10_001},
        {"status": "confirmed", "version": "1"},
    ],
)
def test_a_decision_that_is_none(alerts: Service, said: dict[str, Any]) -> None:
    is_problem(alerts.ask("PATCH", f"/v1/alerts/{SECOND}", json=said), 422)
    assert alerts.parts.store.alert(SECOND).version == 1


def test_a_decision_is_given_once(alerts: Service) -> None:
    text = '{"status": "confirmed", "note": "as said", "st\\u0061tus": "dismissed"}'
    headers = {"Content-Type": "application/json"}
    said = alerts.ask("PATCH", f"/v1/alerts/{SECOND}", content=text, headers=headers)
    twice = {"where": "status", "what": "is given twice: give it once"}
    assert is_problem(said, 422)["errors"] == [twice]
    assert alerts.parts.store.alert(SECOND).version == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/alerts", None),
        ("GET", "/v1/alerts/a", None),
        ("GET", "/v1/alerts/a/trail", None),
        ("GET", "/v1/alerts/a/picture.png", None),
        ("GET", "/v1/alerts/a/exhibits/b", None),
        ("PATCH", "/v1/alerts/a", {"status": "open"}),
        ("POST", "/v1/events", examples.EVENT),
    ],
)
def test_a_part_that_is_gone_is_a_503(
    make: Made, tmp_path: Path, method: str, path: str, body: Any
) -> None:
    service = make(store=gone_store(), queue=gone_queue(tmp_path))
    said = service.ask(method, path, json=body)
    is_problem(said, 503)
    assert said.headers["retry-after"] == "5"
    assert "hunter2" not in said.text + service.logged.getvalue()


def test_health_and_readiness(service: Service) -> None:
    assert service.ask("GET", "/healthz", None).json() == {"status": "ok"}
    said = service.ask("GET", "/readyz", None)
    assert said.json() == {"status": "ready", "trades_until": None, "candles_until": None}


@pytest.mark.parametrize(
    ("gone", "names"),
    [
        ({"store"}, ["store"]),
        ({"queue"}, ["queue"]),
        ({"model"}, ["model"]),
        ({"trades"}, ["trades"]),
        ({"store", "candles"}, ["store", "candles"]),
    ],
)
def test_readiness_names_what_is_not_ready(
    make: Made, tmp_path: Path, gone: set[str], names: list[str]
) -> None:
    trades, candles = known()
    whole: dict[str, Any] = {"trades": trades, "candles": candles}
    parts: dict[str, Any] = {
        "store": gone_store,
        "queue": lambda: gone_queue(tmp_path),
        "model": lambda: lambda: None,
        "trades": gone_source,
        "candles": gone_source,
    }
    service = make(**whole | {name: parts[name]() for name in gone})
    fields = is_problem(service.ask("GET", "/readyz", None), 503)
    assert fields["not_ready"] == names
    assert "hunter2" not in str(fields)
    assert service.ask("GET", "/healthz", None).status_code == 200


def test_readiness_tells_how_far_the_sources_reach(make: Made) -> None:
    trades, candles = known()
    said = make(trades=trades, candles=candles).ask("GET", "/readyz", None).json()
    # The last trade of the example, and the start of its last candle.
    assert said["trades_until"] == "2026-01-02T09:13:50Z"
    assert said["candles_until"] == "2026-01-02T09:10:00Z"


def figures(service: Service) -> dict[str, float]:
    text = service.ask("GET", "/metrics", None).text
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_metrics_count_answers_scores_and_the_queue(service: Service) -> None:
    service.parts.queue.send(["a", "b"])
    service.parts.clock.time += 90_000_000
    service.ask("POST", "/v1/score", json=examples.SCORE)
    service.ask("POST", "/v1/score", json=examples.EVENT)
    service.ask("POST", "/v1/score", None)
    found = figures(service)
    assert found['tradeglyph_requests_total{operation="score",status="200"}'] == 2
    assert found['tradeglyph_requests_total{operation="score",status="401"}'] == 1
    assert found['tradeglyph_decisions_total{decision="review"}'] == 1
    assert found['tradeglyph_decisions_total{decision="let_through"}'] == 1
    assert found['tradeglyph_unanswered_total{reason="no_trades"}'] == 1
    assert found['tradeglyph_verdicts_total{verdict="review"}'] == 1
    assert found['tradeglyph_stage_seconds_count{stage="investigate"}'] == 2
    assert found['tradeglyph_queue_messages{state="waiting"}'] == 2
    assert found['tradeglyph_queue_messages{state="dead"}'] == 0
    assert found["tradeglyph_queue_age_seconds"] == 90
    assert found["tradeglyph_queue_up"] == 1
    # One window was answered, and flagged; the card allows one honest window in a thousand.
    assert found["tradeglyph_flagged_share"] == 1
    assert found["tradeglyph_alert_budget"] == default_model().artifact.card.alert_budget
    assert found["tradeglyph_score_drift"] == 1  # of one that is expected at the least


def test_metrics_say_that_the_queue_is_gone(make: Made, tmp_path: Path) -> None:
    found = figures(make(queue=gone_queue(tmp_path)))
    assert found["tradeglyph_queue_up"] == 0
    assert not any(name.startswith("tradeglyph_queue_messages{") for name in found)

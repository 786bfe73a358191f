"""Events and alerts over HTTP, probes and metrics."""

import json
from typing import Any

import pytest

from tests.service.conftest import Made, Service
from tests.service.parts import NOW, MemoryStore, alerting, default_model
from tests.service.test_guard import is_problem
from tradeglyph.ports.alert_store import StoreGone
from tradeglyph.ports.queue import QueueGone
from tradeglyph.ports.sources import SourceGone
from tradeglyph.service import examples


@pytest.fixture
def alerts(make: Made) -> Service:
    """A service with three alerts of two accounts."""
    store = MemoryStore()
    for at, account in enumerate(("u-1", "u-2", "u-1")):
        store.record([alerting(f"event:{at}", account_id=account)], NOW + at)
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
    assert [alert["alert_id"] for alert in first["alerts"]] == ["alert2", "alert1"]
    rest = alerts.ask("GET", f"/v1/alerts?limit=2&cursor={first['cursor']}", "reader").json()
    assert [alert["alert_id"] for alert in rest["alerts"]] == ["alert0"]
    assert rest["cursor"] is None


def test_alerts_can_be_asked_for_by_status_and_account(alerts: Service) -> None:
    def asked(query: str) -> list[str]:
        found = alerts.ask("GET", f"/v1/alerts?{query}").json()["alerts"]
        return [alert["alert_id"] for alert in found]

    assert asked("account_id=u-2") == ["alert1"]
    assert asked("status=open&account_id=u-1") == ["alert2", "alert0"]
    assert asked("status=dismissed") == []


@pytest.mark.parametrize(
    "query", ["cursor=x", "status=shut", "limit=0", "limit=201", "limit=a", "account_id=%00"]
)
def test_a_query_that_cannot_be(alerts: Service, query: str) -> None:
    fields = is_problem(alerts.ask("GET", f"/v1/alerts?{query}"), 422)
    assert fields["errors"][0]["where"] == query.partition("=")[0]


@pytest.mark.parametrize("path", ["/v1/alerts?acount_id=u-1", "/v1/alerts/alert1?account_id=u-2"])
def test_a_name_in_the_query_that_means_nothing_is_refused(alerts: Service, path: str) -> None:
    assert is_problem(alerts.ask("GET", path), 422)["errors"][0]["where"] == "the query"


def test_an_alert_has_all_that_is_known(alerts: Service) -> None:
    said = alerts.ask("GET", "/v1/alerts/alert1", "reader").json()
    assert said["account_id"] == "u-2"
    assert said["opened_at"] == "2026-01-02T12:01:00.000001Z"
    assert said["window_start"] == "2026-01-01T12:01:00Z"
    assert said["findings"][0]["window_end"] == "2026-01-02T12:01:00Z"
    assert said["findings"][0]["probability"] == 0.97
    assert said["events"] == ["event:1"]
    assert said["replay"] == {"model": "default@0"}
    assert said["exhibits"] == ["trades.csv", "picture-XYZ.png", "picture-ABC.png", "page.html"]


def test_the_picture_is_that_of_the_gravest_window(alerts: Service) -> None:
    said = alerts.ask("GET", "/v1/alerts/alert1/picture.png", "reader")
    assert (said.headers["content-type"], said.content) == ("image/png", b"\x89PNG mine")


def test_exhibits_are_files_and_never_run(alerts: Service) -> None:
    said = alerts.ask("GET", "/v1/alerts/alert1/exhibits/page.html", "reader")
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
        "/v1/alerts/alert0/exhibits/nothing",
        "/v1/alerts/alert0/exhibits/%00",
        "/v1/alerts/alert0/exhibits/..%2F..%2Fetc%2Fpasswd",
        "/v1/alerts/alert0/exhibits/",
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
    answer = alerts.ask("PATCH", "/v1/alerts/alert1", "reviewer", json={**said, "version": 1})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["version"]) == (status, 2)
    trail = alerts.ask("GET", "/v1/alerts/alert1/trail", "reader").json()["trail"]
    assert [line["action"] for line in trail] == ["opened", action]
    assert (trail[1]["who"], trail[1]["note"]) == ("reviewer", said.get("note", ""))
    assert trail[1]["number"] == 2


def test_who_saw_another_version_is_told(alerts: Service) -> None:
    said = {"status": "confirmed", "version": 1}
    assert alerts.ask("PATCH", "/v1/alerts/alert1", json=said).status_code == 200
    is_problem(alerts.ask("PATCH", "/v1/alerts/alert1", json=said), 409)


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
    is_problem(alerts.ask("PATCH", "/v1/alerts/alert1", json=said), 422)
    assert alerts.parts.store.alert("alert1").version == 1


class Gone:
    """A part that can't be reached, whatever it is asked."""

    def __init__(self, kind: type[Exception]) -> None:
        self.kind = kind

    def __getattr__(self, name: str) -> Any:
        def gone(*_: Any, **__: Any) -> Any:
            raise self.kind("host db-7.internal user admin password hunter2")

        return (
            gone if not name.startswith("_") and name != "close" else super().__getattribute__(name)
        )


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
def test_a_part_that_is_gone_is_a_503(make: Made, method: str, path: str, body: Any) -> None:
    service = make(store=Gone(StoreGone), queue=Gone(QueueGone))
    said = service.ask(method, path, json=body)
    is_problem(said, 503)
    assert said.headers["retry-after"] == "5"
    assert "hunter2" not in said.text + service.logged.getvalue()


def test_health_and_readiness(service: Service) -> None:
    assert service.ask("GET", "/healthz", None).json() == {"status": "ok"}
    said = service.ask("GET", "/readyz", None)
    assert said.json() == {"status": "ready", "trades_until": None, "candles_until": None}


class Watermark:
    def watermark(self, before: int) -> int | None:
        return NOW


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"store": Gone(StoreGone)}, ["store"]),
        ({"queue": Gone(QueueGone)}, ["queue"]),
        ({"model": lambda: None}, ["model"]),
        ({"trades": Gone(SourceGone), "candles": Watermark()}, ["trades"]),
        ({"store": Gone(StoreGone), "candles": Gone(SourceGone)}, ["store", "candles"]),
    ],
)
def test_readiness_names_what_is_not_ready(
    make: Made, changes: dict[str, Any], names: list[str]
) -> None:
    service = make(**changes)
    fields = is_problem(service.ask("GET", "/readyz", None), 503)
    assert fields["not_ready"] == names
    assert "hunter2" not in str(fields)
    assert service.ask("GET", "/healthz", None).status_code == 200


def test_readiness_tells_how_far_the_sources_reach(make: Made) -> None:
    said = make(trades=Watermark()).ask("GET", "/readyz", None).json()
    assert said["trades_until"] == "2026-01-02T12:01:00Z"


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
    assert found["tradeglyph_score_drift"] == pytest.approx(1 / found["tradeglyph_alert_budget"])


def test_metrics_say_that_the_queue_is_gone(make: Made) -> None:
    found = figures(make(queue=Gone(QueueGone)))
    assert found["tradeglyph_queue_up"] == 0
    assert not any(name.startswith("tradeglyph_queue_messages{") for name in found)

"""The OpenAPI document: complete, true, and kept to by the service."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.service.conftest import Service
from tests.service.parts import KEYS, NOW, alerting, bearer
from tests.soak.scale import WHOLE
from tradeglyph.app.log import json_log
from tradeglyph.app.settings import load_settings
from tradeglyph.domain.api_keys import key_hash
from tradeglyph.service import examples, schemas
from tradeglyph.service.api import create_app
from tradeglyph.service.configured import limits_of
from tradeglyph.service.operations import OPERATIONS, SAGEMAKER
from tradeglyph.service.wiring import wired
from tradeglyph.stores.digest import alert_id_of

CONFIG = """
[queue]
url = "sqlite:///{folder}/queue.db"
[store]
url = "sqlite:///{folder}/alerts.db"
[sources.trades]
path = "{folder}/trades.csv"
[sources.candles]
path = "{folder}/candles.csv"
interval = "5m"
[investigate]
feeds_rest = true
[service]
per_second = 1e6
burst = 1000000
keys = [{{ name = "boss", scopes = ["admin"], sha256 = "{hashed}" }}]
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """What `tradeglyph serve --sagemaker` serves by a configuration, with one alert."""
    folder = tmp_path_factory.mktemp("configured")
    columns = {
        "trades": ("account_id", "symbol", "time", "side", "price", "quantity"),
        "candles": ("symbol", "time", "high", "low", "volume", "accounts"),
    }
    for name, names in columns.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            about = {"account_id": "u-1009", "symbol": "ABC"}
            for row in examples.SCORE[name]:
                writer.writerow({n: v for n, v in {**about, **row}.items() if n in names})
    settings = load_settings(CONFIG.format(folder=folder, hashed=key_hash(KEYS["boss"])))
    with wired(settings, sagemaker=True) as parts:
        parts.store.record([alerting("event:0")], NOW)
        logged = io.StringIO()
        app = create_app(
            parts, limits_of(settings.service), sagemaker=True, log=json_log("service", logged)
        )
        yield Service(parts, app, logged)


def document(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = service.ask("GET", "/openapi.json", None).json()
    return found


def test_every_operation_says_what_it_takes_and_gives(service: Service) -> None:
    for path, methods in document(service)["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert operation["operationId"]
            if path.startswith("/v1"):
                assert operation["security"] == [{"key": []}]
                assert {"401", "403", "429"} <= set(operation["responses"])
            else:
                assert "security" not in operation
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    (media_type,) = answer["content"]
                    assert media_type == "application/problem+json"
                    example = answer["content"][media_type]["example"]
                    assert example["status"] == int(status)
            for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
                assert "example" in content or content["schema"]["format"] == "binary", media_type


def test_every_reference_is_defined(service: Service) -> None:
    text = json.dumps(document(service))
    defined = set(document(service)["components"]["schemas"])
    used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used <= defined


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (schemas.ScoreAnswer, examples.SCORED),
        (schemas.EventAnswer, examples.SENT),
        (schemas.AlertAnswer, examples.ALERT),
        (schemas.AlertAnswer, examples.DECIDED),
        (schemas.AlertsAnswer, examples.ALERTS),
        (schemas.TrailAnswer, examples.TRAIL),
        (schemas.ReadyAnswer, examples.READY),
    ],
)
def test_examples_of_answers_are_answers(model: Any, example: dict[str, Any]) -> None:
    assert model.model_validate(example).model_dump(mode="json") == example


def test_examples_of_requests_work(service: Service) -> None:
    for method, path, body, status in [
        ("POST", "/v1/score", examples.SCORE, 200),
        ("POST", "/v1/events", examples.EVENT, 202),
        ("PATCH", f"/v1/alerts/{alert_id_of('event:0')}", examples.DECISION, 200),
    ]:
        said = service.ask(method, path, json=body)
        assert said.status_code == status, said.text


def test_examples_of_answers_are_what_comes_back(service: Service) -> None:
    paths = document(service)["paths"]

    def shown(path: str, method: str) -> dict[str, Any]:
        content = paths[path][method]["responses"]["200"]["content"]
        example: dict[str, Any] = content["application/json"]["example"]
        return example

    example = shown("/v1/score", "post")
    said = service.ask("POST", "/v1/score", json=examples.SCORE).json()
    for one in (said, said["findings"][0]):
        one["probability"] = round(one["probability"], 4)
    assert said == example
    known, other = (examples.EVENT | {"account_id": name} for name in ("u-1009", "u-1010"))
    assert service.ask("POST", "/v1/score", json=known).json()["record"] == "kept"
    refused = service.ask("POST", "/v1/score", json=other).json()
    content = paths["/v1/score"]["post"]["responses"]["409"]["content"]
    shown_refusal = content["application/problem+json"]["example"]
    assert refused | {"request_id": ""} == shown_refusal | {"request_id": ""}
    alerts = service.ask("GET", "/v1/alerts").json()
    assert set(alerts) == set(shown("/v1/alerts", "get"))
    alert = f"/v1/alerts/{alerts['alerts'][0]['alert_id']}"
    assert set(service.ask("GET", alert).json()) == set(shown("/v1/alerts/{alert_id}", "get"))
    decided = shown("/v1/alerts/{alert_id}", "patch")
    assert decided["status"] == examples.DECISION["status"]
    assert decided["version"] == examples.DECISION["version"] + 1


REFUSED = [400, 401, 403, 404, 413, 414, 422, 431]
LENGTHS = SchemathesisConfig.from_dict(
    # What fits no schema may be refused for its length, too.
    {"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}}
)
NAMES = [operation.name for operation in OPERATIONS + SAGEMAKER if operation.name != "openapi"]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("name", "mode"),
    [(name, GenerationMode.POSITIVE) for name in NAMES]
    # What takes nothing, or any bytes, can't be given what does not fit.
    + [(operation.name, GenerationMode.NEGATIVE) for operation in OPERATIONS if operation.scope],
)
def test_schemathesis_finds_no_fault(service: Service, name: str, mode: GenerationMode) -> None:
    """No server error and no answer that the document does not know, for what fits the schema and
    for what does not."""
    (operation,) = (
        schemathesis.openapi.from_asgi("/openapi.json", service.app, config=LENGTHS)
        .include(operation_id=name)
        .get_all_operations()
    )

    @settings(
        max_examples=100 if WHOLE else 5,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.ok().as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        # That a time has an offset, or a high is not below a low, is more than a schema says.
        case.call_and_validate(headers=bearer("boss"), excluded_checks=[positive_data_acceptance])

    check()

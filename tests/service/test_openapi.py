"""The OpenAPI document: complete, true, and kept to by the service."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.service.conftest import Made, Service
from tests.service.parts import NOW, MemoryStore, alerting, bearer
from tests.soak.scale import WHOLE
from tradeglyph.model.shipped import open_model
from tradeglyph.service import examples, schemas
from tradeglyph.service.limits import Limits
from tradeglyph.service.operations import OPERATIONS, SAGEMAKER


@pytest.fixture
def service(make: Made) -> Service:
    store = MemoryStore()
    store.record([alerting("event:0")], NOW)
    # To schemathesis, 414 and 431 are no answers to what does not fit a schema.
    limits = Limits(per_second=1e6, burst=10**6, target_bytes=10**6, header_bytes=10**6)
    return make(limits, store=store, sagemaker=True, seed=open_model("seed"))


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
        ("PATCH", "/v1/alerts/alert0", examples.DECISION, 200),
    ]:
        said = service.ask(method, path, json=body)
        assert said.status_code == status, said.text


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
        schemathesis.openapi.from_asgi("/openapi.json", service.app)
        .include(operation_id=name)
        .get_all_operations()
    )

    @settings(
        max_examples=100 if WHOLE else 10,
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

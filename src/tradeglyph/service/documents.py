"""The OpenAPI document: schemas, examples, and every error that an operation can answer with."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from tradeglyph import __version__
from tradeglyph.domain.api_keys import Scope
from tradeglyph.service import examples
from tradeglyph.service.images import MEDIA_TYPES
from tradeglyph.service.operations import Operation
from tradeglyph.service.problem import MEDIA_TYPE, TITLES
from tradeglyph.service.schemas import (
    AlertAnswer,
    AlertsAnswer,
    DecideBody,
    EventAnswer,
    EventBody,
    HealthAnswer,
    ProblemAnswer,
    ReadyAnswer,
    ScoreAnswer,
    ScoreBody,
    TrailAnswer,
)

DESCRIPTION = """Looks at what a brokerage account did and says whether a person should look before
its money leaves. Errors are `application/problem+json`. Times are RFC 3339; what the service says
is in UTC."""

_INPUTS: tuple[type[BaseModel], ...] = (ScoreBody, EventBody, DecideBody)
_OUTPUTS: tuple[type[BaseModel], ...] = (
    ScoreAnswer,
    EventAnswer,
    AlertAnswer,
    AlertsAnswer,
    TrailAnswer,
    HealthAnswer,
    ReadyAnswer,
    ProblemAnswer,
)
_REF = "#/components/schemas/{model}"

IMAGE_BODY: dict[str, Any] = {
    "required": True,
    "description": "A JPEG or PNG file; spec `seed` draws them 250 x 150, others are resized",
    "content": {name: {"schema": {"type": "string", "format": "binary"}} for name in MEDIA_TYPES},
}


def takes(model: type[BaseModel], example: Any) -> dict[str, Any]:
    """`openapi_extra` of an operation whose body is read by hand."""
    content = {"schema": _ref(model), "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def gives(model: type[BaseModel], example: Any, description: str) -> dict[str, Any]:
    """One entry of `responses`."""
    content = {"schema": _ref(model), "example": example}
    return {"description": description, "content": {"application/json": content}}


def problem(status: int, detail: str | None = None) -> dict[str, Any]:
    """The entry of `responses` for an error."""
    example = examples.problem(status, detail)
    content = {"schema": _ref(ProblemAnswer), "example": example}
    return {"description": TITLES[status], "content": {MEDIA_TYPE: content}}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Entries of `responses` for errors."""
    return {status: problem(status) for status in statuses}


def guarded(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same with what every operation under `/v1` can answer."""
    return problems(*sorted({401, 403, 413, 414, 429, 431, 500, 503, *statuses}))


def document(app: FastAPI, table: tuple[Operation, ...]) -> dict[str, Any]:
    """The OpenAPI document of the application."""
    found = get_openapi(
        title="tradeglyph", version=__version__, description=DESCRIPTION, routes=app.routes
    )
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _, defined = models_json_schema(
        [*((model, "validation") for model in _INPUTS), *((m, "serialization") for m in _OUTPUTS)],
        ref_template=_REF,
    )
    schemas.update(defined["$defs"])
    components["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key with the scope that the operation names: "
            + ", ".join(scope.value for scope in Scope),
        }
    }
    for operation in table:
        described = found["paths"].get(operation.path, {}).get(operation.method.lower())
        if described is not None and operation.scope is not None:
            described["security"] = [{"key": []}]
            described["description"] = f"Takes a key with the scope `{operation.scope.value}`."
    for methods in found["paths"].values():
        for described in methods.values():
            for answer in described["responses"].values():
                content = answer.get("content", {}).get("application/json")
                if content is not None:
                    content["example"] = _whole(content["example"], content["schema"], schemas)
    return found


def _whole(example: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """With the nulls that answers have, and that FastAPI leaves out of their examples."""
    schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(example, list):
        return [_whole(one, schema.get("items", {}), schemas) for one in example]
    if not isinstance(example, dict) or "properties" not in schema:
        return example
    return {
        name: _whole(example.get(name), of, schemas) for name, of in schema["properties"].items()
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}

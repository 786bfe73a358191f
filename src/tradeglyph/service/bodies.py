"""Reads JSON bodies into checked records."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from tradeglyph.service.problem import Problem

Record = TypeVar("Record")

JSON = "application/json"
_SYNTAX = "json_invalid"
_SHOWN = 10


async def text_of(request: Request) -> str:
    """The body of a request that says it is JSON. Raises Problem 415, or 400 if it is not UTF-8."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON:
        raise Problem(415, f"send the body as {JSON}")
    try:
        return (await request.body()).decode()
    except UnicodeDecodeError as error:
        raise Problem(400, f"the body is not UTF-8 at byte {error.start}") from None


def record_of(adapter: TypeAdapter[Record], body: str) -> Record:
    """The record in the body. Raises Problem 400 for what is no JSON, 422 for what does not fit."""
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        raise problem_of(error) from None


def problem_of(error: ValidationError) -> Problem:
    """What a client is told: where and why, and not what it sent."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    if found[0]["type"] == _SYNTAX:
        return Problem(400, f"the body is not JSON: {found[0]['msg']}")
    return misfits([{"where": _where(one["loc"]), "what": one["msg"]} for one in found])


def misfits(errors: list[dict[str, str]]) -> Problem:
    """Members that can't be what they are, each with `where` and `what`."""
    first = errors[0]
    return Problem(422, f"{first['where']}: {first['what']}", errors=errors[:_SHOWN])


def _where(location: tuple[Any, ...]) -> str:
    """Names and rows; what pydantic adds for the arms of a union is left out."""
    steps = [step for step in location if isinstance(step, int) or step.isidentifier()]
    return ".".join(str(step) for step in steps if step not in _ARMS) or "the body"


_ARMS = frozenset({"str", "int", "float", "bool", "list", "dict", "none"})

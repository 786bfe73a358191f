"""Reads JSON bodies into checked records."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from tradeglyph.pipeline.parse_event import BadEvent
from tradeglyph.service.misfit_words import misfits_of, place_of
from tradeglyph.service.problem import Problem

Record = TypeVar("Record", bound=BaseModel)

JSON = "application/json"
_SYNTAX = "json_invalid"
_SHOWN = 10
_NOT_JSON = "not JSON"
_FIELDS = frozenset({"amount", "occurred_at", "symbol", "event_id", "signals", "account_id"})


def check_media(request: Request, *accepted: str) -> None:
    """Raises Problem 415 where the body is said to be of another type, coded or not UTF-8."""
    said, *parameters = request.headers.get("content-type", "").split(";")
    if said.strip().lower() not in accepted:
        raise Problem(415, f"send the body as {', '.join(accepted)}")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip(' "').lower() not in _UTF_8:
            raise Problem(415, "send the body in UTF-8, or leave out the charset")
    codings = ",".join(request.headers.getlist("content-encoding")).split(",")
    if not {coding.strip().lower() for coding in codings} <= {"", "identity"}:
        raise Problem(
            415,
            "send the body as it is, without Content-Encoding",
            headers={"Accept-Encoding": "identity"},
        )


_UTF_8 = ("utf-8", "utf8")


async def text_of(request: Request) -> str:
    """The body of a request that says it is JSON. Raises Problem 415, or 400 if it is not UTF-8."""
    check_media(request, JSON)
    try:
        return (await request.body()).decode()
    except UnicodeDecodeError as error:
        raise Problem(400, f"the body is not UTF-8 at byte {error.start}") from None


def record_of(model: type[Record], body: str) -> Record:
    """The record in the body. Raises Problem 400 for what is no JSON, 422 for what does not fit."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _problem_of(error, model) from None


def _problem_of(error: ValidationError, model: type[BaseModel]) -> Problem:
    """What a client is told: where and why, and not what it sent."""
    found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == _SYNTAX:
        return Problem(400, f"the body is not JSON{place_of(found[0]['msg'])}")
    names = {field.alias or name for name, field in model.model_fields.items()}
    return misfits(misfits_of(found, names))


def problem_of_event(error: BadEvent) -> Problem:
    """The same of a body that no event can be made of."""
    why = str(error)
    if why.startswith(_NOT_JSON):
        return Problem(400, f"the body is not JSON{place_of(why)}")
    where, _, what = why.partition(" ")
    if where not in _FIELDS:
        where, what = "the event", why
    return misfits([{"where": where, "what": what}])


def misfits(errors: list[dict[str, str]]) -> Problem:
    """Members that can't be what they are, each with `where` and `what`."""
    first = errors[0]
    return Problem(422, f"{first['where']}: {first['what']}", errors=errors[:_SHOWN])

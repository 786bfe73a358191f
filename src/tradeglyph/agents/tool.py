"""One tool, whoever offers it, and what becomes of a call."""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from tradeglyph.agents.words import NOTE
from tradeglyph.agents.workplace import Workplace
from tradeglyph.domain.errors import InputError

LOG = logging.getLogger("tradeglyph.agents")
FAULT = "a fault of ours; what went wrong is in the log of the tools, not here"
MOST_CHARS = 300_000
"""Characters of an answer. A model's context ends there or before; a client's may, too."""


class Arguments(BaseModel):
    """What a tool is called with."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Without titles, which say again what arguments are called, in every model's context."""
        schema = handler(core)
        for one in handler.resolve_ref_schema(schema).get("properties", {}).values():
            one.pop("title", None)
        return schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a tool answers."""

    text: str
    """JSON; with `error` alone where the call failed."""
    picture: bytes | None = None
    """A PNG."""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Something that a model can ask for."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    run: Callable[[Any], Reply]
    """Raises InputError where the arguments or the files are wrong."""
    bounds: Mapping[str, str] = field(default_factory=dict)
    """What arguments must be, in words; of those that have a card."""
    writes: bool = False
    """Whether it may write a result into the folder for results."""


def call(tool: Tool, given: Mapping[str, Any], place: Workplace) -> Reply:
    """Answers, and never raises: a wrong argument or file is told in one line per fault; of a
    fault of ours only the log knows more."""
    try:
        reply = tool.run(tool.arguments.model_validate(dict(given)))
    except ValidationError as error:
        return refusal(faults(tool, error), place)
    except InputError as error:
        return refusal(place.shown(str(error)), place)
    except Exception:
        LOG.exception("tool %s", tool.name)
        return refusal(FAULT, place)
    if len(reply.text) > MOST_CHARS:
        said = f"the answer has {len(reply.text):,} characters, more than {MOST_CHARS:,}"
        return refusal(f"{said}; ask for less with a smaller limit, or fewer files", place)
    return reply


def refusal(line: str, place: Workplace) -> Reply:
    """An error. It may quote a file, and so is marked as any answer is."""
    return Reply(text=as_json({"note": NOTE[place.lang], "error": line}), failed=True)


def faults(tool: Tool, error: ValidationError) -> str:
    """What is wrong with the arguments, one line each, with what they must be."""
    found = error.errors(include_url=False, include_context=False)
    # Every argument that may be left out may be null, too; nobody is told to send that.
    lines = [_fault(tool, dict(one)) for one in found if one["type"] != "none_required"]
    return "\n".join(dict.fromkeys(lines))


def _fault(tool: Tool, fault: Mapping[str, Any]) -> str:
    name = str(fault["loc"][0]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden":
        return (
            f"{_short(name)}: no such argument; there are: {', '.join(tool.arguments.model_fields)}"
        )
    if fault["type"] == "missing":
        return f"{name}: is needed"
    wanted = tool.bounds.get(name)
    said = f"must be {wanted}" if wanted else str(fault["msg"])
    at = "".join(f"[{part}]" for part in fault["loc"][1:] if isinstance(part, int))
    return f"{name}{at} = {_short(repr(fault['input']))}: {said}"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}..."


def as_json(answer: Mapping[str, Any]) -> str:
    """Text of an answer."""
    return json.dumps(answer, ensure_ascii=False)

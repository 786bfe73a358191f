"""A recognizer's parameters as fields of a Pydantic model, from its card."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema

from tradeglyph.agents.words import parameter_words
from tradeglyph.domain.recognizers import Info, Lang, Parameter, Profile
from tradeglyph.recognizers.statements.parameters import MONEY, bounds, default_of, written

Unsaid: TypeAlias = SkipJsonSchema[None]
"""None, which a call may say of what it may leave out, and which no schema proposes."""
_TEXT, _TEXTS = 200, 500
"""Characters of a text, and texts of a list, that an argument may have."""


def names_of(info: Info, taken: type[BaseModel]) -> Mapping[str, str]:
    """Names of arguments, and the parameter that each is; a name that `taken` has, or every model,
    is put behind the recognizer's."""
    return {
        f"{info.name}_{one.name}"
        if one.name in taken.model_fields or hasattr(BaseModel, one.name)
        else one.name: one.name
        for one in info.parameters
    }


def fields_of(info: Info, taken: type[BaseModel], lang: Lang) -> dict[str, Any]:
    """Definitions for `pydantic.create_model`. None stands for: as the profile has it."""
    known = {one.name: one for one in info.parameters}
    return {
        argument: (_optional(known[name], lang), None)
        for argument, name in names_of(info, taken).items()
    }


def _optional(parameter: Parameter, lang: Lang) -> Any:
    kind = _kind(parameter)
    return Annotated[kind | Unsaid, _field(parameter, lang)]


def bounds_of(info: Info, taken: type[BaseModel]) -> Mapping[str, str]:
    """Per argument: what it must be, in words."""
    known = {one.name: one for one in info.parameters}
    return {argument: bounds(known[name]) for argument, name in names_of(info, taken).items()}


def _kind(parameter: Parameter) -> Any:
    """The type of a value as a user writes it: money is in units of the currency."""
    default = parameter.default
    if isinstance(default, bool):
        return Annotated[bool, Field(strict=True)]
    if parameter.choices:
        return Literal[parameter.choices]
    if isinstance(default, str):
        return _text()
    if not isinstance(default, int | float):
        return Annotated[list[_text()], Field(max_length=_TEXTS)]  # type: ignore[misc]
    whole = isinstance(default, int) and parameter.unit != MONEY
    least, most = (
        None if bound is None else written(parameter, int(bound) if whole else bound)
        for bound in (parameter.least, parameter.most)
    )
    return Annotated[int if whole else float, Field(strict=True, ge=least, le=most)]


def _text() -> Any:
    return Annotated[str, Field(min_length=1, max_length=_TEXT)]


def _field(parameter: Parameter, lang: Lang) -> Any:
    defaults = {profile: written(parameter, default_of(parameter, profile)) for profile in Profile}
    return Field(
        description=parameter_words(parameter, defaults, lang),
        json_schema_extra=without_default,
    )


def without_default(schema: dict[str, Any]) -> None:
    """Takes the default None out of a field's schema: it stands for what the profile has."""
    schema.pop("default", None)

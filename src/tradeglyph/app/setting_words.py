"""What is said of settings that can't be what they are: one line each, in our own words.

What was given is not repeated: it may be a password.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tradeglyph.app.setting_examples import example
from tradeglyph.domain.near_names import nearest

_TIME = "a time with its zone"
_KINDS: Mapping[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a table",
    "path_type": "a path",
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "datetime_object_invalid": _TIME,
    "timezone_aware": _TIME,
    "greater_than": "above {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "below {lt}",
    "less_than_equal": "{le} or less",
    "literal_error": "{expected}",
    "enum": "{expected}",
    "too_short": "a list of {min_length} or more",
}
"""What should have been there, by the checker's name of the fault."""
_ELSE = "what it is for"
_KEY = "[key]"


class _Place(NamedTuple):
    """Where a fault lies."""

    path: tuple[str, ...]
    """Sections and setting; rows and names of the user's are left out."""
    field: FieldInfo | None
    """None outside of every section."""
    section: type[BaseModel] | None
    """What the setting holds, where it holds settings."""
    rows: bool
    """In a row of a list of tables."""


def words_of(fault: Mapping[str, Any], root: type[BaseModel], prefix: str | None) -> str:
    """Which setting it is, what must be there, and an example.

    Args:
        fault: as pydantic has it.
        root: all settings.
        prefix: of variables, where the environment gave it.
    """
    where = [step for step in fault["loc"] if step != _KEY]
    return f"{'.'.join(map(str, where))}: {_what(fault, where, root, prefix)}"


def _what(
    fault: Mapping[str, Any],
    where: Sequence[int | str],
    root: type[BaseModel],
    prefix: str | None,
) -> str:
    kind = fault["type"]
    if kind == "value_error":  # words of ours
        return str(fault["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        section = _place(root, where[:-1]).section
        near = nearest(str(where[-1]), section.model_fields) if section else None
        return "is unknown; " + (
            f"did you mean {near}?" if near else "`tradeglyph init` writes every setting there is"
        )
    place = _place(root, where)
    if place.section is not None:
        return _of_section(place, isinstance(where[-1], int), prefix)
    if kind == "missing":
        return "is missing" + _shown(place, prefix)
    context = {name: _limit(said) for name, said in fault.get("ctx", {}).items()}
    wanted = _KINDS.get(kind, _ELSE).format(**context)
    if fault["loc"][-1] == _KEY:
        return f"is unknown; must be {wanted}"
    return f"must be {wanted}{_shown(place, prefix)}"


def _limit(said: Any) -> str:
    """A limit, or the words that may be given, without the checker's quotes."""
    return f"{said:g}" if isinstance(said, float) else str(said).replace("'", "")


def _place(root: type[BaseModel], where: Sequence[int | str]) -> _Place:
    section: type[BaseModel] | None = root
    field, path = None, []
    for step in where:
        if section is None:
            break
        if isinstance(step, str):
            field = section.model_fields[step]
            section = _section(field.annotation)
            path.append(step)
    rows = any(isinstance(step, int) for step in where[: len(path)])
    return _Place(tuple(path), field, section, rows)


def _section(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is, or is made with."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_section, get_args(annotation))), None)


def _of_section(place: _Place, row: bool, prefix: str | None) -> str:
    path = ".".join(place.path)
    assert place.field is not None  # noqa: S101  all settings are a table, and no fault lies there
    of_rows = get_origin(place.field.annotation) is tuple
    if prefix is not None:
        if of_rows:
            return "must be an object in JSON" if row else "must be a list of objects in JSON"
        return (
            "must be an object in JSON; or set each of its settings by a variable of its own, "
            f"{_variable(prefix, place.path)}__..."
        )
    if of_rows:
        what = "a table" if row else "tables, each"
        return f"must be {what} under a [[{path}]] of its own"
    return f"must be a table: [{path}], and a line for each of its settings under it"


def _shown(place: _Place, prefix: str | None) -> str:
    """An example, as it is written where the fault is."""
    assert place.field is not None  # noqa: S101  all settings are a table, and no fault lies there
    text = example(".".join(place.path), place.field)
    if prefix is None:
        return f"; example: {place.path[-1]} = {text}"
    value = tomllib.loads(f"it = {text}")["it"]
    if place.rows:
        return f'; example: "{place.path[-1]}": {json.dumps(value, default=str)}'
    if isinstance(value, list | dict):
        value = f"'{json.dumps(value)}'"
    elif not isinstance(value, str):
        value = json.dumps(value)
    return f"; example: {_variable(prefix, place.path)}={value}"


def _variable(prefix: str, path: Sequence[str]) -> str:
    return prefix + "__".join(path).upper()

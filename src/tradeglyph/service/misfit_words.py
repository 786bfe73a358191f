"""What clients are told of members that can't be what they are: one line each, in our own words."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from tradeglyph.domain.near_names import nearest

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "string_pattern_mismatch": "a number",
}
"""What should have been there, by the checker's name of the fault."""
_PATTERNS = {
    "alert_id": "letters, digits, - and _, 64 at most",
    "If-Match": 'the ETag of the alert as it was read, such as "1"',
}
"""The same of members that have a pattern and are no numbers."""
_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is unknown",
    "string_too_long": "has more than {max_length:,} characters",
    "too_long": "has more than {max_length:,} entries",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "string_unicode": "holds half of a surrogate pair, which no store can keep",
}
_ELSE = "does not fit; /openapi.json says what does"
_SHOWN = 64
_ARMS = frozenset({"str", "int", "float", "bool", "list", "dict", "none"})
_PLACE = re.compile(r"line (\d+),? column (\d+)")


def misfits_of(found: Iterable[Any], names: Collection[str] = ()) -> list[dict[str, str]]:
    """Each member once, with `where` it is and `what` about it.

    Args:
        found: what pydantic says: one fault for every arm of a union.
        names: that members of the whole may have.
    """
    said: dict[str, list[Any]] = {}
    for fault in found:
        said.setdefault(_where(fault), []).append(fault)
    return [{"where": where, "what": _what(where, of, names)} for where, of in said.items()]


def unknown(name: str, names: Collection[str]) -> str:
    """About a member that means nothing."""
    near = nearest(name, names)
    return "is unknown" + (f"; did you mean {near}?" if near else "; leave it out")


def place_of(message: str) -> str:
    """Where a parser of JSON stopped, out of its message."""
    found = _PLACE.search(message)
    return f": see line {found[1]}, column {found[2]}" if found else ""


def _what(where: str, faults: list[Any], names: Collection[str]) -> str:
    kinds = dict.fromkeys(_kind(where, fault["type"]) for fault in faults)
    wanted = [kind for kind in kinds if kind]
    others = [fault for fault in faults if _kind(where, fault["type"]) is None]
    if wanted and not others:
        return f"must be {' or '.join(wanted)}"
    fault = others[0]
    if fault["type"] == "extra_forbidden":
        return unknown(str(fault["loc"][-1]), names)
    context = dict(fault.get("ctx") or {})
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace("'", "")
    return _SENTENCES.get(fault["type"], _ELSE).format(**context)


def _kind(where: str, fault: str) -> str | None:
    if fault == "string_pattern_mismatch":
        return _PATTERNS.get(where, _KINDS[fault])
    return _KINDS.get(fault)


def _where(fault: Any) -> str:
    """Names and rows; what pydantic adds for the arms of a union is left out."""
    location = fault["loc"]
    if fault["type"] == "extra_forbidden":  # the name is the sender's, whatever it is
        *location, name = location
        return ".".join([*_steps(location), str(name)[:_SHOWN]])
    return ".".join(_steps(location)) or "the body"


def _steps(location: Iterable[Any]) -> list[str]:
    names = (step for step in location if step not in _ARMS)
    return [
        str(step)
        for step in names
        if isinstance(step, int) or step.isidentifier() or step in _PATTERNS
    ]

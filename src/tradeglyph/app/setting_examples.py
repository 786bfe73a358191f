"""How a setting is written: an example of each, as TOML."""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, get_args

from pydantic import BeforeValidator
from pydantic.fields import FieldInfo

from tradeglyph.app.rule_sections import Length
from tradeglyph.app.starter_texts import EXAMPLES, KEY, NEEDED
from tradeglyph.sources.interval import interval_text

_LENGTH = next(part for part in get_args(Length) if isinstance(part, BeforeValidator))
_TELLING: Mapping[str, str] = {
    "statements.rules": '["high_frequency", "balance_continuity"]',
    "policy.hold_signals": '["new_device"]',
    "policy.bands.below": "1000",
    "policy.bands.unanswered": '{stale_feed = "delay"}',
    **{f"service.keys.{name}": text for name, text in KEY.items()},
}
"""Of settings whose default shows no form, and of those within rows."""


def example(path: str, field: FieldInfo) -> str:
    """A value of a setting that need not be a table of its own, as TOML."""
    text = _TELLING.get(path) or NEEDED.get(path) or usual(path, field)
    lines = text.splitlines()
    # Lines under a header, which in one line are a table in braces.
    return f"{{{', '.join(lines)}}}" if " = " in text and not text.startswith("{") else text


def usual(path: str, field: FieldInfo) -> str:
    """The default, as TOML; where there is none, or it does not tell, an example."""
    return EXAMPLES.get(path) or _toml(_default(field))


def _default(field: FieldInfo) -> Any:
    value = field.get_default(call_default_factory=True)
    if _LENGTH in field.metadata:
        return interval_text(value)
    if get_args(field.annotation)[:1] == (Length,):
        return [interval_text(length) for length in value]
    return value


def _toml(value: Any) -> str:
    if isinstance(value, Enum):
        return _toml(value.value)
    if isinstance(value, frozenset | set):
        return _toml(sorted(value))
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    # JSON's texts, numbers and truth are TOML's.
    return json.dumps(value, ensure_ascii=False)

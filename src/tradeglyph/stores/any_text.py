"""A column of text that takes every str, whatever the database thinks of it."""

import re
from typing import Any

from sqlalchemy import Text
from sqlalchemy.dialects.mysql import MEDIUMTEXT
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

LONG_TEXT: TypeEngine[str] = Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")
"""16 MB in MySQL, where TEXT ends at 64 KB."""

_ESCAPED = re.compile("[\\\\\0\ud800-\udfff]")
_ESCAPE = re.compile(r"\\(\\|u[0-9a-f]{4})")


class AnyText(TypeDecorator[str]):
    """PostgreSQL takes no U+0000, and no database half a surrogate pair; both may stand in JSON.

    They are kept as `\\u0000`, and a backslash as two.
    """

    impl = LONG_TEXT
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else escaped(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        return None if value is None else unescaped(value)


def escaped(text: str) -> str:
    """Text that every database takes."""
    return _ESCAPED.sub(_escape, text)


def unescaped(text: str) -> str:
    """What was escaped."""
    return _ESCAPE.sub(_meant, text)


def _escape(found: re.Match[str]) -> str:
    return "\\\\" if found[0] == "\\" else f"\\u{ord(found[0]):04x}"


def _meant(found: re.Match[str]) -> str:
    return "\\" if found[1] == "\\" else chr(int(found[1][1:], 16))

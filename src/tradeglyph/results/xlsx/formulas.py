"""Formulas of an original: which may stay as they are."""

import re

from tradeglyph.results.xlsx.cells import column_of

_FUNCTIONS = (
    "ABS", "AND", "AVERAGE", "COUNT", "COUNTA", "COUNTIF", "IF", "IFERROR", "INT", "LEFT", "LEN",
    "MAX", "MID", "MIN", "MOD", "NOT", "OR", "PRODUCT", "RIGHT", "ROUND", "ROUNDDOWN", "ROUNDUP",
    "SUBTOTAL", "SUM", "SUMIF", "SUMPRODUCT", "TEXT", "TRIM", "VALUE",
)  # fmt: skip
"""Functions that see their arguments alone: no other file, no address, no clock, no chance."""
_REFERENCE = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_COLUMN = r"\$?[A-Z]{1,3}"
_TOKEN = re.compile(
    rf"""
    (?:{"|".join(_FUNCTIONS)})\(
    | {_REFERENCE} (?: : {_REFERENCE} )? (?![A-Za-z0-9_.(!])
    | {_COLUMN} : {_COLUMN} (?![A-Za-z0-9_.(!])
    | (?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E[+-]?[0-9]+)? (?![A-Za-z_:!])
    | (?:TRUE|FALSE) (?![A-Za-z0-9_.(!])
    | "(?:[^"]|"")*"
    | <= | >= | <> | [-+*/^&=<>%(),\s]
    """,
    re.VERBOSE,
)
_NAMED = re.compile(rf"{_REFERENCE}|{_COLUMN}:{_COLUMN}")
_MAX_CHARS = 1_024


def harmless(formula: str, columns: int) -> bool:
    """Whether a formula calculates with nothing but cells of its own sheet's first `columns`.

    One that names another sheet, a file, a name, a table, or any other function is none: what it
    shows could change, or it could reach out of the workbook.
    """
    text = formula.removeprefix("=")
    if not text or len(text) > _MAX_CHARS:
        return False
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return False
        at = token.end()
    bare = re.sub(r'"(?:[^"]|"")*"', "", text)
    names = (part for found in _NAMED.findall(bare) for part in found.split(":"))
    return all(column_of(name.replace("$", "")) <= columns for name in names)

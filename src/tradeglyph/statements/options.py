"""What a user says of a statement, where the file doesn't say it itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from tradeglyph.domain.errors import InputError
from tradeglyph.statements.field_names import SEVERAL, Field


class Sign(StrEnum):
    """What a positive number means in a column of signed amounts."""

    IN = "in"
    """Received: bank accounts."""
    OUT = "out"
    """Spent: credit cards."""


class DateOrder(StrEnum):
    """Order of day and month in dates such as 03/04/2025."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """Answers to what a file leaves open; each of them is asked for by name where it is needed."""

    columns: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    """Headings, or positions such as `#4` (the fourth column), of the columns of a field."""
    year: int | None = None
    """Year of the statement's last line, for dates without one."""
    sign: Sign | None = None
    date_order: DateOrder | None = None
    decimal: str = "."
    """`.`, or `,` for amounts such as 1.234,56."""
    currency: str | None = None
    """ISO 4217; for files that name no currency."""
    account: str | None = None
    """For files that name no account."""
    encoding: str | None = None
    """Of text files; found by content without it."""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What cells say for `in`, `out` and `neutral`, where a bank has codes of its own."""
    profile: str | None = None
    """Name of the layout; found by content without it."""
    profiles: Path | None = None
    """A folder with layouts of the user's own, one TOML file each."""

    @classmethod
    def from_map(cls, pairs: Iterable[str], **settings: Any) -> Self:
        """Options from texts such as `txAmount=交易金额`, `txSummary=用途,附言`, `txDate=#1`,
        `sign=out`, `year=2024`, as a command line has them.

        Raises InputError for a name that isn't known, a name given twice, and a bad value.
        """
        options, seen = cls(**settings), set[str]()
        for pair in pairs:
            name, equals, value = (part.strip() for part in pair.partition("="))
            if not equals or not value:
                raise InputError(f"--map {pair}: must be NAME=HEADING, such as txAmount=交易金额")
            if name in seen:
                raise InputError(f"--map {name} is given twice; separate headings with a comma")
            seen.add(name)
            options = options._with(name, value)
        return options

    def _with(self, name: str, value: str) -> Self:
        columns = {str(known): known for known in Field} | {"datetime": Field.DATE}
        if name in columns:
            return self._with_column(columns[name], value)
        if name in _WAYS:
            return self._with_words(name, value)
        if name not in _SETTINGS:
            known = ", ".join([*columns, *_SETTINGS, *_WAYS])
            raise InputError(f"--map {name}: no such field; use one of: {known}")
        try:
            return replace(self, **{_SETTINGS[name]: _value(name, value)})
        except ValueError as error:
            raise InputError(f"--map {name}={value}: must be {_ALLOWED[name]}") from error

    def _with_column(self, known: Field, value: str) -> Self:
        headings = tuple(part.strip() for part in value.split(",") if part.strip())
        if known not in SEVERAL:
            headings = (value,)
        return replace(self, columns={**self.columns, known: headings})

    def _with_words(self, way: str, value: str) -> Self:
        own = tuple(word.strip() for word in value.split(",") if word.strip())
        for other, words in self.words.items():
            for word in set(own) & set(words):
                raise InputError(f"--map {other} and --map {way} both name {word!r}")
        return replace(self, words={**self.words, way: own})


_WAYS = ("in", "out", "neutral")
_SETTINGS = {
    "year": "year",
    "sign": "sign",
    "dateOrder": "date_order",
    "decimal": "decimal",
    "currency": "currency",
    "accountNumber": "account",
    "encoding": "encoding",
    "profile": "profile",
}
_ALLOWED = {
    "year": "a year such as 2024",
    "sign": "in (positive is received) or out (positive is spent)",
    "dateOrder": "dmy (day first) or mdy (month first)",
    "decimal": ". or ,",
    "currency": "three letters such as CNY",
}


def _value(name: str, value: str) -> Any:
    if name == "year":
        return _checked(int(value), 1900 <= int(value) <= 2200)
    if name == "sign":
        return Sign(value)
    if name == "dateOrder":
        return DateOrder(value)
    if name == "decimal":
        return _checked(value, value in ".,")
    if name == "currency":
        return _checked(value.upper(), len(value) == 3 and value.isascii() and value.isalpha())
    return value


def _checked(value: Any, holds: bool) -> Any:
    if not holds:
        raise ValueError
    return value

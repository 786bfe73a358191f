"""What the headings of statements mean: a table, kept as data."""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import ClassVar, Self

from tradeglyph.statements.field_names import Field

_UNIT = re.compile(
    r"\((?:元|万元|千元|百万元|人民币|人民币元|单位:?元|本外币|[a-z]{3}|[¥$€£])\)$|\[[^\]]*\]$"
)
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_LATIN = re.compile(r"[a-z.&/_]+")
_JOINED = re.compile(r"[/|\\、]|与|及|和")
_TEXTS = (Field.COUNTERPARTY, Field.COUNTERPARTY_ACCOUNT, Field.SUMMARY)
_LAST = 1_000
"""The rank of a heading that the table has not as a whole."""
_SHORT = 24
"""Characters that a heading has at most; longer cells aren't looked up."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Fields by heading, and how much a heading is preferred (0 most)."""

    LEAST: ClassVar[int] = 2

    fields: Mapping[str, tuple[tuple[Field, int], ...]]
    """A heading may stand for several fields, which the cells under it tell apart."""
    ignored: frozenset[str]

    def known(self, heading: str) -> tuple[tuple[Field, int], ...]:
        """Fields that a heading may stand for."""
        if len(heading) > _SHORT * 2:
            return ()
        key = heading_key(heading)
        for form in (key, without_unit(key), _chinese(key)):
            if found := self.fields.get(form):
                return found
        return self._composed(key)

    def _composed(self, key: str) -> tuple[tuple[Field, int], ...]:
        """Of a heading that joins several, such as `交易地点/附言`: the field of texts that one of
        them is. Cells with an account beside its name are told apart later."""
        parts = _JOINED.split(key)
        if len(parts) == 1:
            return ()
        of_parts = [self.fields.get(part, ()) for part in parts]
        found = {field for fields in of_parts for field, _ in fields}
        known = all(
            fields or part in self.ignored for part, fields in zip(parts, of_parts, strict=True)
        )
        if not known or not found or found - set(_TEXTS):
            return ()
        return ((Field.SUMMARY if found == {Field.SUMMARY} else Field.COUNTERPARTY, _LAST),)

    def adding(self, columns: Mapping[Field, Sequence[str]]) -> Self:
        """This table and further headings, which mean nothing but what is said here."""
        added = {
            heading_key(heading): ((known, -1),)
            for known, headings in columns.items()
            for heading in headings
        }
        return replace(self, fields={**self.fields, **added})

    def score(self, row: Sequence[str]) -> int:
        """How many headings a row has, if it can be a heading line; else 0.

        A heading line names a day or time and an amount, and nothing but words.
        """
        found: set[Field] = set()
        ignored = 0
        for cell in row:
            fields = self.known(cell)
            found.update(field for field, _ in fields)
            ignored += not fields and heading_key(cell) in self.ignored
        dated = bool(found & {Field.DATE, Field.TIME})
        paid = bool(found & {Field.AMOUNT, Field.INCOME, Field.EXPENSE})
        return len(found) + ignored if dated and paid else 0


@functools.lru_cache(maxsize=4_096)
def heading_key(heading: str) -> str:
    """A heading as it is looked up: NFKC, lower case, without white space."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", heading)).lower().strip(":")


def _chinese(key: str) -> str:
    """The Chinese half of a heading in two languages: `交易金额transactionamount`."""
    return _LATIN.sub("", key)


def without_unit(key: str) -> str:
    """A key without the unit in brackets at its end."""
    return _UNIT.sub("", key)


@functools.cache
def shipped_headings() -> Headings:
    """The table that is shipped."""
    text = files("tradeglyph.statements").joinpath("headings.toml").read_text(encoding="utf-8")
    return headings_of(tomllib.loads(text))


def headings_of(table: Mapping[str, Sequence[str]]) -> Headings:
    """A table of headings by field, and `ignored`."""
    fields: dict[str, tuple[tuple[Field, int], ...]] = {}
    for field in Field:
        for rank, heading in enumerate(table.get(field, ())):
            key = heading_key(heading)
            fields[key] = (*fields.get(key, ()), (field, rank))
    return Headings(fields, frozenset(map(heading_key, table.get("ignored", ()))))

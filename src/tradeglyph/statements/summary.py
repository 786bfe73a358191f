"""What was read of a file, and what was not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradeglyph.domain.recognizers import Lang, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTaken:
    """One column of a file, and what it was taken for."""

    sheet: str
    heading: str
    position: int
    """From 1."""
    field: str
    """A value of `Field`; empty where the column is used for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A line that was not read."""

    sheet: str
    line: int
    column: str
    """Its heading; empty where the whole line is meant."""
    value: str
    reason: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something of a file that its reader should know: never a reason to stop."""

    code: str
    """Such as `control_total`; the same for all notices of a kind."""
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCounts:
    """Every row of a file, counted once."""

    read: int
    rejected: int
    header: int
    preamble: int
    """Rows above the first heading line, and all rows of sheets without one."""
    notes: int
    """Rows among and below the lines that are none: totals, page numbers, remarks."""
    blank: int

    @property
    def total(self) -> int:
        """Rows of the file."""
        parts = (self.read, self.rejected, self.header, self.preamble, self.notes, self.blank)
        return sum(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSummary:
    """How one file was read."""

    path: str
    kind: str
    """`csv`, `xlsx`, `xls`, `html` or `pdf`, by content."""
    encoding: str
    """Of text; empty for workbooks and PDFs."""
    layout: str
    """Name of the profile; empty where content alone told."""
    columns: tuple[ColumnTaken, ...]
    rows: RowCounts
    rejects: tuple[Reject, ...]
    """The first of them; `rows.rejected` counts all."""
    accounts: tuple[str, ...]
    holders: tuple[str, ...]
    """Names of the account's owner, as the file gives them."""
    masked_balances: int
    newest_first: bool
    assumptions: tuple[Words, ...]
    """What the file doesn't say and was decided by a stated rule."""
    notices: tuple[Notice, ...]

    def as_json(self, lang: Lang = "en") -> Mapping[str, Any]:
        """The object under `files` of a statement's JSON."""
        return {
            "path": self.path,
            "kind": self.kind,
            "encoding": self.encoding,
            "layout": self.layout,
            "columns": [_column(taken) for taken in self.columns],
            "lines_read": self.rows.read,
            "rejected": self.rows.rejected,
            "rejects": [_reject(one, lang) for one in self.rejects],
            "rows": {
                "total": self.rows.total,
                "header": self.rows.header,
                "preamble": self.rows.preamble,
                "notes": self.rows.notes,
                "blank": self.rows.blank,
            },
            "accounts": list(self.accounts),
            "holders": list(self.holders),
            "masked_balances": self.masked_balances,
            "newest_first": self.newest_first,
            "assumptions": [words[lang] for words in self.assumptions],
            "warnings": [notice.words[lang] for notice in self.notices],
        }


def _column(taken: ColumnTaken) -> Mapping[str, Any]:
    return {
        "sheet": taken.sheet,
        "heading": taken.heading,
        "position": taken.position,
        "field": taken.field or None,
    }


def _reject(one: Reject, lang: Lang) -> Mapping[str, Any]:
    return {
        "sheet": one.sheet,
        "line": one.line,
        "column": one.column,
        "value": one.value,
        "reason": one.reason[lang],
    }

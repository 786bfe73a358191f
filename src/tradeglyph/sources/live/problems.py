"""What is wrong with a source, and what a person can do about it."""

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "unreachable",
    "refused",
    "no_table",
    "no_column",
    "no_index",
    "index_unseen",
    "unreadable",
    "empty",
    "clash",
    "bad_row",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend."""

    code: Code
    where: str
    """The source and its table, without any secret."""
    what: str
    remedy: str = ""
    """A statement or a setting; empty where there is none to give."""
    columns: tuple[str, ...] = ()
    """The user's columns that it is about: those missing, those without an index, or those
    that one should begin with."""

    @property
    def fatal(self) -> bool:
        """Whether the source can't answer at all; else it is slow, or rows are no use."""
        return self.code not in ("no_index", "index_unseen", "empty", "clash", "bad_row")

    def __str__(self) -> str:
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{self.where}: {self.what}{remedy}"

"""What can go wrong, and whose fault it is.

TradeglyphError            status 1: a fault of ours, or a gate that refuses
├── GateRefused            status 1: the model is not good enough to be written out
└── InputError             status 2: the user's input or arguments are wrong
    ├── RowErrors          status 2: rows of a file, each with line, column and reason
    ├── ArtifactError      status 2: a model folder that must not be used
    └── MissingExtra       status 2: an optional dependency is not installed
"""

from collections.abc import Sequence
from dataclasses import dataclass


class TradeglyphError(Exception):
    """A fault with one clear line for the person who reads it."""

    exit_status = 1


class GateRefused(TradeglyphError):  # noqa: N818  says what happened
    """A gate refuses to go on, for the reason in the message."""


class InputError(TradeglyphError):
    """The user's input or arguments are wrong; the message says how to mend them."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class RowError:
    """One rejected row of one file."""

    file: str
    line: int
    """1-based; for text files the line in the file, else the row."""
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= 40 else self.value[:37] + "..."
        return f"{self.file}: line {self.line}, column {self.column}: {value!r}: {self.reason}"


class RowErrors(InputError):  # noqa: N818  says what happened
    """Rows that can't be read. Shows the first ten and counts the rest."""

    SHOWN = 10

    def __init__(self, rows: Sequence[RowError], total: int, remedy: str = "") -> None:
        self.rows = tuple(rows)
        self.total = total
        lines = [str(row) for row in self.rows[: self.SHOWN]]
        if total > len(lines):
            lines.append(f"... and {total - len(lines)} more")
        if remedy:
            lines.append(remedy)
        super().__init__("\n".join(lines))


class ArtifactError(InputError):
    """A model folder that is incomplete, altered, or made for another picture."""


class MissingExtra(InputError):  # noqa: N818  says what happened
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(
            f"{package} is not installed; install it with: pip install 'tradeglyph[{extra}]'"
        )

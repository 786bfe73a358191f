"""What every recognizer says of itself, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

Lang = Literal["en", "zh"]
Words = Mapping[Lang, str]
"""One text in English and Chinese."""


class Reads(StrEnum):
    """What a recognizer is given."""

    LINES = "lines"
    """Lines of bank statements, `domain.statements.LINES`."""
    TRADES = "trades"


class Severity(StrEnum):
    """How grave a finding is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One setting of a recognizer."""

    name: str
    default: Any
    """A number, a text, or a list of texts."""
    unit: str
    """`lines`, `minor units`, `share`, `hours`, `days`, `words` ..."""
    means: Words
    source: str
    """The rule, paper or regulation that the default is from."""
    least: float | None = None
    most: float | None = None
    """Bounds of a number, inclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """A recognizer's card."""

    name: str
    """Its id, such as `high_frequency`."""
    title: Words
    reads: Reads
    rule: Words
    """What it looks for, in one sentence."""
    parameters: Sequence[Parameter] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """Why a question has no answer, which is not: nothing was found."""

    reason: Words

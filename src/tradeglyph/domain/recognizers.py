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


class Profile(StrEnum):
    """A set of defaults for all recognizers."""

    SEED = "seed"
    """The rules as they were first written down."""
    AUDIT = "audit"
    """The same rules, with what a bank's auditor would object to mended."""


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
    """A number, true or false, a text, or a tuple of texts. Of profile `seed`."""
    audit: Any = None
    """The default of profile `audit`; None: as in `seed`."""
    unit: str
    """`lines`, `minor units`, `share`, `hours`, `days`, `words` ... A user writes minor units in
    units of the currency: 50000 or 0.01."""
    means: Words
    source: str
    """The rule, paper or regulation that the default is from."""
    choices: tuple[str, ...] = ()
    """What a text may be; empty: any."""
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
    profiles: frozenset[Profile] = frozenset(Profile)
    """The profiles that ask it where no recognizers are named. A rule that is asked by name alone
    has none."""
    accounts_together: bool = False
    """Whether it reads lines of several accounts together, so that its findings on one depend on
    which others were given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplicable:
    """Why a question has no answer, which is not: nothing was found."""

    reason: Words

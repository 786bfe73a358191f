"""One thing that was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and somebody should know."""
    FAULT = "fault"
    """Something does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found; `code` finds its words in `texts`."""

    part: str
    """configuration, store, queue, trades, candles, clock, model, policy, service or files."""
    code: str
    level: Level = Level.OK
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the words speak of; no secret, and fit for JSON."""
    ours: bool = False
    """A fault of tradeglyph's own, which its user can't mend."""


def warning(part: str, code: str, **values: Any) -> Check:
    """Something that somebody should know."""
    return Check(part=part, code=code, level=Level.WARNING, values=values)


def fault(part: str, code: str, **values: Any) -> Check:
    """Something that its user must mend."""
    return Check(part=part, code=code, level=Level.FAULT, values=values)


def good(part: str, code: str, **values: Any) -> Check:
    """Something that is as it should be."""
    return Check(part=part, code=code, values=values)

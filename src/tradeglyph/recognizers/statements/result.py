"""What a rule on statements is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import polars as pl

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Findings of one recognizer."""

    findings: pl.DataFrame
    """At least `row` (UInt32, position in the lines), `severity` (String, values of `Severity`) and
    `period` (UInt32, position in `periods`; null for none); the other columns are what `reason`
    speaks of. Sorted by row; a row may have several findings."""
    periods: pl.DataFrame
    """Spans of time that the findings lie in: at least `account`, `start` and `end` (exclusive)."""
    statistics: Mapping[str, Any] = field(default_factory=dict)


class Recognizer(Protocol):
    """A rule on lines. It keeps nothing between questions, so that threads may share it."""

    @property
    def info(self) -> Info:
        """Its card."""

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """Findings on `lines` (schema `LINES`, any order, accounts apart), by all `parameters` of
        the card, which are within their bounds.

        Does not depend on the order of the lines but for lines of equal times, where the card says
        so, and never on other accounts' lines unless the card says so.
        """

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """One sentence for one row of `findings`, with its numbers."""


@runtime_checkable
class Detailed(Protocol):
    """A recognizer that tells more of a finding than its reason."""

    def details(self, period: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Further keys of a finding that lies in this row of `periods`, for JSON."""

    def shown(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What `recognition_parameters` says besides the parameters."""

"""A part of an answer on statements: findings the gravest first, every list cut at one place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import Severity
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.results.page import Page, shortened

MOST_OF_FILE = 50
"""Entries of a list on a file, such as its accounts, that are shown."""
_GRAVEST_FIRST = (Severity.HIGH.value, Severity.MEDIUM.value, Severity.LOW.value)


def findings_of(page: Page, result: Result) -> Result:
    """The result with the findings of a page; those of equal severity in order of their lines."""
    last = len(_GRAVEST_FIRST)
    grave = pl.col("severity").replace_strict(_GRAVEST_FIRST, range(last), default=last)
    ordered = result.findings.sort(grave, maintain_order=True)
    return replace(result, findings=ordered.slice(page.offset, page.limit))


def rest_of(page: Page, rest: Mapping[str, Any], findings: int) -> dict[str, Any]:
    """What stands beside the findings, and under `page` how long each list really is.

    Args:
        findings: how many there are.
    """
    lengths = {"identified_anomalies": findings}
    cut = {key: page.cut(rest[key], key, lengths) for key in ("statistics", "periods")}
    return {**rest, **cut, "page": page.told(lengths)}


def file_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """A reader's summary with the first entries of its lists; `left_out` counts the others."""
    long = {
        key: len(one) - MOST_OF_FILE
        for key, one in summary.items()
        if isinstance(one, Sequence) and not isinstance(one, str) and len(one) > MOST_OF_FILE
    }
    cut = {key: one[:MOST_OF_FILE] if key in long else one for key, one in summary.items()}
    told = {key: one if key == "path" else shortened(one) for key, one in cut.items()}
    return told | ({"left_out": long} if long else {})

"""What is said of each line of a sheet: the gravest severity, and all recognizers' reasons."""

import heapq
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import Lang, Severity
from tradeglyph.recognizers.statements.ask import Answer
from tradeglyph.recognizers.statements.result import Result

GRAVITY: Mapping[str, int] = {
    Severity.HIGH.value: 0,
    Severity.MEDIUM.value: 1,
    Severity.LOW.value: 2,
}
"""The gravest first."""
_SLICE = 10_000
_FILE, _SHEET, _LINE = "_file", "_sheet", "_line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is said of one line."""

    line: int
    severity: str
    """Of the gravest finding."""
    titles: tuple[str, ...]
    """Of the recognizers, in their order."""
    reasons: tuple[str, ...]
    """One for each finding, with the recognizer's title where there are several."""


class Marks:
    """Findings of all answers, by the place of their lines."""

    def __init__(self, answers: Sequence[Answer], lines: pl.DataFrame, lang: Lang) -> None:
        self._lang: Lang = lang
        self._placed = [
            (answer, _placed(answer.outcome, lines))
            for answer in answers
            if isinstance(answer.outcome, Result)
        ]

    def of(self, file: int, sheet: str) -> Iterator[Mark]:
        """Marks of one sheet, by line."""
        here = (pl.col(_FILE) == file) & (pl.col(_SHEET) == sheet)
        found = [
            self._told(order, answer, placed.filter(here).sort(_LINE, maintain_order=True))
            for order, (answer, placed) in enumerate(self._placed)
        ]
        every = heapq.merge(*found, key=lambda one: one[:2])
        for line, some in itertools.groupby(every, key=lambda one: one[0]):
            yield _mark(line, list(some), "：" if self._lang == "zh" else ": ")

    def _told(
        self, order: int, answer: Answer, placed: pl.DataFrame
    ) -> Iterator[tuple[int, int, str, str, str]]:
        title = answer.recognizer.info.title[self._lang]
        for some in placed.iter_slices(_SLICE):
            for finding in some.iter_rows(named=True):
                reason = answer.recognizer.reason(finding, self._lang)
                yield finding[_LINE], order, finding["severity"], title, reason


def _placed(result: Result, lines: pl.DataFrame) -> pl.DataFrame:
    places = lines.select(
        pl.col("file").alias(_FILE), pl.col("sheet").alias(_SHEET), pl.col("line").alias(_LINE)
    )
    return pl.concat([result.findings, places[result.findings["row"]]], how="horizontal")


def _mark(line: int, found: Sequence[tuple[Any, ...]], colon: str) -> Mark:
    titles = tuple(dict.fromkeys(title for _, _, _, title, _ in found))
    several = len(titles) > 1
    reasons = (f"{title}{colon}{said}" if several else said for _, _, _, title, said in found)
    return Mark(
        line=line,
        severity=min((one[2] for one in found), key=lambda name: GRAVITY.get(name, len(GRAVITY))),
        titles=titles,
        reasons=tuple(dict.fromkeys(reasons)),
    )

"""The words of single findings, made when they are shown."""

from collections.abc import Sequence
from typing import Any

from tradeglyph.domain.recognizers import Lang
from tradeglyph.recognizers.statements.ask import Answer


class Reasons:
    """Reasons by answer and position; each is made once."""

    def __init__(self, answers: Sequence[Answer], lang: Lang) -> None:
        self._answers = answers
        self._lang: Lang = lang
        self._made: dict[tuple[int, int], str] = {}

    def title(self, answer: int) -> str:
        """Of a recognizer."""
        return self._answers[answer].recognizer.info.title[self._lang]

    def of(self, answer: int, at: int) -> str:
        """The reason of one finding."""
        key = (answer, at)
        if key not in self._made:
            rule = self._answers[answer].recognizer
            self._made[key] = rule.reason(self.finding(answer, at), self._lang)
        return self._made[key]

    def finding(self, answer: int, at: int) -> dict[str, Any]:
        """A row of an answer's findings."""
        findings = self._answers[answer].findings
        return {} if findings is None else findings.row(at, named=True)

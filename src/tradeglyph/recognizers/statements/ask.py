"""Asks rules on statements one after the other; one that fails leaves the others their say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import NotApplicable
from tradeglyph.recognizers.statements.once import Shared, together
from tradeglyph.recognizers.statements.result import Recognizer, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A rule that broke, which is never the user's fault."""

    error: Exception

    def __str__(self) -> str:
        first = (str(self.error) or "no message").splitlines()[0]
        return f"{type(self.error).__name__}: {first}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rule said."""

    recognizer: Recognizer
    parameters: Mapping[str, Any]
    """As the rule took them: money in minor units."""
    outcome: Result | NotApplicable | Failure

    @property
    def findings(self) -> pl.DataFrame | None:
        """Its findings; None where it had no answer."""
        return self.outcome.findings if isinstance(self.outcome, Result) else None

    @property
    def count(self) -> int:
        """Lines with a finding; a line with several counts once."""
        return 0 if self.findings is None else self.findings["row"].n_unique()


def ask(
    recognizers: Sequence[Recognizer],
    lines: pl.DataFrame,
    parameters: Mapping[str, Mapping[str, Any]],
) -> Iterator[Answer]:
    """The answer of each recognizer, by its parameters (of its name)."""
    shared = Shared(lines=lines)
    for recognizer in recognizers:
        own = parameters[recognizer.info.name]
        with together(shared):
            outcome = _asked(recognizer, lines, own)
        yield Answer(recognizer=recognizer, parameters=own, outcome=outcome)


def _asked(
    recognizer: Recognizer, lines: pl.DataFrame, parameters: Mapping[str, Any]
) -> Result | NotApplicable | Failure:
    try:
        return recognizer.recognize(lines, parameters)
    except Exception as error:  # whatever a rule raises, the others must be heard
        return Failure(error=error)

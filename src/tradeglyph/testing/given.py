"""A recognizer that finds nothing before the user has told it something, with that told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import Info, Lang, NotApplicable
from tradeglyph.recognizers.statements.result import Recognizer, Result


class Given:
    """The same recognizer with other defaults, so that the checks see it find something.

        check_recognizer(Given(MyRecognizer(), names=("甲公司",)))

    Args:
        values: defaults by parameter, in both profiles, as the recognizer takes them.

    Raises KeyError for a parameter that its card has not.
    """

    def __init__(self, recognizer: Recognizer, **values: Any) -> None:
        info = recognizer.info
        known = {parameter.name for parameter in info.parameters}
        for name in values:
            if name not in known:
                raise KeyError(f"{info.name} has no parameter {name!r}")
        parameters = tuple(
            replace(one, default=values[one.name], audit=None) if one.name in values else one
            for one in info.parameters
        )
        self._recognizer = recognizer
        self._info = replace(info, parameters=parameters)

    @property
    def info(self) -> Info:
        """The card with these defaults."""
        return self._info

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        """As the recognizer does."""
        return self._recognizer.recognize(lines, parameters)

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        """As the recognizer says."""
        return self._recognizer.reason(finding, lang)

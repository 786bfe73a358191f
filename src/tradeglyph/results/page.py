"""A part of a long answer, for readers that can't take all of it, such as a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_CHARS = 2_000
"""Characters of a text that are shown: more than any reason has, and than any bank's line. A cell
of a statement may have 131,072 of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which entries of every list are shown."""

    offset: int = 0
    limit: int = 50

    def cut(self, value: Any, name: str, lengths: dict[str, int]) -> Any:
        """A list's entries of this page; a mapping with all its lists cut.

        Args:
            name: of the value in the answer.
            lengths: gets how long each list really is, by its name in the answer.
        """
        if isinstance(value, Mapping):
            return {key: self.cut(one, f"{name}.{key}", lengths) for key, one in value.items()}
        if not isinstance(value, list | tuple):
            return shortened(value)
        lengths[name] = len(value)
        return [shortened(one) for one in value[self.offset : self.offset + self.limit]]

    def told(self, lengths: Mapping[str, int]) -> dict[str, Any]:
        """What `page` says in an answer."""
        return {"offset": self.offset, "limit": self.limit, "of": dict(lengths)}


def shortened(value: Any) -> Any:
    """The value with every text in it cut to `MOST_CHARS`."""
    if isinstance(value, str):
        over = len(value) - MOST_CHARS
        return value if over <= 0 else f"{value[:MOST_CHARS]}... (+{over} characters)"
    if isinstance(value, Mapping):
        return {key: shortened(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(one) for one in value]
    return value

"""Members of a JSON body, each of which may be given once."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tradeglyph.service.bodies import misfits


def refuse_twice(body: str) -> None:
    """Raises Problem 422 where a member of the JSON in `body` is given twice: which of them is
    meant nobody knows."""
    twice = next(_twice(json.loads(body, object_pairs_hook=_members, **_AS_TEXT), ()), None)
    if twice is not None:
        raise misfits([{"where": twice, "what": "is given twice: give it once"}])


class _Members(list[tuple[str, Any]]):
    """Of an object of JSON."""


def _members(members: list[tuple[str, Any]]) -> _Members:
    return _Members(members)


_AS_TEXT: dict[str, Any] = {"parse_int": str, "parse_float": str, "parse_constant": str}
"""Numbers don't matter here, however long they are."""


def _twice(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Places of members that are given twice."""
    if isinstance(value, _Members):
        counts = Counter(name for name, _ in value)
        yield from (".".join((*path, name[:64])) for name, times in counts.items() if times > 1)
    for name, inner in _parts(value):
        if isinstance(inner, list):
            yield from _twice(inner, (*path, name))


def _parts(value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, _Members):
        return value
    return ((str(at), inner) for at, inner in enumerate(value))

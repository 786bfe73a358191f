"""The name that was meant, of one that means nothing."""

import difflib
import re
from collections.abc import Collection


def nearest(name: str, names: Collection[str]) -> str | None:
    """The name that was meant, where one is much like it."""
    folded = {_folded(known): known for known in sorted(names)}
    close = difflib.get_close_matches(_folded(name), folded, n=1, cutoff=0.8)
    return folded[close[0]] if close else None


def _folded(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.lower())

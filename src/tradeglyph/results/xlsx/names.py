"""Names of sheets, as Excel takes them."""

import re

MAX_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class SheetNames:
    """Names of one workbook's sheets: short enough, without what Excel forbids, no two alike."""

    def __init__(self) -> None:
        self._taken: set[str] = {"history"}
        # Excel keeps History for itself.

    def new(self, wanted: str) -> str:
        """The name wanted, or the nearest to it that may be."""
        clean = _FORBIDDEN.sub("_", wanted).strip("' ") or "Sheet"
        name, number = _short(clean, ""), 2
        while name.casefold() in self._taken:
            name, number = _short(clean, f" ({number})"), number + 1
        self._taken.add(name.casefold())
        return name


def quoted(name: str) -> str:
    """The name as an address has it."""
    return "'" + name.replace("'", "''") + "'"


def _short(name: str, suffix: str) -> str:
    """At most so many units of UTF-16, the end kept."""
    room = 2 * (MAX_NAME - len(suffix))
    units = name.encode("utf-16-le", "replace")[:room]
    return units.decode("utf-16-le", "ignore").rstrip("' ") + suffix

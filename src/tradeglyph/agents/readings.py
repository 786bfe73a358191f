"""Statements as they were read last: a model asks one recognizer after another about one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from tradeglyph.agents.folder import Folder
from tradeglyph.statements.options import ReadOptions
from tradeglyph.statements.read import Statements, read_statements

ENDINGS = (
    *(".csv", ".tsv", ".txt", ".asc", ".dat", ".xls", ".xlsx", ".xlsm", ".html", ".htm", ".pdf"),
)
"""Of files that are read as statements. What they hold decides how."""


@dataclass(frozen=True, slots=True)
class _Reading:
    key: Any
    statements: Statements


class Readings:
    """Keeps the last reading only: a long statement is as large in memory as on disk, and more."""

    def __init__(self, folder: Folder) -> None:
        self._folder, self._lock = folder, Lock()
        self._last: _Reading | None = None

    def read(self, names: Sequence[str], options: ReadOptions) -> Statements:
        """The statements, read again unless the files and the options are what they were.

        Raises InputError as `Folder.files` and `read_statements` do.
        """
        with self._folder.files(names, ENDINGS) as paths:
            seen = [path.stat() for path in paths]
            marks = [(one.st_dev, one.st_ino, one.st_size, one.st_mtime_ns) for one in seen]
            key = (paths, marks, options)
            with self._lock:
                last = self._last
            if last is not None and last.key == key:
                return last.statements
            statements = read_statements(paths, options=options)
        if options.profiles is None:  # else layouts may change, too
            with self._lock:
                self._last = _Reading(key, statements)
        return statements

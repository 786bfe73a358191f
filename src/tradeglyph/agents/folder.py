"""The one folder whose files a model may have read, and where in it results may be written.

A model's words may be those of a stranger, read from a statement a moment ago. So a name is taken
to be hostile: it is relative, leads nowhere else (neither by `..` nor by a link), is of a plain
file that is not hidden, and ends as files do that can be read here. A file that was exchanged
while it was read gives no answer.
"""

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath

from tradeglyph.domain.errors import InputError

MOST_BYTES = 256 << 20
"""Bytes of one file. Months of an account are some MB; this is where a model's question becomes
hours of work."""
MOST_ENTRIES = 20_000
"""Entries of a folder that are looked at, those below it included."""
_MOST_NAME = 1_000
_SHOWN_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file that can be read."""

    name: str
    """As it is asked for: below the folder, with slashes."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """What tells a file from another one, and from itself with other contents."""

    device: int
    number: int
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, by its real path."""

    root: Path

    @classmethod
    def named(cls, path: Path) -> "Folder":
        """The folder that a user named.

        Raises InputError where it is none, or is the root of the whole machine.
        """
        real = path.expanduser().resolve()
        if not real.is_dir():
            raise InputError(f"--folder {path}: no such folder")
        if real == real.parent:
            raise InputError(f"--folder {path}: is the whole machine; name a folder with the files")
        return cls(real)

    @contextmanager
    def files(self, names: Sequence[str], endings: Collection[str]) -> Iterator[list[Path]]:
        """The real paths of some files, to be read while the block lasts.

        Raises InputError for a name that must not be read, before anything of it is, and when the
        block ends, where one of the files is no more what it was when it began.
        """
        paths = [self.place(name) for name in names]
        marks = [self._mark(name, path, endings) for name, path in zip(names, paths, strict=True)]
        yield paths
        for name, path, mark in zip(names, paths, marks, strict=True):
            if self.place(name) != path or self._mark(name, path, endings) != mark:
                raise InputError(f"{_said(name)}: changed while it was read; ask again")

    @contextmanager
    def files_or_folders(
        self, names: Sequence[str], endings: Collection[str]
    ) -> Iterator[list[Path]]:
        """As `files`, where a name may also be that of a folder with such files."""
        folders = {name: path for name in names if (path := self.place(name)).is_dir()}
        marks = {name: self._marks(path, endings) for name, path in folders.items()}
        with self.files([name for name in names if name not in folders], endings) as paths:
            plain = iter(paths)
            yield [folders[name] if name in folders else next(plain) for name in names]
        for name, path in folders.items():
            if self.place(name) != path or self._marks(path, endings) != marks[name]:
                raise InputError(f"{_said(name)}: changed while it was read; ask again")

    def entries(self, endings: Collection[str]) -> list[Entry]:
        """The files that `files` would take, in order of name.

        Raises InputError where there are too many to look at.
        """
        found = []
        for path in self._walk(self.root):
            name = path.relative_to(self.root).as_posix()
            try:
                mark = self._mark(name, self.place(name), endings)
            except InputError:
                continue
            found.append(Entry(name=name, size=mark.size))
        return sorted(found, key=lambda entry: entry.name)

    def shown(self, text: str) -> str:
        """A text for the model, in which files are called as it calls them."""
        return text.replace(f"{self.root}{os.sep}", "").replace(str(self.root), ".")

    def place(self, name: str) -> Path:
        """The real path of a name; it need not exist.

        Raises InputError where it is not below the folder, or is hidden.
        """
        said = _said(name)
        if not name.strip() or len(name) > _MOST_NAME or any(ord(char) < 32 for char in name):
            raise InputError(f"{said}: is no name of a file")
        plain = PurePath(name)
        if plain.is_absolute() or PureWindowsPath(name).drive or name.startswith(("~", "\\")):
            raise InputError(f"{said}: name files as list_files does, below the folder")
        if ".." in plain.parts or ".." in PureWindowsPath(name).parts:
            raise InputError(f"{said}: leads out of the folder")
        try:
            real = (self.root / plain).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise InputError(f"{said}: is no name of a file") from error
        if not real.is_relative_to(self.root):
            raise InputError(f"{said}: leads out of the folder")
        if any(part.startswith(".") for part in (*plain.parts, *real.relative_to(self.root).parts)):
            raise InputError(f"{said}: is hidden; hidden files are not read")
        return real

    def _mark(self, name: str, path: Path, endings: Collection[str]) -> _Mark:
        """Of a plain file that may be read; anything else is refused without being opened."""
        said = _said(name)
        try:
            _check_plain(said, path.lstat())
            if not _ends(path, endings):
                raise InputError(f"{said}: files that end in {', '.join(endings)} are read here")
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            handle = os.open(path, flags)
            try:
                seen = os.fstat(handle)
            finally:
                os.close(handle)
        except FileNotFoundError as error:
            raise InputError(f"{said}: no such file; list_files names those there are") from error
        except OSError as error:
            raise InputError(f"{said}: can't be read: {error.strerror}") from error
        _check_plain(said, seen)
        if seen.st_size > MOST_BYTES:
            raise InputError(f"{said}: more than {MOST_BYTES >> 20} MiB; split it")
        return _Mark(seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns)

    def _marks(self, folder: Path, endings: Collection[str]) -> dict[str, _Mark]:
        """Of all files below a folder that would be read with it."""
        found = {}
        for path in self._walk(folder):
            name = path.relative_to(self.root).as_posix()
            if path.is_symlink() and path.is_dir():
                raise InputError(f"{_said(name)}: is a link to a folder; name that folder")
            if _ends(path, endings):
                found[name] = self._mark(name, self.place(name), endings)
        return found

    def _walk(self, folder: Path) -> Iterator[Path]:
        """Everything below a folder that is no folder and not hidden; links are not followed, but
        those to folders are named too."""
        seen = 0
        for place, folders, files in os.walk(folder):
            here = Path(place)
            links = [name for name in folders if (here / name).is_symlink()]
            folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in links)
            seen += len(folders) + len(files)
            if seen > MOST_ENTRIES:
                raise InputError(f"more than {MOST_ENTRIES:,} entries in the folder; name another")
            yield from (here / name for name in (*links, *files) if not name.startswith("."))


def _check_plain(said: str, seen: os.stat_result) -> None:
    if stat.S_ISDIR(seen.st_mode):
        raise InputError(f"{said}: is a folder; name the files in it")
    if not stat.S_ISREG(seen.st_mode):
        raise InputError(f"{said}: is no plain file")


def _ends(path: Path, endings: Collection[str]) -> bool:
    return path.name.lower().endswith(tuple(endings))


def _said(name: str) -> str:
    """A name in an error, on one line and not endless."""
    clean = "".join(char if char.isprintable() else "?" for char in name)
    return clean if len(clean) <= _SHOWN_NAME else f"{clean[:_SHOWN_NAME]}..."

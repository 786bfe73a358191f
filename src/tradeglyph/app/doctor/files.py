"""Is there room for what is kept in files, and who may read it?"""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from tradeglyph.app.doctor import store
from tradeglyph.app.doctor.check import Check, fault, good, warning
from tradeglyph.app.doctor.closed import closed
from tradeglyph.app.settings import Settings, config_file
from tradeglyph.domain.errors import InputError
from tradeglyph.queues import address as queue_address

PART = "files"
LITTLE, NONE = 1 << 30, 1 << 26
"""Bytes free below which it is said, and below which the next hour is in doubt: an alert with its
exhibits is some hundred kilobytes."""
_PASSWORD = re.compile(r"""://[^\s/"'@]*:[^\s"'@]+@|[?&][a-z_]*pass[a-z_]*=""", re.IGNORECASE)


def look(settings: Settings) -> Iterator[Check]:
    """The SQLite files and the configuration."""
    databases = _databases(settings)
    for folder in sorted({_existing(file) for file in databases}):
        yield room(str(folder), shutil.disk_usage(folder).free)
    for file in databases:
        if closed(PART, file) is None:  # else its own part says so
            yield from _privacy(file)
    config = config_file()
    if config.is_file() and _others_read(config) and _holds_password(config):
        yield warning(PART, "password_open", file=str(config))


def room(folder: str, free: int) -> Check:
    """Whether so many free bytes are enough."""
    values = {"folder": folder, "gib": round(free / (1 << 30), 2)}
    if free < NONE:
        return fault(PART, "room_none", **values)
    if free < LITTLE:
        return warning(PART, "room_little", **values)
    return good(PART, "room", **values)


def _databases(settings: Settings) -> list[Path]:
    """An address that can't be meant is said by the part that it belongs to."""
    found: list[Path] = []
    for file_of, url in (
        (store.file_of, settings.store.url),
        (queue_address.file_of, settings.queue.url),
    ):
        try:
            file = file_of(url)
        except InputError:
            continue
        if file is not None:
            found.append(file)
    return found


def _existing(file: Path) -> Path:
    return next(folder for folder in file.absolute().parents if os.path.isdir(folder))


def _privacy(file: Path) -> Iterator[Check]:
    """Trades and accounts stand in it, and in what SQLite puts beside it."""
    beside = [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
    there = [one for one in beside if one.is_file()]
    # Who may not enter the folder, as it is made, reads nothing in it.
    entered = bool(file.absolute().parent.stat().st_mode & stat.S_IXOTH) if there else False
    opened = [str(one) for one in there if entered and _others_read(one)]
    if opened:
        yield warning(PART, "file_open", files=" ".join(opened))
    elif there:
        yield good(PART, "file_private", file=str(file))


def _others_read(file: Path) -> bool:
    return os.name == "posix" and bool(file.stat().st_mode & stat.S_IROTH)


def _holds_password(config: Path) -> bool:
    return _PASSWORD.search(config.read_text(encoding="utf-8")) is not None

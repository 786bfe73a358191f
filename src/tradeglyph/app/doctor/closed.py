"""What keeps this user from writing a file of SQLite."""

import os
from pathlib import Path

from tradeglyph.app.doctor.check import Check, fault


def closed(part: str, file: Path) -> Check | None:
    """What must be mended before the file can be written, or made; None where nothing is seen.

    Its folder must be writable, too: SQLite writes beside its file.
    """
    path = file.absolute()
    last = path
    for folder in reversed(path.parents):
        if not os.path.lexists(folder):
            break
        if not folder.is_dir():
            return fault(part, "folder_is_file", file=str(folder))
        if not os.access(folder, os.X_OK):
            return _unwritable(part, folder)
        last = folder
    if not os.access(last, os.W_OK):
        return _unwritable(part, last)
    if path.is_dir():
        return fault(part, "file_is_folder", file=str(file))
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return _unwritable(part, file)
    return None


def _unwritable(part: str, place: Path) -> Check:
    read_only = os.name == "posix" and os.statvfs(place).f_flag & os.ST_RDONLY
    return fault(part, "disk_read_only" if read_only else "file_closed", file=str(place))

"""Outputs appear under their final name only when they are complete.

A file is written beside its target and renamed over it. A folder is filled in a hidden one, inside
its target where that exists (it may be a mounted volume, over whose edge nothing can be renamed),
else beside it; then each entry replaces the entry of that name. Whatever else stands in the target
stays. An exception, Ctrl-C included, removes what was begun.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradeglyph.domain.errors import InputError


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Yield a path to write to; it becomes `target` when the block ends well.

    Raises InputError where `target` is a folder, or its own folder can't be written to.
    """
    if target.is_dir():
        raise InputError(f"{target}: is a folder; name a file in it")
    staging = _staging(target, target.absolute().parent)
    try:
        path = staging / target.name
        yield path
        os.replace(path, target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder to fill; its entries move into `target` when the block ends well.

    Raises InputError where `target` is a file or can't be written to.
    """
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: is a file, not a folder; name another --out")
    staging = _staging(target, target if target.is_dir() else target.absolute().parent)
    try:
        yield staging
        _check_writable(target)
        for entry in sorted(staging.iterdir()):
            _replace(entry, target / entry.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _replace(entry: Path, final: Path) -> None:
    if final.is_dir() and not final.is_symlink():
        shutil.rmtree(final)
    elif entry.is_dir():
        final.unlink(missing_ok=True)
    os.replace(entry, final)


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: can't be written: {error.strerror}") from error


def _staging(target: Path, folder: Path) -> Path:
    _check_writable(folder)
    try:
        return Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=folder))
    except OSError as error:
        raise InputError(f"{target}: can't be written: {error.strerror}") from error

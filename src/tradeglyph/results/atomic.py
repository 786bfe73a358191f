"""Outputs appear under their final name only when they are complete.

A file is written beside its target and renamed over it. A folder is filled in a hidden one, inside
its target where that exists (it may be a mounted volume, over whose edge nothing can be renamed),
else beside it; then what stands in the way is moved aside into another hidden one, the new entries
move in, and only then are the old ones deleted. Whatever else stands in the target stays. An
exception, Ctrl-C included, removes what was begun and puts back what was moved aside.
"""

import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
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
def whole_folder(target: Path, stale: Collection[str] = ()) -> Iterator[Path]:
    """Yield an empty folder to fill; its entries move into `target` when the block ends well.

    Entries of `target` called as in `stale` go, too, whether or not others take their places.
    Raises InputError where `target` is a file or can't be written to.
    """
    if target.exists() and not target.is_dir():
        raise InputError(f"{target}: is a file, not a folder; name another --out")
    staging = _staging(target, target if target.is_dir() else target.absolute().parent)
    try:
        yield staging
        _check_writable(target)
        _move_in(staging, target, stale)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _move_in(staging: Path, target: Path, stale: Collection[str]) -> None:
    """All entries of `staging` take their places in `target`, or it stays as it was."""
    new = sorted(entry.name for entry in staging.iterdir())
    old = [name for name in sorted({*new, *stale}) if os.path.lexists(target / name)]
    aside = _staging(target, target, suffix=".replaced")
    moves = [(target / name, aside / name) for name in old]
    moves += [(staging / name, target / name) for name in new]
    try:
        for source, place in moves:
            os.replace(source, place)
    except BaseException:
        # Which move was under way nobody knows, so ask of each whether it was made.
        for source, place in reversed(moves):
            if os.path.lexists(place) and not os.path.lexists(source):
                os.replace(place, source)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _check_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: can't be written: {error.strerror}") from error


def _staging(target: Path, folder: Path, suffix: str = ".partial") -> Path:
    _check_writable(folder)
    try:
        return Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=suffix, dir=folder))
    except OSError as error:
        raise InputError(f"{target}: can't be written: {error.strerror}") from error

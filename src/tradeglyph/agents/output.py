"""The one place below the folder where results may be written, if the user named one."""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tradeglyph.agents.folder import Folder
from tradeglyph.domain.errors import InputError

NAME = r"[A-Za-z0-9一-鿿][A-Za-z0-9一-鿿._-]{0,99}"
"""What results may be called: no folders, nothing hidden, no blanks."""


@dataclass(frozen=True, slots=True)
class Output:
    """A folder for results, by the name that it has below the user's folder."""

    folder: Folder
    name: str

    @classmethod
    def named(cls, folder: Folder, name: str) -> "Output":
        """The folder that a user named; it is made when the first result is written.

        Raises InputError where it is not below `folder`, or is there and no folder.
        """
        place = folder.place(name)
        if place.exists() and not place.is_dir():
            raise InputError(f"--out {name}: is no folder")
        if place == folder.root:
            raise InputError("--out .: name a folder below --folder, for results alone")
        return cls(folder, name)

    def new(self, name: str, endings: Collection[str] = ()) -> Path:
        """Where a result of this name is to be written. Nothing is ever written over.

        Raises InputError for a name that results can't have, or one that is taken.
        """
        if not re.fullmatch(NAME, name):
            raise InputError("out: letters, digits, dots, hyphens and underscores, at most 100")
        if endings and not name.lower().endswith(tuple(endings)):
            raise InputError(f"out = {name}: end the name with one of {', '.join(endings)}")
        place = self.folder.place(self.name)
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{self.name}: can't be written: {error.strerror}") from error
        taken = place / name
        if os.path.lexists(taken):
            raise InputError(f"out = {name}: is taken; nothing is written over")
        return taken

    def shown(self, path: Path) -> str:
        """A written path as the model names it."""
        return path.relative_to(self.folder.root).as_posix()

"""Whether what stands in an output folder is an earlier result of ours, and may be replaced."""

import os
from collections.abc import Collection
from pathlib import Path

from tradeglyph.domain.errors import InputError


def check_replaceable(
    folder: Path, entries: Collection[str], signs: Collection[str], command: str
) -> None:
    """Raises InputError where `folder` holds some of the `entries` that `command` would replace,
    but not all of the files, `signs`, that it leaves behind whenever it ends well: then somebody
    else put them there.
    """
    held = [name for name in entries if os.path.lexists(folder / name)]
    if held and not all((folder / name).is_file() for name in signs):
        raise InputError(
            f"{folder}: holds {', '.join(held)}, which `tradeglyph {command}` did not write and "
            "would replace; name another --out"
        )

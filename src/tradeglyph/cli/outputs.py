"""Where a command writes must not be where it reads: a result never replaces its own input."""

import os
from collections.abc import Collection
from pathlib import Path

from tradeglyph.domain.errors import InputError
from tradeglyph.results.rejects import rejects_path
from tradeglyph.sources.formats import ENDINGS


def check_out(out: Path, *inputs: Path | None, writes: Collection[str] = ()) -> None:
    """Raises InputError where `out`, a file or a folder, is one of the `inputs` (None: not given),
    or would be read as one the next time; links are followed. Neither the file of rejected rows,
    which stands beside `out`, nor a file that the command `writes` into it may be one of them.
    """
    for path in filter(None, inputs):
        if fault := _fault(out, path, writes):
            raise InputError(f"--out {out}: {fault}; name another --out")


def _fault(out: Path, path: Path, writes: Collection[str]) -> str | None:
    if _same(out, path):
        return f"is the input {path}"
    if any(_same(out / name, path) for name in writes):
        return f"holds the input {path}, which would be replaced"
    if out.suffix.lower() in ENDINGS and path.is_dir() and _same(out.parent, path):
        return f"would be read as one of the inputs in {path} the next time"
    if _same(rejects_path(out), path):
        return f"its rejected rows would replace the input {path}"
    return None


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _same(one: Path, other: Path) -> bool:
    """The same place, whatever it is called: through links, or where case does not matter."""
    try:
        return one.samefile(other)
    except OSError:
        return _real(one) == _real(other)

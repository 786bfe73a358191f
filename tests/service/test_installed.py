"""Without the extra, one line says how to install it."""

import subprocess
import sys

CODE = """
from importlib.machinery import PathFinder
found = PathFinder.find_spec
PathFinder.find_spec = staticmethod(
    lambda name, *more: None if name == "uvicorn" else found(name, *more)
)
from tradeglyph.domain.errors import MissingExtra
from tradeglyph.service.installed import check_installed
try:
    check_installed()
except MissingExtra as error:
    print(error)
"""


def test_a_missing_package_is_named_with_its_extra() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == (
        "uvicorn is not installed; install it with: pip install 'tradeglyph[serve]'\n"
    )

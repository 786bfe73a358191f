"""The command line inside the test's own process: as `python -m tradeglyph`, without its start."""

import contextlib
import io
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tradeglyph.cli.main import run


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind in the terminal."""

    status: int
    stdout: str
    stderr: str


def tradeglyph(*arguments: object, cwd: Path) -> Done:
    """Run a command in the folder `cwd`."""
    stdout, stderr = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    status: object = None
    try:
        with (
            contextlib.chdir(cwd),
            patch.object(sys, "argv", ["tradeglyph", *map(str, arguments)]),
            contextlib.redirect_stdout(stdout),
            contextlib.redirect_stderr(stderr),
        ):
            run()
    except SystemExit as end:
        status = end.code
    finally:
        signal.signal(signal.SIGTERM, before)
    assert isinstance(status, int)
    return Done(status, stdout.getvalue(), stderr.getvalue())


def done(*arguments: object, cwd: Path) -> Done:
    """Run a command that must go well."""
    result = tradeglyph(*arguments, cwd=cwd)
    assert result.status == 0, result.stderr
    return result


def refused(*arguments: object, cwd: Path) -> str:
    """Run a command on wrong input: status 2, nothing on stdout, and what stderr says."""
    result = tradeglyph(*arguments, cwd=cwd)
    assert result.status == 2, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    errors = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert errors, result.stderr
    return "\n".join(errors)

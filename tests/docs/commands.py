"""The commands that a document tells its reader to type."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")])
_BLOCK = re.compile(
    r"^```sh(?: status=(\d+))?\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL
)
_FILE = re.compile(
    r"^```(?:csv|json|python|toml|yaml) file=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Command:
    """One line to type."""

    words: tuple[str, ...]
    status: int
    """What it must end with: that of its block for the block's last line, else 0."""
    says: tuple[str, ...]
    """What it must print to stdout, line by line: the `text` block after its own, if it is last."""


def commands_of(document: Path) -> list[Command]:
    """The lines of all `sh` blocks of a document, in order."""
    commands = []
    for block in _BLOCK.finditer(document.read_text(encoding="utf-8")):
        lines = [line for line in block[2].splitlines() if line.strip()]
        for line in lines:
            last = line is lines[-1]
            status, says = int(block[1] or 0) if last else 0, block[3] if last else None
            commands.append(Command(tuple(shlex.split(line)), status, written(says or "")))
    return commands


def files_of(document: Path) -> dict[str, str]:
    """The files that a document shows, by name."""
    return dict(_FILE.findall(document.read_text(encoding="utf-8")))


def written(text: str) -> tuple[str, ...]:
    """The lines that say something, blanks folded."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())

"""`tradeglyph init`: a configuration file to begin with."""

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

from tradeglyph.cli.console import tell
from tradeglyph.domain.errors import InputError


def init(
    out: Annotated[Path, typer.Option(help="The file; it must not exist yet")] = Path(
        "tradeglyph.toml"
    ),
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of its remarks")] = "en",
) -> None:
    """Write a configuration file with every setting, its default and what it does."""
    from tradeglyph.app.starter import starter_text

    text = starter_text(lang)
    try:
        # Never over a file; readable by its owner alone, since a password may come to stand in it.
        with open(out, "x", encoding="utf-8", opener=_private) as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{out}: exists already; name another --out") from None
    except OSError as error:
        raise InputError(f"{out}: can't be written: {error.strerror}") from None
    tell(_DONE[lang].format(out))


_DONE = {
    "en": "{0}: say where trades and candles come from, then run: tradeglyph doctor",
    "zh": "{0}：请填写成交和 K 线的来源，然后运行：tradeglyph doctor",
}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

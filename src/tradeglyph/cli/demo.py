"""`tradeglyph demo`: the main job on simulated accounts, start to end."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tradeglyph.cli import reading
from tradeglyph.cli.console import AsJson, give, progress, tell
from tradeglyph.cli.inputs import Language
from tradeglyph.cli.summary import key_metrics, print_summary

LEFT = ("report/report.html", "scores.csv", "pictures", "model", "accounts", "dataset")
"""What a reader of the last lines may want to open, the first thing first."""


def demo(
    out: Annotated[Path, typer.Option(help="Folder to fill")] = Path("demo"),
    seed: Annotated[int | None, typer.Option(min=0, help="(default: today's date)")] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """Simulate accounts, draw them, train a model on them, score others, and report.

    It trains its own model on its own data; the shipped one has no part in it.
    """
    from tradeglyph.app.demo import run_demo
    from tradeglyph.app.settings import load_settings

    language = reading.language(lang or load_settings().lang)
    today = int(datetime.now(tz=UTC).strftime("%Y%m%d"))
    seed = today if seed is None else seed
    with progress("training") as advance:
        done = run_demo(out, seed, language, tell, advance)
    if as_json:
        paths = {Path(name).stem: str(done.folder / name) for name in LEFT}
        give({"out": str(done.folder), "seed": seed, **key_metrics(done.metrics), **paths})
        return
    print_summary(done.metrics, done.folder / LEFT[0], language)
    for name in LEFT:
        typer.echo(str(done.folder / name))

"""`tradeglyph demo`: the main job on simulated accounts, start to end."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.cli import reading
from tradeglyph.cli.console import progress, tell
from tradeglyph.cli.inputs import Language

if TYPE_CHECKING:
    from tradeglyph.app.demo import Demo
    from tradeglyph.recognizers.reasons import Lang

_TITLES: "dict[Lang, tuple[str, ...]]" = {
    "en": ("scenario", "truth", "windows", "flagged by the model", "by a dot counter*"),
    "zh": ("场景", "实情", "窗口数", "模型告警比例", "只数点数的告警比例*"),
}
_NOTES: "dict[Lang, str]" = {
    "en": "* the number of trades alone, at the threshold where it catches as much fraud",
    "zh": "* 只看成交笔数，阈值取在召回率与模型相同处",
}


def demo(
    out: Annotated[Path, typer.Option(help="Folder to fill")] = Path("demo"),
    seed: Annotated[int | None, typer.Option(min=0, help="(default: today's date)")] = None,
    lang: Language = None,
) -> None:
    """Simulate accounts, draw them, train a model on them, score others, and report.

    It trains its own model on its own data; the shipped one has no part in it.
    """
    from tradeglyph.app.demo import run_demo
    from tradeglyph.app.settings import load_settings

    language = reading.language(lang or load_settings().lang)
    today = int(datetime.now(tz=UTC).strftime("%Y%m%d"))
    with progress("training") as advance:
        done = run_demo(out, today if seed is None else seed, language, tell, advance)
    _table(done, language)


def _table(done: "Demo", lang: "Lang") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*_TITLES[lang])
    for row in done.by_scenario.iter_rows(named=True):
        counter = row["dot_counter"]
        table.add_row(
            row["scenario"],
            row["label"],
            f"{row['windows']:,}",
            f"{row['flagged']:.1%}",
            "-" if counter is None else f"{counter:.1%}",
        )
    console = Console()
    console.print(table)
    console.print(_NOTES[lang], style="dim", highlight=False)
    for name in ("report/report.html", "scores.csv", "pictures", "model", "accounts", "dataset"):
        typer.echo(str(done.folder / name))

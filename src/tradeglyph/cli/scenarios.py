"""The table of an evaluation: who was flagged, by the model and by a count of trades."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradeglyph.recognizers.reasons import Lang

_TITLES: "dict[Lang, tuple[str, ...]]" = {
    "en": ("scenario", "truth", "windows", "model flags", "dot counter*"),
    "zh": ("场景", "实情", "窗口数", "模型告警", "数点法*"),
}
_NOTES: "dict[Lang, str]" = {
    "en": "* the number of trades alone, cut where it catches as much fraud as the model",
    "zh": "* 只看成交笔数，阈值取在召回率与模型相同处",
}


def print_scenarios(metrics: dict[str, Any], lang: "Lang") -> None:
    """Print the flagged share of each scenario to stdout."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    scenario, truth, *figures = _TITLES[lang]
    table = Table(scenario, truth, box=SIMPLE_HEAD)
    for title in figures:
        table.add_column(title, justify="right")
    for entry in metrics["scenarios"]:
        flagged = entry["flagged"]
        counter = entry["baselines"].get("dot_counter", {}).get("share_at_same_recall")
        table.add_row(
            entry["scenario"],
            entry["label"],
            f"{flagged['windows']:,}",
            f"{flagged['value']:.1%}",
            "-" if counter is None else f"{counter:.1%}",
        )
    console = Console()
    console.print(table)
    console.print(f"  {_NOTES[lang]}", style="dim", highlight=False)

"""An evaluation on one screen: the figures to act on, the worst kinds, and where the rest is."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradeglyph.drawing.headline import KeyFigure
    from tradeglyph.recognizers.reasons import Lang

Figures = Mapping[str, Any]

WORST = 3
"""Rows shown of each of: fraud that fills can tell, fraud that they can't, honest accounts."""
TEMPTING = 2
"""Rows shown of honest accounts that a count of trades would flag most."""

_TITLES: "dict[Lang, tuple[str, ...]]" = {
    "en": ("scenario", "truth", "windows", "flagged", "dot counter*", "held"),
    "zh": ("场景", "实情", "窗口数", "告警", "数点法*", "止付"),
}
_COUNTER: "dict[Lang, str]" = {
    "en": "* the number of trades alone, cut where it catches as much fraud as the model",
    "zh": "* 只看成交笔数，阈值取在召回率与模型相同处",
}
_REST: "dict[Lang, str]" = {
    "en": "The worst {shown} of {all} scenarios; all of them in {report}",
    "zh": "以上为 {all} 个场景中最差的 {shown} 个，全部见 {report}",
}


def key_metrics(metrics: dict[str, Any]) -> dict[str, Any]:
    """The same for machines; the rest is in `metrics.json`."""
    return {
        "roc_auc": metrics["ranking"]["model"]["roc_auc"],
        "at_threshold": metrics["at_threshold"],
        "gate": metrics["gate"],
        "failed": failed(metrics),
    }


def failed(metrics: dict[str, Any]) -> list[str]:
    """Artefact tests and invariances that did not hold."""
    return [m["name"] for m in (*metrics["artefacts"], *metrics["invariances"]) if not m["held"]]


def print_summary(metrics: dict[str, Any], report: Path, lang: "Lang") -> None:
    """Print an evaluation to stdout in at most 30 lines; `report` is the page with the rest."""
    from rich.console import Console

    from tradeglyph.drawing.headline import headline
    from tradeglyph.drawing.texts import text

    console = Console(highlight=False, soft_wrap=True)
    top = headline(metrics, {}, lang)
    for title, figures in (
        ("group_with_sides", top.with_sides),
        ("group_fills_alone", top.fills_alone),
    ):
        if figures:
            console.print(text(title, lang), style="bold")
            console.print(_figures(figures))
    rows = _worst_rows(metrics["scenarios"], _held(metrics))
    console.print(_table(rows, metrics, lang))
    if any(_unclear(row) for row in rows):
        console.print(text("mark_untellable", lang))
    console.print(_COUNTER[lang])
    if len(rows) < len(metrics["scenarios"]):
        shown = {"shown": len(rows), "all": len(metrics["scenarios"]), "report": report}
        console.print(_REST[lang].format(**shown))


def _figures(figures: "Iterable[KeyFigure]") -> Any:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column()
    for figure in figures:
        grid.add_row(f"  {figure.label}", figure.value, figure.basis)
    return grid


def _unclear(entry: Figures) -> bool:
    return bool(entry.get("untellable") or entry.get("ambiguous"))


def _held(metrics: dict[str, Any]) -> dict[str, float]:
    """Share on hold by scenario; empty where the other sides are not known."""
    return {row["scenario"]: row["hold"]["value"] for row in metrics.get("verdicts_with") or []}


def _worst_rows(entries: list[Figures], held: Mapping[str, float]) -> list[Figures]:
    """Fraud that gets through, what fills can tell first; honest accounts in the way; what a count
    of trades would do to them. What fills can't tell is the ledger's, so the least held is worst.
    """

    def flagged(entry: Figures) -> float:
        return float(entry["flagged"]["value"])

    def stopped(entry: Figures) -> float:
        return held.get(entry["scenario"], flagged(entry))

    def counted(entry: Figures) -> float:
        counter = entry["baselines"].get("dot_counter", {})
        return float(counter.get("share_at_same_recall") or 0.0)

    fraud = sorted((e for e in entries if e["label"] == "fraud"), key=flagged)
    honest = sorted((e for e in entries if e["label"] != "fraud"), key=flagged, reverse=True)
    rows = [e for e in fraud if not _unclear(e)][:WORST]
    rows += sorted((e for e in fraud if _unclear(e)), key=stopped)[:WORST]
    rows += honest[:WORST]
    return rows + sorted(honest[WORST:], key=counted, reverse=True)[:TEMPTING]


def _table(rows: list[Figures], metrics: dict[str, Any], lang: "Lang") -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    held = _held(metrics)
    scenario, truth, *figures = _TITLES[lang]
    table = Table(scenario, truth, box=SIMPLE_HEAD)
    for title in figures if held else figures[:-1]:
        table.add_column(title, justify="right")
    for entry in rows:
        counter = entry["baselines"].get("dot_counter", {}).get("share_at_same_recall")
        shares = [entry["flagged"]["value"], counter]
        shares += [held.get(entry["scenario"])] if held else []
        table.add_row(
            entry["scenario"] + ("†" if _unclear(entry) else ""),
            entry["label"],
            f"{entry['flagged']['windows']:,}",
            *("-" if share is None else f"{share:.1%}" for share in shares),
        )
    return table

"""`tradeglyph evaluate`: what a model is worth on windows whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import Inputs, Language, Model, over_market


@over_market
def evaluate(
    inputs: Inputs,
    labels: Annotated[Path, typer.Option(help="account_id, symbol, scenario, label, ...")],
    out: Annotated[Path, typer.Option(help="Folder for metrics.json and report.html")],
    model: Model = None,
    threshold: Annotated[
        float | None, typer.Option(help="Probability above which to flag (default: the card's)")
    ] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """Measure a model against the truth and the baselines; write metrics.json and report.html."""
    from tradeglyph.app.evaluation import EvaluationRequest, evaluate_windows
    from tradeglyph.app.market import load_windows
    from tradeglyph.model.shipped import open_model
    from tradeglyph.sources.labels import read_labels

    scorer = open_model(model or inputs.settings.model)
    truth = read_labels(labels)
    windows, candles = load_windows(
        inputs.trades,
        inputs.candles,
        inputs.trade_options,
        inputs.candle_options,
        inputs.rule,
        tell,
    )
    request = EvaluationRequest(
        scorer=scorer,
        threshold=threshold,
        lang=inputs.language(lang),
        data={"trades": str(inputs.trades), "candles": str(inputs.candles), "labels": str(labels)},
    )
    metrics = evaluate_windows(windows, candles, truth, request, out)
    area = metrics["ranking"]["model"]["roc_auc"]
    working = metrics["at_threshold"]
    tell(
        f"{out}: metrics.json, report.html; ROC-AUC {_figure(area)}, "
        f"recall {_figure(working['recall'])}, "
        f"false positives {_figure(working['false_positive_rate'])}"
    )
    if as_json:
        give({"out": str(out), "roc_auc": area, "at_threshold": working})


def _figure(interval: dict[str, float | None]) -> str:
    value, low, high = (interval.get(key) for key in ("value", "low", "high"))
    if value is None:
        return "-"
    spread = "" if low is None or high is None else f" ({low:.4f} to {high:.4f})"
    return f"{value:.4f}{spread}"

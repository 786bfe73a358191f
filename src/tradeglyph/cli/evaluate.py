"""`tradeglyph evaluate`: what a model is worth on windows whose truth is known."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from tradeglyph.app.market_inputs import checked_threshold
from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import (
    Inputs,
    Language,
    Model,
    References,
    leave_rejects,
    over_market,
)
from tradeglyph.cli.summary import failed, key_metrics, print_summary


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
    references: References = None,
    as_json: AsJson = False,
) -> None:
    """Measure a model against the truth and the baselines; write metrics.json and report.html."""
    from tradeglyph.app.evaluation import EvaluationRequest, evaluate_windows
    from tradeglyph.app.references import fitting
    from tradeglyph.app.scoring import quoted_prices
    from tradeglyph.model.shipped import open_model

    inputs.check_out(out, labels, references)
    request = EvaluationRequest(
        scorer=open_model(model or inputs.settings.model),
        threshold=checked_threshold(threshold),
        lang=inputs.language(lang),
        data={"trades": str(inputs.trades), "candles": str(inputs.candles), "labels": str(labels)},
        rules=inputs.rules,
    )
    truth = inputs.labels(labels)
    if references is not None:
        read = quoted_prices(references, inputs.trade_options, tell)
        request = replace(request, references=read)
    market = inputs.load()
    quoted, lines = fitting(request.references, references, market.trades)
    for line in lines:
        tell(line)
    request = replace(request, trades=market.trades, references=quoted)
    metrics = evaluate_windows(market.windows, market.candles, truth, request, out)
    leave_rejects(market.rejects, out)
    area = metrics["ranking"]["model"]["roc_auc"]
    working = metrics["at_threshold"]
    tell(
        f"{out}: metrics.json, report.html; ROC-AUC {_figure(area)}, "
        f"recall {_figure(working['recall'])}, "
        f"false positives {_figure(working['false_positive_rate'])}"
    )
    unlabelled = len(market.windows) - metrics["windows"]["total"]
    if unlabelled:
        tell(f"  {unlabelled:,} windows have no label and are left out")
    for line in _failed(metrics):
        tell(line)
    if as_json:
        give({"out": str(out), **key_metrics(metrics), "unlabelled": unlabelled})
    else:
        print_summary(metrics, out / "report.html", request.lang)


def _failed(metrics: dict[str, Any]) -> Iterator[str]:
    if metrics["gate"]["passed"] is False:
        yield f"  the leak gate refuses: {metrics['gate']['reasons'][0]}"
    for name in failed(metrics):
        yield f"  the probability moves with what should not matter: {name.replace('_', ' ')}"


def _figure(interval: dict[str, float | None]) -> str:
    value, low, high = (interval.get(key) for key in ("value", "low", "high"))
    if value is None:
        return "-"
    spread = "" if low is None or high is None else f" ({low:.4f} to {high:.4f})"
    return f"{value:.4f}{spread}"

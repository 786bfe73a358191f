"""`tradeglyph explain`: one account's window, for the person who must decide."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import Inputs, Language, Model, checked_threshold, over_market
from tradeglyph.domain.errors import InputError

if TYPE_CHECKING:
    from tradeglyph.app.explanation import Explanation
    from tradeglyph.recognizers.reasons import Lang


@over_market
def explain(
    inputs: Inputs,
    account: Annotated[str, typer.Option(help="account_id")],
    out: Annotated[Path, typer.Option(help="Folder for page, picture, chart")] = Path("explained"),
    model: Model = None,
    threshold: Annotated[
        float | None, typer.Option(help="Probability above which to flag (default: the card's)")
    ] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """Show the picture, the chart, the money and the reasons of one window.

    --symbol names the symbol; --window names the day (YYYY-MM-DD), else the most suspicious.
    """
    from tradeglyph.app.explanation import explain_window, write_explanation
    from tradeglyph.app.scoring import ScoreRequest

    if inputs.symbol is None:
        raise InputError("explain needs --symbol")
    day = None
    if inputs.span is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", inputs.span):
        day, inputs = inputs.span, replace(inputs, span=None)
    language = inputs.language(lang)
    request = ScoreRequest(
        trades=inputs.trades,
        candles=inputs.candles,
        model=model or inputs.settings.model,
        threshold=checked_threshold(threshold),
        rule=inputs.rule,
        trade_options=inputs.trade_options,
        candle_options=inputs.candle_options,
        lang=language,
    )
    explanation = explain_window(request, account, str(inputs.symbol), day, tell)
    write_explanation(explanation, out)
    tell(f"{out}/explanation.html, picture.png, chart.svg")
    if as_json:
        give(_summary(explanation, out))
    else:
        _print(explanation, language)


def _summary(explanation: "Explanation", out: Path) -> dict[str, object]:
    return {
        **explanation.window,
        "figures": dict(explanation.figures),
        "reasons": explanation.reasons,
        "page": str(out / "explanation.html"),
        "picture": str(out / "picture.png"),
        "chart": str(out / "chart.svg"),
    }


def _print(explanation: "Explanation", lang: "Lang") -> None:
    from tradeglyph.drawing.texts import text

    window = explanation.window
    probability = window["probability"]
    answer = text("not_applicable", lang) if probability is None else f"{probability:.4f}"
    typer.echo(f"{window['account']} · {window['symbol']} · {window['window_start']}")
    verdict = text(window["verdict"], lang) if window["verdict"] else "-"
    role = f", {text(window['role'], lang)}" if window["role"] else ""
    above = probability is not None and probability > window["threshold"]
    sign = ">" if above else "≤"
    against = "" if probability is None else f" ({sign} {window['threshold']:.4g})"
    typer.echo(f"  {answer}{against}: {verdict}{role}")
    for reason in explanation.reasons:
        typer.echo(f"  - {reason}")
    for key, value in explanation.figures:
        typer.echo(f"  {text(key, lang)}: {value}")

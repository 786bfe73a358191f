"""`tradeglyph explain`: one account's window, for the person who must decide."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import (
    Inputs,
    Language,
    Lists,
    Model,
    References,
    leave_rejects,
    over_market,
)
from tradeglyph.domain.errors import InputError

if TYPE_CHECKING:
    from tradeglyph.app.explained import Explanation
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
    lists: Lists = None,
    references: References = None,
    as_json: AsJson = False,
) -> None:
    """Show the picture, the chart, the money, the reasons and what mattered in one window.

    --symbol is needed and names the symbol; --window names the day (YYYY-MM-DD), else it is the
    most suspicious.
    """
    from tradeglyph.app.explained_summary import summary_of
    from tradeglyph.app.explanation import explain_window, write_explanation

    if inputs.symbol is None:
        raise InputError("explain needs --symbol: the symbol whose window is to be explained")
    inputs.check_out(out, lists, references)
    inputs, day = inputs.of_one_day()
    request = inputs.score_request(model, threshold, lang, lists, references)
    explanation = explain_window(request, account, str(inputs.symbol), day, tell)
    write_explanation(explanation, out)
    tell(f"{out}/explanation.html, picture.png, chart.svg")
    leave_rejects(explanation.rejects, out)
    if as_json:
        files = {
            "page": str(out / "explanation.html"),
            "picture": str(out / "picture.png"),
            "chart": str(out / "chart.svg"),
        }
        give(summary_of(explanation, request.lang) | files)
    else:
        _print(explanation, request.lang)


def _print(explanation: "Explanation", lang: "Lang") -> None:
    from tradeglyph.drawing.formats import number
    from tradeglyph.drawing.texts import text

    window = explanation.window
    probability = window["probability"]
    answer = text("not_applicable", lang) if probability is None else f"{probability:.4f}"
    typer.echo(f"{window['account']} · {window['symbol']} · {window['window_start']}")
    verdict = text(window["verdict"], lang) if window["verdict"] else "-"
    colon, comma = text("colon", lang), text("comma", lang)
    role = f"{comma}{text(window['role'], lang)}" if window["role"] else ""
    above = probability is not None and probability > window["threshold"]
    sign = ">" if above else "≤"
    against = text("brackets", lang, words=f"{sign} {window['threshold']:.4g}")
    typer.echo(f"  {answer}{'' if probability is None else against}{colon}{verdict}{role}")
    for reason in (*explanation.sentences, *explanation.reasons):
        typer.echo(f"  - {reason}")
    for key, value in explanation.figures.items():
        typer.echo(f"  {text(key, lang)}{colon}{number(value)}")
    _print_money(explanation, lang)
    _print_matters(explanation, lang)
    _print_benign(explanation, lang)
    for key, name in explanation.replay.items():
        typer.echo(f"  {text(f'replay_{key}', lang)}{colon}{name}")


def _print_money(explanation: "Explanation", lang: "Lang") -> None:
    from tradeglyph.drawing.money import money_view
    from tradeglyph.drawing.texts import text

    if explanation.money is None:
        return
    view, colon = money_view(explanation.money, lang), text("colon", lang)
    typer.echo(f"  {text('money_title', lang)}{colon}{view['caption']}")
    for row in view["rows"]:
        cells = zip(view["heads"], row["cells"], strict=False)
        told = [f"{head.lower()} {headline}" for head, (headline, _) in cells]
        said = text("comma", lang).join(told) or text("money_abstained", lang)
        typer.echo(f"    {row['title']}{colon}{said}")


def _print_matters(explanation: "Explanation", lang: "Lang") -> None:
    from tradeglyph.drawing.explanation import LISTED, trade_row
    from tradeglyph.drawing.texts import text

    matter = [trade for trade in explanation.trades if trade.matters][:LISTED]
    colon = text("colon", lang)
    if matter:
        typer.echo(f"  {text('matters_title', lang)}{colon.rstrip()}")
    for trade in matter:
        row = trade_row(trade, lang)
        what = f"{row['time']} {row['side']} {row['quantity']} @ {row['price']}"
        note = text("ring_note", lang, without=row["without"])
        typer.echo(f"    {what}{colon}{note}{text('brackets', lang, words='-' + row['fall'])}")


def _print_benign(explanation: "Explanation", lang: "Lang") -> None:
    from tradeglyph.drawing.texts import text
    from tradeglyph.recognizers.benign_words import benign_words

    colon = text("colon", lang)
    if explanation.benign:
        typer.echo(f"  {text('benign_title', lang)}{colon.rstrip()}")
    for reading in explanation.benign:
        words = benign_words(reading, lang)
        why = text("semicolon", lang).join((words.figure, words.source))
        said = f"{words.title}{colon}{words.state}{text('brackets', lang, words=why)}"
        typer.echo(f"    {said}")

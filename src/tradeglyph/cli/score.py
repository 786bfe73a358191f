"""`tradeglyph score`: a probability, a verdict and a reason for every window."""

from pathlib import Path
from typing import Annotated

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

ALERTS = 3


@over_market
def score(
    inputs: Inputs,
    out: Annotated[Path, typer.Option(help="Scores: .csv, .jsonl or .parquet")],
    model: Model = None,
    threshold: Annotated[
        float | None, typer.Option(help="Probability above which to flag (default: the card's)")
    ] = None,
    lang: Language = None,
    lists: Lists = None,
    references: References = None,
    fail_on_alert: Annotated[
        bool,
        typer.Option(
            "--fail-on-alert", help="End with status 3 where something is to be reviewed or held"
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score every account, symbol and day."""
    from tradeglyph.app.scoring import ALERTING, score_files, summary_of
    from tradeglyph.results.scores import check_ending, write_scores

    check_ending(out)
    inputs.check_out(out, lists, references)
    request = inputs.score_request(model, threshold, lang, lists, references)
    scored = score_files(request, tell)
    write_scores(scored.frame, out)
    summary = {"out": str(out)} | summary_of(scored, request.rules)
    tell(
        f"{out}: {summary['windows']:,} windows, {summary['answered']:,} answered, "
        f"{summary['flagged']:,} flagged above {scored.threshold:.4g}, "
        f"{summary['review']:,} to review, {summary['hold']:,} to hold"
    )
    leave_rejects(scored.rejects, out)
    if as_json:
        give(summary)
    if fail_on_alert and any(summary[verdict] for verdict in ALERTING):
        raise typer.Exit(ALERTS)

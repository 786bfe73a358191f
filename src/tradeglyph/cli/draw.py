"""`tradeglyph draw`: one picture per window."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import Inputs, leave_rejects, over_market


@over_market
def draw(
    inputs: Inputs,
    out: Annotated[Path, typer.Option(help="Folder for the pictures and pictures.csv")],
    spec: Annotated[Literal["seed", "default"], typer.Option(help="What is drawn")] = "default",
    renderer: Annotated[
        Literal["fast", "faithful"],
        typer.Option(help="Arrays, or matplotlib (extra plot; hundreds of times slower)"),
    ] = "fast",
    as_json: AsJson = False,
) -> None:
    """Draw every account, symbol and day: JPEG for spec seed, PNG else."""
    from tradeglyph.app.drawing import draw_into
    from tradeglyph.picture.spec import SPECS

    inputs.check_out(out)
    market = inputs.load()
    count = draw_into(out, market.windows, market.candles, SPECS[spec], renderer)
    leave_rejects(market.rejects, out)
    tell(f"{out}: {count:,} pictures of spec {spec} ({SPECS[spec].hash})")
    if as_json:
        give({"out": str(out), "pictures": count, "spec": spec, "spec_hash": SPECS[spec].hash})

"""`tradeglyph dataset`: labelled pictures for training."""

from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import Inputs, leave_rejects, over_market
from tradeglyph.domain.errors import InputError

EVERY_UNTELLABLE = "untellable"


@over_market
def dataset(
    inputs: Inputs,
    out: Annotated[Path, typer.Option(help="Dataset folder to write")],
    labels: Annotated[
        Path | None,
        typer.Option(
            help="account_id, symbol, scenario, label, ... or scores with a column `disposition`, "
            "or a folder of both (default: --trades, where that is a folder in the seeds' layout, "
            "whose file names tell)"
        ),
    ] = None,
    spec: Annotated[Literal["seed", "default"], typer.Option(help="What is drawn")] = "default",
    split: Annotated[
        Literal["day", "random"],
        typer.Option(help="day: no symbol and day in training and validation; random: the seeds'"),
    ] = "day",
    seed: Annotated[int, typer.Option(min=0, help="Of the split")] = 0,
    leave_out: Annotated[
        str,
        typer.Option(
            help="Scenarios, separated by commas, whose windows are not for learning; `untellable` "
            "stands for the simulated ones that fills alone can't tell"
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Write a dataset folder: ImageFolder and MXNet lists, 75 % training, 25 % validation."""
    from dataclasses import asdict

    from tradeglyph.learning.dataset import check_dataset_folder, write_dataset
    from tradeglyph.picture.spec import SPECS

    inputs.check_out(out, labels)
    check_dataset_folder(out)
    if split == "random":
        tell(
            "warning: --split random lets pictures of one symbol and day into training and "
            "validation; its figures are not held-out and are here to reproduce the seeds' only"
        )
    truth = _without(inputs.labels(_labels(labels, inputs.trades)), leave_out)
    market = inputs.load()
    written = write_dataset(
        market.windows, market.candles, truth, out, spec=SPECS[spec], split=split, seed=seed
    )
    leave_rejects(market.rejects, out)
    tell(
        f"{out}: {written.windows:,} windows ({written.fraud:,} fraud), {written.train:,} for "
        f"training, {written.windows - written.train:,} for validation"
    )
    if written.unlabelled:
        tell(f"  {written.unlabelled:,} windows have no label and are left out")
    if written.unanswerable:
        tell(f"  {written.unanswerable:,} windows have fewer than two fills in candles: left out")
    if as_json:
        give({"out": str(out), "spec": spec, "split": split, **asdict(written)})


def _without(truth: pl.DataFrame, leave_out: str) -> pl.DataFrame:
    """Raises InputError for a scenario that no label names."""
    from tradeglyph.simulate.parts import UNTELLABLE

    names = [name.strip() for name in leave_out.split(",") if name.strip()]
    known = sorted(truth["scenario"].unique())
    if EVERY_UNTELLABLE in names:
        names.remove(EVERY_UNTELLABLE)
        names += [name for name in UNTELLABLE if name in known]
    for name in names:
        if name not in known:
            raise InputError(f"--leave-out {name}: no label names it; these do: {', '.join(known)}")
    return truth.filter(~pl.col("scenario").is_in(names))


def _labels(given: Path | None, trades: Path) -> Path:
    """Raises InputError where no labels are given and the trades can't carry them."""
    if given is not None:
        return given
    if not trades.is_dir():
        raise InputError(f"{trades}: a file of trades has no labels in it; add --labels")
    return trades

"""`tradeglyph train`: a model artifact from a dataset folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import polars as pl
import typer

from tradeglyph.cli.console import AsJson, give, progress, tell
from tradeglyph.cli.outputs import check_out
from tradeglyph.domain.errors import GateRefused, InputError

if TYPE_CHECKING:
    from tradeglyph.learning.fit import Fitted
    from tradeglyph.learning.folder import Samples


def train(
    data: Annotated[Path, typer.Option(help="Folder that `dataset` wrote")],
    out: Annotated[Path, typer.Option(help="Model folder to write")],
    arch: Annotated[Literal["compact", "resnet18"], typer.Option(help="Network")] = "compact",
    epochs: Annotated[int, typer.Option(min=1)] = 12,
    lr: Annotated[float, typer.Option(help="Highest learning rate")] = 2e-3,
    batch_size: Annotated[int, typer.Option(min=1)] = 64,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"], typer.Option(help="auto: CUDA, else MPS, else CPU")
    ] = "auto",
    precision: Annotated[
        Literal["float32", "bfloat16"],
        typer.Option(help="Of the products: bfloat16 is faster where the processor has it"),
    ] = "float32",
    mirror: Annotated[
        bool, typer.Option("--mirror", help="Show half of the pictures backwards in time")
    ] = False,
    labels: Annotated[
        Path | None,
        typer.Option(
            help="Labels that replace those of the folder: windows they don't name are left out. "
            "Or dispositions (column `disposition`: confirmed, dismissed), which mend those they "
            "name and leave the others as they are"
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="Name on the card (default: the folder's)")] = "",
    prior: Annotated[float, typer.Option(help="Share of fraud that probabilities mean")] = 0.01,
    alert_budget: Annotated[
        float, typer.Option(help="Share of honest windows that may be flagged")
    ] = 0.001,
    allow_leak: Annotated[
        bool, typer.Option("--allow-leak", help="Write the model although the gate refuses")
    ] = False,
    description: Annotated[str, typer.Option(help="Of the data, for the card")] = "",
    data_seed: Annotated[int | None, typer.Option(help="Of the simulation, for the card")] = None,
    reproduce: Annotated[
        str, typer.Option(help="The one command that makes this model again, for the card")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Train, export to ONNX, calibrate, judge against the baselines, and write the artifact.

    A run that was killed goes on from its last epoch when started again with the same data and
    options.
    """
    from tradeglyph.learning.fit import Origin, fit_artifact, need_train_extra

    check_out(out, data, labels)
    _check(out, prior, alert_budget)
    need_train_extra()
    from tradeglyph.learning.checkpoint import discard_checkpoint
    from tradeglyph.learning.folder import read_folder
    from tradeglyph.learning.options import TrainOptions
    from tradeglyph.model.artifact import write_artifact
    from tradeglyph.results.atomic import whole_folder

    options = TrainOptions(
        arch=arch, epochs=epochs, lr=lr, batch_size=batch_size, seed=seed, device=device,
        precision=precision, mirror=mirror,
    )  # fmt: skip
    samples = read_folder(data)
    if labels is not None:
        samples = _relabelled(samples, labels)
    out = out if out.name.strip(".") else out.resolve()
    checkpoint = out.with_name(f".{out.name}.checkpoint")
    with progress("training") as advance:
        fitted = fit_artifact(
            samples,
            options,
            name=name or out.name,
            origin=Origin(description=description, seed=data_seed, reproduce=reproduce),
            prior=prior,
            alert_budget=alert_budget,
            checkpoint=checkpoint,
            progress=lambda p: advance(p.step / p.steps, f"epoch {p.epoch} loss {p.loss:.4f}"),
        )
    _report(fitted)
    if not fitted.gate.passed and not allow_leak:
        # It would stand in the way of the next run, on the wider data that is asked for.
        discard_checkpoint(checkpoint)
        if as_json:
            give({"out": None, **_judged(fitted)})
        raise GateRefused(_refusal(fitted))
    with whole_folder(out) as staging:
        write_artifact(staging, fitted.onnx, fitted.card)
    discard_checkpoint(checkpoint)
    tell(f"{out}: {fitted.card.name}, threshold {fitted.card.threshold:.4f}")
    if as_json:
        give({"out": str(out), **_judged(fitted)})


def _relabelled(samples: "Samples", labels: Path) -> "Samples":
    from tradeglyph.learning.folder import relabelled
    from tradeglyph.sources.labels import read_labels, speaks_of_all
    from tradeglyph.sources.times import NaiveTime

    try:
        found = read_labels(labels)
    except NaiveTime as error:  # its own remedy is an option that `train` has not
        remedy = "write times with their offset, such as 2026-01-02T00:00:00+08:00"
        raise InputError(f"{error.fault}; {remedy}") from None
    mended = relabelled(samples, found, keep_others=not speaks_of_all(labels))
    before = samples.frame.select("index", pl.col("label").alias("before"))
    changed = mended.frame.join(before, on="index").filter(pl.col("label") != pl.col("before"))
    tell(
        f"{labels}: {len(found):,} labels; {len(mended):,} of {len(samples):,} windows are learnt "
        f"from, {len(changed):,} with another label than before"
    )
    return mended


def _judged(fitted: "Fitted") -> dict[str, Any]:
    gate = fitted.gate
    return {"gate": gate.passed, "reasons": list(gate.reasons), "metrics": fitted.metrics}


def _check(out: Path, prior: float, alert_budget: float) -> None:
    """Raises InputError for what would be found wrong only when the training is done."""
    for name, share in (("--prior", prior), ("--alert-budget", alert_budget)):
        if not 0 < share < 1:
            raise InputError(f"{name} {share}: must be a share, above 0 and below 1")
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: is a file, not a folder; name another --out")


def _report(fitted: "Fitted") -> None:
    row = fitted.gate.table[0]
    areas = ", ".join(
        f"{who} {value:.4f}" for who, value in row.items() if isinstance(value, float)
    )
    tell(f"validation ROC-AUC: {areas}")
    for note in fitted.gate.notes:
        tell(f"  note: {note}")


def _refusal(fitted: "Fitted") -> str:
    reasons = "; ".join(fitted.gate.reasons)
    return (
        f"the leak gate refuses: {reasons}\n"
        "nothing was written; widen the data, or study it with --allow-leak"
    )

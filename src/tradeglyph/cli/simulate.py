"""`tradeglyph simulate`: accounts whose truth is known."""

from pathlib import Path
from typing import Annotated

import typer

from tradeglyph.cli.console import AsJson, give, tell


def simulate(
    accounts: Annotated[int, typer.Option(help="How many; victims count, the crowd does not")],
    out: Annotated[Path, typer.Option(help="Folder for trades, candles and labels")],
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal files")] = 0,
    scenarios: Annotated[
        str, typer.Option(help="Behaviours, separated by commas (default: all of them)")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Simulate accounts in simulated markets, both sides of every match."""
    from tradeglyph.app.simulation import simulate_into

    names = [name.strip() for name in scenarios.split(",") if name.strip()]
    population = simulate_into(out, accounts, seed, names)
    fraud = int((population.labels.label == "fraud").sum())
    missing = {name: count for name, count in population.not_made.items() if count}
    tell(
        f"{out}: {len(population.labels.account):,} accounts ({fraud:,} fraud), "
        f"{len(population.fills):,} trades, {len(population.candles):,} candles"
    )
    if missing:
        listed = ", ".join(f"{name} {count:,}" for name, count in missing.items())
        tell(f"  not made, for want of candles that suit them: {listed}")
    if as_json:
        give(
            {
                "out": str(out),
                "accounts": len(population.labels.account),
                "fraud": fraud,
                "trades": len(population.fills),
                "candles": len(population.candles),
                "not_made": missing,
            }
        )

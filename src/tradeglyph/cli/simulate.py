"""`tradeglyph simulate`: accounts whose truth is known."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.app.settings import load_settings
from tradeglyph.cli import reading
from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.outputs import check_out
from tradeglyph.domain.errors import InputError

if TYPE_CHECKING:
    from tradeglyph.simulate.population import Population


def simulate(
    accounts: Annotated[
        int, typer.Option(help="How many; victims count, their company and the crowd do not")
    ],
    out: Annotated[Path, typer.Option(help="Folder for trades, candles and labels")],
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds give equal files")] = 0,
    scenarios: Annotated[
        str, typer.Option(help="Behaviours, separated by commas (default: all of them)")
    ] = "",
    candles: Annotated[
        Path | None,
        typer.Option(help="File or folder of real candles to trade in (default: simulated ones)"),
    ] = None,
    mapping: reading.CandlesMap = None,
    symbol: reading.CandlesSymbol = None,
    time_format: reading.CandlesTimeFormat = None,
    timezone: reading.CandlesTimezone = None,
    epoch_base: reading.CandlesEpochBase = None,
    candle_label: reading.CandleLabel = "start",
    source_interval: reading.SourceInterval = None,
    drop_duplicates: reading.DropDuplicates = False,
    as_json: AsJson = False,
) -> None:
    """Simulate accounts in simulated or real markets, both sides of every match."""
    from tradeglyph.app.simulation import real_candles, simulate_into
    from tradeglyph.results.simulation import FILES

    check_out(out, candles, writes=FILES)
    names = [name.strip() for name in scenarios.split(",") if name.strip()]
    market = None
    if candles is not None:
        settings = load_settings()
        options = reading.candle_options(
            mapping=reading.configured(settings.columns.candles, mapping, "columns.candles"),
            symbol=symbol,
            time_format=time_format,
            timezone=timezone or settings.timezone,
            epoch_base=epoch_base,
            candle_label=candle_label,
            source_interval=source_interval,
            drop_duplicates=drop_duplicates,
        )
        market = real_candles(candles, options, tell)
    elif mapping or symbol or time_format or timezone or epoch_base or source_interval:
        raise InputError("the --candles-... options read real candles; add --candles FILE")
    population = simulate_into(out, accounts, seed, names, candles=market)
    _tell(population, out, as_json)


def _tell(population: "Population", out: Path, as_json: bool) -> None:
    labels = population.labels
    missing = {name: count for name, count in population.not_made.items() if count}
    summary = {
        "out": str(out),
        "accounts": len(set(labels.account.tolist())),
        "windows": len(labels),
        "fraud": int((labels.label == "fraud").sum()),
        "trades": len(population.fills),
        "candles": len(population.candles),
        "not_made": missing,
    }
    tell(
        f"{out}: {summary['accounts']:,} accounts, {summary['windows']:,} windows "
        f"({summary['fraud']:,} fraud), {summary['trades']:,} trades, "
        f"{summary['candles']:,} candles"
    )
    if missing:
        listed = ", ".join(f"{name} {count:,}" for name, count in missing.items())
        tell(f"  not made, for want of candles that suit them: {listed}")
    if as_json:
        give(summary)

"""The options that every command over trades and candles has, declared once.

A command takes `inputs: Inputs` and is decorated with `over_market`; the decorator puts the fields
of `Inputs` into its signature, which is what typer reads.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from tradeglyph.app.market import Loaded, WindowRule, load
from tradeglyph.app.market_inputs import MarketInputs
from tradeglyph.app.rule_texts import changed_of, rules_text
from tradeglyph.app.settings import Settings, load_settings
from tradeglyph.cli import reading
from tradeglyph.cli.console import tell
from tradeglyph.cli.outputs import check_out
from tradeglyph.pipeline.rules import Rules
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.results.rejects import write_rejects
from tradeglyph.sources.labels import read_labels
from tradeglyph.sources.options import ReadOptions

if TYPE_CHECKING:
    from tradeglyph.app.scoring import ScoreRequest

PANEL = "Windows"

Model = Annotated[
    str | None,
    typer.Option("--model", help="A shipped model's name or a model folder (default: default)"),
]
Language = Annotated[
    str | None, typer.Option("--lang", help="Language of texts: en or zh (default: en)")
]
Lists = Annotated[
    Path | None,
    typer.Option(
        "--lists",
        help="What you know of accounts: account_id, kind (own, household, market_maker, exempt), "
        "reason, group, expires. They are marked, never silenced",
    ),
]

References = Annotated[
    Path | None,
    typer.Option(
        "--references",
        help="Prices to measure money against: symbol, time, price, kind (midquote, venue, "
        "settlement). Without them, what other accounts paid is the measure",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Inputs(MarketInputs):
    """Trades, candles, how they are read and how time is cut."""

    trades: Annotated[
        Path, typer.Option("--trades", help="File or folder: CSV, JSONL, Parquet, Feather")
    ]
    candles: Annotated[Path, typer.Option("--candles", help="File or folder of candles")]
    day_timezone: Annotated[
        str | None,
        typer.Option(
            "--day-timezone",
            help="IANA zone whose midnights cut days (default: UTC)",
            rich_help_panel=PANEL,
        ),
    ] = None
    span: Annotated[
        str | None,
        typer.Option(
            "--window",
            help="One window of this length, such as 24h, instead of days",
            rich_help_panel=PANEL,
        ),
    ] = None
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", help="Where that window ends, with an offset", rich_help_panel=PANEL
        ),
    ] = None
    mapping: reading.Map = None
    symbol: reading.Symbol = None
    time_format: reading.TimeFormat = None
    timezone: reading.Timezone = None
    epoch_base: reading.EpochBase = None
    on_error: reading.OnErrorOption = "stop"
    drop_duplicates: reading.DropDuplicates = False
    candles_mapping: reading.CandlesMap = None
    candles_symbol: reading.CandlesSymbol = None
    candles_time_format: reading.CandlesTimeFormat = None
    candles_timezone: reading.CandlesTimezone = None
    candles_epoch_base: reading.CandlesEpochBase = None
    candle_label: reading.CandleLabel = "start"

    @cached_property
    def settings(self) -> Settings:
        """The configuration. Raises InputError where it is malformed."""
        return load_settings()

    @cached_property
    def rules(self) -> Rules:
        """What the ledger and the wash-volume recognizer go by; said where it is configured."""
        rules = self.settings.rules
        if changed_of(rules):
            tell(f"rules: {rules_text(rules)}")
        return rules

    @cached_property
    def trade_options(self) -> ReadOptions:
        """How the trades are read. Raises InputError for options that say nothing."""
        return self.reading_trades(self.settings)

    @cached_property
    def candle_options(self) -> ReadOptions:
        """How the candles are read; what is not said of them holds as for the trades."""
        return self.reading_candles(self.settings)

    @cached_property
    def rule(self) -> WindowRule:
        """How time is cut. Raises InputError for half a span or a time without an offset."""
        return self.cutting()

    def check_out(self, out: Path, *others: Path | None) -> None:
        """Raises InputError where `out` would stand in the way of an input, `others` included."""
        check_out(out, self.trades, self.candles, *others)

    def load(self) -> Loaded:
        """Both files, with what is to be said of them on stderr."""
        return load(
            self.trades, self.candles, self.trade_options, self.candle_options, self.rule, tell
        )

    def score_request(
        self,
        model: str | None,
        threshold: float | None,
        lang: str | None,
        lists: Path | None = None,
        references: Path | None = None,
    ) -> "ScoreRequest":
        """What to score, and how. Raises InputError as the parts it is made of do."""
        request = self.to_score(
            self.settings,
            model=model,
            threshold=threshold,
            lang=lang,
            lists=lists,
            references=references,
        )
        return replace(request, rules=self.rules)

    def labels(self, path: Path) -> pl.DataFrame:
        """Labels, whose naive times are in the zone of the trades."""
        return read_labels(path, ReadOptions(timezone=self.trade_options.timezone))

    def language(self, asked: str | None) -> Lang:
        """The language asked for, else the configured one. Raises InputError for another."""
        return reading.language(asked or self.settings.lang)


def leave_rejects(rejects: pl.DataFrame, out: Path) -> None:
    """Write skipped rows beside the output, which is complete by now, and say where they are."""
    path = write_rejects(rejects, out)
    if path is not None:
        tell(f"  {len(rejects):,} rejected rows are in {path}")


def over_market(command: Callable[..., None]) -> Callable[..., None]:
    """Put the fields of `Inputs` before the command's own parameters."""
    names = {field.name for field in fields(Inputs)}
    ours = inspect.signature(Inputs, eval_str=True).parameters.values()
    own = list(inspect.signature(command, eval_str=True).parameters.values())[1:]

    @wraps(command)
    def flattened(**given: Any) -> None:
        inputs = Inputs(**{name: given.pop(name) for name in names})
        command(inputs, **given)

    merged = [*ours, *(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own)]
    flattened.__signature__ = inspect.Signature(merged)  # type: ignore[attr-defined]
    flattened.__annotations__ = {p.name: p.annotation for p in merged}
    return flattened

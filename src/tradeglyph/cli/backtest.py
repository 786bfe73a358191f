"""`tradeglyph backtest`: what a model would find in one's own traffic, and at how many alerts."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.cli.inputs import Inputs, Language, Model, leave_rejects, over_market
from tradeglyph.domain.errors import InputError

if TYPE_CHECKING:
    from tradeglyph.recognizers.reasons import Lang

_TITLES: "dict[Lang, tuple[str, ...]]" = {
    "en": ("alerts a day", "threshold", "alerts later", "recall, accounts", "recall, money"),
    "zh": ("每日告警预算", "阈值", "后半段实际告警", "召回率（按账户）", "召回率（按金额）"),
}


@over_market
def backtest(
    inputs: Inputs,
    out: Annotated[Path, typer.Option(help="Folder for backtest.json and backtest.html")],
    model: Model = None,
    candidate: Annotated[
        str | None, typer.Option(help="Another model, to see what it would change")
    ] = None,
    alerts_per_day: Annotated[
        str, typer.Option(help="Alerts a day to find thresholds for, separated by commas")
    ] = "20,50,200",
    plants: Annotated[int, typer.Option(min=1, help="Transfers to plant, at most")] = 400,
    seed: Annotated[int, typer.Option(min=0, help="Equal seeds plant equal transfers")] = 0,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """Plant transfers into a copy of your own trades and see which ones are found.

    No labels needed: alerts are counted on your traffic as it is, recall on what was planted. The
    threshold of each budget is chosen on the earlier half of the days and judged on the later.
    """
    from tradeglyph.app.backtest import BacktestRequest, backtest_windows
    from tradeglyph.model.shipped import open_model

    if inputs.span is not None or inputs.as_of is not None:
        raise InputError("backtest counts alerts a day: leave out --window and --as-of")
    inputs.check_out(out)
    market = inputs.load()
    request = BacktestRequest(
        scorer=open_model(model or inputs.settings.model),
        candidate=None if candidate is None else open_model(candidate),
        budgets=_budgets(alerts_per_day),
        plants=plants,
        seed=seed,
        lang=inputs.language(lang),
        zone=inputs.rule.zone,
        rules=inputs.rules,
        data={"trades": str(inputs.trades), "candles": str(inputs.candles)},
        trades=market.trades,
    )
    result = backtest_windows(market.windows, market.candles, request, out)
    _tell(result, out, request.lang)
    leave_rejects(market.rejects, out)
    if as_json:
        give({"out": str(out), **_summary(result)})
    else:
        _print(result, request.lang)


def _budgets(text: str) -> tuple[float, ...]:
    """Raises InputError for anything but numbers over 0, each once."""
    budgets = []
    for part in text.split(","):
        try:
            budget = float(part)
        except ValueError:
            budget = math.nan
        if not 0 < budget < math.inf:
            raise InputError(
                f"--alerts-per-day {text!r}: {part.strip()!r} is not a number over 0; "
                "write it as 20,50,200"
            )
        budgets.append(budget)
    return tuple(sorted(set(budgets)))


def _tell(result: dict[str, Any], out: Path, lang: "Lang") -> None:
    from tradeglyph.drawing.backtest import budget_remarks

    planting, split = result["planting"], result["split"]
    tell(f"{out}: backtest.json, backtest.html")
    tell(
        f"  {planting['planted']:,} transfers planted, {planting['in_own_days']:,} of their sides "
        f"in days of accounts' own, seed {result['seed']}"
    )
    if planting["planted"] < planting["asked"]:
        tell(f"  {planting['asked']:,} were asked for; there is no room for more")
    if split["ordered"]:
        tell(
            f"  thresholds from {split['early']['days']:,} days up to "
            f"{split['early']['last_day']}, judged on the {split['late']['days']:,} after"
        )
    else:
        tell("  there is one day only, so thresholds are judged on the day they were chosen on")
    for remark in budget_remarks(result["figures"]["current"]["budgets"], lang):
        tell(f"  {remark}")


def _summary(result: dict[str, Any]) -> dict[str, Any]:
    """Without groups, curves and lists."""
    return {
        **{key: result[key] for key in ("seed", "data", "split", "planting", "models")},
        "budgets": {
            name: [
                {key: entry[key] for key in ("alerts_per_day", "threshold", "early", "late")}
                for entry in figures["budgets"]
            ]
            for name, figures in result["figures"].items()
        },
        "changes": [
            {
                "alerts_per_day": change["alerts_per_day"],
                "newly": change["newly"]["count"],
                "no_longer": change["no_longer"]["count"],
                "planted": change["planted"],
            }
            for change in result["changes"]
        ],
    }


def _print(result: dict[str, Any], lang: "Lang") -> None:
    """One table a model, to stdout."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from tradeglyph.drawing.backtest import plain
    from tradeglyph.drawing.formats import number

    console = Console()
    for name, figures in result["figures"].items():
        table = Table(title=result["models"][name]["name"], box=SIMPLE_HEAD, title_justify="left")
        for title in _TITLES[lang]:
            # A threshold is copied from here: it must stay in one piece.
            table.add_column(title, justify="right", no_wrap=title == _TITLES[lang][1])
        for entry in figures["budgets"]:
            late = entry["late"]
            table.add_row(
                plain(entry["alerts_per_day"]),
                repr(entry["threshold"]),
                number(late["alerts_per_day"]),
                *(_percent(late[kind]["value"]) for kind in ("accounts", "money")),
            )
        console.print(table)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"

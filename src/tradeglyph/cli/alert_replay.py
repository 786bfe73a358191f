"""`tradeglyph alerts replay`: the same question once more, and everything it takes."""

import shlex
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tradeglyph.app.settings import load_settings
from tradeglyph.cli import alert_words
from tradeglyph.cli.console import give, tell
from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.instants import exact_rfc3339

if TYPE_CHECKING:
    from tradeglyph.app.replay import Replay
    from tradeglyph.domain.alerts import Alert
    from tradeglyph.recognizers.reasons import Lang

CONFIGURATION = "tradeglyph.toml"


def replay_alert(
    alert: "Alert", model: str | None, out: Path | None, lang: "Lang", *, as_json: bool
) -> None:
    """Say of each symbol whether its verdict is what it was. Raises TradeglyphError where one is
    not, after everything is said and written."""
    from tradeglyph.app.inquiries import ModelLoader
    from tradeglyph.app.live_sources import open_candles, open_trades
    from tradeglyph.app.replay import check_answered, replay

    check_answered(alert)
    settings = load_settings()
    name = model or settings.model
    with closing(open_trades(settings)) as trades, closing(open_candles(settings)) as candles:
        found = replay(alert, settings, trades, candles, ModelLoader(name))
    if as_json:
        give(_as_json(found))
    else:
        _say(found, lang)
    if out is not None:
        _write(found, out)
        tell(alert_words.word("score_again", lang, command=_command(found, out, name)))
    if not found.same:
        raise TradeglyphError(alert_words.word("answer_changed", lang, alert=alert.alert_id))


def _say(found: "Replay", lang: "Lang") -> None:
    for again in found.symbols:
        typer.echo(alert_words.again_line(again, lang))


def _as_json(found: "Replay") -> dict[str, object]:
    return {
        "same": found.same,
        "symbols": [
            {
                "symbol": again.symbol,
                "same": again.same,
                "kept": None if again.kept is None else alert_words.finding_as_json(again.kept),
                "now": None if again.now is None else alert_words.finding_as_json(again.now),
            }
            for again in found.symbols
        ],
    }


def _write(found: "Replay", out: Path) -> None:
    from tradeglyph.results.atomic import whole_folder

    with whole_folder(out) as folder:
        for file in found.files:
            (folder / file.name).write_bytes(file.content)
        (folder / CONFIGURATION).write_text(_configuration(found), encoding="utf-8")
    for name in (*(file.name for file in found.files), CONFIGURATION):
        tell(f"{out / name}")


def _configuration(found: "Replay") -> str:
    """The rules that the answer went by, as `score` reads them."""
    import json
    from dataclasses import replace

    from tradeglyph.app.rule_texts import changed_of

    seconds = -(-found.look_back_us // MICROSECONDS)
    rules = replace(load_settings().rules, look_back_us=seconds * MICROSECONDS)
    lines = [f"{name} = {json.dumps(value)}" for name, value in changed_of(rules).items()]
    return "\n".join(lines) + "\n" if lines else "# every rule has its default\n"


def _command(found: "Replay", out: Path, model: str) -> str:
    from tradeglyph.sources.interval import interval_text

    files = [str(out / file.name) for file in found.files]
    words = ["tradeglyph", "score", "--trades", files[0], "--candles", files[1]]
    words += ["--window", interval_text(found.window_us), "--as-of", exact_rfc3339(found.time)]
    words += [] if model == "default" else ["--model", model]
    words += ["--out", str(out / "scores.csv")]
    return f"TRADEGLYPH_CONFIG={shlex.quote(str(out / CONFIGURATION))} {shlex.join(words)}"

"""`tradeglyph doctor`: does what answering events needs work?"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tradeglyph.cli.console import give, tell

if TYPE_CHECKING:
    from tradeglyph.app.doctor.check import Check
    from tradeglyph.recognizers.reasons import Lang


def doctor(
    lang: Annotated[
        Literal["en", "zh"] | None, typer.Option("--lang", help="Language of texts (default: en)")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout")] = False,
) -> None:
    """Check configuration, model, policy, trades, candles, queue, store, clocks and files.

    Nothing is changed. Status 0: it works; 2: something is to be mended; 1: a fault of ours.
    """
    from tradeglyph.app.doctor.examine import examine, status_of
    from tradeglyph.app.settings import read_settings
    from tradeglyph.app.system_clock import SystemClock

    settings, _ = read_settings()
    language = lang or (settings.lang if settings else "en")
    checks = []
    for check in examine(SystemClock()):
        checks.append(check)
        if not as_json:
            _print(check, language)
    status = status_of(checks)
    if as_json:
        give({"status": status, "checks": [_as_json(check, language) for check in checks]})
    counts = [sum(check.level == level for check in checks) for level in ("fault", "warning")]
    tell(_SUMMARY[language].format(*counts))
    if status:
        raise typer.Exit(status)


_SUMMARY = {"en": "faults: {0}, warnings: {1}", "zh": "故障 {0} 项，注意 {1} 项"}


def _print(check: "Check", lang: "Lang") -> None:
    from tradeglyph.app.doctor.texts import LEVELS, PARTS, remedy, said

    at = 0 if lang == "en" else 1
    level, part = LEVELS[check.level][at], PARTS[check.part][at]
    typer.echo(f"{level:<8}{part}: {_line(said(check, lang))}")
    if todo := remedy(check, lang):
        typer.echo(f"{'':<8}-> {_line(todo)}")


def _line(text: str) -> str:
    """One line that a terminal can show: names of a database's may hold anything."""
    return "".join(c if c.isprintable() else " " for c in text)


def _as_json(check: "Check", lang: "Lang") -> dict[str, Any]:
    from tradeglyph.app.doctor.texts import remedy, said

    return {
        "part": check.part,
        "code": check.code,
        "level": check.level,
        "said": said(check, lang),
        "remedy": remedy(check, lang),
        "values": dict(check.values),
    }

"""`tradeglyph statement`: what banks' statements hold, and what to ask about them."""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from tradeglyph.app.settings import Settings, load_settings, settings_of
from tradeglyph.cli.console import tell
from tradeglyph.cli.outputs import check_out
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Lang, Profile

if TYPE_CHECKING:
    from tradeglyph.app.statement import Examination
    from tradeglyph.results.statement_json import Told

FAULTS, ALERTS = 1, 3


class Format(StrEnum):
    """Forms of the answer."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"


def statement(
    files: Annotated[
        list[Path],
        typer.Argument(help="Statements as banks give them out: CSV, XLSX, XLS, HTML, text PDF"),
    ],
    rules: Annotated[
        str | None,
        typer.Option(help="Recognizers to ask, by commas (default: those of the profile)"),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Configuration file (default: tradeglyph.toml)")
    ] = None,
    profile: Annotated[
        Profile | None, typer.Option(help="Defaults of the parameters (default: seed)")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="What a column is, such as txAmount=交易金额 or txDate=#1; or what the file does "
            "not say: year=2024, sign=out, currency=USD, dateOrder=dmy, decimal=, ...",
        ),
    ] = None,
    lang: Annotated[str | None, typer.Option(help="Language of reasons: en or zh")] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Form of the answer (default: by --out's ending, or table)"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File to write to (default: stdout)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json")] = False,
    fail_on_alert: Annotated[
        bool, typer.Option("--fail-on-alert", help="End with status 3 where anything is found")
    ] = False,
) -> None:
    """Read bank statements and say which lines to ask about, and why."""
    chosen = _format(form, out, as_json)
    settings = load_settings() if config is None else settings_of(config)
    spoken = _lang(lang or settings.lang)
    if out is not None:
        check_out(out, *files, config)
        if out.is_dir():
            raise InputError(f"--out {out}: is a folder; name a file in it")
    found = _examined(files, settings, profile, rules, mapping or [])
    if chosen is Format.XLSX:
        _write_workbook(found, spoken, out)
    else:
        _write(_WRITERS[chosen](found, spoken), out)
    if chosen is not Format.TABLE or out is not None:
        _tell(found, out, spoken)
    for answer in found.failures:
        tell(f"error: {answer.recognizer.info.name}: a fault of ours: {answer.outcome}")
    if found.failures:
        raise typer.Exit(FAULTS)
    if fail_on_alert and found.alerting:
        raise typer.Exit(ALERTS)


def _format(form: Format | None, out: Path | None, as_json: bool) -> Format:
    if as_json and form not in (None, Format.JSON):
        raise InputError(f"--json and --format {form} ask for two forms; leave one of them out")
    ending = out.suffix.lower().removeprefix(".") if out is not None else ""
    if form is None and ending in (Format.JSON, Format.HTML, Format.XLSX):
        form = Format(ending)
    if form is Format.XLSX and out is None:
        raise InputError("--format xlsx: is no text; name a file, such as --out findings.xlsx")
    return Format.JSON if as_json else form or Format.TABLE


def _lang(text: str) -> Lang:
    if text not in ("en", "zh"):
        raise InputError(f"--lang {text}: must be en or zh")
    return "zh" if text == "zh" else "en"


def _examined(
    files: list[Path],
    settings: Settings,
    profile: Profile | None,
    rules: str | None,
    mapping: list[str],
) -> "Examination":
    from tradeglyph.app.statement import examine
    from tradeglyph.statements.options import ReadOptions

    names = [name.strip() for name in (rules or "").split(",") if name.strip()]
    if rules is not None and not names:
        raise InputError("--rules names no recognizer; leave it out to ask those of the profile")
    section = settings.statements
    options = ReadOptions.from_map(mapping, profiles=section.profiles)
    return examine(files, options, section, profile=profile, rules=names)


def _told(found: "Examination", lang: Lang) -> "Told":
    from tradeglyph.results.statement_json import Told

    return Told(
        files=[summary.as_json(lang) for summary in found.statements.files],
        lines=found.statements.lines,
        answers=found.answers,
        lang=lang,
        profiles=found.accounts(),
    )


def _json_writer(found: "Examination", lang: Lang) -> Callable[[TextIO], None]:
    from tradeglyph.results.statement_json import write_statement_json

    told = _told(found, lang)
    return lambda file: write_statement_json(told, file)


def _write_workbook(found: "Examination", lang: Lang, out: Path | None) -> None:
    from tradeglyph.results.atomic import whole_file
    from tradeglyph.results.statement_workbook import write_statement_workbook

    if out is not None:
        with whole_file(out) as path:
            write_statement_workbook(_told(found, lang), found.statements.sheets, path)


def _table_writer(found: "Examination", lang: Lang) -> Callable[[TextIO], None]:
    from tradeglyph.cli.statement_table import print_examination

    return lambda file: print_examination(found, lang, file)


def _html_writer(found: "Examination", lang: Lang) -> Callable[[TextIO], None]:
    from tradeglyph.app.statement_report import statement_report
    from tradeglyph.drawing.statement import render_statement

    page = render_statement(statement_report(found, lang), lang=lang)
    return lambda file: print(page, file=file)


_WRITERS = {
    Format.TABLE: _table_writer,
    Format.JSON: _json_writer,
    Format.HTML: _html_writer,
}


def _write(write: Callable[[TextIO], None], out: Path | None) -> None:
    """To the file, which is there whole or not at all, or else to stdout."""
    from tradeglyph.results.atomic import whole_file

    if out is None:
        write(sys.stdout)
        return
    with whole_file(out) as path, path.open("w", encoding="utf-8", newline="\n") as file:
        write(file)


def _tell(found: "Examination", out: Path | None, lang: Lang) -> None:
    """What was read and found, on stderr, where stdout hasn't said it."""
    from tradeglyph.cli.statement_table import file_line, found_line

    for summary in found.statements.files:
        tell(file_line(summary, lang))
        for notice in summary.notices:
            tell(f"  {notice.words[lang]}")
    said = found_line(found, lang)
    tell(f"{out}: {said}" if out is not None else said)

"""The page of statements: `report.html`, self-contained, without scripts, made to be printed."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tradeglyph.domain.statements import in_units
from tradeglyph.drawing.balance_chart import SEVERITIES, balance_chart
from tradeglyph.drawing.formats import DASH
from tradeglyph.drawing.hour_map import hour_map
from tradeglyph.drawing.page import render, trusted
from tradeglyph.drawing.statement_records import (
    Book,
    BookPage,
    Counted,
    FileRead,
    Finding,
    Section,
    ShownLine,
    StatementReport,
)
from tradeglyph.drawing.statement_statistics import statistic_text
from tradeglyph.drawing.statement_texts import statement_speaker, statement_text, unit_text
from tradeglyph.drawing.visible import visible
from tradeglyph.recognizers.reasons import Lang

View = dict[str, Any]

OPEN_ROWS = 30
"""Rows of the index that are not folded."""
CELL, SENTENCE = 160, 400
"""Characters of a cell and of a sentence that are shown; how many more there are is said."""
KEPT_WHOLE = 12
"""A finding of no more lines is not broken over two sheets of paper."""
NUMBERS = 12
"""Line numbers beside a reason."""
_DIRECTIONS = {1: "in", -1: "out", 0: "neutral"}


def render_statement(report: StatementReport, *, lang: Lang) -> str:
    """The page. No wall-clock time: same input, same page.

    Raises MissingExtra where jinja2 is not installed.
    """
    say = statement_speaker(lang)
    view = {
        "say": say,
        "one": _singular if lang == "en" else str,
        **_head(report, lang),
        "files": [_file(file, lang) for file in report.files],
        "files_left_out": f"{report.files_left_out:,}" if report.files_left_out else "",
        "index": _index(report, lang),
        "pages": [_page(page, lang) for page in report.pages],
        "sections": [
            _section(number, section, lang) for number, section in enumerate(report.sections)
        ],
    }
    return render("statement.html.j2", view, lang)


def _head(report: StatementReport, lang: Lang) -> View:
    say, found = statement_speaker(lang), report.found
    status = [section.status for section in report.sections]
    sentences = [
        say("said" if found.total else "said_nothing", lines=f"{report.lines:,}", **_counts(found)),
        say("said_of", asked=len(status), found=status.count("found"),
            not_applicable=status.count("not_applicable")),
    ]  # fmt: skip
    if status.count("failed"):
        sentences.append(say("said_failed", failed=status.count("failed")))
    paths = [file.path for file in report.files]
    subject = [*paths[:3], *([say("more_files", count=len(paths) - 3)] if paths[3:] else [])]
    return {
        "subject": " · ".join([*subject, _days(report.first, report.last)]),
        "finding": _joined([_spoken(one, lang) for one in sentences], lang),
    }


def _counts(found: Counted) -> dict[str, str]:
    return {
        "count": f"{found.total:,}",
        **{name: f"{getattr(found, name):,}" for name in SEVERITIES},
    }


def _spoken(text: str, lang: Lang) -> str:
    return _singular(text) if lang == "en" else text


def _singular(text: str) -> str:
    """With "1 line" for "1 lines"."""
    words = "lines|accounts|findings|recognizers|characters"
    return re.sub(rf"(?<![\d,.])1 ({words})\b", lambda match: match[0][:-1], text)


def _joined(sentences: Sequence[str], lang: Lang) -> str:
    return (" " if lang == "en" else "").join(sentences)


def _days(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return ""
    days = [f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"]
    return " – ".join(dict.fromkeys(days))


def money(minor: int) -> str:
    """An amount in units of the currency, exactly: -123450 is `−1,234.50`."""
    return in_units(minor, ",").replace("-", "−")


def _cut(text: str, most: int, lang: Lang) -> str:
    text = visible(text)
    if len(text) <= most:
        return text
    return text[:most] + statement_text("cut", lang, count=f"{len(text) - most:,}")


# Files and accounts -------------------------------------------------------------------------


def _file(file: FileRead, lang: Lang) -> View:
    say = statement_speaker(lang)
    more = file.rejected - len(file.rejects)
    remarks = [
        *((say("warning"), words, "warn") for words in file.notices),
        *((say("reject"), words, "warn") for words in file.rejects),
        *((say("assumption"), words, "") for words in file.assumed),
    ]
    if file.notices_left_out:
        words = say("more_notices", count=f"{file.notices_left_out:,}")
        remarks.append((say("warning"), words, "warn"))
    if more > 0:
        remarks.append((say("reject"), say("more_rejects", count=f"{more:,}"), "warn"))
    comma = say("comma")
    return {
        "path": file.path,
        "form": comma.join(filter(None, [file.form, file.layout])),
        "holders": _cut(comma.join(file.holders), CELL, lang),
        "read": f"{file.read:,}",
        "rejected": f"{file.rejected:,}",
        "lines": f"{file.read + file.rejected:,}",
        "remarks": [
            (name, _spoken(_cut(words, SENTENCE, lang), lang), kind)
            for name, words, kind in remarks
        ],
    }


def _name(account: str, place: str, lang: Lang) -> str:
    """Of an account."""
    if account:
        return _cut(account, CELL, lang)
    name = statement_text("no_account", lang)
    if place:
        name += statement_text("brackets", lang, words=place)
    return _cut(name, CELL, lang)


def _index(report: StatementReport, lang: Lang) -> View | None:
    if report.accounts <= 1:
        return None
    say = statement_speaker(lang)
    rows = [_index_row(book, lang) for book in report.books]
    return {
        "caption": say(
            "accounts_caption", accounts=f"{report.accounts:,}", pages=len(report.pages)
        ),
        "open": rows[:OPEN_ROWS],
        "folded": rows[OPEN_ROWS:],
        "left_out": f"{report.books_left_out:,}" if report.books_left_out else "",
    }


def _index_row(book: Book, lang: Lang) -> View:
    return {
        "name": _name(book.account, book.place, lang),
        "page": book.page,
        "cells": [
            book.currency,
            _days(book.first, book.last),
            f"{book.lines:,}",
            money(book.inflow),
            money(book.outflow),
            money(book.inflow - book.outflow),
        ],
        "found": [f"{count:,}" if count else DASH for count in _severities(book.found)],
    }


def _severities(found: Counted) -> list[int]:
    return [getattr(found, name) for name in SEVERITIES]


# One account --------------------------------------------------------------------------------


def _page(page: BookPage, lang: Lang) -> View:
    say, book = statement_speaker(lang), page.book
    return {
        "number": book.page,
        "name": _name(book.account, book.place, lang),
        "currency": book.currency,
        "subject": " · ".join(
            filter(
                None,
                [
                    _cut(say("comma").join(page.holders), CELL, lang),
                    _days(book.first, book.last),
                    _cut(say("comma").join(page.files), CELL, lang) if not book.place else "",
                ],
            )
        ),
        "tiles": _tiles(page, lang),
        **_chart(page, lang),
        **_hours(page, lang),
        "gravest": [
            {
                "number": grave.number,
                "severity": grave.severity,
                "time": grave.time,
                "direction": say(_DIRECTIONS[grave.direction]),
                "amount": money(grave.amount),
                "place": say("gravest_line", line=grave.line),
                "reasons": [
                    (title, _cut(reason, SENTENCE, lang), target)
                    for title, reason, target in grave.reasons
                ],
                "also": say("also", titles=say("comma").join(grave.also)) if grave.also else "",
            }
            for grave in page.gravest
        ],
        "tables": [
            {"caption": one.caption, "heads": one.heads, "rows": one.rows, "note": one.note}
            for one in page.tables
        ],
    }


def _tiles(page: BookPage, lang: Lang) -> list[View]:
    say, book = statement_speaker(lang), page.book
    notes = [say("with_findings", count=f"{book.found.total:,}")]
    if book.neutral:
        notes.append(say("neutral_of_lines", count=f"{book.neutral:,}"))
    return [
        {"label": say("inflow"), "value": money(book.inflow), "notes": []},
        {"label": say("outflow"), "value": money(book.outflow), "notes": []},
        {"label": say("net"), "value": money(book.inflow - book.outflow), "notes": []},
        _balance_tile(page, lang),
        {"label": say("lines"), "value": f"{book.lines:,}", "notes": notes},
    ]


def _balance_tile(page: BookPage, lang: Lang) -> View:
    say, balances = statement_speaker(lang), page.balances
    if balances is None:
        return {"label": say("closing"), "value": DASH, "notes": [say("no_balance")]}
    day = f"{balances.lowest_at:%Y-%m-%d}"
    notes = [say("lowest", amount=money(balances.lowest), day=day)]
    if balances.known < page.book.lines:
        notes.append(say("printed_by", known=f"{balances.known:,}", lines=f"{page.book.lines:,}"))
    return {"label": say("closing"), "value": money(balances.closing), "notes": notes}


def _chart(page: BookPage, lang: Lang) -> View:
    say = statement_speaker(lang)
    kind = "net" if page.cumulative else "balance"
    name = _name(page.book.account, "", lang)
    title = say(f"{kind}_title", account=f"{name} {page.book.currency}")
    known = page.balances.known if page.balances else 0
    captions = [say(f"{kind}_caption", known=f"{known:,}", lines=f"{page.book.lines:,}")]
    if page.steps.marks:
        captions.append(say("marks_caption"))
    if page.marks_left_out:
        captions.append(say("marks_left_out", count=f"{page.marks_left_out:,}"))
    words = [say(f"{name}_severity") for name in SEVERITIES]
    return {
        "chart": trusted(balance_chart(page.steps, title=title, severities=words)),
        "chart_title": title,
        "chart_caption": _spoken(_joined(captions, lang), lang),
    }


def _hours(page: BookPage, lang: Lang) -> View:
    say = statement_speaker(lang)
    if page.hours is None:
        return {"hours": None, "hours_title": "", "hours_caption": say("no_hours")}
    title = say("hours_title", column=say(f"column_{page.column}"))
    caption = say("hours_untimed", count=f"{page.untimed:,}") if page.untimed else ""
    return {
        "hours": trusted(hour_map(page.hours, title=title, unit=say("unit_lines"))),
        "hours_title": title,
        "hours_caption": _spoken(caption, lang),
    }


# Findings -----------------------------------------------------------------------------------


def _section(number: int, section: Section, lang: Lang) -> View:
    say = statement_speaker(lang)
    said = {
        "found": say("found", count=f"{section.found.total:,}"),
        "none": say("nothing"),
        "not_applicable": say("not_applicable_status"),
        "failed": say("failed"),
    }
    why = f"{section.status}_why"
    return {
        "number": number,
        "name": section.name,
        "title": section.title,
        "rule": section.rule,
        "status": section.status.replace("_", "-"),
        "said": _spoken(said[section.status], lang),
        "why": say(why, why=_cut(section.why, SENTENCE, lang)) if section.why else "",
        "counts": [f"{count:,}" if count else DASH for count in _severities(section.found)],
        "settings": [
            (one.name, _cut(one.value, SENTENCE, lang), unit_text(one.unit, lang), one.means)
            for one in section.settings
        ],
        "statistics": [
            (statistic_text(key, lang), _cut(value, CELL, lang))
            for key, value in section.statistics
        ],
        "findings": [_finding(finding, lang) for finding in section.findings],
        "left_out": f"{section.findings_left_out:,}" if section.findings_left_out else "",
    }


def _finding(finding: Finding, lang: Lang) -> View:
    say = statement_speaker(lang)
    flagged = [line for line in finding.lines if line.severity]
    first = flagged[0]
    head = [_name(finding.account, "", lang), finding.currency]
    if finding.start is not None and finding.end is not None:
        span = {"start": f"{finding.start:%Y-%m-%d %H:%M}", "end": f"{finding.end:%Y-%m-%d %H:%M}"}
        head.append(say("of_period", **span))
    if finding.count > 1:
        head.append(say("findings_of", count=f"{finding.count:,}"))
    place = " ".join(filter(None, [first.file, first.sheet]))
    head.append(f"{place} {say('place_line', line=first.line)}")
    hidden = finding.count - len(flagged)
    return {
        "anchor": finding.anchor,
        "severity": finding.severity,
        "head": " · ".join(head),
        "reasons": [
            (
                _numbers(numbers, lang) if len(finding.reasons) > 1 else "",
                _cut(reason, SENTENCE, lang),
            )
            for numbers, reason in finding.reasons
        ],
        "lines": [_line(line, first, lang) for line in finding.lines],
        "long": len(finding.lines) > KEPT_WHOLE,
        "hidden": f"{hidden:,}" if hidden > 0 else "",
    }


def _numbers(numbers: Sequence[int], lang: Lang) -> str:
    say = statement_speaker(lang)
    if len(numbers) == 1:
        return say("place_line", line=numbers[0])
    shown = ", ".join(str(number) for number in numbers[:NUMBERS])
    more = f" {say('more_lines', count=len(numbers) - NUMBERS)}" if numbers[NUMBERS:] else ""
    return say("place_lines", lines=shown) + more


def _line(line: ShownLine, first: ShownLine, lang: Lang) -> View:
    file = "" if line.file == first.file else line.file
    sheet = "" if (line.file, line.sheet) == (first.file, first.sheet) else line.sheet
    say = statement_speaker(lang)
    return {
        "number": line.line,
        "elsewhere": " ".join(filter(None, [file, sheet])),
        "time": line.time,
        "direction": say(_DIRECTIONS[line.direction]),
        "amount": money(line.amount),
        "balance": DASH if line.balance is None else money(line.balance),
        "summary": _cut(line.summary, CELL, lang),
        "counterparty": _cut(line.counterparty, CELL, lang),
        "severity": line.severity,
        "skipped": _spoken(say("skipped", count=f"{line.skipped:,}"), lang) if line.skipped else "",
    }

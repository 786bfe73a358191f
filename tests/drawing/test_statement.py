from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.drawing.html import EVIL, Page
from tests.recognizers.statements.frames import at
from tradeglyph.drawing.balance_chart import Mark, Steps
from tradeglyph.drawing.hour_map import Hours
from tradeglyph.drawing.statement import CELL, OPEN_ROWS, money, render_statement
from tradeglyph.drawing.statement_records import (
    Book,
    BookPage,
    Counted,
    FileRead,
    Finding,
    Grave,
    Section,
    Setting,
    ShownLine,
    StatementReport,
    Table,
)
from tradeglyph.recognizers.reasons import Lang

pytest.importorskip("jinja2", reason="needs the extra `plot`")

DAY = at("2025-03-04")
BOOK = Book(
    account="6222", place="", currency="CNY", lines=3, neutral=1, inflow=100_00, outflow=250_50,
    first=DAY, last=DAY, found=Counted(high=1), page=0,
)  # fmt: skip
LINE = ShownLine(
    file="s.csv", sheet="", line=7, time="2025-03-04 02:10:00", direction=-1, amount=60_000_00,
    balance=-1_50, summary="转账", counterparty="李四", severity="high",
)  # fmt: skip
FINDING = Finding(
    anchor="f0-l0", severity="high", account="6222", currency="CNY", start=None, end=None, count=1,
    reasons=[([7], "at night")],
    lines=[replace(LINE, line=2, severity=""), replace(LINE, skipped=4)],
)  # fmt: skip
SECTION = Section(
    name="night", title="Night", rule="lines of the night",
    settings=[Setting(name="start_hour", value="2", unit="hours", means="it begins")],
    status="found", why="", statistics=[("accounts", "1"), ("own.figure", "7")],
    found=Counted(high=1), findings=[FINDING],
)  # fmt: skip
PAGE = BookPage(
    book=BOOK, holders=["张三"], files=["s.csv"], balances=None, cumulative=False,
    steps=Steps(
        time=np.array([0, 10]), value=np.array([1.0, 2.0]),
        marks=[Mark(time=0, value=1.0, severity="high", note="at night", number=1)],
    ),
    marks_left_out=0, hours=Hours(counts=np.ones((24, 1), dtype=np.int64), labels=("2025-03-04",)),
    column="day", untimed=0,
    gravest=[Grave(number=1, severity="high", time="02:10", direction=-1, amount=60_000_00, line=7,
                   reasons=[("Night", "at night", "f0-l0")], also=["Round"])],
)  # fmt: skip
FILE = FileRead(
    path="s.csv", form="CSV utf-8", layout="", holders=["张三"], read=3, rejected=7,
    rejects=["line 9: no date"], notices=["the total disagrees"], assumed=[],
)  # fmt: skip


def render(lang: Lang = "en", **changed: Any) -> str:
    parts: dict[str, Any] = {
        "files": [FILE], "files_left_out": 0, "books": [BOOK], "books_left_out": 0,
        "pages": [PAGE], "sections": [SECTION], "accounts": 1, "lines": 3,
        "found": Counted(high=1), "first": DAY, "last": DAY,
    }  # fmt: skip
    return render_statement(StatementReport(**{**parts, **changed}), lang=lang)


def test_a_finding_stands_with_its_rule_parameters_and_neighbours() -> None:
    words = Page(render()).words
    for wanted in (
        "lines of the night", "start_hour", "hours", "it begins", "own.figure", "at night",
        "s.csv line 7", "▶ 7", "4 lines between", "60,000.00", "−1.50", "Also found by: Round",
    ):  # fmt: skip
        assert wanted in words


def test_the_page_of_an_account_has_its_sums() -> None:
    words = Page(render()).words
    for wanted in ("100.00", "250.50", "−150.50", "of them neutral, in no sum: 1", "张三"):
        assert wanted in words
    zh = Page(render("zh")).words
    for wanted in ("收入", "支出", "净额", "其中中性 1 笔", "小时 × 日", "最应核实"):
        assert wanted in zh


def test_files_say_what_was_rejected_and_noticed() -> None:
    words = Page(render()).words
    assert "line 9: no date" in words
    assert "6 more were rejected" in words
    assert "the total disagrees" in words
    assert "2 more files are not listed" in Page(render(files_left_out=2)).words


def test_texts_of_files_are_escaped_wherever_they_stand() -> None:
    line = replace(LINE, summary=EVIL, counterparty="=cmd|' /C calc'!A0", sheet=EVIL)
    finding = replace(FINDING, account=EVIL, reasons=[([7], EVIL)], lines=[line])
    book = replace(BOOK, account=EVIL)
    mark = Mark(time=0, value=1.0, severity="low", note=EVIL)
    steps = replace(PAGE.steps, marks=[mark])
    html = render(
        books=[book, book],
        accounts=2,
        pages=[replace(PAGE, book=book, holders=[EVIL], files=[EVIL], steps=steps)],
        files=[replace(FILE, path=EVIL, holders=[EVIL], notices=[EVIL], rejects=[EVIL])],
        sections=[replace(SECTION, findings=[finding])],
    )
    page = Page(html)
    assert page.named("script") == page.named("img") == []
    assert page.words.count(EVIL) >= 12
    assert "=cmd|' /C calc'!A0" in page.words


def test_long_cells_are_cut_and_say_so() -> None:
    line = replace(LINE, summary="长" * (CELL + 5))
    finding = replace(FINDING, lines=[line])
    words = Page(render("zh", sections=[replace(SECTION, findings=[finding])])).words
    assert "长" * CELL + "……（另有 5 字）" in words


def test_a_long_index_is_folded_and_its_rest_counted() -> None:
    books = [replace(BOOK, account=f"a{at}", page=None) for at in range(OPEN_ROWS + 9)]
    html = render(books=books, accounts=len(books) + 4, books_left_out=4)
    page = Page(html)
    assert "The other 9 accounts" in page.words
    assert "4 more accounts are not in this table" in page.words
    assert all(f"a{at}" in page.words for at in range(OPEN_ROWS + 9))


def test_left_out_findings_are_counted() -> None:
    finding = replace(FINDING, count=31, start=DAY, end=DAY)
    section = replace(SECTION, findings=[finding], findings_left_out=1)
    words = Page(render(sections=[section])).words
    assert "30 lines of it are not shown" in words
    assert "1 more finding" in words
    assert "31 lines" in words


def test_a_failure_is_ours_and_every_recognizer_is_listed() -> None:
    broken = replace(SECTION, status="failed", why="ValueError: oh", findings=[], found=Counted())
    silent = replace(SECTION, title="Silent", status="none", findings=[], found=Counted())
    words = Page(render(sections=[broken, silent])).words
    assert "Failed, a fault of ours and not of the file: ValueError: oh" in words
    assert "1 failed by a fault of ours" in words
    assert "Silent" in words
    assert "nothing found" in words


def test_further_tables_stand_behind_the_page() -> None:
    table = Table(
        caption="Net a month", heads=["Month", "Net"], rows=[["2025-03", "1"]], note="n.b."
    )
    html = render(pages=[replace(PAGE, tables=[table])])
    words = Page(html).words
    assert words.index("Net a month") > words.index("The gravest")
    assert words.index("Net a month") < words.index("What was asked")
    assert "n.b." in words


def test_paper_is_thought_of() -> None:
    html = render()
    assert "size: A4" in html
    assert "break-before: page" in html


@pytest.mark.parametrize(
    ("minor", "text"),
    [(0, "0.00"), (5, "0.05"), (-123_450, "−1,234.50"), (10**14, "1,000,000,000,000.00")],
)
def test_money_is_exact(minor: int, text: str) -> None:
    assert money(minor) == text

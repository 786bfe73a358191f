from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.frames import at, frame
from tradeglyph.app.statement import Examination
from tradeglyph.app.statement_findings import LINES_OF_ONE, ROWS, SHOWN
from tradeglyph.app.statement_overview import MARKS, NUMBERED, hour_counts
from tradeglyph.app.statement_report import FILES, INDEX, PAGES, statement_report
from tradeglyph.app.statement_tables import MONTHS, PARTIES
from tradeglyph.domain.recognizers import Info, Lang, NotApplicable, Reads
from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.drawing.hour_map import COLUMNS
from tradeglyph.recognizers.statements.ask import Answer, Failure
from tradeglyph.recognizers.statements.books import NO_PERIODS
from tradeglyph.recognizers.statements.result import Result
from tradeglyph.statements.read import Statements
from tradeglyph.statements.summary import FileSummary, Notice, RowCounts

START = at("2025-03-03 09:00")


class Rule:
    """Says of each finding which line it is on; its answers are made by hand."""

    def __init__(self, name: str = "own") -> None:
        self.info = Info(
            name=name, title={"en": f"Title of {name}", "zh": f"标题{name}"}, reads=Reads.LINES,
            rule={"en": "a rule", "zh": "规则"},
        )  # fmt: skip

    def recognize(
        self, lines: pl.DataFrame, parameters: Mapping[str, Any]
    ) -> Result | NotApplicable:
        raise AssertionError("a report asks no rule again")

    def reason(self, finding: Mapping[str, Any], lang: Lang) -> str:
        return f"{self.info.name} row {finding['row']}"


def said(
    *findings: tuple[int, str] | tuple[int, str, int], name: str = "own", spans: int = 0
) -> Answer:
    """Findings as row, severity and period."""
    rows = [(one[0], one[1], one[2] if len(one) > 2 else None) for one in findings]
    found = pl.DataFrame(
        rows, schema={"row": pl.UInt32, "severity": pl.String, "period": pl.UInt32}, orient="row"
    )
    periods = pl.DataFrame(
        [("a", START, START + timedelta(hours=1))] * spans, schema=NO_PERIODS.schema, orient="row"
    )
    return Answer(
        recognizer=Rule(name),
        parameters={},
        outcome=Result(findings=found.sort("row"), periods=periods),
    )


def file(path: str = "s.csv", **rest: Any) -> FileSummary:
    rows = RowCounts(read=1, rejected=0, header=1, preamble=0, notes=0, blank=0)
    summary = FileSummary(
        path=path, kind="csv", encoding="utf-8", layout="", columns=(), rows=rows, rejects=(),
        accounts=(), holders=(), masked_balances=0, newest_first=False, assumptions=(), notices=(),
    )  # fmt: skip
    return replace(summary, **rest)


def examination(
    rows: Sequence[Mapping[str, Any]], *answers: Answer, files: Sequence[FileSummary] = ()
) -> Examination:
    files = tuple(files) or (file(),)
    read = Statements(lines=frame(rows), files=files, sheets=((),) * len(files))
    return Examination(statements=read, answers=answers)


def many(count: int, accounts: int = 1, **rest: Any) -> list[dict[str, Any]]:
    """Lines an hour apart, the accounts in turn."""
    return [
        {"time": START + timedelta(hours=at), "account": f"a{at % accounts:04d}", **rest}
        for at in range(count)
    ]


LINE = st.fixed_dictionaries(
    {
        "account": st.sampled_from(["a", "b", ""]),
        "currency": st.sampled_from(["CNY", "USD"]),
        "direction": st.sampled_from([IN, OUT, NEUTRAL]),
        "amount": st.integers(0, 10**9),
        "balance": st.none() | st.integers(-(10**9), 10**9),
        "time": st.datetimes(at("2024-01-01"), at("2025-12-31")),
    }
)


@settings(max_examples=10, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=25), st.data())
def test_sums_and_neighbours_are_those_of_a_slow_reading(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    severity = st.sampled_from(["high", "medium", "low"])
    found = data.draw(st.lists(st.tuples(st.integers(0, len(rows) - 1), severity), max_size=9))
    report = statement_report(examination(rows, said(*found)), "en")
    books: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        books.setdefault((row["account"], row["currency"]), []).append(place)
    assert {(book.account, book.currency) for book in report.books} == set(books)
    rank = {"high": 0, "medium": 1, "low": 2}
    worst = {
        at: min((name for row, name in found if row == at), key=rank.__getitem__) for at, _ in found
    }
    for book in report.books:
        of = books[book.account, book.currency]
        moved = [(rows[at]["direction"], rows[at]["amount"]) for at in of]
        assert book.lines == len(of)
        assert book.inflow == sum(amount for way, amount in moved if way == IN)
        assert book.outflow == sum(amount for way, amount in moved if way == OUT)
        assert book.neutral == sum(way == NEUTRAL for way, _ in moved)
        counts = Counter(worst[at] for at in of if at in worst)
        assert (book.found.high, book.found.medium, book.found.low) == (
            counts["high"], counts["medium"], counts["low"],
        )  # fmt: skip
    [section] = report.sections
    assert len(section.findings) == len(found)
    assert [rank[one.severity] for one in section.findings] == sorted(
        rank[name] for _, name in found
    )
    for finding in section.findings:
        [mine] = [line.line - 1 for line in finding.lines if line.severity]
        of = books[rows[mine]["account"], rows[mine]["currency"]]
        at = of.index(mine)
        near = of[max(at - 2, 0) : at + 3]
        assert [line.line - 1 for line in finding.lines] == near
        [(numbers, reason)] = finding.reasons
        assert (numbers, reason) == ([mine + 1], f"own row {mine}")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.datetimes(at("1990-01-01"), at("2060-12-31")), min_size=1, max_size=20))
def test_hours_count_every_line_once(times: list[datetime]) -> None:
    us = np.array(times, dtype="datetime64[us]").astype(np.int64)
    hours, name = hour_counts(us)
    assert hours is not None
    by_hour = Counter(time.hour for time in times)
    assert hours.counts.sum(axis=1).tolist() == [by_hour[hour] for hour in range(24)]
    assert hours.counts.shape[1] == len(hours.labels) <= COLUMNS
    assert list(hours.labels) == sorted(hours.labels)
    for time in times:
        day = f"{time:%Y-%m-%d}"
        column = max(at for at, label in enumerate(hours.labels) if label <= day)
        assert hours.counts[time.hour, column] > 0
    days = (max(times).date() - min(times).date()).days
    assert (name == "day") == (days < COLUMNS)


def test_no_times_are_no_hours() -> None:
    assert hour_counts(np.array([], dtype=np.int64))[0] is None


def test_findings_of_a_period_are_one_and_gaps_are_counted() -> None:
    answer = said((0, "high", 0), (1, "medium", 0), (9, "high", 0), (5, "low"), spans=1)
    [section] = statement_report(examination(many(12), answer), "en").sections
    first, second = section.findings
    assert (first.count, first.severity, first.start) == (3, "high", START)
    assert [line.line for line in first.lines] == [1, 2, 3, 4, 8, 9, 10, 11, 12]
    assert [line.skipped for line in first.lines] == [0, 0, 0, 0, 3, 0, 0, 0, 0]
    assert [line.line for line in first.lines if line.severity] == [1, 2, 10]
    assert (second.count, second.start) == (1, None)
    assert [numbers for numbers, _ in first.reasons] == [[1], [2], [10]]


def test_newest_first_files_are_drawn_from_their_oldest_line() -> None:
    day = {"time": "2025-03-04", "clock": False}
    rows = [
        {**day, "balance": 300, "direction": IN},
        {**day, "balance": 200, "direction": IN},
        {**day, "balance": 100, "direction": IN},
    ]
    newest = examination(rows, files=[file(newest_first=True)])
    [page] = statement_report(newest, "en").pages
    assert page.steps.value.tolist() == [1.0, 2.0, 3.0]
    assert page.balances is not None
    assert page.balances.closing == 300
    [page] = statement_report(examination(rows), "en").pages
    assert page.steps.value.tolist() == [3.0, 2.0, 1.0]


def test_net_flow_is_drawn_where_few_lines_print_a_balance() -> None:
    rows: list[dict[str, Any]] = [
        {**row, "balance": None, "direction": way, "amount": 500}
        for row, way in zip(many(3), (IN, NEUTRAL, OUT), strict=True)
    ]
    [page] = statement_report(examination(rows), "en").pages
    assert (page.cumulative, page.balances) == (True, None)
    assert page.steps.value.tolist() == [5.0, 5.0, 0.0]
    rows[0]["balance"], rows[2]["balance"] = 800, 700
    [page] = statement_report(examination(rows), "en").pages
    assert page.cumulative is False
    assert page.steps.value.tolist() == [8.0, 8.0, 7.0]
    assert page.balances is not None
    assert (page.balances.known, page.balances.lowest) == (2, 700)


def test_marks_are_lines_with_their_gravest_finding() -> None:
    one = said((1, "low"), (2, "medium"))
    other = said((1, "high"), name="other")
    [page] = statement_report(examination(many(4), one, other), "en").pages
    assert [(mark.severity, mark.number) for mark in page.steps.marks] == [
        ("high", 1), ("medium", 2),
    ]  # fmt: skip
    assert "own row 1" in page.steps.marks[0].note
    assert "other row 1" in page.steps.marks[0].note
    assert [(grave.line, grave.severity) for grave in page.gravest] == [(2, "high"), (3, "medium")]
    assert [title for title, _, _ in page.gravest[0].reasons] == ["Title of other", "Title of own"]


def test_what_is_too_much_is_counted() -> None:
    count = 5 * MARKS
    lines = many(count)
    single = said(*((at, "low") for at in range(count - 1)), (count - 1, "high"))
    crowd = said(*((at, "high", 0) for at in range(count)), name="crowd", spans=1)
    report = statement_report(examination(lines, single, crowd), "en")
    first, second = report.sections
    assert len(first.findings) + first.findings_left_out == count
    assert 0 < len(first.findings) <= SHOWN
    assert first.findings[0].severity == "high"
    assert sum(len(finding.lines) for finding in first.findings) <= ROWS
    [whole] = second.findings
    assert whole.count == count
    assert sum(bool(line.severity) for line in whole.lines) == LINES_OF_ONE
    [page] = report.pages
    assert (len(page.steps.marks), page.marks_left_out) == (MARKS, count - MARKS)
    assert len(page.gravest) == NUMBERED


def test_accounts_with_findings_come_first_and_have_pages() -> None:
    accounts = INDEX + 5
    lines = many(accounts, accounts)
    answer = said(*((at, "low") for at in range(100, 140)), (700, "high"), (800, "medium"))
    report = statement_report(examination(lines, answer), "en")
    assert report.accounts == accounts
    assert (len(report.books), report.books_left_out) == (INDEX, 5)
    assert [book.account for book in report.books[:3]] == ["a0700", "a0800", "a0100"]
    assert len(report.pages) == PAGES
    assert [page.book.account for page in report.pages[:2]] == ["a0700", "a0800"]
    assert [book.page for book in report.books[: PAGES + 1]] == [*range(PAGES), None]
    few = statement_report(examination(many(3, 3), said((2, "low"))), "en")
    assert [page.book.account for page in few.pages] == ["a0002", "a0000", "a0001"]


def test_files_with_something_to_say_are_never_left_out() -> None:
    notice = Notice(code="x", words={"en": "look", "zh": "看"})
    files = [file(f"{at}.csv") for at in range(FILES + 3)]
    files[-1] = replace(files[-1], notices=(notice,))
    report = statement_report(examination(many(2), files=files), "zh")
    assert (len(report.files), report.files_left_out) == (FILES, 3)
    assert report.files[0].notices == ["看"]


def test_a_rule_that_broke_or_does_not_apply_says_why() -> None:
    reason = NotApplicable(reason={"en": "no hours", "zh": "没有时刻"})
    answers = [
        Answer(recognizer=Rule("a"), parameters={}, outcome=Failure(error=ValueError("oh"))),
        Answer(recognizer=Rule("b"), parameters={}, outcome=reason),
        said(name="c"),
    ]
    report = statement_report(examination(many(2), *answers), "zh")
    assert [(one.status, one.why) for one in report.sections] == [
        ("failed", "ValueError: oh"), ("not_applicable", "没有时刻"), ("none", ""),
    ]  # fmt: skip


def test_each_accounts_flow_stands_behind_its_page() -> None:
    rows = many(5, 2, amount=100_00, direction=IN, balance=None, counterparty="甲")
    report = statement_report(examination(rows), "zh")
    months = [page.tables[0].rows for page in report.pages]
    assert months == [
        [("2025-03", "300.00", "0.00", "300.00", "3", "–")],
        [("2025-03", "200.00", "0.00", "200.00", "2", "–")],
    ]
    (party,) = report.pages[0].tables[1].rows
    assert party == ("甲", "", "300.00", "0.00", "300.00", "3", "2025-03-03", "2025-03-03")


def test_no_more_months_and_counterparties_than_a_page_holds() -> None:
    rows = [
        {"time": START + timedelta(days=31 * at), "counterparty": f"p{at}", "amount": 1 + at}
        for at in range(MONTHS + 4)
    ]
    (page,) = statement_report(examination(rows), "en").pages
    months, parties = page.tables
    assert len(months.rows) == MONTHS
    assert months.note.startswith("4 earlier months")
    assert [row[0] for row in parties.rows][-1] == f"others ({MONTHS + 4 - PARTIES})"
    assert len(parties.rows) == PARTIES + 1


@pytest.mark.parametrize("holders", [("张三",), ("张三", "李四")])
def test_holders_are_those_of_a_file_with_one_account(holders: tuple[str, ...]) -> None:
    alone = file(accounts=("a0000",), holders=holders)
    [page] = statement_report(examination(many(2), files=[alone]), "en").pages
    assert tuple(page.holders) == holders
    shared = replace(alone, accounts=("a0000", "a0001"))
    pages = statement_report(examination(many(2, 2), files=[shared]), "en").pages
    assert [page.holders for page in pages] == [[], []]

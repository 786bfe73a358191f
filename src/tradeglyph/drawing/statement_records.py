"""What the page of statements shows: plain records, in the language of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tradeglyph.drawing.balance_chart import Steps
from tradeglyph.drawing.hour_map import Hours

Status = Literal["found", "none", "not_applicable", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Lines with a finding, each once, by the gravest of its findings."""

    high: int = 0
    medium: int = 0
    low: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.high + self.medium + self.low


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """How one file was read."""

    path: str
    form: str
    """`CSV gb18030`, `XLSX`."""
    layout: str
    """The bank's layout; empty where content alone told."""
    holders: Sequence[str]
    read: int
    rejected: int
    rejects: Sequence[str]
    """The first of them, each with its place and reason."""
    notices: Sequence[str]
    assumed: Sequence[str]
    notices_left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The lines of one account in one currency. Amounts in minor units."""

    account: str
    """Empty where the file names none."""
    place: str
    """The file and sheet that stand for an account without a name; else empty."""
    currency: str
    lines: int
    neutral: int
    """Lines that are in no sum."""
    inflow: int
    outflow: int
    first: datetime
    last: datetime
    found: Counted
    page: int | None = None
    """Number of its page, from 0; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """What the balances printed say, in minor units."""

    known: int
    """Lines that print one."""
    closing: int
    lowest: int
    lowest_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grave:
    """One of a book's gravest lines, numbered in its chart by time."""

    number: int
    severity: str
    time: str
    direction: int
    amount: int
    line: int
    reasons: Sequence[tuple[str, str, str]]
    """Title of the recognizer, reason, and the anchor of the finding, empty where it is not
    shown. Of the lines of one period only the first has it."""
    also: Sequence[str]
    """Titles of recognizers that found the line within a period that is said elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Further figures of an account, as texts."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPage:
    """One account on one page."""

    book: Book
    holders: Sequence[str]
    files: Sequence[str]
    balances: Balances | None
    """None where no line prints one."""
    cumulative: bool
    """Whether the line drawn is not the balance but what came in less what went out."""
    steps: Steps
    marks_left_out: int
    hours: Hours | None
    """None where no line says a time of day."""
    column: str
    """What a column of the hours is: `day`, `week`, `month`, `quarter`, `year` or `years`."""
    untimed: int
    """Lines that say no time of day."""
    gravest: Sequence[Grave]
    tables: Sequence[Table] = ()
    """Shown behind the rest of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line of a statement in the neighbourhood of a finding. Amounts in minor units."""

    file: str
    sheet: str
    line: int
    time: str
    direction: int
    amount: int
    balance: int | None
    summary: str
    counterparty: str
    severity: str = ""
    """Of the finding on it; empty for a neighbour."""
    skipped: int = 0
    """Lines of the account between the one shown before and this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding, or the findings of one period, with their lines in context."""

    anchor: str
    severity: str
    account: str
    """As `Book.account`, or its `place`."""
    currency: str
    start: datetime | None
    """Of the period; None for a single line."""
    end: datetime | None
    count: int
    """Findings in it."""
    reasons: Sequence[tuple[Sequence[int], str]]
    """Each reason once, with the numbers of its lines."""
    lines: Sequence[ShownLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A parameter as a user writes it."""

    name: str
    value: str
    unit: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one recognizer said."""

    name: str
    title: str
    rule: str
    settings: Sequence[Setting]
    status: Status
    why: str
    """Why there is no answer; empty where there is one."""
    statistics: Sequence[tuple[str, str]]
    found: Counted
    findings: Sequence[Finding] = ()
    """The gravest."""
    findings_left_out: int = 0
    """Findings, or periods of them, that are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementReport:
    """The whole page."""

    files: Sequence[FileRead]
    files_left_out: int
    """Files that are not in `files`. Those with something to be said of come first."""
    books: Sequence[Book]
    """With findings first, gravest first."""
    books_left_out: int
    pages: Sequence[BookPage]
    sections: Sequence[Section]
    """In the order of the registry."""
    accounts: int
    """Books in all."""
    lines: int
    found: Counted
    first: datetime | None
    last: datetime | None

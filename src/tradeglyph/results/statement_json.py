"""What recognizers said of statements, as JSON: the keys of the rules' seed, one finding at a time.

Amounts are numbers with exactly two decimals, written from whole minor units. Findings are read
from their frames in slices, so that a million of them is never a million objects at once.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TextIO

import polars as pl

from tradeglyph.domain.recognizers import Lang, NotApplicable
from tradeglyph.domain.statements import IN, NEUTRAL, OUT, in_units
from tradeglyph.recognizers.statements.account_profile import AccountProfile
from tradeglyph.recognizers.statements.ask import Answer, Failure
from tradeglyph.recognizers.statements.parameters import written
from tradeglyph.recognizers.statements.result import Detailed, Recognizer, Result
from tradeglyph.results.account_json import profile_json
from tradeglyph.results.page import Page, shortened
from tradeglyph.results.statement_page import file_of, findings_of, rest_of

DIRECTIONS: Mapping[int, str] = {IN: "收入", OUT: "支出", NEUTRAL: "中性"}
DONE, FAILED, NOT_APPLICABLE = "完成", "失败", "不适用"
_SLICE = 10_000
_CHECK_TYPES = {"high_frequency": "high_frequency_transaction"}
"""`check_type` where the rules' seed names it otherwise than the recognizer."""
_OF_LINE = (
    *("file", "sheet", "line", "account", "tx_id", "time", "clock", "amount", "direction"),
    *("balance", "currency", "summary", "counterparty", "counterparty_account"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is written."""

    files: Sequence[Mapping[str, Any]]
    """The readers' summaries; each has `path`."""
    lines: pl.DataFrame
    """Schema `LINES`; `file` is a position in `files`."""
    answers: Sequence[Answer]
    lang: Lang
    profiles: Sequence[AccountProfile] | None = None
    """What went through each account; None where that is not told."""
    page: Page | None = None
    """The part of each list that is written; all of them where None."""
    note: str = ""
    """What is said to the reader before anything else."""


def write_statement_json(told: Told, out: TextIO) -> None:
    """The whole object, ending with a line break."""
    for piece in _pieces(told):
        out.write(piece)


def _pieces(told: Told) -> Iterator[str]:
    files = told.files if told.page is None else [file_of(one) for one in told.files]
    note = f'"note": {_json(told.note)},\n ' if told.note else ""
    yield f'{{{note}"files": {_json(files)},\n "results": ['
    for number, answer in enumerate(told.answers):
        yield ",\n  " if number else "\n  "
        yield from _result(told, answer)
    yield "\n ]"
    if told.profiles is not None:
        yield ',\n "accounts": ['
        for number, profile in enumerate(told.profiles):
            yield f"{',' if number else ''}\n  {profile_json(profile, told.files)}"
        yield "\n ]"
    yield "\n}\n"


def _result(told: Told, answer: Answer) -> Iterator[str]:
    """One recognizer's object. Its reasons are made while it is written: where one can't be, the
    fault is this program's, and nothing is left behind."""
    outcome, info = answer.outcome, answer.recognizer.info
    yield f'{{"recognizer": {_json(info.name)}, "recognition_type": {_json(info.title["zh"])}, '
    yield f'"identified_count": {answer.count}, "identified_anomalies": ['
    if isinstance(outcome, Result):
        yield from _anomalies(told, answer, outcome)
    rest = {
        "recognition_status": status(answer),
        "recognition_parameters": shown_parameters(answer),
        "statistics": statistics(answer, told.lines),
        "periods": list(_periods(answer)),
        "error": _error(answer, told.lang),
    }
    if told.page is not None:
        findings = 0 if answer.findings is None else answer.findings.height
        rest = rest_of(told.page, rest, findings)
    yield f"], {_json(rest)[1:]}"


def status(answer: Answer) -> str:
    """`recognition_status`."""
    if isinstance(answer.outcome, Failure):
        return FAILED
    return NOT_APPLICABLE if isinstance(answer.outcome, NotApplicable) else DONE


def statistics(answer: Answer, lines: pl.DataFrame) -> dict[str, Any]:
    """The recognizer's own, and how many accounts there are and have a finding."""
    if not isinstance(answer.outcome, Result):
        return {}
    accounts, concerned = accounts_of(answer.outcome, lines)
    own = dict(answer.outcome.statistics)
    return own | {"accounts": accounts, "accounts_with_findings": concerned}


def accounts_of(result: Result, lines: pl.DataFrame) -> tuple[int, int]:
    """How many accounts the lines are of, and how many of them have a finding. Lines that name no
    account are of their file's, or sheet's; currencies are not told apart."""
    nameless = pl.col("account") == ""
    keys = lines.select("account", *(pl.when(nameless).then(name) for name in ("file", "sheet")))
    return keys.n_unique() if keys.height else 0, _unique(keys[result.findings["row"]])


def _unique(keys: pl.DataFrame) -> int:
    return keys.n_unique() if keys.height else 0


def shown_parameters(answer: Answer) -> dict[str, Any]:
    """All parameters as a user writes them, and what the recognizer adds in words."""
    shown = {
        one.name: written(one, answer.parameters[one.name])
        for one in answer.recognizer.info.parameters
    }
    rule = answer.recognizer
    return shown | (rule.shown(answer.parameters) if isinstance(rule, Detailed) else {})


def _error(answer: Answer, lang: Lang) -> str | None:
    if isinstance(answer.outcome, Failure):
        return str(answer.outcome)
    return answer.outcome.reason[lang] if isinstance(answer.outcome, NotApplicable) else None


def _anomalies(told: Told, answer: Answer, result: Result) -> Iterator[str]:
    rule = answer.recognizer
    check = _CHECK_TYPES.get(rule.info.name, rule.info.name)
    first, kept = True, _whole if told.page is None else shortened
    details = _details(answer, result, kept)
    shown = result if told.page is None else findings_of(told.page, result)
    for finding, line in findings_with_lines(shown, told.lines):
        fields = _of_line(kept(line), told.files)
        fields |= {
            "reason": _json(kept(rule.reason(finding, told.lang))),
            "severity": _json(finding["severity"]),
            "check_type": _json(check),
        }
        whole = ", ".join(f'"{name}": {text}' for name, text in fields.items())
        more = details.get(finding["period"], "")
        yield f"{'' if first else ','}\n   {{{whole}{more}}}"
        first = False


def _whole(value: Any) -> Any:
    return value


def findings_with_lines(
    result: Result, lines: pl.DataFrame
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each finding and its line, by name."""
    for some in result.findings.iter_slices(_SLICE):
        of_lines = lines.select(pl.col(_OF_LINE).gather(some["row"]))
        pairs = zip(some.iter_rows(named=True), of_lines.iter_rows(named=True), strict=True)
        yield from pairs


def _details(answer: Answer, result: Result, kept: Callable[[Any], Any]) -> dict[int | None, str]:
    """Further keys of the findings of each period, ready to be put behind the others."""
    rule = answer.recognizer
    if not isinstance(rule, Detailed):
        return {}
    return {
        number: f", {_json(kept(rule.details(period, answer.parameters)))[1:-1]}"
        for number, period in enumerate(result.periods.iter_rows(named=True))
    }


def _periods(answer: Answer) -> Iterator[dict[str, Any]]:
    """Spans of time, with the number of lines that are named for each."""
    if not isinstance(answer.outcome, Result):
        return
    periods, rule = answer.outcome.periods, answer.recognizer
    counts = dict(answer.outcome.findings["period"].value_counts().iter_rows())
    for number, period in enumerate(periods.iter_rows(named=True)):
        own = {key: period[key] for key in ("account", "currency", "start", "end") if key in period}
        yield own | {"lines": counts.get(number, 0)} | _told_of(rule, period, answer.parameters)


def _told_of(
    rule: Recognizer, period: Mapping[str, Any], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    return rule.details(period, parameters) if isinstance(rule, Detailed) else {}


def _of_line(line: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The canonical fields of a line and where it stands, as JSON texts by key."""
    time = line["time"]
    return {
        "txId": _json(line["tx_id"]),
        "datetime": _json(f"{time:%Y-%m-%d %H:%M:%S}" if line["clock"] else f"{time:%Y-%m-%d}"),
        "txAmount": in_units(line["amount"]),
        "txDirection": _json(DIRECTIONS[line["direction"]]),
        "txBalance": "null" if line["balance"] is None else in_units(line["balance"]),
        "txSummary": _json(line["summary"]),
        "txCounterparty": _json(line["counterparty"]),
        "account": _json(line["account"]),
        "currency": _json(line["currency"]),
        "file": _json(files[line["file"]]["path"]),
        "sheet": _json(line["sheet"]),
        "line": str(line["line"]),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain, allow_nan=False)


def _plain(value: Any) -> Any:
    """Times as people write them; numbers of numpy; sequences and mappings of any kind."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" + (f".{value:%f}" if value.microsecond else "")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} is nothing that JSON has")

"""Lines of statements for tests, written as rows, and what the rules say to them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import Info, NotApplicable
from tradeglyph.domain.statements import IN, OUT
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.recognizers.statements.result import Recognizer, Result

Row = dict[str, Any]
START = datetime(2024, 1, 1)  # noqa: DTZ001 - a bank's clock has no zone


def line(when: datetime | date | float, change: int, **more: Any) -> Row:
    """One line: `when` as a time, a date, or days after START; `change` in minor units, with its
    sign; `more` are other columns."""
    if not isinstance(when, date):
        when = START + timedelta(days=when)
    clock = isinstance(when, datetime)
    time = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day)  # noqa: DTZ001
    return {
        "time": time,
        "clock": clock,
        "amount": abs(change),
        "direction": IN if change > 0 else OUT,
        **more,
    }


def lines(rows: Sequence[Row]) -> pl.DataFrame:
    """A frame of the rows, one below the other in one file."""
    plain: Row = dict.fromkeys(("sheet", "tx_id", "summary", "counterparty"), "")
    plain |= {"counterparty_account": "", "account": "A", "currency": "CNY", "file": 0}
    plain |= {"balance": None, "reversal": False}
    full = [{**plain, "line": at + 1, **row} for at, row in enumerate(rows)]
    return pl.DataFrame(full, schema=LINES)


def balanced(rows: Sequence[Row], opening: int = 0) -> list[Row]:
    """The rows with the balances that follow from `opening` in their order."""
    told = []
    for row in rows:
        opening += row["amount"] * row["direction"]
        told.append({**row, "balance": opening})
    return told


def seed(rule: Recognizer, **other: Any) -> dict[str, Any]:
    """The defaults of a rule's card, but for `other`."""
    return {one.name: one.default for one in rule.info.parameters} | other


def audit(info: Info) -> dict[str, Any]:
    """What profile `audit` changes."""
    return {one.name: one.audit for one in info.parameters if one.audit is not None}


def answer(rule: Recognizer, frame: pl.DataFrame, **other: Any) -> Result:
    """What the rule finds, by its defaults but for `other`."""
    result = rule.recognize(frame, seed(rule, **other))
    assert isinstance(result, Result), result
    findings = result.findings
    assert findings["row"].is_sorted()
    assert findings.schema["row"] == pl.UInt32
    assert findings.schema["period"] == pl.UInt32
    assert (findings["period"].drop_nulls() < len(result.periods)).all()
    assert set(findings["severity"]) <= {"low", "medium", "high"}
    assert set(result.periods.columns) >= {"account", "start", "end"}
    for finding in findings.iter_rows(named=True):
        assert rule.reason(finding, "en").endswith(".")
        assert rule.reason(finding, "zh").endswith("。")
    return result


def reported(rule: Recognizer, frame: pl.DataFrame, **other: Any) -> list[int]:
    """Line numbers of the findings."""
    return frame["line"][answer(rule, frame, **other).findings["row"]].to_list()


def by_line(rule: Recognizer, frame: pl.DataFrame, **other: Any) -> list[dict[str, Any]]:
    """Findings without positions, by line: what must not change when lines are shuffled."""
    result = rule.recognize(frame, seed(rule, **other))
    if isinstance(result, NotApplicable):
        return []
    periods = result.periods.rows()
    return sorted(
        (
            {
                **finding,
                "row": frame["line"][finding["row"]],
                "period": None if finding["period"] is None else periods[finding["period"]],
            }
            for finding in result.findings.iter_rows(named=True)
        ),
        key=lambda finding: (finding["row"], str(finding)),
    )


def check_order_and_accounts(rule: Recognizer, frame: pl.DataFrame, **other: Any) -> None:
    """Shuffling lines changes nothing, nor does splitting them by account."""
    whole = by_line(rule, frame, **other)
    for at in range(2):
        shuffled = frame.sample(fraction=1, shuffle=True, seed=at)
        assert by_line(rule, shuffled, **other) == whole
    assert by_line(rule, frame.reverse(), **other) == whole
    parts = [
        finding
        for account in frame["account"].unique()
        for finding in by_line(rule, frame.filter(pl.col("account") == account), **other)
    ]
    assert sorted(parts, key=lambda finding: (finding["row"], str(finding))) == whole

import io
import json
from typing import Any

import pytest

from tests.recognizers.statements.money_lines import balanced, line, lines
from tradeglyph.recognizers.statements.account_profile import AccountProfile, account_profiles
from tradeglyph.results.statement_json import Told, write_statement_json


def test_accounts_are_told_in_units() -> None:
    rows = [
        line(0, 900, counterparty='甲"'),
        line(1, -205, counterparty_account="8888"),
        line(40, -1),
    ]
    frame = lines(balanced(rows, -1_000))
    told = Told(
        files=[{"path": "a.csv"}],
        lines=frame,
        answers=(),
        lang="en",
        profiles=account_profiles(frame, top=1),
    )
    out = io.StringIO()
    write_statement_json(told, out)
    (one,) = json.loads(out.getvalue())["accounts"]

    assert one == {
        "account": "A", "currency": "CNY", "file": "a.csv", "sheet": "",
        "in": 9.0, "out": 2.06, "net": 6.94, "lines": 3,
        "months": [
            {
                "month": "2024-01", "in": 9.0, "out": 2.05, "net": 6.95, "lines": 2,
                "closing_balance": -3.05,
            },
            {
                "month": "2024-02", "in": 0.0, "out": 0.01, "net": -0.01, "lines": 1,
                "closing_balance": -3.06,
            },
        ],
        "counterparties": [
            {
                "name": '甲"', "account": "", "in": 9.0, "out": 0.0, "net": 9.0, "lines": 1,
                "first": "2024-01-01", "last": "2024-01-01",
            }
        ],
        "others": {
            "counterparties": 1, "in": 0.0, "out": 2.05, "net": -2.05, "lines": 1,
            "first": "2024-01-02", "last": "2024-01-02",
        },
        "nameless": {
            "counterparties": 0, "in": 0.0, "out": 0.01, "net": -0.01, "lines": 1,
            "first": "2024-02-10", "last": "2024-02-10",
        },
    }  # fmt: skip


@pytest.mark.parametrize(("profiles", "more"), [([], {"accounts": []}), (None, {})])
def test_without_profiles(profiles: list[AccountProfile] | None, more: dict[str, Any]) -> None:
    out = io.StringIO()
    told = Told(files=[], lines=lines([]), answers=(), lang="zh", profiles=profiles)
    write_statement_json(told, out)

    assert json.loads(out.getvalue()) == {"files": [], "results": []} | more

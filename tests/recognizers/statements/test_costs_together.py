"""What rules on several accounts cost where lines are chosen to be dear: 10,000 lines whose pairs
would be 100 million."""

import time
from datetime import datetime

import numpy as np
import polars as pl
import pytest

from tradeglyph.domain.recognizers import Profile
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.recognizers.statements.parameters import settled
from tradeglyph.recognizers.statements.registry import named
from tradeglyph.recognizers.statements.result import Recognizer

COUNT, ACCOUNTS = 10_000, 20
RULES = named(("missing_statement", "unmatched_transfer", "two_way_flow", "closed_loop"))
START = datetime(2025, 1, 1)  # noqa: DTZ001


def lines(*, parties: int, amounts: int) -> pl.DataFrame:
    """Lines of given accounts with `parties` others, the first of them a given account too."""
    chance = np.random.default_rng(5)
    names = [f"6222020000000{n:06d}" for n in range(ACCOUNTS + parties)]
    other = np.array(names, dtype=object)[ACCOUNTS - 1 + chance.integers(0, parties, COUNT)]
    rows = np.arange(COUNT)
    said = {
        "file": np.zeros(COUNT),
        "line": rows + 1,
        "account": np.array(names, dtype=object)[rows % ACCOUNTS].tolist(),
        "time": [START] * COUNT,
        "amount": 10_000_000 + chance.integers(0, amounts, COUNT),
        "direction": np.where(chance.random(COUNT) < 0.5, 1, -1),
        "counterparty_account": other.tolist(),
    }
    rest = {"clock": True, "currency": "CNY", "reversal": False, "balance": None}
    rest |= dict.fromkeys(("sheet", "tx_id", "summary", "counterparty", "owner"), "")
    rest |= {"since": None, "until": None}
    frame = pl.DataFrame(said).with_columns(**{n: pl.lit(value) for n, value in rest.items()})
    frame = frame.with_columns(pl.col("time") + pl.duration(minutes=pl.int_range(pl.len())))
    return frame.select(LINES.names()).cast(dict(LINES))  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.info.name)
@pytest.mark.parametrize(("parties", "amounts"), [(1, 1), (5, 1), (1, 100_000), (3_000, 1)])
def test_no_pairs_of_lines_are_tried(rule: Recognizer, parties: int, amounts: int) -> None:
    frame = lines(parties=parties, amounts=amounts)
    parameters = settled(rule.info, Profile.AUDIT)
    begun = time.process_time()
    rule.recognize(frame, parameters)
    assert time.process_time() - begun < 3

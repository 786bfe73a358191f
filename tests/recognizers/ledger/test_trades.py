"""Matched trades of a tape, whatever rows it has of them."""

from dataclasses import replace

import numpy as np
import pytest

from tests.recognizers.ledger.market import START, Row, tape_of_matches
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.recognizers.ledger.trades import Trades, trades_of

ROWS: list[Row] = [
    (0, "A", "B", 10.5, 2.0),
    (1, "B", "A", 10.25, 1.5),
    (2, "C", "C", 10.0, 1.0),
    (3, "D", "", 10.0, 4.0),
    (4, "", "D", 11.0, 4.0),
]


def whole(rows: list[Row], **more: bool) -> Trades:
    return trades_of(tape_of_matches(rows, **more), 0, 2**62)


def test_each_match_once_with_its_pair() -> None:
    done = whole(ROWS)
    columns, pairs = done.columns, done.pairs
    names = np.array(["", "A", "B", "C", "D"])  # code -1 first
    met = list(zip(names[columns.low + 1], names[columns.high + 1], columns.sign, strict=True))
    # The sign is that of the later name: B sold, then bought; D bought, then sold.
    assert met == [("A", "B", -1), ("A", "B", 1), ("C", "C", 0), ("", "D", 1), ("", "D", -1)]
    assert columns.units.tolist() == [1050, 1025, 1000, 1000, 1100]
    assert columns.lots.tolist() == [20, 15, 10, 40, 40]
    assert done.pair[0] == done.pair[1]
    assert pairs.met[done.pair].tolist() == [True, True, False, False, False]
    assert done.single.tolist() == [False, False, True, False, False]


def test_one_row_of_a_match_tells_the_same() -> None:
    both, one = whole(ROWS), whole(ROWS, both_rows=False)
    for name in ("time", "low", "high", "sign", "units", "lots"):
        assert (getattr(both.columns, name) == getattr(one.columns, name)).all()


def test_parts_of_one_moment_and_price_are_one_trade() -> None:
    parts: list[Row] = [(0, "A", "B", 10.5, 0.5), (0, "A", "B", 10.5, 1.5), (0, "B", "A", 10.5, 1)]
    done = whole(parts)
    assert sorted(zip(done.columns.sign, done.columns.lots, strict=True)) == [(-1, 20), (1, 10)]


def test_the_order_of_rows_of_one_moment_has_no_part() -> None:
    rows: list[Row] = [(7, f"A{i % 5}", f"B{i % 3}", 10 + i % 4, 1 + i) for i in range(30)]
    one, other = whole(rows), whole(rows[::-1])
    for name in ("low", "high", "sign", "units", "lots"):
        assert (getattr(one.columns, name) == getattr(other.columns, name)).all()


def test_a_nameless_account_is_nobody() -> None:
    tape = tape_of_matches([(0, "A", "B", 10.0, 1.0), (1, "A", "C", 10.0, 1.0)])
    names = tape.fills.account_names.copy()
    names[1] = ""  # B
    done = trades_of(replace(tape, fills=replace(tape.fills, account_names=names)), 0, 2**62)
    assert done.columns.low.tolist() == [-1, 0]
    assert done.columns.high.tolist() == [0, 2]


def test_bounds_and_order() -> None:
    tape = tape_of_matches(ROWS)
    inside = trades_of(tape, (START + 1) * MICROSECONDS, (START + 3) * MICROSECONDS)
    assert len(inside.columns) == 2
    turned = replace(tape, fills=tape.fills.take(np.arange(len(tape))[::-1]))
    with pytest.raises(ValueError, match="sorted"):
        trades_of(turned, 0, 2**62)


def test_nothing() -> None:
    assert len(whole([]).columns) == 0

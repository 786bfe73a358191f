"""The tape of rows equals the tape of the same frame; some tapes by hand."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.domain.fills import BUY, SELL, Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.pipeline.tape import fills_of_rows, tape_of_rows
from tradeglyph.sources.tables import TRADE_DTYPES, fills_of
from tradeglyph.sources.tape import tape_of

# Few values of each, so that rows collide, mirror and repeat each other.
ROW = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(["", "a", "b", "c", "é", "😀"]),
        "symbol": st.sampled_from(["X", "Y", "Ω"]),
        "time": st.integers(0, 2),
        "side": st.sampled_from([BUY, SELL]),
        "price": st.sampled_from([1.0, 1.5]),
        "quantity": st.sampled_from([1.0, 2.0]),
        "trade_id": st.sampled_from([None, None, "1", "2"]),
        "counterparty_id": st.sampled_from([None, "", "a", "b", "c", "z"]),
        "fee": st.sampled_from([None, 0.25]),
    }
)


@st.composite
def mirrored(draw):
    """Rows, some followed by their mirrors, in any order."""
    rows = draw(st.lists(ROW, max_size=12))
    for row in list(rows):
        other = row["counterparty_id"]
        if other and draw(st.booleans()):
            mirror = {"account_id": other, "counterparty_id": row["account_id"] or None}
            rows.append({**row, **mirror, "side": -row["side"]})
    return draw(st.permutations(rows))


def frame_of(rows):
    return pl.DataFrame(rows, schema={n: TRADE_DTYPES[n] for n in ROW_NAMES}, strict=False)


ROW_NAMES = (
    "account_id", "symbol", "time", "side", "price", "quantity", "trade_id", "counterparty_id",
    "fee",
)  # fmt: skip


def rows_of(rows):
    def texts(name):
        return np.array([row[name] or "" for row in rows], dtype=object)

    return TradeRows(
        account_id=texts("account_id"),
        symbol=texts("symbol"),
        time=np.array([row["time"] for row in rows], dtype=np.int64),
        side=np.array([row["side"] for row in rows], dtype=np.int8),
        price=np.array([row["price"] for row in rows], dtype=np.float64),
        quantity=np.array([row["quantity"] for row in rows], dtype=np.float64),
        trade_id=texts("trade_id"),
        counterparty_id=texts("counterparty_id"),
        fee=np.array([np.nan if row["fee"] is None else row["fee"] for row in rows], float),
    )


def same(mine, theirs, record):
    for name in record.__slots__:
        a, b = getattr(mine, name), getattr(theirs, name)
        if name == "fills":
            same(a, b, Fills)
        else:
            assert a.dtype == b.dtype, name
            np.testing.assert_array_equal(a, b, err_msg=name)


SYMBOLS = st.sampled_from([None, [], ["Y"], ["Ω", "X", "none"]])


@settings(max_examples=150, deadline=None)
@given(mirrored(), SYMBOLS)
def test_tape_of_rows_equals_that_of_the_frame(rows, symbols):
    same(tape_of_rows(rows_of(rows), symbols), tape_of(frame_of(rows), symbols), Tape)


@settings(max_examples=50, deadline=None)
@given(mirrored(), SYMBOLS)
def test_fills_of_rows_equal_those_of_the_frame(rows, symbols):
    same(fills_of_rows(rows_of(rows), symbols), fills_of(frame_of(rows), symbols), Fills)


def row(account, side, **more):
    base = dict.fromkeys(ROW_NAMES)
    base |= {"account_id": account, "symbol": "X", "time": 0, "side": side}
    return {**base, "price": 1.0, "quantity": 1.0, **more}


@pytest.mark.parametrize(
    ("rows", "names", "other", "match"),
    [
        ([], [], [], []),
        ([row("a", BUY)], ["a"], [-1], [-1]),
        ([row("b", SELL, trade_id="7"), row("a", BUY, trade_id="7")], ["a", "b"], [1, 0], [0, 0]),
        # An id that three rows share says nothing.
        ([row(name, BUY, trade_id="7") for name in "abc"], ["a", "b", "c"], [-1] * 3, [-1] * 3),
        # Nobody on the other side: not known.
        ([row("", SELL, trade_id="7"), row("a", BUY, trade_id="7")], ["", "a"], [-1] * 2, [-1] * 2),
        # A named other side without rows of its own.
        ([row("a", BUY, counterparty_id="z")], ["a", "z"], [1], [0]),
        # With oneself: two rows, one match.
        ([row("a", side, counterparty_id="a") for side in (BUY, SELL)], ["a"], [0, 0], [0, 0]),
        # Two alike buys and one sell: a match of two rows, and a match of one.
        (
            [row("a", BUY, counterparty_id="b")] * 2 + [row("b", SELL, counterparty_id="a")],
            ["a", "b"],
            [1, 1, 0],
            [0, 1, 0],
        ),
        # The id wins over the name, which then is no account.
        (
            [row("a", BUY, trade_id="7", counterparty_id="q"), row("b", SELL, trade_id="7")],
            ["a", "b"],
            [1, 0],
            [0, 0],
        ),
    ],
)
def test_tapes_by_hand(rows, names, other, match):
    tape = tape_of_rows(rows_of(rows))
    assert list(tape.fills.account_names) == names
    assert tape.other.tolist() == other
    assert tape.match.tolist() == match

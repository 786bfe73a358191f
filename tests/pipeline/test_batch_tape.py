"""A tape cut from a batch's is the tape of the rows that lie in the cut."""

from dataclasses import fields

import numpy as np
import pytest

from tradeglyph.domain.fills import Fills
from tradeglyph.domain.tape import Tape
from tradeglyph.domain.trade_rows import TradeRows, no_rows
from tradeglyph.pipeline.batch_tape import BatchTape
from tradeglyph.pipeline.tape import tape_of_rows


def market(seed: int, *, scattered: bool) -> TradeRows:
    """Matches of few accounts in three symbols: by trade id, by counterparty, by neither; two rows
    of a match, or one. `scattered`: rows of a match have different times."""
    rng = np.random.default_rng(seed)
    columns: dict[str, list[object]] = {field.name: [] for field in fields(TradeRows)}
    for number in range(300):
        time, symbol = int(rng.integers(0, 200)), f"S{rng.integers(3)}"
        buyer, seller = (f"A{one}" for one in rng.integers(0, 9, 2))
        kind, price, quantity = (
            rng.integers(4),
            float(rng.integers(1, 4)),
            float(rng.integers(1, 3)),
        )
        for side, account, other in ((1, buyer, seller), (-1, seller, buyer)):
            if kind == 3 and side < 0:
                continue
            row = {
                "account_id": account if rng.random() > 0.02 else "",
                "symbol": symbol,
                "time": time + (int(rng.integers(0, 50)) if scattered else 0),
                "side": side,
                "price": price,
                "quantity": quantity,
                "trade_id": f"T{number // 2 if scattered else number}" if kind in (0, 1) else "",
                "counterparty_id": other if kind in (1, 2, 3) else "",
                "fee": 0.5,
            }
            for name, value in row.items():
                columns[name].append(value)
    dtypes = {"time": np.int64, "side": np.int8, "price": float, "quantity": float, "fee": float}
    order = rng.permutation(len(columns["time"]))
    return TradeRows(
        **{name: np.array(v, dtype=dtypes.get(name, object))[order] for name, v in columns.items()}
    )


def cut_of(rows: TradeRows, symbols: list[str], since: int, until: int) -> Tape:
    """By the definition."""
    inside = (rows.time >= since) & (rows.time < until) & np.isin(rows.symbol.astype(str), symbols)
    return tape_of_rows(
        TradeRows(**{field.name: getattr(rows, field.name)[inside] for field in fields(TradeRows)})
    )


def same(one: Tape, other: Tape) -> None:
    for name in ("other", "match", "fee"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
        assert getattr(one, name).dtype == getattr(other, name).dtype
    for field in fields(Fills):
        mine, theirs = getattr(one.fills, field.name), getattr(other.fills, field.name)
        np.testing.assert_array_equal(mine, theirs, err_msg=field.name)
        assert mine.dtype == theirs.dtype, field.name


@pytest.mark.parametrize("scattered", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_a_cut_is_the_tape_of_its_rows(seed: int, scattered: bool) -> None:
    rows = market(seed, scattered=scattered)
    batch = BatchTape.of(rows)
    assert batch.whole is not scattered
    assert (batch.tape.match >= 0).any()
    for symbols in (["S0", "S1", "S2"], ["S1"], ["S0", "S2"], ["S9"]):
        for since, until in ((0, 300), (50, 120), (120, 121), (90, 90)):
            same(batch.cut(symbols, since, until), cut_of(rows, symbols, since, until))


def test_nothing_is_cut_from_nothing() -> None:
    assert len(BatchTape.of(no_rows()).cut(["S"], 0, 10)) == 0


@pytest.mark.parametrize("scattered", [False, True])
def test_cuts_of_one_place_are_the_same(scattered: bool) -> None:
    batch = BatchTape.of(market(1, scattered=scattered))
    first: dict[object, Tape] = {}
    shared = 0
    for symbols in (["S0", "S2"], ["S2", "S0"], ["S1"], ["S1", "S9"]):
        for since in range(40, 44):
            for until in range(120, 124):
                cut = batch.cut(symbols, since, until)
                place = batch.place(symbols, since, until)
                shared += place in first
                same(cut, first.setdefault(place, cut))
    # The order of the symbols, and one that nobody trades, make no difference.
    assert shared >= (16 if scattered else 32)

"""Who stood on the other side: of rows with ids, with names, with both, with neither."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.public_trades import HYPERLIQUID
from tests.shared import shared
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger import excess_gains, ledger
from tradeglyph.sources.tables import TRADE_DTYPES
from tradeglyph.sources.tape import tape_of
from tradeglyph.sources.trades import read_trades

T0 = datetime(2026, 1, 5, tzinfo=UTC)
SIDES = {"buy": 1, "sell": -1}


def row(
    account: str,
    side: str,
    *,
    second: int = 0,
    price: float = 10.0,
    quantity: float = 1.0,
    id_: str | None = None,
    other: str | None = None,
    symbol: str = "X",
    fee: float | None = None,
) -> dict[str, Any]:
    return {
        "account_id": account,
        "symbol": symbol,
        "time": T0 + timedelta(seconds=second),
        "side": SIDES[side],
        "price": price,
        "quantity": quantity,
        "trade_id": id_,
        "counterparty_id": other,
        "fee": fee,
    }


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    names = ("account_id", "symbol", "time", "side", "price", "quantity", "trade_id")
    wanted = (*names, "counterparty_id", "fee")
    return pl.DataFrame(rows, schema={name: TRADE_DTYPES[name] for name in wanted})


def told(tape: Tape) -> list[tuple[str, str, int]]:
    """Account, other side ("?" if not known) and match of each row."""
    names = [*tape.fills.account_names, "?"]
    accounts, others = (
        [names[code] for code in column] for column in (tape.fills.account, tape.other)
    )
    return list(zip(accounts, others, tape.match.tolist(), strict=True))


def test_two_rows_of_one_id() -> None:
    tape = tape_of(frame([row("B", "sell", id_="1"), row("A", "buy", id_="1")]))
    assert told(tape) == [("A", "B", 0), ("B", "A", 0)]


def test_an_id_is_of_its_symbol() -> None:
    rows = [row("A", "buy", id_="1"), row("B", "sell", id_="1", symbol="Y")]
    assert told(tape_of(frame(rows))) == [("A", "?", -1), ("B", "?", -1)]


def test_an_id_that_more_rows_share_is_no_match() -> None:
    rows = [row("A", "buy", id_="1"), row("B", "sell", id_="1"), row("C", "sell", id_="1")]
    assert {match for *_, match in told(tape_of(frame(rows)))} == {-1}
    same_side = [row("A", "buy", id_="1"), row("B", "buy", id_="1")]
    assert {match for *_, match in told(tape_of(frame(same_side)))} == {-1}


def test_rows_of_one_id_that_do_not_agree_are_no_match() -> None:
    for other in ({"price": 10.5}, {"quantity": 2.0}):
        rows = [row("A", "buy", id_="1"), row("B", "sell", id_="1", **other)]  # type: ignore[arg-type]
        assert {match for *_, match in told(tape_of(frame(rows)))} == {-1}


def test_a_named_other_side_is_known_though_it_has_no_row() -> None:
    tape = tape_of(frame([row("A", "buy", other="Z"), row("A", "sell", second=1)]))
    assert told(tape) == [("A", "Z", 0), ("A", "?", -1)]
    assert tape.fills.account_names.tolist() == ["A", "Z"]


def test_mirrored_rows_are_one_match_each() -> None:
    twice = [row("A", "buy", other="B"), row("B", "sell", other="A")] * 2
    single = [row("A", "buy", other="B")]
    tape = tape_of(frame(twice + single))
    by_match = Counter(match for *_, match in told(tape))
    assert sorted(by_match.values()) == [1, 2, 2]
    assert all(other in "AB" for _, other, _ in told(tape))


def test_what_does_not_mirror_is_apart() -> None:
    for other in ({"price": 11.0}, {"quantity": 2.0}, {"second": 1}, {"symbol": "Y"}):
        rows = [row("A", "buy", other="B"), row("B", "sell", other="A", **other)]  # type: ignore[arg-type]
        assert sorted(match for *_, match in told(tape_of(frame(rows)))) == [0, 1]


def test_ids_with_names_go_by_the_id() -> None:
    rows = [row("A", "buy", id_="1", other="B"), row("B", "sell", id_="1", other="A")]
    rows += [row("A", "buy", id_="2", other="C")]
    assert sorted(told(tape_of(frame(rows)))) == [("A", "B", 0), ("A", "C", 1), ("B", "A", 0)]


def test_trades_with_oneself_stay() -> None:
    by_id = [row("A", "buy", id_="1"), row("A", "sell", id_="1")]
    by_name = [row("A", "buy", other="A"), row("A", "sell", other="A")]
    for rows in (by_id, by_name):
        assert told(tape_of(frame(rows))) == [("A", "A", 0), ("A", "A", 0)]


def test_nobody_is_no_other_side() -> None:
    rows = [row("A", "buy", id_="1"), row("", "sell", id_="1"), row("A", "buy", second=1, other="")]
    assert {match for *_, match in told(tape_of(frame(rows)))} == {-1}


def test_columns_that_are_not_there() -> None:
    least = frame([row("A", "buy"), row("B", "sell")]).drop("trade_id", "counterparty_id", "fee")
    tape = tape_of(least)
    assert (tape.match == -1).all()
    assert np.isnan(tape.fee).all()


def test_order_and_fees() -> None:
    rows = [
        row("A", "buy", second=5, symbol="Y", fee=0.5),
        row("A", "buy", second=9, symbol="X", fee=0.25),
        row("B", "buy", second=1, symbol="X"),
    ]
    tape = tape_of(frame(rows), ["Y", "X"])
    assert tape.fills.symbol_names.tolist() == ["Y", "X"]
    assert tape.fills.symbol.tolist() == [0, 1, 1]
    assert (np.diff(tape.fills.time[1:]) >= 0).all()
    assert tape.fee.tolist()[0] == 0.5
    assert np.isnan(tape.fee[1])


def test_no_rows() -> None:
    assert len(tape_of(frame([]))) == 0


account = st.sampled_from("ABC")
loose = st.tuples(account, account, st.sampled_from(["buy", "sell"]), st.integers(0, 1))


@settings(max_examples=60)
@given(st.lists(loose, max_size=25), st.randoms())
def test_every_match_has_one_row_or_two_that_mirror(
    rows: list[tuple[str, str, str, int]], dice
) -> None:  # type: ignore[no-untyped-def]
    made = [row(a, side, other=b, second=s) for a, b, side, s in rows]
    tape = tape_of(frame(made))
    # Buyer, seller and second, counted on each side: so many pairs, so many rows alone.
    sides = [Counter[tuple[str, str, int]](), Counter[tuple[str, str, int]]()]
    for a, b, side, s in rows:
        sides[side == "sell"][(a, b, s) if side == "buy" else (b, a, s)] += 1
    pairs = sum((sides[0] & sides[1]).values())
    assert len(set(tape.match.tolist())) == len(rows) - pairs
    for match in set(tape.match.tolist()):
        at = np.flatnonzero(tape.match == match)
        assert len(at) in (1, 2)
        if len(at) == 2:
            assert tape.fills.account[at[0]] == tape.other[at[1]]
            assert tape.fills.side[at].sum() == 0
    dice.shuffle(made)
    again = tape_of(frame(made))
    assert Counter(told(again)[i][:2] for i in range(len(again))) == Counter(
        told(tape)[i][:2] for i in range(len(tape))
    )


def test_real_heavy_traders_without_other_sides_are_left_alone() -> None:
    """Four ordinary traders: no other side is known, and nobody took a sum from the others."""
    table = read_trades(shared("data/trades_hyperliquid"), HYPERLIQUID)
    tape = tape_of(table.frame)
    ends = np.array([int(tape.fills.time.max()) + 1])
    assert len(ledger(tape, ends=ends)) == 0
    assert np.isnan(excess_gains(tape, ends=ends).low).all()

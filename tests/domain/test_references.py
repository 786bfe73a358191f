"""Reference prices by symbol."""

import numpy as np

from tradeglyph.domain.references import QUOTED, Reference, ReferencePrices

PRICES = ReferencePrices(
    symbol=np.array([0, 0, 1, 2], dtype=np.int32),
    time=np.array([5, 7, 1, 3], dtype=np.int64),
    price=np.array([10.0, 11.0, 20.0, 30.0]),
    kind=np.array([1, 3, 4, 1], dtype=np.int8),
    symbol_names=np.array(["A", "B", "C"], dtype=object),
)


def test_the_better_a_kind_the_less_its_number() -> None:
    assert Reference.MIDQUOTE < Reference.OTHERS < Reference.VENUE < Reference.SETTLEMENT
    assert Reference.OTHERS not in QUOTED
    assert Reference.NONE not in QUOTED


def test_on_other_symbols() -> None:
    on = PRICES.on(np.array(["C", "X", "A"], dtype=object))
    assert on.symbol.tolist() == [0, 2, 2]
    assert on.time.tolist() == [3, 5, 7]
    assert on.price.tolist() == [30.0, 10.0, 11.0]
    assert on.kind.tolist() == [1, 1, 3]
    assert on.symbol_names.tolist() == ["C", "X", "A"]
    assert len(PRICES.on(np.array(["X"], dtype=object))) == 0


def test_some_of_them() -> None:
    some = PRICES.take(np.array([0, 2]))
    for name in ("symbol", "time", "price", "kind"):
        assert getattr(some, name).tolist() == [getattr(PRICES, name)[at] for at in (0, 2)]
    assert some.symbol_names is PRICES.symbol_names

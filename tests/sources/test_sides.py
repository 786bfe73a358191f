"""Buy and sell."""

import polars as pl

from tradeglyph.sources.sides import parse_side


def test_words_of_the_contract_in_any_case_with_blanks() -> None:
    buys = ["buy", "BUY", " Buy ", "B", "b", "买入", "证券买入", "融资买入"]
    sells = ["sell", "SELL", "S", "卖出 ", "证券卖出"]
    done = parse_side(pl.Series(buys + sells))
    assert done.values.to_list() == [1] * len(buys) + [-1] * len(sells)
    assert done.reasons is None


def test_an_unknown_side_is_an_error_of_its_row() -> None:
    reasons = parse_side(pl.Series(["buy", "hold", "", "1"])).reasons
    assert reasons is not None
    assert [None if r is None else r.split(";")[0] for r in reasons] == [
        None,
        "unknown side",
        "no value",
        "unknown side",
    ]


def test_categories() -> None:
    assert parse_side(pl.Series(["buy", "sell"], dtype=pl.Categorical)).values.to_list() == [1, -1]

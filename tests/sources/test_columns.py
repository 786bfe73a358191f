"""Which columns are taken."""

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.schema import CANDLES, LABELS, TRADES
from tradeglyph.sources.columns import choose_columns

PLAIN = ["account_id", "symbol", "time", "side", "price", "quantity"]


def test_names_in_any_case_and_blanks_around() -> None:
    taken = choose_columns(TRADES, [" Account_ID ", *(n.upper() for n in PLAIN[1:])], {}, "f")
    assert taken["account_id"] == (" Account_ID ",)
    assert taken["quantity"] == ("QUANTITY",)


def test_chinese_titles() -> None:
    header = ["成交时间", "证券代码", "买卖标志", "成交价格", "成交数量", "资金账号", "成交编号"]
    taken = choose_columns(TRADES, header, {}, "f")
    assert {name: sources[0] for name, sources in taken.items()} == {
        "time": "成交时间",
        "symbol": "证券代码",
        "side": "买卖标志",
        "price": "成交价格",
        "quantity": "成交数量",
        "account_id": "资金账号",
        "trade_id": "成交编号",
    }


def test_a_title_with_a_blank_is_not_the_canonical_name() -> None:
    assert "trade_id" not in choose_columns(TRADES, [*PLAIN, "Trade ID"], {}, "f")


def test_the_order_of_candle_columns_does_not_matter() -> None:
    taken = choose_columns(CANDLES, ["Date", "Open", "Close", "High", "Low"], {}, "f")
    assert (taken["high"], taken["low"]) == (("High",), ("Low",))


def test_a_mapping_goes_before_the_titles() -> None:
    taken = choose_columns(TRADES, [*PLAIN, "User"], {"account_id": ("User",)}, "f")
    assert taken["account_id"] == ("User",)


def test_missing_columns_are_named_with_what_is_there_and_the_remedy() -> None:
    with pytest.raises(InputError) as caught:
        choose_columns(TRADES, ["User", "symbol", "time", "side", "price"], {}, "t.csv")
    said = str(caught.value)
    assert said.startswith("t.csv: no column for account_id, quantity")
    assert "the file has: User, symbol, time, side, price" in said
    assert "--map account_id=COLUMN,quantity=COLUMN" in said


def test_a_mapped_column_that_is_not_there() -> None:
    with pytest.raises(InputError, match="there is no column 'Usr'"):
        choose_columns(TRADES, [*PLAIN, "User"], {"account_id": ("Usr",)}, "f")


@pytest.mark.parametrize("pair", [["时间"], ["Time"], ["time#2"]])
def test_two_columns_for_one_ask_for_a_mapping(pair: list[str]) -> None:
    with pytest.raises(InputError, match=r"could both be time.*--map time="):
        choose_columns(TRADES, [*PLAIN, *pair], {}, "f")


def test_the_remedy_is_one_that_the_command_has() -> None:
    """Candles beside trades have a mapping of their own, and labels have none."""
    for contract, remedy in (
        (TRADES, "with --map time=COLUMN"),
        (CANDLES, "beside --candles with --candles-map time=COLUMN"),
        (LABELS, "rename the columns in the file: account_id, symbol, scenario, label"),
    ):
        names = [c.name for c in contract if c.name != "time" and contract is not LABELS]
        with pytest.raises(InputError) as caught:
            choose_columns(contract, names, {}, "f")
        assert str(caught.value).endswith(remedy)

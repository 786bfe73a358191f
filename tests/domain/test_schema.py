from tradeglyph.domain.schema import BUY_WORDS, CANDLES, LABELS, SCORES, SELL_WORDS, TRADES


def test_names_of_the_contract() -> None:
    required = {column.name for column in TRADES if column.required}
    assert required == {"account_id", "time", "side", "price", "quantity"}
    optional = {"trade_id", "counterparty_id", "order_id", "fee", "currency", "symbol"}
    assert {column.name for column in TRADES} == required | optional
    assert {column.name for column in CANDLES if column.required} == {"time", "high", "low"}
    assert [column.name for column in LABELS][:4] == ["account_id", "symbol", "scenario", "label"]
    assert ", ".join(SCORES) == (
        "account_id, symbol, window_start, window_end, trade_count, probability, flagged, "
        "verdict, role, transferred, reason, model"
    )


def test_no_header_means_two_columns() -> None:
    for contract in (TRADES, CANDLES, LABELS):
        words = [w for c in contract for w in (c.name, *c.synonyms)]
        assert len(words) == len(set(words))
        assert words == [word.lower() for word in words]


def test_no_word_is_both_a_buy_and_a_sell() -> None:
    assert not BUY_WORDS & SELL_WORDS
    assert {"buy", "b", "买入", "证券买入"} <= BUY_WORDS
    assert {"sell", "s", "卖出", "证券卖出"} <= SELL_WORDS

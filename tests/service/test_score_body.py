"""Reading of scores' bodies: rows are taken or refused alike, however they are looked at, and no
member is taken of two."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.service.conftest import Service
from tests.service.test_guard import is_problem
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.service import examples
from tradeglyph.service.bodies import record_of
from tradeglyph.service.market_rows import candle_rows, trade_rows
from tradeglyph.service.problem import Problem
from tradeglyph.service.row_columns import RowColumns
from tradeglyph.service.schemas import ScoreBody
from tradeglyph.service.score_body import read_score

TRADE, CANDLE = examples.SCORE["trades"][0], examples.SCORE["candles"][0]
WHOLE = json.dumps(examples.SCORE)
PRICE = "trades.0.price"


@pytest.fixture(scope="module")
def service(refusing: Service) -> Service:
    return refusing


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"account_id": "a", "account_id": "b"}', "account_id"),
        ('{"account_id" :"a","lang":"en","account_id"\n:"a"}', "account_id"),
        (WHOLE.replace('"price":', '"price": 1, "price":', 1), PRICE),
        (WHOLE.replace('"candles":', '"candles": [], "candles":'), "candles"),
        (WHOLE.replace('"high":', '"time": 1767344400, "high":', 1), "candles.0.time"),
        ('{"account_id": "a:b", "signals": {"x": true, "x": false}}', "signals.x"),
        (WHOLE.replace('"price":', '"price": 1, "price":', 1).replace("T09:", "T09\\u003a"), PRICE),
        ('{"account_id": "a", "amount": 1, "amou\\u006et": 2, "event_id": "\\u003A"}', "amount"),
        (WHOLE.replace('"price":', '"more": {"x": 1, "x": 2}, "price":', 1), "trades.0.more.x"),
        (WHOLE.replace('"price":', '"more": [1, {"": 1, "": 2}], "price":', 1), "trades.0.more.1."),
    ],
)
def test_a_member_given_twice_is_refused(service: Service, text: str, where: str) -> None:
    headers = {"Content-Type": "application/json"}
    said = service.ask("POST", "/v1/score", content=text, headers=headers)
    fields = is_problem(said, 422)
    assert fields["errors"] == [{"where": where, "what": "is given twice: give it once"}]


@pytest.mark.parametrize(
    "changes",
    [
        {"account_id": "a:b", "event_id": ":::"},
        {"account_id": "a\\u003ab", "event_id": "买入"},
        {"businessType": "a:b", "signals": {"a:b": True}},
        {"trades": [{**TRADE, "order_id": "x:y"}, {**TRADE, "more": {"a": {"b": ":"}}}]},
        {"candles": [{**CANDLE, "time": 1767344400}, {**CANDLE, "source": "http://x:1"}]},
    ],
)
def test_colons_in_values_are_no_members(changes: dict[str, Any]) -> None:
    assert read_score(json.dumps({**examples.SCORE, **changes})).rows


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"trades": [{**TRADE, "fee": None, "account_id": 7, "trade_id": "t"}, TRADE]},
        {"trades": [{**TRADE, "time": 1767344470123, "price": 10, "quantity": 3}]},
        {"candles": [{**CANDLE, "volume": 7, "accounts": 3}, {**CANDLE, "time": 1767344400}]},
        {"candles": [{**CANDLE, "time": at * 300 + 1767344400} for at in (5, 2, 9, 4)]},
    ],
)
def test_plain_rows_are_those_that_the_schema_takes(changes: dict[str, Any]) -> None:
    body = json.dumps({**examples.SCORE, **changes})
    read, record = read_score(body), record_of(ScoreBody, body)
    assert read.plain
    assert read.trades is not None
    assert read.candles is not None
    assert record.trades is not None
    assert record.candles is not None
    (one, _), (other, _) = (
        trade_rows(rows, account_id="a", symbol="S") for rows in (read.trades, record.trades)
    )
    for name in TradeRows.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    if "candles" in changes and len(changes["candles"]) == 2:
        return  # times of two kinds: not the same column, and refused by neither
    these, those = (
        candle_rows(rows, symbol="S", interval=None) for rows in (read.candles, record.candles)
    )
    for name in type(these).__slots__:
        np.testing.assert_array_equal(getattr(these, name), getattr(those, name), name)
    assert (np.diff(these.start) > 0).all()


def checked(body: str) -> ScoreBody:
    return record_of(ScoreBody, body)


def refusal(read: Callable[[], object]) -> object:
    """What is said of the body; None where it is taken."""
    try:
        read()
    except Problem as problem:
        return problem.more
    return None


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("trades", "price", "1.5"),
        ("trades", "price", True),
        ("trades", "price", None),
        ("trades", "side", "s" * 17),
        ("trades", "symbol", "S" * 513),
        ("trades", "symbol", 1.5),
        ("trades", "time", 1767344470.5),
        ("trades", "currency", 3),
        ("candles", "accounts", -1),
        ("candles", "accounts", True),
        ("candles", "volume", "3"),
        ("candles", "open", []),
    ],
)
def test_what_is_not_plain_is_read_by_the_schema(table: str, column: str, value: Any) -> None:
    """Which takes it or refuses it in its own words."""
    row = {**(TRADE if table == "trades" else CANDLE), column: value}
    body = json.dumps({**examples.SCORE, table: [row]})
    expected, found = (refusal(lambda read=read: read(body)) for read in (checked, read_score))
    assert found == expected
    if expected is None:
        assert not read_score(body).plain


@pytest.mark.parametrize("missing", ["time", "side", "price", "quantity"])
def test_a_column_that_rows_need_is_missed(missing: str) -> None:
    row = {name: value for name, value in TRADE.items() if name != missing}
    with pytest.raises(Problem, match=f"trades.1.{missing}: is missing"):
        read_score(json.dumps({**examples.SCORE, "trades": [TRADE, row]}))


def test_columns_of_rows_with_other_names() -> None:
    rows = RowColumns("rows", [{"a": 1, "b": 2}, {"b": 3, "c": 4}])
    assert rows.names == {"a", "b", "c"}
    assert [list(rows.column(name)) for name in "abc"] == [[1, None], [2, 3], [None, 4]]
    alike = RowColumns("rows", [{"a": 1, "b": 2}, {"b": 3, "a": 4}])
    assert [list(alike.column(name)) for name in "ab"] == [[1, 4], [2, 3]]
    assert RowColumns("rows", []).names == set()
    assert RowColumns("rows", [{}, {}]).names == set()

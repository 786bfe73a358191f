"""What is read by types is what the schema reads, and nothing that it refuses."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.service import examples, plain_body
from tradeglyph.service.bodies import record_of
from tradeglyph.service.plain_body import PlainBody
from tradeglyph.service.row_columns import RowColumns
from tradeglyph.service.schemas import CandleRow, ScoreBody, TradeRow

TRADE, CANDLE = examples.SCORE["trades"][0], examples.SCORE["candles"][0]

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**18, max_value=10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.integers(500, 520).map("é".__mul__),
    st.just([]),
)


def rows_like(row: dict[str, Any], names: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows with a few members changed, left out or added."""
    changes = st.dictionaries(st.sampled_from([*names, "more"]), anything, max_size=2)
    less = st.sets(st.sampled_from(sorted(row)), max_size=1)

    def changed(parts: tuple[set[str], dict[str, Any]]) -> dict[str, Any]:
        left_out, added = parts
        return {name: said for name, said in row.items() if name not in left_out} | added

    return st.lists(st.tuples(less, changes).map(changed), max_size=3)


def read(body: dict[str, Any]) -> tuple[PlainBody | None, str]:
    text = json.dumps(body)
    return plain_body.plain_body(text), text


def columns(rows: RowColumns) -> dict[str, list[Any]]:
    return {name: list(rows.column(name)) for name in sorted(rows.names)}


@given(
    rows_like(TRADE, sorted(TradeRow.__annotations__)),
    rows_like(CANDLE, sorted(CandleRow.__annotations__)),
)
def test_what_is_plain_is_what_the_schema_reads(
    trades: list[dict[str, Any]], candles: list[dict[str, Any]]
) -> None:
    plain, text = read({**examples.SCORE, "trades": trades, "candles": candles})
    if plain is None:
        return
    record = record_of(ScoreBody, text)
    for found, rows in ((plain.trades, record.trades), (plain.candles, record.candles)):
        assert rows is not None
        expected = RowColumns("rows", rows)
        assert columns(found) == columns(expected)
        assert found.members == expected.members


@given(st.sampled_from(sorted(plain_body._REST)), anything)
def test_members_beside_the_rows_are_left_to_the_schema(name: str, said: Any) -> None:
    plain, _ = read({**examples.SCORE, name: said})
    assert plain is not None
    assert plain.rest == {
        key: value
        for key, value in {**examples.SCORE, name: said}.items()
        if key not in ("trades", "candles")
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"trades": [{**TRADE, "fee": None, "account_id": 7}, TRADE]},
        {"trades": [{**TRADE, "price": 10, "quantity": 3}], "candles": []},
    ],
)
def test_usual_bodies_are_plain(changes: dict[str, Any]) -> None:
    assert read({**examples.SCORE, **changes})[0] is not None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"trades": []}', "[" * 100_000, '{"x": NaN}'])
def test_what_is_no_such_body_is_left_to_the_schema(text: str) -> None:
    assert plain_body.plain_body(text) is None


def test_every_column_of_the_schema_may_be_plain() -> None:
    assert set(plain_body._Trade.__struct_fields__) == TradeRow.__annotations__.keys()
    assert set(plain_body._Candle.__struct_fields__) == CandleRow.__annotations__.keys()


def test_every_member_of_the_schema_may_be_plain() -> None:
    fields = ScoreBody.model_fields.items()
    names = {field.alias or name for name, field in fields} | {"business_type"}
    assert set(plain_body._Members.__struct_fields__) == names

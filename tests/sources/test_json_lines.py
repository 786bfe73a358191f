"""JSON Lines as text cells."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.sources.batch import RawBatch
from tradeglyph.sources.json_lines import jsonl_batches


def _read(path: Path, content: str, size: int = 1 << 20) -> list[RawBatch]:
    path.write_bytes(content.encode())
    return list(jsonl_batches(path, size))


def test_values_of_any_kind_become_text(tmp_path: Path) -> None:
    (batch,) = _read(tmp_path / "t.jsonl", '{"a":1,"b":"x"}\n{"a":1.5,"c":true}\n{"b":null}\n')
    assert batch.cells.select("a", "b", "c").rows() == [
        ("1", "x", None),
        ("1.5", None, "true"),
        (None, None, None),
    ]


@pytest.mark.parametrize("size", [10, 1 << 20])
def test_malformed_lines_are_named_by_number_and_the_others_kept(tmp_path: Path, size: int) -> None:
    content = '{"a":1}\n\n{"a":\n[2]\n{"a":NaN}\n7\n{"a":12345678901234567890}'
    batches = _read(tmp_path / "t.jsonl", content, size)
    broken = [(b.line[row], value) for b in batches for row, value, _ in b.broken.iter_rows()]
    assert broken == [(3, '{"a":'), (4, "[2]"), (6, "7")]
    found = [
        (line, value)
        for b in batches
        if "a" in b.cells.columns
        for line, value in zip(b.line, b.cells["a"], strict=True)
        if value is not None
    ]
    assert found == [(1, "1"), (5, "NaN"), (7, "12345678901234567890")]


def test_a_key_that_was_seen_stays_a_column(tmp_path: Path) -> None:
    first, second = _read(tmp_path / "t.jsonl", '{"a":1,"b":2}\n{"a":3}', 10)
    assert first.cells.rows() == [("1", "2")]
    assert second.cells.select("a", "b").rows() == [("3", None)]


@settings(max_examples=60)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["a", "b", "成交"]),
            st.one_of(st.none(), st.integers(-(2**60), 2**60), st.text(max_size=5)),
            min_size=1,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_objects_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "property.jsonl"
    (batch,) = _read(path, "".join(json.dumps(row) + "\n" for row in rows))
    found = batch.cells.rows(named=True)
    for row, back in zip(rows, found, strict=True):
        wanted = {k: v if v is None else str(v) for k, v in row.items()}
        assert {k: back[k] for k in row} == wanted

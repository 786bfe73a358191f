"""Repeated rows."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.errors import InputError
from tradeglyph.sources.normalise import REST
from tradeglyph.sources.repeats import check_trade_ids, settle_repeats


def _frame(
    rows: list[tuple[str | None, str, int, float]], rest: list[int] | None = None
) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows,
        schema={
            "trade_id": pl.String,
            "account_id": pl.String,
            "side": pl.Int8,
            "price": pl.Float64,
        },
        orient="row",
    )
    return frame.with_columns(pl.Series(REST, rest or [0] * len(rows), dtype=pl.UInt64))


def test_the_key_has_account_and_side() -> None:
    rows = [("T", "A", 1, 1.0), ("T", "B", -1, 1.0), ("T", "A", -1, 1.0), ("T", "A", 1, 2.0)]
    done = settle_repeats(_frame(rows), drop_duplicates=False)
    assert done.frame.rows() == rows[:3]
    assert (done.repeats_dropped, done.possible_duplicates) == (1, 0)


def test_identical_rows_without_id_are_kept_and_counted_unless_asked() -> None:
    rows = [(None, "A", 1, 1.0), (None, "A", 1, 1.0), (None, "A", 1, 2.0), (None, "A", 1, 1.0)]
    kept = settle_repeats(_frame(rows), drop_duplicates=False)
    assert (kept.frame.height, kept.possible_duplicates) == (4, 2)
    dropped = settle_repeats(_frame(rows), drop_duplicates=True)
    assert dropped.frame.rows() == [rows[0], rows[2]]
    assert dropped.possible_duplicates == 2


def test_rows_that_differ_in_a_column_not_taken_are_not_identical() -> None:
    rows: list[tuple[str | None, str, int, float]] = [(None, "A", 1, 1.0)] * 3
    done = settle_repeats(_frame(rows, rest=[7, 8, 7]), drop_duplicates=True)
    assert (done.frame.height, done.possible_duplicates) == (2, 1)


def test_some_rows_with_id_and_some_without() -> None:
    rows = [("T", "A", 1, 1.0), ("T", "A", 1, 1.0), (None, "A", 1, 1.0), (None, "A", 1, 1.0)]
    done = settle_repeats(_frame(rows), drop_duplicates=False)
    assert (done.frame.height, done.repeats_dropped, done.possible_duplicates) == (3, 1, 1)


ROW = st.tuples(
    st.sampled_from([None, "T", "U"]), st.sampled_from("AB"), st.sampled_from([1, -1]), st.just(1.0)
)


@given(st.lists(ROW, min_size=1, max_size=30), st.booleans())
def test_counts_agree_with_a_plain_loop(
    rows: list[tuple[str | None, str, int, float]], drop: bool
) -> None:
    kept, seen, repeats, duplicates = [], set(), 0, 0
    for row in rows:
        again = row in seen
        seen.add(row)
        repeats += again and row[0] is not None
        duplicates += again and row[0] is None
        if not again or (row[0] is None and not drop):
            kept.append(row)
    done = settle_repeats(_frame(rows), drop_duplicates=drop)
    assert done.frame.rows() == kept
    assert (done.repeats_dropped, done.possible_duplicates) == (repeats, duplicates)


def test_ids_that_a_spreadsheet_rounded_are_refused() -> None:
    with pytest.raises(InputError, match=r"8\.95E\+14.*rounded"):
        check_trade_ids(_frame([("1", "A", 1, 1.0), ("8.95E+14", "A", 1, 1.0)]), "t.csv")
    check_trade_ids(_frame([("1e5", "A", 1, 1.0), ("0xE+1", "A", 1, 1.0)]), "t.csv")

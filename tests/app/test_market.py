from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.cli.files import market
from tests.rows import DAY, fills_of
from tradeglyph.app.market import WindowRule, load, load_windows
from tradeglyph.domain.errors import RowErrors
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.sources.options import ReadOptions

START = DAY * MICROSECONDS


def loaded(folder: Path, **options: object):  # type: ignore[no-untyped-def]
    said: list[str] = []
    how = ReadOptions(**options)  # type: ignore[arg-type]
    done = load(folder / "t.csv", folder / "k.csv", how, how, WindowRule(), said.append)
    return done, said


class TestEdges:
    fills = fills_of([("A", "X", DAY + s, "buy", 10.0, 1.0) for s in (3_600, 90_000)])

    def test_days_that_hold_every_fill(self) -> None:
        assert WindowRule().edges(self.fills).tolist() == [START + n * DAY_US for n in range(3)]

    def test_days_of_a_zone(self) -> None:
        # 2024-10-04 01:00 UTC is 09:00 in Shanghai, whose day began at 16:00 UTC the day before.
        edges = WindowRule(zone=ZoneInfo("Asia/Shanghai")).edges(self.fills)
        assert edges[0] == START - 8 * 3_600 * MICROSECONDS
        assert set(np.diff(edges)) == {DAY_US}

    def test_a_span_ends_where_it_is_told(self) -> None:
        as_of = datetime.fromtimestamp(DAY, tz=UTC) + timedelta(microseconds=1)
        edges = WindowRule(span_us=DAY_US, as_of=as_of).edges(self.fills)
        assert edges.tolist() == [START + 1 - DAY_US, START + 1]

    def test_nothing_has_no_day(self) -> None:
        assert WindowRule().edges(fills_of([])).tolist() == [0]


def test_windows_and_candles_share_their_codes(tmp_path: Path) -> None:
    market(tmp_path)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("A,A-new,2026-01-02T10:00:00Z,buy,9,3\n")  # before X in the alphabet
    done, said = loaded(tmp_path)
    names = done.windows.fills.symbol_names
    assert [names[code] for code in done.windows.symbol] == ["X", "X", "A-new", "X"]
    assert names[done.candles.symbol[0]] == done.candles.symbol_names[0] == "X"
    assert done.rejects.is_empty()
    assert [line for line in said if "rows read" in line] == [
        f"{tmp_path / 'k.csv'}: 3 rows read (utf-8)",
        f"{tmp_path / 't.csv'}: 8 rows read (utf-8)",
    ]
    windows, candles = load_windows(
        tmp_path / "t.csv", tmp_path / "k.csv", ReadOptions(), ReadOptions(), WindowRule(),
        said.append,
    )  # fmt: skip
    np.testing.assert_array_equal(windows.trade_count, done.windows.trade_count)
    np.testing.assert_array_equal(candles.start, done.candles.start)


def test_fills_outside_a_span_are_counted(tmp_path: Path) -> None:
    market(tmp_path)
    said: list[str] = []
    as_of = datetime(2026, 1, 3, 10, 1, tzinfo=UTC)
    for hours, inside in ((24, 5), (240, 6)):
        rule = WindowRule(span_us=hours * 3_600 * MICROSECONDS, as_of=as_of)
        how = ReadOptions()
        load(tmp_path / "t.csv", tmp_path / "k.csv", how, how, rule, said.append)
        assert f"{inside} of 7 fills lie in the window from 20" in said[-1]


def test_skipped_rows_of_both_files(tmp_path: Path) -> None:
    market(tmp_path)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("A,X,2026-01-02T10:00:00Z,neither,9,3\n")
    with (tmp_path / "k.csv").open("a") as file:
        file.write("X,2026-01-02T12:00:00Z,8,9,1\n")
    with pytest.raises(RowErrors):
        loaded(tmp_path)
    done, _ = loaded(tmp_path, on_error="skip")
    rows = done.rejects.select("file", "line", "column").rows()
    assert [(Path(f).name, line, column) for f, line, column in rows] == [
        ("k.csv", 5, "high"),
        ("t.csv", 9, "side"),
    ]
    assert done.rejects["side"].to_list() == [None, "neither"]
    assert done.rejects["high"].to_list() == ["8", None]

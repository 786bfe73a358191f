"""Files too big for memory."""

import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl
import pytest

from tradeglyph.domain.errors import RowErrors
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import BatchSize
from tradeglyph.sources.report import total
from tradeglyph.sources.trades import read_trades, trade_blocks

SMALL = BatchSize(text_bytes=4_000, typed_rows=100)


@pytest.fixture
def spills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "spills"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    """2,000 rows of 40 accounts, 100 of them with the trade_id of another."""
    n = 2_000
    frame = pl.DataFrame(
        {
            "account_id": [f"A{i % 40}" for i in range(n)],
            "symbol": ["COIN"] * n,
            "time": [1_700_000_000 + i for i in range(n)],
            "side": ["buy"] * n,
            "price": [1.0 + i for i in range(n)],
            "quantity": [1.0] * n,
            "trade_id": [str(i % (n - 100)) if i % 40 < 20 else None for i in range(n)],
        }
    )
    path = tmp_path / "t.csv"
    frame.write_csv(path)
    return path


def test_blocks_hold_whole_accounts_and_all_rows(trades: Path, spills: Path) -> None:
    blocks = list(trade_blocks(trades, max_rows=300, size=SMALL))
    assert len(blocks) > 4
    accounts = [set(b.frame["account_id"]) for b in blocks]
    assert sum(len(a) for a in accounts) == len(set().union(*accounts)) == 40
    assert all(b.frame.height <= 300 for b in blocks)
    whole = read_trades(trades)
    order = ["account_id", "time"]
    together = pl.concat([b.frame for b in blocks])
    assert together.sort(order).equals(whole.frame.sort(order))
    assert total(b.report for b in blocks) == whole.report
    assert not list(spills.iterdir())


def test_rows_of_an_account_stay_in_order(trades: Path, spills: Path) -> None:
    for block in trade_blocks(trades, max_rows=300, size=SMALL):
        for _, rows in block.frame.group_by("account_id", maintain_order=True):
            assert rows["time"].is_sorted()


def test_an_account_of_more_than_a_block_is_not_divided(trades: Path, spills: Path) -> None:
    blocks = list(trade_blocks(trades, max_rows=10, size=SMALL))
    # 40 accounts; a few may share a hash, and then a block.
    assert 30 < len(blocks) <= 40
    assert [b.report.rows_read for b in blocks] == [2_000] + [0] * (len(blocks) - 1)


def test_all_rows_are_judged_before_the_first_block(trades: Path, spills: Path) -> None:
    with trades.open("a") as file:
        file.write("A1,COIN,1700000000,hold,1,1,\n")
    with pytest.raises(RowErrors, match="line 2002"):
        next(trade_blocks(trades, max_rows=300, size=SMALL))
    assert not list(spills.iterdir())
    skipping = trade_blocks(trades, ReadOptions(on_error="skip"), max_rows=300, size=SMALL)
    assert [b.rejects.height for b in skipping][:2] == [1, 0]


def test_a_typed_file_is_spilled_too(trades: Path, tmp_path: Path, spills: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.read_csv(trades, schema_overrides={"trade_id": pl.String}).write_parquet(path)
    blocks = list(trade_blocks(path, max_rows=300, size=SMALL))
    assert sum(b.frame.height for b in blocks) == read_trades(trades).frame.height


def test_an_interrupt_leaves_nothing_behind(trades: Path, spills: Path) -> None:
    blocks = trade_blocks(trades, max_rows=300, size=SMALL)
    next(blocks)
    assert list(spills.iterdir())
    with pytest.raises(KeyboardInterrupt):
        blocks.throw(KeyboardInterrupt())
    assert not list(spills.iterdir())


def test_a_reader_that_stops_early_leaves_nothing_behind(trades: Path, spills: Path) -> None:
    blocks = trade_blocks(trades, max_rows=300, size=SMALL)
    next(blocks)
    blocks.close()
    assert not list(spills.iterdir())


_MEASURE = """
import resource, sys
from pathlib import Path
from tradeglyph.sources.reading import BatchSize
from tradeglyph.sources.trades import trade_blocks
size = BatchSize(text_bytes=1 << 20, typed_rows=20_000)
rows = sum(b.frame.height for b in trade_blocks(Path(sys.argv[1]), max_rows=20_000, size=size))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _measure(path: Path, repeats: int) -> tuple[int, int]:
    """Rows, and the peak of resident memory in KiB, of reading a file of 10,000 x `repeats`."""
    line = "A{},COIN,2024-01-02T04:05:06Z,buy,{},1.25,some text that nobody takes, {}\n"
    part = "".join(line.format(i % 500, 1 + i, "x" * 40) for i in range(10_000))
    with path.open("w") as file:
        file.write("account_id,symbol,time,side,price,quantity,note,filler\n")
        for _ in range(repeats):
            file.write(part)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    rows, peak = done.stdout.split()
    return int(rows), int(peak)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    _, small = _measure(path, 5)
    smaller_size = path.stat().st_size
    rows, big = _measure(path, 50)
    assert rows == 500_000
    grown = (path.stat().st_size - smaller_size) / 1024
    # Held whole, the rows would take more than the text does.
    assert big - small < grown / 2

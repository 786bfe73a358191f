"""A CSV of 2 GB is scored in bounded memory: whole in a soak, 200 MB of it in a test."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.scale import scaled

BYTES = 2_000_000_000
ACCOUNTS = 40_000
PEAK_KIB = 3 << 20
"""3 GiB: blocks of five million rows and what is made of them, whatever the file's size."""

_SCORE = """
import json, resource, runpy, sys
sys.argv = ["tradeglyph", *json.loads(sys.argv[1])]
try:
    runpy.run_module("tradeglyph", run_name="__main__")
except SystemExit as end:
    status = end.code
print(json.dumps({"status": status, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""


@pytest.mark.soak
def test_a_large_csv_is_scored_in_bounded_memory(tmp_path: Path) -> None:
    rows = _write(tmp_path / "trades.csv", scaled(BYTES))
    (tmp_path / "candles.csv").write_text(_candles())
    arguments = ["score", "--trades", "trades.csv", "--candles", "candles.csv", "--out", "s.csv"]
    done = subprocess.run(
        [sys.executable, "-c", _SCORE, json.dumps(arguments)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["status"] == 0, done.stderr
    with (tmp_path / "s.csv").open() as file:
        scored = list(csv.DictReader(file))
    assert sum(int(row["trade_count"]) for row in scored) == rows
    assert len(scored) == ACCOUNTS
    assert told["peak"] < PEAK_KIB, f"{told['peak'] / (1 << 20):.2f} GiB"
    assert {p.name for p in tmp_path.iterdir()} == {"trades.csv", "candles.csv", "s.csv"}


def _write(path: Path, size: int) -> int:
    """About `size` bytes of trades of one day, accounts interleaved; returns the rows."""
    parts = []
    for i in range(ACCOUNTS):
        minute = i * 7 % 1440
        side = "buy" if i % 2 else "sell"
        parts.append(
            f"A{i:06d},COIN,2024-01-02T{minute // 60:02d}:{minute % 60:02d}:{{:02d}}Z,{side},"
            f"{{}},1.25,remark number {i} that nobody reads\n"
        )
    rows = 0
    with path.open("w") as file:
        file.write("account_id,symbol,time,side,price,quantity,note\n")
        turn = 0
        while file.tell() < size:
            price = f"{100 + turn % 9}.5"
            file.write("".join(part.format(turn % 60, price) for part in parts))
            rows += len(parts)
            turn += 1
    return rows


def _candles() -> str:
    lines = ["symbol,time,high,low"]
    for start in range(0, 1440, 5):
        lines.append(f"COIN,2024-01-02T{start // 60:02d}:{start % 60:02d}:00Z,109,100")
    return "\n".join(lines) + "\n"

"""A small market in files, known by heart."""

import csv
from pathlib import Path

HEADER = "account_id,symbol,time,side,price,quantity"
TRADES = f"""{HEADER}
A,X,2026-01-02T10:00:00Z,buy,9,3
A,X,2026-01-02T10:01:00Z,buy,10,2
A,X,2026-01-02T10:02:00Z,sell,11,4
A,X,2026-01-03T10:00:00Z,sell,11,1
A,X,2026-01-03T10:01:00Z,buy,9,1
B,X,2026-01-02T10:03:00Z,sell,12,1
B,X,2026-01-02T10:07:00Z,buy,9,1
"""
"""A: bought 5 for 47 and sold 4 for 44 in one candle, and a round trip the day after.
B: one sale and one purchase in two candles."""
CANDLES = """symbol,time,high,low,volume
X,2026-01-02T10:00:00Z,13,9,100
X,2026-01-02T10:05:00Z,13,9,100
X,2026-01-03T10:00:00Z,13,9,100
"""
LABELS = """account_id,symbol,scenario,label
A,X,hacker,fraud
B,X,day_trader,normal
"""


def market(folder: Path) -> tuple[str, ...]:
    """Write the files into `folder`; the options that name them there."""
    (folder / "t.csv").write_text(TRADES)
    (folder / "k.csv").write_text(CANDLES)
    (folder / "l.csv").write_text(LABELS)
    return ("--trades", "t.csv", "--candles", "k.csv")


def table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, as texts."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))

"""A file of candles of two lengths, and that the way out of it leads out."""

from pathlib import Path

from tests.cli.command import done, refused
from tests.cli.files import HEADER


def test_two_lengths_are_refused_and_built_into_one(tmp_path: Path, ink: Path) -> None:
    rows = ["symbol,time,high,low,volume"]
    rows += [f"X,2026-01-02T{at // 12:02}:{at % 12 * 5:02}:00Z,13,9,100" for at in range(288)]
    rows += [f"Y,2026-01-02T{hour:02}:00:00Z,13,9,100" for hour in range(24)]
    (tmp_path / "k.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "t.csv").write_text(
        f"{HEADER}\nA,Y,2026-01-02T10:20:00Z,buy,9,3\nA,Y,2026-01-02T10:40:00Z,sell,13,3\n"
    )
    score = ("score", "--trades", "t.csv", "--model", ink, "--out", "s.csv", "--candles")
    said = refused(*score, "k.csv", cwd=tmp_path)
    assert said.startswith(
        "error: k.csv: the candles of Y are 1h long and those of most symbols 5m"
    )
    _, _, told = said.partition("`tradeglyph candles build ")
    options = told.partition("`")[0].split()
    done("candles", "build", "k.csv", *options, "--out", "hours.csv", cwd=tmp_path)
    assert "left out" not in done(*score, "hours.csv", cwd=tmp_path).stderr

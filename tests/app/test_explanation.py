"""What an explanation is made of; the command and its page are tested with the command line."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.files import market
from tradeglyph.app import explanation as module
from tradeglyph.app.explanation import Explanation, explain_window, write_explanation
from tradeglyph.app.scoring import ScoreRequest
from tradeglyph.domain.errors import InputError
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import BatchSize
from tradeglyph.sources.trades import trade_blocks


def explained(
    folder: Path, ink: Path, account: str = "A", day: str | None = "2026-01-02", **more: object
) -> tuple[Explanation, list[str]]:
    said: list[str] = []
    request = ScoreRequest(
        trades=folder / "t.csv",
        candles=folder / "k.csv",
        model=str(ink),
        **more,  # type: ignore[arg-type]
    )
    return explain_window(request, account, "X", day, said.append), said


def test_trips_by_hand(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    done, said = explained(tmp_path, ink)
    (trip,) = done.trips
    # The candle from 9 to 13: purchases of 3 at 9 and 2 at 10, a sale of 4 at 11.
    assert (trip.bought_at, trip.sold_at) == (pytest.approx(0.1), 0.5)
    assert (trip.quantity, trip.gain) == (4, pytest.approx(6.4))
    assert np.datetime64(trip.time, "us") == np.datetime64("2026-01-02T10:00:00")
    assert done.window["threshold"] == 0.5
    assert sum("rows read" in line for line in said) == 2


def test_no_trip(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    done, _ = explained(tmp_path, ink, account="B")
    assert done.trips == []
    assert done.figures["trip_gain"] == 0


def test_the_answer_is_that_of_score(tmp_path: Path, ink: Path) -> None:
    from tradeglyph.app.scoring import score_files

    market(tmp_path)
    request = ScoreRequest(trades=tmp_path / "t.csv", candles=tmp_path / "k.csv", model=str(ink))
    frame = score_files(request, lambda line: None).frame
    for row in frame.iter_rows(named=True):
        day = f"{row['window_start']:%Y-%m-%d}"
        window = explained(tmp_path, ink, row["account_id"], day)[0].window
        for name in ("probability", "verdict", "role"):
            assert window[name] == row[name]


def test_every_block_is_searched(
    tmp_path: Path, ink: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    market(tmp_path)
    whole, _ = explained(tmp_path, ink)
    blocks = lambda path, options: trade_blocks(  # noqa: E731
        path, options, max_rows=1, size=BatchSize(text_bytes=64)
    )
    monkeypatch.setattr(module, "trade_blocks", blocks)
    parts, said = explained(tmp_path, ink)
    assert parts == whole
    assert any("7 rows read" in line for line in said)
    with pytest.raises(InputError, match="there are 2, such as A, B"):
        explained(tmp_path, ink, account="Z")


def test_skipped_rows_are_counted(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("A,X,2026-01-02T10:00:00Z,buy,-1,1\n")
    _, said = explained(tmp_path, ink, trade_options=ReadOptions(on_error="skip"))
    assert any("1 rows rejected" in line for line in said)


def test_written_twice(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    first, _ = explained(tmp_path, ink)
    second, _ = explained(tmp_path, ink, account="B")
    for one in (first, second):
        write_explanation(one, tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "chart.svg", "explanation.html", "picture.png",
    ]  # fmt: skip
    assert (tmp_path / "out" / "explanation.html").read_text(encoding="utf-8") == second.page
    assert (tmp_path / "out" / "picture.png").read_bytes() == second.picture
    assert (tmp_path / "out" / "chart.svg").read_text(encoding="utf-8") == second.chart

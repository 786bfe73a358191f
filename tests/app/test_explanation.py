"""What an explanation is made of; the command and its page are tested with the command line."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.files import market
from tradeglyph.app import explanation as module
from tradeglyph.app.explained import Explanation
from tradeglyph.app.explanation import explain_window, write_explanation
from tradeglyph.app.scoring import ScoreRequest
from tradeglyph.domain.errors import InputError
from tradeglyph.model.artifact import load_artifact
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import BatchSize
from tradeglyph.sources.trades import trade_blocks


def explained(
    folder: Path,
    ink: Path,
    account: str = "A",
    day: str | None = "2026-01-02",
    **more: object,
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


def test_without_a_trade_is_the_score_of_a_file_without_it(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    done, _ = explained(tmp_path, ink)
    assert (len(done.trades), done.asked) == (3, 4)
    assert [trade.fall for trade in done.trades] == sorted(
        (trade.fall for trade in done.trades), reverse=True
    )
    whole = (tmp_path / "t.csv").read_text()
    rows = {"2026-01-02T10:00:00Z,buy": 9, "2026-01-02T10:01:00Z,buy": 10,
            "2026-01-02T10:02:00Z,sell": 11}  # fmt: skip
    for start, price in rows.items():
        kept = [line for line in whole.splitlines() if not line.startswith(f"A,X,{start}")]
        (tmp_path / "t.csv").write_text("\n".join(kept) + "\n")
        less, _ = explained(tmp_path, ink)
        (trade,) = [trade for trade in done.trades if trade.price == price]
        assert trade.without == less.window["probability"]
        assert trade.fall == done.window["probability"] - less.window["probability"]
        assert (trade.fills, trade.side) == (1, start.rsplit(",", 1)[1])
    first = done.trades[0]
    assert f"{first.price:g}" in done.sentences[1]


def test_no_answer_nothing_to_leave_out(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("C,X,2026-01-02T10:00:00Z,buy,10,1\n")
    done, _ = explained(tmp_path, ink, account="C")
    assert (done.sentences, done.trades, done.benign, done.asked) == ([], [], [], 0)
    assert "<circle" not in done.chart
    assert len(done.replay["data_sha256"]) == 64


def test_equal_data_equal_explanation(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    first, _ = explained(tmp_path, ink)
    text = (tmp_path / "t.csv").read_text().splitlines()
    (tmp_path / "t.csv").write_text("\n".join([text[0], *text[:0:-1]]) + "\n")
    with (tmp_path / "k.csv").open("a") as file:
        file.write("X,2026-01-04T10:00:00Z,99,1,5\nZ,2026-01-02T10:00:00Z,13,9,5\n")
    again, _ = explained(tmp_path, ink)
    assert again == first
    candle = (tmp_path / "k.csv").read_text()
    (tmp_path / "k.csv").write_text(candle.replace("10:05:00Z,13,9,100", "10:05:00Z,13,9,101"))
    other, _ = explained(tmp_path, ink)
    changed = {key for key in first.replay if first.replay[key] != other.replay[key]}
    assert changed == {"data_sha256"}


def test_what_it_was_made_of(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    done, _ = explained(tmp_path, ink)
    card = load_artifact(ink).card
    assert done.replay["model"] == f"ink@{card.weights_sha256[:12]}"
    assert done.replay["weights_sha256"] == card.weights_sha256
    assert done.replay["picture"] == f"default {card.picture.hash}"
    for value in done.replay.values():
        assert value in done.page


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

"""Files in, one frame of scores out."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tests.cli.files import market
from tradeglyph.app import scoring
from tradeglyph.app.market import WindowRule
from tradeglyph.app.scoring import Scored, ScoreRequest, score_files
from tradeglyph.app.simulation import simulate_into
from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.domain.schema import SCORES
from tradeglyph.results.scores import write_scores
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.reading import BatchSize
from tradeglyph.sources.resample import candles_from_trades
from tradeglyph.sources.trades import TradeTable, read_trades, trade_blocks


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    simulate_into(folder, 80, seed=2)
    return folder


def scored(trades: Path, candles: Path, ink: Path, **more: object) -> tuple[Scored, list[str]]:
    said: list[str] = []
    request = ScoreRequest(trades=trades, candles=candles, model=str(ink), **more)  # type: ignore[arg-type]
    return score_files(request, said.append), said


def in_world(world: Path, ink: Path, **more: object) -> tuple[Scored, list[str]]:
    return scored(world / "trades.parquet", world / "candles.parquet", ink, **more)


def hand_made(folder: Path, ink: Path, **more: object) -> tuple[Scored, list[str]]:
    return scored(folder / "t.csv", folder / "k.csv", ink, **more)


class TestBlocks:
    @pytest.mark.parametrize("max_rows", [150, 1_000])
    def test_blocks_say_what_one_block_says(
        self, world: Path, ink: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_rows: int
    ) -> None:
        whole, said_whole = in_world(world, ink)
        sizes: list[int] = []

        def small(path: Path, options: ReadOptions) -> Iterator[TradeTable]:
            size = BatchSize(typed_rows=200)
            for block in trade_blocks(path, options, max_rows=max_rows, size=size):
                sizes.append(block.frame.height)
                yield block

        monkeypatch.setattr(scoring, "trade_blocks", small)
        parts, said_parts = in_world(world, ink)
        assert len(sizes) > 1
        assert parts.frame.equals(whole.frame)
        assert said_parts == said_whole
        for name, result in (("whole", whole), ("parts", parts)):
            write_scores(result.frame, tmp_path / f"{name}.csv")
        assert (tmp_path / "whole.csv").read_bytes() == (tmp_path / "parts.csv").read_bytes()

    def test_counts_add_up(
        self, tmp_path: Path, ink: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        market(tmp_path)
        with (tmp_path / "t.csv").open("a") as file:
            for account in "CDE":
                file.write(f"{account},X,2026-01-02T11:00:00Z,buy,10,1\n")  # no candle
                file.write(f"{account},X,2026-01-02T10:00:00Z,buy,99,1\n")  # over the high of 13
                file.write(f"{account},X,2026-01-02T10:00:30Z,buy,10,200\n")  # volume is 100
        monkeypatch.setattr(
            scoring, "trade_blocks",
            lambda path, options: trade_blocks(
                path, options, max_rows=2, size=BatchSize(text_bytes=64)
            ),
        )  # fmt: skip
        _, said = hand_made(tmp_path, ink)
        assert said[-3:] == [
            "3 fills have no candle and are left out of the pictures",
            "3 fills are priced outside their candle and are clipped to it",
            "3 fills are larger than their candle's volume",
        ]
        assert sum("rows read" in line for line in said) == 2
        assert any("16 rows read" in line for line in said)

    def test_candles_of_one_price_are_said(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        with (tmp_path / "k.csv").open("a") as file:
            file.write("X,2026-01-02T10:10:00Z,10,10,100\n")
        with (tmp_path / "t.csv").open("a") as file:
            file.write("C,X,2026-01-02T10:10:10Z,buy,10,1\n")
        _, said = hand_made(tmp_path, ink)
        assert said[-1] == "1 fills are in a candle of one price and are placed in its middle"

    def test_what_did_not_occur_is_not_said(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        _, said = hand_made(tmp_path, ink)
        assert len(said) == 2


class TestFrame:
    def test_columns_of_the_contract(self, world: Path, ink: Path) -> None:
        frame = in_world(world, ink)[0].frame
        assert frame.columns == list(SCORES)
        assert frame.schema["probability"] == pl.Float64
        assert (frame["transferred"] >= 0).all()
        keys = ["account_id", "symbol", "window_start"]
        assert frame.select(keys).rows() == sorted(frame.select(keys).rows())
        assert not frame.select(keys).is_duplicated().any()

    def test_probabilities_are_not_rounded(self, world: Path, ink: Path) -> None:
        frame = in_world(world, ink)[0].frame
        assert max(len(f"{p!r}".rstrip("0")) for p in frame["probability"].drop_nulls()) > 11

    def test_a_threshold(self, world: Path, ink: Path) -> None:
        card, _ = in_world(world, ink)
        assert card.threshold == 0.5
        probability = card.frame["probability"].drop_nulls()
        middle = float(sorted(probability)[len(probability) // 2])
        mine, _ = in_world(world, ink, threshold=middle)
        assert mine.threshold == middle
        assert mine.frame["probability"].equals(card.frame["probability"])
        wanted = mine.frame["probability"].fill_null(-1.0) > middle
        assert mine.frame["flagged"].equals(wanted, check_names=False)

    def test_nobody_in_the_window(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        rule = WindowRule(span_us=3_600_000_000, as_of=datetime(2030, 1, 1, tzinfo=UTC))
        frame = hand_made(tmp_path, ink, rule=rule)[0].frame
        assert (len(frame), frame.columns) == (0, list(SCORES))
        for ending in (".csv", ".jsonl", ".parquet"):
            write_scores(frame, tmp_path / f"s{ending}")
        assert pl.read_parquet(tmp_path / "s.parquet").schema == frame.schema


class TestWindows:
    def test_days_of_another_zone(self, tmp_path: Path, ink: Path) -> None:
        """10:00 UTC is midnight of the next day in Kiritimati, 14 hours ahead."""
        market(tmp_path)
        with (tmp_path / "t.csv").open("a") as file:
            file.write("B,X,2026-01-02T09:59:59Z,buy,10,1\n")
        rule = WindowRule(zone=ZoneInfo("Pacific/Kiritimati"))
        frame = hand_made(tmp_path, ink, rule=rule)[0].frame
        rows = frame.select("account_id", "window_start", "window_end", "trade_count").rows()
        day = [datetime(2026, 1, d, 10, tzinfo=UTC) for d in (1, 2, 3, 4)]
        assert rows == [
            ("A", day[1], day[2], 3),
            ("A", day[2], day[3], 2),
            ("B", day[0], day[1], 1),
            ("B", day[1], day[2], 2),
        ]

    def test_a_day_of_23_hours(self, tmp_path: Path, ink: Path) -> None:
        """New York, 8 March 2026."""
        market(tmp_path)
        rows = [f"A,X,2026-03-0{d}T{h}:30:00Z,buy,10,1\n" for d, h in ((8, "05"), (9, "03"))]
        (tmp_path / "t.csv").write_text(
            "account_id,symbol,time,side,price,quantity\n" + "".join(rows)
        )
        rule = WindowRule(zone=ZoneInfo("America/New_York"))
        (row,) = hand_made(tmp_path, ink, rule=rule)[0].frame.rows(named=True)
        assert row["window_end"] - row["window_start"] == timedelta(hours=23)
        assert row["trade_count"] == 2


class TestRejects:
    def test_bad_rows_stop_it(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        with (tmp_path / "k.csv").open("a") as file:
            file.write("X,2026-01-02T12:00:00Z,8,9,1\n")
        with pytest.raises(RowErrors, match="line 5"):
            hand_made(tmp_path, ink)

    def test_skipped_rows_of_both_files_are_kept(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        with (tmp_path / "t.csv").open("a") as file:
            file.write("A,X,2026-01-02T10:00:00Z,buy,-1,1\n")
        with (tmp_path / "k.csv").open("a") as file:
            file.write("X,2026-01-02T12:00:00Z,8,9,1\n")
        options = ReadOptions(on_error="skip")
        done, said = hand_made(tmp_path, ink, trade_options=options, candle_options=options)
        rows = done.rejects.select("file", "line", "column").rows()
        assert [(Path(f).name, line, column) for f, line, column in rows] == [
            ("k.csv", 5, "high"),
            ("t.csv", 9, "price"),
        ]
        assert done.frame["trade_count"].sum() == 7
        assert sum("1 rows rejected" in line for line in said) == 2

    def test_none(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        assert hand_made(tmp_path, ink)[0].rejects.is_empty()


class TestRemarks:
    def test_fills_that_name_nobody(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        text = (tmp_path / "t.csv").read_text()
        (tmp_path / "t.csv").write_text(text.replace("B,X", ",X"))
        for lang, wanted in (("en", "name no account"), ("zh", "没有账户号")):
            done, said = hand_made(tmp_path, ink, lang=lang, threshold=0.999)
            reasons = dict(done.frame.group_by("account_id").agg(pl.col("reason")).rows())
            assert all(wanted in reason for reason in reasons[""])
            assert set(reasons["A"]) == {""}  # quiet, and of somebody
            assert any("2 rows without account_id" in line for line in said)

    def test_an_account_alone_in_candles_built_of_its_trades(
        self, tmp_path: Path, ink: Path
    ) -> None:
        """Weak evidence, and said: its own fills made the highs and lows."""
        header = "account_id,symbol,time,side,price,quantity\n"
        rows = ""
        for minute, side, price in ((0, "buy", 9), (1, "sell", 11), (2, "buy", 9), (3, "sell", 12)):
            rows += f"A,X,2026-01-02T10:0{minute}:00Z,{side},{price},1\n"
            rows += f"B,Y,2026-01-02T10:0{minute}:00Z,{side},{price},1\n"
        rows += "C,Y,2026-01-02T10:04:00Z,buy,10,1\n"
        (tmp_path / "t.csv").write_text(header + rows)
        built = candles_from_trades(read_trades(tmp_path / "t.csv").frame, interval=300_000_000)
        built.write_csv(tmp_path / "k.csv")
        for lang, wanted in (("en", "weak evidence"), ("zh", "证据较弱")):
            frame = hand_made(tmp_path, ink, lang=lang, threshold=0.0)[0].frame
            said = {a: wanted in r for a, r in frame.select("account_id", "reason").rows()}
            assert said == {"A": True, "B": False, "C": False}
            assert set(frame["verdict"]) == {"review", ""}

    def test_candles_of_a_market_count_nobody(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        frame = hand_made(tmp_path, ink, threshold=0.0)[0].frame
        assert not frame["reason"].str.contains("weak evidence").any()


class TestSeedsFolders:
    """`buy/buy_SYMBOL[_hacker]_N.csv`, `sell/...` and `kline/SYMBOL.csv`, newest first."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        files = {
            "buy/buy_BTC_hacker_1.csv": [("2024-06-19 09:31:00", 9), ("2024-06-19 09:36:10", 9.2)],
            "sell/sell_BTC_hacker_1.csv": [
                ("2024-06-19 09:32:00", 11), ("2024-06-19 09:37:00", 11.2)],
            "buy/buy_BTC_2.csv": [("2024-06-19 09:33:00", 10)],
            "sell/sell_BTC_2.csv": [("2024-06-20 09:33:00", 10)],
        }  # fmt: skip
        for name, rows in files.items():
            file = tmp_path / "seeds" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("time,price\n" + "".join(f"{t},{p}\n" for t, p in rows))
        kline = tmp_path / "kline"
        kline.mkdir()
        kline.joinpath("BTC.csv").write_text(
            "time,high,low\n2024-06-20 09:30:00,12,9\n"
            "2024-06-19 09:35:00,12,9\n2024-06-19 09:30:00,12,9\n"
        )
        return tmp_path

    def test_scored_as_they_are(self, folder: Path, ink: Path) -> None:
        options = ReadOptions(timezone="Asia/Shanghai")
        done, said = scored(
            folder / "seeds", folder / "kline", ink, trade_options=options, candle_options=options
        )
        rows = done.frame.select("account_id", "symbol", "window_start", "trade_count").rows()
        day = [datetime(2024, 6, d, tzinfo=UTC) for d in (19, 20)]
        assert rows == [
            ("BTC_2", "BTC", day[0], 1),
            ("BTC_2", "BTC", day[1], 1),
            ("BTC_hacker_1", "BTC", day[0], 4),
        ]
        probability = done.frame["probability"].to_list()
        assert probability[:2] == [None, None]
        assert 0 < probability[2] < 1
        assert not any("no candle" in line for line in said)

    def test_without_a_zone(self, folder: Path, ink: Path) -> None:
        with pytest.raises(InputError, match="--timezone"):
            scored(folder / "seeds", folder / "kline", ink)


def test_the_model_is_looked_at_before_the_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nope"):
        scored(tmp_path / "t.csv", tmp_path / "k.csv", tmp_path / "nope")


def test_a_file_that_vanishes_leaves_no_temporary_folder(
    world: Path, ink: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks are spilled to TMPDIR; a fault in the middle removes them."""
    import tempfile

    spill = tmp_path / "spill"
    spill.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spill))
    shutil.copy(world / "trades.parquet", tmp_path / "t.parquet")
    monkeypatch.setattr(
        scoring, "trade_blocks",
        lambda path, options: trade_blocks(
            path, options, max_rows=100, size=BatchSize(typed_rows=100)
        ),
    )  # fmt: skip
    seen: list[int] = []

    def fail(*_: object) -> None:
        seen.append(len(list(spill.iterdir())))
        raise RuntimeError("in the middle")

    monkeypatch.setattr(scoring, "score_windows", fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        scored(tmp_path / "t.parquet", world / "candles.parquet", ink)
    assert seen == [1]
    assert list(spill.iterdir()) == []

"""`tradeglyph candles` from the outside, on real feeds and on input that is wrong."""

import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from tests.shared import shared
from tests.sources.replies import Reply, ScriptedServer, serving
from tests.sources.secrecy import SECRET, shown_by
from tests.sources.us_equity import minute_candles
from tradeglyph.cli.candles import app
from tradeglyph.domain.errors import InputError

ASHARE = "data/klines_ashare_5m/XSHG_5min_600977.csv"
TRADES = """account_id,symbol,time,side,price,quantity,trade_id
a,X,2024-06-19T01:31:00Z,buy,10,5,t1
b,X,2024-06-19T01:31:00Z,sell,10,5,t1
a,X,2024-06-19T01:33:00Z,sell,11,2,t2
c,X,2024-06-19T03:45:00Z,buy,12,1,t3
"""


@pytest.fixture(autouse=True)
def _no_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TRADEGLYPH_CONFIG", "TRADEGLYPH_TIMEZONE", "ALPHAVANTAGE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def built(tmp_path: Path, *arguments: object) -> tuple[pl.DataFrame, Any, str]:
    """The candles, the JSON summary and stderr of a build that goes well."""
    out = tmp_path / "k.parquet"
    result = run("build", *arguments, "--out", out, "--json")
    assert result.exception is None, result.exception
    return pl.read_parquet(out), json.loads(result.stdout), result.stderr


def fault(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, InputError), result.output
    assert result.stdout == ""
    return str(result.exception)


class TestBuild:
    def test_minutes_of_new_york_become_78_candles_a_day(self, tmp_path: Path) -> None:
        source = tmp_path / "minutes.parquet"
        days = ("20131004", "20131007", "20131008", "20131009", "20131010", "20131011")
        minute = minute_candles("spy", *days)
        minute.write_parquet(source)
        options = (source, "--from", "candles", "--interval", "5m", "--market", "us-equity")
        frame, summary, said = built(tmp_path, *options, "--session", "regular")
        assert len(frame) == 6 * 78
        assert summary["session_candles"] == {"78": 6}
        assert summary["outside_session"] == len(minute) - 6 * 390
        assert "candles in session per symbol and day: 78 on 6" in said
        everything, summary, _ = built(tmp_path, *options)
        assert summary["outside_session"] is None
        assert everything["volume"].sum() == minute["volume"].sum()
        assert len(everything) > len(frame)

    def test_end_stamped_a_shares_have_48_candles_a_day(self, tmp_path: Path) -> None:
        frame, summary, _ = built(
            tmp_path, shared(ASHARE), "--from", "candles", "--interval", "5m",
            "--candle-label", "end", "--timezone", "Asia/Shanghai", "--symbol", "600977",
            "--market", "cn-ashare", "--session", "regular",
        )  # fmt: skip
        assert len(frame) == 2_500
        assert summary["session_candles"]["48"] == 51
        assert sum(summary["session_candles"].values()) == 53
        # The first line of the file is stamped 11:15 in Shanghai, and starts five minutes before.
        assert frame["time"][0] == datetime(2024, 6, 18, 3, 10, tzinfo=UTC)
        clocks = frame["time"].dt.convert_time_zone("Asia/Shanghai").dt.strftime("%H:%M")
        assert "11:25" in clocks
        assert "13:00" in clocks
        assert not set(clocks) & {"11:30", "12:55", "15:00"}

    def test_columns_in_the_order_open_close_high_low(self, tmp_path: Path) -> None:
        file = shared("data/klines_sp500_1m/SP500_NOV2019_IDayRVol.csv")
        frame, summary, _ = built(
            tmp_path, file, "--from", "candles", "--interval", "5m",
            "--timezone", "America/New_York", "--market", "us-equity", "--session", "regular",
        )  # fmt: skip
        lines = [line.split(",") for line in file.read_text().splitlines()[1:6]]
        assert [line[0][11:] for line in lines] == [f"09:3{m}:00" for m in range(5)]
        first = frame.row(0, named=True)
        assert first["open"] == float(lines[0][1])
        assert first["close"] == float(lines[4][2])
        assert first["high"] == max(float(line[3]) for line in lines)
        assert first["low"] == min(float(line[4]) for line in lines)
        assert first["volume"] == sum(float(line[5]) for line in lines)
        minutes = Counter(line[:10] for line in file.read_text().splitlines()[1:])
        assert sum(summary["session_candles"].values()) == len(minutes) == 4

    def test_candles_from_trades(self, tmp_path: Path) -> None:
        source = tmp_path / "t.csv"
        source.write_text(TRADES)
        out = tmp_path / "k.csv"
        options = ("--interval", "5m", "--market", "cn-ashare", "--session", "regular")
        result = run("build", source, "--from", "trades", *options, "--out", out)
        assert result.exception is None
        assert result.stdout == ""
        assert "1 rows outside the regular session left out" in result.stderr
        # 01:30 UTC is the opening in Shanghai; 03:45 is 11:45, in the lunch break.
        assert out.read_text() == (
            "symbol,time,open,high,low,close,volume,accounts\n"
            "X,2024-06-19T01:30:00Z,10.0,11.0,10.0,11.0,7.0,2\n"
        )

    @pytest.mark.parametrize(
        ("zone", "said", "left_out"),
        [
            (["--timezone", "Asia/Shanghai"],
             "cn-ashare is taken for the market, from the time zone (Asia/Shanghai): "
             "open 09:30-11:30, 13:00-15:00 Asia/Shanghai; --market names another", 1),
            (["--timezone", "PRC"], "cn-ashare is taken for the market", 1),
            (["--timezone", "Asia/Tokyo"], "crypto is taken for the market", 0),
            ([], "crypto is taken for the market, from the time zone (none given): "
             "open 00:00-24:00 UTC;", 0),
        ],
    )  # fmt: skip
    def test_the_time_zone_names_the_market(
        self, tmp_path: Path, zone: list[str], said: str, left_out: int
    ) -> None:
        source = tmp_path / "t.csv"
        source.write_text(TRADES)
        options = ("--from", "trades", "--session", "regular", *zone)
        _, summary, stderr = built(tmp_path, source, *options)
        assert said in stderr
        assert summary["outside_session"] == left_out

    def test_the_configured_time_zone_names_the_market_too(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TRADEGLYPH_TIMEZONE", "Asia/Shanghai")
        source = tmp_path / "t.csv"
        source.write_text(TRADES)
        _, summary, stderr = built(tmp_path, source, "--from", "trades", "--session", "regular")
        assert "cn-ashare is taken for the market" in stderr
        assert summary["outside_session"] == 1
        _, _, stderr = built(tmp_path, source, "--from", "trades")
        assert "taken for the market" not in stderr

    def test_a_half_day_is_said_on_the_command_line(self, tmp_path: Path) -> None:
        source = tmp_path / "minutes.parquet"
        minute_candles("goog", "20151223").write_parquet(source)
        _, summary, _ = built(
            tmp_path, source, "--from", "candles", "--interval", "5m", "--market", "us-equity",
            "--session", "regular", "--half-day", "2015-12-23=13:00",
        )  # fmt: skip
        # 09:30 to 13:00 are 3.5 hours.
        assert summary["session_candles"] == {"42": 1}

    def test_holes_stay_holes(self, tmp_path: Path) -> None:
        source = shared("data/klines_crypto_5m/XMR_BTC-5m.feather")
        frame, _, _ = built(tmp_path, source, "--from", "candles", "--interval", "15m")
        raw = pl.read_ipc(source)["date"].dt.truncate("15m").dt.cast_time_unit("us")
        assert set(frame["time"]) == set(raw)

    def test_the_configuration_names_columns_and_the_time_zone(self, tmp_path: Path) -> None:
        source = tmp_path / "t.csv"
        source.write_text("who,what,when,side,price,quantity\na,X,2024-06-19 09:31:00,buy,10,5\n")
        (tmp_path / "tradeglyph.toml").write_text(
            'timezone = "Asia/Shanghai"\n[columns.trades]\n'
            'account_id = "who"\nsymbol = "what"\ntime = "when"\n'
        )
        frame, _, _ = built(tmp_path, source, "--from", "trades", "--interval", "5m")
        assert frame["time"].to_list() == [datetime(2024, 6, 19, 1, 30, tzinfo=UTC)]

    def test_rejected_rows_are_kept_beside_the_output(self, tmp_path: Path) -> None:
        source = tmp_path / "t.csv"
        source.write_text(TRADES + "d,X,2024-06-19T03:46:00Z,buy,-1,1,t4\n")
        options = (source, "--from", "trades", "--interval", "5m")
        assert "line 6" in fault("build", *options, "--out", tmp_path / "k.csv")
        assert not (tmp_path / "k.csv").exists()
        frame, summary, _ = built(tmp_path, *options, "--on-error", "skip")
        assert len(frame) == 2
        rejects = Path(summary["rejects"])
        assert rejects == tmp_path / "k.parquet.rejects.csv"
        assert pl.read_csv(rejects)["line"].to_list() == [6]

    def test_a_sparse_file_can_be_told_its_interval(self, tmp_path: Path) -> None:
        source = tmp_path / "c.csv"
        source.write_text(
            "symbol,time,high,low\nX,2024-06-19T00:00:00Z,2,1\nX,2024-06-19T00:03:00Z,2,1\n"
        )
        options = (source, "--from", "candles", "--interval", "5m")
        assert "3m apart" in fault("build", *options, "--out", tmp_path / "k.csv")
        frame, _, _ = built(tmp_path, *options, "--source-interval", "1m")
        assert len(frame) == 1

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (["--session", "regular", "--timezone", "America/New_York"], "none of its 4 rows"),
            (["--session", "regular", "--timezone", "Mars"], "Mars"),
            (["--half-day", "2024-06-19=13:00"], "--market us-equity"),
            (["--market", "mars"], "'mars' is not known"),
            (["--market", "us-equity", "--session", "regular"], "none of its 4 rows"),
            (["--market", "us-equity", "--half-day", "soon"], "half day 'soon'"),
            (["--interval", "soon"], "interval 'soon'"),
            (["--timezone", "Mars"], "Mars"),
            (["--out", "k.xlsx"], "ends in .csv"),
        ],
    )
    def test_wrong_arguments(self, tmp_path: Path, options: list[str], words: str) -> None:
        source = tmp_path / "t.csv"
        source.write_text(TRADES)
        plain = ["--from", "trades", "--interval", "5m", "--out", "k.csv"]
        assert words in fault("build", source, *plain, *options)
        assert [entry.name for entry in tmp_path.iterdir()] == ["t.csv"]


def reply_of(*starts: datetime) -> bytes:
    """A reply in CSV; its stamps are New York's summer time."""
    body = io.StringIO("time,open,high,low,close,volume\n")
    body.seek(0, io.SEEK_END)
    for start in starts:
        body.write(f"{start - timedelta(hours=4):%Y-%m-%d %H:%M:%S},2,3,1,2.5,10\n")
    return body.getvalue().encode()


START = datetime(2024, 6, 19, 13, 30, tzinfo=UTC)


class TestFetch:
    def fetch(self, server: ScriptedServer, out: Path, *options: str) -> Result:
        return run("fetch", "COIN", "--out", out, "--base-url", server.url, *options)

    def test_candles_are_written_and_summed_up(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ALPHAVANTAGE_API_KEY", SECRET)
        out = tmp_path / "k.csv"
        body = reply_of(START + timedelta(minutes=5), START)
        with serving(Reply(body=body)) as server:
            result = self.fetch(server, out, "--full", "--month", "2024-06", "--json")
        assert result.exception is None
        assert out.read_text() == (
            "symbol,time,open,high,low,close,volume\n"
            "COIN,2024-06-19T13:30:00Z,2.0,3.0,1.0,2.5,10.0\n"
            "COIN,2024-06-19T13:35:00Z,2.0,3.0,1.0,2.5,10.0\n"
        )
        summary = json.loads(result.stdout)
        assert summary["candles"] == 2
        assert (summary["first"], summary["last"]) == (
            "2024-06-19T13:30:00Z",
            "2024-06-19T13:35:00Z",
        )
        assert server.queries[0]["outputsize"] == "full"
        assert server.queries[0]["month"] == "2024-06"
        assert server.queries[0]["apikey"] == SECRET
        assert SECRET not in result.output

    def test_stamps_of_the_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ALPHAVANTAGE_API_KEY", SECRET)
        out = tmp_path / "k.parquet"
        with serving(Reply(body=reply_of(START))) as server:
            assert self.fetch(server, out, "--candle-label", "end").exception is None
        assert pl.read_parquet(out)["time"].to_list() == [START - timedelta(minutes=5)]

    def test_a_refusal_writes_nothing_and_shows_no_key(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ALPHAVANTAGE_API_KEY", SECRET)
        said = {"Information": f"Your API key as {SECRET} has a rate limit of 25 requests per day."}
        with serving(Reply(body=json.dumps(said).encode())) as server:
            result = self.fetch(server, tmp_path / "k.csv")
        assert isinstance(result.exception, InputError)
        assert "rate limit is reached" in str(result.exception)
        assert SECRET not in shown_by(result.exception)
        assert SECRET not in result.output
        assert list(tmp_path.iterdir()) == []

    def test_no_key(self, tmp_path: Path) -> None:
        assert "ALPHAVANTAGE_API_KEY" in fault("fetch", "COIN", "--out", tmp_path / "k.csv")

    def test_the_key_is_sent_nowhere_else_without_encryption(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ALPHAVANTAGE_API_KEY", SECRET)
        elsewhere = ("--base-url", "http://192.0.2.1/query")
        assert "https" in fault("fetch", "COIN", "--out", tmp_path / "k.csv", *elsewhere)

    def test_an_ending_nobody_can_write_is_refused_before_anybody_is_asked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ALPHAVANTAGE_API_KEY", SECRET)
        with serving(Reply()) as server:
            result = self.fetch(server, tmp_path / "k.xlsx")
        assert isinstance(result.exception, InputError)
        assert server.queries == []

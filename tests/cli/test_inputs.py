"""The options that commands over trades and candles share, and where each ends up."""

import inspect
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tests.cli.command import refused
from tests.cli.files import market
from tradeglyph.app.market_inputs import checked_threshold
from tradeglyph.cli.inputs import Inputs, leave_rejects, over_market
from tradeglyph.domain.errors import InputError

HERE = Path()


def inputs(**given: object) -> Inputs:
    return Inputs(trades=HERE, candles=HERE, **given)  # type: ignore[arg-type]


class TestRule:
    def test_days_of_utc(self) -> None:
        rule = inputs().rule
        assert (rule.zone, rule.span_us, rule.as_of) == (ZoneInfo("UTC"), None, None)

    def test_days_of_another_zone(self) -> None:
        assert inputs(day_timezone="Asia/Shanghai").rule.zone == ZoneInfo("Asia/Shanghai")

    def test_the_zone_of_the_times_moves_no_window(self) -> None:
        assert inputs(timezone="Asia/Shanghai").rule.zone == ZoneInfo("UTC")

    def test_a_span(self) -> None:
        rule = inputs(span="24h", as_of="2026-01-02T03:00:00+08:00").rule
        assert rule.span_us == 86_400_000_000
        assert rule.as_of == datetime(2026, 1, 1, 19, tzinfo=UTC)
        assert inputs(span="90m", as_of="2026-01-02T03:00:00Z").rule.span_us == 5_400_000_000

    @pytest.mark.parametrize(
        ("given", "wanted"),
        [
            ({"span": "24h"}, "--window and --as-of go together"),
            ({"as_of": "2026-01-02T00:00:00Z"}, "--window and --as-of go together"),
            ({"span": "24h", "as_of": "2026-01-02"}, "add an offset"),
            ({"span": "24h", "as_of": "2026-01-02T00:00:00"}, "add an offset"),
            ({"span": "24h", "as_of": "yesterday"}, "--as-of 'yesterday'"),
            ({"span": "a day", "as_of": "2026-01-02T00:00:00Z"}, "'a day'"),
            ({"span": "0h", "as_of": "2026-01-02T00:00:00Z"}, "'0h'"),
            ({"span": "-1h", "as_of": "2026-01-02T00:00:00Z"}, "'-1h'"),
            (
                {"span": "1h", "as_of": "2026-01-02T00:00:00Z", "day_timezone": "UTC"},
                "--day-timezone cuts days",
            ),
            ({"day_timezone": "Mars/Olympus"}, "Mars/Olympus"),
        ],
    )
    def test_half_a_rule(self, given: dict[str, str], wanted: str) -> None:
        with pytest.raises(InputError, match=wanted.replace("+", r"\+")):
            inputs(**given).rule  # noqa: B018


class TestOptions:
    def test_candles_have_their_own_and_else_the_trades(self) -> None:
        given = inputs(
            mapping=["account_id=User"],
            candles_mapping=["time=stamp"],
            time_format="%d",
            timezone="Asia/Shanghai",
            on_error="skip",
            symbol="BTC",
            candle_label="end",
        )
        assert given.trade_options.mapping == {"account_id": ("User",)}
        assert given.candle_options.mapping == {"time": ("stamp",)}
        assert given.candle_options.time_format is None
        assert given.candle_options.symbol is None
        assert given.candle_options.timezone == "Asia/Shanghai"
        assert given.candle_options.on_error == "skip"
        assert given.candle_options.candle_label == "end"
        assert inputs(timezone="UTC", candles_timezone="Asia/Tokyo").candle_options.timezone == (
            "Asia/Tokyo"
        )

    def test_an_epoch_base_is_read_in_the_zone(self) -> None:
        base = inputs(epoch_base="2021-06-14", timezone="Asia/Shanghai").trade_options.epoch_base
        assert base == datetime(2021, 6, 14, tzinfo=timezone(timedelta(hours=8)))

    def test_the_configuration_fills_in(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "tradeglyph.toml").write_text(
            'timezone = "Asia/Tokyo"\nlang = "zh"\n'
            '[columns.trades]\naccount_id = "客户号"\nsymbol = "a+b"\n'
            '[columns.candles]\ntime = "stamp"\n'
        )
        given = inputs(mapping=["account_id=User"])
        assert given.trade_options.mapping == {"symbol": ("a", "b"), "account_id": ("User",)}
        assert given.candle_options.mapping == {"time": ("stamp",)}
        assert given.trade_options.timezone == "Asia/Tokyo"
        assert given.language(None) == "zh"
        assert given.language("en") == "en"
        assert inputs(timezone="UTC").trade_options.timezone == "UTC"

    def test_labels_are_read_in_the_zone_of_the_trades(self, tmp_path: Path) -> None:
        file = tmp_path / "l.csv"
        file.write_text("account_id,symbol,scenario,label,window_start\n"
                        "A,X,s,fraud,2026-01-02 00:00:00\n")  # fmt: skip
        with pytest.raises(InputError, match="--timezone"):
            inputs().labels(file)
        (start,) = inputs(timezone="Asia/Shanghai").labels(file)["window_start"]
        assert start == datetime(2026, 1, 1, 16, tzinfo=UTC)


class TestOverMarket:
    def test_a_command_has_the_fields_and_its_own(self) -> None:
        got: dict[str, object] = {}

        @over_market
        def command(inputs: Inputs, out: Path, model: str = "default") -> None:
            got.update(inputs=inputs, out=out, model=model)

        parameters = inspect.signature(command).parameters
        assert list(parameters) == [*(f.name for f in fields(Inputs)), "out", "model"]
        assert parameters["on_error"].default == "stop"
        given = {f.name: f.default for f in fields(Inputs)}
        command(**{**given, "trades": HERE, "candles": HERE, "symbol": "X", "out": Path("o"),
                   "model": "m"})  # fmt: skip
        assert got["out"] == Path("o")
        assert got["model"] == "m"
        assert isinstance(got["inputs"], Inputs)
        assert got["inputs"].symbol == "X"


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_threshold_is_a_probability(value: float) -> None:
    with pytest.raises(InputError, match="--threshold"):
        checked_threshold(value)


def test_the_ends_are_thresholds_too() -> None:
    assert [checked_threshold(v) for v in (None, 0.0, 0.5, 1.0)] == [None, 0.0, 0.5, 1.0]


@pytest.mark.parametrize("command", ["score", "evaluate", "explain"])
def test_every_command_checks_its_threshold(tmp_path: Path, ink: Path, command: str) -> None:
    out = ("--out", "s.csv") if command == "score" else ("--out", "o")
    more = {"score": (), "evaluate": ("--labels", "l.csv"),
            "explain": ("--account", "A", "--symbol", "X")}[command]  # fmt: skip
    arguments = (command, *market(tmp_path), *out, *more, "--model", ink)
    before = {p.name for p in tmp_path.iterdir()}
    for value in ("nan", "2", "-1"):
        assert "--threshold" in refused(*arguments, "--threshold", value, cwd=tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == before


def test_skipped_rows_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = pl.DataFrame({"file": ["t"], "line": [2], "column": ["price"], "reason": ["bad"]})
    leave_rejects(rows, tmp_path / "s.csv")
    assert "1 rejected rows are in" in capsys.readouterr().err
    leave_rejects(rows.clear(), tmp_path / "s.csv")
    assert capsys.readouterr().err == ""
    assert list(tmp_path.iterdir()) == []

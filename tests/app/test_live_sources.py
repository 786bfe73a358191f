"""Sources as the settings name them."""

from pathlib import Path

import pytest

from tests.sources.live import tables
from tests.sources.live.market import MINUTE, T0
from tradeglyph.app.live_sources import open_candles, open_trades
from tradeglyph.app.settings import Settings, load_settings
from tradeglyph.domain.errors import InputError
from tradeglyph.ports.sources import SourceGone

TRADE_HEAD = "account_id,symbol,time,side,price,quantity"
CANDLE_HEAD = "symbol,time,high,low"


def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "tradeglyph.toml"
    file.write_text(text)
    monkeypatch.setenv("TRADEGLYPH_CONFIG", str(file))


def test_the_url_may_stand_in_the_environment(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path}/market.db"
    tables.make_trades(url, "text", tables.naive(url))
    tables.make_candles(url, "text", tables.naive(url), 5 * MINUTE)
    columns = ", ".join(f'{name} = "{theirs}"' for name, theirs in tables.COLUMNS.items())
    text = f"""
        timezone = "UTC"
        [sources.trades]
        table = "fills"
        columns = {{{columns}}}
        timezone = "Asia/Shanghai"
        statement_s = 2.5
        [sources.candles]
        url = "{url}"
        query = "select * from bars where symbol <> 'Y'"
        timezone = "Asia/Shanghai"
        interval = "5m"
        label = "end"
        """  # noqa: S608
    configure(tmp_path, monkeypatch, text)
    with pytest.raises(InputError, match=r"sources\.trades: .*give one of url and path"):
        load_settings()
    monkeypatch.setenv("TRADEGLYPH_SOURCES__TRADES__URL", url)
    settings = load_settings()
    assert url not in repr(settings.sources.trades)
    trades, candles = open_trades(settings), open_candles(settings)
    assert len(trades.of_account("alice", T0, T0 + 2 * MINUTE)) == 3
    found = candles.of_symbols(["X", "Y"], T0, T0 + MINUTE)
    assert (len(found), found.interval) == (1, 5 * MINUTE)
    trades.close()
    candles.close()


def test_files_are_sources_too(tmp_path):
    trades = tmp_path / "trades.csv"
    trades.write_text("who,symbol,time,side,price,quantity\na,X,2024-10-04 17:30:00,buy,1,1\n")
    candles = tmp_path / "candles.csv"
    candles.write_text("symbol,time,high,low\nX,2024-10-04 17:35:00,1,1\n")
    settings = Settings(
        timezone="Asia/Shanghai",
        sources={
            "trades": {"path": trades, "columns": {"account_id": "who"}},
            "candles": {"path": candles, "interval": "5m", "label": "end"},
        },
    )
    assert open_trades(settings).of_account("a", T0, T0 + 1).time.tolist() == [T0]
    assert open_candles(settings).of_symbols(["X"], T0, T0 + 1).interval == 5 * MINUTE


@pytest.mark.parametrize(
    ("trades", "said"),
    [
        ('url = "sqlite:///x.db"', "one of table and query"),
        ('url = "sqlite:///x.db"\ntable = "a"\nquery = "b"', "one of table and query"),
        ('path = "x.csv"\ntable = "a"', "with path neither"),
        ('url = "mysql://u:s3cret@h/d"\ntable = "a"\nstatement_s = 0', "statement_s"),
        ('url = "mysql://u:s3cret@h/d"\ntable = "a"\ntime_unit = "min"', "time_unit"),
    ],
)
def test_settings_that_cannot_be_meant(tmp_path, monkeypatch, trades, said):
    configure(tmp_path, monkeypatch, f"[sources.trades]\n{trades}\n")
    with pytest.raises(InputError, match=said) as caught:
        load_settings()
    assert "s3cret" not in str(caught.value)


def test_without_sources_it_says_which_to_add():
    for opened, name in ((open_trades, "trades"), (open_candles, "candles")):
        with pytest.raises(InputError, match=rf"add \[sources\.{name}\]"):
            opened(Settings())


@pytest.mark.parametrize(
    ("name", "setting", "row", "said"),
    [
        ("trades", {}, "a,X,2024-10-04 17:30:00,buy,1,1", "has no time zone; set timezone of this"),
        ("candles", {}, "X,2024-10-04 17:30:00,1,1", "has no time zone; set timezone of this"),
        ("trades", {"columns": {"acount": "uid"}}, "", r"^sources\.trades\.columns acount=uid: "),
        (
            "trades",
            {"columns": {"account_id": "uid"}},
            "a,X,2024-10-04 17:30:00Z,buy,1,1",
            "columns of this source: account_id=uid: there is no column 'uid'",
        ),
        (
            "candles",
            {"label": "end"},
            "X,2024-10-04T17:30:00Z,1,1",
            "or set interval of this source",
        ),
    ],
)
def test_a_file_that_needs_another_setting(tmp_path, name, setting, row, said):
    """The settings are named: the worker and the service have no such options."""
    heads = {"trades": TRADE_HEAD, "candles": CANDLE_HEAD}
    file = tmp_path / f"{name}.csv"
    file.write_text(f"{heads[name]}\n{row}\n")
    settings = Settings(sources={name: {"path": file, **setting}})
    opened = {"trades": open_trades, "candles": open_candles}[name]
    with pytest.raises((InputError, SourceGone), match=said) as caught:
        opened(settings).watermark(T0)
    assert "--" not in str(caught.value)


def test_a_file_without_a_column_it_needs(tmp_path):
    file = tmp_path / "trades.csv"
    file.write_text("uid,symbol,time,side,price,quantity\na,X,2024-10-04T17:30:00Z,buy,1,1\n")
    with pytest.raises(SourceGone) as caught:
        open_trades(Settings(sources={"trades": {"path": file}})).watermark(T0)
    assert 'as in columns = {account_id = "COLUMN"}' in str(caught.value)
    assert "--" not in str(caught.value)

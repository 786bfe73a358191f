"""The seeds' folders of trades."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.sources.labels import read_labels
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.seed_layout import seed_name
from tradeglyph.sources.trades import read_trades

EASTERN = ReadOptions(timezone="America/New_York")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "buy/buy_COIN_hacker_3.csv": (
            "time,price\n2022-01-03 09:35:00,250.5\n2022-01-03 10:00:00,251\n"
        ),
        "sell/sell_COIN_hacker_3.csv": "time,price\n2022-01-03 09:36:00,255\n",
        "buy/buy_COIN_3.csv": "time,price\n2022-01-03 11:00:00,252\n",
        "sell/sell_COIN_3.csv": "price,time\n253,2022-01-03 11:30:00\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_side_account_symbol_and_quantity_come_from_folder_and_name(folder: Path) -> None:
    table = read_trades(folder, EASTERN)
    columns = ["account_id", "symbol", "time", "side", "price", "quantity"]
    assert sorted(table.frame.select(columns).rows()) == [
        ("COIN_3", "COIN", datetime(2022, 1, 3, 16, 0, tzinfo=UTC), 1, 252.0, 1.0),
        ("COIN_3", "COIN", datetime(2022, 1, 3, 16, 30, tzinfo=UTC), -1, 253.0, 1.0),
        ("COIN_hacker_3", "COIN", datetime(2022, 1, 3, 14, 35, tzinfo=UTC), 1, 250.5, 1.0),
        ("COIN_hacker_3", "COIN", datetime(2022, 1, 3, 14, 36, tzinfo=UTC), -1, 255.0, 1.0),
        ("COIN_hacker_3", "COIN", datetime(2022, 1, 3, 15, 0, tzinfo=UTC), 1, 251.0, 1.0),
    ]
    assert table.report.rows_read == 5


def test_labels_come_from_the_names(folder: Path) -> None:
    labels = read_labels(folder).sort("account_id")
    assert labels.select("account_id", "symbol", "scenario", "label").rows() == [
        ("COIN_3", "COIN", "normal", "normal"),
        ("COIN_hacker_3", "COIN", "hacker", "fraud"),
    ]


def test_a_time_zone_is_required(folder: Path) -> None:
    with pytest.raises(InputError, match="add --timezone"):
        read_trades(folder)


def test_a_bad_row_is_named_by_its_own_file_and_line(folder: Path) -> None:
    bad = folder / "sell" / "sell_COIN_3.csv"
    bad.write_text("time,price\n2022-01-03 11:30:00,253\n2022-01-03 11:31:00,-1\n,1,2\n")
    with pytest.raises(RowErrors) as caught:
        read_trades(folder, EASTERN)
    rows = caught.value.rows
    assert [(r.file, r.line, r.column) for r in rows] == [
        (str(bad), 3, "price"),
        (str(bad), 4, "(whole row)"),
    ]


@pytest.mark.parametrize("name", ["sell_COIN_3.csv", "buy_COIN.csv", "buy_3.csv", "buy_COIN_x.csv"])
def test_a_name_of_another_form_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="the name must be"):
        seed_name(Path("buy") / name)


def test_symbols_may_hold_underscores() -> None:
    name = seed_name(Path("buy/buy_ETH_BTC_hacker_12.csv"))
    assert (name.symbol, name.account_id, name.hacker) == ("ETH_BTC", "ETH_BTC_hacker_12", True)


def test_other_columns_are_refused(folder: Path) -> None:
    (folder / "buy" / "buy_COIN_3.csv").write_text("time,price,size\n")
    with pytest.raises(InputError, match="must be time,price"):
        read_trades(folder, EASTERN)

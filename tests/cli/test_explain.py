"""`tradeglyph explain` on a market known by heart: economics are reckoned by hand."""

import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.command import done, refused, tradeglyph
from tests.cli.files import HEADER, TRADES, market, table
from tests.drawing.html import Page
from tests.model.tiny import tiny_card, tiny_folder, tiny_onnx
from tradeglyph.model.artifact import write_artifact
from tradeglyph.model.card import PictureCard
from tradeglyph.picture.spec import SEED


def explain(*more: object, folder: Path, ink: Path, account: str = "A", symbol: str = "X"):  # type: ignore[no-untyped-def]
    return tradeglyph(
        "explain", "--trades", "t.csv", "--candles", "k.csv", "--account", account,
        "--symbol", symbol, "--model", ink, *more, cwd=folder,
    )  # fmt: skip


def explained(*more: object, folder: Path, ink: Path, **who: str) -> dict[str, object]:
    result = explain("--json", *more, folder=folder, ink=ink, **who)
    assert result.status == 0, result.stderr
    summary = json.loads(result.stdout)
    assert isinstance(summary, dict)
    return summary


def test_the_money_of_a_day(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    summary = explained("--window", "2026-01-02", folder=tmp_path, ink=ink)
    # Bought 3 at 9 and 2 at 10, sold 4 at 11: 4 went both ways at 11 - 9.4 = 1.6 each.
    assert summary["figures"] == {
        "trade_count": 3,
        "bought": 5,
        "sold": 4,
        "paid": 47,
        "received": 44,
        "left_over": 1,
        "trip_count": 1,
        "trip_gain": pytest.approx(6.4),
    }
    (trip,) = summary["trips"]  # type: ignore[misc]
    assert trip["time"] == "2026-01-02T10:00:00Z"
    assert (trip["quantity"], trip["gain"]) == (4, pytest.approx(6.4))
    assert (summary["account"], summary["symbol"]) == ("A", "X")
    assert summary["window_start"] == "2026-01-02T00:00:00Z"
    assert summary["window_end"] == "2026-01-03T00:00:00Z"


def test_files_are_what_the_summary_names(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    summary = explained("--window", "2026-01-02", folder=tmp_path, ink=ink)
    folder = tmp_path / "explained"
    names = {Path(str(summary[key])) for key in ("page", "picture", "chart")}
    assert {tmp_path / name for name in names} == set(folder.iterdir())
    with Image.open(folder / "picture.png") as picture:
        assert picture.format == "PNG"
    assert (folder / "chart.svg").read_text().startswith("<svg")
    page = (folder / "explanation.html").read_text()
    assert "6.4" in page
    assert "2026-01-02" in page
    assert "ink@" in page


def test_without_a_window_the_most_suspicious(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    done("score", "--trades", "t.csv", "--candles", "k.csv", "--model", ink, "--out", "s.jsonl",
         cwd=tmp_path)  # fmt: skip
    scores = [json.loads(line) for line in (tmp_path / "s.jsonl").read_text().splitlines()]
    mine = [s for s in scores if s["account_id"] == "A"]
    highest = max(mine, key=lambda s: s["probability"])
    assert len({s["probability"] for s in mine}) == 2
    summary = explained(folder=tmp_path, ink=ink)
    assert summary["window_start"] == highest["window_start"]
    assert summary["probability"] == highest["probability"]
    for score in mine:
        day = explained("--window", score["window_start"][:10], folder=tmp_path, ink=ink)
        assert day["probability"] == score["probability"]


def test_in_words(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    result = explain("--window", "2026-01-02", folder=tmp_path, ink=ink)
    assert result.status == 0
    first, second, *rest = result.stdout.splitlines()
    assert first == "A · X · 2026-01-02T00:00:00Z"
    assert "(> 0.5): quiet" in second
    said = "\n".join(rest)
    assert "one or two round trips of less than a fifth of their candles' volume are normal" in said
    assert "in 1 of the 1 candles" in said
    # The mean place of purchases is (3 * 0 + 2 * 0.25) / 5 = 10 %, of the sale (11 - 9) / 4 = 50 %;
    # five of the candle's volume of 100.
    assert "bought at 10% and sold at 50%" in said
    assert "5% of a candle's volume" in said
    assert "6.40" in said
    quiet = explain("--threshold", "0.9", folder=tmp_path, ink=ink).stdout.splitlines()
    assert quiet[1].endswith("(≤ 0.9): quiet")
    # Nothing is flagged, but somebody asked: the reasons are there.
    assert quiet[2].startswith("  - ")


def test_what_mattered_as_json(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    summary = explained("--window", "2026-01-02", folder=tmp_path, ink=ink)
    occlusion, benign = summary["occlusion"], summary["benign"]
    assert occlusion["asked"] == 4  # type: ignore[index, call-overload]
    trades = occlusion["trades"]  # type: ignore[index, call-overload]
    assert {trade["time"] for trade in trades} == {f"2026-01-02T10:0{i}:00Z" for i in range(3)}
    for trade in trades:
        assert trade["fall"] == pytest.approx(summary["probability"] - trade["without"])  # type: ignore[operator]
    assert [reading["reading"] for reading in benign] == [  # type: ignore[union-attr]
        "market_making", "arbitrage", "sliced_order", "own_accounts",
    ]  # fmt: skip
    states = {"ruled_out", "not_ruled_out", "cannot_tell"}
    assert {reading["state"] for reading in benign} <= states  # type: ignore[union-attr]
    # Bought 5 and sold 4: the larger side is 5 / 9 of it.
    assert benign[2]["figures"] == {"share": pytest.approx(5 / 9), "fills": 3}  # type: ignore[index]
    assert set(summary["replay"]) == {  # type: ignore[call-overload]
        "model", "weights_sha256", "picture", "data_sha256", "rules", "version",
    }  # fmt: skip
    assert str(summary["sentence"]).startswith("1 trips inside one candle")
    assert explained("--window", "2026-01-02", folder=tmp_path, ink=ink) == summary


def test_what_mattered_in_words(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    summary = explained("--window", "2026-01-02", folder=tmp_path, ink=ink)
    said = explain("--window", "2026-01-02", folder=tmp_path, ink=ink).stdout
    for words in (
        "Trades that matter:",
        "01-02 10:02:00 sell 4 @ 11: without it ",
        "One large order in parts: ruled out (the larger side is 56% of its quantity; Vaglica",
        "Linked own accounts: cannot tell",
        summary["replay"]["data_sha256"],  # type: ignore[index, call-overload]
        summary["sentence"].split(". ")[-1],  # type: ignore[attr-defined]
    ):
        assert words in said
    chinese = explain("--window", "2026-01-02", "--lang", "zh", folder=tmp_path, ink=ink).stdout
    for words in ("关键成交：", "卖出 4 @ 11：去掉后为", "大单拆分成交：可排除"):
        assert words in chinese


def robbed(folder: Path) -> None:
    """T buys 10 at 90 from V and sells them back at 110, four times, while 20 others trade at 100
    every half minute, each with all others in turn."""
    matches = [
        (30 * number, f"C{number % 20}", f"C{(number + 1 + number // 20 % 19) % 20}", 100, 1)
        for number in range(240)
    ]
    for trip in range(4):
        begin = 1_800 + 600 * trip
        matches += [(begin + 10, "T", "V", 90, 10), (begin + 70, "V", "T", 110, 10)]
    rows = ["account_id,symbol,time,side,price,quantity,trade_id,fee"]
    for number, (second, buyer, seller, price, quantity) in enumerate(matches):
        time = f"2026-01-02T1{second // 3600}:{second // 60 % 60:02}:{second % 60:02}Z"
        rows += [f"{name},X,{time},{side},{price},{quantity},m{number},0.5"
                 for name, side in ((buyer, "buy"), (seller, "sell"))]  # fmt: skip
    (folder / "t.csv").write_text("\n".join(rows) + "\n")
    candles = [f"X,2026-01-02T1{minute // 60}:{minute % 60:02}:00Z,110,90,100"
               for minute in range(0, 120, 5)]  # fmt: skip
    (folder / "k.csv").write_text("\n".join(["symbol,time,high,low,volume", *candles]) + "\n")


def test_the_money_moved(tmp_path: Path, ink: Path) -> None:
    robbed(tmp_path)
    money = explained(folder=tmp_path, ink=ink, account="T")["money"]
    # V lost 10 on each of 80 and eight fees, T gained that less its eight.
    exactly = lambda value: dict.fromkeys(("low", "middle", "high"), pytest.approx(value))  # noqa: E731
    assert money == {
        "with": "V", "gains": True, "trades": 8, "volume_share": pytest.approx(80 / 320),
        "pair": {"accounts": 2, "lost": exactly(804), "gained": exactly(796),
                 "third": exactly(0), "fees": 8},
        "cluster": None, "look_back": "7d", "currency": "quote", "reference": "others",
    }  # fmt: skip
    page = Page((tmp_path / "explained" / "explanation.html").read_text())
    said = explain(folder=tmp_path, ink=ink, account="V").stdout
    for words in ("lost", "at least 804.00", "gained", "at least 796.00", "8.00"):
        assert words in page.words
        assert words in said
    assert "至少 804.00" in explain("--lang", "zh", folder=tmp_path, ink=ink, account="T").stdout


def test_no_money_where_the_other_sides_are_unknown(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    assert explained(folder=tmp_path, ink=ink)["money"] is None
    assert "Money moved" not in (tmp_path / "explained" / "explanation.html").read_text()


def test_in_chinese(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    result = explain("--lang", "zh", "--window", "2026-01-02", folder=tmp_path, ink=ink)
    assert result.status == 0
    assert "K 线" in result.stdout
    assert "买在 K 线高度的 10%" in result.stdout
    page = (tmp_path / "explained" / "explanation.html").read_text(encoding="utf-8")
    assert 'lang="zh' in page
    assert "K 线" in page
    assert "--lang 'fr'" in explain("--lang", "fr", folder=tmp_path, ink=ink).stderr


@pytest.mark.parametrize(
    "account", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"]
)
def test_a_name_is_text_in_the_page(tmp_path: Path, ink: Path, account: str) -> None:
    market(tmp_path)
    quoted = '"' + account.replace('"', '""') + '"'
    (tmp_path / "t.csv").write_text(TRADES.replace("A,X", f"{quoted},X"))
    summary = explained(folder=tmp_path, ink=ink, account=account)
    assert summary["account"] == account
    page = Page((tmp_path / "explained" / "explanation.html").read_text())
    assert account in page.words
    assert page.named("script") == []
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))
    svg = (tmp_path / "explained" / "chart.svg").read_text()
    assert "<script" not in svg
    assert "<img" not in svg


class TestUnknown:
    def test_account(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        result = explain(folder=tmp_path, ink=ink, account="Z")
        assert (result.status, result.stdout) == (2, "")
        assert "--account Z: no such account in t.csv; there are 2, such as A, B" in result.stderr

    def test_symbol(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        result = explain(folder=tmp_path, ink=ink, symbol="Y")
        assert result.status == 2
        assert "--symbol Y: account A traded only X" in result.stderr

    def test_day(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        for day in ("2026-01-05", "2026-13-45"):
            result = explain("--window", day, folder=tmp_path, ink=ink)
            assert result.status == 2
            assert f"--window {day}" in result.stderr
            assert "there are: 2026-01-02, 2026-01-03" in result.stderr

    def test_no_symbol(self, tmp_path: Path, ink: Path) -> None:
        arguments = ("explain", *market(tmp_path), "--account", "A", "--model", ink)
        assert "explain needs --symbol" in refused(*arguments, cwd=tmp_path)

    def test_nothing_is_written(self, tmp_path: Path, ink: Path) -> None:
        market(tmp_path)
        explain(folder=tmp_path, ink=ink, account="Z")
        assert not (tmp_path / "explained").exists()


def test_days_of_another_zone(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    # 10:00 UTC is 23:00 in Auckland in January, and 10:07 too: days keep, but begin at 11:00 UTC.
    zone = ("--day-timezone", "Pacific/Auckland")
    summary = explained("--window", "2026-01-02", *zone, folder=tmp_path, ink=ink)
    assert summary["window_start"] == "2026-01-01T11:00:00Z"
    # In Samoa, 14 hours before UTC, it is 00:00 of the next day.
    zone = ("--day-timezone", "Pacific/Kiritimati")
    summary = explained("--window", "2026-01-03", *zone, folder=tmp_path, ink=ink)
    assert summary["window_start"] == "2026-01-02T10:00:00Z"
    assert summary["figures"]["trade_count"] == 3  # type: ignore[index]


def test_a_span(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    span = ("--window", "2m", "--as-of", "2026-01-02T10:02:00Z")
    figures = explained(*span, folder=tmp_path, ink=ink)["figures"]
    assert figures["trade_count"] == 2  # type: ignore[index]
    result = explain("--window", "2m", "--as-of", "2025-01-02T00:00:00Z", folder=tmp_path, ink=ink)
    assert result.status == 2
    assert "account A: 0 of 5 fills lie in the window from 2025-01-01T23:58:00Z" in result.stderr
    assert "no trade of this account and symbol" in result.stderr


def test_not_applicable(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("C,X,2026-01-02T10:00:00Z,buy,10,1\n")
    summary = explained(folder=tmp_path, ink=ink, account="C")
    assert (summary["probability"], summary["verdict"]) == (None, "")
    assert "fewer than two fills" in str(summary["reasons"])
    said = explain(folder=tmp_path, ink=ink, account="C").stdout.splitlines()[1]
    assert "0.5" not in said
    assert "≤" not in said


def test_fills_that_name_nobody(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    (tmp_path / "t.csv").write_text(TRADES.replace("A,X", ",X"))
    summary = explained(folder=tmp_path, ink=ink, account="")
    assert "name no account" in str(summary["reasons"])


class TestFolders:
    def test_each_file_of_a_folder_is_a_symbol(self, tmp_path: Path, ink: Path) -> None:
        """Without a column for it, the file's stem is the symbol: XRP has no part in BTC."""
        (tmp_path / "t").mkdir()
        for symbol, price in (("BTC", 10), ("XRP", 12)):
            rows = [f"A,2026-01-02T10:0{i}:00Z,{side},{price},1\n"
                    for i, side in enumerate(("buy", "sell"))]  # fmt: skip
            header = HEADER.replace("symbol,", "")
            (tmp_path / "t" / f"{symbol}.csv").write_text(header + "\n" + "".join(rows))
        (tmp_path / "k.csv").write_text(
            "symbol,time,high,low\nBTC,2026-01-02T10:00:00Z,13,9\nXRP,2026-01-02T10:00:00Z,13,9\n"
        )
        arguments = ("explain", "--trades", "t", "--candles", "k.csv", "--account", "A",
                     "--model", ink, "--json")  # fmt: skip
        for symbol, paid in (("BTC", 10), ("XRP", 12)):
            summary = json.loads(done(*arguments, "--symbol", symbol, cwd=tmp_path).stdout)
            assert summary["figures"]["trade_count"] == 2
            assert summary["figures"]["paid"] == paid
        said = refused(*arguments, "--symbol", "ETH", cwd=tmp_path)
        assert "traded only BTC, XRP" in said

    def test_the_files_of_several_months_are_one_symbol(self, tmp_path: Path, ink: Path) -> None:
        """As `score --symbol X` reads them."""
        market(tmp_path)
        (tmp_path / "t").mkdir()
        first, *rows = TRADES.replace(",X,", ",").replace("symbol,", "").splitlines()
        for number, row in enumerate(rows[:3]):
            (tmp_path / "t" / f"2026-{number:02}.csv").write_text(f"{first}\n{row}\n")
        arguments = ("explain", "--trades", "t", "--candles", "k.csv", "--account", "A",
                     "--model", ink, "--json", "--symbol", "X")  # fmt: skip
        summary = json.loads(done(*arguments, cwd=tmp_path).stdout)
        assert summary["figures"]["trade_count"] == 3


def test_a_model_of_the_seeds_pictures(tmp_path: Path) -> None:
    market(tmp_path)
    onnx = tiny_onnx(shape=SEED.shape)
    (tmp_path / "m").mkdir()
    write_artifact(tmp_path / "m", onnx, tiny_card(onnx, picture=PictureCard.of(SEED)))
    explained(folder=tmp_path, ink=tmp_path / "m")
    with Image.open(tmp_path / "explained" / "picture.png") as picture:
        assert picture.size == (250, 150)


def test_without_jinja2(tmp_path: Path, ink: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    market(tmp_path)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    result = explain(folder=tmp_path, ink=ink)
    assert (result.status, result.stdout) == (2, "")
    assert "pip install 'tradeglyph[plot]'" in result.stderr
    assert not (tmp_path / "explained").exists()


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    market(tmp_path)
    model = tiny_folder(tmp_path / "m")
    (model / "model.onnx").write_bytes(b"other")
    result = explain(folder=tmp_path, ink=model)
    assert result.status == 2
    assert "has changed since its card was written" in result.stderr


def test_skipped_rows_stand_beside_the_folder(tmp_path: Path, ink: Path) -> None:
    market(tmp_path)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("B,Y,2026-01-03T10:00:00Z,hold,10,1\n")
    with (tmp_path / "k.csv").open("a") as file:
        file.write("X,2026-01-03T10:05:00Z,8,9,1\n")
    result = explain("--on-error", "skip", folder=tmp_path, ink=ink)
    assert result.status == 0, result.stderr
    assert "2 rejected rows are in explained.rejects.csv" in result.stderr
    rows = table(tmp_path / "explained.rejects.csv")
    assert [(row["file"], row["line"], row["column"]) for row in rows] == [
        ("k.csv", "5", "high"),
        ("t.csv", "9", "side"),
    ]
    market(tmp_path)
    assert explain("--on-error", "skip", folder=tmp_path, ink=ink).status == 0
    assert not (tmp_path / "explained.rejects.csv").exists()

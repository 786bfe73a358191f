"""`--references`: where nobody else trades, a transfer is measured against quoted prices."""

import json
from pathlib import Path

import pytest

from tests.cli.command import done, refused
from tests.cli.files import table

PRICES = {"midquote": 100, "venue": 101, "settlement": 102}
"""What T sells for 110 each, 30 of them."""


def alone(folder: Path) -> None:
    """V buys 10 at 110 from T, three times, and both sell or buy one at 100 in the same candle."""
    rows = ["account_id,symbol,time,side,price,quantity,trade_id"]
    candles = ["symbol,time,high,low,volume"]
    for trip in range(3):
        for minute, buyer, price, quantity in ((1, "V", 110, 10), (2, "T", 100, 1)):
            time = f"2026-01-02T1{trip}:0{minute}:00Z"
            sides = {"V": "sell", "T": "sell"} | {buyer: "buy"}
            rows += [f"{name},X,{time},{side},{price},{quantity},m{trip}{minute}"
                     for name, side in sides.items()]  # fmt: skip
        candles.append(f"X,2026-01-02T1{trip}:00:00Z,110,100,100")
    (folder / "t.csv").write_text("\n".join(rows) + "\n")
    (folder / "k.csv").write_text("\n".join(candles) + "\n")


def prices(folder: Path, *kinds: str) -> None:
    """Every minute of the day, so that all are near."""
    rows = [f"X,2026-01-02T{hour:02}:{minute:02}:00Z,{PRICES[kind]},{kind}"
            for kind in kinds for hour in range(24) for minute in range(60)]  # fmt: skip
    (folder / "r.csv").write_text("\n".join(["symbol,time,price,kind", *rows]) + "\n")


FILES = ("--trades", "t.csv", "--candles", "k.csv")


def money(folder: Path, ink: Path, *more: object) -> dict[str, object]:
    result = done("explain", *FILES, "--account", "T", "--symbol", "X", "--model", ink, "--json",
                  *more, cwd=folder)  # fmt: skip
    found = json.loads(result.stdout)["money"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("kinds", [("midquote",), ("venue",), ("settlement",), tuple(PRICES)])
def test_the_best_kind_there_is_is_named_and_measured_by(
    tmp_path: Path, ink: Path, kinds: tuple[str, ...]
) -> None:
    alone(tmp_path)
    prices(tmp_path, *kinds)
    found = money(tmp_path, ink, "--references", "r.csv")
    assert found["reference"] == kinds[0]
    # Ten at 110 and one back at 100, three times.
    moved = 3 * (10 * (110 - PRICES[kinds[0]]) + (PRICES[kinds[0]] - 100))
    assert found["pair"]["gained"]["middle"] == moved  # type: ignore[index]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "measured against the midquote"), ("zh", "以买卖中间价为参考")]
)
def test_page_and_terminal_name_it(tmp_path: Path, ink: Path, lang: str, words: str) -> None:
    alone(tmp_path)
    prices(tmp_path, "midquote")
    said = done("explain", *FILES, "--account", "V", "--symbol", "X", "--model", ink,
                "--references", "r.csv", "--lang", lang, cwd=tmp_path)  # fmt: skip
    assert words in said.stdout
    assert words in (tmp_path / "explained" / "explanation.html").read_text(encoding="utf-8")


def test_score_says_what_was_transferred(tmp_path: Path, ink: Path) -> None:
    alone(tmp_path)
    prices(tmp_path, "midquote")
    sums = []
    for more in ((), ("--references", "r.csv")):
        done("score", *FILES, "--model", ink, "--out", "s.csv", *more, cwd=tmp_path)
        sums.append({row["account_id"]: row["transferred"] for row in table(tmp_path / "s.csv")})
    assert {name: float(value or 0) for name, value in sums[0].items()} == {"T": 0, "V": 0}
    assert {name: float(value) for name, value in sums[1].items()} == {"T": 300, "V": 300}


def test_prices_of_symbols_without_a_trade_are_counted(tmp_path: Path, ink: Path) -> None:
    alone(tmp_path)
    prices(tmp_path, "midquote")
    file = tmp_path / "r.csv"
    file.write_text(file.read_text() + "Z,2026-01-02T10:00:00Z,1,venue\n" * 3)
    said = done("score", *FILES, "--model", ink, "--out", "s.csv", "--references", "r.csv",
                cwd=tmp_path).stderr  # fmt: skip
    assert "r.csv: 1,443 rows read" in said
    assert "3 reference prices are of symbols without a trade" in said


COMMANDS = {
    "score": ("--out", "o.csv"),
    "explain": ("--account", "T", "--symbol", "X", "--out", "o"),
    "evaluate": ("--labels", "l.csv", "--out", "o"),
}


def labels(folder: Path) -> None:
    rows = "account_id,symbol,scenario,label\nT,X,hacker,fraud\nV,X,victim,fraud\n"
    (folder / "l.csv").write_text(rows)


@pytest.mark.parametrize("command", COMMANDS)
def test_prices_in_another_unit_end_it_before_anything_is_written(
    tmp_path: Path, ink: Path, command: str
) -> None:
    """Cents beside trades at 100 and 110, of which there are as many of the one as of the other."""
    alone(tmp_path)
    labels(tmp_path)
    prices(tmp_path, "settlement")
    file = tmp_path / "r.csv"
    cents = (f"X,2026-01-02T10:{minute:02}:00Z,10000,midquote\n" for minute in range(60))
    file.write_text(file.read_text() + "".join(cents))
    said = refused(command, *FILES, *COMMANDS[command], "--model", ink, "--references", "r.csv",
                   cwd=tmp_path)  # fmt: skip
    assert "r.csv, column price: the median midquote of X is 10,000, that of its trades 105" in said
    assert "give reference prices in the unit of the trades' prices" in said
    assert not list(tmp_path.glob("o*"))


@pytest.mark.parametrize(
    ("price", "fits"), [(315, True), (316, False), (35, True), (34.9, False), (0.01, False)]
)
def test_a_unit_is_another_one_from_a_factor_of_three_on(
    tmp_path: Path, ink: Path, price: float, fits: bool
) -> None:
    """The median of the trades is 105."""
    alone(tmp_path)
    (tmp_path / "r.csv").write_text(
        f"symbol,time,price,kind\nX,2026-01-02T10:00:00Z,{price},venue\n"
    )
    run = done if fits else refused
    run("score", *FILES, "--model", ink, "--out", "s.csv", "--references", "r.csv", cwd=tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_single_slips_are_left_out_and_counted(tmp_path: Path, ink: Path, command: str) -> None:
    """1,051 and 10 are further than a factor of ten from 105; 1,050 and 11 are not."""
    alone(tmp_path)
    labels(tmp_path)
    prices(tmp_path, "midquote")
    file = tmp_path / "r.csv"
    for slips, words in (([1050, 11], ""), ([1051], "1 reference price is"),
                         ([1051, 10, 1], "3 reference prices are")):  # fmt: skip
        rows = "".join(f"X,2026-01-02T22:00:00Z,{price},midquote\n" for price in slips)
        (tmp_path / "s.csv").write_text(file.read_text() + rows)
        said = done(command, *FILES, *COMMANDS[command], "--model", ink, "--references", "s.csv",
                    cwd=tmp_path).stderr  # fmt: skip
        assert ("left out: further than a factor of 10 from the median" in said) == bool(words)
        assert words in said


def test_a_slip_moves_no_money(tmp_path: Path, ink: Path) -> None:
    alone(tmp_path)
    prices(tmp_path, "midquote")
    file = tmp_path / "r.csv"
    # At the very minute of a trade, at which the price would be the mean of two.
    file.write_text(file.read_text() + "X,2026-01-02T11:01:00Z,10000,midquote\n")
    done("score", *FILES, "--model", ink, "--out", "s.csv", "--references", "r.csv", cwd=tmp_path)
    assert [float(row["transferred"]) for row in table(tmp_path / "s.csv")] == [300, 300]


def test_a_bad_row_ends_it_before_anything_is_written(tmp_path: Path, ink: Path) -> None:
    alone(tmp_path)
    (tmp_path / "r.csv").write_text("symbol,time,price,kind\nX,2026-01-02T10:00:00Z,1,close\n")
    said = refused("score", *FILES, "--model", ink, "--out", "s.csv", "--references", "r.csv",
                   cwd=tmp_path)  # fmt: skip
    assert "line 2, column kind: 'close'" in said
    assert not (tmp_path / "s.csv").exists()


def test_evaluate_reads_them_too(tmp_path: Path, ink: Path) -> None:
    alone(tmp_path)
    prices(tmp_path, "midquote")
    file = tmp_path / "r.csv"
    file.write_text(file.read_text() + "Z,2026-01-02T10:00:00Z,1,venue\n")
    labels(tmp_path)
    said = done("evaluate", *FILES, "--labels", "l.csv", "--model", ink, "--out", "e",
                "--references", "r.csv", cwd=tmp_path).stderr  # fmt: skip
    assert "r.csv: 1,441 rows read" in said
    assert "1 reference price is of a symbol without a trade" in said
    assert (tmp_path / "e" / "metrics.json").exists()

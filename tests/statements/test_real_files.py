"""Files that banks and wallets gave out, with no option given."""

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.shared import shared
from tests.statements.real_files import COUNTS
from tradeglyph.statements import read_statements

BANKS = [name for name in COUNTS if name.split("/")[0] not in ("jd", "wechat")]
WALLETS = [name for name in COUNTS if name not in BANKS]


@pytest.mark.parametrize("name", COUNTS)
def test_every_line_is_read_and_every_row_accounted_for(name: str) -> None:
    found = read_statements([shared(f"data/bank_cn_exports/{name}")])

    (summary,) = found.files
    assert found.lines.height == COUNTS[name] == summary.rows.read
    assert summary.rows.rejected == 0
    assert summary.rows.total == sum(grid.cells.height for grid in found.sheets[0])


def _posted(path: Path) -> Counter[tuple[int, str]]:
    """Signed minor units and currency of the owner's account, in each entry of a ledger."""
    entries = re.split(r"\n(?=\d{4}-\d\d-\d\d \* )", path.read_text(encoding="utf-8"))[1:]
    own = r"^\t(?:Assets:(?:ABC|DebitCard|DC|Bank:CN:ICBC)|Liabilities:(?:CreditCard|CC|Bank:CN))"
    posted: Counter[tuple[int, str]] = Counter()
    for entry in entries:
        found = re.findall(own + r"\S* (-?[\d.]+) ([A-Z]{3})$", entry, re.MULTILINE)
        # An entry between two accounts of the owner is told by neither; the first is his own here.
        for amount, code in found[:1] if len({code for _, code in found}) == 1 else found:
            posted[int(Decimal(amount) * 100), code] += 1
    return posted


@pytest.mark.parametrize("name", [name for name in BANKS if "boc/" not in name])
def test_amounts_and_signs_are_those_of_the_ledger_beside(name: str) -> None:
    path = shared(f"data/bank_cn_exports/{name}")
    (ledger,) = path.parent.glob("*.beancount")
    lines = read_statements([path]).lines
    read = Counter(zip(lines["amount"] * lines["direction"], lines["currency"], strict=True))
    posted = _posted(ledger)

    assert posted
    assert not posted - read  # the ledger leaves some lines out and adds none


@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_ledgers_between_own_accounts(kind: str) -> None:
    """Bank of China's ledgers name the card (its last four digits), which the lines name too."""
    path = shared(f"data/bank_cn_exports/boc/{kind}/example-boc-records.csv")
    (ledger,) = path.parent.glob("*.beancount")
    text = ledger.read_text(encoding="utf-8")
    cards = "3167" if kind == "debit" else "4260|2875"
    found = re.findall(rf"^\t\S+:BoC:({cards}) (-?[\d.]+) ([A-Z]+)$", text, re.MULTILINE)
    posted = Counter((card, int(Decimal(amount) * 100), code) for card, amount, code in found)
    lines = read_statements([path]).lines
    signed = lines["amount"] * lines["direction"]
    read = Counter(zip(lines["account"], signed, lines["currency"], strict=True))

    assert posted
    assert not posted - read


@pytest.mark.parametrize("name", WALLETS)
def test_wallets_amounts_are_those_of_the_ledger_beside(name: str) -> None:
    path = shared(f"data/bank_cn_exports/{name}")
    (ledger,) = path.parent.glob("*.beancount")
    entries = re.split(r"\n(?=\d{4}-\d\d-\d\d \* )", ledger.read_text(encoding="utf-8"))[1:]
    lines = read_statements([path]).lines
    ways = {"收入": 1, "支出": -1, "/": 0, "不计收支": 0}
    read = {
        (time, way, amount)
        for time, way, amount in lines.select("time", "direction", "amount").iter_rows()
    }
    for entry in entries:
        time = re.search(r'payTime: "(\S+ \S+) \+0800', entry)
        kind = re.search(r'\ttype: "(.+)"', entry)
        amounts = re.findall(r"^\t[A-Z]\S+ (\d[\d.]*) CNY", entry, re.MULTILINE)
        assert time
        assert kind
        # A withdrawal's fee is posted apart.
        whole = int(sum(map(Decimal, amounts)) * 100)
        moment = dt.datetime.fromisoformat(time[1])
        assert (moment, ways[kind[1]], whole) in read


def test_a_workbooks_copy_of_a_sheet_counts_once() -> None:
    csv = read_statements([shared("data/bank_cn_exports/wechat/example-wechat-records.csv")])
    xlsx = read_statements([shared("data/bank_cn_exports/wechat/example-wechat-records.xlsx")])
    content = pl.exclude("sheet", "line")

    assert xlsx.lines.select(content).equals(csv.lines.select(content))
    assert xlsx.files[0].rows.copies == 27


def test_masked_balances_are_missing_and_counted() -> None:
    name = "icbc/debit-v1/example-icbc-debit-v1-records.csv"
    found = read_statements([shared(f"data/bank_cn_exports/{name}")])

    assert found.lines["balance"].null_count() == 11 == found.files[0].masked_balances
    assert found.files[0].accounts == ("1234****9876",)


def test_a_credit_cards_sign_and_year() -> None:
    name = "cmb/credit/example-cmb-records.csv"
    lines = read_statements([shared(f"data/bank_cn_exports/{name}")]).lines

    days = [str(day) for day in lines["time"].dt.date()]
    assert days[:4] == ["2023-12-29", "2023-12-30", "2024-01-01", "2024-01-02"]
    assert lines["direction"].to_list() == [1, 1, 1, -1, 1, -1]


def test_the_czech_bank() -> None:
    found = read_statements([shared("data/bank_berka/trans_even_accounts.asc")])
    lines = found.lines

    assert lines.height == 23_932
    assert lines["account"].n_unique() == 591
    assert found.files[0].layout == "berka"
    assert not lines["clock"].any()
    assert lines["currency"].unique().to_list() == ["CZK"]
    assert lines["direction"].value_counts().sort("direction").rows() == [
        (-1, 9361 + 3200 + 329 + 1),
        (1, 4601 + 4534 + 1906),
    ]
    assert lines.row(0, named=True)["time"] == dt.datetime(1993, 1, 1)  # noqa: DTZ001

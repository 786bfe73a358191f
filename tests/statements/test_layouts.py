"""What stands round the lines, and layouts that headings alone don't tell."""

from datetime import date
from pathlib import Path

import pytest

from tests.statements.files import HEADINGS, LINES, codes, csv_text, money, read_text
from tradeglyph.domain.errors import InputError
from tradeglyph.statements import ReadOptions, read_statements
from tradeglyph.statements.profiles import load_profiles

TABLE = csv_text([HEADINGS, *LINES])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("共3笔记录", []),
        ("共4笔记录", ["control_count"]),
        ("收入：1笔 8000.00元", []),
        ("收入：1笔 8000.01元", ["control_sum"]),
        ("支出：2笔，1100.00元", []),
        ("支出：3笔，1100.00元", ["control_count"]),
        ("Total credits: 8,000.00", []),
        ("Total debits: 8,000.00", ["control_sum"]),
    ],
)
def test_control_totals_above(tmp_path: Path, said: str, expected: list[str]) -> None:
    assert codes(read_text(tmp_path, f'"{said}"\n{TABLE}')) == expected


@pytest.mark.parametrize(("income", "expected"), [("8,000.00", []), ("1.00", ["control_sum"])])
def test_a_row_of_totals_below(tmp_path: Path, income: str, expected: list[str]) -> None:
    found = read_text(tmp_path, TABLE + f'合计,,,"{income}","1,100.00",,,\n')

    assert codes(found) == expected
    assert (found.files[0].rows.read, found.files[0].rows.notes) == (3, 1)


def test_several_accounts_in_one_file(tmp_path: Path) -> None:
    parts = [f"账号：{name}\n{TABLE}" for name in ("62220001", "62220002")]
    found = read_text(tmp_path, "".join(parts))

    assert found.lines["account"].to_list() == ["62220001"] * 3 + ["62220002"] * 3
    assert found.files[0].rows.header == 2


def test_sub_accounts(tmp_path: Path) -> None:
    text = f"卡号: 6222****0001\n子账户序号: 00000\n{TABLE}子账户序号: 00001\n{TABLE}"
    found = read_text(tmp_path, text)

    assert found.files[0].accounts == ("6222****0001-00000", "6222****0001-00001")


def test_headings_of_two_rows(tmp_path: Path) -> None:
    head = "交易日期,摘要,交易金额,,余额\n,,收入,支出,\n"
    text = head + "2024-01-01,a,1.00,,1.00\n2024-01-02,b,,0.40,0.60\n"
    found = read_text(tmp_path, text)

    assert money(found) == [("2024-01-01", 1, 100), ("2024-01-02", -1, 40)]
    assert found.files[0].rows.header == 2


def test_red_entries_are_taken_back(tmp_path: Path) -> None:
    head = ("日期", "借方发生额", "贷方发生额", "摘要")
    rows = [head, ("2024-01-01", "5.00", "", "消费"), ("2024-01-02", "-5.00", "", "消费")]
    rows.append(("2024-01-03", "", "5.00", "冲正"))
    found = read_text(tmp_path, csv_text(rows))

    assert money(found) == [("2024-01-01", -1, 500), ("2024-01-02", 1, 500), ("2024-01-03", 1, 500)]
    assert found.lines["reversal"].to_list() == [False, True, True]


def test_outflows_that_all_bear_a_minus_are_outflows(tmp_path: Path) -> None:
    rows = [("日期", "收入", "支出"), ("2024-01-01", "", "-5.00"), ("2024-01-02", "", "-6.00")]
    assert [way for _, way, _ in money(read_text(tmp_path, csv_text(rows)))] == [-1, -1]


@pytest.mark.parametrize(("repaid", "other"), [("-5.00", "5.00"), ("5.00", "-5.00")])
def test_a_cards_sign_is_told_by_what_is_paid_back(tmp_path: Path, repaid: str, other: str) -> None:
    text = f"某行信用卡账单\n日期,摘要,金额\n2024-01-01,还款,{repaid}\n2024-01-02,消费,{other}\n"
    found = read_text(tmp_path, text)

    assert money(found) == [("2024-01-01", 1, 500), ("2024-01-02", -1, 500)]
    assert found.files[0].assumptions


def test_neutral_lines(tmp_path: Path) -> None:
    rows = [("日期", "金额", "收/支")]
    rows += [("2024-01-01", "1.00", word) for word in ("收入", "支出", "不计收支", "/", "")]
    found = read_text(tmp_path, csv_text(rows))

    assert found.lines["direction"].to_list() == [1, -1, 0, 0, 0]
    assert codes(found) == ["blank_direction"]


def test_a_layout_of_the_users_own(tmp_path: Path) -> None:
    layouts = tmp_path / "layouts"
    layouts.mkdir()
    (layouts / "mine.toml").write_text(
        'name = "mine"\n[match]\nheadings = ["Jour", "Somme"]\n[columns]\ntxDate = ["Jour"]\n'
        'txAmount = ["Somme"]\ntxDirection = ["Sens"]\n[reading]\ndecimal = ","\n'
        'date_format = "%d%m%y"\ncurrency = "EUR"\n'
        '[directions]\nin = ["Entrée"]\nout = ["Sortie"]\n',
        encoding="utf-8",
    )
    path = tmp_path / "s.csv"
    path.write_text("Jour;Sens;Somme\n040324;Sortie;1.234,50\n", encoding="utf-8")
    found = read_statements([path], options=ReadOptions(profiles=layouts))

    assert money(found) == [("2024-03-04", -1, 123_450)]
    assert found.files[0].layout == "mine"
    assert found.lines["currency"].to_list() == ["EUR"]


@pytest.mark.parametrize(
    "text", ["name = 1", 'name = "a"\n[match]\n', 'name = "a"\nfile = "x.csv"\n', "\x00"]
)
def test_a_layout_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.toml"):
        load_profiles(tmp_path)


@pytest.mark.parametrize("pair", ["txAmount", "nothing=1", "year=abc", "sign=both", "decimal=;"])
def test_answers_that_are_none(pair: str) -> None:
    with pytest.raises(InputError, match="--map"):
        ReadOptions.from_map([pair])


def test_the_summary_as_json(tmp_path: Path) -> None:
    (summary,) = read_text(tmp_path, TABLE).files
    told = summary.as_json("zh")

    assert (told["lines_read"], told["rejected"], told["encoding"]) == (3, 0, "utf-8")
    fields = {column["heading"]: column["field"] for column in told["columns"]}
    assert fields["收入"] == "txIncome"
    assert told["assumptions"] == ["币种：文件未注明，按 CNY 处理（可用 --map currency=... 指定）"]


@pytest.mark.parametrize(
    ("said", "currency"),
    [
        ("Account Currency,USD", "USD"),
        ("Currency: EUR", "EUR"),
        ("币种 港币", "HKD"),
        ("币种,人民币", "CNY"),
        ("Currency table,see below", "CNY"),
    ],
)
def test_the_currency_above_the_lines(tmp_path: Path, said: str, currency: str) -> None:
    found = read_text(tmp_path, f"{said}\n{TABLE}")

    assert found.lines["currency"].unique().to_list() == [currency]


@pytest.mark.parametrize("heading", ["对方账号与户名", "对方户名/账号", "对方账号及户名"])
@pytest.mark.parametrize(
    ("cell", "name", "account"),
    [
        ("6227000000000000001/甲公司", "甲公司", "6227000000000000001"),
        ("622700******0001 甲公司", "甲公司", "622700******0001"),
        ("甲公司/6227000000000000001", "甲公司", "6227000000000000001"),
        ("甲公司 6227000000000000001", "甲公司", "6227000000000000001"),
        ("7-11/便利店", "7-11/便利店", ""),
        ("甲公司", "甲公司", ""),
    ],
)
def test_name_and_account_of_the_other_side_in_one_column(
    tmp_path: Path, heading: str, cell: str, name: str, account: str
) -> None:
    text = f"交易日期,收入金额,余额,{heading}\n2024-01-01,1.00,1.00,{cell}\n"
    found = read_text(tmp_path, text)

    assert found.lines["counterparty"].to_list() == [name]
    assert found.lines["counterparty_account"].to_list() == [account]


@pytest.mark.parametrize("heading", ["交易地点/附言", "附言及备注", "渠道 | 用途"])
def test_a_heading_of_several_words(tmp_path: Path, heading: str) -> None:
    found = read_text(tmp_path, f"交易日期,收入金额,余额,{heading}\n2024-01-01,1.00,1.00,货款\n")

    assert found.lines["summary"].to_list() == ["货款"]


@pytest.mark.parametrize(
    ("cells", "clocks"),
    [
        (("101530", "93005", "0", "1530"), ("10:15:30", "09:30:05", "00:00:00", "00:15:30")),
        (("1015", "930", "0"), ("10:15:00", "09:30:00", "00:00:00")),
    ],
)
def test_times_whose_leading_zeros_are_lost(
    tmp_path: Path, cells: tuple[str, ...], clocks: tuple[str, ...]
) -> None:
    rows = "".join(f"2024-01-01,{cell},1.00\n" for cell in cells)
    found = read_text(tmp_path, f"交易日期,交易时间,收入金额\n{rows}")

    assert found.lines["time"].dt.strftime("%H:%M:%S").to_list() == list(clocks)


def test_a_row_that_counts_the_lines_is_none(tmp_path: Path) -> None:
    found = read_text(tmp_path, TABLE + "贷方笔数,1,借方笔数,2,,,,\n")

    assert (found.files[0].rows.read, found.files[0].rows.notes) == (3, 1)


CODED = """交易日期,借贷标志,交易金额,余额
2024-01-05,1,35.50,964.50
2024-01-06,2,100.00,1064.50
"""


def test_codes_of_direction_are_asked_about(tmp_path: Path) -> None:
    """Never guessed from the few balances that there are."""
    with pytest.raises(
        InputError, match=r"'借贷标志' says '1', '2'.* --map in=WORD --map out=WORD"
    ):
        read_text(tmp_path, CODED)


def test_codes_of_direction_that_the_user_tells(tmp_path: Path) -> None:
    found = read_text(tmp_path, CODED, "in=2,贷入", "out=1")

    assert money(found) == [("2024-01-05", -1, 3550), ("2024-01-06", 1, 10000)]


def test_codes_of_direction_beside_amounts_of_one_side(tmp_path: Path) -> None:
    found = read_text(tmp_path, CODED, "sign=out")

    assert [way for _, way, _ in money(found)] == [-1, -1]


def test_a_word_that_is_to_mean_both_ways(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--map in and --map out both name '1'"):
        read_text(tmp_path, CODED, "in=1,2", "out=1")


def test_headings_in_traditional_characters(tmp_path: Path) -> None:
    text = "日期,交易詳情,存入,提取,結餘\n26/01/2024,轉賬,,1000.00,9000.00\n"
    found = read_text(tmp_path, text)

    assert money(found) == [("2024-01-26", -1, 100000)]
    assert found.lines["summary"].to_list() == ["轉賬"]


@pytest.mark.parametrize(
    ("said", "holders"),
    [
        ("户名：张三", ("张三",)),
        ("户名,张三", ("张三",)),
        ("户名,张三,账号,6222", ("张三",)),
        ("客户姓名 李四", ("李四",)),
        ("Account Name,John Smith", ("John Smith",)),
        ("Account Name: John Smith,Currency: USD", ("John Smith",)),
        ("户名,账号,币种", ()),
        ("客户名称 开户行", ()),
        ("账户名称,,", ()),
    ],
)
def test_the_holder_above_the_lines(tmp_path: Path, said: str, holders: tuple[str, ...]) -> None:
    assert read_text(tmp_path, f"{said}\n{TABLE}").files[0].holders == holders


def test_owner_and_period_of_each_account(tmp_path: Path) -> None:
    parts = [
        f"户名：{owner} 账号：{name}\n起止日期：{since} 至 {until} 打印日期：2025-06-01\n{TABLE}"
        for owner, name, since, until in (
            ("张三", "62220001", "2024-03-01", "2024-03-31"),
            ("李四", "62220002", "20240101", "20241231"),
        )
    ]
    lines = read_text(tmp_path, "".join(parts)).lines

    assert lines["owner"].to_list() == ["张三"] * 3 + ["李四"] * 3
    assert lines["since"].to_list() == [date(2024, 3, 1)] * 3 + [date(2024, 1, 1)] * 3
    assert lines["until"].to_list() == [date(2024, 3, 31)] * 3 + [date(2024, 12, 31)] * 3


def test_owner_in_a_column(tmp_path: Path) -> None:
    text = "户名：张三\n交易日期,收入,本方户名\n2024-01-01,1.00,王五\n2024-01-02,1.00,\n"

    assert read_text(tmp_path, text).lines["owner"].to_list() == ["王五", "张三"]


@pytest.mark.parametrize(
    "said", ["2024-03-01 2024-03-31", "打印日期：2024-03-01", "2024-03-31 至 2024-03-01", "至今"]
)
def test_days_that_are_no_period(tmp_path: Path, said: str) -> None:
    lines = read_text(tmp_path, f"{said}\n{TABLE}").lines

    assert lines["since"].null_count() == lines["until"].null_count() == 3

"""Account lists."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tradeglyph.domain.errors import InputError, RowErrors
from tradeglyph.domain.lists import Mark, MarkKind
from tradeglyph.sources.lists import AccountListTable, read_account_lists
from tradeglyph.sources.options import ReadOptions

HEADER = "account_id,kind,group,reason,expires\n"


def read(folder: Path, text: str, **options: str) -> AccountListTable:
    path = folder / "accounts.csv"
    path.write_text(text, encoding="utf-8")
    return read_account_lists(path, ReadOptions(**options))  # type: ignore[arg-type]


def us(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type]


def test_every_kind_with_its_words(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        HEADER + "A,household,smith,same address,\n"
        "B,Own,smith,KYC file 7,2027-06-30\n"
        "C,market maker,,contract of 2026,2027-06-30T12:00:00+08:00\n"
        "D,EXEMPT,,treasury desk,2026-01-31\n",
    )
    assert table.report.rows_read == 4
    assert table.lists.entries == (
        Mark(account_id="A", kind=MarkKind.HOUSEHOLD, group="smith", reason="same address"),
        Mark(account_id="B", kind=MarkKind.OWN, group="smith", reason="KYC file 7",
             expires=us(2027, 7, 1)),
        Mark(account_id="C", kind=MarkKind.MARKET_MAKER, reason="contract of 2026",
             expires=us(2027, 6, 30, 4)),
        Mark(account_id="D", kind=MarkKind.EXEMPT, reason="treasury desk",
             expires=us(2026, 2, 1)),
    )  # fmt: skip


def test_a_chinese_list_without_the_optional_columns(tmp_path: Path) -> None:
    table = read(tmp_path, "资金账号,类型,理由\n001,做市商,协议\n002,Market-Maker,协议\n")
    assert [(m.account_id, m.kind, m.expires) for m in table.lists.entries] == [
        ("001", MarkKind.MARKET_MAKER, None),
        ("002", MarkKind.MARKET_MAKER, None),
    ]


def test_a_chinese_exemption(tmp_path: Path) -> None:
    table = read(tmp_path, "资金账号,类型,理由,到期日\n002,豁免,自营,2027/06/30\n")
    (mark,) = table.lists.entries
    assert (mark.kind, mark.reason, mark.expires) == (MarkKind.EXEMPT, "自营", us(2027, 7, 1))


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        (HEADER, "A,exempt,,desk,", "line 2, column expires: '': an exemption needs an end"),
        (HEADER, "A,Exempt,,desk,  ", "line 2, column expires: "),
        ("account_id,kind,reason\n", "A,exempt,desk",
         "line 2, column kind: 'exempt': needs an end in a column expires"),
        ("资金账号,类型,理由,到期日\n", "A,豁免,自营,", "line 2, column 到期日: "),
    ],
)  # fmt: skip
def test_an_exemption_without_end_is_refused(
    tmp_path: Path, header: str, row: str, said: str
) -> None:
    with pytest.raises(RowErrors, match="such as 2027-06-30") as error:
        read(tmp_path, header + row + "\n")
    assert said in str(error.value)
    assert len(error.value.rows) == 1
    # No option skips rows of a list.
    assert "--on-error" not in str(error.value)


def test_a_date_ends_at_midnight_of_the_zone(tmp_path: Path) -> None:
    text = HEADER + "A,exempt,,r,2027-06-30\n"
    ends = read(tmp_path, text, timezone="Asia/Shanghai").lists.entries[0].expires
    assert ends == us(2027, 6, 30, 16)
    # The clock of Cairo skipped the first hour of 28 April 2023.
    text = HEADER + "A,exempt,,r,2023-04-27\n"
    assert read(tmp_path, text, timezone="Africa/Cairo").lists.entries[0].expires == us(
        2023, 4, 27, 22
    )


def test_expired_marks_do_not_hold(tmp_path: Path) -> None:
    lists = read(tmp_path, HEADER + "A,exempt,,r,2027-06-30\n").lists
    names = np.array(["A"], dtype=object)
    assert lists.marks(names, us(2027, 6, 30, 23)) == (lists.entries,)
    assert lists.marks(names, us(2027, 7, 1)) == ((),)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,friend,,r,", "line 3, column kind: 'friend': must be one of household, own, market_"),
        ("A,own,,r,", "line 3, column kind: 'own': needs a group"),
        ("A,household,,r,", "line 3, column kind: 'household': needs a group"),
        ("A,exempt,,,2027-06-30", "line 3, column reason: "),
        (",exempt,,r,2027-06-30", "line 3, column account_id: "),
        ("A,exempt,,r,soon", "line 3, column expires: 'soon': write a date such as 2027-06-30"),
        ("A,exempt,,r,2027-02-30", "line 3, column expires: '2027-02-30'"),
        ("A,exempt,,r,2027-06-30 12:00:00", "line 3, column expires: "),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(RowErrors, match="line 3") as error:
        read(tmp_path, HEADER + "Z,market_maker,,r,\n" + row + "\n")
    assert said in str(error.value)
    assert len(error.value.rows) == 1


def test_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    table = read(tmp_path, HEADER + "Z,market_maker,,r,\nA,friend,,r,\n", on_error="skip")
    assert [entry.account_id for entry in table.lists.entries] == ["Z"]
    assert table.rejects["line"].to_list() == [3]


def test_a_missing_column(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column for reason"):
        read(tmp_path, "account_id,kind\nA,exempt\n")


def test_an_unknown_zone(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Mars"):
        read(tmp_path, HEADER + "Z,exempt,,r,2027-01-01\n", timezone="Mars/Olympus")

"""Names and accounts against a list of parties."""

import polars as pl
import pytest

from tradeglyph.recognizers.statements.party_names import (
    by_account,
    by_name,
    listed,
    mentions,
    normalised,
)


def _key(text: str) -> str:
    return str(pl.select(normalised(pl.lit(text))).item())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲（北京）有限公司", "甲(北京)有限公司"),
        ("甲 北京 有限公司", "甲【北京】有限公司"),
        ("ＡＢＣ　Ｌｔｄ．", "abc ltd"),
        ("阿卜杜·热合曼", "阿卜杜•热合曼"),
        ("张**", "张*"),
        ("6222 0200-1234", "622202001234"),
    ],
)
def test_ways_to_write_are_one(one: str, other: str) -> None:
    assert _key(one) == _key(other)


def _name(text: str, *parties: str) -> list[tuple[int, str]]:
    found = by_name(pl.Series([_key(text)]), listed(parties))
    return sorted(found.select("party", "way").unique().rows())


@pytest.mark.parametrize(
    ("text", "party", "ways"),
    [
        ("张三", "张三", ["exact"]),
        ("张三丰", "张三", []),  # too short a name to look for inside others
        ("甲贸易公司北京分公司", "甲贸易公司", ["contained"]),
        ("甲贸易公司", "甲贸易公司北京分公司", []),
        ("张*丰", "张三丰", ["masked"]),
        ("*三丰", "张三丰", ["masked"]),
        ("张*", "张三丰", ["masked"]),
        ("张**", "张三丰", ["masked"]),
        ("*三*", "张三丰", ["masked"]),
        ("李*丰", "张三丰", []),
        ("张*三丰", "张三丰", []),  # the star hides at least one letter
        ("***", "张三丰", []),  # says nothing
        ("张三丰", "张*丰", ["masked"]),
        ("张*丰", "张*丰", ["masked"]),
        ("李四", "张*丰", []),
        ("", "张三丰", []),
    ],
)
def test_names(text: str, party: str, ways: list[str]) -> None:
    assert _name(text, party) == [(0, way) for way in ways]


def test_a_masked_name_fits_several() -> None:
    assert _name("张*丰", "张三丰", "李四", "张小丰") == [(0, "masked"), (2, "masked")]


@pytest.mark.parametrize(
    ("text", "party", "ways"),
    [
        ("6222020200112345678", "6222 0202 0011 2345 678", ["account"]),
        ("6222020200112345678", "6222020200112345679", []),
        ("6222****5678", "6222020200112345678", ["tail"]),
        ("6217****5678", "6222020200112345678", []),
        ("尾号5678", "6222020200112345678", ["tail"]),
        ("5678", "6222020200112345678", ["tail"]),
        ("6222020200112345678", "尾号5678", ["tail"]),
        ("6222020200112345678", "*5678", ["tail"]),
        ("****678", "6222020200112345678", []),  # three digits are too few
        ("112345678", "45678", ["tail"]),
        ("6222020200112345678", "张三", []),
    ],
)
def test_accounts(text: str, party: str, ways: list[str]) -> None:
    found = by_account(pl.Series([_key(text)]), listed((party,)))
    assert found["way"].to_list() == ways


def test_a_summary_mentions_names_of_three_letters_or_more() -> None:
    parties = listed(("张三", "李小明", "王*五", "6222020200112345678"))
    found = mentions(pl.Series([_key("还款 李小明 张三")]), parties)
    assert found.select("party", "way").rows() == [(1, "mentioned")]


def test_a_list_of_nothing_but_stars_is_empty() -> None:
    assert listed(("***", "＊")).is_empty()
    assert by_name(pl.Series(["张三"]), listed(("***",))).is_empty()

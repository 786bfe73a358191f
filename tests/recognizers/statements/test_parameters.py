import re
from typing import Any

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Info, Parameter, Profile, Reads
from tradeglyph.recognizers.statements.parameters import (
    bounds,
    profile_of,
    settled,
    settled_all,
    written,
)


def parameter(name: str, default: Any, **rest: Any) -> Parameter:
    return Parameter(
        name=name,
        default=default,
        unit=rest.pop("unit", "lines"),
        means={"en": "x", "zh": "某"},
        source="a test",
        **rest,
    )


COUNT = parameter("count", 10, audit=7, least=1, most=1_000)
SHARE = parameter("share", 0.5, unit="share", least=0, most=1)
AMOUNT = parameter("amount", 50_000_00, unit="minor units", least=0, most=10_000_000_00)
SWITCH = parameter("switch", True, audit=False, unit="yes or no")
KEYS = parameter("keys", ("工资",), unit="words")
INFO = Info(
    name="rule",
    title={"en": "Rule", "zh": "规则"},
    reads=Reads.LINES,
    rule={"en": "a rule", "zh": "一条规则"},
    parameters=(COUNT, SHARE, AMOUNT, SWITCH, KEYS),
)


def test_profiles_have_their_own_defaults() -> None:
    seed = {"count": 10, "share": 0.5, "amount": 5_000_000, "switch": True, "keys": ("工资",)}
    assert settled(INFO) == seed
    assert settled(INFO, Profile.AUDIT) == seed | {"count": 7, "switch": False}


def test_a_users_value_goes_over_the_profile() -> None:
    values = settled(INFO, Profile.AUDIT, {"count": 1000, "keys": ["奖金", "bonus"], "share": 1})
    assert (values["count"], values["keys"], values["share"]) == (1000, ("奖金", "bonus"), 1.0)
    assert values["switch"] is False


@pytest.mark.parametrize(
    ("given", "minor"), [(50_000, 5_000_000), (0.29, 29), (1_234.5, 123_450), (0, 0)]
)
def test_money_is_written_in_units_of_the_currency(given: float, minor: int) -> None:
    read = settled(INFO, given={"amount": given})["amount"]
    assert read == minor
    assert isinstance(read, int)
    assert written(AMOUNT, read) == given


@pytest.mark.parametrize(
    ("name", "value", "must"),
    [
        ("count", 0, "a whole number from 1 to 1,000 lines"),
        ("count", 1_001, "a whole number from 1 to 1,000 lines"),
        ("count", 10.0, "a whole number from 1 to 1,000 lines"),
        ("count", True, "a whole number from 1 to 1,000 lines"),
        ("count", "10", "a whole number from 1 to 1,000 lines"),
        ("share", 1.01, "a number from 0 to 1 share"),
        ("share", float("nan"), "a number from 0 to 1 share"),
        ("share", float("inf"), "a number from 0 to 1 share"),
        ("amount", 0.295, "an amount with at most two decimals from 0 to 10,000,000"),
        ("amount", -1, "an amount with at most two decimals from 0 to 10,000,000"),
        ("switch", 1, "true or false"),
        ("keys", "工资", "a list of texts, none of them empty"),
        ("keys", ["工资", " "], "a list of texts, none of them empty"),
        ("keys", [3], "a list of texts, none of them empty"),
    ],
)
def test_a_fault_names_recognizer_parameter_value_and_bounds(
    name: str, value: object, must: str
) -> None:
    with pytest.raises(InputError) as fault:
        settled(INFO, given={name: value})
    assert str(fault.value) == f"statements.rule.{name} = {value!r}: must be {must}"


@pytest.mark.parametrize("value", [1, 1_000])
def test_bounds_are_inclusive(value: int) -> None:
    assert settled(INFO, given={"count": value})["count"] == value


def test_an_unknown_parameter_is_answered_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"statements\.rule\.cuont: no such .* has: count, share"):
        settled(INFO, given={"cuont": 3})


def test_all_recognizers_at_once() -> None:
    values = settled_all([INFO], Profile.SEED, {"rule": {"count": 3}})
    assert values["rule"]["count"] == 3
    assert settled_all([INFO], Profile.SEED, {})["rule"]["count"] == 10


def test_a_section_of_no_recognizer_is_a_fault() -> None:
    with pytest.raises(InputError, match=re.escape("statements.rul: no such recognizer")):
        settled_all([INFO], Profile.SEED, {"rul": {}})
    with pytest.raises(InputError, match=re.escape("statements.rule = 3: must be a table")):
        settled_all([INFO], Profile.SEED, {"rule": 3})


def test_a_profile_by_its_name() -> None:
    assert profile_of("audit") is Profile.AUDIT
    with pytest.raises(InputError, match="must be one of seed, audit"):
        profile_of("bank")


def test_bounds_with_one_end_or_none() -> None:
    assert bounds(parameter("x", 1, least=2)) == "a whole number of 2 or more lines"
    assert bounds(parameter("x", 1, most=2)) == "a whole number of 2 or less lines"
    assert bounds(parameter("x", 1)) == "a whole number of any size lines"
    assert bounds(parameter("x", "a")) == "a text that is not empty"


def test_a_text_must_say_something() -> None:
    card = Info(
        name="r", title=INFO.title, reads=Reads.LINES, rule=INFO.rule,
        parameters=(parameter("text", "a"),),
    )  # fmt: skip
    assert settled(card, given={"text": "b"}) == {"text": "b"}
    with pytest.raises(InputError, match="a text that is not empty"):
        settled(card, given={"text": "  "})


def test_what_is_written_is_what_a_file_would_hold() -> None:
    assert written(KEYS, ("a", "b")) == ["a", "b"]
    assert written(COUNT, 7) == 7
    assert written(AMOUNT, 50_000_50) == 50_000.5


def test_a_text_of_a_few_must_be_one_of_them() -> None:
    rates = parameter("rates", "flat", choices=("flat", "dated"), unit="choice")
    card = Info(
        name="low",
        title={"en": "Low", "zh": "低"},
        reads=Reads.LINES,
        rule={"en": "low", "zh": "低"},
        parameters=(rates,),
    )
    assert settled(card, given={"rates": "dated"}) == {"rates": "dated"}
    with pytest.raises(InputError, match=r"rates = 'dtaed': must be one of flat, dated$"):
        settled(card, given={"rates": "dtaed"})

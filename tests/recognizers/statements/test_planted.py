"""Of all nine, in both profiles: what is planted is found, and in an ordinary statement nothing."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.recognizers.statements.frames import frame
from tradeglyph.domain.recognizers import NotApplicable, Profile
from tradeglyph.domain.statements import IN, OUT
from tradeglyph.recognizers.statements.ask import ask
from tradeglyph.recognizers.statements.parameters import settled_all
from tradeglyph.recognizers.statements.registry import OURS
from tradeglyph.recognizers.statements.result import Recognizer
from tradeglyph.testing import check_shuffled, check_split

Row = dict[str, Any]
DAYS = 110
FIRST = datetime(2025, 1, 6)  # noqa: DTZ001  the bank's clock has no zone
NINE = [rule for rule in OURS if Profile.SEED in rule.info.profiles]
PLANTED = "planted"


def ordinary(chance: random.Random, account: str) -> list[Row]:
    """A line or two a day, of a few hundred at most and never round, by day."""
    rows = []
    for day in range(DAYS):
        for _ in range(chance.randint(1, 2)):
            time = FIRST + timedelta(days=day, hours=chance.randint(9, 17), minutes=day % 60)
            amount = chance.randint(10, 300) * 100 + 37
            rows.append({"time": time, "account": account, "amount": amount, "direction": OUT})
    return rows


def at(day: int, hour: int, minute: int, amount: int, direction: int = OUT, **more: Any) -> Row:
    """A line that is planted."""
    time = FIRST + timedelta(days=day, hours=hour, minutes=minute)
    return {"time": time, "amount": amount, "direction": direction, "tx_id": PLANTED, **more}


def in_full(rows: list[Row]) -> pl.DataFrame:
    """By time, with balances that follow."""
    rows, balances, told = sorted(rows, key=lambda row: row["time"]), {}, []
    for row in rows:
        account = row.get("account", "A")
        balances.setdefault(account, 40_000_000_00)
        balances[account] += row["amount"] * row["direction"]
        told.append({"account": account, **row, "balance": balances[account]})
    return frame(told)


def asked(rule: Recognizer, lines: pl.DataFrame, profile: Profile) -> set[int]:
    """Rows that the rule names."""
    (answer,) = ask([rule], lines, settled_all([rule.info], profile, {}))
    assert isinstance(answer.outcome, NotApplicable) or answer.findings is not None, answer
    return set() if answer.findings is None else set(answer.findings["row"])


def crowded(day: int, _: int) -> list[Row]:
    return [at(day, 21, 5 * n, 31_01) for n in range(11)]


def large(day: int, extra: int) -> list[Row]:
    return [at(day, 12, 0, 50_000_01 + extra)]


def round_(day: int, extra: int) -> list[Row]:
    return [at(day, 12, 0, (1 + extra % 4) * 1_000_000)]


def night(day: int, extra: int) -> list[Row]:
    return [at(day, 2 + extra % 3, extra % 60, 50_000_01 + extra)]


def passing(day: int, extra: int) -> list[Row]:
    income = 100_000_00 + extra
    return [at(day, 8, 0, income, IN), at(day + extra % 6, 19, 0, income - income // 200)]


PLANTS: dict[str, Callable[[int, int], list[Row]]] = {
    "high_frequency": crowded,
    "large_amount": large,
    "occasional_high_integer": round_,
    "night_transaction": night,
    "pass_through": passing,
}
SEEDS = st.integers(0, 10**6)
PLACES = st.integers(20, 90)


@pytest.mark.parametrize("rule", NINE, ids=lambda rule: rule.info.name)
@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_an_ordinary_statement_gives_none(rule: Recognizer, seed: int) -> None:
    chance = random.Random(seed)
    lines = in_full(ordinary(chance, "A") + ordinary(chance, "B"))
    for profile in Profile:
        assert asked(rule, lines, profile) == set()


@pytest.mark.parametrize("name", PLANTS)
@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, day=PLACES, extra=st.integers(0, 10_000))
def test_planted_lines_are_named_and_no_others(name: str, seed: int, day: int, extra: int) -> None:
    (rule,) = (rule for rule in NINE if rule.info.name == name)
    chance = random.Random(seed)
    planted = PLANTS[name](day, extra)
    lines = in_full(ordinary(chance, "A") + ordinary(chance, "B") + planted)
    want = set((lines["tx_id"] == PLANTED).arg_true())
    assert len(want) == len(planted)
    for profile in Profile:
        assert asked(rule, lines, profile) == want


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, place=st.integers(1, DAYS - 2), off=st.integers(2, 10**6))
def test_a_planted_wrong_balance_and_a_missing_one(seed: int, place: int, off: int) -> None:
    lines = in_full(ordinary(random.Random(seed), "A"))
    rules = {rule.info.name: rule for rule in NINE}
    here = pl.int_range(pl.len()) == place
    wrong = lines.with_columns(pl.when(here).then(pl.col("balance") + off).otherwise("balance"))
    without = lines.with_columns(pl.when(~here).then("balance"))
    for profile in Profile:
        assert asked(rules["balance_continuity"], wrong, profile) == {place, place + 1}
        assert asked(rules["balance_missing"], without, profile) == {place}


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, day=st.integers(5, 60), silent=st.integers(31, 45))
@example(seed=0, day=7, silent=45)  # two lines at the time that ends it
def test_a_planted_silence_ends_with_the_first_line_after_it(
    seed: int, day: int, silent: int
) -> None:
    (rule,) = (rule for rule in NINE if rule.info.name == "inactive_account")
    last, woken = FIRST + timedelta(days=day), FIRST + timedelta(days=day + silent)
    rows = [row for row in ordinary(random.Random(seed), "A")
            if not last + timedelta(days=1) <= row["time"] < woken]  # fmt: skip
    lines = in_full(rows)
    first = lines.filter(pl.col("time") >= woken)["time"].min()
    for profile in Profile:
        (found,) = asked(rule, lines, profile)
        assert lines["time"][found] == first  # of two at one time either is the first
        assert asked(rule, in_full(ordinary(random.Random(seed), "A")), profile) == set()


@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, day=st.integers(20, 60), paid=st.integers(1, 1_000_00))
def test_planted_interest_is_low_by_either_rate(seed: int, day: int, paid: int) -> None:
    # 39 million or more for 30 days: 0.10 % a year is over 3,200, half of it over 1,600.
    (rule,) = (rule for rule in NINE if rule.info.name == "low_interest")
    interest = [at(day + days, 21, 0, paid, IN, summary="结息") for days in (0, 30)]
    lines = in_full(ordinary(random.Random(seed), "A") + interest)
    first, second = (lines["tx_id"] == PLANTED).arg_true()
    assert asked(rule, lines, Profile.SEED) == {first, second}
    assert asked(rule, lines, Profile.AUDIT) == {second}  # whose days have a beginning


@pytest.mark.parametrize("rule", NINE, ids=lambda rule: rule.info.name)
@settings(max_examples=2, deadline=None)
@given(seed=SEEDS, day=PLACES, extra=st.integers(0, 10_000))
def test_order_and_other_accounts_change_nothing(
    rule: Recognizer, seed: int, day: int, extra: int
) -> None:
    """Of statements with something for every rule; both checks ask in both profiles."""
    chance = random.Random(seed)
    planted = [row for plant in PLANTS.values() for row in plant(day, extra)]
    planted += [at(day + days, 22, 0, 50, IN, summary="结息") for days in (0, 30)]
    silent = [row for row in ordinary(chance, "B") if row["time"].day < 20]
    lines = in_full(ordinary(chance, "A") + silent + planted)
    gone = pl.int_range(pl.len()) % 50 == extra % 50
    lines = lines.with_columns(pl.when(~gone).then("balance"))
    check_shuffled(rule, lines)
    check_split(rule, lines)

from collections import defaultdict
from datetime import date

from hypothesis import given, settings

from tests.recognizers.statements.money_lines import balanced, line, lines
from tests.recognizers.statements.strategies import statements
from tradeglyph.recognizers.statements.account_profile import (
    AccountProfile,
    Counterparty,
    account_profiles,
)


def test_months_and_counterparties() -> None:
    rows = balanced(
        [
            line(0, 900, counterparty="甲"),
            line(1, -200, counterparty="乙", counterparty_account="8888"),
            line(40, -150, counterparty="乙", counterparty_account="8888"),
            line(41, 30, counterparty="丙"),
            line(42, -10),
            line(43, 5, direction=0, counterparty="丙"),
        ],
        1_000,
    )
    rows[-1]["balance"] = None
    (one,) = account_profiles(lines(rows), top=2)

    assert (one.account, one.currency, one.total.into, one.total.out) == ("A", "CNY", 930, 360)
    assert [(m.month, m.into, m.out, m.net, m.lines, m.closing) for m in one.months] == [
        (date(2024, 1, 1), 900, 200, 700, 2, 1_700),
        (date(2024, 2, 1), 30, 160, -130, 4, None),
    ]
    assert [(c.name, c.account, c.into, c.out, c.lines, c.last) for c in one.counterparties] == [
        ("甲", "", 900, 0, 1, date(2024, 1, 1)),
        ("乙", "8888", 0, 350, 2, date(2024, 2, 10)),
    ]
    assert one.others == Counterparty(
        name="", account="", into=30, out=0, lines=2, first=date(2024, 2, 11),
        last=date(2024, 2, 13), several=1,
    )  # fmt: skip
    assert one.nameless is not None
    assert (one.nameless.out, one.nameless.lines) == (10, 1)
    assert one.others.called("zh") == "其他（1 个）"
    assert one.nameless.called("en") == "not named"
    assert one.counterparties[1].called("en") == "乙"


def test_nothing_of_nothing() -> None:
    assert account_profiles(lines([]).clear()) == []


@settings(max_examples=20, deadline=None)
@given(statements())
def test_sums_equal_the_lines(frame) -> None:  # type: ignore[no-untyped-def]
    expected: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in frame.iter_rows(named=True):
        place = None if row["account"] else (row["file"], row["sheet"])
        months = expected[row["account"], row["currency"], place, row["time"].strftime("%Y-%m")]
        months[0] += row["amount"] * (row["direction"] == 1)
        months[1] += row["amount"] * (row["direction"] == -1)
        months[2] += 1
    profiles = account_profiles(frame)

    def place(one: AccountProfile) -> tuple[int, str] | None:
        return None if one.account else (one.file, one.sheet)

    got = {
        (one.account, one.currency, place(one), f"{m.month:%Y-%m}"): [*(m.into, m.out, m.lines)]
        for one in profiles
        for m in one.months
    }
    assert got == expected
    for one in profiles:
        parts = [*one.counterparties, *filter(None, (one.others, one.nameless))]
        assert sum(part.lines for part in parts) == one.total.lines
        assert sum(part.net for part in parts) == one.total.net
    if frame.height:
        assert account_profiles(frame.sample(fraction=1, shuffle=True, seed=1)) == profiles

import pytest

from tests.recognizers.statements.frames import frame
from tradeglyph.recognizers.statements.given_accounts import MOST_ALIKE, SEVERAL, other_sides

GIVEN = ("6222020000000001234", "6222020000000005678-00001", "****9999", "3167", "576", "")


def fitting(**other: str) -> str | None:
    """The given account that one line's other side fits; `several` for more than one."""
    rows = [{"time": "2025-01-01", "account": name} for name in GIVEN]
    sides = other_sides(frame([*rows, {"time": "2025-01-01", "account": "576", **other}]))
    if sides.given[-1] == SEVERAL:
        return "several"
    return sides.accounts[int(sides.given[-1])] if sides.given[-1] >= 0 else None


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("6222020000000001234", GIVEN[0]),
        ("6222 0200 0000 0001 234", GIVEN[0]),
        ("6222-0200-0000-0001-234", GIVEN[0]),
        ("6222****1234", GIVEN[0]),
        ("622202*********1234", GIVEN[0]),
        ("**1234", GIVEN[0]),
        ("6225****1234", None),
        ("6222****1235", None),
        ("62220200000000012345", None),
        ("****5678", GIVEN[1]),
        ("6222020000000005678", GIVEN[1]),
        ("6222020000000005678-00001", GIVEN[1]),
        ("6222020000000005678-00002", None),
        ("6225888800009999", "****9999"),
        ("12349999", "****9999"),
        ("6225888800003167", "3167"),  # four digits alone are the tail of a card,
        ("10003167", None),  # not of a short number
        ("1234", GIVEN[0]),
        ("576", "576"),
        ("0576", None),
        ("000000", None),
        ("", None),
        ("*34", None),
    ],
)
def test_a_text_fits_an_account(written: str, fits: str | None) -> None:
    assert fitting(counterparty_account=written) == fits


@pytest.mark.parametrize(
    ("other", "fits"),
    [
        ({"summary": "转入零钱通-来自工商银行(1234)"}, GIVEN[0]),
        ({"counterparty": "张三 尾号1234"}, GIVEN[0]),
        ({"summary": "尾号为：****5678"}, GIVEN[1]),
        ({"summary": "尾号12345"}, None),
        ({"summary": "(1234)"}, None),
        ({"counterparty_account": "8888888888881111", "summary": "尾号1234"}, None),
    ],
)
def test_a_tail_in_name_or_summary(other: dict[str, str], fits: str | None) -> None:
    assert fitting(**other) == fits


def test_a_tail_of_two_accounts_does_not_say_which() -> None:
    rows = [{"time": "2025-01-01", "account": name + "0001234"} for name in ("62220", "62230")]
    rows.append({"time": "2025-01-01", "account": "A", "counterparty_account": "****1234"})
    rows.append({"time": "2025-01-01", "account": "A", "counterparty_account": "6223****1234"})
    sides = other_sides(frame(rows))

    assert sides.given.tolist()[2:] == [SEVERAL, sides.own[1]]


def test_crowds_of_equal_tails_are_bounded() -> None:
    names = [f"62{n:06d}1234" for n in range(MOST_ALIKE + 1)]
    rows = [{"time": "2025-01-01", "account": name} for name in names]
    rows.append({"time": "2025-01-01", "account": "A", "counterparty_account": "62000000****1234"})
    rows.append({"time": "2025-01-01", "account": "A", "counterparty_account": names[5]})
    sides = other_sides(frame(rows))

    assert sides.given.tolist()[-2:] == [SEVERAL, sides.own[5]]

from tests.recognizers.statements.money_lines import balanced, line, lines
from tradeglyph.cli.account_table import account_lines
from tradeglyph.recognizers.statements.account_profile import account_profiles


def test_the_only_account_has_its_months() -> None:
    rows = [line(31 * month, -100 - month, counterparty="甲") for month in range(14)]
    told = list(account_lines(account_profiles(lines(balanced(rows, 5_000))), "en"))

    assert told[0] == "Account A CNY: 0.00 in, 14.91 out, net -14.91 (lines: 14)"
    assert told[1] == "  ... months before: 2"
    assert told[2] == "  2024-03: 0.00 in, 1.02 out, net -1.02 (lines: 1), closing at 46.97"
    assert told[-1] == "  甲: 0.00 in, 14.91 out, net -14.91 (lines: 14)"
    assert len(told) == 15


def test_of_several_the_largest_are_shown() -> None:
    rows = [line(0, -size, account=f"A{size}") for size in (1, 4, 3, 2)]
    told = list(account_lines(account_profiles(lines([*rows, line(0, 5, account="")])), "zh"))

    assert [one.split("：")[0] for one in told] == [
        "账户 （未载明账号） CNY", "账户 A4 CNY", "账户 A3 CNY",
        "…… 另有 2 个账户，用 --format json 查看全部",
    ]  # fmt: skip

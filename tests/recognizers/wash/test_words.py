import pytest

from tests.recognizers.wash.tapes import MatchRow, tape
from tests.recognizers.wash.test_round_trips import MARKET, crowd, trips
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.volume import wash_volume
from tradeglyph.recognizers.wash.words import wash_sentence

SELVES: list[MatchRow] = [(float(at), "ann", "ann", 10.0, 2.5) for at in range(6)]
PAIR: list[MatchRow] = [
    (60.0 * at, *(("ann", "bob") if at % 2 else ("bob", "ann")), 100.0, 1_000.0) for at in range(8)
]
OTHER: list[MatchRow] = [(9.0, "ann", "cid", 10.0, 5.0)]


def sentence(kind: str, lang: Lang, settings: WashSettings | None = None) -> str:
    whole = {
        "self": tape([*SELVES, *OTHER]),
        "pair": tape([*PAIR, *OTHER]),
        "trips": tape(alone=[*MARKET, *trips(5)]),
        "crowd": tape(alone=[*MARKET, *crowd(12)]),
    }[kind]
    findings = wash_volume(whole, settings=settings or WashSettings()).findings
    assert len(findings) == 1
    return wash_sentence(
        findings,
        0,
        account_names=whole.fills.account_names,
        symbol_names=whole.fills.symbol_names,
        settings=settings or WashSettings(),
        lang=lang,
    )


@pytest.mark.parametrize(
    ("kind", "lang", "parts"),
    [
        ("self", "en", ["ann stood", "6 trades in X, on 2024-10-07 (UTC)", "15 of the 20 units",
                        "75%", "5 or more a day", "596/2014"]),
        ("self", "zh", ["账户 ann ", "2024-10-07（UTC）", "自买自卖 6 次", "数量 15", "20 的 75%",
                        "5 次及以上", "596/2014"]),
        ("pair", "en", ["ann and bob traded X", "8 times", "from 2024-10-07 00:00 to 2024-10-07 "
                        "01:00 UTC", "8,000 of the 8,005 units", "99.9%", "within 1% of the mean",
                        "2016/522"]),
        ("pair", "zh", ["账户 ann、bob ", "8 笔", "2024-10-07 00:00 至 2024-10-07 01:00（UTC）",
                        "8,000", "8,005 的 99.9%", "平均单笔的 1%", "2016/522"]),
        ("trips", "en", ["ann bought and sold", "5 times", "within 5 minutes", "50 lost in all",
                         "100 of the 100 units", "100%", "5 or more", "3(c)"]),
        ("trips", "zh", ["账户 ann ", "5 次", "5 分钟", "合计亏损 50", "100 的 100%",
                         "5 次及以上"]),
        ("crowd", "en", ["farm00, farm01, farm02, farm03, farm04 and 7 more", "12 times",
                         "120 lost in all", "10 accounts or more"]),
        ("crowd", "zh", ["farm00、farm01、farm02、farm03、farm04 等 12 个账户", "12 次",
                         "合计亏损 120", "10 个及以上"]),
    ],
)  # fmt: skip
def test_one_sentence_with_its_figures_window_and_criterion(
    kind: str, lang: Lang, parts: list[str]
) -> None:
    said = sentence(kind, lang)
    for part in parts:
        assert part in said
    assert "{" not in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("kind", "lang", "settings", "part"),
    [
        ("self", "en", WashSettings(self_trades=4),
         "4 or more a day (as configured; futures exchanges' rules on abnormal trading: 5); "),
        ("self", "zh", WashSettings(self_trades=4),
         "单日同一合约 4 次及以上（自行设定；期货交易所异常交易规则：5）"),
        ("pair", "en", WashSettings(margin=0.02),
         "within 2% of the mean trade (as configured; Victor & Weintraud 2021: 1%); "),
        ("pair", "zh", WashSettings(margin=0.02),
         "不超过平均单笔的 2%（自行设定；Victor 与 Weintraud，2021：1%）"),
        ("trips", "en", WashSettings(trips=4, trip_span_us=600_000_000),
         "within 10 minutes each"),
        ("trips", "en", WashSettings(trips=4), "Criterion: 4 or more, "),
        ("crowd", "en", WashSettings(crowd_accounts=11), "Criterion: 11 accounts or more; "),
    ],
)  # fmt: skip
def test_a_number_of_one_s_own_is_not_put_down_to_its_source(
    kind: str, lang: Lang, settings: WashSettings, part: str
) -> None:
    assert part in sentence(kind, lang, settings)

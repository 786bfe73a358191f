import pytest

from tests.recognizers.test_features import features, trip
from tests.rows import DAY, FillRow, steady_candles
from tradeglyph.domain.references import Reference
from tradeglyph.recognizers.reasons import (
    NO_CANDLE,
    TOO_FEW_FILLS,
    Flow,
    Lang,
    flow_reason,
    reasons_for,
    unanswered,
)

# Three trips of four candles; bought at places 0.1, 0.1, 0.1, 0.5 and sold at 0.9 throughout.
ROWS: list[FillRow] = [
    *trip(0, 11.0, 19.0, 37.0, 37.0),
    *trip(1, 11.0, 19.0),
    *trip(2, 11.0, 19.0),
    ("ann", "X", DAY + 900, "buy", 15.0, 1.0),
]


def _said(rows: list[FillRow], lang: Lang = "en", *, alone: bool = False) -> list[str]:
    return reasons_for(features(rows), 0, alone=alone, lang=lang)


def test_english() -> None:
    assert _said(ROWS) == [
        "bought and sold inside one candle in 3 of the 4 candles it traded in",
        "bought at 20% and sold at 90% of the candle on average (0% is its low, 100% its high)",
        "one side was up to 37% of a candle's volume",
        "its trips end flat",
    ]


def test_chinese_says_the_same_figures() -> None:
    trips, places, volume, flat = _said(ROWS, "zh")
    assert "4 根 K 线" in trips
    assert "3 根" in trips
    assert "20%" in places
    assert "90%" in places
    assert "37%" in volume
    assert "平掉仓位" in flat


@pytest.mark.parametrize(("lang", "words"), [("en", "weak evidence"), ("zh", "证据较弱")])
def test_alone_is_said_last(lang: Lang, words: str) -> None:
    assert words in _said(ROWS, lang, alone=True)[-1]
    assert not any(words in part for part in _said(ROWS, lang))


def test_nothing_is_said_of_what_is_not_there() -> None:
    buys = [row for row in ROWS if row[3] == "buy"]
    assert _said(buys) == ["one side was up to 37% of a candle's volume"]
    placed = features(ROWS, steady_candles(4, 10.0, 20.0))
    assert not any("volume" in part for part in reasons_for(placed, 0, alone=False, lang="en"))


def test_uneven_trips_do_not_end_flat() -> None:
    assert not any("flat" in part for part in _said(trip(0, 11.0, 19.0, 2.0, 1.0)))


@pytest.mark.parametrize(
    ("quantity", "figure"), [(100.0, "100%"), (1.0, "1%"), (0.5, "0.5%"), (0.0123, "0.012%")]
)
def test_small_shares_keep_their_digits(quantity: float, figure: str) -> None:
    said = _said([("ann", "X", DAY, "buy", 15.0, quantity)])
    assert said == [f"one side was up to {figure} of a candle's volume"]


def test_each_window_has_its_own() -> None:
    both = features(trip(0, 11.0, 19.0) + trip(1, 12.0, 18.0, who="bob"))
    first, second = (reasons_for(both, at, alone=False, lang="en")[1] for at in (0, 1))
    assert "10%" in first
    assert "90%" in first
    assert "20%" in second
    assert "80%" in second


def test_why_there_is_no_answer() -> None:
    texts = {(lang, why): unanswered(why, lang) for lang in ("en", "zh")
             for why in (NO_CANDLE, TOO_FEW_FILLS)}  # fmt: skip
    assert len(set(texts.values())) == 4
    assert "candle" in texts["en", NO_CANDLE]
    assert "merging" in texts["en", TOO_FEW_FILLS]
    assert "K 线" in texts["zh", NO_CANDLE]
    assert "合并" in texts["zh", TOO_FEW_FILLS]


@pytest.mark.parametrize(
    ("lang", "gains", "trades", "ahead", "said"),
    [
        (
            "en", True, 7, False,
            "took at least 10,432.10 from bob in 7 matched trades, 23% of the symbol's volume",
        ),
        (
            "en", False, 1, True,
            "lost at least 10,432.10 to bob in 1 matched trade, 23% of the symbol's volume, whose "
            "position had been opened within half an hour before",
        ),
        (
            "zh", True, 1, True,
            "从 bob 至少拿走 10,432.10（两者成交 1 笔，占该标的成交量的 23%），"
            "所平仓位是成交前半小时内刚建的",
        ),
    ],
)  # fmt: skip
def test_a_flow(lang: Lang, gains: bool, trades: int, ahead: bool, said: str) -> None:
    flow = Flow(
        gains=gains, other="bob", low=10_432.1, trades=trades, volume_share=0.231, ahead=ahead
    )
    assert flow_reason(flow, lang) == said


@pytest.mark.parametrize(
    ("lang", "kind", "end"),
    [
        ("en", Reference.NONE, "of the symbol's volume"),
        ("en", Reference.OTHERS, "of the symbol's volume"),
        ("en", Reference.MIDQUOTE, "volume, measured against the midquote"),
        ("en", Reference.VENUE, "volume, measured against another venue's price"),
        ("en", Reference.SETTLEMENT, "volume, measured against the settlement price"),
        ("zh", Reference.OTHERS, "23%）"),
        ("zh", Reference.MIDQUOTE, "23%），以买卖中间价为参考"),
        ("zh", Reference.VENUE, "23%），以其他市场的价格为参考"),
        ("zh", Reference.SETTLEMENT, "23%），以结算价为参考"),
    ],
)
def test_a_flow_names_what_it_was_measured_against(lang: Lang, kind: Reference, end: str) -> None:
    flow = Flow(gains=True, other="bob", low=1.0, trades=2, volume_share=0.23, reference=kind)
    assert flow_reason(flow, lang).endswith(end)

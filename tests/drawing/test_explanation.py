from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.drawing.html import EVIL, Page
from tradeglyph.domain.references import Reference
from tradeglyph.drawing.explanation import LISTED, Trade, Trip, render_explanation, trade_row
from tradeglyph.drawing.money import FourColumns, MoneyMoved, Range, money_view
from tradeglyph.drawing.svg import Rings, candlestick_chart, ringed_picture
from tradeglyph.recognizers.benign import Reading
from tradeglyph.recognizers.reasons import Lang

pytest.importorskip("jinja2", reason="needs the extra `plot`")

# 2026-03-02T14:45:00Z
TRIP = Trip(
    time=(20_514 * 86_400 + 53_100) * 1_000_000,
    bought_at=0.04,
    sold_at=0.96,
    quantity=1200,
    gain=-35.5,
)

TRADE = Trade(
    time=(20_514 * 86_400 + 53_109) * 1_000_000,
    fills=1,
    side="buy",
    quantity=1200,
    price=19.25,
    place=0.04,
    without=0.613,
    fall=0.287,
    matters=True,
)
READING = Reading(
    name="sliced_order",
    state="not_ruled_out",
    measure="one_way",
    figures={"share": 0.8, "fills": 9},
)

PAIR = FourColumns(
    accounts=2,
    lost=Range(low=1000, middle=1005, high=1010.5),
    gained=Range(low=990.5, middle=990.5, high=990.5),
    third=Range(low=-3.5, middle=4, high=6),
    fees=10.5,
)
MONEY = MoneyMoved(
    account="acct-7", other="acct-8", gains=True, trades=12, volume_share=0.02,
    reference=Reference.OTHERS, pair=PAIR, cluster=None,
)  # fmt: skip


def render(lang: Lang = "en", **changed: Any) -> str:
    one = np.array([100.0])
    fill = (np.array([0]), one, np.array([1], dtype=np.int8), one)
    parts: dict[str, Any] = {
        "window": {
            "account": "acct-7",
            "symbol": "COIN",
            "window_start": "2026-03-02T00:00:00Z",
            "window_end": "2026-03-03T00:00:00Z",
            "probability": 0.9,
            "threshold": 0.62,
            "verdict": "review",
            "role": "victim",
        },
        "figures": {"trade_count": 10, "own_figure": 4.2},
        "reasons": ["its trips end flat"],
        "trips": [TRIP],
        "picture_png": b"\x89PNG",
        "chart_svg": candlestick_chart(np.array([0]), one, one, one, one, *fill, title="COIN"),
        "model": "default 1a2b3c4d",
    }
    return render_explanation(**{**parts, **changed}, lang=lang)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["review", "victim", "Fills", "own figure", "flagged above 62.0%"]),
        ("zh", ["人工复核", "受害账户", "成交笔数", "own figure", "高于 62.0% 即标记"]),
    ],
)
def test_answer_reasons_and_figures_are_told(lang: Lang, words: list[str]) -> None:
    page = Page(render(lang))
    for word in [*words, "acct-7", "COIN", "90.0%", "its trips end flat", "default 1a2b3c4d"]:
        assert word in page.words
    assert len(page.named("svg")) == len(page.named("img")) == 1


def test_trips_are_a_table() -> None:
    words = Page(render()).words
    for cell in ("03-02 14:45", "4.0%", "96.0%", "1,200", "-35.5"):
        assert cell in words
    assert "There are none." in Page(render(trips=[])).words


def test_a_gain_has_its_sign() -> None:
    gain = Trip(time=0, bought_at=0, sold_at=1, quantity=1, gain=2)
    assert "+2" in Page(render(trips=[gain])).words


@pytest.mark.parametrize("probability", [None, float("nan")])
def test_not_applicable_is_not_zero(probability: float | None) -> None:
    html = render(window={"account": "a", "symbol": "b", "probability": probability})
    words = Page(html).words
    assert "not applicable" in words
    assert "0%" not in words.split("Reasons")[0]
    assert 'class="gauge"' not in html


def test_trades_that_matter_are_a_table() -> None:
    words = Page(render(trades=[TRADE], asked=9)).words
    for cell in ("03-02 14:45:09", "buy", "1,200", "19.25", "4.0%", "61.3%", "28.7 pp", "9 pic"):
        assert cell in words
    chinese = Page(render("zh", trades=[TRADE], asked=9)).words
    for cell in ("买入", "28.7 个百分点", "9 张图像"):
        assert cell in chinese


def test_trades_beyond_the_list_are_counted() -> None:
    page = Page(render(trades=[TRADE] * (LISTED + 3)))
    assert page.words.count("03-02 14:45:09") == LISTED
    assert "3 more are in the JSON output." in page.words


def test_trades_left_out_together_and_without_an_answer() -> None:
    some = trade_row(replace(TRADE, fills=12, side="", place=None, without=None, fall=None), "en")
    assert (some["side"], some["place"], some["without"], some["fall"]) == (
        "12 fills",
        "–",
        "–",
        "–",
    )
    assert trade_row(replace(TRADE, fills=12), "en")["side"] == "buy 12 fills"
    assert trade_row(replace(TRADE, without=0.99995, fall=0.00004), "en")["fall"] == "0.004 pp"


@pytest.mark.parametrize(
    ("probability", "without", "said"),
    [(0.9, 0.9, "No single trade decides"), (0.9, None, "Can't be known"),
     (0.002, 0.001, "the probability is below 1%")],
)  # fmt: skip
def test_why_there_is_no_trade_to_show(
    probability: float, without: float | None, said: str
) -> None:
    trade = replace(TRADE, without=without, matters=False)
    window = {"account": "a", "symbol": "b", "probability": probability}
    assert said in Page(render(window=window, trades=[trade])).words


def test_harmless_readings_are_a_table() -> None:
    words = Page(render(benign=[READING])).words
    for cell in ("One large order in parts", "not ruled out", "80%", "75% or more", "Vaglica"):
        assert cell in words
    chinese = Page(render("zh", benign=[READING])).words
    for cell in ("大单拆分成交", "不能排除", "不低于 75%"):
        assert cell in chinese


@pytest.mark.parametrize(
    ("lang", "cells"),
    [
        ("en", ["Money moved", "12 matched trades between the two, 2% of", "acct-7 and acct-8",
                "at least 1,000.00", "likely 1,005.00, at most 1,010.50", "at least 990.50",
                "4.00", "-3.50 to 6.00", "10.50"]),
        ("zh", ["资金转移", "两者对敲 12 笔", "至少 1,000.00", "至多 1,010.50", "手续费"]),
    ],
)  # fmt: skip
def test_the_money_moved_is_a_table(lang: Lang, cells: list[str]) -> None:
    words = Page(render(lang, money=MONEY)).words
    for cell in cells:
        assert cell in words
    for absent in ("at most 990.50", "at least -3.50", "10 accounts"):
        assert absent not in words


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["measured against another venue's price", "against quoted prices"]),
        ("zh", ["以其他市场的价格为参考", "参考价为所给报价"]),
    ],
)
def test_quoted_prices_are_named(lang: Lang, words: list[str]) -> None:
    quoted = Page(render(lang, money=replace(MONEY, reference=Reference.VENUE))).words
    usual = Page(render(lang, money=MONEY)).words
    for said in words:
        assert said in quoted
        assert said not in usual


@pytest.mark.parametrize(("lang", "words"), [("en", "in that time"), ("zh", "统计这段时间内")])
@pytest.mark.parametrize("reference", [Reference.OTHERS, Reference.MIDQUOTE])
def test_the_note_names_no_look_back_of_its_own(
    lang: Lang, words: str, reference: Reference
) -> None:
    """The caption has the one that is set."""
    note = money_view(replace(MONEY, reference=reference), lang)["note"]
    assert words in note
    assert "seven" not in note
    assert "七天" not in note


def test_a_cluster_is_a_row_of_its_own() -> None:
    everybody = replace(PAIR, accounts=10, lost=Range(low=7000, middle=7000, high=7000))
    words = Page(render(money=replace(MONEY, trades=1, cluster=everybody))).words
    for cell in ("One matched trade between the two", "10 accounts", "at least 7,000.00"):
        assert cell in words
    assert "对敲" not in Page(render("zh", money=replace(MONEY, trades=1))).words.split("按计价")[0]


def test_money_that_cannot_be_known_is_not_zero() -> None:
    unknown = Range(low=None, middle=None, high=None)
    pair = replace(PAIR, lost=unknown, gained=unknown, third=unknown)
    words = Page(render(money=replace(MONEY, pair=pair))).words
    assert "Can't be known: no independent price near their trades." in words
    assert "at least" not in words
    assert "Money moved" not in Page(render()).words


def test_sentences_and_what_it_was_made_of() -> None:
    replay = {"model": "default", "data_sha256": "ab" * 32}
    words = Page(render(sentences=["One.", "Two."], replay=replay)).words
    for said in ("One.", "Two.", "Fills and candles, SHA-256", "ab" * 32):
        assert said in words


def test_rings_lie_on_the_picture_itself() -> None:
    one = np.array([10.0])
    rings = Rings(weight=np.array([1.0]), notes=["without it 61.3%"], label="matters")
    address = "data:image/png;base64,AAAA"
    marked = ringed_picture(address, one, one, rings, title="marked", width=20, height=20)
    page = Page(render(marked_svg=marked))
    assert [image["href"] for image in page.named("image")] == [address]
    assert "without it 61.3%" in page.words
    assert "A ring marks" in page.words
    assert "A ring marks" not in Page(render()).words


def test_what_people_named_is_never_markup() -> None:
    window = {"account": EVIL, "symbol": EVIL, "window_start": EVIL, "verdict": EVIL, "role": EVIL}
    html = render(
        window=window, figures={EVIL: 1}, reasons=[EVIL], sentences=[EVIL], model=EVIL,
        replay={EVIL: EVIL}, money=replace(MONEY, account=EVIL, other=EVIL),
    )  # fmt: skip
    page = Page(html)
    assert page.named("script") == []
    assert len(page.named("img")) == 1
    assert page.words.count("<script>alert(1)</script>") >= 10

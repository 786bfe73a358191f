from typing import Any

import numpy as np
import pytest

from tests.drawing.html import EVIL, Page
from tradeglyph.drawing.explanation import Trip, render_explanation
from tradeglyph.drawing.svg import candlestick_chart
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


def test_occlusion_is_shown_where_there_is_one() -> None:
    assert len(Page(render(occlusion=b"\x89PNG")).named("img")) == 2


def test_what_people_named_is_never_markup() -> None:
    window = {"account": EVIL, "symbol": EVIL, "window_start": EVIL, "verdict": EVIL, "role": EVIL}
    html = render(window=window, figures={EVIL: 1}, reasons=[EVIL], model=EVIL)
    page = Page(html)
    assert page.named("script") == []
    assert len(page.named("img")) == 1
    assert page.words.count("<script>alert(1)</script>") >= 6

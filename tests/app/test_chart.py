import re
from xml.etree import ElementTree

from tests.rows import DAY, FillRow, candles_of, days, fills_of
from tradeglyph.app.chart import window_chart

CANDLES = candles_of(
    [
        ("X", DAY - 300, 1.0, 2.0),  # the day before
        ("X", DAY, 9.0, 12.0),
        ("X", DAY + 86_100, 10.0, 13.0),  # the last of the day
        ("X", DAY + 86_400, 50.0, 60.0),  # the day after
        ("Y", DAY, 500.0, 600.0),
    ]
)
ROWS: list[FillRow] = [
    ("A", "X", DAY + 10, "buy", 9.5, 1.0),
    ("A", "X", DAY + 20, "sell", 11.5, 2.0),
    ("A", "X", DAY + 86_410, "buy", 55.0, 1.0),
    ("B", "Y", DAY + 10, "buy", 550.0, 1.0),
]


def words(svg: str) -> str:
    return " ".join(ElementTree.fromstring(svg).itertext())  # noqa: S314  our own text


def test_the_candles_and_fills_of_its_own_day_and_symbol() -> None:
    svg = window_chart(days(fills_of(ROWS)), CANDLES, 0, "en")
    said = words(svg)
    assert "A · X" in said
    assert "buy 1 @ 9.5" in said
    assert "sell 2 @ 11.5" in said
    for other in ("55", "550"):
        assert f"@ {other}" not in said
    prices = [float(n) for n in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.:])", said)]
    assert max(prices) < 50  # neither the next day's candle nor the other symbol's is drawn


def test_other_windows_and_other_words() -> None:
    windows = days(fills_of(ROWS))
    assert "@ 55" in words(window_chart(windows, CANDLES, 1, "en"))
    said = words(window_chart(windows, CANDLES, 2, "zh"))
    assert "B · Y" in said
    assert "买" in said
    assert "@ 550" in said


def test_a_day_without_candles_still_has_a_chart() -> None:
    svg = window_chart(days(fills_of([("A", "X", DAY + 9e6, "buy", 9.5, 1.0)])), CANDLES, 0, "en")
    assert svg.startswith("<svg")

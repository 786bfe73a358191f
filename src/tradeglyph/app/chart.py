"""The candlestick chart of one window: its day's candles with the account's fills on them."""

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.drawing.svg import Rings, candlestick_chart
from tradeglyph.drawing.texts import text
from tradeglyph.recognizers.reasons import Lang


def window_chart(
    windows: Windows,
    candles: Candles,
    at: int,
    lang: Lang,
    *,
    rings: Rings | None = None,
    width: int = 640,
    height: int = 260,
) -> str:
    """An `<svg>` of window `at`; `rings`, along its fills, mark those that matter."""
    fills = windows.fills
    rows = slice(int(windows.offset[at]), int(windows.offset[at + 1]))
    symbol = windows.symbol[at]
    shown = np.flatnonzero(
        (candles.symbol == symbol)
        & (candles.start >= windows.start[at])
        & (candles.start < windows.end[at])
    )
    return candlestick_chart(
        candles.start[shown],
        candles.open[shown],
        candles.high[shown],
        candles.low[shown],
        candles.close[shown],
        fills.time[rows],
        fills.price[rows],
        fills.side[rows],
        fills.quantity[rows],
        title=f"{fills.account_names[windows.account[at]]} · {fills.symbol_names[symbol]}",
        buy_label=text("buy", lang),
        sell_label=text("sell", lang),
        rings=rings,
        width=width,
        height=height,
    )

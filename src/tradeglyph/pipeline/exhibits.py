"""What an alert is kept with, so that a person can look at it and replay it."""

import csv
import io
from collections.abc import Iterable, Iterator

import numpy as np

from tradeglyph.domain.candles import Candles
from tradeglyph.domain.fills import BUY
from tradeglyph.domain.findings import Exhibit, Investigation
from tradeglyph.domain.instants import moment_of
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.domain.windows import Windows
from tradeglyph.picture.encode import encode_png
from tradeglyph.picture.fast import draw
from tradeglyph.picture.preview import preview
from tradeglyph.picture.spec import PictureSpec
from tradeglyph.pipeline.occlude import near
from tradeglyph.pipeline.place import place

PICTURE = "picture.png"
"""The picture of the gravest finding; those of others are picture-2.png and so on."""
TRADES, CANDLES = "trades.csv", "candles.csv"
MOST_PICTURES = 8

_TRADE_COLUMNS = (
    "account_id", "symbol", "time", "side", "price", "quantity", "trade_id", "counterparty_id",
    "fee",
)  # fmt: skip
_CANDLE_COLUMNS = ("symbol", "time", "open", "high", "low", "close", "volume")


def exhibits_of(
    answer: Investigation,
    rows: TradeRows,
    windows: Windows,
    candles: Candles,
    spec: PictureSpec,
) -> tuple[Exhibit, ...]:
    """The pictures of the findings that somebody has to look at, gravest first, and the account's
    trades and candles as files that `tradeglyph score` reads.

    Args:
        rows: the account's, of the window.
        windows: the account's, of any order.
        candles: of its symbols at least.
    """
    grave = [f.symbol for f in answer.findings if f.verdict in (Verdict.REVIEW, Verdict.HOLD)]
    names = windows.fills.symbol_names[windows.symbol].tolist()
    pictures = (
        Exhibit(
            name=PICTURE if nth == 0 else f"picture-{nth + 1}.png",
            media_type="image/png",
            content=_picture(windows.slice(at, at + 1), candles, spec),
        )
        for nth, at in enumerate(names.index(symbol) for symbol in grave[:MOST_PICTURES])
    )
    market = _market(windows, candles)
    return (
        *pictures,
        trades_file(rows),
        _table(CANDLES, _CANDLE_COLUMNS, _candle_lines(market, candles)),
    )


def trades_file(rows: TradeRows) -> Exhibit:
    """Trades as a file that `tradeglyph score` reads."""
    return _table(TRADES, _TRADE_COLUMNS, _trade_lines(rows))


def candles_file(candles: Candles) -> Exhibit:
    """Candles as a file that `tradeglyph score` reads."""
    everywhere = np.ones(len(candles), dtype=bool)
    return _table(CANDLES, _CANDLE_COLUMNS, _candle_lines(everywhere, candles))


def _picture(window: Windows, candles: Candles, spec: PictureSpec) -> bytes:
    market = near(candles, window)
    raster = draw(place(window, market), market, spec)[0]
    return encode_png(raster if spec.is_rgb else preview(raster, spec))


def _market(windows: Windows, candles: Candles) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Which candles lie in the windows."""
    if not len(windows):
        return np.zeros(len(candles), dtype=bool)
    inside = np.isin(candles.symbol, windows.symbol) & (candles.start < windows.end.max())
    return np.asarray(inside & (candles.start + candles.interval > windows.start.min()))


def _table(name: str, columns: Iterable[str], lines: Iterator[list[object]]) -> Exhibit:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return Exhibit(name=name, media_type="text/csv", content=out.getvalue().encode())


def _trade_lines(rows: TradeRows) -> Iterator[list[object]]:
    for at in np.argsort(rows.time, kind="stable").tolist():
        yield [
            rows.account_id[at],
            rows.symbol[at],
            _time(int(rows.time[at])),
            "buy" if rows.side[at] == BUY else "sell",
            repr(float(rows.price[at])),
            repr(float(rows.quantity[at])),
            rows.trade_id[at],
            rows.counterparty_id[at],
            _number(float(rows.fee[at])),
        ]


def _candle_lines(
    inside: "np.ndarray[tuple[int], np.dtype[np.bool_]]", candles: Candles
) -> Iterator[list[object]]:
    for at in np.flatnonzero(inside).tolist():
        yield [
            candles.symbol_names[candles.symbol[at]],
            _time(int(candles.start[at])),
            *(_number(float(getattr(candles, name)[at])) for name in _CANDLE_COLUMNS[2:]),
        ]


def _number(value: float) -> str:
    return "" if np.isnan(value) else repr(value)


def _time(micros: int) -> str:
    return moment_of(micros).isoformat()

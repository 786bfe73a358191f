"""One-sided gains of windows in a market written by hand: everybody else near 100."""

import numpy as np
import pytest

from tests.rows import DAY, FillRow, fills_of
from tradeglyph.domain.fills import MICROSECONDS
from tradeglyph.domain.references import Reference, ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline import one_sided
from tradeglyph.pipeline.one_sided import gains_said

HOUR = 3_600
DAY_S = 86_400
# Six trades of 10: three bought at 95, three sold at 105.
TAKER: list[FillRow] = [
    ("ann", "X", DAY + HOUR * at, side, price, 10.0)
    for at, (side, price) in enumerate((("buy", 95.0), ("sell", 105.0)) * 3, start=8)
]


def market(accounts: int, symbol: str = "X", day: int = 0, quantity: float = 1.0) -> list[FillRow]:
    """Each trades once every ten minutes all day, a second after the one before, at 100 or 101."""
    begin = DAY + day * DAY_S
    return [
        (f"m{who:02}", symbol, begin + 600 * slot + who, "buy", 100.0 + who % 2, quantity)
        for slot in range(144)
        for who in range(accounts)
    ]


def tape_of(rows: list[FillRow]) -> Tape:
    """A tape that tells no other side."""
    fills = fills_of(rows)
    fills = fills.take(np.lexsort((fills.time, fills.symbol)))
    none = np.full(len(fills), -1)
    return Tape(
        fills=fills, other=none.astype(np.int32), match=none, fee=np.full(len(fills), np.nan)
    )


def said(
    rows: list[FillRow],
    windows: list[tuple[str, int, int]],
    lang: str = "en",
    references: ReferencePrices | None = None,
) -> dict[int, str]:
    """What is said of windows of X: account, first day and hours."""
    tape = tape_of(rows)
    names = tape.fills.account_names.tolist()
    account = np.array([names.index(who) if who in names else -1 for who, _, _ in windows])
    start = np.array([(DAY + day * DAY_S) * MICROSECONDS for _, day, _ in windows])
    end = start + np.array([hours * HOUR * MICROSECONDS for _, _, hours in windows])
    symbol = np.zeros(len(windows), dtype=np.int64)
    found = gains_said(tape, account, symbol, start, end, lang, references=references)  # type: ignore[arg-type]
    return dict(found)


def test_the_gain_is_net_cash_where_the_day_ends_flat() -> None:
    """3 x 10 x (105 - 95) = 300 of 60 traded; the market traded 20 x 144."""
    (words,) = said([*market(20), *TAKER], [("ann", 0, 24)]).values()
    assert words == (
        "gained at least 300.00 beyond the market's prices in 6 trades (2% of what all accounts "
        "traded in the symbol), from whom is not known: weaker evidence"
    )


def test_a_loss_in_chinese() -> None:
    turned = [(*row[:3], "sell" if row[3] == "buy" else "buy", *row[4:]) for row in TAKER]
    (words,) = said([*market(20), *turned], [("ann", 0, 24)], "zh").values()
    assert words == (
        "对照行情至少多亏 300.00（6 笔成交，占各账户在该标的成交量的 2%）；"
        "亏给了谁无从得知，证据较弱"
    )


@pytest.mark.parametrize(
    ("rows", "who"),
    [
        ([*market(8), *TAKER], "ann"),
        ([*market(20, "Y"), *TAKER], "ann"),
        ([*market(20), *TAKER], "m03"),
        ([*market(20), *TAKER], "nobody"),
    ],
    ids=["too few for a reference", "none in the symbol", "at the market's price", "not there"],
)
def test_nothing_is_said(rows: list[FillRow], who: str) -> None:
    assert said(rows, [(who, 0, 24)]) == {}


def test_each_window_counts_its_own_trades() -> None:
    """Of the second day's trades the first knows nothing; a day of 25 hours counts one more."""
    later = [(*row[:2], row[2] + DAY_S - 7 * HOUR, *row[3:]) for row in TAKER[:4]]
    rows = [*market(20), *market(20, day=1), *TAKER, *later]
    found = said(rows, [("ann", 0, 24), ("m01", 0, 24), ("ann", 1, 24), ("ann", 0, 25)])
    assert {at: words.split(" beyond")[0] for at, words in found.items() if at != 3} == {
        0: "gained at least 300.00",
        2: "gained at least 200.00",
    }
    assert "in 6 trades" in found[0]
    assert "in 4 trades" in found[2]
    assert "in 6 trades" in found[3]


@pytest.mark.parametrize(("price", "quantity"), [(1e-12, 1e20), (1.0, 1e19), (1e-22, 1e25)])
def test_raw_units_of_a_token_are_measured_like_any(price: float, quantity: float) -> None:
    rows = [(*row[:4], row[4] * price, row[5] * quantity) for row in [*market(20), *TAKER]]
    (words,) = said(rows, [("ann", 0, 24)]).values()
    money = float(words.split("at least ")[1].split(" ")[0].replace(",", ""))
    assert money == pytest.approx(300 * price * quantity, rel=1e-6)


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for day in range(4) for row in market(20, day=day)]
    rows += [(*row[:2], row[2] + day * DAY_S, *row[3:]) for day in range(4) for row in TAKER]
    windows = [("ann", day, 24) for day in (2, 0, 3, 1)]
    whole = said(rows, windows)
    assert sorted(whole) == [0, 1, 2, 3]
    monkeypatch.setattr(one_sided, "BATCH", 1)
    assert said(rows, windows) == whole


def test_what_the_file_holds_besides_changes_nothing() -> None:
    rows = [*market(20), *TAKER]
    alone = said(rows, [("ann", 0, 24)])
    after = [*rows, *market(30, day=1, quantity=7.0), *market(30, "Y")]
    assert said(after, [("ann", 0, 24)]) == alone


def test_quoted_prices_of_each_day_where_nobody_else_trades() -> None:
    """Three bought at 95 where the midquote is 100, and the day after where it is 97; a quote of
    the third day, at the second one's end, has no part in it."""
    bought = [row for row in TAKER if row[3] == "buy"]
    later = [(who, of, at + DAY_S, side, p, q) for who, of, at, side, p, q in bought]
    time = (DAY + np.arange(2 * 1_440 + 1) * 60) * MICROSECONDS
    day = np.arange(len(time)) // 1_440
    quotes = ReferencePrices(
        symbol=np.zeros(len(time), dtype=np.int32),
        time=time,
        price=np.array([100.0, 97.0, 1.0])[day],
        kind=np.full(len(time), Reference.MIDQUOTE, dtype=np.int8),
        symbol_names=np.array(["X"], dtype=object),
    )
    windows = [("ann", 0, 24), ("ann", 1, 24)]
    assert said([*bought, *later], windows) == {}
    found = said([*bought, *later], windows, references=quotes)
    assert {at: words[:25] for at, words in found.items()} == {
        0: "gained at least 150.00 be",
        1: "gained at least 60.00 bey",
    }

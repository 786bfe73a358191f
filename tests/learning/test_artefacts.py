"""What carries no behaviour is found where an asker reads it, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from tests.learning.probing import by_window, market, mean_place, mean_price, name_length, weekday
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.windows import Windows
from tradeglyph.learning.artefacts import LIMIT, market_artefacts, moved, picture_artefacts
from tradeglyph.learning.probes import probe_of
from tradeglyph.picture.spec import DEFAULT, SEED

pytest.importorskip("PIL", reason="needs Pillow")


def moves(ask) -> dict[str, bool]:  # type: ignore[no-untyped-def]
    windows, candles = market()
    probe = probe_of(windows, candles, np.arange(len(windows)))
    return {row["name"]: row["held"] for row in market_artefacts(ask, probe)}


ALL = {"price_scale", "symbol_name", "day", "candles_outside"}


def test_an_asker_of_places_is_moved_by_nothing() -> None:
    assert moves(mean_place) == dict.fromkeys(ALL, True)


def highest(windows: Windows, candles: Candles) -> np.ndarray:
    """Reads the day's range of the symbol, wherever the account traded."""
    top = np.full(len(windows), -np.inf)
    at = np.searchsorted(windows.symbol, candles.symbol)  # symbols rise with the windows
    np.maximum.at(top, at, candles.high / candles.low)
    return top / 100


@pytest.mark.parametrize(
    ("ask", "caught"),
    [
        (by_window(mean_price), "price_scale"),
        (by_window(name_length), "symbol_name"),
        (by_window(weekday), "day"),
    ],
)
def test_an_asker_that_reads_what_it_should_not_is_caught(ask, caught: str) -> None:  # type: ignore[no-untyped-def]
    assert moves(ask) == {**dict.fromkeys(ALL, True), caught: False}


def test_candles_that_the_account_never_traded_in_are_read_by_one_who_looks_at_the_day() -> None:
    windows, candles = market(accounts=1)
    probe = probe_of(windows, candles, np.array([0]))
    held = {row["name"]: row["held"] for row in market_artefacts(highest, probe)}
    assert held["candles_outside"] is False


def test_candles_inside_the_span_stay() -> None:
    """Accounts trade in candles 10 to 14: 11 and 13, which they did not trade in, stay too."""
    windows, candles = market(accounts=1)
    probe = probe_of(windows, candles, np.array([0]))
    seen: list[Candles] = []

    def ask(asked: Windows, market_: Candles) -> np.ndarray:
        seen.append(market_)
        return np.zeros(len(asked))

    market_artefacts(ask, probe)
    gone, wilder = seen[-2:]
    assert len(gone) == 5
    same = wilder.high == probe.candles.high
    assert np.flatnonzero(same).tolist() == [10, 11, 12, 13, 14]


def test_moves_are_the_largest_over_all_changes() -> None:
    before = np.array([0.5, 0.1, np.nan])
    row = moved("x", before, [np.array([0.51, 0.1, np.nan]), np.array([0.5, 0.115, np.nan])])
    assert (row["windows"], row["changes"], row["over_limit"]) == (2, 2, 0)
    assert row["largest"] == pytest.approx(0.015)
    assert row["held"] is True
    assert moved("x", before, [np.array([0.5 + LIMIT, 0.1, np.nan])])["held"] is False


def test_an_answer_that_goes_or_comes_is_a_move() -> None:
    before = np.array([0.5, np.nan])
    for after in (np.array([np.nan, np.nan]), np.array([0.5, 0.9])):
        row = moved("x", before, [after])
        assert (row["largest"], row["held"]) == (1.0, False)


def ink(raster: np.ndarray) -> np.ndarray:
    """How much of a picture is not white."""
    return (raster.min(axis=3) < 250).mean(axis=(1, 2))


def coloured(raster: np.ndarray) -> np.ndarray:
    """Whether there is any red and any green: the same for dots of any size."""
    red = (raster[..., 0].astype(int) - raster[..., 1] > 100).any(axis=(1, 2))
    return red.astype(float) / 2


def test_dot_size_and_jpeg_quality_belong_to_pictures() -> None:
    windows, candles = market()
    assert picture_artefacts(ink, DEFAULT, windows, candles) == []
    held = {r["name"]: r["held"] for r in picture_artefacts(coloured, SEED, windows, candles)}
    assert held == {"dot_size": True, "jpeg_quality": True}


def test_one_who_measures_ink_is_moved_by_the_size_of_the_dots() -> None:
    windows, candles = market()
    rows = {r["name"]: r for r in picture_artefacts(lambda x: 20 * ink(x), SEED, windows, candles)}
    assert rows["dot_size"]["held"] is False
    assert rows["dot_size"]["windows"] == len(windows)


def test_one_who_reads_the_last_bit_is_moved_by_jpeg() -> None:
    windows, candles = market()
    last = replace(SEED, name="other")

    def bits(raster: np.ndarray) -> np.ndarray:
        return 20 * (raster % 2 == 0).mean(axis=(1, 2, 3))

    rows = {r["name"]: r for r in picture_artefacts(bits, last, windows, candles)}
    assert rows["jpeg_quality"]["held"] is False

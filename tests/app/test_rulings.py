"""Rulings for all thresholds against what `score` says at each."""

import numpy as np
import polars as pl
import pytest

from tradeglyph.app.counterparties import SIDES, weigh
from tradeglyph.app.market import Loaded, WindowRule, load
from tradeglyph.app.rulings import planted_rulings, rulings, trades_of
from tradeglyph.app.scoring import score_accounts, score_frame, score_windows
from tradeglyph.app.simulation import simulate_into
from tradeglyph.domain.lists import AccountLists
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.cut import cut
from tradeglyph.simulate.planting.plant import plant
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.tables import fills_of

BEHAVIOURS = ("hacker", "day_trader", "market_maker", "seed_normal", "drip")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("rulings")
    simulate_into(folder, 300, seed=79, scenarios=BEHAVIOURS)
    options = ReadOptions()
    files = (folder / f"{name}.parquet" for name in ("trades", "candles"))
    return load(*files, options, options, WindowRule(), lambda line: None)


@pytest.fixture(scope="module")
def scorer() -> OnnxScorer:
    return open_model("default")


def blind(trades: pl.DataFrame) -> pl.DataFrame:
    return trades.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in SIDES)


@pytest.mark.parametrize("sides", [True, False], ids=["other sides", "fills"])
def test_both_answers_of_the_rules_are_those_of_score(
    world: Loaded, scorer: OnnxScorer, sides: bool
) -> None:
    windows, candles = world.windows, world.candles
    trades = world.trades if sides else blind(world.trades)
    any_ = score_windows(windows, candles, scorer, 1.0, "en")
    ends = np.unique(windows.end)
    found = rulings(windows, trades, ends=ends, alone=any_.alone)
    split = rulings(windows, trades, ends=ends, alone=any_.alone, split=int(ends[0]))
    assert found.held.any() == sides
    assert found.cleared.any()
    for threshold in (0.0, 0.01, 0.9):
        scores = score_accounts(windows, candles, scorer, threshold, "en")
        suspected = scores.verdict == "review"
        frame = score_frame(windows, scores, "m")
        said = weigh(frame, trades, AccountLists(), "en", alone=scores.alone).scores
        verdict = said["verdict"].to_numpy()
        for ruled in (found, split):
            review = ruled.odd | (suspected & ~ruled.cleared)
            np.testing.assert_array_equal(verdict == "hold", ruled.held)
            np.testing.assert_array_equal((verdict == "hold") | (verdict == "review"), review)
        odd = np.flatnonzero(found.odd)
        assert said["role"].to_numpy()[odd].tolist() == found.role[odd].tolist()


@pytest.mark.parametrize("sides", [True, False], ids=["other sides", "fills"])
def test_a_plant_is_judged_as_score_would_judge_it_alone(
    world: Loaded, scorer: OnnxScorer, sides: bool
) -> None:
    """One plant at a time: its trades beside everybody's, in one file that `score` reads whole."""
    windows, candles = world.windows, world.candles
    trades = world.trades if sides else blind(world.trades)
    ends = np.unique(windows.end)
    verdicts = set()
    for seed in range(6):
        planted = plant(windows, candles, plants=1, seed=seed)
        rows = trades_of(planted.fills)
        if sides:
            names = planted.fills.account_names[planted.other]
            rows = rows.with_columns(counterparty_id=pl.Series(names, dtype=pl.String))
        everything = pl.concat([trades, rows], how="diagonal")
        fills = fills_of(everything, candles.symbol_names.tolist())
        whole = cut(fills, np.unique(np.concatenate([windows.start, windows.end])))
        scores = score_windows(whole, planted.candles, scorer, 0.0, "en")
        names = whole.fills.account_names[whole.account]
        plants = planted.plants
        at = np.array(
            [
                int(
                    np.flatnonzero(
                        (names == planted.fills.account_names[side[0]])
                        & (whole.symbol == plants.symbol[0])
                        & (whole.start == plants.window_start[0])
                    )[0]
                )
                for side in (plants.beneficiary, plants.victim)
            ]
        )
        said = (
            weigh(
                score_frame(whole, scores, "m"),
                everything,
                AccountLists(),
                "en",
                alone=scores.alone,
            )
            .scores["verdict"]
            .to_numpy()[at]
        )
        asked = cut(planted.fills, np.unique(np.concatenate([windows.start, windows.end])))
        order = [
            int(np.flatnonzero(asked.account == side[0])[0])
            for side in (plants.beneficiary, plants.victim)
        ]
        ruled = planted_rulings(
            asked.take(np.array(order)),
            trades,
            planted,
            ends=ends,
            alone=scores.alone[at],
        )
        suspected = ~scores.casual[at]
        wanted = np.where(
            ruled.held,
            "hold",
            np.where(ruled.odd | (suspected & ~ruled.cleared), "review", "quiet"),
        )
        assert said.tolist() == wanted.tolist()
        verdicts |= set(said)
    assert ("hold" in verdicts) == sides
    assert len(verdicts) > 1


def test_threads_change_no_ruling_on_plants(world: Loaded) -> None:
    """Fifty plants, of which the ledger shows some and not others, so that order is seen."""
    windows = world.windows
    planted = plant(windows, world.candles, plants=50, seed=1)
    plants, bounds = planted.plants, np.unique(np.concatenate([windows.start, windows.end]))
    cut_ = cut(planted.fills, bounds)
    keys = list(zip(cut_.account.tolist(), cut_.start.tolist(), strict=True))
    sides = np.concatenate([plants.beneficiary, plants.victim]).tolist()
    starts = np.tile(plants.window_start, 2).tolist()
    asked = cut_.take(np.array([keys.index(key) for key in zip(sides, starts, strict=True)]))
    one, four = (
        planted_rulings(
            asked,
            world.trades,
            planted,
            ends=np.unique(windows.end),
            alone=np.zeros(len(asked), dtype=bool),
            threads=threads,
        )
        for threads in (1, 4)
    )
    assert 0 < one.held.sum() < len(asked)
    for name in ("held", "odd", "cleared", "role"):
        np.testing.assert_array_equal(getattr(one, name), getattr(four, name))


def test_nothing_after_the_split_has_a_part_in_what_is_said_before_it(
    world: Loaded, scorer: OnnxScorer
) -> None:
    """Later trades that name no other side, of whom the whole file then knows too little."""
    windows, candles = world.windows, world.candles
    ends = np.unique(windows.end)
    split = int(ends[len(ends) // 2])
    later = pl.col("time").to_physical() >= split
    trades = world.trades.with_columns(
        pl.when(later).then(None).otherwise(pl.col(name)).alias(name) for name in SIDES
    )
    any_ = score_windows(windows, candles, scorer, 1.0, "en")
    early = windows.end <= split
    assert early.any()
    assert not early.all()
    seen = [
        rulings(windows, rows, ends=ends, alone=any_.alone, split=split)
        for rows in (world.trades, trades)
    ]
    for name in ("held", "odd", "cleared", "role"):
        first, second = (getattr(ruled, name)[early] for ruled in seen)
        np.testing.assert_array_equal(first, second)
    assert seen[0].held[~early].sum() > seen[1].held[~early].sum()

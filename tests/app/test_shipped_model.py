"""What the shipped model is for, on worlds that its training did not see."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tradeglyph.domain.candles import Candles
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.pipeline.score import Scores, score
from tradeglyph.simulate.population import Population, simulate

SEED = 20_261
"""Unlike the seed on the card of any shipped model."""
HONEST = ("day_trader", "scalper", "market_maker", "seed_normal", "accumulator", "crowd")


@cache
def _population() -> Population:
    return simulate(2_000, SEED, scenarios=("hacker", *HONEST[:-1]))


def _scores(candles: Candles) -> tuple[Scores, NDArray[np.object_]]:
    fills, labels = _population().fills, _population().labels
    windows = cut(fills, day_edges(int(fills.time.min()), int(fills.time.max())))
    scorer = open_model("default")
    scenario = dict(zip(labels.account.tolist(), labels.scenario.tolist(), strict=True))
    named = np.array([scenario[account] for account in windows.account.tolist()], dtype=object)
    spec = scorer.artifact.spec
    return score(windows, candles, scorer, spec, threshold=scorer.threshold), named


def _bare(candles: Candles) -> Candles:
    """High and low alone, as the seeds' file has them."""
    unknown = np.full(len(candles), np.nan)
    return replace(candles, open=unknown, close=unknown, volume=unknown)


def test_it_was_not_trained_on_these_worlds() -> None:
    assert open_model("default").artifact.card.data.seed not in (None, SEED)


@pytest.mark.parametrize("feed", ["whole", "high and low alone"])
def test_hackers_are_found_and_honest_accounts_are_left_alone(feed: str) -> None:
    candles = _population().candles
    scores, scenario = _scores(candles if feed == "whole" else _bare(candles))
    for fraud, role in (("hacker", "beneficiary"), ("victim", "victim")):
        of = scenario == fraud
        assert of.sum() > 100
        assert scores.flagged[of].mean() >= 0.9
        assert (scores.role[of & scores.flagged] == role).mean() >= 0.98
    for honest in HONEST:
        of = scenario == honest
        assert of.sum() > 100
        assert scores.flagged[of].mean() <= 0.02, honest
    assert not (scores.verdict == "hold").any()

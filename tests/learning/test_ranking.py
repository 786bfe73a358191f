import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.learning.ranking import (
    CURVE_POINTS,
    Cut,
    Ranking,
    areas,
    curves,
    pr_auc,
    resamples,
    roc_auc,
)

oracle_metrics = pytest.importorskip("sklearn.metrics", reason="needs the extra `train` or `plot`")

# Few distinct scores, so that ties are the rule.
labelled = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40).filter(
    lambda rows: len({fraud for fraud, _ in rows}) == 2
)


def rank(rows: list[tuple[bool, float]]) -> Ranking:
    fraud, score = zip(*rows, strict=True)
    return Ranking.of(np.array(fraud), np.array(score, dtype=float))


def test_areas_by_hand() -> None:
    rows = [(True, 0.9), (True, 0.4), (False, 0.4), (False, 0.1)]
    # Pairs: 0.9 wins twice, 0.4 ties once and wins once: 3.5 of 4.
    assert roc_auc(*rank(rows).masses()) == 0.875
    # Recall 1/2 at precision 1, the rest at precision 2/3.
    assert pr_auc(*rank(rows).masses()) == pytest.approx(0.5 + 0.5 * 2 / 3)


@given(labelled)
def test_areas_are_those_of_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    fraud, score = zip(*rows, strict=True)
    masses = rank(rows).masses()
    assert roc_auc(*masses) == pytest.approx(oracle_metrics.roc_auc_score(fraud, score))
    assert pr_auc(*masses) == pytest.approx(oracle_metrics.average_precision_score(fraud, score))


@given(labelled, st.data())
def test_a_weight_counts_a_window_so_many_times(
    rows: list[tuple[bool, float]], data: st.DataObject
) -> None:
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    repeated = [row for row, count in zip(rows, times, strict=True) for _ in range(count)]
    if len({fraud for fraud, _ in repeated}) < 2:
        return
    weighted = rank(rows).masses(np.array(times, dtype=float))
    for figure in (roc_auc, pr_auc):
        assert figure(*weighted) == pytest.approx(figure(*rank(repeated).masses()))


def test_one_class_has_no_area_and_no_curve() -> None:
    one = rank([(False, 0.1), (False, 0.2)])
    assert math.isnan(roc_auc(*one.masses()))
    assert math.isnan(pr_auc(*one.masses()))
    assert curves(one) == {"roc": [], "pr": []}


def test_curves_are_thin_whole_and_rising() -> None:
    rng = np.random.default_rng(3)
    fraud = rng.random(5000) < 0.2
    ranking = Ranking.of(fraud, rng.normal(size=5000) + 2 * fraud)
    drawn = curves(ranking)
    roc, pr = np.array(drawn["roc"]), np.array(drawn["pr"])
    assert len(roc) <= CURVE_POINTS
    assert len(pr) <= CURVE_POINTS
    assert roc[0].tolist() == [0, 0]
    assert roc[-1].tolist() == [1, 1]
    assert (np.diff(roc, axis=0) >= 0).all()
    # The last threshold flags all: its precision is the share of fraud.
    assert pr[-1].tolist() == [1, pytest.approx(fraud.mean())]
    assert np.trapezoid(roc[:, 1], roc[:, 0]) == pytest.approx(
        roc_auc(*ranking.masses()), abs=0.002
    )


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=60),
    st.floats(0, 1),
)
def test_a_cut_flags_just_the_share_it_was_made_for(values: list[int], share: float) -> None:
    score = np.array(values, dtype=float)
    assert Cut.at(score, share).flagged(score) == pytest.approx(share)


def test_a_cut_never_flags_what_is_not_applicable() -> None:
    score = np.array([2.0, -np.inf, -np.inf, -np.inf])
    for share in (0.5, 1.0):
        assert Cut.at(score, share).flagged(score) == 0.25
    assert math.isnan(Cut.at(score, 0.5).flagged(np.empty(0)))


def test_resamples_draw_whole_groups() -> None:
    group = np.array([0, 0, 1, 1, 1, 2])
    for weight in resamples(group, 20, seed=1):
        assert len(set(weight[:2])) == 1
        assert len(set(weight[2:5])) == 1
        assert weight[[0, 2, 5]].sum() == 3
    assert list(resamples(np.zeros(4, dtype=int), 5, seed=1)) == []


def test_copies_of_windows_inside_their_group_do_not_narrow_an_interval() -> None:
    rng = np.random.default_rng(5)
    fraud, group = rng.random(300) < 0.4, rng.integers(0, 12, 300)
    score = rng.normal(size=300) + fraud
    once = areas(Ranking.of(fraud, score), group, bootstrap=50, seed=2)
    tenfold = areas(
        Ranking.of(np.tile(fraud, 10), np.tile(score, 10)), np.tile(group, 10), bootstrap=50, seed=2
    )
    for name in ("roc_auc", "pr_auc"):
        assert tenfold[name] == pytest.approx(once[name])
        assert once[name]["low"] < once[name]["value"] < once[name]["high"]

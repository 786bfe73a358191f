"""Each window is scored by a tree that saw other worlds only."""

from dataclasses import replace

import numpy as np
import pytest

from tradeglyph.learning import crossfit as crossfit_module
from tradeglyph.learning.baselines import DOT_COUNTER, HAND_RULE, PIXEL_COUNTER, TREE, count_pixels
from tradeglyph.learning.crossfit import FOLDS, Worlds, crossfit
from tradeglyph.picture.spec import DEFAULT, SEED

EACH = 40


def worlds_of(n: int, seed: int = 0) -> Worlds:
    rng = np.random.default_rng(seed)
    rule = (np.arange(n) % 3 == 0).astype(float)
    return Worlds(
        dots=rng.integers(2, 40, n).astype(float),
        pixels=rng.integers(10, 400, n).astype(float),
        features=np.stack([rng.normal(size=n), rule], axis=1),
        feature_names=("noise", "hand_rule"),
        money=rng.random(n),
    )


def labels_of(n: int) -> np.ndarray:
    return (np.arange(n) % 2).astype(np.int8)


def groups_of(n: int, count: int) -> np.ndarray:
    return np.array([f"X|2024-01-{1 + i % count:02}" for i in range(n)])


def test_no_window_is_scored_by_its_own_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of a window is hidden in its features; the tree's place is taken by a witness."""
    n, group = 12 * EACH, groups_of(12 * EACH, 12)
    number = np.arange(n, dtype=float)
    worlds = Worlds(
        dots=number,
        pixels=number,
        features=np.stack([number, np.zeros(n)], axis=1),
        feature_names=("number", "hand_rule"),
        money=number,
    )
    asked: list[np.ndarray] = []

    def witness(features, label, own, seed, boosting):  # type: ignore[no-untyped-def]
        seen, scored = features[:, 0].astype(int), own[:, 0].astype(int)
        assert not set(group[seen]) & set(group[scored])
        assert len(seen) + len(scored) == n
        np.testing.assert_array_equal(label, labels_of(n)[seen])
        asked.append(scored)
        return own[:, 0] + 0.5

    monkeypatch.setattr(crossfit_module, "boosted", witness)
    scores = crossfit(worlds, labels_of(n), group)
    assert set(scores) == {DOT_COUNTER, PIXEL_COUNTER, TREE, HAND_RULE}
    assert len(asked) == 3 * FOLDS
    assert np.bincount(np.concatenate(asked)).tolist() == [3] * n
    # Every score came back to the window that was asked about.
    np.testing.assert_array_equal(scores[TREE], number + 0.5)


def test_a_count_that_tells_the_classes_apart_does_so_across_worlds() -> None:
    n = 8 * EACH
    label = labels_of(n)
    worlds = worlds_of(n)
    telling = Worlds(
        dots=np.where(label == 1, 30.0, 5.0) + worlds.dots % 3,
        pixels=worlds.pixels,
        features=worlds.features,
        feature_names=worlds.feature_names,
        money=worlds.money,
    )
    scores = crossfit(telling, label, groups_of(n, 8))
    assert scores[DOT_COUNTER][label == 1].min() > scores[DOT_COUNTER][label == 0].max()
    noise = scores[PIXEL_COUNTER]
    above = (noise[label == 1][:, None] > noise[label == 0][None, :]).mean()
    assert 0.3 < above < 0.7


def test_same_input_same_scores_and_the_names_of_worlds_do_not_matter() -> None:
    n = 6 * EACH
    group = groups_of(n, 6)
    first = crossfit(worlds_of(n), labels_of(n), group)
    again = crossfit(worlds_of(n), labels_of(n), np.char.replace(group, "X|", "Y|"))
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])


def test_the_hand_rule_stands_alone_where_worlds_are_too_few() -> None:
    n = 3 * EACH
    scores = crossfit(worlds_of(n), labels_of(n), groups_of(n, FOLDS - 1))
    assert list(scores) == [HAND_RULE]
    np.testing.assert_array_equal(scores[HAND_RULE], (np.arange(n) % 3 == 0).astype(float))


def test_the_hand_rule_stands_alone_where_a_fold_would_learn_one_class() -> None:
    n = FOLDS * EACH
    group = groups_of(n, FOLDS)
    label = (group == group[0]).astype(np.int8)  # all fraud is in one world
    assert list(crossfit(worlds_of(n), label, group)) == [HAND_RULE]


def test_a_rule_that_has_nothing_to_say_is_silent() -> None:
    worlds = worlds_of(4)
    features = worlds.features.copy()
    features[1, 1] = np.nan
    silent = Worlds(
        dots=worlds.dots,
        pixels=worlds.pixels,
        features=features,
        feature_names=worlds.feature_names,
        money=worlds.money,
    )
    scores = crossfit(silent, labels_of(4), groups_of(4, 1))
    assert scores[HAND_RULE].tolist() == [1.0, 0.0, 0.0, 1.0]


def test_a_feature_that_nobody_has_takes_no_part() -> None:
    n = 8 * EACH
    worlds = worlds_of(n)
    unknown = np.column_stack([worlds.features, np.full(n, np.nan)])
    wider = replace(worlds, features=unknown, feature_names=(*worlds.feature_names, "habit"))
    plain, more = (crossfit(w, labels_of(n), groups_of(n, 8))[TREE] for w in (worlds, wider))
    np.testing.assert_array_equal(plain, more)


def test_take_keeps_columns_together() -> None:
    worlds = worlds_of(9)
    rows = np.array([7, 0, 3])
    taken = worlds.take(rows)
    for name in ("dots", "pixels", "features", "money"):
        np.testing.assert_array_equal(getattr(taken, name), getattr(worlds, name)[rows])
    assert taken.feature_names == worlds.feature_names


def test_pixels_are_those_of_the_baselines() -> None:
    raster = np.zeros((2, *DEFAULT.shape), dtype=np.uint8)
    raster[1, 0, 3, 4] = raster[1, 1, 3, 4] = raster[1, 0, 5, 6] = 9  # two places, three values
    assert Worlds.pixels_of(raster, DEFAULT).tolist() == [0.0, 2.0]
    white = np.full((1, *SEED.shape), 255, dtype=np.uint8)
    white[0, :2, :3, 1] = 0
    assert Worlds.pixels_of(white, SEED).tolist() == [6.0]
    assert Worlds.pixels_of(white, SEED).tolist() == count_pixels(white, SEED).tolist()

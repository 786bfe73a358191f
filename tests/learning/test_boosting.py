import sys
import threading
from functools import partial

import numpy as np
import pytest

from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.learning.boosting import FEATURES, ONE_COUNT, boosted, side_by_side

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")


def rows(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Fraud where the first feature is over 1, whatever the second is."""
    features = np.random.default_rng(seed).normal(size=(n, 2))
    return features, (features[:, 0] > 1).astype(np.int8)


@pytest.mark.parametrize("boosting", [FEATURES, ONE_COUNT])
def test_a_threshold_is_learnt(boosting) -> None:  # type: ignore[no-untyped-def]
    asked, truth = rows(500, seed=1)
    scores = boosted(*rows(1500, seed=0), asked, 0, boosting)
    near = np.abs(asked[:, 0] - 1) < 0.05  # a bin may lie across the edge
    assert scores[(truth == 1) & ~near].min() > scores[(truth == 0) & ~near].max()


def test_a_column_of_which_nothing_is_known_changes_nothing() -> None:
    features, label = rows(400, seed=2)
    unknown = np.column_stack([features, np.full(400, np.nan)])
    asked = np.column_stack([features, np.arange(400.0)])  # known only where it is asked
    np.testing.assert_array_equal(
        boosted(unknown, label, asked, 0), boosted(features, label, features, 0)
    )


def test_no_window_is_no_score_and_one_class_is_refused() -> None:
    features, label = rows(100, seed=3)
    assert boosted(features, label, features[:0], 0).shape == (0,)
    with pytest.raises(InputError, match="one class"):
        boosted(features, np.zeros(100, dtype=np.int8), features, 0)


def test_jobs_run_beside_each_other_and_answer_in_their_order() -> None:
    seen = set()

    def job(number: int) -> np.ndarray:
        seen.add(threading.get_ident())
        return np.array([float(number)])

    assert [a[0] for a in side_by_side([partial(job, n) for n in range(20)])] == list(range(20))
    assert threading.get_ident() not in seen
    assert side_by_side([]) == []


def test_missing_scikit_learn_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtra, match=r"tradeglyph\[train\]"):
        boosted(np.ones((2, 1)), np.array([0, 1], dtype=np.int8), np.ones((1, 1)), 0)

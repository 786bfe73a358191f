import dataclasses
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
import torch

from tests.learning.worlds import chart_samples, places_samples
from tradeglyph.domain.errors import InputError
from tradeglyph.learning.folder import Samples
from tradeglyph.learning.options import TrainOptions
from tradeglyph.learning.train import (
    FLOOR,
    Progress,
    Trained,
    data_hash,
    learning_rate,
    pick_device,
    predict,
    train,
)

QUICK = TrainOptions(epochs=2, batch_size=16, device="cpu", threads=1)


def weights(trained: Trained) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in trained.net.state_dict().items()}


def same(one: Trained, other: Trained) -> bool:
    first, second = weights(one), weights(other)
    return all(np.array_equal(first[name], second[name]) for name in first)


def test_learns_what_a_count_cannot_tell() -> None:
    samples = places_samples(256)
    trained = train(samples, dataclasses.replace(QUICK, epochs=8))
    assert trained.epochs[-1]["val_accuracy"] >= 0.95
    assert trained.epochs[-1]["val_loss"] < trained.epochs[0]["val_loss"]
    logits = predict(trained.net, samples.rasters[samples.val_rows])
    wanted = (samples.label[samples.val_rows] == 1) == (logits > 0)
    assert wanted.mean() == trained.epochs[-1]["val_accuracy"]


def test_a_seed_repeats_to_the_bit_and_another_does_not() -> None:
    samples = places_samples()
    first = train(samples, QUICK)
    assert same(first, train(samples, QUICK))
    assert not same(first, train(samples, dataclasses.replace(QUICK, seed=1)))


def test_validation_windows_are_not_learned_from() -> None:
    samples = places_samples()
    other = samples.rasters.copy()
    other[samples.val_rows] = 7
    changed = dataclasses.replace(samples, rasters=other)
    assert same(train(samples, QUICK), train(changed, QUICK))


def test_every_training_window_is_learned_from() -> None:
    samples = places_samples(24)
    first = train(samples, QUICK)
    for row in samples.train_rows[:3]:
        other = samples.rasters.copy()
        other[row, :, :, 0] = 99
        assert not same(first, train(dataclasses.replace(samples, rasters=other), QUICK))


def test_leaves_torch_as_it_was() -> None:
    torch.manual_seed(5)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    trained = train(places_samples(32), dataclasses.replace(QUICK, threads=threads + 1))
    assert trained.threads == threads + 1
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), before)


def test_says_every_step_and_every_epoch() -> None:
    told: list[Progress] = []
    samples = places_samples(64)
    train(samples, QUICK, progress=told.append)
    # 48 training windows are 3 steps of 16; each epoch ends with one more line.
    assert [(p.epoch, p.step) for p in told] == [
        (1, 1), (1, 2), (1, 3), (1, 3), (2, 4), (2, 5), (2, 6), (2, 6),
    ]  # fmt: skip
    assert {(p.epochs, p.steps) for p in told} == {(2, 6)}
    assert [p.val_loss is None for p in told] == [True, True, True, False] * 2


def test_both_classes_weigh_the_same() -> None:
    samples = places_samples(64)
    label = samples.label.copy()
    label[np.flatnonzero(label)[::2]] = 0
    trained = train(dataclasses.replace(samples, label=label), QUICK)
    normal, fraud = trained.class_weights
    counts = np.bincount(label[samples.train_rows])
    assert normal * counts[0] == pytest.approx(fraud * counts[1])
    assert normal * counts[0] + fraud * counts[1] == pytest.approx(counts.sum())


def test_one_class_is_refused() -> None:
    samples = places_samples(16)
    only = dataclasses.replace(samples, label=np.zeros_like(samples.label))
    with pytest.raises(InputError, match="0 fraud and 12 normal; training needs both"):
        train(only, QUICK)


def test_without_validation_there_are_no_figures() -> None:
    samples = places_samples(16)
    frame = samples.frame.with_columns(split=pl.lit("train"))
    trained = train(dataclasses.replace(samples, frame=frame), QUICK)
    assert trained.epochs[0]["val_loss"] is None
    assert trained.epochs[0]["val_accuracy"] is None


def test_trains_charts_and_both_architectures() -> None:
    samples = chart_samples(16)
    for arch in ("compact", "resnet18"):
        trained = train(samples, dataclasses.replace(QUICK, arch=arch, epochs=1))
        assert np.isfinite(predict(trained.net, samples.rasters[:2])).all()


def test_mirrored_pictures_run_backwards_in_time_and_nothing_else() -> None:
    samples = chart_samples(16)
    mirrored = dataclasses.replace(QUICK, mirror=True)
    assert not same(train(samples, QUICK), train(samples, mirrored))
    there_and_back = np.maximum(samples.rasters, samples.rasters[:, :, ::-1])
    symmetric = dataclasses.replace(samples, rasters=there_and_back)
    assert same(train(symmetric, QUICK), train(symmetric, mirrored))
    np.testing.assert_array_equal(samples.rasters, chart_samples(16).rasters)


def test_pictures_without_a_time_scale_are_not_mirrored() -> None:
    with pytest.raises(InputError, match="--mirror is for pictures of spec seed"):
        train(places_samples(), dataclasses.replace(QUICK, mirror=True))


def test_device() -> None:
    assert pick_device("cpu").type == "cpu"
    assert pick_device("auto").type in {"cpu", "cuda", "mps"}
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="--device cuda: torch can't use it here"):
            pick_device("cuda")


def test_learning_rate_rises_and_falls() -> None:
    rates = [learning_rate(step, 100, 1.0) for step in range(100)]
    # A tenth of the steps rises by equal parts; half way down the cosine is at its middle.
    assert rates[:10] == pytest.approx(np.arange(1, 11) / 10)
    assert rates[10] == 1.0
    assert rates[55] == pytest.approx((1 + FLOOR) / 2)
    assert all(a >= b for a, b in pairwise(rates[9:]))
    assert FLOOR <= rates[-1] < FLOOR + 0.001


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_learning_rate_of_a_very_short_run(steps: int) -> None:
    rates = [learning_rate(step, steps, 0.5) for step in range(steps)]
    assert rates[0] == 0.5
    assert all(0 < rate <= 0.5 for rate in rates)


def _one_pixel(samples: Samples) -> Samples:
    rasters = samples.rasters.copy()
    rasters[3, 0, 0, 0] ^= 1
    return dataclasses.replace(samples, rasters=rasters)


def _one_label(samples: Samples) -> Samples:
    label = samples.label.copy()
    label[0] ^= 1
    return dataclasses.replace(samples, label=label)


def _one_split(samples: Samples) -> Samples:
    split = ["val", *samples.frame["split"][1:]]
    return dataclasses.replace(samples, frame=samples.frame.with_columns(split=pl.Series(split)))


@pytest.mark.parametrize("change", [_one_pixel, _one_label, _one_split])
def test_data_hash_knows_every_part(change: object) -> None:
    samples = places_samples(16)
    assert data_hash(samples) == data_hash(places_samples(16))
    assert data_hash(change(samples)) != data_hash(samples)  # type: ignore[operator]

import dataclasses
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.learning.test_train import QUICK, same
from tests.learning.worlds import places_samples
from tradeglyph.domain.errors import InputError
from tradeglyph.learning.checkpoint import FILE, discard_checkpoint, load_checkpoint
from tradeglyph.learning.net import build_net
from tradeglyph.learning.options import TrainOptions
from tradeglyph.learning.train import Progress, train

OPTIONS = TrainOptions(epochs=4, batch_size=16, seed=3, device="cpu", threads=1)

KILLED = """
import os, signal, sys
from pathlib import Path
from tests.learning.test_checkpoint import OPTIONS
from tests.learning.worlds import places_samples
from tradeglyph.learning.train import train

def progress(now):
    if (now.epoch, now.step) == (3, 14):
        os.kill(os.getpid(), signal.SIGKILL)

train(places_samples(), OPTIONS, checkpoint=Path(sys.argv[1]), progress=progress)
"""


class StoppedError(Exception):
    """Raised in the middle of a run."""


def _stop_in_epoch(epoch: int) -> object:
    def progress(now: Progress) -> None:
        if now.epoch == epoch:
            raise StoppedError

    return progress


def test_a_killed_run_ends_with_the_bits_of_an_uninterrupted_one(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    resumed = train(places_samples(), OPTIONS, checkpoint=folder)
    assert resumed.resumed_from == 2
    whole = train(places_samples(), OPTIONS)
    assert same(resumed, whole)
    assert resumed.epochs == whole.epochs


@pytest.mark.parametrize("arch", ["compact", "resnet18"])
def test_goes_on_to_the_bit_after_an_interruption(tmp_path: Path, arch: str) -> None:
    # The ResNet has running statistics, which must be kept too.
    samples, options = places_samples(32), dataclasses.replace(QUICK, arch=arch)
    with pytest.raises(StoppedError):
        train(samples, options, checkpoint=tmp_path, progress=_stop_in_epoch(2))  # type: ignore[arg-type]
    resumed = train(samples, options, checkpoint=tmp_path)
    assert resumed.resumed_from == 1
    assert same(resumed, train(samples, options))


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    samples = places_samples(32)
    first = train(samples, QUICK, checkpoint=tmp_path)
    told: list[Progress] = []
    again = train(samples, QUICK, checkpoint=tmp_path, progress=told.append)
    assert same(first, again)
    assert (again.resumed_from, told) == (2, [])


def test_is_arrays_without_pickle(tmp_path: Path) -> None:
    train(places_samples(32), QUICK, checkpoint=tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [FILE]
    with np.load(tmp_path / FILE, allow_pickle=False) as archive:
        kinds = {archive[name].dtype.kind for name in archive}
    assert kinds == {"f", "u"}


@pytest.mark.parametrize(
    ("change", "words"),
    [({"seed": 9}, "seed was 0, is 9"), ({"epochs": 5}, "epochs was 2, is 5")],
)
def test_other_options_are_refused(tmp_path: Path, change: dict[str, int], words: str) -> None:
    samples = places_samples(32)
    train(samples, QUICK, checkpoint=tmp_path)
    with pytest.raises(InputError, match=words) as caught:
        train(samples, dataclasses.replace(QUICK, **change), checkpoint=tmp_path)  # type: ignore[arg-type]
    assert f"delete {tmp_path} to begin anew" in str(caught.value)


def test_other_data_is_refused(tmp_path: Path) -> None:
    train(places_samples(32), QUICK, checkpoint=tmp_path)
    with pytest.raises(InputError, match="data was"):
        train(places_samples(32, seed=1), QUICK, checkpoint=tmp_path)


def test_another_device_or_number_of_threads_goes_on(tmp_path: Path) -> None:
    samples = places_samples(32)
    train(samples, QUICK, checkpoint=tmp_path)
    auto = dataclasses.replace(QUICK, device="auto", threads=0)
    assert train(samples, auto, checkpoint=tmp_path).resumed_from == 2


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    samples = places_samples(32)
    train(samples, QUICK, checkpoint=tmp_path)
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"checkpoint\.npz: can't be read"):
        train(samples, QUICK, checkpoint=tmp_path)


def test_what_a_killed_run_left_half_written_is_not_read(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.partial").write_bytes(b"half")
    samples = places_samples(32)
    assert train(samples, QUICK, checkpoint=tmp_path).resumed_from == 0
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_an_unwritable_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="can't be written"):
        train(places_samples(32), QUICK, checkpoint=tmp_path / "file")


def test_no_checkpoint_changes_nothing(tmp_path: Path) -> None:
    net = build_net("compact", places_samples(8).spec)
    before = [p.clone() for p in net.parameters()]
    optimizer = torch.optim.AdamW(net.parameters())
    assert load_checkpoint(tmp_path / "none", net, optimizer, key={}) == []
    assert all(torch.equal(a, b) for a, b in zip(before, net.parameters(), strict=True))


def test_discard_leaves_what_is_not_ours(tmp_path: Path) -> None:
    ours, mixed = tmp_path / "ours", tmp_path / "mixed"
    for folder in (ours, mixed):
        folder.mkdir()
        (folder / FILE).write_bytes(b"x")
    (mixed / "notes.txt").write_text("keep")
    discard_checkpoint(ours)
    discard_checkpoint(mixed)
    discard_checkpoint(tmp_path / "none")
    assert not ours.exists()
    assert [p.name for p in mixed.iterdir()] == ["notes.txt"]

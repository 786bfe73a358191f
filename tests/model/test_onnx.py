import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.model.tiny import tiny_folder, tiny_onnx
from tradeglyph.domain.errors import ArtifactError
from tradeglyph.model import onnx as module
from tradeglyph.model.artifact import load_artifact
from tradeglyph.model.onnx import LogitModel, OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.picture.spec import DEFAULT
from tradeglyph.ports.scorer import Scorer


@pytest.fixture
def scorer(tmp_path: Path) -> OnnxScorer:
    return OnnxScorer(load_artifact(tiny_folder(tmp_path / "m")))


def _rasters(*full_pixels: int) -> np.ndarray:
    """Rasters with so many pixels of 255: their logit is that number less 2."""
    rasters = np.zeros((len(full_pixels), *DEFAULT.shape), dtype=np.uint8)
    for row, pixels in enumerate(full_pixels):
        rasters[row].reshape(-1)[:pixels] = 255
    return rasters


def test_is_a_scorer(scorer: OnnxScorer) -> None:
    port: Scorer = scorer
    digest = scorer.artifact.card.weights_sha256
    assert port.name == f"tiny@{digest[:12]}"
    assert port.spec_hash == DEFAULT.hash
    assert port.threshold == 0.5


def test_logit_and_probability_by_hand(scorer: OnnxScorer) -> None:
    rasters = _rasters(0, 2, 5)
    assert scorer.logit(rasters) == pytest.approx([-2, 0, 3], abs=1e-5)
    # sigmoid(2 * logit - 1)
    wanted = 1 / (1 + np.exp([5.0, 1.0, -5.0]))
    assert scorer.probability(rasters) == pytest.approx(wanted, rel=1e-5)
    assert scorer.probability(rasters).dtype == np.float64


def test_no_window_no_answer(scorer: OnnxScorer) -> None:
    assert scorer.probability(_rasters()).shape == (0,)


def test_blocks_join_in_order(scorer: OnnxScorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", 3 * int(np.prod(DEFAULT.shape)))
    assert scorer.logit(_rasters(*range(10))) == pytest.approx(np.arange(10) - 2.0, abs=1e-5)


def test_a_strided_view_is_read_as_it_looks(scorer: OnnxScorer) -> None:
    assert scorer.logit(_rasters(*range(8))[::-2]) == pytest.approx([5, 3, 1, -1], abs=1e-5)


def test_many_threads_ask_one_session(scorer: OnnxScorer, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    real = module.ort.InferenceSession

    def counted(*args: object, **options: object) -> object:
        made.append(1)
        return real(*args, **options)

    monkeypatch.setattr(module.ort, "InferenceSession", counted)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda k: scorer.logit(_rasters(k))[0], range(32)))
    assert answers == pytest.approx(np.arange(32) - 2.0, abs=1e-4)
    assert len(made) == 1


@pytest.mark.parametrize(
    "raster",
    [
        np.zeros((1, 32, 96, 8), dtype=np.uint8),
        np.zeros(DEFAULT.shape, dtype=np.uint8),
        np.zeros((1, *DEFAULT.shape), dtype=np.float32),
    ],
)
def test_another_picture_is_refused(scorer: OnnxScorer, raster: np.ndarray) -> None:
    with pytest.raises(ArtifactError, match=r"reads uint8 rasters of shape \(n, 8, 32, 96\)"):
        scorer.probability(raster)


def test_bytes_that_are_no_network() -> None:
    model = LogitModel(b"no network", DEFAULT.shape, source="models/x")
    with pytest.raises(ArtifactError, match=r"^models/x: the runtime can't load it"):
        model.logit(_rasters(1))


@pytest.mark.parametrize(
    "onnx", [tiny_onnx(name="picture"), tiny_onnx(shape=(3, 32, 96))], ids=["name", "shape"]
)
def test_a_network_with_other_ends(onnx: bytes) -> None:
    model = LogitModel(onnx, DEFAULT.shape, source="models/x")
    with pytest.raises(ArtifactError, match=r"^models/x: takes"):
        model.logit(_rasters(1))


def test_scores_without_torch_or_polars(tmp_path: Path) -> None:
    folder = tiny_folder(tmp_path / "m")
    code = f"""
import sys
for name in ("torch", "polars", "onnx", "sklearn", "matplotlib", "PIL"):
    sys.modules[name] = None
import numpy as np
from tradeglyph.model.shipped import open_model
print(open_model({str(folder)!r}).logit(np.zeros((1, 8, 32, 96), dtype=np.uint8))[0])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("-2.0", "")


def test_a_picture_alone_is_answered_as_among_others() -> None:
    """It is cut to the same columns, so that the network does the same sums."""
    model = open_model("default")
    random = np.random.default_rng(0)
    rasters = random.integers(0, 256, (7, *model.artifact.spec.shape), dtype=np.uint8)
    for picture, columns in zip(rasters, (0, 1, 7, 8, 9, 95, 96), strict=True):
        picture[..., columns:] = 0
    alone = [model.logit(picture[None]) for picture in rasters]
    assert [len(one) for one in alone] == [1] * 7
    np.testing.assert_array_equal(np.concatenate(alone), model.logit(rasters))

import warnings

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch

from tests.learning.worlds import chart_samples, places_samples
from tradeglyph.domain.errors import TradeglyphError
from tradeglyph.learning.export import IR_VERSION, OPSET, check_parity, export_onnx
from tradeglyph.learning.folder import Samples
from tradeglyph.learning.net import build_net
from tradeglyph.learning.train import predict
from tradeglyph.picture.spec import DEFAULT

PLACES = places_samples(20)


def _net(arch: str, samples: Samples, seed: int = 0) -> torch.nn.Module:
    """With running statistics that are not those of a fresh network."""
    torch.manual_seed(seed)
    net = build_net(arch, samples.spec).train()
    with torch.no_grad():
        for _ in range(3):
            net(torch.from_numpy(samples.rasters))
    return net.eval()


@pytest.fixture(scope="module")
def places() -> bytes:
    return export_onnx(_net("compact", PLACES), DEFAULT, PLACES.rasters)


@pytest.mark.parametrize(
    ("arch", "samples"),
    [("compact", chart_samples(8)), ("resnet18", chart_samples(4))],
    ids=["compact", "resnet18"],
)
def test_the_runtime_answers_as_torch_for_any_number_of_charts(arch: str, samples: Samples) -> None:
    net = _net(arch, samples)
    _answers_as_torch(export_onnx(net, samples.spec, samples.rasters), net, samples)


def test_the_runtime_answers_as_torch_for_any_number_of_places(places: bytes) -> None:
    _answers_as_torch(places, _net("compact", PLACES), PLACES)


def _answers_as_torch(content: bytes, net: torch.nn.Module, samples: Samples) -> None:
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    session = ort.InferenceSession(content, providers=["CPUExecutionProvider"])
    for count in (1, 3, len(samples)):
        rasters = samples.rasters[:count]
        (logits,) = session.run(["logit"], {"raster": rasters})
        assert logits.shape == (count,)
        assert logits.dtype == np.float32
        assert logits == pytest.approx(predict(net, rasters), rel=1e-4, abs=1e-4)


def test_weights_are_inside_and_old_runtimes_read_it(places: bytes) -> None:
    model = onnx.load_from_string(places)
    assert not any(tensor.external_data for tensor in model.graph.initializer)
    assert [(o.domain, o.version) for o in model.opset_import] == [("", OPSET)]
    assert model.ir_version == IR_VERSION <= 10
    assert len(places) < 400_000


def test_names_no_file_of_the_exporting_machine(places: bytes) -> None:
    for word in (b".py", b"site-packages", b"/home", b"/tmp", b"forward"):
        assert word not in places


def test_equal_networks_give_equal_bytes_in_silence(
    places: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        again = export_onnx(_net("compact", PLACES), DEFAULT, PLACES.rasters)
    assert again == places
    assert capfd.readouterr() == ("", "")
    assert caught == []


def test_another_network_is_not_at_parity(places: bytes) -> None:
    assert check_parity(places, _net("compact", PLACES), DEFAULT, PLACES.rasters) <= 1e-4
    with pytest.raises(TradeglyphError, match="answers otherwise than the trained one"):
        check_parity(places, _net("compact", PLACES, 1), DEFAULT, PLACES.rasters)


def test_a_network_that_gives_no_number_is_not_at_parity(places: bytes) -> None:
    net = _net("compact", PLACES)
    with torch.no_grad():
        next(net.parameters()).fill_(torch.nan)
    with pytest.raises(TradeglyphError, match="answers otherwise"):
        check_parity(places, net, DEFAULT, PLACES.rasters)

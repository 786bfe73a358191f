import pytest
import torch

from tradeglyph.learning.resnet import ResNet18
from tradeglyph.picture.spec import DEFAULT, SEED

TORCHVISION_WEIGHTS = 11_689_512
"""Stated in torchvision's documentation of `ResNet18_Weights`, with 1,000 classes."""


def _torchvision_names() -> set[str]:
    """The names in a torchvision checkpoint of ResNet-18, written down from its definition."""
    norm = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    names = {"conv1.weight", "fc.weight", "fc.bias"} | {f"bn1.{n}" for n in norm}
    for layer in range(1, 5):
        for block in (0, 1):
            prefix = f"layer{layer}.{block}"
            for half in (1, 2):
                names.add(f"{prefix}.conv{half}.weight")
                names |= {f"{prefix}.bn{half}.{n}" for n in norm}
        if layer > 1:
            names.add(f"layer{layer}.0.downsample.0.weight")
            names |= {f"layer{layer}.0.downsample.1.{n}" for n in norm}
    return names


def test_names_are_torchvisions() -> None:
    assert set(ResNet18(SEED).state_dict()) == _torchvision_names()
    assert set(ResNet18(DEFAULT).state_dict()) == _torchvision_names()


def test_size_is_torchvisions_but_for_the_last_layer() -> None:
    weights = sum(p.numel() for p in ResNet18(SEED).parameters())
    assert weights == TORCHVISION_WEIGHTS - 513 * 1000 + 513


def test_a_checkpoint_loads_without_its_last_layer() -> None:
    net = ResNet18(SEED)
    state = {k: torch.zeros_like(v) for k, v in net.state_dict().items() if k[:3] != "fc."}
    missing = net.load_state_dict(state, strict=False)
    assert (missing.missing_keys, missing.unexpected_keys) == (["fc.weight", "fc.bias"], [])


def test_stages_have_the_sizes_of_the_paper() -> None:
    # Table 1 for 150 x 250: halved by conv1, the pool and each of layers 2 to 4, rounded up.
    net = ResNet18(SEED).eval()
    seen: dict[str, tuple[int, ...]] = {}
    for name in ("conv1", "layer1", "layer2", "layer3", "layer4"):
        getattr(net, name).register_forward_hook(
            lambda module, inputs, output, name=name: seen.update({name: tuple(output.shape[1:])})
        )
    net(torch.zeros((1, *SEED.shape), dtype=torch.uint8))
    assert seen == {
        "conv1": (64, 75, 125),
        "layer1": (64, 38, 63),
        "layer2": (128, 19, 32),
        "layer3": (256, 10, 16),
        "layer4": (512, 5, 8),
    }


def test_rgb_is_normalised_as_torchvisions_checkpoints_want_it() -> None:
    net = ResNet18(SEED).eval()
    seen: list[torch.Tensor] = []
    net.conv1.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    raster = torch.zeros((1, *SEED.shape), dtype=torch.uint8)
    raster[0, 7, 9] = torch.tensor([255, 0, 51], dtype=torch.uint8)
    net(raster)
    wanted = [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225]
    assert seen[0][0, :, 7, 9].tolist() == pytest.approx(wanted, abs=1e-5)

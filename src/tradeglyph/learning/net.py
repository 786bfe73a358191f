"""The networks that can be trained, by name."""

from collections.abc import Callable

from torch import nn

from tradeglyph.domain.errors import InputError
from tradeglyph.learning.compact import ChartNet, PlacesNet
from tradeglyph.learning.resnet import ResNet18
from tradeglyph.picture.spec import PictureSpec


def _compact(spec: PictureSpec) -> nn.Module:
    return PlacesNet(spec) if spec.layout == "places" else ChartNet(spec)


ARCHITECTURES: dict[str, Callable[[PictureSpec], nn.Module]] = {
    "compact": _compact,
    "resnet18": ResNet18,
}


def build_net(arch: str, spec: PictureSpec) -> nn.Module:
    """A network with fresh weights from torch's generator.

    It takes uint8 rasters of shape (n, *spec.shape) and gives logits of fraud, shape (n,).
    Raises InputError for an unknown architecture.
    """
    if arch not in ARCHITECTURES:
        raise InputError(f"unknown --arch {arch!r}; there are: {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[arch](spec)

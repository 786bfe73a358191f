import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from tradeglyph.domain.errors import InputError
from tradeglyph.learning.net import ARCHITECTURES, build_net
from tradeglyph.picture.spec import DEFAULT, SEED, PictureSpec

SPECS = pytest.mark.parametrize("spec", [DEFAULT, SEED], ids=lambda s: s.name)


def random_rasters(spec: PictureSpec, count: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, *spec.shape), dtype=torch.uint8, generator=generator)


@SPECS
@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_takes_bytes_as_they_are_stored_and_gives_one_logit_each(
    arch: str, spec: PictureSpec
) -> None:
    logits = build_net(arch, spec).eval()(random_rasters(spec, 3))
    assert logits.shape == (3,)
    assert logits.dtype == torch.float32


@SPECS
@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_a_window_is_answered_alone_as_among_others(arch: str, spec: PictureSpec) -> None:
    net, rasters = build_net(arch, spec).eval(), random_rasters(spec, 4)
    alone = torch.cat([net(rasters[i : i + 1]) for i in range(4)])
    torch.testing.assert_close(alone, net(rasters), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("spec", "multiply_adds", "weights"),
    [(DEFAULT, 4_000_000, 100_000), (SEED, 15_000_000, 300_000)],
    ids=["default", "seed"],
)
def test_compact_is_small(spec: PictureSpec, multiply_adds: int, weights: int) -> None:
    net = build_net("compact", spec).eval()
    with FlopCounterMode(display=False) as counter:
        net(random_rasters(spec, 1))
    # The counter counts a multiply-add as two.
    assert 0 < counter.get_total_flops() / 2 <= multiply_adds
    assert sum(p.numel() for p in net.parameters()) < weights


def test_unknown_architecture() -> None:
    with pytest.raises(InputError, match="'vgg'; there are: compact, resnet18"):
        build_net("vgg", DEFAULT)

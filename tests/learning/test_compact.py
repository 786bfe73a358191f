import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.learning.worlds import places_samples
from tradeglyph.learning.compact import PER_COLUMN, ChartNet, PlacesNet
from tradeglyph.picture.spec import DEFAULT, SEED

FEATURES = 64
BUY, SELL = DEFAULT.channels.index("buy"), DEFAULT.channels.index("sell")


def _places(seed: int = 0) -> PlacesNet:
    torch.manual_seed(seed)
    return PlacesNet(DEFAULT).eval()


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_what_stands_in_columns_without_a_fill_has_no_influence(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plain = places_samples(4, seed).rasters
    noisy = plain.copy()
    empty = (plain[:, [BUY, SELL]].max(axis=(1, 2)) == 0)[:, None, None, :]
    others = [c for c in range(len(DEFAULT.channels)) if c not in (BUY, SELL)]
    noise = rng.integers(0, 256, plain[:, others].shape, dtype=np.uint8)
    noisy[:, others] = np.where(empty, noise, plain[:, others])
    assert (noisy != plain).any()
    net = _places()
    torch.testing.assert_close(net(torch.from_numpy(noisy)), net(torch.from_numpy(plain)))


def test_every_channel_of_an_occupied_column_counts() -> None:
    net, plain = _places(), places_samples(2).rasters
    before = net(torch.from_numpy(plain))
    for channel in range(len(DEFAULT.channels)):
        changed = plain.copy()
        changed[:, channel, :, 0] = 200
        assert not torch.allclose(net(torch.from_numpy(changed)), before, atol=1e-6)


def test_up_and_down_are_not_alike() -> None:
    net, plain = _places(), places_samples(2).rasters
    flipped = np.ascontiguousarray(plain[:, :, ::-1])
    before, after = net(torch.from_numpy(plain)), net(torch.from_numpy(flipped))
    assert not torch.allclose(before, after, atol=1e-6)


def test_a_run_of_columns_is_read_the_same_wherever_it_stands() -> None:
    # With a free column on both sides, the neighbours and the pools are the same.
    raster = np.zeros((2, *DEFAULT.shape), dtype=np.uint8)
    run = places_samples(1, 3).rasters[0, :, :, :8]
    raster[0, :, :, 5:13], raster[1, :, :, 60:68] = run, run
    first, second = _places()(torch.from_numpy(raster))
    torch.testing.assert_close(first, second)


def test_how_many_columns_there_are_is_known() -> None:
    # Mean and maximum are the same for far-apart copies of one column; the plain sum tells.
    raster = np.zeros((2, *DEFAULT.shape), dtype=np.uint8)
    for row, columns in enumerate(([10], [10, 50, 80])):
        raster[row, BUY, 30, columns] = raster[row, SELL, 1, columns] = 255
    net = _places()
    seen: list[torch.Tensor] = []
    net.head.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    net(torch.from_numpy(raster))
    (mean1, largest1, sum1), (mean3, largest3, sum3) = seen[0][:, : 3 * FEATURES].view(2, 3, -1)
    torch.testing.assert_close(mean1, mean3)
    torch.testing.assert_close(largest1, largest3)
    torch.testing.assert_close(3 * sum1, sum3)
    assert bool((sum1 > 0).any())


def test_no_fill_at_all_is_a_number() -> None:
    empty = torch.zeros((1, *DEFAULT.shape), dtype=torch.uint8)
    assert torch.isfinite(_places()(empty)).all()
    assert torch.isfinite(ChartNet(SEED).eval()(empty.new_full((1, *SEED.shape), 255))).all()


def test_white_is_nothing_to_a_chart() -> None:
    # With all biases and running means zero, a network without ink stays zero up to its head.
    torch.manual_seed(0)
    net = ChartNet(SEED).eval()
    seen: list[torch.Tensor] = []
    net.head.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    net(torch.full((1, *SEED.shape), 255, dtype=torch.uint8))
    assert bool((seen[0] == 0).all())


def test_the_first_layer_reads_four_times_the_share_of_a_byte() -> None:
    raster = torch.zeros((1, *DEFAULT.shape), dtype=torch.uint8)
    raster[0, BUY, 31, 0] = 51
    net = _places()
    seen: list[torch.Tensor] = []
    net.mix1.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    net(raster)
    weight = net.stem.weight[:, BUY * DEFAULT.height + 31, 0]
    # 4 * 51 / 255, and of what is spelt out: bought at the low, which is -1.
    spelt_out = net.stem.weight[:, -PER_COLUMN, 0]
    wanted = torch.relu(weight * 0.8 - spelt_out + net.stem.bias)
    torch.testing.assert_close(seen[0][0, :, 0], wanted)


def test_what_two_pixels_say_together_is_spelt_out() -> None:
    """Bought at the low, a tenth of the volume; sold a quarter below the high, a fifth."""
    raster = torch.zeros((1, *DEFAULT.shape), dtype=torch.uint8)
    buy_share, sell_share = (DEFAULT.channels.index(f"{side}_share") for side in ("buy", "sell"))
    raster[0, BUY, 31, 3], raster[0, buy_share, 31, 3] = 200, 20
    # Shared between two rows, 7 and 8 of 31: at 7.75 of the height from the top.
    raster[0, SELL, 7, 3], raster[0, SELL, 8, 3] = 50, 150
    raster[0, sell_share, 7, 3], raster[0, sell_share, 8, 3] = 10, 30
    facts = _places()._facts(raster)[0]
    wanted = [-1.0, 0.5, 0.1, 0.2, 1.0, 0.75, 0.75, 0.75**2, 0.75 * 0.1]
    torch.testing.assert_close(facts[:, 3], torch.tensor(wanted))
    assert float(facts[:, 4:].abs().sum()) == 0.0


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_empty_columns_may_be_cut_off(seed: int) -> None:
    rasters = places_samples(4, seed).rasters
    used = int(np.flatnonzero((rasters[:, [BUY, SELL]] > 0).any(axis=(0, 1, 2))).max()) + 1
    net = _places()
    whole = net(torch.from_numpy(rasters))
    cut = net(torch.from_numpy(np.ascontiguousarray(rasters[..., :used])))
    torch.testing.assert_close(cut, whole)

"""Small networks of our own, one for each layout of a picture."""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv1d, conv2d

from tradeglyph.picture.spec import PictureSpec

DROPOUT = 0.1
SIDES = 2
"""The first planes of layout `places` are the places of buys and of sells."""
LAST_PLACED = "sell_share"
"""Planes up to this one differ from row to row; the others say one thing of a whole candle."""

BYTE = 255.0
"""Pixels count in shares of it. The first layer's weights are divided by it, not every pixel: the
same products, and the export does it once."""
SCALE = 4.0 / BYTE
"""Few of a column's inputs are not zero; so many times a share lets them be heard at once."""


PER_COLUMN = 9
"""Facts of a column that are spelt out, see `_facts`."""


def _head(inputs: int, hidden: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(DROPOUT), nn.Linear(hidden, 1)
    )


class PlacesNet(nn.Module):
    """Layout `places`: reads each candle's column as a whole, then its neighbours.

    A column is a set of places in one candle, in which up and down are not alike, so that the
    first kernel spans the whole height and one column. Columns without a fill are set to zero
    after every layer: they carry no behaviour, and what a spec may draw there has no influence.
    So empty columns at the right can be cut off without changing the answer.

    What a column says in two of its pixels together, the mean place of a side and its share of the
    volume, is spelt out for it (`_facts`): a layer of sums would have to learn a quotient.
    """

    any_width = True

    def __init__(self, spec: PictureSpec, features: int = 64) -> None:
        super().__init__()
        self.spec = spec
        self.placed = spec.channels.index(LAST_PLACED) + 1
        whole = len(spec.channels) - self.placed
        # A kernel over the whole height is one over a single row of channels x height inputs.
        self.stem = nn.Conv1d(self.placed * spec.height + whole + PER_COLUMN, features, 1)
        self.mix1 = nn.Conv1d(features, features, 3, padding=1)
        self.mix2 = nn.Conv1d(features, features, 3, padding=1)
        self.head = _head(3 * features + 4 * PER_COLUMN, features)

    def forward(self, raster: Tensor) -> Tensor:
        """Logits, shape (n,)."""
        mask = self._occupied(raster)
        facts = self._facts(raster) * mask
        places = raster[:, : self.placed].flatten(1, 2).float()
        # What is said of a whole candle stands in all of its rows: one of them is enough, and 32
        # equal inputs would drown the single pixel of a fill.
        whole = raster[:, self.placed :, 0].float()
        columns = torch.cat([places, whole, facts / SCALE], dim=1)
        x = torch.relu(conv1d(columns, self.stem.weight * SCALE, self.stem.bias)) * mask
        x = x + torch.relu(self.mix1(x)) * mask
        x = x + torch.relu(self.mix2(x)) * mask
        total = x.sum(dim=2)
        mean = total / mask.sum(dim=2).clamp(min=1.0)
        # Nothing is negative here and empty columns are zero, so that this is the masked maximum.
        largest = x.amax(dim=2)
        pooled = torch.cat([mean, largest, total / self.spec.width, *self._pooled(facts)], dim=1)
        return self.head(pooled).squeeze(1)

    def _facts(self, raster: Tensor) -> Tensor:
        """Shape (n, 9, width), zero in empty columns; what an absent side would say is zero.

        Mean place of the buys and of the sells, from -1 at the low to 1 at the high; the share of
        either in the volume as its plane has it; whether both are there; and of those columns how
        far the sells are above the buys, without sign, squared, and times the smaller share.
        """
        ink = raster[:, :SIDES].float()
        total = ink.sum(dim=2)
        up = torch.linspace(1.0, -1.0, self.spec.height, device=raster.device)
        known = total.clamp(min=1.0)
        place = (ink * up[None, None, :, None]).sum(dim=2) / known
        share = raster[:, SIDES : 2 * SIDES].float().sum(dim=2) / known
        trip = (total > 0).float().prod(dim=1, keepdim=True)
        gap = (place[:, 1:] - place[:, :1]) * trip / 2
        smaller = share.amin(dim=1, keepdim=True)
        return torch.cat([place, share, trip, gap, gap.abs(), gap * gap, gap * smaller], dim=1)

    def _pooled(self, facts: Tensor) -> list[Tensor]:
        """Each of shape (n, 9): mean over the trips, the highest, the lowest, and how much in all
        on a scale of its logarithm."""
        trips = facts[:, 4:5].sum(dim=2).clamp(min=1.0)
        total = facts.sum(dim=2)
        return [
            (facts * facts[:, 4:5]).sum(dim=2) / trips,
            # An empty column is zero, and there may be none.
            facts.amax(dim=2).clamp(min=0.0),
            facts.amin(dim=2).clamp(max=0.0),
            total.sign() * torch.log1p(total.abs()),
        ]

    def _occupied(self, raster: Tensor) -> Tensor:
        """1 where a column has a fill, else 0, shape (n, 1, width)."""
        ink = raster[:, :SIDES].flatten(1, 2).amax(dim=1, keepdim=True)
        return (ink > 0).float()


class _Separable(nn.Module):
    """A depthwise 3 x 3 and a pointwise convolution (MobileNet, arXiv:1704.04861)."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, padding=1, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class ChartNet(nn.Module):
    """Layout `chart`: a strided, depthwise separable CNN for coloured dots."""

    def __init__(self, spec: PictureSpec) -> None:
        super().__init__()
        self.spec = spec
        # A dot is about 12 pixels wide: a stride of 4 still sees each.
        self.stem = nn.Conv2d(len(spec.channels), 24, 5, 4, padding=2, bias=False)
        self.layers = nn.Sequential(
            nn.BatchNorm2d(24),
            nn.ReLU(inplace=True),
            _Separable(24, 48, 2),
            _Separable(48, 96, 1),
            _Separable(96, 128, 2),
            _Separable(128, 128, 1),
        )
        self.head = _head(2 * 128, 64)

    def forward(self, raster: Tensor) -> Tensor:
        """Logits, shape (n,)."""
        # The complement of a byte: white is zero, as the padding is, and the edge no feature.
        ink = raster.bitwise_not().permute(0, 3, 1, 2).float()
        x = conv2d(ink, self.stem.weight / BYTE, stride=4, padding=2)
        x = self.layers(x)
        pooled = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1)
        return self.head(pooled).squeeze(1)

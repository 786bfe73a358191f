"""Picture specs: everything that decides a raster, with a hash that a model remembers.

Two layouts:

`chart`   time runs to the right and price upwards, as on a k-line chart whose k-line is hidden
          (seed document, section 1.2.4: red buys, green sells, no axes, 2.5 x 1.5 in at dpi 100).
`places`  one column for each candle the account traded in, in order of time; upwards runs the
          place of a fill inside its own candle, 0 at the low and 1 at the high. The k-line is not
          hidden but divided out, because a buy at the low and a sell at the high of one candle is
          what defines the fraud.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Literal

Layout = Literal["chart", "places"]
Rgb = tuple[int, int, int]

GEOMETRY_VERSION = 1
"""Raised when the meaning of a field changes, so that an old model refuses new pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSpec:
    """A picture's size, layout and channels. Two specs are one if their hashes are equal."""

    name: str
    layout: Layout
    height: int
    """Pixels from top to bottom."""
    width: int
    """Pixels from left to right; in layout `places`, the most columns there can be."""
    channels: tuple[str, ...]
    """Names of the planes of a raster."""
    buy_colour: Rgb = (255, 0, 0)
    sell_colour: Rgb = (0, 128, 0)
    dot_area: float = 80.0
    """Layout `chart`: area of a dot in square points, matplotlib's `s`."""
    dpi: int = 100
    axes: tuple[float, float, float, float] = (0.125, 0.11, 0.9, 0.88)
    """Layout `chart`: left, bottom, right, top of the plot as shares of the picture."""
    margin: float = 0.05
    """Layout `chart`: share of the data's span left free on each side."""
    candle_width_s: float = 86.4
    """Layout `chart`: width of a hidden k-line bar (0.001 day), which widens the time axis."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of one raster: (height, width, 3) for `chart`, (channels, height, width) else."""
        if self.layout == "chart":
            return (self.height, self.width, len(self.channels))
        return (len(self.channels), self.height, self.width)

    @property
    def is_rgb(self) -> bool:
        """Whether a raster is itself a picture for people."""
        return self.layout == "chart"

    @property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of every field and the geometry's version."""
        return _hash(self, GEOMETRY_VERSION)


@lru_cache(maxsize=64)
def _hash(spec: PictureSpec, geometry: int) -> str:
    fields = {"geometry": geometry, **asdict(spec)}
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


SEED = PictureSpec(
    name="seed", layout="chart", height=150, width=250, channels=("red", "green", "blue")
)

DEFAULT = PictureSpec(
    name="default",
    layout="places",
    height=32,
    width=96,
    channels=(
        "buy",
        "sell",
        "buy_share",
        "sell_share",
        "candle_ticks",
        "candle_range",
        "round_trip",
        "pause",
    ),
)

SPECS: dict[str, PictureSpec] = {spec.name: spec for spec in (DEFAULT, SEED)}
"""The specs a command line can name."""

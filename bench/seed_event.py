"""One event the seeds' way: the picture of one symbol drawn by their matplotlib calls, written as a
JPEG, and read by their network, a ResNet-18 at 250 x 150; one event after the other.

What comes before it in their flow (the account's trades and k-lines asked for over the network) is
left out, so that the times are lower bounds. Measured in the same run as what they stand beside.
"""

import time
from io import BytesIO

import numpy as np
from PIL import Image

from bench.drawing import sequence_jpeg, workload
from bench.inference import seeds_network
from tradeglyph.picture.spec import SEED

EVENTS = 60
WARM_UP = 3


def seed_event_ms(events: int = EVENTS) -> np.ndarray:
    """Milliseconds of each of so many events; shape (events,)."""
    placed, candles = workload(events + WARM_UP)
    network = seeds_network()
    times = []
    for number in range(events + WARM_UP):
        begin = time.perf_counter()
        with Image.open(BytesIO(sequence_jpeg(placed, candles, number))) as picture:
            size = (SEED.shape[1], SEED.shape[0])
            raster = np.asarray(picture.convert("RGB").resize(size), dtype=np.uint8)
        network.logit(raster[None])
        times.append(1_000 * (time.perf_counter() - begin))
    return np.array(times[WARM_UP:])

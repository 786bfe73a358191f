"""Draw the golden pictures anew: `python -m tests.picture.golden`."""

from PIL import Image

from tests.picture.golden import FOLDER, SCENES, scene
from tradeglyph.drawing.faithful import faithful
from tradeglyph.picture.encode import encode_png
from tradeglyph.picture.places import places_raster
from tradeglyph.picture.spec import DEFAULT, SEED

for name, (bars, dots) in SCENES.items():
    (FOLDER / f"{name}.png").write_bytes(encode_png(faithful(*scene(bars, dots), SEED, 0)))

# Layout `places` has no second painter: its golden planes were looked at once, and hold the
# geometry still. They stand below each other, so that one grey picture shows all of them.
for name, (bars, dots) in SCENES.items():
    raster = places_raster(*scene(bars, dots), DEFAULT)[0]
    planes = Image.fromarray(raster.reshape(-1, DEFAULT.width))
    planes.save(FOLDER / f"{name}.places.png", compress_level=9)

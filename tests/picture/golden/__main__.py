"""Draw the golden pictures anew: `python -m tests.picture.golden`."""

from tests.picture.golden import FOLDER, SCENES, scene
from tradeglyph.drawing.faithful import faithful
from tradeglyph.picture.encode import encode_png
from tradeglyph.picture.spec import SEED

for name, (bars, dots) in SCENES.items():
    (FOLDER / f"{name}.png").write_bytes(encode_png(faithful(*scene(bars, dots), SEED, 0)))

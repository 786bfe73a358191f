"""Makes the pictures of the README: `python docs/images.py`, from the repository's root."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tradeglyph.drawing.faithful import places_picture
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.pipeline.place import place
from tradeglyph.simulate.population import simulate

SEED = 11
SHOWN = ("hacker", "victim", "day_trader", "market_maker")
WIDTH, HEIGHT = 760, 270
FONT = ImageFont.load_default(16)


def main() -> None:
    """Four behaviours, drawn as the model's picture is, large and with words."""
    population = simulate(600, SEED)
    fills = population.fills
    windows = cut(fills, day_edges(int(fills.time.min()), int(fills.time.max())))
    placed = place(windows, population.candles)
    scenario = dict(zip(population.labels.account, population.labels.scenario, strict=True))
    sheet = Image.new("RGB", (2 * WIDTH, 2 * (HEIGHT + 24)), "white")
    pen = ImageDraw.Draw(sheet)
    for number, name in enumerate(SHOWN):
        at = next(i for i, account in enumerate(windows.account) if scenario[account] == name)
        picture = places_picture(placed, population.candles, at, width=WIDTH, height=HEIGHT)
        corner = (number % 2 * WIDTH, number // 2 * (HEIGHT + 24))
        pen.text((corner[0] + 34, corner[1] + 3), name.replace("_", " "), fill="black", font=FONT)
        sheet.paste(Image.fromarray(np.asarray(picture)), (corner[0], corner[1] + 24))
    sheet.quantize(128).save(Path("docs/img/pictures.png"), optimize=True)


if __name__ == "__main__":
    main()

"""Makes the pictures of the documents: `python docs/images.py`, from the repository's root.

With a name (`pictures`, `statement`) only those. The report of a statement is photographed by
`chromium`, which must be there.
"""

import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
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


PAGE_WIDTH, PAGE_HEIGHT = 1180, 1700
OTHERS = ("便利店", "超市", "早餐店", "水电费", "京东", "滴滴", "张伟", "王芳")


def pictures() -> None:
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


def statement() -> None:
    """The report of half a year of an account, with a few things to ask about."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "statement.csv")
        path.write_text(_statement(), encoding="utf-8")
        for lang, name in (("en", "statement.png"), ("zh", "statement.zh-CN.png")):
            words = ["--profile", "audit", "--lang", lang, "--out", "report.html"]
            _run([sys.executable, "-m", "tradeglyph", "statement", path.name, *words], folder)
            _run(
                ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars",
                 f"--window-size={PAGE_WIDTH},{PAGE_HEIGHT}", "--screenshot=report.png",
                 "report.html"], folder,
            )  # fmt: skip
            with Image.open(Path(folder, "report.png")) as image:
                image.convert("RGB").quantize(128).save(Path("docs/img", name), optimize=True)


def _run(command: list[str], folder: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _statement() -> str:
    chance = random.Random(SEED)  # noqa: S311
    moved = []
    day = datetime.fromisoformat("2025-01-02")
    while day < datetime.fromisoformat("2025-06-30"):
        for _ in range(chance.randrange(4)):
            time = day + timedelta(seconds=chance.randrange(8 * 3600, 22 * 3600))
            amount = round(chance.uniform(5, 400), 2)
            moved.append((time, -amount, "消费", chance.choice(OTHERS)))
        if day.day == 10:
            moved.append((day + timedelta(hours=9, minutes=2), 28_000.0, "代发工资", "甲公司"))
        day += timedelta(days=1)
    moved += _odd()
    balance, lines = 63_900.0, ["账号,6222020000000000001,,,,", "户名:张三,,,,,"]
    lines.append("交易时间,收入,支出,余额,摘要,对方户名")
    for number, (time, amount, summary, other) in enumerate(sorted(moved)):
        balance = round(balance + amount, 2)
        printed = balance - 5_000 if number == 2 * len(moved) // 3 else balance
        sides = f"{amount:.2f}," if amount > 0 else f",{-amount:.2f}"
        lines.append(f"{time:%Y-%m-%d %H:%M:%S},{sides},{printed:.2f},{summary},{other}")
    return "\n".join(lines) + "\n"


def _odd() -> list[tuple[datetime, float, str, str]]:
    """Money passed through, a crowded hour, and a large payment at night."""
    passed = datetime.fromisoformat("2025-02-20 10:03:00")
    crowd = datetime.fromisoformat("2025-03-24 14:01:00")
    return [
        (passed, 200_000.0, "往来款", "乙贸易有限公司"),
        (passed + timedelta(minutes=38), -120_000.0, "转账", "李四"),
        (passed + timedelta(minutes=59), -79_000.0, "转账", "王五"),
        *((crowd + timedelta(minutes=4 * n), -2_900.0, "转账", f"丙{n % 4}") for n in range(13)),
        (datetime.fromisoformat("2025-05-06 02:10:03"), -60_000.0, "转账", "丁"),
    ]


MADE = {"pictures": pictures, "statement": statement}

if __name__ == "__main__":
    for name in sys.argv[1:] or MADE:
        MADE[name]()

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.command import done, refused
from tests.cli.files import CANDLES, HEADER, market, table

HOSTILE = (
    "../../evil",
    "/etc/passwd",
    "..",
    "a\\b",
    "con:aux|*?",
    "<script>alert(1)</script>",
    "名" * 100,
    "x" * 300,
    "A B",
    "A_B",
    "A\tB",
    "-rf",
)


def index(folder: Path) -> list[dict[str, str]]:
    return table(folder / "pictures.csv")


def drawn(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()} - {"pictures.csv"}


@pytest.mark.parametrize("renderer", ["fast", "faithful"])
@pytest.mark.parametrize(
    ("spec", "form"), [("seed", ("JPEG", (250, 150))), ("default", ("PNG", None))]
)
def test_a_picture_for_every_window(tmp_path: Path, renderer: str, spec: str, form: tuple) -> None:  # type: ignore[type-arg]
    arguments = market(tmp_path)
    result = done(
        "draw", *arguments, "--out", "p", "--spec", spec, "--renderer", renderer, "--json",
        cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(result.stdout)["pictures"] == 3
    rows = index(tmp_path / "p")
    assert {(r["account_id"], r["symbol"], r["window_start"], r["window_end"]) for r in rows} == {
        ("A", "X", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"),
        ("A", "X", "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"),
        ("B", "X", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"),
    }
    assert drawn(tmp_path / "p") == {r["picture"] for r in rows}
    for row in rows:
        with Image.open(tmp_path / "p" / row["picture"]) as picture:
            assert picture.format == form[0]
            assert form[1] in (None, picture.size)
            assert len(picture.convert("RGB").getcolors(1 << 16) or ()) > 1  # not one colour


def test_hostile_names_stay_in_the_folder(tmp_path: Path) -> None:
    rows = [f'"{name}",X,2026-01-02T10:0{i}:00Z,buy,10,1' for name in HOSTILE for i in (0, 1)]
    (tmp_path / "t.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "k.csv").write_text(CANDLES)
    done("draw", "--trades", "t.csv", "--candles", "k.csv", "--out", "p", cwd=tmp_path)
    listed = index(tmp_path / "p")
    assert sorted(r["account_id"] for r in listed) == sorted(n.strip() for n in HOSTILE)
    names = [r["picture"] for r in listed]
    assert len({name.lower() for name in names}) == len(HOSTILE)
    assert drawn(tmp_path / "p") == set(names)
    for name in names:
        assert re.fullmatch(r"\d{7}_[\w.-]+_2026-01-02\.png", name)
        assert len(name.encode()) < 255
    assert {p.name for p in tmp_path.iterdir()} == {"k.csv", "p", "t.csv"}


def test_a_second_run_takes_away_the_pictures_of_the_first(tmp_path: Path) -> None:
    arguments = market(tmp_path)
    done("draw", *arguments, "--out", "p", cwd=tmp_path)
    (tmp_path / "p" / "mine.png").write_bytes(b"the user's own")
    (tmp_path / "t.csv").write_text((tmp_path / "t.csv").read_text().replace("B,", "C,"))
    done("draw", *arguments, "--out", "p", cwd=tmp_path)
    names = {r["picture"] for r in index(tmp_path / "p")}
    assert drawn(tmp_path / "p") == names | {"mine.png"}
    assert {r["account_id"] for r in index(tmp_path / "p")} == {"A", "C"}


def test_an_index_that_is_not_ours_removes_nothing(tmp_path: Path) -> None:
    """A `pictures.csv` may have come from anywhere: nothing outside the folder can be named."""
    arguments = market(tmp_path)
    (tmp_path / "p").mkdir()
    (tmp_path / "0000000_victim.png").write_bytes(b"outside")
    (tmp_path / "p" / "holiday.png").write_bytes(b"inside")
    (tmp_path / "p" / "pictures.csv").write_text(
        "picture\n../0000000_victim.png\nholiday.png\n0000009_../../x.png\n"
    )
    done("draw", *arguments, "--out", "p", cwd=tmp_path)
    assert (tmp_path / "0000000_victim.png").read_bytes() == b"outside"
    assert (tmp_path / "p" / "holiday.png").read_bytes() == b"inside"


def test_windows_without_a_fill_in_a_candle_have_an_empty_picture(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"{HEADER}\nA,X,2030-01-02T10:00:00Z,buy,10,1\n")
    (tmp_path / "k.csv").write_text(CANDLES)
    for spec in ("seed", "default"):
        done("draw", "--trades", "t.csv", "--candles", "k.csv", "--out", spec, "--spec", spec,
             cwd=tmp_path)  # fmt: skip
        (row,) = index(tmp_path / spec)
        with Image.open(tmp_path / spec / row["picture"]) as picture:
            assert len(picture.convert("RGB").getcolors(1 << 16) or ()) == 1


def test_skipped_rows_of_both_files_stand_beside_the_folder(tmp_path: Path) -> None:
    arguments = market(tmp_path)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("A,X,2026-01-02T10:00:00Z,buy,-1,1\n")
    with (tmp_path / "k.csv").open("a") as file:
        file.write("X,2026-01-02T12:00:00Z,9,13,5\n")
    before = {p.name for p in tmp_path.iterdir()}
    refused("draw", *arguments, "--out", "p", cwd=tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == before
    done("draw", *arguments, "--out", "p", "--on-error", "skip", cwd=tmp_path)
    rejected = table(tmp_path / "p.rejects.csv")
    assert [(Path(r["file"]).name, r["column"]) for r in rejected] == [
        ("k.csv", "high"),
        ("t.csv", "price"),
    ]
    assert len(index(tmp_path / "p")) == 3

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from tests.learning.worlds import chart_samples, places_samples
from tradeglyph.domain.errors import InputError
from tradeglyph.learning.folder import Samples, read_folder, relabelled
from tradeglyph.sources.labels import LABEL_DTYPES


def write_folder(folder: Path, samples: Samples, **about: object) -> Path:
    """A dataset folder as `contracts.md` describes it, in files of 5 rasters."""
    folder.mkdir()
    spec = {"name": samples.spec.name, "hash": samples.spec.hash, **about}
    (folder / "spec.json").write_text(json.dumps(spec))
    samples.frame.write_parquet(folder / "windows.parquet")
    if samples.spec.is_rgb:
        for raster, name in zip(samples.rasters, samples.frame["picture"], strict=True):
            file = folder / "traindata" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(raster).save(file)
    else:
        (folder / "rasters").mkdir()
        for number, first in enumerate(range(0, len(samples), 5)):
            part = samples.rasters[first : first + 5]
            np.savez_compressed(folder / "rasters" / f"{number:05}.npz", raster=part)
    return folder


@pytest.fixture
def places(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "d", places_samples(16))


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "d", chart_samples(8))


@pytest.mark.parametrize("samples", [places_samples(16), chart_samples(8)], ids=["npz", "png"])
def test_reads_what_was_written(tmp_path: Path, samples: Samples) -> None:
    read = read_folder(write_folder(tmp_path / "d", samples))
    assert np.array_equal(read.rasters, samples.rasters)
    assert np.array_equal(read.label, samples.label)
    assert read.label.dtype == np.int8
    assert read.frame.equals(samples.frame)
    assert (read.spec, read.split) == (samples.spec, "day")


def test_what_it_knows_about_the_windows(places: Path) -> None:
    read = read_folder(places)
    assert read.train_rows.tolist() == list(range(12))
    assert read.val_rows.tolist() == [12, 13, 14, 15]
    assert read.feature_names == ["f_noise", "f_hand_rule"]
    assert read.scenario[:2].tolist() == ["day", "hacker"]
    assert len(read) == 16


def test_a_random_split_is_remembered(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "d", places_samples(16), split="random")
    assert read_folder(folder).split == "random"


def test_a_jpeg_is_read_too(chart: Path) -> None:
    frame = pl.read_parquet(chart / "windows.parquet")
    first = chart / "traindata" / frame["picture"][0]
    plain = np.asarray(Image.open(first))
    Image.fromarray(plain).save(first.with_suffix(".jpg"), quality=95)
    first.unlink()
    names = frame["picture"].str.replace("00000.png", "00000.jpg", literal=True)
    frame.with_columns(picture=names).write_parquet(chart / "windows.parquet")
    assert np.abs(read_folder(chart).rasters[0].astype(int) - plain).mean() < 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("spec.json", None, "spec.json: is missing"),
        ("spec.json", b"{", "is not JSON"),
        ("spec.json", b"[]", "is not a JSON object"),
        ("spec.json", b'{"name": "spiral"}', "unknown picture spec 'spiral'; there are: default"),
        ("spec.json", b'{"name": "default", "hash": "0"}', "drawn with picture spec default 0"),
        ("windows.parquet", None, "windows.parquet: is missing"),
        ("windows.parquet", b"PAR1", "can't be read as Parquet"),
        ("rasters/00001.npz", b"PK", "00001.npz: can't be read"),
        ("rasters/00003.npz", None, "holds 15 rasters, but windows.parquet has 16 windows"),
    ],
)
def test_damage_is_named(places: Path, name: str, content: bytes | None, words: str) -> None:
    if content is None:
        (places / name).unlink()
    else:
        (places / name).write_bytes(content)
    _refused(places, words)


def test_no_rasters_at_all(places: Path) -> None:
    for file in (places / "rasters").iterdir():
        file.unlink()
    _refused(places, "holds no rasters")


@pytest.mark.parametrize(
    "array",
    [np.zeros((5, 3, 32, 96), dtype=np.uint8), np.zeros((5, 8, 32, 96))],
    ids=["shape", "dtype"],
)
def test_rasters_of_another_kind(places: Path, array: np.ndarray) -> None:
    np.savez(places / "rasters" / "00000.npz", raster=array)
    _refused(places, "00000.npz: holds")


def test_an_archive_with_another_array(places: Path) -> None:
    np.savez(places / "rasters" / "00000.npz", picture=np.zeros(3))
    _refused(places, "00000.npz: can't be read")


def test_more_rasters_than_windows(places: Path) -> None:
    extra = np.zeros((2, 8, 32, 96), dtype=np.uint8)
    np.savez(places / "rasters" / "00009.npz", raster=extra)
    _refused(places, "holds 18 rasters, but windows.parquet has 16 windows")


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("label", ["maybe"] * 16, "row 1, column label: 'maybe' is neither fraud nor normal"),
        ("split", ["train"] * 15 + [None], "row 16, column split: None is neither train nor val"),
        ("index", [*range(15), 3], "is not in the order of its column index"),
    ],
)
def test_windows_that_mean_nothing(
    places: Path, column: str, values: list[object], words: str
) -> None:
    frame = pl.read_parquet(places / "windows.parquet")
    frame.with_columns(pl.Series(column, values)).write_parquet(places / "windows.parquet")
    _refused(places, words)


def test_missing_columns_are_named(places: Path) -> None:
    frame = pl.read_parquet(places / "windows.parquet").drop("label", "day")
    frame.write_parquet(places / "windows.parquet")
    _refused(places, "lacks the columns label, day")


def test_no_windows(places: Path) -> None:
    frame = pl.read_parquet(places / "windows.parquet").clear()
    frame.write_parquet(places / "windows.parquet")
    _refused(places, "has no windows")


def test_a_missing_picture_is_named(chart: Path) -> None:
    (chart / "traindata" / "hacker" / "00003.png").unlink()
    _refused(chart, "00003.png: is missing")


def test_a_truncated_picture_is_named(chart: Path) -> None:
    file = chart / "traindata" / "hacker" / "00003.png"
    file.write_bytes(file.read_bytes()[:60])
    _refused(chart, "00003.png: can't be read as a picture")


def test_a_picture_of_another_size_is_named(chart: Path) -> None:
    Image.new("RGB", (224, 200)).save(chart / "traindata" / "hacker" / "00003.png")
    _refused(chart, "00003.png: is 224 x 200, not 250 x 150")


def _labels(*rows: tuple[str, str, str, str, str, datetime | None]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=LABEL_DTYPES, orient="row")


def test_new_labels_replace_the_old_and_leave_out_the_rest() -> None:
    samples = places_samples(16)
    day = datetime(2024, 1, 3, tzinfo=UTC)
    labels = _labels(
        ("a3", "AAA", "grid", "normal", "", None),
        ("a4", "AAA", "hacker", "fraud", "victim", day),
        ("a6", "AAA", "hacker", "fraud", "victim", day),
    )
    # a3 was fraud; a4 is of 3 January (two windows a day); a6 is of another day.
    changed = relabelled(samples, labels)
    assert changed.frame["account_id"].to_list() == ["a3", "a4"]
    assert changed.label.tolist() == [0, 1]
    assert changed.scenario.tolist() == ["grid", "hacker"]
    assert np.array_equal(changed.rasters, samples.rasters[[3, 4]])
    assert changed.feature_names == samples.feature_names


def test_the_others_may_stay_as_they_are() -> None:
    samples = places_samples(8)
    found = relabelled(samples, _labels(("a3", "AAA", "odd", "normal", "", None)), keep_others=True)
    named = samples.frame["account_id"] == "a3"
    assert named.sum() == 1
    assert found.scenario[named.to_numpy()].tolist() == ["odd"]
    assert found.label[named.to_numpy()].tolist() == [0]
    for column in ("scenario", "label"):
        assert (
            found.frame[column].filter(~named).to_list()
            == samples.frame[column].filter(~named).to_list()
        )
    assert np.array_equal(found.rasters, samples.rasters)
    nobody = _labels(("x", "AAA", "grid", "normal", "", None))
    with pytest.raises(InputError, match="speaks of no window"):
        relabelled(samples, nobody, keep_others=True)


def test_labels_of_nobody() -> None:
    with pytest.raises(InputError, match="speaks of no window"):
        relabelled(places_samples(8), _labels(("x", "AAA", "grid", "normal", "", None)))


def _refused(folder: Path, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_folder(folder)
    line = str(caught.value)
    assert words in line
    assert line.startswith(str(folder))
    assert "\n" not in line

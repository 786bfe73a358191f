"""The dataset folder as MXNet, an ImageFolder and our own training read it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.rows import DAY, FillRow, days, fills_of, steady_candles
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.domain.windows import Windows
from tradeglyph.learning import dataset
from tradeglyph.learning.dataset import label_windows, write_dataset
from tradeglyph.learning.folder import read_folder
from tradeglyph.picture.encode import encode_jpeg
from tradeglyph.picture.fast import draw
from tradeglyph.picture.spec import DEFAULT, SEED, PictureSpec
from tradeglyph.pipeline.cut import cut, day_edges
from tradeglyph.pipeline.place import place
from tradeglyph.recognizers.features import features_of
from tradeglyph.simulate.population import Population, simulate
from tradeglyph.sources.labels import LABEL_DTYPES

START = datetime.fromtimestamp(DAY, tz=UTC)


def labels_of(rows: Sequence[tuple[str, str, str, str, str, datetime | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=LABEL_DTYPES, orient="row")


def said(account: str, label: str = "normal", when: datetime | None = None, symbol: str = "X"):  # type: ignore[no-untyped-def]
    return (account, symbol, f"as {label}", label, "", when)


def pair(account: str, at: float, *, symbol: str = "X", side: str = "buy") -> list[FillRow]:
    """Two fills half a minute apart, which no merging makes one."""
    other = {"buy": "sell", "sell": "buy"}[side]
    return [
        (account, symbol, DAY + at, side, 10.0, 1.0),
        (account, symbol, DAY + at + 30, other, 11.0, 1.0),
    ]


def market(*rows: FillRow, candles: int = 4 * 288) -> tuple[Windows, Candles]:
    """Windows of X over four days of candles between 9 and 12."""
    return days(fills_of(rows)), steady_candles(candles, 9.0, 12.0)


@pytest.fixture(scope="module")
def population() -> Population:
    """Of behaviours that leave two fills and more in every window."""
    return simulate(240, seed=4, scenarios=("hacker", "day_trader", "market_maker", "seed_normal"))


@pytest.fixture(scope="module")
def windows(population: Population) -> Windows:
    time = population.fills.time
    return cut(population.fills, day_edges(int(time.min()), int(time.max())))


@pytest.fixture(scope="module")
def labels(population: Population) -> pl.DataFrame:
    from tradeglyph.results.simulation import labels_frame

    return labels_frame(population)


def written(
    folder: Path, windows: Windows, population: Population, labels: pl.DataFrame, **options: object
) -> dataset.Dataset:
    spec = options.pop("spec", DEFAULT)
    assert isinstance(spec, PictureSpec)
    return write_dataset(windows, population.candles, labels, folder, spec=spec, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory,
    windows: Windows,
    population: Population,
    labels: pl.DataFrame,
) -> Path:
    folder = tmp_path_factory.mktemp("dataset") / "out"
    done = written(folder, windows, population, labels)
    assert (done.windows, done.unlabelled, done.unanswerable) == (len(windows), 0, 0)
    return folder


def lines(folder: Path, side: str) -> list[tuple[str, str, str]]:
    rows = []
    for line in (folder / f"data_{side}.lst").read_text(encoding="utf-8").splitlines():
        index, label, picture = line.split("\t")
        rows.append((index, label, picture))
    return rows


class TestLayout:
    def test_what_lies_in_the_folder_and_nothing_else(self, folder: Path) -> None:
        assert sorted(p.name for p in folder.iterdir()) == [
            "data_train.lst", "data_val.lst", "rasters", "spec.json", "traindata",
            "windows.parquet",
        ]  # fmt: skip
        assert sorted(p.name for p in (folder / "traindata").iterdir()) == ["hacker", "normal"]

    def test_lists_are_what_im2rec_reads(self, folder: Path) -> None:
        rows = [*lines(folder, "train"), *lines(folder, "val")]
        numbers = sorted(int(index) for index, _, _ in rows)
        assert numbers == list(range(len(rows)))
        for _, label, picture in rows:
            # As the seeds' im2rec writes them: a float, 0 for the first class in the alphabet.
            assert "." in label
            assert float(label) == {"hacker": 0.0, "normal": 1.0}[picture.split("/")[0]]
            assert (folder / "traindata" / picture).is_file()

    def test_every_picture_is_listed_once_and_can_be_opened(self, folder: Path) -> None:
        listed = [p for _, _, p in (*lines(folder, "train"), *lines(folder, "val"))]
        there = [p.relative_to(folder / "traindata") for p in (folder / "traindata").rglob("*.*")]
        assert sorted(listed) == sorted(str(p) for p in there)
        assert len(set(listed)) == len(listed)
        for name in listed:
            with Image.open(folder / "traindata" / name) as picture:
                picture.verify()

    def test_classes_are_those_of_the_labels(self, folder: Path, labels: pl.DataFrame) -> None:
        table = pl.read_parquet(folder / "windows.parquet")
        truth = {(a, s): label for a, s, _, label, *_ in labels.iter_rows()}
        for row in table.iter_rows(named=True):
            assert row["label"] == truth[row["account_id"], row["symbol"]]
            wanted = "hacker" if row["label"] == "fraud" else "normal"
            assert row["picture"].startswith(f"{wanted}/")

    def test_lists_and_table_agree(self, folder: Path) -> None:
        table = pl.read_parquet(folder / "windows.parquet")
        for side in ("train", "val"):
            of_side = table.filter(pl.col("split") == side)
            assert [p for _, _, p in lines(folder, side)] == of_side["picture"].to_list()
            assert [int(i) for i, _, _ in lines(folder, side)] == of_side["index"].to_list()

    def test_rasters_are_what_is_drawn_elsewhere(
        self, folder: Path, windows: Windows, population: Population
    ) -> None:
        samples = read_folder(folder)
        placed = place(windows, population.candles)
        np.testing.assert_array_equal(samples.rasters, draw(placed, population.candles, DEFAULT))
        parts = sorted((folder / "rasters").glob("*.npz"))
        stored = np.concatenate([np.load(p, allow_pickle=False)["raster"] for p in parts])
        np.testing.assert_array_equal(stored, samples.rasters)

    def test_features_stand_beside_their_window(
        self, folder: Path, windows: Windows, population: Population
    ) -> None:
        from tradeglyph.picture.columns import columns_of

        placed = place(windows, population.candles)
        table = pl.read_parquet(folder / "windows.parquet")
        for name, values in features_of(placed, columns_of(placed, population.candles)).named():
            np.testing.assert_array_equal(table[f"f_{name}"].to_numpy(), values.astype(np.float32))

    def test_the_seeds_pictures_are_jpegs_of_250_by_150(
        self, tmp_path: Path, windows: Windows, population: Population, labels: pl.DataFrame
    ) -> None:
        few = windows.slice(0, 8)
        written(tmp_path / "out", few, population, labels, spec=SEED, split="random")
        assert not (tmp_path / "out" / "rasters").exists()
        drawn = draw(place(few, population.candles), population.candles, SEED)
        names = pl.read_parquet(tmp_path / "out" / "windows.parquet")["picture"]
        assert len(names) == 8
        for name, raster in zip(names, drawn, strict=True):
            file = tmp_path / "out" / "traindata" / name
            with Image.open(file) as picture:
                assert (picture.format, picture.size, picture.mode) == ("JPEG", (250, 150), "RGB")
            assert file.read_bytes() == encode_jpeg(raster)

    def test_shards_join_in_order(
        self,
        tmp_path: Path,
        windows: Windows,
        population: Population,
        labels: pl.DataFrame,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(dataset, "SHARD", 7)
        written(tmp_path / "out", windows, population, labels)
        in_shards, at_once = read_folder(tmp_path / "out"), read_folder(folder)
        np.testing.assert_array_equal(in_shards.rasters, at_once.rasters)
        assert in_shards.frame.equals(at_once.frame)

    def test_few_labels_among_many_windows_draw_few_pictures(
        self,
        tmp_path: Path,
        windows: Windows,
        population: Population,
        labels: pl.DataFrame,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Else a hundred labels in a million windows would draw the million, and at once."""
        drawn: list[int] = []

        def counted(placed, *rest):  # type: ignore[no-untyped-def]
            drawn.append(len(placed.windows))
            return draw(placed, *rest)

        monkeypatch.setattr(dataset, "SHARD", 10)
        monkeypatch.setattr(dataset, "draw", counted)
        names = windows.fills.account_names[windows.account]
        ends = labels.filter(pl.col("account_id").is_in([names[0], names[-1]]))
        done = written(tmp_path / "out", windows, population, ends, split="random")
        assert done.windows == 2
        assert done.unlabelled == len(windows) - 2
        assert max(drawn) <= 10


class TestSplit:
    def test_no_symbol_and_day_is_on_both_sides(self, folder: Path) -> None:
        table = pl.read_parquet(folder / "windows.parquet")
        sides = table.group_by("symbol", "window_start").agg(pl.col("split").n_unique())
        assert len(sides) > 3
        assert (sides["split"] == 1).all()

    def test_three_quarters_are_for_training(self, folder: Path) -> None:
        table = pl.read_parquet(folder / "windows.parquet")
        worlds = table.group_by("symbol", "window_start").len()["len"]
        over = len(lines(folder, "train")) - 0.75 * len(table)
        assert 0 <= over < worlds.to_numpy().max()

    def test_random_is_exact_and_divides_days(
        self, tmp_path: Path, windows: Windows, population: Population, labels: pl.DataFrame
    ) -> None:
        done = written(tmp_path / "out", windows, population, labels, split="random")
        assert done.train == -(-3 * len(windows) // 4)
        table = pl.read_parquet(tmp_path / "out" / "windows.parquet")
        both = table.group_by("symbol", "window_start").agg(pl.col("split").n_unique())
        assert (both["split"] == 2).any()
        assert read_folder(tmp_path / "out").split == "random"

    def test_a_seed_repeats_and_another_does_not(
        self, tmp_path: Path, windows: Windows, population: Population, labels: pl.DataFrame
    ) -> None:
        sides = []
        for number, seed in enumerate((1, 1, 2)):
            out = tmp_path / str(number)
            written(out, windows.slice(0, 30), population, labels, split="random", seed=seed)
            sides.append((out / "data_train.lst").read_bytes())
        assert sides[0] == sides[1] != sides[2]

    @pytest.mark.parametrize("worlds", [2, 3])
    def test_two_days_are_enough(self, tmp_path: Path, worlds: int) -> None:
        rows = [r for a in "ABCD" for d in range(worlds) for r in pair(a, d * 86_400 + 60)]
        truth = labels_of([said(a) for a in "ABCD"])
        done = write_dataset(*market(*rows), truth, tmp_path / "out", spec=DEFAULT)
        assert done.windows == 4 * worlds
        assert done.train == 4 * (worlds - 1)

    def test_one_symbol_and_day_cannot_be_divided_by_day(self, tmp_path: Path) -> None:
        rows = [r for a in "AB" for r in pair(a, 60)]
        truth = labels_of([said("A"), said("B", "fraud")])
        with pytest.raises(InputError, match=r"one symbol and day.*--split random"):
            write_dataset(*market(*rows), truth, tmp_path / "out", spec=DEFAULT)
        assert list(tmp_path.iterdir()) == []
        done = write_dataset(*market(*rows), truth, tmp_path / "out", spec=DEFAULT, split="random")
        assert (done.train, done.windows) == (1, 2)

    @given(st.lists(st.integers(1, 40), min_size=2, max_size=30), st.integers(0, 9))
    def test_training_has_its_share_and_leaves_some(self, sizes: list[int], seed: int) -> None:
        count = np.array(sizes)
        train = dataset._training_groups(count, np.random.default_rng(seed))
        assert 1 <= train.sum() < len(sizes)
        short = 0.75 * count.sum() - count[train].sum()
        # It is under its share only where one more group would have taken everything.
        assert short <= 0 or (~train).sum() == 1
        assert -short < max(sizes)


class TestWhatIsLeftOut:
    def test_windows_without_a_label_are_counted(self, tmp_path: Path) -> None:
        rows = [r for a in "ABC" for d in (0, 1) for r in pair(a, d * 86_400 + 60)]
        truth = labels_of([said("A"), said("B", "fraud"), said("Z"), said("C", symbol="Y")])
        done = write_dataset(*market(*rows), truth, tmp_path / "out", spec=DEFAULT)
        assert (done.windows, done.fraud, done.unlabelled, done.unanswerable) == (4, 2, 2, 0)
        table = pl.read_parquet(tmp_path / "out" / "windows.parquet")
        assert set(table["account_id"]) == {"A", "B"}

    def test_windows_without_two_fills_in_candles_are_counted(self, tmp_path: Path) -> None:
        rows = [
            *pair("A", 60),
            *pair("A", 86_400 + 60),
            ("B", "X", DAY + 60, "buy", 10.0, 1.0),  # one fill
            *[("C", "X", DAY + 60, "buy", 10.0, 1.0)] * 2,  # merge into one
            *pair("D", 9 * 86_400),  # no candle
            ("E", "X", DAY + 86_400 + 60, "buy", 10.0, 1.0),  # one of its two has a candle
            ("E", "X", DAY + 86_400 + 7_200, "sell", 10.0, 1.0),
        ]
        truth = labels_of([said(a) for a in "ABCDE"])
        done = write_dataset(*market(*rows, candles=300), truth, tmp_path / "out", spec=DEFAULT)
        assert (done.windows, done.unlabelled, done.unanswerable) == (2, 0, 4)
        table = pl.read_parquet(tmp_path / "out" / "windows.parquet")
        assert table["account_id"].to_list() == ["A", "A"]

    def test_no_label_that_matches(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="no window has a label"):
            write_dataset(
                *market(*pair("A", 60)), labels_of([said("B")]), tmp_path / "out", spec=DEFAULT
            )
        assert list(tmp_path.iterdir()) == []

    def test_nothing_that_can_be_drawn(self, tmp_path: Path) -> None:
        rows = pair("A", 9 * 86_400)
        with pytest.raises(InputError, match="compare the times and symbols"):
            write_dataset(*market(*rows), labels_of([said("A")]), tmp_path / "out", spec=DEFAULT)
        assert list(tmp_path.iterdir()) == []


class TestLabels:
    frame = pl.DataFrame(
        {
            "account_id": ["A", "A", "B"],
            "symbol": ["X", "X", "X"],
            "window_start": [START, START + timedelta(days=1), START],
        },
        schema_overrides={"window_start": pl.Datetime("us", "UTC")},
    )

    def test_without_a_start_it_speaks_of_all_windows(self) -> None:
        named = label_windows(self.frame, labels_of([said("A", "fraud")]))
        assert named["label"].to_list() == ["fraud", "fraud", None]
        assert named["scenario"].to_list() == ["as fraud", "as fraud", None]

    def test_with_a_start_it_speaks_of_one(self) -> None:
        named = label_windows(self.frame, labels_of([said("A", "fraud", START)]))
        assert named["label"].to_list() == ["fraud", None, None]

    def test_one_with_a_start_wins(self) -> None:
        truth = labels_of([said("A", "fraud"), said("A", "normal", START)])
        for rows in (truth, truth.reverse()):
            assert label_windows(self.frame, rows)["label"].to_list() == ["normal", "fraud", None]

    def test_another_symbol_is_another_window(self) -> None:
        named = label_windows(self.frame, labels_of([said("A", "fraud", symbol="Y")]))
        assert named["label"].null_count() == 3

    def test_order_and_number_of_windows_stay(self) -> None:
        truth = labels_of([said("B"), said("A", "fraud"), said("B", "fraud"), said("A")])
        named = label_windows(self.frame.reverse(), truth)
        assert named["account_id"].to_list() == ["B", "A", "A"]
        assert named["label"].to_list() == ["normal", "fraud", "fraud"]  # the first of two


class TestTwice:
    def test_a_second_dataset_takes_the_place_of_the_first(
        self, tmp_path: Path, windows: Windows, population: Population, labels: pl.DataFrame
    ) -> None:
        out = tmp_path / "out"
        written(out, windows, population, labels)
        (out / "notes.txt").write_text("the user's own")
        few = windows.slice(0, 9)
        written(out, few, population, labels, split="random")
        assert len(list((out / "traindata").rglob("*.png"))) == 9
        assert len(read_folder(out)) == 9
        assert (out / "notes.txt").read_text() == "the user's own"
        written(out, few, population, labels, spec=SEED, split="random")
        assert not list(out.rglob("*.png"))
        assert not (out / "rasters").exists()
        assert len(read_folder(out)) == 9

    def test_folders_of_somebody_else_are_left_alone(
        self, tmp_path: Path, windows: Windows, population: Population, labels: pl.DataFrame
    ) -> None:
        few = windows.slice(0, 9)
        for name in ("rasters", "traindata"):
            out = tmp_path / f"with {name}"
            (out / name).mkdir(parents=True)
            (out / name / "mine.txt").write_text("mine")
            with pytest.raises(InputError, match=f"^{out}: holds {name}, which `tradeglyph da"):
                written(out, few, population, labels, spec=SEED, split="random")
            assert [p for p in out.rglob("*") if p.is_file()] == [out / name / "mine.txt"]

    def test_interrupted_it_leaves_the_first(
        self,
        tmp_path: Path,
        windows: Windows,
        population: Population,
        labels: pl.DataFrame,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        out = tmp_path / "out"
        monkeypatch.setattr(dataset, "_write_lists", stop)
        with pytest.raises(KeyboardInterrupt):
            written(out, windows.slice(0, 20), population, labels, split="random")
        assert list(tmp_path.iterdir()) == []
        monkeypatch.undo()
        written(out, windows.slice(0, 9), population, labels, split="random")
        before = {p: p.read_bytes() for p in out.rglob("*.*") if p.is_file()}
        monkeypatch.setattr(dataset, "_write_lists", stop)
        with pytest.raises(KeyboardInterrupt):
            written(out, windows.slice(0, 20), population, labels, split="random")
        assert {p: p.read_bytes() for p in out.rglob("*.*") if p.is_file()} == before


def test_days_of_another_zone_are_worlds_too(tmp_path: Path) -> None:
    """Windows of Shanghai's days: a day that begins at 16:00 UTC is one world, not two."""
    from zoneinfo import ZoneInfo

    rows = [r for a in "ABCD" for h in (20, 30, 44, 54) for r in pair(a, h * 3_600)]
    fills = fills_of(rows)
    zone = ZoneInfo("Asia/Shanghai")
    windows = cut(fills, day_edges(int(fills.time.min()), int(fills.time.max()), zone))
    assert set(windows.start % DAY_US // MICROSECONDS) == {16 * 3_600}
    _, candles = market()
    truth = labels_of([said(a) for a in "ABCD"])
    write_dataset(windows, candles, truth, tmp_path / "out", spec=DEFAULT)
    table = pl.read_parquet(tmp_path / "out" / "windows.parquet")
    sides = table.group_by("window_start").agg(pl.col("split").n_unique())
    assert len(sides) == 2
    assert (sides["split"] == 1).all()

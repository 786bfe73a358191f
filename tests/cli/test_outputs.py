"""A result must not replace what it is made from."""

import os
from pathlib import Path

import pytest

from tests.cli.command import refused
from tests.cli.files import market
from tradeglyph.cli.outputs import check_out
from tradeglyph.domain.errors import InputError

FOLDER_COMMANDS = {
    "evaluate": ("--labels", "l.csv"),
    "explain": ("--account", "A", "--symbol", "X"),
    "draw": (),
    "dataset": ("--labels", "l.csv"),
    "backtest": (),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "trades.csv").write_text("bytes")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_input_is_no_output(here: Path) -> None:
    (here / "link.csv").symlink_to("data/trades.csv")
    (here / "loop.csv").symlink_to("loop.csv")
    os.link("data/trades.csv", "twin.csv")
    for out in ("data/trades.csv", "data/../data/trades.csv", "link.csv", "twin.csv"):
        with pytest.raises(InputError, match=r"is the input data/trades\.csv; name another --out"):
            check_out(Path(out), None, Path("other.csv"), Path("data/trades.csv"))
    with pytest.raises(InputError, match="is the input data;"):
        check_out(here / "data", Path("data"))
    check_out(Path("loop.csv"), Path("data/trades.csv"), None)


@pytest.mark.parametrize("out", ["data", "way"])
def test_a_file_that_a_command_writes_is_no_input(here: Path, out: str) -> None:
    (here / "way").symlink_to("data")
    with pytest.raises(InputError, match=f"--out {out}: holds the input data/trades.csv"):
        check_out(Path(out), Path("data/trades.csv"), writes=("labels.csv", "trades.csv"))
    check_out(Path(out), Path("data/trades.csv"), writes=("labels.csv",))


def test_an_output_is_not_read_as_an_input_the_next_time(here: Path) -> None:
    with pytest.raises(InputError, match="would be read as one of the inputs in data"):
        check_out(Path("data/scores.jsonl"), Path("data"))
    check_out(Path("data/report"), Path("data"))
    check_out(Path("data/scores.csv"), Path("data/trades.csv"))


def test_rows_that_were_rejected_may_be_mended_but_not_replaced(here: Path) -> None:
    (here / "s.csv.rejects.csv").write_text("mended")
    with pytest.raises(InputError, match=r"replace the input s.csv.rejects.csv"):
        check_out(Path("s.csv"), Path("s.csv.rejects.csv"))
    check_out(Path("t.csv"), Path("s.csv.rejects.csv"))


def test_outputs_beside_the_inputs_and_below_them(here: Path) -> None:
    for out in ("new", "data/new", "data/new.parquet", "data2/trades.csv"):
        check_out(Path(out), Path("data/trades.csv"))


def before_and_after(folder: Path, *arguments: object) -> str:
    def files() -> dict[Path, bytes]:
        return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}

    before = files()
    said = refused(*arguments, cwd=folder)
    assert files() == before
    assert said.count("\n") == 0
    return said


@pytest.mark.parametrize("out", ["t.csv", "k.csv", "l.csv"])
def test_score(tmp_path: Path, out: str) -> None:
    arguments = ("score", *market(tmp_path), "--lists", "l.csv", "--out", out)
    assert f"--out {out}: is the input {out}" in before_and_after(tmp_path, *arguments)


def test_candles_build(tmp_path: Path) -> None:
    market(tmp_path)
    arguments = ("candles", "build", "t.csv", "--from", "trades", "--out", "t.csv")
    assert "--out t.csv: is the input t.csv" in before_and_after(tmp_path, *arguments)


@pytest.mark.parametrize("command", FOLDER_COMMANDS)
def test_commands_that_fill_a_folder(tmp_path: Path, command: str) -> None:
    arguments = (command, *market(tmp_path), *FOLDER_COMMANDS[command], "--out", "k.csv")
    assert "is the input k.csv" in before_and_after(tmp_path, *arguments)


def test_simulate_and_train(tmp_path: Path) -> None:
    market(tmp_path)
    (tmp_path / "k.csv").rename(tmp_path / "candles.parquet")
    arguments = ("simulate", "--accounts", "5", "--candles", "candles.parquet", "--out", ".")
    assert "holds the input candles.parquet" in before_and_after(tmp_path, *arguments)
    (tmp_path / "d").mkdir()
    arguments = ("train", "--data", "d", "--out", "d")
    assert "--out d: is the input d" in before_and_after(tmp_path, *arguments)

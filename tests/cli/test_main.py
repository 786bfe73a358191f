"""The command as a whole: help, versions, and what becomes of a fault."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import Done, done, refused, tradeglyph
from tradeglyph import __version__
from tradeglyph.app import simulation
from tradeglyph.cli.main import stop_again
from tradeglyph.domain.errors import (
    GateRefused,
    InputError,
    MissingExtra,
    RowError,
    RowErrors,
    TradeglyphError,
)
from tradeglyph.picture.spec import DEFAULT

COMMANDS = (
    "demo", "candles", "simulate", "draw", "dataset", "train", "evaluate", "score", "explain",
    "backtest", "serve", "worker", "enqueue", "queue", "alerts", "store", "key", "init", "doctor",
)  # fmt: skip


def simulated(tmp_path: Path) -> Done:
    return tradeglyph("simulate", "--accounts", 5, "--out", "a", cwd=tmp_path)


def test_version_names_the_model_and_its_spec(tmp_path: Path, shipped_ink: Path) -> None:
    said = done("--version", cwd=tmp_path).stdout
    assert said.startswith(f"tradeglyph {__version__} (model ink@")
    assert f"picture spec {DEFAULT.hash}" in said
    assert said.count("\n") == 1


def test_help_lists_the_commands_of_the_contract(tmp_path: Path) -> None:
    said = done("--help", cwd=tmp_path).stdout
    listed = [line.split()[1] for line in said.splitlines() if line.startswith("│ ") and line[2:3]]
    assert set(COMMANDS) <= set(listed)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(tmp_path: Path, command: str) -> None:
    result = done(command, "--help", cwd=tmp_path)
    assert f"tradeglyph {command}" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        (("enqueue",), "[queue] url"),
        (("queue", "dead", "list"), "[queue] url"),
        (("alerts", "list"), "[store] url"),
        (("worker",), "[worker] processes"),
        (("serve",), "[service] host"),
        (("serve",), "[service] port"),
    ],
)
def test_help_names_the_section_of_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], setting: str
) -> None:
    monkeypatch.setenv("COLUMNS", "240")
    assert setting in done(*command, "--help", cwd=tmp_path).stdout


def test_no_command_shows_the_help(tmp_path: Path) -> None:
    result = done(cwd=tmp_path)
    assert "COMMAND [ARGS]" in result.stdout
    assert "evaluate" in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("--nonsense",), "--nonsense"),
        (("score", "--nonsense"), "--nonsense"),
        (("nonsense",), "'nonsense'"),
        (("simulat",), "Did you mean 'simulate'"),
        (("candles",), "command"),
        (("simulate", "--accounts", "5"), "--out"),
        (("simulate", "--accounts", "many", "--out", "a"), "--accounts"),
        (("simulate", "--accounts", "5", "--seed", "-1", "--out", "a"), "--seed"),
        (("draw", "--trades"), "--trades"),
        (("draw", "--trades", "t", "--candles", "k", "--out", "o", "--spec", "x"), "'seed'"),
        (("train", "--data", "d", "--out", "m", "--device", "tpu"), "'cuda'"),
        (("train", "--data", "d", "--out", "m", "--epochs", "0"), "--epochs"),
        (("score", "--trades", "t", "--candles", "k", "--out", "s.csv", "--on-error", "x"), "skip"),
    ],
)
def test_wrong_arguments_are_one_line_and_status_2(
    tmp_path: Path, arguments: tuple[str, ...], wanted: str
) -> None:
    result = tradeglyph(*arguments, cwd=tmp_path)
    assert result.status == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert wanted in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (InputError("mend it"), 2, ["error: mend it"]),
        (MissingExtra("torch", "train"), 2, ["error: torch is not installed; install it with: "
                                             "pip install 'tradeglyph[train]'"]),
        (GateRefused("no better"), 1, ["error: no better"]),
        (TradeglyphError("ours"), 1, ["error: ours"]),
        (RowErrors([RowError("t.csv", 3, "price", "-1", "must be above 0")], 2, "Mend it."), 2,
         ["error: t.csv: line 3, column price: '-1': must be above 0", "error: ... and 1 more",
          "error: Mend it."]),
        (KeyboardInterrupt(), 130, ["stopped"]),
        (BrokenPipeError(32, "Broken pipe"), 1, []),
    ],
)  # fmt: skip
def test_a_fault_has_its_status_and_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
    status: int,
    said: list[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(simulation, "simulate_into", fail)
    result = simulated(tmp_path)
    assert (result.status, result.stdout) == (status, "")
    assert result.stderr.splitlines() == said


def test_a_fault_nobody_thought_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("once\nand again")

    monkeypatch.setattr(simulation, "simulate_into", fail)
    result = simulated(tmp_path)
    assert result.status == 1
    assert result.stderr.startswith("error: a fault of ours: ZeroDivisionError: once\n")
    assert "TRADEGLYPH_DEBUG=1" in result.stderr
    assert "Traceback" not in result.stderr
    monkeypatch.setenv("TRADEGLYPH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        simulated(tmp_path)


def explained(world: Path, ink: Path) -> tuple[str, ...]:
    labels = (world / "labels.csv").read_text().splitlines()
    account, symbol, *_ = labels[1].split(",")
    return (
        *(sys.executable, "-m", "tradeglyph", "explain"),
        *("--trades", str(world / "trades.parquet")),
        *("--candles", str(world / "candles.parquet")),
        *("--model", str(ink), "--account", account, "--symbol", symbol),
    )


def test_a_reader_that_has_gone_is_no_fault(world: Path, ink: Path, tmp_path: Path) -> None:
    """As in `tradeglyph explain ... | head -1`: the end of the pipe is closed already."""
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run(
        explained(world, ink), cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, text=True
    )
    os.close(write)
    assert result.returncode in (0, 1)
    for word in ("Traceback", "Broken", "Errno", "error"):
        assert word not in result.stderr
    assert (tmp_path / "explained" / "explanation.html").is_file()


@pytest.mark.parametrize(
    ("stopped", "status"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGINT, 130)]
)
def test_being_stopped_removes_what_was_begun(
    world: Path, tmp_path: Path, stopped: signal.Signals, status: int
) -> None:
    """While it draws hundreds of pictures: neither the folder nor a staging one is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tradeglyph", "draw", "--renderer", "faithful",
         "--trades", str(world / "trades.parquet"), "--candles", str(world / "candles.parquet"),
         "--out", str(tmp_path / "out")],
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not any(tmp_path.glob(".out.*/*.png")):
        assert process.poll() is None, "ended before it could be stopped"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(stopped)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == status
    assert "Traceback" not in stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("draw", "--trades", "t.csv", "--candles", "nope.csv", "--out", "p"),
        ("score", "--trades", "t", "--candles", "k", "--out", "s.csv", "--model", "nope.csv"),
        ("train", "--data", "nope.csv", "--out", "m"),
    ],
)
def test_a_path_that_is_not_there(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert "nope.csv" in refused(*arguments, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_an_object_is_cleared_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy:
        def __del__(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "unraisablehook", stop_again)
    # A shell starts what it puts into the background with the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    busy = [Busy()]
    busy.clear()
    try:
        with pytest.raises(KeyboardInterrupt):
            time.sleep(30)
    finally:
        signal.signal(signal.SIGINT, before)


def test_ctrl_c_while_it_is_imported(tmp_path: Path) -> None:
    """The signal comes with the first line of the command line's own module."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        # A shell starts what it puts into the background with the signal ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Impatient:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'tradeglyph.cli.main':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Impatient())\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "tradeglyph", "--version"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "stopped\n")

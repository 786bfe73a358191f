"""The page on withdrawals: what an analyst sees of an alert, and its answer made again."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
pytest.importorskip("structlog", reason="needs the extra `serve`")

from tests.cli.command import done, tradeglyph
from tests.docs.commands import ROOT, files_of
from tradeglyph.app.flow_sections import WorkerSection

PAGE = ROOT / "docs" / "howto" / "withdrawals.md"
PAGES = (PAGE, PAGE.with_name("withdrawals.zh-CN.md"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After everything that the page says up to its alert."""
    folder = tmp_path_factory.mktemp("withdrawals")
    for name, text in files_of(PAGE).items():
        (folder / name).write_text(text, encoding="utf-8")
    done("simulate", "--accounts", 200, "--seed", 5, "--out", "exchange", cwd=folder)
    done("enqueue", "withdrawals.jsonl", cwd=folder)
    done("worker", "--once", cwd=folder)
    return folder


@pytest.fixture
def alert_id(folder: Path) -> str:
    (line,) = done("alerts", "list", "--status", "open", cwd=folder).stdout.splitlines()
    return line.split()[0]


def normal(text: str) -> list[str]:
    """Without the times of this run."""
    return re.sub(r"20(?!26-01-0)\d\d-\d\d-\d\dT[\d:]+Z", "TIME", text).split()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_page_shows_what_is_printed(folder: Path, alert_id: str, page: Path) -> None:
    blocks = re.findall(r"^```console\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    assert blocks
    for block in blocks:
        command, _, shown = block.partition("\n")
        words = command.removeprefix("$ tradeglyph ").split()
        printed = done(*[alert_id if w == "ID" else w for w in words], cwd=folder).stdout
        assert normal(shown.replace("ID", alert_id)) == normal(printed)


def test_the_folder_of_a_replay_gives_the_same_verdict(folder: Path, alert_id: str) -> None:
    said = done("alerts", "replay", alert_id, "--out", "replay", cwd=folder)
    assert said.stdout.rstrip().endswith("as it was")
    command = said.stderr.splitlines()[-1].partition(": ")[2]
    (folder / "elsewhere").mkdir()
    (folder / "replay").rename(folder / "elsewhere" / "replay")
    setting, *words = command.split()
    name, _, value = setting.partition("=")
    scored = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder / "elsewhere",
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert scored.returncode == 0, scored.stderr
    alert = json.loads(done("alerts", "show", alert_id, "--json", cwd=folder).stdout)
    kept = {one["symbol"]: one for one in alert["findings"]}
    with open(folder / "elsewhere" / "replay" / "scores.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["account_id"] == alert["account_id"]]
    assert {row["symbol"] for row in rows} == set(kept)
    for row in rows:
        one = kept[row["symbol"]]
        assert (row["verdict"], row["role"]) == (one["verdict"], one["role"])
        assert float(row["transferred"]) == pytest.approx(one["transferred"], rel=1e-9)
        assert float(row["probability"]) == pytest.approx(one["probability"], rel=1e-4)
        assert row["reason"] == one["reason"]
        assert row["window_end"] == one["window_end"]


def test_a_replay_says_where_the_trades_were_changed(folder: Path, alert_id: str) -> None:
    import polars as pl

    trades = pl.read_parquet(folder / "exchange" / "trades.parquet")
    # Nobody knows any more who stood on the other side.
    trades.drop("trade_id", "counterparty_id").write_parquet(folder / "changed.parquet")
    text = (folder / "tradeglyph.toml").read_text("utf-8")
    changed = text.replace("exchange/trades.parquet", "changed.parquet")
    (folder / "tradeglyph.toml").write_text(changed, encoding="utf-8")
    try:
        result = tradeglyph("alerts", "replay", alert_id, cwd=folder)
        assert result.status == 1
        assert "was: hold, beneficiary, 4 fills" in result.stdout
        assert "the answer is another now" in result.stderr
        seed = tradeglyph("alerts", "replay", alert_id, "--model", "seed", cwd=folder)
        assert seed.status == 2
        assert "--model" in seed.stderr
    finally:
        (folder / "tradeglyph.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_worker_settings_have_the_defaults_that_the_page_tells(page: Path) -> None:
    table = page.read_text("utf-8").rpartition("\n## ")[2]
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", table, re.M)
    told = {name: numbers(text) for names, text in rows for name in re.split(r"`[、, ]+`", names)}
    for name, default in WorkerSection().model_dump().items():
        assert default in told[name], name


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+", text)]

"""The package that the how-to shows, as a reader would write it: tested, installed, asked."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.docs.commands import ROOT, files_of

HOWTO = ROOT / "docs/howto/own-recognizer.md"
CHINESE = HOWTO.with_name("own-recognizer.zh-CN.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the how-to, and what `pip install .` writes of the package."""
    for name, text in files_of(HOWTO).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    project = tomllib.loads(files_of(HOWTO)["pyproject.toml"])["project"]
    info = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    points = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in named.items())
        for group, named in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(points))
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A Python program that sees the installed package."""
    path = os.pathsep.join([str(folder), str(ROOT / "src")])
    environment = {**os.environ, "PYTHONPATH": path, "POLARS_MAX_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def found(folder: Path, *options: str) -> list[int]:
    """Lines that the command of the how-to names."""
    done = run(folder, "tradeglyph", "statement", "statement.csv", *options, "--json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert result["recognizer"] == "weekend"
    return [one["line"] for one in result["identified_anomalies"]]


def test_it_passes_its_tests(folder: Path) -> None:
    done = run(folder, "pytest", "-q", "-p", "no:cacheprovider", "test_weekend_rules.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_it_is_asked_with_the_parameters_of_the_user(folder: Path) -> None:
    # 2025-03-08 was a Saturday.
    assert found(folder, "--rules", "weekend") == [5]
    assert found(folder, "--rules", "weekend", "--profile", "audit") == [4, 5]
    assert found(folder, "--rules", "weekend", "--config", "strict.toml") == [4, 5]


def test_both_languages_show_the_same() -> None:
    english, chinese = HOWTO.read_text("utf-8"), CHINESE.read_text("utf-8")
    blocks = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
    assert blocks.findall(english) == blocks.findall(chinese)

"""The container's start, and what its Dockerfile promises."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCKER = Path(__file__).resolve().parents[2] / "deploy" / "docker"
ENTRYPOINT = DOCKER / "entrypoint.sh"


def start(
    *arguments: str, path: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """As a container is started, with this Python's programs."""
    programs = f"{path or Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", str(ENTRYPOINT), *arguments],
        env={**os.environ, "PATH": programs, **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A folder whose `tradeglyph` says what it was asked, and is the process that was started."""
    program = tmp_path / "tradeglyph"
    program.write_text('#!/bin/sh\necho "$$ $*"\n')
    program.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("arguments", [(), ("serve",)])
def test_it_serves_on_8080(recorder: Path, arguments: tuple[str, ...]) -> None:
    done = start(*arguments, path=recorder)
    _, _, said = done.stdout.strip().partition(" ")
    assert (done.returncode, said) == (0, "serve --host 0.0.0.0 --port 8080 --sagemaker")
    other = start("serve", "--demo", path=recorder, SAGEMAKER_BIND_TO_PORT="9000").stdout
    assert other.strip().endswith("--port 9000 --sagemaker --demo")


def test_signals_reach_the_program(recorder: Path) -> None:
    """It takes the place of the shell, and so gets what docker stop sends."""
    with subprocess.Popen(
        ["sh", str(ENTRYPOINT), "serve"],
        env={**os.environ, "PATH": f"{recorder}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        said, _ = process.communicate()
    assert said.split()[0] == str(process.pid)


def test_it_trains(tmp_path: Path) -> None:
    done = start("train", TRADEGLYPH_SAGEMAKER_ROOT=str(tmp_path))
    assert done.returncode == 1
    assert "no channel called train" in (tmp_path / "output" / "failure").read_text()


def test_anything_else_is_a_command(recorder: Path) -> None:
    assert start("worker", "--once", path=recorder).stdout.split()[1:] == ["worker", "--once"]


def test_the_image_is_slim_and_nobody_s() -> None:
    text = (DOCKER / "Dockerfile").read_text()
    *_, last = re.split(r"^FROM ", text, flags=re.MULTILINE)
    assert last.splitlines()[0].endswith("-slim")
    assert "ARG RUN_AS=10001\n" in last
    assert "USER ${RUN_AS}\n" in last
    assert "EXPOSE 8080\n" in last
    # No tool to build or install with, and nothing of the source's folder but the entrypoint.
    assert not re.findall(r"apt-get|pip install|gcc", last)
    copied = re.findall(r"^COPY (.*)$", last, flags=re.MULTILINE)
    assert [line.split()[0].partition("=")[0] for line in copied] == ["--from", "--chmod"]


def test_what_is_copied_is_there_and_let_through() -> None:
    text = (DOCKER / "Dockerfile").read_text()
    allowed = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
    root = DOCKER.parents[1]
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, flags=re.MULTILINE):
        *sources, _ = [word for word in line.split() if not word.startswith("--")]
        for source in sources:
            assert (root / source).exists()
            assert f"!{source}" in allowed

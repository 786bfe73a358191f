"""`tradeglyph doctor`."""

import json
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")

from tests.cli.command import done, tradeglyph


def test_for_people(tmp_path: Path) -> None:
    result = done("doctor", cwd=tmp_path)
    assert "warning configuration: there is no tradeglyph.toml: defaults apply" in result.stdout
    assert "        -> write one: tradeglyph init" in result.stdout
    assert result.stderr == "faults: 0, warnings: 3\n"
    chinese = done("doctor", "--lang", "zh", cwd=tmp_path)
    assert "注意" in chinese.stdout
    assert chinese.stderr == "故障 0 项，注意 3 项\n"


def test_what_init_writes_lacks_its_sources_and_nothing_else(tmp_path: Path) -> None:
    done("init", cwd=tmp_path)
    result = tradeglyph("doctor", "--json", cwd=tmp_path)
    assert result.status == 2
    told = json.loads(result.stdout)
    assert told["status"] == 2
    wrong = {(check["part"], check["code"]) for check in told["checks"] if check["level"] != "ok"}
    assert wrong == {("trades", "source_unreachable"), ("candles", "source_unreachable")}
    assert all(set(check) == set(told["checks"][0]) for check in told["checks"])


def test_the_language_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "tradeglyph.toml").write_text('lang = "zh"\n')
    assert "已读取 tradeglyph.toml" in done("doctor", cwd=tmp_path).stdout
    (tmp_path / "tradeglyph.toml").write_text('lang = "zh"\nmodle = "x"\n')
    result = tradeglyph("doctor", cwd=tmp_path)
    assert (result.status, "modle" in result.stdout) == (2, True)

"""The how-to on agents: its example runs, its configuration is one, its tools exist."""

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from tests.cli.command import done
from tests.docs.commands import ROOT, files_of
from tradeglyph.agents.tools import tools_over
from tradeglyph.agents.workplace import workplace

PAGES = [ROOT / "docs" / "howto" / name for name in ("agents.md", "agents.zh-CN.md")]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


def test_the_example_runs(tmp_path: Path) -> None:
    (example,) = blocks(PAGES[0], "python")
    statement = files_of(ROOT / "docs" / "howto" / "statements.md")["statement.csv"]
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "statement.csv").write_text(statement, encoding="utf-8")
    said = io.StringIO()
    with contextlib.chdir(tmp_path), contextlib.redirect_stdout(said):
        exec(compile(example, "agents.md", "exec"), {})  # noqa: S102  the document's own words
    lines = said.getvalue().splitlines()
    assert "large_amount_recognizer" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["7"], "the transfer of 60,000"


def test_both_pages_have_the_same_blocks() -> None:
    for language in ("python", "json"):
        assert blocks(PAGES[0], language) == blocks(PAGES[1], language)


def test_the_configuration_names_the_commands_own_options(tmp_path: Path) -> None:
    (text,) = blocks(PAGES[0], "json")
    server = json.loads(text)["mcpServers"]["tradeglyph"]
    assert (server["command"], server["args"][0]) == ("tradeglyph", "mcp")
    options = [word for word in server["args"] if word.startswith("--")]
    told = done("mcp", "--help", cwd=tmp_path).stdout
    assert all(option in told for option in [*options, "--lang", "--config", "--out"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_tool_is_told_of(page: Path, tmp_path: Path) -> None:
    told = page.read_text("utf-8")
    names = [tool.name for tool in tools_over(workplace(tmp_path))]
    assert all(f"`{name}`" in told for name in names if not name.endswith("_recognizer"))
    named = re.findall(r"`(\w+_recognizer)`", told)
    assert named
    assert set(named) <= set(names)

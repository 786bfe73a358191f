"""The configuration that the how-to shows: every number there is, and what differs is said."""

import tomllib
from pathlib import Path

import pytest

from tests.docs.commands import ROOT, files_of
from tradeglyph.app.rule_texts import changed_of, sections_of
from tradeglyph.app.settings import load_settings
from tradeglyph.pipeline.rules import Rules

HOWTO = ROOT / "docs" / "howto"


def test_the_example_shows_every_number_and_its_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = files_of(HOWTO / "rules.md")["tradeglyph.toml"]
    (tmp_path / "tradeglyph.toml").write_text(shown)
    monkeypatch.chdir(tmp_path)
    rules = load_settings().rules
    assert changed_of(rules) == {"ledger.look_back": "14d", "wash.self_trades": 3}
    names = {section: set(numbers) for section, numbers in sections_of(Rules()).items()}
    assert {section: set(numbers) for section, numbers in tomllib.loads(shown).items()} == names
    assert '# "7d"; ' in shown
    assert "# 5; " in shown


@pytest.mark.parametrize("document", ["rules.md", "rules.zh-CN.md"])
def test_every_number_is_explained(document: str) -> None:
    told = (HOWTO / document).read_text("utf-8").split("```")[-1]
    for numbers in sections_of(Rules()).values():
        for name in numbers:
            assert f"`{name}`" in told

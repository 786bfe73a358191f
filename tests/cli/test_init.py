"""`tradeglyph init`."""

from pathlib import Path

from tests.cli.command import done, refused
from tradeglyph.app.starter import starter_text


def test_it_writes_the_file_that_other_commands_read(tmp_path: Path) -> None:
    assert "tradeglyph doctor" in done("init", cwd=tmp_path).stderr
    file = tmp_path / "tradeglyph.toml"
    assert file.read_text(encoding="utf-8") == starter_text("en")
    # A password may come to stand in it.
    assert file.stat().st_mode & 0o077 == 0
    assert done("alerts", "list", "--json", cwd=tmp_path).stdout


def test_in_chinese_elsewhere(tmp_path: Path) -> None:
    said = done("init", "--lang", "zh", "--out", "other.toml", cwd=tmp_path).stderr
    assert "请填写" in said
    assert (tmp_path / "other.toml").read_text(encoding="utf-8") == starter_text("zh")


def test_it_never_writes_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "tradeglyph.toml").write_text('lang = "zh"\n')
    assert "exists already" in refused("init", cwd=tmp_path)
    assert (tmp_path / "tradeglyph.toml").read_text() == 'lang = "zh"\n'
    (tmp_path / "link.toml").symlink_to("nowhere.toml")
    assert "exists already" in refused("init", "--out", "link.toml", cwd=tmp_path)
    assert "can't be written" in refused("init", "--out", "no/such/x.toml", cwd=tmp_path)

"""`tradeglyph key new`, and the service's keys in the configuration."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.command import done, refused
from tradeglyph.app.settings import load_settings
from tradeglyph.domain.api_keys import Scope
from tradeglyph.domain.errors import InputError
from tradeglyph.service.configured import limits_of

NEW = ("key", "new")


def test_a_new_key_opens_the_service_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = done(*NEW, "--name", "li.wei", "--scopes", "review, read", cwd=tmp_path)
    key, line = said.stdout.splitlines()
    assert key not in line + said.stderr
    assert hashlib.sha256(key.encode()).hexdigest() in line
    toml = f"[service]\nport = 9000\nscore_s = 1.5\nkeys = [\n{line}\n]\n"
    (tmp_path / "tradeglyph.toml").write_text(toml, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = load_settings().service
    found = settings.api_keys().find(key, 0)
    assert found is not None
    assert (found.name, found.scopes) == ("li.wei", {Scope.READ, Scope.REVIEW})
    assert settings.api_keys().find(key + "x", 0) is None
    assert settings.api_keys().find("", 0) is None
    assert (settings.host, settings.port) == ("127.0.0.1", 9000)
    assert limits_of(settings).score_s == 1.5


def test_a_key_may_expire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("--name", "n", "--scopes", "admin", "--expires", "2261-01-01T08:00:00+08:00")
    made = json.loads(done(*NEW, *arguments, "--json", cwd=tmp_path).stdout)
    assert made["scopes"] == ["admin"]
    toml = f"service.keys = [{made['line']}]"
    (tmp_path / "tradeglyph.toml").write_text(toml, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    keys = load_settings().service.api_keys()
    then = 9_183_110_400_000_000  # date -ud 2261-01-01 +%s
    assert keys.find(made["key"], then - 1) is not None
    assert keys.find(made["key"], then) is None


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--name", "n", "--scopes", "write"), "there are score, read, review, admin"),
        (("--name", "n", "--scopes", ","), "no scopes"),
        (("--name", 'n" }', "--scopes", "read"), "letters, digits"),
        (("--name", "n", "--scopes", "read", "--expires", "soon"), "write it as"),
        (("--name", "n", "--scopes", "read", "--expires", "2027-01-01"), "no offset"),
        (("--name", "n", "--scopes", "read", "--expires", "2020-01-01T00:00:00Z"), "has passed"),
        (("--name", "n"), "--scopes"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(
    tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    assert why in refused(*NEW, *arguments, cwd=tmp_path)


@pytest.mark.parametrize(
    "toml",
    [
        'service.keys = [{ name = "n", sha256 = "abc", scopes = ["read"] }]',
        f'service.keys = [{{ name = "n", sha256 = "{"a" * 64}", scopes = [] }}]',
        f'service.keys = [{{ name = "n", sha256 = "{"a" * 64}", scopes = ["write"] }}]',
        f'service.keys = [{{ name = "n", key = "{"a" * 64}", scopes = ["read"] }}]',
        'service.keys = [{ name = "n" }]',
        "service.port = 70000",
        "service.score_s = 0",
        "service.keys = [{ name = 'n', sha256 = 'a', scopes = ['read'], expires = 2027-01-01 }]",
    ],
)
def test_wrong_settings_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str
) -> None:
    (tmp_path / "tradeglyph.toml").write_text(toml, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="service"):
        load_settings().service.api_keys()

from pathlib import Path

import pytest

from tradeglyph.app.settings import load_settings
from tradeglyph.domain.errors import InputError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_said() -> None:
    settings = load_settings()
    assert (settings.lang, settings.model, settings.timezone) == ("en", "default", None)
    assert (settings.columns.trades, settings.columns.candles) == ({}, {})


def test_a_file_in_the_folder(folder: Path) -> None:
    (folder / "tradeglyph.toml").write_text(
        'lang = "zh"\nmodel = "mine"\ntimezone = "Asia/Shanghai"\n'
        '[columns.trades]\naccount_id = "客户号"\n[columns.candles]\ntime = "stamp"\n',
        encoding="utf-8",
    )
    settings = load_settings()
    assert (settings.lang, settings.model, settings.timezone) == ("zh", "mine", "Asia/Shanghai")
    assert settings.columns.trades == {"account_id": "客户号"}
    assert settings.columns.candles == {"time": "stamp"}


def test_the_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "tradeglyph.toml").write_text('lang = "zh"\nmodel = "mine"\n')
    monkeypatch.setenv("TRADEGLYPH_LANG", "en")
    monkeypatch.setenv("TRADEGLYPH_COLUMNS__TRADES__ACCOUNT_ID", "User")
    settings = load_settings()
    assert (settings.lang, settings.model) == ("en", "mine")
    assert settings.columns.trades == {"account_id": "User"}


def test_a_file_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "tradeglyph.toml").write_text('lang = "zh"\n')
    (folder / "other.toml").write_text('model = "other"\n')
    monkeypatch.setenv("TRADEGLYPH_CONFIG", "other.toml")
    settings = load_settings()
    assert (settings.lang, settings.model) == ("en", "other")
    monkeypatch.setenv("TRADEGLYPH_CONFIG", "nope.toml")
    with pytest.raises(InputError, match=r"TRADEGLYPH_CONFIG=nope\.toml: no such file"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lang = ", "tradeglyph.toml: is not TOML"),
        ('lang = "fr"\n', "tradeglyph.toml: lang"),
        ("[colums]\n", "tradeglyph.toml: colums"),
        ("[columns.trade]\n", "tradeglyph.toml: columns.trade"),
        ("timezone = 8\n", "tradeglyph.toml: timezone"),
    ],
)
def test_a_file_that_is_wrong(folder: Path, text: str, wanted: str) -> None:
    (folder / "tradeglyph.toml").write_text(text)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert wanted in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("TRADEGLYPH_LANG", "fr", "TRADEGLYPH_LANG: lang"),
        ("tradeglyph_lang", "fr", "tradeglyph_lang: lang"),
        ("TRADEGLYPH_COLUMNS", "not JSON", "TRADEGLYPH_COLUMNS: columns"),
        ("TRADEGLYPH_COLUMNS__TRADE__X", "a", "TRADEGLYPH_COLUMNS__TRADE__X: columns"),
    ],
)
def test_the_environment_is_named_where_it_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    """Not the file, which need not even exist."""
    monkeypatch.setenv(name, value)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert wanted in str(caught.value)
    assert "tradeglyph.toml" not in str(caught.value)


def test_our_other_variables_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEGLYPH_DEBUG", "1")
    monkeypatch.setenv("TRADEGLYPH_SOAK", "1")
    assert load_settings().lang == "en"

"""A password in the configuration shows in no error, no representation and no command's output."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import tradeglyph
from tests.sources.secrecy import shown_by
from tradeglyph.app.settings import Settings, load_settings
from tradeglyph.domain.errors import InputError

CANARY = "C4nary-s3cret"
URLS = (
    f"postgresql://risk:{CANARY}@127.0.0.1:1/exchange",
    f"postgresql://risk@127.0.0.1:1/exchange?password={CANARY}",
    f"mysql://risk:{CANARY}@127.0.0.1:1/exchange",
    f"postgresql://risk:{CANARY}@127.0.0.1:notaport/exchange",
    f"oracle://risk:{CANARY}@h/exchange",
    f"risk:{CANARY}",
    f"https://risk:{CANARY}@sqs.eu-west-1.amazonaws.com/1/q",
    f"sqs://risk:{CANARY}@queue",
    f"dynamodb://risk:{CANARY}@table",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_of(url: str) -> str:
    return (
        f'[queue]\nurl = "{url}"\n[store]\nurl = "{url}"\n'
        f'[sources.trades]\nurl = "{url}"\ntable = "fills"\nconnect_s = 1\n'
        f'[sources.candles]\nurl = "{url}"\ntable = "bars"\nconnect_s = 1\n'
    )


def write(text: str) -> None:
    Path("tradeglyph.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("url", URLS)
def test_settings_keep_it_to_themselves(url: str) -> None:
    write(text_of(url))
    settings = load_settings()
    for shown in (settings, settings.queue, settings.store, settings.sources):
        assert CANARY not in repr(shown) + str(shown)
    # They have it, all the same.
    assert settings.store.url == settings.queue.url == url
    assert settings.sources.trades is not None
    assert settings.sources.trades.url is not None
    assert settings.sources.trades.url.get_secret_value() == url


@pytest.mark.parametrize(
    "text",
    [
        f'[store]\nurl = "{URLS[0]}"\nuser = "{CANARY}"\n',
        f'[store]\nurl = ["{URLS[0]}"]\n',
        f'[queue]\nurl = {{a = "{URLS[0]}"}}\n',
        f'[sources.trades]\nurl = ["{URLS[0]}"]\n',
        f'[sources.trades]\nurl = "{URLS[0]}"\n',
        f'[sources.trades]\nurl = "{URLS[0]}"\npath = "x"\ntable = "x"\n',
        f'[sources.trades]\nurl = "{URLS[0]}"\ntable = "fills"\npassword = "{CANARY}"\n',
        f'[sources.trades]\nurl = "{URLS[0]}"\ntable = "fills"\nconnect_s = "{CANARY}"\n',
        f'store = "{URLS[0]}"\n',
        f'lang = "{URLS[0]}"\n',
        f"[store]\nurl = {URLS[0]}\n",
        f'[store]\nurl = "{URLS[0]}\n',
        f'[store]\nurl = "{URLS[0]}"\nurl = "{URLS[1]}"\n',
        f'[store]\nurl = "{URLS[0]}" {CANARY}\n',
    ],
)
def test_a_file_that_is_wrong_is_not_repeated(text: str) -> None:
    write(text)
    with pytest.raises(InputError) as caught:
        load_settings()
    assert CANARY not in shown_by(caught.value)


@pytest.mark.parametrize(
    "name", ["TRADEGLYPH_STORE", "TRADEGLYPH_SOURCES__TRADES__URL", "TRADEGLYPH_LANG"]
)
def test_nor_is_a_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, URLS[0])
    with pytest.raises(InputError, match=name.split("__")[0].rsplit("_", 1)[0]) as caught:
        load_settings()
    assert CANARY not in shown_by(caught.value)


@pytest.mark.parametrize("settings", [{"store": {"url": [CANARY]}}, {"lang": CANARY}])
def test_nor_is_what_a_program_gives(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error") as caught:
        Settings(**settings)  # type: ignore[arg-type]
    assert CANARY not in f"{caught.value} {caught.value!r}"


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("store", "current"),
    ("store", "upgrade"),
    ("store", "downgrade", "0001"),
    ("alerts", "list"),
    ("alerts", "show", "x"),
    ("queue", "dead", "list"),
    ("doctor", "--json"),
)


@pytest.mark.parametrize("url", URLS)
def test_nor_do_commands_that_find_nothing_there(url: str, aws_nowhere: None) -> None:
    write(text_of(url))
    for command in COMMANDS:
        done = tradeglyph(*command, cwd=Path())
        assert done.status in (1, 2), (command, done)
        assert CANARY not in done.stdout + done.stderr, command


@pytest.fixture
def aws_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "no-config")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "no-credentials")


@pytest.mark.parametrize("url", URLS)
def test_nor_do_sources_that_are_not_there(url: str) -> None:
    from tradeglyph.app.live_sources import open_candles, open_trades
    from tradeglyph.ports.sources import SourceGone

    write(text_of(url))
    settings = load_settings()
    opens: tuple[Callable[[Settings], object], ...] = (open_trades, open_candles)
    for opened in opens:
        said = ""
        try:
            source = opened(settings)
            with contextlib.closing(source):  # type: ignore[type-var]
                said = " ".join(map(str, source.check()))  # type: ignore[attr-defined]
                with pytest.raises(SourceGone) as gone:
                    source.watermark(1 << 62)  # type: ignore[attr-defined]
                said += str(gone.value)
        except InputError as error:
            said = str(error)
        assert said
        assert CANARY not in said

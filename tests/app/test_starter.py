"""The configuration file to begin with knows every setting, and only those."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from tradeglyph.app.service_settings import KeySettings
from tradeglyph.app.settings import Settings, load_settings
from tradeglyph.app.starter import Lang, starter_text
from tradeglyph.app.starter_texts import EXAMPLES, NEEDED, REMARKS
from tradeglyph.domain.recognizers import Profile
from tradeglyph.recognizers.statements.parameters import settled, settled_all
from tradeglyph.recognizers.statements.registry import OURS

SETTING = re.compile(r"^#(?=[a-z_\[])", re.MULTILINE)
LANGS: tuple[Lang, ...] = ("en", "zh")


def uncommented(lang: Lang) -> str:
    return SETTING.sub("", starter_text(lang))


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def known(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every setting there is; of a table with the user's own names, the table."""
    for name, field in model.model_fields.items():
        inner = models_in(field.annotation)
        # A pure table of the user's names is a leaf.
        if not inner or get_origin(field.annotation) is dict:
            yield prefix + name
        for one in inner:
            yield from known(one, f"{prefix}{name}.")


def shown_parameters() -> Iterator[str]:
    """Of recognizers on statements, those with a value short enough to be shown."""
    for rule in OURS:
        for one in rule.info.parameters:
            if not isinstance(one.default, tuple):
                yield f"{rule.info.name}.{one.name}"


def told(table: dict[str, Any], leaves: set[str], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        path = prefix + name
        rows = value if isinstance(value, list) else [value]
        if path in leaves or not all(isinstance(row, dict) for row in rows):
            yield path
            continue
        for row in rows:
            yield from told(row, leaves, f"{path}.")


@pytest.mark.parametrize("lang", LANGS)
def test_every_setting_is_there_and_every_one_there_is_known(lang: Lang) -> None:
    every = set(known(Settings))
    assert {"lang", "store.url", "sources.candles.label", "wash.windows"} <= every
    shown = list(told(tomllib.loads(uncommented(lang)), every))
    assert len(shown) == len(set(shown))
    every |= {f"statements.{name}" for name in shown_parameters()}
    # What an amount is below has no default, and the last band must not have it.
    assert set(shown) == every - {"policy.bands.below"}
    assert "`below = 1000`" in starter_text(lang)


@pytest.mark.parametrize("lang", LANGS)
def test_what_it_shows_are_the_defaults(
    lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = uncommented(lang)
    # One of url and path, one of table and query.
    for other in ("path", "query"):
        text, count = re.subn(rf"^{other} = .*\n", "", text, flags=re.MULTILINE)
        assert count == 2
    Path("tradeglyph.toml").write_text(text, encoding="utf-8")
    settings, default = load_settings(), Settings(_env_file=None)  # type: ignore[call-arg]
    for name in Settings.model_fields:
        if name in ("columns", "sources", "timezone", "policy", "service", "statements"):
            continue
        assert getattr(settings, name) == getattr(default, name), name
    cards = [rule.info for rule in OURS]
    written = settled_all(cards, Profile.SEED, settings.statements.parameters)
    assert written == {card.name: settled(card) for card in cards}
    assert (settings.statements.profile, settings.statements.rules) == (Profile.SEED, ())
    ours, theirs = settings.policy.policy(), Settings.model_fields["policy"].default_factory()  # type: ignore[call-arg,misc]
    for why in ours.bands[0].unanswered:
        assert ours.bands[0].decision(why) == theirs.policy().bands[0].decision(why)
    shown, usual = (one.service.model_dump(exclude={"keys"}) for one in (settings, default))
    assert shown == usual
    assert settings.sources.trades is not None
    assert settings.sources.candles is not None
    assert settings.sources.trades.max_rows == 2_000_000


@pytest.mark.parametrize("lang", LANGS)
def test_as_it_stands_only_what_must_be_set_is_set(
    lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tradeglyph.toml").write_text(starter_text(lang), encoding="utf-8")
    settings = load_settings()
    set_ = set(told(tomllib.loads(starter_text(lang)), set()))
    assert set_ == set(NEEDED)
    assert settings.policy == Settings.model_fields["policy"].default_factory()  # type: ignore[call-arg,misc]


def test_every_setting_and_section_is_explained_in_both_languages() -> None:
    every = set(known(Settings))
    sections = {"sources", *(path.rpartition(".")[0] for path in every)} - {""}
    # The remark on the sources, and that on the bands, is said once for what is in them.
    unsaid = {"sources.trades", "sources.candles", "policy.bands.below", "policy.bands.unanswered"}
    unsaid |= {f"service.keys.{name}" for name in KeySettings.model_fields}
    assert set(REMARKS) == (every | sections) - unsaid, "a setting without a remark, or the reverse"
    assert set(EXAMPLES) | set(NEEDED) <= set(REMARKS)
    for english, chinese in REMARKS.values():
        assert english.isascii()
        assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search("[\u4e00-\u9fff]", starter_text("en"))

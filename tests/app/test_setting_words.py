"""Every error of a setting says in our own words what it must be, with an example."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from tradeglyph.app.settings import Settings, load_settings, read_settings
from tradeglyph.domain.errors import InputError

CANARY = "C4nary-s3cret"
PYDANTIC = re.compile(r"Input |Extra |Field |Frozenset|valid |instance|<class|Value error", re.I)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('lang = "fr"', 'lang: must be en or zh; example: lang = "en"'),
        ("model = 3", 'model: must be text; example: model = "default"'),
        ("timezone = 8", 'timezone: must be text; example: timezone = "Asia/Shanghai"'),
        ('timezone = "Mars"', "timezone: must be the IANA name of a time zone, such as Asia/"),
        (
            'sources.candles = {path = "x", timezone = "../Mars"}',
            "sources.candles.timezone: must be the IANA name of a time zone, such as Asia/",
        ),
        (
            'worker.processes = "many"',
            "worker.processes: must be a whole number; example: processes = 1",
        ),
        ("worker.processes = 0", "worker.processes: must be 1 or more; example: processes = 1"),
        ("worker.wait_s = 100", "worker.wait_s: must be 20 or less; example: wait_s = "),
        (
            'policy.hold_signals = "new_device"',
            'policy.hold_signals: must be a list; example: hold_signals = ["new_device"]',
        ),
        ("policy.young_address_hours = 0", "must be above 0; example: young_address_hours = 24"),
        (
            "policy.bands = 5",
            "policy.bands: must be tables, each under a [[policy.bands]] of its own",
        ),
        (
            'policy.bands = [{below = "x"}]',
            "policy.bands.0.below: must be a number; example: below = 1000",
        ),
        (
            'policy.bands = [{unanswered = {stale_feed = "x"}}]',
            "policy.bands.0.unanswered.stale_feed: must be let_through, delay, review or hold; "
            'example: unanswered = {stale_feed = "delay"}',
        ),
        (
            'policy.bands = [{unanswered = {stale = "hold"}}]',
            "policy.bands.0.unanswered.stale: is unknown; must be source_gone, stale_feed, ",
        ),
        (
            "columns.trades = 5",
            "columns.trades: must be a table; "
            'example: trades = {account_id = "uid", symbol = "market+outcome"}',
        ),
        (
            'queue = "x"',
            "queue: must be a table: [queue], and a line for each of its settings under it",
        ),
        ("worker.proceses = 1", "worker.proceses: is unknown; did you mean processes?"),
        (
            "worker.colour = 1",
            "worker.colour: is unknown; `tradeglyph init` writes every setting there is",
        ),
        ("sevice.port = 1", "sevice: is unknown; did you mean service?"),
        ('service.keys = [{name = "a"}]', "service.keys.0.sha256: is missing; example: sha256 = "),
        (
            'service.keys = [{name = "a", sha256 = "b", scopes = []}]',
            'service.keys.0.scopes: must be a list of 1 or more; example: scopes = ["score"]',
        ),
        (
            'service.keys = [{name = "a", sha256 = "b", scopes = ["score"], expires = 2027-01-01}]',
            "service.keys.0.expires: must be a time with its zone; "
            "example: expires = 2027-01-01T00:00:00Z",
        ),
        (
            'ledger.half_widths_minutes = ["a"]',
            "ledger.half_widths_minutes.0: must be a number; example: half_widths_minutes = [",
        ),
        ('ledger.look_back = "5x"', "ledger.look_back: must be a length of time, 90d at most, "),
        ("ledger.look_back = 5", "ledger.look_back: must be a length of time, 90d at most, "),
    ],
)
def test_a_file(folder: Path, text: str, wanted: str) -> None:
    (folder / "tradeglyph.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_settings()
    assert str(caught.value).startswith("tradeglyph.toml: ")
    assert wanted in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("LANG", "fr", "lang: must be en or zh; example: TRADEGLYPH_LANG=en"),
        (
            "POLICY__HOLD_SIGNALS",
            "new_device",
            "policy.hold_signals: must be a list; "
            "example: TRADEGLYPH_POLICY__HOLD_SIGNALS='[\"new_device\"]'",
        ),
        (
            "STORE",
            CANARY,
            "store: must be an object in JSON; or set each of its settings by a variable of its "
            "own, TRADEGLYPH_STORE__...",
        ),
        ("SERVICE__KEYS", CANARY, "service.keys: must be a list of objects in JSON"),
        ("SERVICE__KEYS", "[5]", "service.keys.0: must be an object in JSON"),
        (
            "SERVICE__KEYS",
            '[{"name": "a"}]',
            'service.keys.0.scopes: is missing; example: "scopes": ["score"]',
        ),
        (
            "SOURCES__TRADES__COLUMNS",
            "uid",
            "sources.trades.columns: must be a table; example: TRADEGLYPH_SOURCES__TRADES__COLUMNS="
            '\'{"account_id": "uid", "time": "created_at"}\'',
        ),
        (
            "INVESTIGATE__FEEDS_REST",
            "maybe",
            "must be true or false; example: TRADEGLYPH_INVESTIGATE__FEEDS_REST=false",
        ),
    ],
)
def test_a_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str) -> None:
    monkeypatch.setenv(f"TRADEGLYPH_{name}", value)
    settings, faults = read_settings()
    assert settings is None
    assert [said for said in faults if wanted in said], faults
    assert all(said.startswith(f"TRADEGLYPH_{name}: ") for said in faults)
    assert CANARY not in " ".join(faults)


ODD = ("5", "-1", "1e999", "nan", f'"{CANARY}"', "true", "[]", "[[]]", "{}", "1979-05-27", "[{}]")


def places(model: type[BaseModel], at: str = "") -> Iterator[tuple[str, str]]:
    """What stands before and after a value, for every setting there is."""
    for name, field in model.model_fields.items():
        yield f"{at}{name} = ", ""
        for one in models_in(field.annotation):
            if get_origin(field.annotation) is tuple:
                for member in one.model_fields:
                    yield f"{at}{name} = [{{{member} = ", "}]"
            else:
                yield from places(one, f"{at}{name}.")


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


@pytest.mark.parametrize(("before", "after"), list(places(Settings)))
def test_nobody_elses_words_and_no_value(before: str, after: str) -> None:
    refused = 0
    for value in ODD:
        settings, faults = read_settings(before + value + after, name="it")
        refused += settings is None
        for said in faults:
            assert not PYDANTIC.search(said), said
            assert CANARY not in said
            assert "\n" not in said
    assert refused

"""`[ledger]` and `[wash]` of `tradeglyph.toml`: units, what follows from what, what is refused."""

import tomllib
from pathlib import Path

import pytest

from tradeglyph.app.rule_texts import changed_of, rules_text, sections_of
from tradeglyph.app.settings import load_settings
from tradeglyph.domain.errors import InputError
from tradeglyph.pipeline.rules import Rules

MINUTE = 60_000_000
DAY = 1_440 * MINUTE
ALL = """
[ledger]
look_back = "36h"
half_widths_minutes = [0.5, 3, 60]
accounts = 7
spreads = 2
priced_share = 0.75

[wash]
self_trades = 3
windows = ["30m", "2d"]
margin = 0.02
occurrences = 4
largest_set = 6
trades = 8
set_share = 0.25
gain = 0.75
chance = 2.5
trip_span = "90s"
trip_loss = 2.0
trips = 7
trip_share = 0.5
crowd_accounts = 12
crowd_share = 0.2
"""
"""Every number, none the default."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(folder: Path, text: str) -> Rules:
    (folder / "tradeglyph.toml").write_text(text)
    return load_settings().rules


def test_nothing_said_nothing_changed() -> None:
    assert load_settings().rules == Rules()
    assert changed_of(Rules()) == {}
    assert rules_text(Rules()) == "default"


def test_units_are_those_of_a_risk_desk(folder: Path) -> None:
    found = rules(folder, ALL)
    assert found.look_back_us == 1.5 * DAY
    assert found.ledger.half_widths == (MINUTE // 2, 3 * MINUTE, 60 * MINUTE)
    assert (found.ledger.accounts, found.ledger.spreads) == (7, 2.0)
    assert found.ledger.priced_share == 0.75
    assert found.wash.windows_us == (30 * MINUTE, 2 * DAY)
    assert found.wash.trip_span_us == 1.5 * MINUTE
    assert (found.wash.self_trades, found.wash.crowd_share) == (3, 0.2)


def test_a_record_of_them_is_what_was_written(folder: Path) -> None:
    found = rules(folder, ALL)
    assert sections_of(found) == tomllib.loads(ALL)
    assert set(changed_of(found)) == {
        f"{section}.{name}" for section, names in tomllib.loads(ALL).items() for name in names
    }


def test_what_was_said_in_a_line_is_a_configuration(folder: Path) -> None:
    """What an explanation's record says can be put back into the file."""
    found = rules(folder, ALL)
    assert rules(folder, "\n".join(rules_text(found).split("; "))) == found
    assert rules_text(rules(folder, "[ledger]\naccounts = 12\n")) == "ledger.accounts = 12"


def test_what_follows_from_a_number_follows_it(folder: Path) -> None:
    """Half before and half after; a cluster that prints a whole reference; a screen under it."""
    seven = rules(folder, ALL).ledger
    assert (seven.side_accounts, seven.largest_cluster, seven.screen_spreads) == (4, 6, 1.0)
    wide = rules(folder, "[ledger]\nspreads = 8\n").ledger
    assert wide.screen_spreads == Rules().ledger.screen_spreads
    assert rules(folder, ALL).flow_rule.taken_off == 2.0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[ledger]\nlook_back = 7\n", "ledger.look_back: must be a length of time"),
        ('[ledger]\nlook_back = "1w"\n', "ledger.look_back: must be a length of time"),
        ('[ledger]\nlook_back = "400d"\n', "90d at most"),
        ('[ledger]\nlook_back = "2h"\n', "ledger.look_back: must be a day or more"),
        ("[ledger]\nhalf_widths_minutes = []\n", "half_widths_minutes: must be above 0 and asc"),
        ("[ledger]\nhalf_widths_minutes = [5, 2.5]\n", "half_widths_minutes: must be above 0 and"),
        (
            "[ledger]\nhalf_widths_minutes = [5, 5000]\n",
            "half_widths_minutes: must be at most 1440",
        ),
        ("[ledger]\naccounts = 2\n", "ledger.accounts: "),
        ("[ledger]\naccounts = 2.5\n", "ledger.accounts: "),
        ("[ledger]\nspreads = 0\n", "ledger.spreads: "),
        ("[ledger]\nspreads = nan\n", "ledger.spreads: "),
        ("[ledger]\npriced_share = 1.5\n", "ledger.priced_share: "),
        ("[ledger]\nlookback = 1\n", "ledger.lookback: "),
        ("[wash]\nself_trades = 0\n", "wash.self_trades: must be 1 or more"),
        ('[wash]\nwindows = ["1d", "1h"]\n', "wash.windows: must be above 0 and ascending"),
        ('[wash]\nwindows = ["1d", 5]\n', "wash.windows.1: must be a length of time"),
        ('[wash]\ntrip_span = "2d"\n', "wash.trip_span: must be above 0, up to a day"),
        ("[wash]\ngain = 1.0\n", "wash.gain: must be above 0 and below 1"),
        ("[wash]\nlargest_set = 1000\n", "wash.largest_set: must be between 2 and 100"),
        ("[wash]\nchance = inf\n", "wash.chance: "),
    ],
)
def test_an_absurd_number_is_refused_in_one_line(folder: Path, text: str, wanted: str) -> None:
    with pytest.raises(InputError) as caught:
        rules(folder, text)
    assert str(caught.value).startswith("tradeglyph.toml: ")
    assert wanted in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_environment_says_them_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEGLYPH_LEDGER__LOOK_BACK", "14d")
    monkeypatch.setenv("TRADEGLYPH_WASH__WINDOWS", '["1h", "12h"]')
    assert changed_of(rules(folder, "[ledger]\nlook_back = '2d'\naccounts = 12\n")) == {
        "ledger.look_back": "14d", "ledger.accounts": 12, "wash.windows": ["1h", "12h"],
    }  # fmt: skip
    monkeypatch.setenv("TRADEGLYPH_LEDGER__LOOK_BACK", "soon")
    with pytest.raises(InputError, match=r"^TRADEGLYPH_LEDGER__LOOK_BACK: ledger\.look_back: "):
        load_settings()
    monkeypatch.setenv("TRADEGLYPH_LEDGER__LOOK_BACK", "14d")
    with pytest.raises(InputError, match=r"^tradeglyph\.toml: ledger\.accounts: "):
        rules(folder, "[ledger]\naccounts = 0\n")

import subprocess
import sys
from dataclasses import replace

import pytest

from tradeglyph.app.rule_sections import LedgerSection
from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Info, Parameter, Reads
from tradeglyph.recognizers.trade_cards import TRADE_CARDS, TRANSFER_LEDGER, WASH_VOLUME
from tradeglyph.recognizers.wash.settings import WashSettings


def test_cards_read_trades_and_have_words() -> None:
    for card in TRADE_CARDS:
        assert card.reads is Reads.TRADES
        for words in (card.title, card.rule, *(p.means for p in card.parameters)):
            assert set(words) == {"en", "zh"}
            assert all(words.values())


@pytest.mark.parametrize("parameter", TRANSFER_LEDGER.parameters, ids=lambda p: p.name)
def test_the_ledgers_card_has_its_defaults_and_bounds(parameter: Parameter) -> None:
    field = LedgerSection.model_fields[parameter.name]
    assert parameter.default == field.default
    bounds = {
        name: value
        for part in field.metadata
        for name in ("ge", "gt", "le")
        if (value := getattr(part, name, None)) is not None
    }
    assert bounds.get("ge", bounds.get("gt")) == parameter.least
    assert bounds["le"] == parameter.most


@pytest.mark.parametrize("parameter", WASH_VOLUME.parameters, ids=lambda p: p.name)
def test_the_wash_card_has_its_defaults_and_bounds(parameter: Parameter) -> None:
    settings = WashSettings()
    assert parameter.default == getattr(settings, parameter.name)
    assert parameter.least is not None
    for beyond in (parameter.least - 1, None if parameter.most is None else parameter.most + 1):
        if beyond is not None:
            with pytest.raises(InputError):
                replace(settings, **{parameter.name: beyond})


def test_cards_are_cards() -> None:
    assert all(isinstance(card, Info) for card in TRADE_CARDS)
    assert len({card.name for card in TRADE_CARDS}) == len(TRADE_CARDS) == 4


def test_cards_need_no_frames() -> None:
    code = (
        "import sys; sys.modules['polars'] = None; import tradeglyph.recognizers.trade_cards as c;"
        "sys.exit(len(c.TRADE_CARDS) - 4)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)

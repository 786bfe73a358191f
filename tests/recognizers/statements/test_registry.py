import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Profile, Reads
from tradeglyph.recognizers.statements.registry import GROUP, OURS, asked, cards, named, recognizers
from tradeglyph.recognizers.trade_cards import TRADE_CARDS

NINE = (
    "high_frequency", "large_amount", "occasional_high_integer", "night_transaction",
    "pass_through", "balance_continuity", "balance_missing", "inactive_account", "low_interest",
)  # fmt: skip

MODULE = """
from tradeglyph.domain.recognizers import Info, NotApplicable, Reads

class Mine:
    info = Info(name={name!r}, title={{"en": "Mine", "zh": "自有"}}, reads=Reads.{reads},
                rule={{"en": "none", "zh": "无"}})
    def recognize(self, lines, parameters):
        return NotApplicable(reason={{"en": "never", "zh": "从不"}})
    def reason(self, finding, lang):
        return ""

instance = Mine()
nothing = 3

class Needy(Mine):
    def __init__(self, needs):
        pass
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Makes a user's package that Python finds as if it were installed."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(named: str, *, name: str = "mine", reads: str = "LINES", at: str = "one") -> None:
        monkeypatch.delitem(sys.modules, f"{at}_rules", raising=False)
        (tmp_path / f"{at}_rules.py").write_text(MODULE.format(name=name, reads=reads))
        folder = tmp_path / f"{at}_bank-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {at}-bank\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[{GROUP}]\n{named} = {at}_rules:{named}\n")

    return install


def test_ours_stand_in_the_order_of_their_table() -> None:
    names = [rule.info.name for rule in OURS]
    assert names[: len(NINE)] == list(NINE)


def test_names_are_unique_and_reads_are_lines() -> None:
    names = [card.name for card in cards()]
    assert len(set(names)) == len(names)
    assert {rule.info.reads for rule in OURS} == {Reads.LINES}


def test_one_list_says_all_that_is_recognised() -> None:
    names = [card.name for card in cards()]
    assert names == [rule.info.name for rule in OURS] + [card.name for card in TRADE_CARDS]


def test_nobody_else_brought_one() -> None:
    assert not entry_points(group=GROUP)
    assert recognizers() == OURS


@pytest.mark.parametrize("entry", ["Mine", "instance"])
def test_a_users_own_comes_last(installed, entry: str) -> None:  # type: ignore[no-untyped-def]
    installed(entry)
    assert [rule.info.name for rule in recognizers()][-1] == "mine"
    assert len(recognizers()) == len(OURS) + 1
    assert "mine" in {card.name for card in cards()}
    assert [rule.info.name for rule in named(["mine"])] == ["mine"]


@pytest.mark.parametrize("name", ["high_frequency", "transfer_ledger"])
def test_a_name_of_ours_is_taken(installed, name: str) -> None:  # type: ignore[no-untyped-def]
    installed("Mine", name=name)
    with pytest.raises(InputError, match=f"of one-bank: there is a recognizer '{name}' already"):
        recognizers()


def test_a_name_of_anothers_is_taken(installed) -> None:  # type: ignore[no-untyped-def]
    installed("Mine")
    installed("Mine", at="two")
    with pytest.raises(InputError, match=r"of two-bank: .* already, from recognizer Mine = one_"):
        recognizers()


@pytest.mark.parametrize(
    ("named", "reads", "says"),
    [
        ("Missing", "LINES", "can't be loaded: AttributeError"),
        ("Needy", "LINES", "can't be loaded: TypeError"),
        ("nothing", "LINES", "can't be loaded: AttributeError"),
        ("Mine", "TRADES", "is no recognizer on statements"),
    ],
)
def test_what_is_no_recognizer_is_named(installed, named: str, reads: str, says: str) -> None:  # type: ignore[no-untyped-def]
    installed(named, reads=reads)
    with pytest.raises(InputError, match=f"recognizer {named} = one_rules:{named} of one-bank: "):
        recognizers()
    with pytest.raises(InputError, match=says):
        recognizers()


def test_named_in_the_order_of_the_list() -> None:
    names = [rule.info.name for rule in named(["inactive_account", "high_frequency"])]
    assert names == ["high_frequency", "inactive_account"]


def test_the_seed_asks_the_nine_and_the_audit_all() -> None:
    assert [rule.info.name for rule in asked(Profile.SEED)] == list(NINE)
    assert asked(Profile.AUDIT) == OURS


def test_a_users_own_is_asked_in_the_profiles_of_its_card(installed) -> None:  # type: ignore[no-untyped-def]
    installed("Mine")
    for profile in Profile:
        assert "mine" in {rule.info.name for rule in asked(profile)}


def test_an_unknown_name_is_answered_with_those_that_are() -> None:
    with pytest.raises(InputError, match="no recognizer 'high' on statements; there are: high_fre"):
        named(["high"])
    with pytest.raises(InputError, match="no recognizer 'picture' on statements"):
        named(["picture"])


def test_no_trade_recognizer_is_imported() -> None:
    code = (
        "import sys, tradeglyph.recognizers.statements.registry as r; r.cards();"
        "heavy = ('tradeglyph.recognizers.ledger', 'tradeglyph.recognizers.wash', "
        "'tradeglyph.pipeline', 'tradeglyph.recognizers.account', 'onnxruntime');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("[]", "", 0)

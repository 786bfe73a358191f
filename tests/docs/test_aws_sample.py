"""The page for users of the AWS sample: its configuration and message are taken as they stand."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.aws.exchange import CLOSE, TAKER, make_exchange
from tests.docs.commands import ROOT, files_of
from tradeglyph.app.inquiries import ModelLoader, investigator_of
from tradeglyph.app.live_sources import open_candles, open_trades
from tradeglyph.app.settings import load_settings
from tradeglyph.aws import configuration
from tradeglyph.domain.findings import Decision
from tradeglyph.pipeline.drain import DrainSettings
from tradeglyph.pipeline.parse_event import parse_event

pytest.importorskip("sqlalchemy", reason="needs the extra `serve`")
PAGES = [ROOT / f"docs/howto/from-the-aws-sample{end}.md" for end in ("", ".zh-CN")]


def test_the_message_is_answered_from_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of(PAGES[0])
    make_exchange(tmp_path)
    monkeypatch.chdir(tmp_path)
    settings = load_settings(files["tradeglyph.toml"])
    sent = (CLOSE + 60) * 1_000_000
    event = parse_event(files["withdrawal.json"], message_id="m", sent_at=sent, now=sent)
    assert event.account_id == str(TAKER)
    with closing(open_trades(settings)) as trades, closing(open_candles(settings)) as candles:
        assert trades.check() == candles.check() == []
        investigator = investigator_of(
            settings, trades, candles, ModelLoader("default"), lambda _account, _before: None
        )
        [answer] = investigator.investigate([event])
    assert answer.decision is Decision.HOLD


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    template = (ROOT / "deploy" / "aws" / "template.yaml").read_text(encoding="utf-8")
    variables = set(re.findall(r"`(TRADEGLYPH_\w+)`", text))
    assert variables == {
        configuration.SECRET,
        configuration.DEAD_LETTERS,
        configuration.FRAUD_USER_EVENT,
        "TRADEGLYPH_STORE__URL",
    }
    for name in (*variables, "FraudUserEventTable:", "EventsUrl:"):
        assert name in template
    # A queue of one's own, too, loses what failed unless single failures are reported.
    for name in ("ReportBatchItemFailures", "TakeEvents", "Events"):
        assert name in template
        assert f"`{name}`" in text
    for path in re.findall(r"deploy/[\w./-]+\w", text):
        assert (ROOT / path).exists()
    # Ten minutes, as the page says.
    assert DrainSettings().delay_limit_s == 600


def test_both_languages_show_the_same_code() -> None:
    english, chinese = (
        re.findall(r"```.*?```", page.read_text("utf-8"), re.DOTALL) for page in PAGES
    )
    assert english == chinese

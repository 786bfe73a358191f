"""What the documents tell a reader to type works, in the order given, in an empty folder."""

import re
from pathlib import Path

import pytest

from tests.cli.command import tradeglyph
from tests.docs.commands import DOCUMENTS, ROOT, commands_of, files_of, written
from tests.shared import shared

PUBLIC = (
    "trades_hyperliquid/historical_data.csv",
    "trades_polymarket/polymarket_trades.csv",
    "trades_mev_eth/derived_trades_8944b6e.csv",
)
WITH_COMMANDS = [document for document in DOCUMENTS if commands_of(document)]
CHINESE = [document for document in WITH_COMMANDS if document.name.endswith(".zh-CN.md")]
# What is to be typed in Chinese, and what comes of it, is what is typed in English: once is enough.
RUN = [document for document in WITH_COMMANDS if document not in CHINESE]


@pytest.mark.parametrize("document", RUN, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_command_of_a_document_works(document: Path, tmp_path: Path) -> None:
    if document.name.startswith("public-trades"):
        for path in PUBLIC:
            (tmp_path / Path(path).name).symlink_to(shared(f"data/{path}"))
    if document.name.startswith("statements"):
        (tmp_path / "trans.asc").symlink_to(shared("data/bank_berka/trans_even_accounts.asc"))
    for name, text in files_of(document).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for command in commands_of(document):
        assert command.words[0] == "tradeglyph"
        done = tradeglyph(*command.words[1:], cwd=tmp_path)
        assert done.status == command.status, f"{command.words}\n{done.stderr}"
        if command.says:
            assert written(done.stdout) == command.says


@pytest.mark.parametrize("document", CHINESE, ids=lambda p: str(p.relative_to(ROOT)))
def test_both_languages_give_the_same_commands(document: Path) -> None:
    english = document.with_name(document.name.replace(".zh-CN", ""))
    assert english in RUN
    assert commands_of(document) == commands_of(english)
    assert files_of(document) == files_of(english)


def test_a_link_is_called_what_its_document_is_called() -> None:
    for document in DOCUMENTS:
        for words, target in re.findall(
            r"\[([^]]+)\]\(([^)#:]+\.md)\)", document.read_text("utf-8")
        ):
            linked = (document.parent / target).resolve()
            if words in ("中文", "English") or linked.parent == ROOT:
                continue
            title = linked.read_text("utf-8").splitlines()[0]
            assert title == f"# {words}", document


def test_links_between_documents_lead_somewhere() -> None:
    for document in [*DOCUMENTS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document}: {target}"

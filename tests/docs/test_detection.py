"""The blocks of docs/detection.md are those that `make evaluate` fills."""

import re
import sys
from pathlib import Path

import pytest

from tests.docs.commands import ROOT

pytest.importorskip("sklearn", reason="needs the extra `train` or `plot`")

DOCUMENTS = [ROOT / "docs" / name for name in ("detection.md", "detection.zh-CN.md")]
MARK = re.compile(r"<!-- (begin|end) (\w+) -->")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.delitem(sys.modules, "bench", raising=False)
    from bench import detection

    return detection


def blocks(document: Path) -> list[str]:
    return [name for kind, name in MARK.findall(document.read_text("utf-8")) if kind == "begin"]


def test_both_languages_have_the_same_blocks_and_each_ends() -> None:
    for document in DOCUMENTS:
        marks = MARK.findall(document.read_text(encoding="utf-8"))
        assert [kind for kind, _ in marks] == ["begin", "end"] * (len(marks) // 2)
        assert [name for _, name in marks[::2]] == [name for _, name in marks[1::2]]
    assert blocks(DOCUMENTS[0]) == blocks(DOCUMENTS[1])


def test_tables_are_put_between_their_marks(tmp_path: Path, bench) -> None:  # type: ignore[no-untyped-def]
    document = tmp_path / "d.md"
    document.write_text("a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n")
    bench.fill(document, {"x": "\n| new \\1 |\n", "unused": ""})
    assert document.read_text() == "a\n<!-- begin x -->\n\n| new \\1 |\n<!-- end x -->\nb\n"
    with pytest.raises(ValueError, match="nothing fills the block x"):
        bench.fill(document, {})


def test_a_table_is_markdown(bench) -> None:  # type: ignore[no-untyped-def]
    table = {"caption": "", "heads": ["Who", "Share"], "rows": [["a", "1%"], ["b", "2%"]]}
    lines = bench.markdown(table).strip().splitlines()
    assert lines == ["| Who | Share |", "| :-- | --: |", "| a | 1% |", "| b | 2% |"]

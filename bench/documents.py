"""Tables in the marked blocks of documents: `<!-- begin NAME -->` to `<!-- end NAME -->`."""

import re
from collections.abc import Mapping
from pathlib import Path

from tradeglyph.drawing.report_proofs import Table
from tradeglyph.recognizers.reasons import Lang

DETECTION: dict[Lang, Path] = {
    "en": Path("docs/detection.md"),
    "zh": Path("docs/detection.zh-CN.md"),
}


def fill(document: Path, blocks: Mapping[str, str]) -> None:
    """Replace what stands between the marks of every block.

    Raises ValueError for a block that nobody fills, so that no table grows old unseen.
    """
    for name in re.findall(r"<!-- begin (\w+) -->", document.read_text(encoding="utf-8")):
        if name not in blocks:
            raise ValueError(f"{document}: nothing fills the block {name}")
    put(document, blocks)


def put(document: Path, blocks: Mapping[str, str]) -> None:
    """Replace what stands between the marks of these blocks, and leave the others as they are."""
    words = document.read_text(encoding="utf-8")
    for name, block in blocks.items():
        marks = rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)"
        words = re.sub(marks, lambda m, b=block: m[1] + b + m[2], words, flags=re.DOTALL)
    document.write_text(words, encoding="utf-8")


def markdown(table: Table) -> str:
    """A table of the report as Markdown: the first column to the left, figures to the right."""
    if not table["rows"]:
        return "\n"
    heads = [str(head) for head in table["heads"]]
    rule = [":--", *("--:" for _ in heads[1:])]
    rows = [[str(cell) for cell in row] for row in table["rows"]]
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows)]
    return "\n" + "\n".join(lines) + "\n\n"

"""Rows that sum up the columns above them: 人民币合计,,,1234.56,9876.54."""

import re
from collections.abc import Iterator

import polars as pl

from tradeglyph.statements.amounts import parse_amounts
from tradeglyph.statements.facts import PAGE_WORDS, Side, Total, currency_mentioned, normal
from tradeglyph.statements.field_names import Field
from tradeglyph.statements.grid import Grid
from tradeglyph.statements.section import SectionRules

_SIDES: dict[Field, Side] = {Field.INCOME: "in", Field.EXPENSE: "out"}


def positional_totals(grid: Grid, notes: pl.DataFrame, rules: SectionRules) -> Iterator[Total]:
    """Totals that stand under the columns of inflows and outflows."""
    plan = rules.plan
    for row in notes.filter("total")["row"]:
        texts = grid.texts(row)
        label = next((normal(text) for text in texts if text), "")
        for known, side in _SIDES.items():
            at = plan.one(known)
            if at is None or at >= len(texts):
                continue
            cell = pl.Series([texts[at]])
            parsed = parse_amounts(cell, decimal=rules.rules.decimal, scale=plan.scale(at))
            if (minor := parsed["minor"][0]) is not None:
                yield Total(
                    side=side,
                    minor=minor,
                    said=f"{label} {texts[at]}",
                    row=row,
                    page=re.search(PAGE_WORDS, label) is not None,
                    currency=currency_mentioned(label),
                )

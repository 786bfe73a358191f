import polars as pl

from tradeglyph.domain.statements import NEUTRAL
from tradeglyph.recognizers.statements.lines import LINES
from tradeglyph.testing import busy_statement, quiet_statement


def test_both_are_lines() -> None:
    for lines in (busy_statement(), quiet_statement()):
        assert lines.schema == LINES
        assert lines.select("file", "line").is_unique().all()


def test_quiet_balances_follow_their_lines() -> None:
    lines = quiet_statement()
    step = lines["direction"].cast(pl.Int64) * lines["amount"]
    assert lines["time"].is_sorted()
    assert (lines["balance"].diff() == step)[1:].all()
    assert (lines["balance"] > 0).all()


def test_busy_has_accounts_of_each_kind() -> None:
    lines = busy_statement()
    clocks = lines.group_by("account").agg(
        pl.col("clock").any(), (pl.col("direction") == NEUTRAL).any().alias("neutral")
    )
    assert clocks.height == 8
    assert clocks["clock"].sum() == 7
    assert clocks["neutral"].sum() == 1

"""Real trades, as counts made without the recognizer: see docs/howto/public-trades.md."""

from pathlib import Path

import numpy as np
import polars as pl

from tests.public_trades import HYPERLIQUID, POLYMARKET
from tests.shared import shared
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.wash.findings import Criterion, WashVolume
from tradeglyph.recognizers.wash.volume import wash_volume
from tradeglyph.sources.options import ReadOptions
from tradeglyph.sources.tables import fills_of
from tradeglyph.sources.trades import read_trades


def tape_of(path: Path, options: ReadOptions) -> Tape:
    """A tape that knows no other sides, as these files do not."""
    fills = fills_of(read_trades(path, options).frame)
    fills = fills.take(np.lexsort((fills.time, fills.symbol)))
    return Tape(
        fills=fills,
        other=np.full(len(fills), -1, dtype=np.int32),
        match=np.full(len(fills), -1, dtype=np.int64),
        fee=np.full(len(fills), np.nan),
    )


def equal_cells(path: Path, shift: str) -> pl.DataFrame:
    """Counted with the file alone: users who in one option and five minutes bought and sold the
    same size within 1 % at a loss of one tick of 0.001. The five minutes begin `shift` late."""
    clock = pl.col("timestamp").str.replace(" EST", "")
    rows = pl.read_csv(path).with_columns(
        clock=clock.str.to_datetime("%A, %B %d, %Y %H:%M:%S").dt.offset_by(shift),
        buy=pl.col("trade_direction") == "BUY",
    )
    keys = ["user_id", "option_type", "option_yes_no", pl.col("clock").dt.truncate("5m")]
    sums = {
        f"{name}_{side}": pl.col(column).filter(pl.col("buy") == buys).sum()
        for side, buys in (("bought", True), ("sold", False))
        for name, column in (("shares", "shares"), ("money", "total_trade_amount"))
    }
    cells = rows.drop_nulls("user_id").group_by(keys).agg(pl.len().alias("fills"), **sums)
    bought, sold = pl.col("shares_bought"), pl.col("shares_sold")
    loss = pl.col("money_bought") / bought - pl.col("money_sold") / sold
    flat = (bought - sold).abs() <= 0.01 * (bought + sold) / 2
    return cells.filter(bought > 0, sold > 0, flat, loss.is_between(0.0009, 0.0011))


def of(volume: WashVolume, tape: Tape, criterion: Criterion) -> set[str]:
    """The accounts that a criterion names."""
    findings = volume.findings
    at = np.flatnonzero(findings.criterion == criterion)
    codes = [code for i in at for code in findings.of(int(i))]
    return set(tape.fills.account_names[np.unique(codes).astype(np.intp)])


def test_polymarket_round_trips_of_equal_size_are_named() -> None:
    path = shared("data/trades_polymarket/polymarket_trades.csv")
    tape, cells, late = (
        tape_of(path, POLYMARKET), equal_cells(path, "0s"), equal_cells(path, "-150s"),
    )  # fmt: skip
    volume = wash_volume(tape)
    # Hundreds of users, most of them with one such round trip and nothing else.
    users = set(cells["user_id"])
    assert len(users) > 200
    crowd = of(volume, tape, Criterion.CROWD_ROUND_TRIPS)
    assert len(users & crowd) >= 0.9 * len(users)
    # Hardly anybody is named whom the count does not know.
    assert len(crowd - users - set(late["user_id"])) <= 0.05 * len(crowd)
    assert (volume.findings.result < 0).all()
    # At least most of the counted fills, and less than a third of all.
    assert 0.8 * cells["fills"].sum() <= volume.rows.sum() <= len(tape) / 3


def test_polymarket_users_who_do_it_again_and_again_are_named_by_themselves() -> None:
    path = shared("data/trades_polymarket/polymarket_trades.csv")
    tape, cells = tape_of(path, POLYMARKET), equal_cells(path, "0s")
    alone = of(wash_volume(tape), tape, Criterion.ROUND_TRIPS)
    own = pl.read_csv(path).group_by("user_id", "option_type", "option_yes_no").len("every")
    often = (
        cells.group_by("user_id", "option_type", "option_yes_no")
        .agg(pl.col("fills").sum(), pl.len().alias("cells"))
        .join(own, on=["user_id", "option_type", "option_yes_no"])
        .filter(pl.col("cells") >= 3, pl.col("fills") >= 10, pl.col("fills") == pl.col("every"))
    )
    assert len(often) >= 1
    assert set(often["user_id"]) <= alone
    late = equal_cells(path, "-150s")
    assert alone <= {*cells["user_id"], *late["user_id"]}


def test_hyperliquid_heavy_traders_stay_unnamed() -> None:
    path = shared("data/trades_hyperliquid/historical_data.csv")
    volume = wash_volume(tape_of(path, HYPERLIQUID))
    assert volume.rows.sum() <= 0.001 * 15_629
    assert len(volume.findings) <= 3

import numpy as np
import pytest

from tests.recognizers.wash.tapes import MONDAY, MatchRow, tape
from tradeglyph.domain.fills import DAY_US, MICROSECONDS
from tradeglyph.recognizers.wash.findings import Criterion, WashVolume
from tradeglyph.recognizers.wash.volume import wash_volume


def selves(times: int, start: float = 0.0) -> list[MatchRow]:
    return [(start + at, "ann", "ann", 10.0, 2.0) for at in range(times)]


def self_trades(volume: WashVolume) -> list[int]:
    return np.flatnonzero(volume.findings.criterion == Criterion.SELF_TRADES).tolist()


@pytest.mark.parametrize("one_row", [False, True])
def test_five_in_a_day_are_named_with_what_they_are_a_share_of(one_row: bool) -> None:
    honest: list[MatchRow] = [(50.0, "ann", "bob", 10.0, 6.0), (51.0, "cid", "bob", 10.0, 99.0)]
    volume = wash_volume(tape([*selves(5), *honest], one_row=one_row))
    found = volume.findings
    assert self_trades(volume) == [0]
    assert found.of(0).tolist() == [0]
    assert found.window_start[0] == MONDAY * MICROSECONDS
    assert found.window_us[0] == DAY_US
    assert (found.numerator[0], found.denominator[0], found.trades[0]) == (10.0, 16.0, 5)
    assert found.share[0] == pytest.approx(10 / 16)
    assert volume.rows.sum() == (5 if one_row else 10)


def test_four_in_a_day_and_four_on_the_next_are_not() -> None:
    assert not self_trades(wash_volume(tape([*selves(4), *selves(4, start=86_400.0)])))


def test_accounts_of_one_owner_count_as_one() -> None:
    rows: list[MatchRow] = [(float(at), "ann", "bob", 10.0, 2.0) for at in range(5)]
    rows += [(9.0, "cid", "bob", 10.0, 5.0)]
    whole = tape(rows)
    assert not self_trades(wash_volume(whole))
    volume = wash_volume(whole, owner=np.array([0, 0, 2]))
    assert self_trades(volume) == [0]
    assert volume.findings.of(0).tolist() == [0, 1]
    assert (volume.findings.numerator[0], volume.findings.denominator[0]) == (10.0, 15.0)

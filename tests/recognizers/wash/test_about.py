"""What is asked about one account is what is said of it in the findings on everybody."""

from dataclasses import fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.recognizers.wash.tapes import AloneRow, MatchRow, tape
from tradeglyph.domain.fills import BUY, SELL
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.wash.findings import WashFindings
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.volume import wash_about, wash_volume

# Small numbers, so that small markets are full of findings.
SETTINGS = WashSettings(occurrences=2, trades=2, self_trades=2, trips=2, crowd_accounts=2)
NAMES = "abcdef"
MARKET: list[AloneRow] = [(float(at), "m", BUY, 100.0 + at % 2, 0.01) for at in range(20)]

sizes = st.sampled_from([1.0, 1.0, 1.0, 2.0])
names = st.sampled_from(NAMES)
seconds = st.integers(0, 3 * 86_400).map(float)
matches = st.lists(st.tuples(seconds, names, names, st.just(100.0), sizes), max_size=40)


@st.composite
def circles(draw: st.DrawFn) -> list[MatchRow]:
    """A few accounts that pass the same quantity on until it is where it was."""
    ring = draw(st.lists(names, min_size=2, max_size=4, unique=True))
    start, rounds = draw(seconds), draw(st.integers(1, 6))
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True)) * rounds
    return [(start + 7 * n, one, two, 100.0, 1.0) for n, (one, two) in enumerate(pairs)]


@st.composite
def trips(draw: st.DrawFn) -> list[AloneRow]:
    """One account, in and out."""
    name, start = draw(names), draw(seconds)
    return [
        (start + 30 * n, name, BUY if n % 2 == 0 else SELL, 100.0, 1.0)
        for n in range(draw(st.integers(1, 8)))
    ]


def told(findings: WashFindings) -> list[tuple[object, ...]]:
    """Every finding as values; its accounts as a set."""
    columns = [f.name for f in fields(WashFindings) if f.name not in ("members", "offset")]
    return [
        (*(getattr(findings, name)[at] for name in columns), frozenset(findings.of(at).tolist()))
        for at in range(len(findings))
    ]


def assert_alike(whole: Tape, owner: np.ndarray | None) -> int:
    everybody = wash_volume(whole, settings=SETTINGS, owner=owner).findings
    said = 0
    for code in range(len(whole.fills.account_names)):
        about = wash_about(whole, np.array([code]), settings=SETTINGS, owner=owner)
        assert told(about) == [one for one in told(everybody) if code in one[-1]]
        said += len(about)
    return said


@given(
    some=st.lists(matches, max_size=1),
    around=st.lists(circles(), max_size=4),
    alone=st.lists(trips(), max_size=4),
    shared=st.booleans(),
)
def test_what_is_said_about_an_account(
    some: list[list[MatchRow]],
    around: list[list[MatchRow]],
    alone: list[list[AloneRow]],
    shared: bool,
) -> None:
    rows = [row for part in (*some, *around) for row in part]
    whole = tape(rows, [*MARKET, *(row for part in alone for row in part)])
    accounts = len(whole.fills.account_names)
    assert_alike(whole, np.arange(accounts) // 2 if shared else None)


def test_each_criterion_is_said_of_its_accounts_and_of_no_other() -> None:
    ring: list[MatchRow] = [
        (7.0 * n, *"ab"[:: 1 if n % 2 else -1], 100.0, 1.0)  # type: ignore[misc]
        for n in range(8)
    ]
    own: list[MatchRow] = [(300.0 + n, "c", "c", 100.0, 1.0) for n in range(4)]
    crowd: list[AloneRow] = [
        (600.0 + 30 * n, name, BUY if n % 2 == 0 else SELL, 100.0, 1.0)
        for name in "de"
        for n in range(6)
    ]
    whole = tape([*ring, *own, (900.0, "f", "a", 100.0, 3.0)], [*MARKET, *crowd])
    names_ = whole.fills.account_names.tolist()
    found = {
        name: {
            str(one)
            for one in wash_about(whole, np.array([at]), settings=SETTINGS).criterion.tolist()
        }
        for at, name in enumerate(names_)
    }
    assert found["a"] == found["b"] == {"volume_match"}
    assert found["c"] == {"self_trades"}
    assert found["d"] == found["e"] == {"round_trips", "crowd_round_trips"}
    assert found["f"] == found["m"] == set()
    assert assert_alike(whole, None) == 2 + 1 + 4

"""Which withdrawals go through, wait, or are stopped."""

from decimal import Decimal

import pytest

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.events import Event
from tradeglyph.domain.findings import Decision, Unanswered
from tradeglyph.domain.verdicts import Verdict
from tradeglyph.pipeline.policy import Band, Policy


def event(amount: str | None = None, **signals: bool | float) -> Event:
    said = None if amount is None else Decimal(amount)
    return Event(key="event:1", account_id="a", time=0, amount=said, signals=signals)


BANDED = Policy(
    bands=(
        Band(below=Decimal(100), unanswered={Unanswered.STALE_FEED: Decision.LET_THROUGH}),
        Band(below=Decimal(10_000), unanswered={Unanswered.STALE_FEED: Decision.DELAY}),
        Band(unanswered={Unanswered.STALE_FEED: Decision.REVIEW}),
    )
)


@pytest.mark.parametrize(
    ("amount", "decision"),
    [
        ("0", Decision.LET_THROUGH),
        ("99.99", Decision.LET_THROUGH),
        ("100", Decision.DELAY),
        ("10000", Decision.REVIEW),
        (None, Decision.REVIEW),  # one that was not said may be the largest
    ],
)
def test_bands(amount: str | None, decision: Decision) -> None:
    assert BANDED.without_answer(event(amount), Unanswered.STALE_FEED) == decision


def test_a_band_that_says_nothing_of_a_reason_does_the_usual() -> None:
    usual = Policy().without_answer(event("5"), Unanswered.NO_MODEL)
    assert BANDED.without_answer(event("5"), Unanswered.NO_MODEL) == usual == Decision.DELAY


@pytest.mark.parametrize("why", list(Unanswered))
def test_every_reason_has_a_decision(why: Unanswered) -> None:
    assert Policy().without_answer(event(), why) in Decision


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_decision(verdict: Verdict) -> None:
    expected = {"quiet": "let_through", "review": "review", "hold": "hold"}[verdict.value]
    assert Policy().of_verdict(verdict).value == expected


def test_no_signal_counts_unless_configured() -> None:
    assert Policy().holding(event(new_device=True, address_age_hours=0.0)) == ()


def test_signals_that_hold() -> None:
    policy = Policy(hold_signals=frozenset({"new_device", "odd"}), young_address_hours=24)
    assert policy.holding(event(new_device=True, odd=True)) == ("new_device", "odd")
    assert policy.holding(event(new_device=False, odd=0.0)) == ()
    assert policy.holding(event(new_device=1.0)) == ("new_device",)
    assert policy.holding(event(address_age_hours=23.9)) == ("address_age_hours",)
    assert policy.holding(event(address_age_hours=24.0)) == ()
    assert policy.holding(event(address_age_hours=True)) == ()


@pytest.mark.parametrize(
    "edges", [(), ("5",), ("5", "5", None), ("9", "5", None), (None, None), ("0", None)]
)
def test_bands_that_leave_an_amount_out_are_refused(edges: tuple[str | None, ...]) -> None:
    bands = tuple(Band(below=None if edge is None else Decimal(edge)) for edge in edges)
    with pytest.raises(InputError, match="policy"):
        Policy(bands=bands)

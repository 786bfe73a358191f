"""Stale is a source without a row in the time before an event, in whatever order one asks."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.pipeline.feeds import Feeds, Newest

TIMES = st.integers(0, 50)


class Source:
    """Rows at some times; counts how often it is asked."""

    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = rows
        self.asked = 0

    def newest(self, before: int) -> int | None:
        self.asked += 1
        return max((row for row in self.rows if row < before), default=None)


def feeds(*newest: Newest, first: int, stale_after: int) -> Feeds:
    return Feeds(newest, stale_after_us=stale_after, first=first)


@given(
    sources=st.lists(st.lists(TIMES, max_size=6), min_size=1, max_size=2),
    events=st.lists(TIMES, min_size=1, max_size=6),
    stale_after=st.integers(1, 20),
)
def test_stale_is_who_has_no_row_just_before_the_event(
    sources: list[list[int]], events: list[int], stale_after: int
) -> None:
    given_ = [Source(rows) for rows in sources]
    asked = feeds(*(one.newest for one in given_), first=min(events), stale_after=stale_after)
    for time in events:
        near = range(time - stale_after, time)
        assert asked.are_stale(time) == any(not set(rows) & set(near) for rows in sources)


def test_events_that_follow_each_other_ask_once() -> None:
    source = Source([100])
    asked = feeds(source.newest, first=101, stale_after=50)
    assert not any(asked.are_stale(time) for time in (130, 101, 150, 110))
    assert source.asked == 1


def test_nothing_is_stale_where_that_is_not_asked() -> None:
    source = Source([])
    assert not feeds(source.newest, first=0, stale_after=0).are_stale(1_000)
    assert not source.asked

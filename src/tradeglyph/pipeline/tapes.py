"""Everybody's trades for the events of a batch: each symbol is asked for once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.tape import Tape
from tradeglyph.pipeline.batch_tape import BatchTape
from tradeglyph.pipeline.tape import tape_of_rows
from tradeglyph.ports.sources import SourceGone, TooManyRows, TradeSource

NEAR_US = DAY_US // 4
"""Events so near to each other share what is asked for: their look-backs are nearly the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What one event needs. Times in microseconds UTC."""

    symbols: tuple[str, ...]
    since: int
    until: int


def tapes_of(
    source: TradeSource, spans: Sequence[Span]
) -> Iterator[tuple[int, Tape | SourceGone | TooManyRows]]:
    """Position of each span and its tape, or why there is none. In no order: one market is held at
    a time, and spans of the same rows come one after the other, with one tape."""
    order = sorted(range(len(spans)), key=lambda at: _kin(spans[at]))
    for _, group in groupby(order, key=lambda at: _kin(spans[at])[:2]):
        yield from _together(source, spans, list(group))


def _kin(span: Span) -> tuple[int, int, int]:
    """Equal in all but the last for those that are asked for together."""
    length = span.until - span.since
    return (length // DAY_US).bit_length(), span.until // NEAR_US, span.until


def _together(
    source: TradeSource, spans: Sequence[Span], group: Sequence[int]
) -> Iterator[tuple[int, Tape | SourceGone | TooManyRows]]:
    symbols = sorted({symbol for at in group for symbol in spans[at].symbols})
    since, until = min(spans[at].since for at in group), max(spans[at].until for at in group)
    try:
        market = BatchTape.of(source.of_symbols(symbols, since, until))
    except SourceGone as error:
        yield from ((at, error) for at in group)
    except TooManyRows as error:
        # Together they are too many; each by itself may not be.
        for at in group:
            yield at, error if len(group) == 1 else _alone(source, spans[at])
    else:
        place = {at: market.place(*_told(spans[at])) for at in group}
        for _, some in groupby(sorted(group, key=place.__getitem__), key=place.__getitem__):
            alike = list(some)
            tape = market.cut(*_told(spans[alike[0]]))
            yield from ((at, tape) for at in alike)


def _told(span: Span) -> tuple[tuple[str, ...], int, int]:
    return span.symbols, span.since, span.until


def _alone(source: TradeSource, span: Span) -> Tape | SourceGone | TooManyRows:
    try:
        return tape_of_rows(source.of_symbols(list(span.symbols), span.since, span.until))
    except (SourceGone, TooManyRows) as error:
        return error

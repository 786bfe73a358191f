"""Criterion: self-trades, counted as the exchanges do.

Numerator: quantity of the owner's self-trades. Denominator: all that the owner's accounts traded
in the symbol and day, each trade once.

Sources: trading with oneself as the counterparty, or among accounts under one actual control, heads
the list of abnormal behaviours in the Chinese futures exchanges' rules; transactions with no change
in beneficial ownership are indicator A(c) of Regulation (EU) 596/2014, annex I, which Delegated
Regulation (EU) 2016/522 spells out as wash trades; Victor & Weintraud 2021 count self-trades apart,
before they look for sets.
"""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.wash.findings import Criterion, Named
from tradeglyph.recognizers.wash.matches import Matches, rows_of
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.recognizers.wash.turnover import once, traded
from tradeglyph.recognizers.wash.windows import windows

Ints = NDArray[np.int64]


def self_trades(tape: Tape, matches: Matches, owner: Ints, settings: WashSettings) -> Named:
    """Owners with so many self-trades in one symbol and UTC day.

    `owner` has a number per account code; accounts with one number belong to one owner.
    """
    own = matches.take(owner[matches.buyer] == owner[matches.seller])
    who, day = owner[own.buyer], windows(own.time, DAY_US)
    number, first = numbered(day, own.symbol, who)
    count = np.bincount(number, minlength=len(first))
    # bincount of nothing counts in integers
    quantity = np.bincount(number, own.quantity, minlength=len(first)).astype(np.float64)
    enough = count >= settings.self_trades
    at, named = first[enough], enough[number]
    return Named(
        criterion=Criterion.SELF_TRADES,
        members=_accounts(own.take(named), number[named]),
        symbol=own.symbol[at],
        window_start=day[at],
        window_us=DAY_US,
        numerator=quantity[enough],
        denominator=traded(tape, once(tape), owner, who[at], own.symbol[at], day[at], DAY_US),
        trades=count[enough],
        result=np.zeros(len(at)),
        rows=rows_of(tape, own.number[named]),
    )


def _accounts(trades: Matches, number: Ints) -> list[NDArray[np.int32]]:
    """The accounts of each number, in its order."""
    numbers, both = np.tile(number, 2), np.concatenate([trades.buyer, trades.seller])
    _, first = numbered(numbers, both)
    cuts = np.flatnonzero(np.diff(numbers[first])) + 1
    return np.split(both[first], cuts) if len(first) else []

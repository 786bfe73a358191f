"""What accounts traded in a symbol and window: what the shares of the findings are shares of."""

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.groups import numbered
from tradeglyph.recognizers.wash.windows import windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def once(tape: Tape) -> NDArray[np.bool_]:
    """Along the tape: every row but the second of a matched trade that has two."""
    known = np.flatnonzero(tape.match >= 0)
    first = np.full(int(tape.match.max(initial=-1)) + 1, -1, dtype=np.int64)
    first[tape.match[known][::-1]] = known[::-1]
    answer = tape.match < 0
    answer[first[first >= 0]] = True
    return np.asarray(answer)


def traded(
    tape: Tape,
    counted: NDArray[np.bool_],
    owner: Ints,
    who: Ints,
    symbol: NDArray[np.int32],
    start: Ints,
    window_us: int,
) -> Floats:
    """Quantity that each owner `who[i]` traded in `symbol[i]` and the window from `start[i]`.

    `counted` says along the tape which rows count, at most one of each trade (see `once`);
    `owner` has the owner of every account code. A trade between two owners counts for both.
    """
    fills, wanted = tape.fills, np.zeros(len(owner), dtype=bool)
    wanted[who] = True
    single = np.flatnonzero(counted)
    mine, other = owner[fills.account[single]], owner[tape.other[single]]
    apart = (tape.other[single] >= 0) & (other != mine)
    row = np.concatenate([single[wanted[mine]], single[apart & wanted[other]]])
    side = np.concatenate([mine[wanted[mine]], other[apart & wanted[other]]])
    number, _ = numbered(
        np.concatenate([who, side]),
        np.concatenate([symbol, fills.symbol[row]]),
        np.concatenate([start, windows(fills.time[row], window_us)]),
    )
    asked, found = number[: len(who)], number[len(who) :]
    total = np.bincount(found, fills.quantity[row], minlength=int(number.max(initial=0)) + 1)
    return np.asarray(total[asked], dtype=np.float64)

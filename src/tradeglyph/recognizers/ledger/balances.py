"""Four columns for pairs and clusters: lost, gained, what third parties gained, fees."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import Balances, Transfers
from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger.company import ALONE, company_of
from tradeglyph.recognizers.ledger.exact import QUARTERS, Floats, Ints, products, sums
from tradeglyph.recognizers.ledger.look_back import LookBack, independent_before, look_backs
from tradeglyph.recognizers.ledger.quoted import Quotes
from tradeglyph.recognizers.ledger.reference import CHOICES, Choice
from tradeglyph.recognizers.ledger.settings import LOOK_BACK_US, LedgerSettings
from tradeglyph.recognizers.ledger.trades import Columns, Trades, trades_of
from tradeglyph.recognizers.ledger.valued import Valued, value

_DEFAULT = LedgerSettings()
Row = dict[str, float]


def balances(
    tape: Tape,
    transfers: Transfers,
    *,
    by: Literal["pair", "cluster"] = "pair",
    look_back_us: int = LOOK_BACK_US,
    settings: LedgerSettings = _DEFAULT,
    references: ReferencePrices | None = None,
    among: Transfers | None = None,
) -> Balances:
    """Four columns for each pair of `transfers`, or for each cluster, in their order.

    All trades of a group's members count, also those with others; their references come from
    prints in which no member took part and, of a pair, nobody of its company in the ledger
    (`company`), or from quoted `references` as in `ledger`, as of the window's end. Meant for
    findings, which are few: each group is reckoned by itself.

    Args:
        among: the flows of the same windows that make a company; `transfers` where None.
    """
    ends = np.unique(transfers.window_end)
    rows: list[Row] = []
    everybody = transfers if among is None else among
    if len(ends):
        reach = settings.half_widths[-1]
        trades = trades_of(tape, int(ends[0]) - look_back_us - reach, int(ends[-1]))
        quotes = Quotes.of(references, trades.scales, settings, int(ends[-1]))
        backs = {back.end: back for back in look_backs(trades, ends, look_back_us)}
        for group in _groups(transfers, by):
            first = int(group[0])
            back = backs[int(transfers.window_end[first])]
            members = np.unique(np.concatenate([transfers.loser[group], transfers.gainer[group]]))
            symbol = int(transfers.symbol[first])
            fees = _fees(tape, members, symbol, back.end - look_back_us, back.end)
            codes = members.astype(np.int64)
            shut = codes
            if by == "pair":
                flow = transfers.take(np.arange(len(transfers)) == first)
                shut = np.append(codes, _company(trades, back, flow, everybody, settings))
            row = _four(trades, back, symbol, codes, shut, fees, settings, quotes)
            rows.append(row | {"cluster": int(transfers.cluster[first])})
    return _table(rows)


def _groups(transfers: Transfers, by: Literal["pair", "cluster"]) -> Iterator[Ints]:
    """Positions in `transfers` of every group."""
    if by == "pair":
        yield from np.arange(len(transfers))[:, None]
        return
    order = np.argsort(transfers.cluster, kind="stable")
    heads = np.flatnonzero(np.diff(transfers.cluster[order])) + 1
    yield from (group for group in np.split(order, heads) if len(group))


def _company(
    trades: Trades, back: LookBack, flow: Transfers, among: Transfers, settings: LedgerSettings
) -> Ints:
    """Accounts of the company that the two of a flow belong to; none where they have none."""
    same = (among.window_end == flow.window_end[0]) & (among.symbol == flow.symbol[0])
    flows = among.take(same & (among.cluster == flow.cluster[0]) & (among.excess > 0))
    pairs = trades.pairs
    here = np.flatnonzero(pairs.symbol == flow.symbol[0])
    # Of one symbol no two pairs share their accounts.
    base = int(pairs.high.max(initial=0)) + 1
    key = pairs.low[here] * base + pairs.high[here]
    order = np.argsort(key)

    def pair_of(some: Transfers) -> Ints:
        ends = some.loser.astype(np.int64), some.gainer.astype(np.int64)
        wanted = np.minimum(*ends) * base + np.maximum(*ends)
        return here[order[np.searchsorted(key[order], wanted)]]

    company = company_of(pairs, back.ring, pair_of(flows), flows.excess, settings.largest_cluster)
    (own,) = pair_of(flow)
    number = company[pairs.low_node[own]]
    if number == ALONE or number != company[pairs.high_node[own]]:
        return np.zeros(0, dtype=np.int64)
    low, high = (
        code[here][company[node[here]] == number]
        for code, node in ((pairs.low, pairs.low_node), (pairs.high, pairs.high_node))
    )
    return np.union1d(low, high)


def _four(
    trades: Trades,
    back: LookBack,
    symbol: int,
    members: Ints,
    shut: Ints,
    fees: Floats,
    settings: LedgerSettings,
    quotes: Quotes | None,
) -> Row:
    """`shut` are the accounts whose prints don't count, the members among them."""
    columns = trades.columns
    first, last = np.searchsorted(columns.symbol, [symbol, symbol + 1])
    part = columns.take(np.arange(first, last))
    inside = np.isin(part.low, members), np.isin(part.high, members)
    touched = inside[0] | inside[1]
    usable = independent_before(trades, back, int(part.time[0]))[first:last]
    usable &= ~(np.isin(part.low, shut) | np.isin(part.high, shut))
    in_look_back = back.rows if isinstance(back.rows, slice) else back.rows[first:last]
    own = np.zeros(len(part), dtype=bool)
    own[in_look_back] = touched[in_look_back]
    at = np.flatnonzero(own & (part.low != part.high))
    # Every member is shut out of the prints, so no trade has parties left to shut out.
    prints = first + np.flatnonzero(usable)
    valued = value(trades, first + at, prints, settings, quotes=quotes, until=back.end)
    quantity = part.quantity[at]
    enough = quantity[valued.known].sum() >= settings.priced_share * quantity.sum()
    net = _members(part.take(at), valued, members, partial(trades.scales.in_quote, symbol))
    row = _columns(net, fees, enough)
    return row | {"symbol": symbol, "window_end": back.end, "accounts": len(members)}


def _members(
    part: Columns, valued: Valued, members: Ints, money: Callable[[int], float]
) -> dict[Choice, Floats]:
    """What each member gained in all its trades, by choice, before fees."""
    net: dict[Choice, Floats] = {}
    low, high = np.isin(part.low, members), np.isin(part.high, members)
    lots = part.sign * part.lots * valued.known
    owner = np.concatenate(
        [np.searchsorted(members, part.high[high]), np.searchsorted(members, part.low[low])]
    )
    for choice in CHOICES:
        gain = products(lots, valued.quarters[choice] - QUARTERS * part.units)
        each = sums(np.concatenate([gain[high], -gain[low]]), owner, len(members))
        net[choice] = np.array([money(total) for total in each])
    return net


def _columns(net: dict[Choice, Floats], fees: Floats, enough: bool) -> Row:
    """The middle is the reference of both sides; it says who lost and who gained."""
    loses = net["both"] < 0
    sides = {
        choice: (float((fees - gain)[loses].sum()), float((gain - fees)[~loses].sum()))
        for choice, gain in net.items()
    }
    paid = float(fees.sum())
    third = {choice: lost - gained - paid for choice, (lost, gained) in sides.items()}
    unknown = 0.0 if enough else float("nan")
    row = {"lost": sides["both"][0], "gained": sides["both"][1], "third": third["both"]}
    row |= {"lost_low": min(s[0] for s in sides.values())}
    row |= {"lost_high": max(s[0] for s in sides.values())}
    row |= {"gained_low": min(s[1] for s in sides.values())}
    row |= {"gained_high": max(s[1] for s in sides.values())}
    row |= {"third_low": min(third.values()), "third_high": max(third.values())}
    return {name: number + unknown for name, number in row.items()} | {"fees": paid}


def _fees(tape: Tape, members: NDArray[np.int32], symbol: int, since: int, until: int) -> Floats:
    """Fees that each member is known to have paid, shape (members,)."""
    fills = tape.fills
    first, last = np.searchsorted(fills.symbol, [symbol, symbol + 1])
    rows = np.arange(first, last)
    rows = rows[(fills.time[rows] >= since) & (fills.time[rows] < until)]
    rows = rows[np.isin(fills.account[rows], members) & np.isfinite(tape.fee[rows])]
    at = np.searchsorted(members, fills.account[rows])
    return np.asarray(np.bincount(at, tape.fee[rows], minlength=len(members)).astype(np.float64))


def _table(rows: list[Row]) -> Balances:
    whole: dict[str, Any] = {"symbol": np.int32}
    whole |= dict.fromkeys(("cluster", "window_end", "accounts"), np.int64)
    return Balances(
        **{
            field.name: np.array([row[field.name] for row in rows], whole.get(field.name, float))
            for field in fields(Balances)
        }
    )

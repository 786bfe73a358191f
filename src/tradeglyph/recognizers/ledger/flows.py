"""From a tape to flows of money per pair: rough for all of them, exact where it matters.

A trade is valued with what was known at the first window end after it, so that a figure is not
revised by later data and no look-back sees past its end. It is valued anew only for a look-back in
which its pair alerts and hangs together with others (`company`): then without their prints.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.references import QUOTED, ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger.company import ALONE, company_of
from tradeglyph.recognizers.ledger.exact import QUARTERS, Floats, Ints, floats
from tradeglyph.recognizers.ledger.look_back import (
    LookBack,
    between,
    independent,
    independent_before,
    look_backs,
    masked,
)
from tradeglyph.recognizers.ledger.neighbours import Rough, rough
from tradeglyph.recognizers.ledger.nets import Flows, Sources, flows_of
from tradeglyph.recognizers.ledger.noise import Noise, noise_of, with_quotes
from tradeglyph.recognizers.ledger.quoted import SETTLEMENT_REACH_US, Quotes
from tradeglyph.recognizers.ledger.reference import CHOICES, Choice
from tradeglyph.recognizers.ledger.screen import (
    PairSums,
    RoughFlows,
    pair_sums,
    rough_flows,
    worth_a_look,
)
from tradeglyph.recognizers.ledger.settings import LedgerSettings
from tradeglyph.recognizers.ledger.trades import Pairs, Trades, trades_of
from tradeglyph.recognizers.ledger.valued import Places, Valued, joined, value

_EVER = -(2**62)
"""Before every trade, microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everybody's pairs in every look-back, roughly valued: which of them are worth a look."""

    trades: Trades
    wanted: NDArray[np.bool_]
    """Per pair: whether it is asked about at all."""
    kept: NDArray[np.bool_]
    """Those of them that are worth a look in some look-back."""
    _backs: list[LookBack]
    _screened: list["_Screened"]
    _roughly: RoughFlows
    _quotes: Quotes | None
    _settings: LedgerSettings

    @classmethod
    def of(
        cls,
        tape: Tape,
        ends: Ints,
        look_back_us: int,
        settings: LedgerSettings,
        *,
        met: bool,
        accounts: Ints | None = None,
        references: ReferencePrices | None = None,
    ) -> "Screen":
        """Pairs that `met`, or accounts without a known other side, the given ones where not None;
        `references` as in `ledger`. There is one end at least."""
        reach = settings.half_widths[-1]
        ends = np.unique(ends)
        trades = trades_of(tape, int(ends[0]) - look_back_us - reach, int(ends[-1]))
        wanted = trades.pairs.met if met else trades.pairs.low < 0
        if accounts is not None:
            wanted &= np.isin(trades.pairs.high, accounts)
        backs = look_backs(trades, ends, look_back_us)
        quotes = Quotes.of(references, trades.scales, settings, int(ends[-1]))
        roughly = _rough_of_all(trades, backs, reach)
        quoted = None if quotes is None else _Quoted.of(trades, ends, look_back_us, quotes)
        screened = [_screened(trades, back, roughly, quoted, settings) for back in backs]
        kept = np.zeros(len(trades.pairs), dtype=bool)
        for one in screened:
            kept |= one.worth & wanted
        return cls(
            trades=trades,
            wanted=wanted,
            kept=kept,
            _backs=backs,
            _screened=screened,
            _roughly=roughly,
            _quotes=quotes,
            _settings=settings,
        )

    def keeps(self, accounts: Ints) -> bool:
        """Whether a pair of one of the accounts is worth a look."""
        return bool((self.kept & _of(self.trades.pairs, accounts)).any())

    def flows(self, *, met: bool) -> Iterator[Flows]:
        """Of every look-back: exact flows of the pairs that are kept. `met` as in `of`."""
        trades, settings = self.trades, self._settings
        market = _Market.of(trades, self._backs, self._quotes, settings)
        valued = market.valued(np.flatnonzero(self.kept[trades.pair]))
        sources = Sources(trades=trades, rough=self._roughly, valued=valued)
        for back, one in zip(self._backs, self._screened, strict=True):
            pair = np.flatnonzero(one.worth & self.wanted)
            flows = flows_of(sources, back, one.sums, one.noise, pair, settings)
            anew = _valued_anew(market, valued, flows) if met else None
            if anew is not None:
                at = np.flatnonzero(np.isin(pair, trades.pair[anew.row]))
                again, sizes = replace(sources, valued=anew), flows.cluster_size[at]
                part = flows_of(again, back, one.sums, one.noise, pair[at], settings, sizes)
                flows = flows.with_part(at, part, trades, one.sums.both)
            yield flows


def _of(pairs: Pairs, accounts: Ints) -> NDArray[np.bool_]:
    """Pairs of one of the accounts."""
    return np.asarray(np.isin(pairs.low, accounts) | np.isin(pairs.high, accounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screened:
    sums: PairSums
    noise: Noise
    worth: NDArray[np.bool_]
    """Per pair."""


def _screened(
    trades: Trades,
    back: LookBack,
    flows: RoughFlows,
    quoted: "_Quoted | None",
    settings: LedgerSettings,
) -> _Screened:
    columns, pairs = trades.columns, trades.pairs
    prints = masked(back.rows, independent(trades, back.ring))
    noise = noise_of(columns, prints, flows.away, flows.distance, back.half_spread)
    if quoted is not None:
        noise = quoted.with_walks(noise, trades, back, settings)
    total = pair_sums(columns, trades.pair, flows, back.rows, noise, len(pairs))
    worth = worth_a_look(pairs, total, back.active, back.ring, back.half_spread, settings)
    if quoted is not None:
        # Of a pair alone in its symbol only a quoted price says anything.
        by_quote = pair_sums(columns, trades.pair, quoted.flows, back.rows, noise, len(pairs))
        worth |= worth_a_look(pairs, by_quote, back.active, back.ring, back.half_spread, settings)
    return _Screened(sums=total, noise=noise, worth=worth)


def _rough_of_all(trades: Trades, backs: list[LookBack], reach: int) -> RoughFlows:
    columns = trades.columns
    n = len(columns)
    flows = RoughFlows.nothing(n)
    since = _EVER
    for back in backs:
        near = between(columns.time, since - reach, back.end)
        part = columns.take(near)
        found = rough_flows(part, rough(part, independent(trades, back.ring)[near], reach))
        if isinstance(near, slice) and since == _EVER:
            return found  # the usual case of one end: nothing to copy
        new = part.time >= since
        flows.put(np.arange(n)[near][new], found, new)
        since = back.end
    return flows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quoted:
    """What quoted prices say of all trades, for the screen."""

    flows: RoughFlows
    quotes: Quotes
    look_back_us: int

    @classmethod
    def of(cls, trades: Trades, ends: Ints, look_back_us: int, quotes: Quotes) -> "_Quoted":
        """By the best kind of each trade, as of the first of the `ends` after it."""
        columns, time = trades.columns, trades.columns.time
        # No trade is at or after the last end.
        until = ends[np.searchsorted(ends, time, side="right")]
        price: dict[Choice, Floats] = {choice: np.full(len(time), np.nan) for choice in CHOICES}
        distance = np.full(len(time), np.nan)
        for kind in QUOTED:
            near = quotes.near(kind, columns.symbol, time, time, until)
            new = near.known & np.isnan(distance)
            scale = trades.scales.price[columns.symbol[new]]
            for choice in CHOICES:
                price[choice][new] = floats(near.quarters[choice][new], scale) / QUARTERS
            distance[new] = near.distance[new]
        lost = np.zeros(len(time), dtype=bool)
        return cls(
            flows=rough_flows(columns, Rough(**price, distance=distance, lost=lost)),
            quotes=quotes,
            look_back_us=look_back_us,
        )

    def with_walks(
        self, noise: Noise, trades: Trades, back: LookBack, settings: LedgerSettings
    ) -> Noise:
        """`noise` with what the quotes add to it."""
        since = back.end - self.look_back_us - SETTLEMENT_REACH_US
        # The two of a pair are no reference for it.
        thin = back.independent_accounts(trades) < settings.accounts + 2
        return with_quotes(noise, self.quotes, thin, trades.scales.unit(), since, back.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Market:
    """What exact references are made of."""

    trades: Trades
    ends: Ints
    prints: list[Ints]
    """Per end: rows of the independent trades that a trade between the end before and this one may
    be valued with."""
    quotes: Quotes | None
    settings: LedgerSettings

    @classmethod
    def of(
        cls, trades: Trades, backs: list[LookBack], quotes: Quotes | None, settings: LedgerSettings
    ) -> "_Market":
        """Each end's prints are found once, whichever look-backs ask for them later."""
        ends = np.array([back.end for back in backs])
        since = np.append(_EVER, ends[:-1] - settings.half_widths[-1]).tolist()
        return cls(
            trades=trades,
            ends=ends,
            prints=[
                np.flatnonzero(independent_before(trades, back, begin))
                for back, begin in zip(backs, since, strict=True)
            ],
            quotes=quotes,
            settings=settings,
        )

    def valued(self, rows: Ints) -> Valued:
        """References of the trades at `rows`, ascending, each as of the first end after it."""
        of_end = self._of_end(rows)
        return joined(
            [
                value(
                    self.trades,
                    rows[of_end == number],
                    self.prints[number],
                    self.settings,
                    quotes=self.quotes,
                    until=int(self.ends[number]),
                )
                for number in np.unique(of_end).tolist()
            ]
        )

    def valued_without(self, company: Ints | None, rows: Ints) -> Valued:
        """The same without the prints of the trades' own company, or without any where None.

        Args:
            company: per node, whose prints don't count for each other; -1 for nobody.
        """
        of_end, symbol = self._of_end(rows), self.trades.columns.symbol
        number = symbol[rows] + self.trades.symbols * of_end
        names, own = np.unique(number, return_inverse=True)
        parts = [np.zeros((2, 0), dtype=np.int64)]
        # The trades are few, so those of all ends are valued together.
        for end in np.unique(of_end).tolist() if company is not None else ():
            prints = self.prints[end]
            wanted = np.zeros(self.trades.symbols, dtype=bool)
            wanted[symbol[rows[of_end == end]]] = True
            prints = prints[wanted[symbol[prints]]]
            place = np.searchsorted(names, symbol[prints] + self.trades.symbols * end)
            parts.append(np.stack([prints, place]))
        prints, place = np.concatenate(parts, axis=1)
        return value(
            self.trades,
            rows,
            prints,
            self.settings,
            company=company,
            quotes=self.quotes,
            until=self.ends[of_end],
            places=Places(row=own, prints=place),
        )

    def _of_end(self, rows: Ints) -> Ints:
        """Number of the first end after each trade."""
        return np.searchsorted(self.ends, self.trades.columns.time[rows], side="right")


def _valued_anew(market: _Market, valued: Valued, flows: Flows) -> Valued | None:
    """Trades of the look-back whose reference may be their own company's work: without its prints.

    None where there are none.
    """
    trades, settings, back = market.trades, market.settings, flows.look_back
    pairs, pair = trades.pairs, flows.pair
    excess = flows.excess(pairs.symbol[pair], settings)
    over = excess > 0
    company = company_of(pairs, back.ring, pair[over], excess[over], settings.largest_cluster)
    own = company[pairs.low_node[pair]]
    shared = pair[over & (own != ALONE) & (own == company[pairs.high_node[pair]])]
    parts = []
    if len(shared):
        rows = _rows(trades, valued, back, shared)
        parts.append(market.valued_without(company, rows))
    if market.quotes is not None:
        # A company too large for any print to count has its quoted prices still.
        large = np.isnan(flows.least) & (flows.cluster_size > settings.largest_cluster)
        if large.any():
            rows = _rows(trades, valued, back, flows.pair[large])
            parts.append(market.valued_without(None, rows))
    return joined(parts) if parts else None


def _rows(trades: Trades, valued: Valued, back: LookBack, pair: Ints) -> Ints:
    """Rows of the look-back's trades of the given pairs, ascending, of those that were valued."""
    wanted = np.zeros(len(trades.pairs), dtype=bool)
    wanted[pair] = True
    inside = wanted[trades.pair[valued.row]]
    if not isinstance(back.rows, slice):
        inside &= back.rows[valued.row]
    return valued.row[inside]

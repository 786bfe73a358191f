"""Net flows of money between the two of a pair, and how far they are from chance."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.references import Reference
from tradeglyph.recognizers.ledger.exact import QUARTERS, Floats, Ints, products, sums
from tradeglyph.recognizers.ledger.links import cluster_sizes
from tradeglyph.recognizers.ledger.look_back import LookBack
from tradeglyph.recognizers.ledger.meetings import Meetings
from tradeglyph.recognizers.ledger.noise import Noise
from tradeglyph.recognizers.ledger.reference import CHOICES, Choice
from tradeglyph.recognizers.ledger.screen import PairSums, RoughFlows
from tradeglyph.recognizers.ledger.settings import LedgerSettings
from tradeglyph.recognizers.ledger.trades import Trades
from tradeglyph.recognizers.ledger.valued import Valued

ALL_TURNED = 1 - 1e-9
"""Of the quantity, but for rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """What came of one look-back: one element per pair that was looked at, by pair ascending."""

    look_back: LookBack
    pair: Ints
    trades: Floats
    meetings: Meetings
    quantity: Floats
    net: Floats
    """Gain of the pair's high account by the reference of both sides, quote currency; the rough
    one where the ledger abstains."""
    least: Floats
    """In the direction of `net`; NaN where the ledger abstains, as are the next three."""
    most: Floats
    deviation: Floats
    turned: Floats
    """Share of the priced quantity that was bought and sold again inside one bar."""
    gained: Floats
    """Per node: sum of its gains from those it gained from."""
    lost: Floats
    cluster_size: Ints
    reference: Ints
    """The weakest `Reference` that it relies on; none where the ledger abstains."""

    def excess(self, symbol: Ints, settings: LedgerSettings) -> Floats:
        """What is over the market's half-spread; `symbol` is that of each pair."""
        allowed = settings.spreads * self.look_back.half_spread[symbol] * self.quantity
        return np.maximum(self.least - allowed, 0.0)

    def with_part(self, at: Ints, part: "Flows", trades: Trades, rough_net: Floats) -> "Flows":
        """These with the flows `at` as in `part`, which has the same trades valued otherwise.

        `rough_net` is that of all pairs.
        """
        changed = {}
        for name in ("net", "least", "most", "deviation", "turned", "reference"):
            changed[name] = getattr(self, name).copy()
            changed[name][at] = getattr(part, name)
        gained, lost = _totals(trades, rough_net, self.pair, changed["net"])
        return replace(self, gained=gained, lost=lost, **changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What flows are made of, for all look-backs."""

    trades: Trades
    rough: RoughFlows
    valued: Valued


def flows_of(
    sources: Sources,
    back: LookBack,
    total: PairSums,
    noise: Noise,
    pair: Ints,
    settings: LedgerSettings,
    sizes: Ints | None = None,
) -> Flows:
    """Flows of the given pairs, ascending, in one look-back; `sizes` are those of their clusters
    where they are known."""
    trades = sources.trades
    at, own = _chosen(sources, back, pair)
    nets = _nets(sources, at, own, len(pair))
    if sizes is None:
        sizes = cluster_sizes(
            trades.pairs, back.active, back.ring, pair, trades.columns, trades.pair, back.rows
        )
    priced = settings.priced_share * total.quantity[pair]
    blocks = _Blocks.of(sources, at, own, len(pair))
    turned = blocks.turned()
    # Net cash needs no reference, so nobody can have printed it.
    printed = (sizes > settings.largest_cluster) & (turned < ALL_TURNED)
    printed &= _any(own, sources.valued.kind[at] == Reference.OTHERS, len(pair))
    abstains = (_priced(sources, at, own, len(pair)) < priced) | printed
    net = np.where(abstains, total.both[pair], nets["both"])
    direction = np.where(net < 0, -1.0, 1.0)
    least, most = _ends([direction * nets[choice] for choice in CHOICES])
    roughly = _ends([direction * flow[pair] for flow in (total.both, total.before, total.after)])
    exact_error, rough_error = _errors(sources, noise, at, blocks)
    deviation = np.maximum(_over(least, exact_error), _over(roughly[0], rough_error))
    sure = (least > 0) & ~_unsure(sources, noise, at, own, len(pair))
    gained, lost = _totals(trades, total.both, pair, net)
    unknown = np.where(abstains, np.nan, 0.0)
    return Flows(
        look_back=back,
        pair=pair,
        trades=total.trades[pair],
        meetings=Meetings.of(trades.columns, sources.valued.row[at], own, len(pair)),
        quantity=total.quantity[pair],
        net=net,
        least=least + unknown,
        most=most + unknown,
        # Without money moved there is nothing to be sure of.
        deviation=np.where(sure, deviation, 0.0) + unknown,
        turned=turned + unknown,
        gained=gained,
        lost=lost,
        cluster_size=sizes,
        reference=np.where(abstains, Reference.NONE, _weakest(sources, at, own, len(pair))),
    )


def _chosen(sources: Sources, back: LookBack, pair: Ints) -> tuple[Ints, Ints]:
    """Positions in `valued` of the look-back's trades of the given pairs, and whose each is."""
    trades, row = sources.trades, sources.valued.row
    place = np.full(len(trades.pairs), -1, dtype=np.int64)
    place[pair] = np.arange(len(pair))
    own = place[trades.pair[row]]
    inside = own >= 0
    if not isinstance(back.rows, slice):
        inside &= back.rows[row]
    return np.flatnonzero(inside), own[inside]


def _priced(sources: Sources, at: Ints, own: Ints, pairs: int) -> Floats:
    """Quantity that each pair traded with a reference."""
    valued = sources.valued
    quantity = sources.trades.columns.quantity[valued.row[at]] * valued.known[at]
    return np.bincount(own, quantity, minlength=pairs).astype(np.float64)


def _any(own: Ints, which: NDArray[np.bool_], pairs: int) -> NDArray[np.bool_]:
    """Per pair: whether one of its trades is among them."""
    return np.asarray(np.bincount(own[which], minlength=pairs) > 0)


def _weakest(sources: Sources, at: Ints, own: Ints, pairs: int) -> Ints:
    """Per pair: the weakest reference of its trades."""
    weakest = np.zeros(pairs, dtype=np.int64)
    np.maximum.at(weakest, own, sources.valued.kind[at])
    return weakest


def _unsure(sources: Sources, noise: Noise, at: Ints, own: Ints, pairs: int) -> NDArray[np.bool_]:
    """Per pair: whether it relies on a quoted price of a symbol of which nobody can tell how far it
    moves, so that nothing is known of the error."""
    symbol = sources.trades.columns.symbol[sources.valued.row[at]]
    return _any(own, sources.valued.quoted[at] & ~noise.known[symbol], pairs)


def _nets(sources: Sources, at: Ints, own: Ints, pairs: int) -> dict[Choice, Floats]:
    """Gain of each pair's high account by each choice, summed in integers."""
    trades, valued = sources.trades, sources.valued
    columns, row = trades.columns, valued.row[at]
    symbol = np.zeros(pairs, dtype=np.int64)
    symbol[own] = columns.symbol[row]
    lots = columns.sign[row] * columns.lots[row] * valued.known[at]
    nets: dict[Choice, Floats] = {}
    for choice in CHOICES:
        gap = valued.quarters[choice][at] - QUARTERS * columns.units[row]
        exact = sums(products(lots, gap), own, pairs)
        nets[choice] = np.array(
            [trades.scales.in_quote(*one) for one in zip(symbol.tolist(), exact, strict=True)],
            dtype=float,
        )
    return nets


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocks:
    """The trades of a pair in one bar, which are one observation: they share their reference and
    may be parts of one order."""

    block: Ints
    """Per trade."""
    owner: Ints
    """Per block: the pair, a position; so are the next two."""
    whole: Floats
    """Quantity."""
    left: Floats
    """Quantity that was not bought and sold again."""
    pairs: int

    @classmethod
    def of(cls, sources: Sources, at: Ints, own: Ints, pairs: int) -> "_Blocks":
        columns, row = sources.trades.columns, sources.valued.row[at]
        names, block = np.unique(sources.valued.block[at], return_inverse=True)
        size = columns.quantity[row]
        owner = np.zeros(len(names), dtype=np.int64)
        owner[block] = own
        return cls(
            block=block,
            owner=owner,
            whole=np.bincount(block, size, len(names)).astype(np.float64),
            left=np.abs(np.bincount(block, columns.sign[row] * size, len(names))),
            pairs=pairs,
        )

    def mean(self, values: Floats, size: Floats) -> Floats:
        """Per block: mean of the trades' `values`, weighted with their `size`."""
        total = np.bincount(self.block, size * values, minlength=len(self.whole))
        return np.asarray(total / self.whole)

    def per_pair(self, values: Floats) -> Floats:
        """Sum over the blocks of each pair."""
        return np.bincount(self.owner, values, minlength=self.pairs).astype(np.float64)

    def turned(self) -> Floats:
        """Per pair: share of the quantity that was bought and sold again; 0 without any."""
        whole = self.per_pair(self.whole)
        again = whole - self.per_pair(self.left)
        return np.divide(again, whole, out=np.zeros(self.pairs), where=whole > 0)


def _errors(sources: Sources, noise: Noise, at: Ints, blocks: _Blocks) -> tuple[Floats, Floats]:
    """Standard errors of each pair's net flow, by exact references and by rough ones.

    Each block is one observation (cluster-robust errors: Liang and Zeger 1986). What was bought
    and sold again is uncertain by how far the market moved between; what is left over, by the
    reference.
    """
    trades, valued = sources.trades, sources.valued
    columns, row = trades.columns, valued.row[at]
    symbol, size = columns.symbol[row], columns.quantity[row]
    near = np.nan_to_num(noise.of_print(symbol, sources.rough.distance[row]))
    by_quote = noise.of_print(symbol, valued.distance[at])
    nearest = np.where(valued.quoted[at], by_quote, near)
    wide = np.nan_to_num(valued.scatter[at]) * trades.scales.unit()[symbol]
    apart = valued.apart[at].astype(np.float64)
    again = (blocks.whole - blocks.left) / 2
    trip = again * blocks.mean(noise.of_trip(symbol, apart), size)

    def total(error: Floats) -> Floats:
        variance = (blocks.left * blocks.mean(error, size)) ** 2 + trip**2
        return np.asarray(np.sqrt(blocks.per_pair(variance)))

    return total(np.maximum(nearest, wide)), total(near)


def _ends(flows: list[Floats]) -> tuple[Floats, Floats]:
    """Least and most of them, not less than nothing."""
    stacked = np.stack(flows)
    return np.maximum(stacked.min(axis=0), 0.0), np.maximum(stacked.max(axis=0), 0.0)


def _over(flow: Floats, error: Floats) -> Floats:
    return np.divide(flow, error, out=np.zeros(len(flow)), where=error > 0)


def _totals(trades: Trades, rough_net: Floats, pair: Ints, net: Floats) -> tuple[Floats, Floats]:
    """Per node, gains and losses summed over those it met; rough where nobody looked closer."""
    flow = rough_net.copy()
    flow[pair] = net
    pairs = trades.pairs
    flow[~pairs.met] = 0.0
    won, given = np.maximum(flow, 0.0), np.maximum(-flow, 0.0)

    def per_node(high: Floats, low: Floats) -> Floats:
        total = np.bincount(pairs.high_node, high, minlength=pairs.nodes)
        return np.asarray(total + np.bincount(pairs.low_node, low, minlength=pairs.nodes))

    return per_node(won, given), per_node(given, won)

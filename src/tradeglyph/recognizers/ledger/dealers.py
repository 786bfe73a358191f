"""Dealers: accounts that others trade with, and with hardly anybody else.

A client of a single dealer meets it far more often than by chance, wins from it or loses to it all
that it wins or loses, and is honest. What tells the two from a thief and a victim is that a dealer
has many such clients and that one of them is little of its business.
"""

import numpy as np

from tradeglyph.recognizers.ledger.clusters import LEAST_TRADES, Activity
from tradeglyph.recognizers.ledger.exact import Ints
from tradeglyph.recognizers.ledger.trades import Pairs

EXCLUSIVE = 0.9
"""A client makes so much of its trades with its dealer."""


def clients(pairs: Pairs, active: Activity) -> Ints:
    """Shape (nodes,): how many accounts are clients of the node."""
    counts = np.zeros(pairs.nodes, dtype=np.int64)
    for client, dealer in (
        (pairs.low_node, pairs.high_node),
        (pairs.high_node, pairs.low_node),
    ):
        own = active.node_trades[client]
        serves = pairs.met & (active.pair_trades >= EXCLUSIVE * own) & (own >= LEAST_TRADES)
        counts += np.bincount(dealer[serves], minlength=pairs.nodes)
    return counts

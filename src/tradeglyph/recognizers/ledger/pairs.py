"""Flows as findings: transfers between two accounts, and one-sided excess gains."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradeglyph.domain.ledger import ExcessGains, Transfers
from tradeglyph.domain.references import ReferencePrices
from tradeglyph.domain.tape import Tape
from tradeglyph.recognizers.ledger.clusters import by_chance
from tradeglyph.recognizers.ledger.company import clusters_of
from tradeglyph.recognizers.ledger.dealers import clients
from tradeglyph.recognizers.ledger.exact import Floats, Ints
from tradeglyph.recognizers.ledger.flows import Screen
from tradeglyph.recognizers.ledger.nets import Flows
from tradeglyph.recognizers.ledger.settings import LOOK_BACK_US, LedgerSettings
from tradeglyph.recognizers.ledger.trades import Trades

_DEFAULT = LedgerSettings()


def ledger(
    tape: Tape,
    *,
    ends: NDArray[np.int64],
    look_back_us: int = LOOK_BACK_US,
    settings: LedgerSettings = _DEFAULT,
    references: ReferencePrices | None = None,
    about: Ints | None = None,
) -> Transfers:
    """What each account took from another, in every look-back [end - look_back, end).

    Args:
        tape: sorted by symbol, then time.
        ends: window ends, microseconds UTC. Nothing at or after an end has a part in its
            findings; a trade is valued with what was known at the first end after it.
        look_back_us: microseconds.
        references: quoted prices of the tape's symbols, by their codes; those at or after an end
            have no part in its findings either. None: only what other accounts paid counts.
        about: codes of the accounts that are asked about. Where none of their pairs stands out,
            nobody's is listed, which is faster; where one does, all are. None: everybody.

    Only pairs that stand out are listed (`LedgerSettings.screen`), sorted by window end, symbol,
    loser, gainer. Raises ValueError where the tape is not sorted.
    """
    if not len(ends):
        return Transfers(**_joined([], _TRANSFER_DTYPES))
    book = Reckoning(
        tape, ends=ends, look_back_us=look_back_us, settings=settings, references=references
    )
    return book.about(about)


class Reckoning:
    """The ledger of one tape and its look-backs, for several who ask: what it takes to answer one
    of them is worked out once."""

    def __init__(
        self,
        tape: Tape,
        *,
        ends: NDArray[np.int64],
        look_back_us: int,
        settings: LedgerSettings,
        references: ReferencePrices | None = None,
    ) -> None:
        """As `ledger`, with one end at least."""
        self._settings = settings
        self._screen = Screen.of(
            tape, ends, look_back_us, settings, met=True, references=references
        )
        self._nobodys = Transfers(**_joined([], _TRANSFER_DTYPES))
        self._everybodys: Transfers | None = None

    def about(self, accounts: Ints | None) -> Transfers:
        """What `ledger` says where it is asked about these, codes of the tape; None: everybody."""
        if accounts is not None and not self._screen.keeps(accounts):
            return self._nobodys
        if self._everybodys is None:
            self._everybodys = self._transfers()
        return self._everybodys

    def _transfers(self) -> Transfers:
        parts: list[dict[str, NDArray[Any]]] = []
        clusters = 0
        for flows in self._screen.flows(met=True):
            part = _transfers(self._screen.trades, flows, self._settings, clusters)
            clusters += int((part["cluster"] - clusters).max(initial=-1)) + 1
            parts.append(part)
        return Transfers(**_joined(parts, _TRANSFER_DTYPES))


def excess_gains(
    tape: Tape,
    *,
    ends: NDArray[np.int64],
    accounts: Ints | None = None,
    look_back_us: int = LOOK_BACK_US,
    settings: LedgerSettings = _DEFAULT,
    references: ReferencePrices | None = None,
) -> ExcessGains:
    """What each account gained or lost against the market in fills without a known other side.

    `accounts` are codes of the tape, all where None. Other arguments as those of `ledger`. Where
    nobody's other side is known, the victim's print stands among the reference's: one account of at
    least ten.
    """
    parts: list[dict[str, NDArray[Any]]] = []
    if len(ends):
        screen = Screen.of(
            tape,
            ends,
            look_back_us,
            settings,
            met=False,
            accounts=accounts,
            references=references,
        )
        parts = [_gains(screen.trades, flows, settings) for flows in screen.flows(met=False)]
    return ExcessGains(**_joined(parts, _GAIN_DTYPES))


def _transfers(
    trades: Trades, flows: Flows, settings: LedgerSettings, first: int
) -> dict[str, NDArray[Any]]:
    pairs, pair = trades.pairs, flows.pair
    gains = flows.net >= 0
    size = np.abs(flows.net)
    low_node, high_node = pairs.low_node[pair], pairs.high_node[pair]
    gainer_node = np.where(gains, high_node, low_node)
    loser_node = np.where(gains, low_node, high_node)
    active = flows.look_back.active
    served = clients(pairs, active)
    common = _common(trades, flows, settings)
    columns = common | {
        "loser": np.where(gains, pairs.low[pair], pairs.high[pair]),
        "gainer": np.where(gains, pairs.high[pair], pairs.low[pair]),
        "gainer_share": _share(size, flows.gained[gainer_node], common["low"]),
        "loser_share": _share(size, flows.lost[loser_node], common["low"]),
        "by_chance": by_chance(pairs, active, pair),
        "gainer_trades": active.node_trades[gainer_node],
        "loser_trades": active.node_trades[loser_node],
        "gainer_clients": served[gainer_node],
        "loser_clients": served[loser_node],
        "turned": flows.turned,
        "cluster_size": flows.cluster_size,
        "reference": flows.reference,
        "meetings": flows.meetings.count,
        "ahead": flows.meetings.ahead(
            trades, flows.look_back.rows, gainer_node, np.where(gains, 1, -1)
        ),
    }
    moved = (size > 0) | np.isnan(columns["low"])
    columns = {name: values[moved] for name, values in columns.items()}
    order = np.lexsort((columns["gainer"], columns["loser"], columns["symbol"]))
    columns = {name: values[order] for name, values in columns.items()}
    ends = np.stack([low_node, high_node])[:, moved][:, order]
    joined = columns["excess"] > 0
    columns["cluster"] = first + clusters_of(flows.look_back.ring, ends[0], ends[1], joined)
    return columns


def _gains(trades: Trades, flows: Flows, settings: LedgerSettings) -> dict[str, NDArray[Any]]:
    columns = _common(trades, flows, settings) | {
        "account": trades.pairs.high[flows.pair],
        "direction": np.where(flows.net < 0, -1, 1),
    }
    order = np.lexsort((columns["account"], columns["symbol"]))
    return {name: values[order] for name, values in columns.items()}


def _common(trades: Trades, flows: Flows, settings: LedgerSettings) -> dict[str, NDArray[Any]]:
    symbol = trades.pairs.symbol[flows.pair]
    return {
        "symbol": symbol,
        "window_end": np.full(len(symbol), flows.look_back.end),
        "trades": flows.trades,
        "quantity": flows.quantity,
        "volume_share": flows.quantity / flows.look_back.volume[symbol],
        "low": flows.least,
        "high": flows.most,
        "excess": flows.excess(symbol, settings),
        "deviation": flows.deviation,
    }


def _share(size: Floats, total: Floats, low: Floats) -> Floats:
    share = np.divide(size, total, out=np.zeros(len(size)), where=total > 0)
    return np.where(np.isnan(low), np.nan, np.minimum(share, 1.0))


_TRANSFER_DTYPES: dict[str, type[np.generic]] = {
    "loser": np.int32,
    "gainer": np.int32,
    "symbol": np.int32,
    "window_end": np.int64,
    "trades": np.int64,
    "meetings": np.int64,
    "gainer_trades": np.int64,
    "loser_trades": np.int64,
    "gainer_clients": np.int64,
    "loser_clients": np.int64,
    "cluster": np.int64,
    "cluster_size": np.int64,
    "quantity": np.float64,
    "volume_share": np.float64,
    "low": np.float64,
    "high": np.float64,
    "excess": np.float64,
    "deviation": np.float64,
    "gainer_share": np.float64,
    "loser_share": np.float64,
    "by_chance": np.float64,
    "turned": np.float64,
    "ahead": np.float64,
    "reference": np.int8,
}
_GAIN_DTYPES: dict[str, type[np.generic]] = {
    "account": np.int32,
    "symbol": np.int32,
    "window_end": np.int64,
    "direction": np.int8,
    "trades": np.int64,
    "quantity": np.float64,
    "volume_share": np.float64,
    "low": np.float64,
    "high": np.float64,
    "excess": np.float64,
    "deviation": np.float64,
}


def _joined(
    parts: list[dict[str, NDArray[Any]]], dtypes: dict[str, type[np.generic]]
) -> dict[str, Any]:
    return {
        name: np.concatenate([np.zeros(0, dtype), *(part[name].astype(dtype) for part in parts)])
        for name, dtype in dtypes.items()
    }

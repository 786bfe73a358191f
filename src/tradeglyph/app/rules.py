"""The numbers that the ledger and the wash-volume recognizer go by, handed on as one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tradeglyph.pipeline.flow_rule import FlowRule
from tradeglyph.recognizers.ledger import LOOK_BACK_US, LedgerSettings
from tradeglyph.recognizers.ledger.settings import MINUTE_US
from tradeglyph.recognizers.wash.settings import WashSettings
from tradeglyph.sources.interval import interval_text

Section = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What counts as a flow of money, and as wash volume; the defaults are the published ones."""

    ledger: LedgerSettings = field(default_factory=LedgerSettings)
    look_back_us: int = LOOK_BACK_US
    """How far back flows are summed from a window's end, microseconds."""
    wash: WashSettings = field(default_factory=WashSettings)

    @property
    def flow_rule(self) -> FlowRule:
        """When a flow of this ledger alerts."""
        return FlowRule(taken_off=self.ledger.spreads)

    def sections(self) -> dict[str, Section]:
        """All numbers under the names and in the units of `tradeglyph.toml`, so that a record of
        them can be put back there; fit for JSON."""
        return {"ledger": self._ledger(), "wash": self._wash()}

    def changed(self) -> dict[str, Any]:
        """Those that are not the default, by `section.name`."""
        default = _DEFAULT.sections()
        return {
            f"{section}.{name}": value
            for section, numbers in self.sections().items()
            for name, value in numbers.items()
            if value != default[section][name]
        }

    def __str__(self) -> str:
        """What is not the default, as dotted keys of `tradeglyph.toml`; else `default`."""
        told = (f"{name} = {json.dumps(value)}" for name, value in self.changed().items())
        return "; ".join(told) or "default"

    def _ledger(self) -> Section:
        return {
            "look_back": interval_text(self.look_back_us),
            "half_widths_minutes": [width / MINUTE_US for width in self.ledger.half_widths],
            "accounts": self.ledger.accounts,
            "spreads": self.ledger.spreads,
            "priced_share": self.ledger.priced_share,
        }

    def _wash(self) -> Section:
        wash = self.wash
        return {
            "self_trades": wash.self_trades,
            "windows": [interval_text(window) for window in wash.windows_us],
            "margin": wash.margin,
            "occurrences": wash.occurrences,
            "largest_set": wash.largest_set,
            "trades": wash.trades,
            "set_share": wash.set_share,
            "gain": wash.gain,
            "chance": wash.chance,
            "trip_span": interval_text(wash.trip_span_us),
            "trip_loss": wash.trip_loss,
            "trips": wash.trips,
            "trip_share": wash.trip_share,
            "crowd_accounts": wash.crowd_accounts,
            "crowd_share": wash.crowd_share,
        }


_DEFAULT = Rules()

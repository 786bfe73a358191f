"""The numbers that the ledger and the wash-volume recognizer go by, handed on as one."""

from dataclasses import dataclass, field

from tradeglyph.pipeline.flow_rule import FlowRule
from tradeglyph.recognizers.ledger import LOOK_BACK_US, LedgerSettings
from tradeglyph.recognizers.wash.settings import WashSettings


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

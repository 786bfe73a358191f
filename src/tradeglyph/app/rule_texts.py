"""Rules under the names and in the units of `tradeglyph.toml`, for records of what was used."""

import json
from collections.abc import Mapping
from typing import Any

from tradeglyph.pipeline.rules import Rules
from tradeglyph.recognizers.ledger.settings import MINUTE_US
from tradeglyph.sources.interval import interval_text

Section = Mapping[str, Any]


def sections_of(rules: Rules) -> dict[str, Section]:
    """All numbers, so that a record of them can be put back there; fit for JSON."""
    return {"ledger": _ledger(rules), "wash": _wash(rules)}


def changed_of(rules: Rules) -> dict[str, Any]:
    """Those that are not the default, by `section.name`."""
    default = sections_of(Rules())
    return {
        f"{section}.{name}": value
        for section, numbers in sections_of(rules).items()
        for name, value in numbers.items()
        if value != default[section][name]
    }


def rules_text(rules: Rules) -> str:
    """What is not the default, as dotted keys of `tradeglyph.toml`; else `default`."""
    told = (f"{name} = {json.dumps(value)}" for name, value in changed_of(rules).items())
    return "; ".join(told) or "default"


def _ledger(rules: Rules) -> Section:
    return {
        "look_back": interval_text(rules.look_back_us),
        "half_widths_minutes": [width / MINUTE_US for width in rules.ledger.half_widths],
        "accounts": rules.ledger.accounts,
        "spreads": rules.ledger.spreads,
        "priced_share": rules.ledger.priced_share,
    }


def _wash(rules: Rules) -> Section:
    wash = rules.wash
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

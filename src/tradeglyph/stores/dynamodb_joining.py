"""The rules of `joining` for alerts that are kept whole, as DynamoDB keeps them."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from tradeglyph.domain.alerts import Alert
from tradeglyph.domain.findings import Investigation
from tradeglyph.stores import joining
from tradeglyph.stores.joining import Standing

_BEFORE, _NOW = "before", "now"
"""Whose evidence is shown."""
_SHARED = tuple(field.name for field in fields(Standing) if field.name != "shown")


def opened(investigation: Investigation, *, now: int, exhibits: Iterable[str]) -> Alert:
    """The alert that an answer opens, which keeps `exhibits`."""
    standing = joining.opened(investigation, now, _NOW)
    events = (investigation.event.key,)
    return Alert(**_shared(standing), events=events, **_evidence(investigation, exhibits))


def joined(
    alert: Alert, investigation: Investigation, *, now: int, exhibits: Iterable[str]
) -> tuple[Alert, bool]:
    """The alert as it is after the answer joined it, and whether it shows the answer's evidence
    now, with its `exhibits`, instead of that from before."""
    before = Standing(**_shared(alert), shown=_BEFORE)
    standing = joining.joined(before, investigation, now, _NOW)
    told = standing.shown == _NOW
    evidence = _evidence(investigation, exhibits) if told else _evidence(alert, alert.exhibits)
    events = (*alert.events, investigation.event.key)
    return Alert(**_shared(standing), events=events, **evidence), told


def _shared(one: Alert | Standing) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _SHARED}


def _evidence(one: Alert | Investigation, exhibits: Iterable[str]) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("findings", "reasons", "replay")}
    return told | {"exhibits": tuple(exhibits)}

"""What the service is put together from in tests: the shipped model, the real investigator, a queue
on the disk, and a store in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from tradeglyph.app.inquiries import model_of
from tradeglyph.domain.alerts import Action, Alert, Status, TrailEntry
from tradeglyph.domain.candles import Candles
from tradeglyph.domain.events import Event
from tradeglyph.domain.fills import DAY_US
from tradeglyph.domain.findings import (
    Decision,
    Exhibit,
    Finding,
    Investigation,
)
from tradeglyph.domain.trade_rows import TradeRows
from tradeglyph.domain.verdicts import Role, Verdict
from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.model.shipped import open_model
from tradeglyph.pipeline.inquiry import Inquiry
from tradeglyph.pipeline.investigate import SourceInvestigator
from tradeglyph.ports.alert_store import AlertChanged, Handled, NoSuchAlert, Page, Recorded
from tradeglyph.queues.sqlite import SqliteQueue
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.service.keys import ApiKey, ApiKeys, Scope, key_hash
from tradeglyph.service.parts import Parts
from tradeglyph.sources.live.memory import MemoryCandles, MemoryTrades

NOW = 1_767_355_260_000_000
"""2026-01-02T12:01:00Z, a minute after the events of the examples."""

KEYS = {
    "scorer": "tg_score-" + "s" * 40,
    "reader": "tg_read-" + "r" * 40,
    "reviewer": "tg_review-" + "v" * 40,
    "boss": "tg_admin-" + "a" * 40,
}
SCOPES = {
    "scorer": {Scope.SCORE},
    "reader": {Scope.READ},
    "reviewer": {Scope.READ, Scope.REVIEW},
    "boss": {Scope.ADMIN},
}


def bearer(name: str) -> dict[str, str]:
    """The header that says who asks."""
    return {"Authorization": f"Bearer {KEYS[name]}"}


def api_keys() -> ApiKeys:
    return ApiKeys(
        ApiKey(name=name, sha256=key_hash(key), scopes=frozenset(SCOPES[name]))
        for name, key in KEYS.items()
    )


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    time: int = NOW

    def now(self) -> int:
        return self.time


@dataclass
class MemoryStore:
    """An alert store that forgets when it goes: one alert for each event that raises one."""

    kept: dict[str, Alert] = field(default_factory=dict)
    exhibits: dict[tuple[str, str], Exhibit] = field(default_factory=dict)
    trails: dict[str, list[TrailEntry]] = field(default_factory=dict)
    events: dict[str, Handled] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def record(self, investigations: Sequence[Investigation], now: int) -> list[Recorded]:
        with self.lock:
            return [self._record(investigation, now) for investigation in investigations]

    def _record(self, one: Investigation, now: int) -> Recorded:
        if one.event.key in self.events:
            return Recorded(alert_id=self.events[one.event.key].alert_id, repeated=True)
        alert_id = f"alert{len(self.kept)}" if one.raises_alert else None
        self.events[one.event.key] = Handled(
            key=one.event.key,
            account_id=one.event.account_id,
            time=one.event.time,
            recorded_at=now,
            decision=one.decision,
            alert_id=alert_id,
        )
        if alert_id is not None:
            self.kept[alert_id] = Alert(
                alert_id=alert_id,
                account_id=one.event.account_id,
                window_start=one.window[0],
                window_end=one.window[1],
                decision=one.decision,
                verdict=one.verdict,
                unanswered=one.unanswered,
                status=Status.OPEN,
                opened_at=now,
                changed_at=now,
                version=1,
                events=(one.event.key,),
                findings=one.findings,
                reasons=one.reasons,
                replay=one.replay,
                exhibits=tuple(exhibit.name for exhibit in one.exhibits),
            )
            self.exhibits |= {(alert_id, exhibit.name): exhibit for exhibit in one.exhibits}
            self._line(alert_id, now, "tradeglyph", Action.OPENED, event_key=one.event.key)
        return Recorded(alert_id=alert_id, repeated=False)

    def _line(self, alert_id: str, time: int, who: str, action: Action, **more: Any) -> None:
        lines = self.trails.setdefault(alert_id, [])
        entry = TrailEntry(
            alert_id=alert_id, number=len(lines) + 1, time=time, who=who, action=action, **more
        )
        lines.append(entry)

    def handled(self, keys: Sequence[str]) -> dict[str, Handled]:
        return {key: self.events[key] for key in keys if key in self.events}

    def last_clean(self, account_id: str, before: int) -> int | None:
        times = [
            one.time
            for one in self.events.values()
            if (one.account_id, one.decision) == (account_id, Decision.LET_THROUGH)
            and one.time < before
        ]
        return max(times, default=None)

    def alert(self, alert_id: str) -> Alert:
        if alert_id not in self.kept:
            raise NoSuchAlert
        return self.kept[alert_id]

    def alerts(
        self,
        *,
        status: Status | None = None,
        account_id: str | None = None,
        most: int = 50,
        cursor: str | None = None,
    ) -> Page:
        first = int(cursor or 0)  # ValueError for what is none
        fitting = [
            alert
            for alert in sorted(self.kept.values(), key=lambda a: (-a.opened_at, a.alert_id))
            if status in (None, alert.status) and account_id in (None, alert.account_id)
        ]
        rest = len(fitting) > first + most
        return Page(
            alerts=tuple(fitting[first : first + most]),
            cursor=str(first + most) if rest else None,
        )

    def exhibit(self, alert_id: str, name: str) -> Exhibit:
        if (alert_id, name) not in self.exhibits:
            raise NoSuchAlert
        return self.exhibits[alert_id, name]

    def decide(
        self,
        alert_id: str,
        action: Action,
        *,
        who: str,
        now: int,
        note: str = "",
        version: int | None = None,
    ) -> Alert:
        with self.lock:
            alert = self.alert(alert_id)
            if version not in (None, alert.version):
                raise AlertChanged
            status = {
                Action.CONFIRMED: Status.CONFIRMED,
                Action.DISMISSED: Status.DISMISSED,
                Action.REOPENED: Status.OPEN,
            }.get(action, alert.status)
            self._line(alert_id, now, who, action, note=note)
            self.kept[alert_id] = replace(
                alert, status=status, version=alert.version + 1, changed_at=now
            )
            return self.kept[alert_id]

    def trail(self, alert_id: str) -> list[TrailEntry]:
        self.alert(alert_id)
        return list(self.trails[alert_id])

    def ping(self) -> None:
        pass


def over(rows: TradeRows, candles: Candles, lang: Lang = "en") -> SourceInvestigator:
    """What answers over these rows, as `serve` puts it together for those of a request."""
    return SourceInvestigator(
        trades=MemoryTrades(rows),
        candles=MemoryCandles(candles),
        model=lambda: model_of(default_model()),
        inquiry=Inquiry(stale_after_us=0, lang=lang),
        exhibits=False,
    )


NO_ROWS = TradeRows(
    account_id=np.array([], dtype=object),
    symbol=np.array([], dtype=object),
    time=np.array([], dtype=np.int64),
    side=np.array([], dtype=np.int8),
    price=np.array([]),
    quantity=np.array([]),
    trade_id=np.array([], dtype=object),
    counterparty_id=np.array([], dtype=object),
    fee=np.array([]),
)
NO_CANDLES = Candles(
    symbol=np.array([], dtype=np.int32),
    start=np.array([], dtype=np.int64),
    high=np.array([]),
    low=np.array([]),
    open=np.array([]),
    close=np.array([]),
    volume=np.array([]),
    accounts=np.array([], dtype=np.int32),
    interval=300_000_000,
    symbol_names=np.array([], dtype=object),
)


@lru_cache
def default_model() -> OnnxScorer:
    """The shipped model, loaded once."""
    return open_model("default")


def parts_of(folder: Path, **changes: Any) -> Parts:
    """The parts of one service, its queue in the folder; close its queue at the end."""
    clock = changes.pop("clock", None) or HandClock()
    given: dict[str, Any] = {
        "investigator": lambda lang: over(NO_ROWS, NO_CANDLES, lang),
        "inline": over,
        "store": MemoryStore(),
        "queue": SqliteQueue(folder / "queue.db", clock=clock),
        "clock": clock,
        "model": default_model,
        "keys": api_keys(),
        **changes,
    }
    return Parts(**given)


def alerting(key: str, *, account_id: str = "u-1009", time: int = NOW) -> Investigation:
    """An answer that raises an alert, with a picture and a file."""
    finding = Finding(
        account_id=account_id,
        symbol="ABC",
        window_start=time - DAY_US,
        window_end=time,
        trade_count=6,
        probability=0.97,
        flagged=True,
        verdict=Verdict.REVIEW,
        role=Role.BENEFICIARY,
        transferred=None,
        reason="three round trips",
        model="default@0",
    )
    return Investigation(
        event=Event(key=key, account_id=account_id, time=time),
        decision=Decision.REVIEW,
        verdict=Verdict.REVIEW,
        findings=(finding,),
        reasons=("three round trips",),
        replay=(("model", "default@0"),),
        exhibits=(
            Exhibit(name="trades.csv", media_type="text/csv", content=b"a,b\n"),
            Exhibit(name="picture-XYZ.png", media_type="image/png", content=b"\x89PNG other"),
            Exhibit(name="picture-ABC.png", media_type="image/png", content=b"\x89PNG mine"),
            Exhibit(name="page.html", media_type="text/html", content=b"<script>1</script>"),
        ),
    )

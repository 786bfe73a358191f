"""What the service is put together from in tests: the shipped model, the real investigator, a queue
and a store on the disk."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tradeglyph.app.inquiries import model_of
from tradeglyph.app.live_sources import open_trades
from tradeglyph.app.settings import Settings
from tradeglyph.app.source_sections import SourcesSection, TradesFrom
from tradeglyph.domain.api_keys import ApiKey, ApiKeys, Scope, key_hash
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
from tradeglyph.ports.alert_store import AlertStore
from tradeglyph.ports.sources import CandleSource, TradeSource
from tradeglyph.queues.sqlite import SqliteQueue
from tradeglyph.recognizers.reasons import Lang
from tradeglyph.service import examples
from tradeglyph.service.market_rows import candle_rows, trade_rows
from tradeglyph.service.parts import Configured, Parts
from tradeglyph.sources.live.memory import MemoryCandles, MemoryTrades
from tradeglyph.stores.late import LateStore
from tradeglyph.stores.opening import open_store

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


@lru_cache
def _empty_store() -> bytes:
    """A new store's file: its schema is made once, and copied."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "alerts.db"
        open_store(f"sqlite:///{file}").close()
        return file.read_bytes()


def store_in(folder: Path) -> AlertStore:
    """An empty alert store, as the product keeps it by default; close it at the end."""
    file = folder / "alerts.db"
    file.write_bytes(_empty_store())
    return LateStore(f"sqlite:///{file}")


def gone_store() -> AlertStore:
    """One whose server refuses every connection."""
    return LateStore("postgresql://admin:hunter2@127.0.0.1:1/alerts?connect_timeout=1")


def gone_queue(folder: Path) -> SqliteQueue:
    """One whose folder can't be made, because a file is in its place."""
    (folder / "taken").write_text("")
    return SqliteQueue(folder / "taken" / "queue.db", clock=HandClock())


def gone_source() -> TradeSource:
    """One whose server refuses every connection."""
    given = {"url": "postgresql://admin:hunter2@127.0.0.1:1/market", "table": "trades"}
    trades = TradesFrom.model_validate({**given, "connect_s": 1})
    return open_trades(Settings.model_construct(sources=SourcesSection(trades=trades)))


def known() -> tuple[MemoryTrades, MemoryCandles]:
    """The trades and candles of the example, as sources."""
    rows, _ = trade_rows(examples.SCORE["trades"], account_id="u-1009", symbol="ABC")
    candles = candle_rows(examples.SCORE["candles"], symbol="ABC", interval="5m")
    return MemoryTrades(rows), MemoryCandles(candles)


def configured(
    trades: TradeSource, candles: CandleSource, last_clean: Any = lambda *_: None
) -> Configured:
    """An investigator over sources, as `serve` puts it together."""

    def made(lang: Lang, *, exhibits: bool) -> SourceInvestigator:
        return SourceInvestigator(
            trades=trades,
            candles=candles,
            model=lambda: model_of(default_model()),
            inquiry=Inquiry(stale_after_us=0, lang=lang),
            last_clean=last_clean,
            exhibits=exhibits,
        )

    return made


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
    """The parts of one service, its queue and its store in the folder; close both at the end."""
    clock = changes.pop("clock", None) or HandClock()
    given: dict[str, Any] = {
        "investigator": configured(MemoryTrades(NO_ROWS), MemoryCandles(NO_CANDLES)),
        "inline": over,
        "store": changes.get("store") or store_in(folder),
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
            Exhibit(name="picture-2.png", media_type="image/png", content=b"\x89PNG other"),
            Exhibit(name="picture.png", media_type="image/png", content=b"\x89PNG mine"),
            Exhibit(name="page.html", media_type="text/html", content=b"<script>1</script>"),
        ),
    )

"""Where answers are kept: each event once, the alerts that they raise, and who decided what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tradeglyph.domain.alerts import Action, Alert, Status, TrailEntry
from tradeglyph.domain.findings import Decision, Exhibit, Investigation


class StoreGone(Exception):  # noqa: N818  says what happened
    """The store can't be reached now; nothing was written, ask again later."""


class NoSuchAlert(Exception):  # noqa: N818  says what happened
    """There is no alert of this id."""


class AlertChanged(Exception):  # noqa: N818  says what happened
    """Somebody changed the alert since it was read; read it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of an investigation."""

    alert_id: str | None
    """None where it raised none."""
    repeated: bool
    """The event had been recorded before; nothing was changed, and `alert_id` is that of then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What was answered to an event."""

    key: str
    account_id: str
    time: int
    """The event's, microseconds UTC."""
    recorded_at: int
    decision: Decision
    alert_id: str | None
    again: bool = False
    """Whether it is to be recorded once more, which changes nothing in the store, for the sake of
    what is done beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some alerts, the newest first."""

    alerts: tuple[Alert, ...]
    cursor: str | None
    """Where the next page begins; None where there is none."""


class Answers(Protocol):
    """The answers of a store: what a worker's loop needs of it.

    Every method raises StoreGone where the store can't be reached. `now` is microseconds UTC.
    """

    def record(self, investigations: Sequence[Investigation], now: int) -> list[Recorded]:
        """Keep answers: each event, its alert and its trail in one step, or none of it.

        An event whose key is known changes nothing, so that doing it twice is doing it once. An
        alert joins the open one of the same account whose window overlaps (or touches) its own,
        which takes the graver decision of the two and covers both windows; else it opens another.
        However many processes do this at once, one event has one effect and one account and window
        one open alert.
        """

    def handled(self, keys: Sequence[str]) -> dict[str, Handled]:
        """What is known of these events; those that are not known are left out."""


class AlertStore(Answers, Protocol):
    """Every method raises StoreGone where the store can't be reached. `now` is microseconds UTC."""

    def last_clean(self, account_id: str, before: int) -> int | None:
        """Time of the account's last event before `before` that was answered with `quiet`,
        microseconds UTC; None where there is none."""

    def last_cleans(self, asked: Sequence[tuple[str, int]]) -> list[int | None]:
        """What `last_clean` says of each account and instant, in their order, asked at once."""

    def alert(self, alert_id: str) -> Alert:
        """Raises NoSuchAlert."""

    def alerts(
        self,
        *,
        status: Status | None = None,
        account_id: str | None = None,
        most: int = 50,
        cursor: str | None = None,
    ) -> Page:
        """Alerts that fit, by `opened_at`, the newest first. Raises ValueError for a cursor that
        is not one of its own."""

    def exhibit(self, alert_id: str, name: str) -> Exhibit:
        """Raises NoSuchAlert where there is no such alert or exhibit."""

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
        """Confirm, dismiss, reopen or note, with a line in the trail; the alert as it is then.

        Raises NoSuchAlert; AlertChanged where `version` is given and is not the alert's; ValueError
        for an action that people don't take, or an empty `who`.
        """

    def trail(self, alert_id: str) -> list[TrailEntry]:
        """All lines, the first one first. Raises NoSuchAlert."""

    def ping(self) -> None:
        """Raises StoreGone where nothing could be written now."""

    def close(self) -> None:
        """Let go of what it holds; asked again, it opens anew."""

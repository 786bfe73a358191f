"""Tables of the alert store as they are now; how they came to be is in `migrations`.

Times are microseconds UTC. Texts of senders are never indexed: their digests are.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy.dialects.mysql import MEDIUMBLOB

from tradeglyph.stores.any_text import LONG_TEXT, AnyText
from tradeglyph.stores.digest import ALERT_ID_LENGTH

METADATA = MetaData()
VERSION_TABLE = "tg_version"

_MYSQL: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
_ALERT_ID = String(ALERT_ID_LENGTH)
_DIGEST = String(64)
_WORD = String(16)

ACCOUNTS = Table(
    "tg_accounts",
    METADATA,
    # Its row is what two processes that raise alerts for one account queue at.
    Column("account_hash", _DIGEST, primary_key=True),
    **_MYSQL,
)

EVENTS = Table(
    "tg_events",
    METADATA,
    # Its uniqueness is what makes an event's effect happen once.
    Column("key_hash", _DIGEST, primary_key=True),
    Column("event_key", AnyText, nullable=False),
    Column("account_hash", _DIGEST, nullable=False),
    Column("account_id", AnyText, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("decision", _WORD, nullable=False),
    Column("verdict", _WORD),
    Column("alert_id", _ALERT_ID),
    Index("tg_events_clean", "account_hash", "verdict", "time"),
    **_MYSQL,
)

ALERTS = Table(
    "tg_alerts",
    METADATA,
    Column("alert_id", _ALERT_ID, primary_key=True),
    Column("account_hash", _DIGEST, nullable=False),
    Column("account_id", AnyText, nullable=False),
    Column("window_start", BigInteger, nullable=False),
    Column("window_end", BigInteger, nullable=False),
    Column("decision", _WORD, nullable=False),
    Column("verdict", _WORD),
    Column("unanswered", _WORD),
    Column("status", _WORD, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    # Also the number of its last line in the trail.
    Column("version", Integer, nullable=False),
    # Digest of the key of the event whose findings are shown.
    Column("shown", _DIGEST, nullable=False),
    Index("tg_alerts_opened", "opened_at", "alert_id"),
    Index("tg_alerts_status", "status", "opened_at", "alert_id"),
    Index("tg_alerts_account", "account_hash", "opened_at", "alert_id"),
    **_MYSQL,
)

ALERT_EVENTS = Table(
    "tg_alert_events",
    METADATA,
    Column("alert_id", _ALERT_ID, primary_key=True),
    # The version that the alert had by it.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key_hash", _DIGEST, nullable=False),
    # Findings, reasons and replay, as JSON in ASCII.
    Column("document", LONG_TEXT, nullable=False),
    Index("tg_alert_events_key", "key_hash", unique=True),
    **_MYSQL,
)

EXHIBITS = Table(
    "tg_exhibits",
    METADATA,
    Column("alert_id", _ALERT_ID, primary_key=True),
    # That of the event which brought it.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name_hash", _DIGEST, primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("name", AnyText, nullable=False),
    Column("media_type", AnyText, nullable=False),
    # `zlib` (of the whole, before it was cut into parts) or empty.
    Column("packing", _WORD, nullable=False),
    Column(
        "content",
        LargeBinary().with_variant(MEDIUMBLOB(), "mysql", "mariadb"),
        nullable=False,
    ),
    **_MYSQL,
)

TRAIL = Table(
    "tg_trail",
    METADATA,
    Column("alert_id", _ALERT_ID, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("time", BigInteger, nullable=False),
    Column("who", AnyText, nullable=False),
    Column("action", _WORD, nullable=False),
    Column("note", AnyText, nullable=False),
    Column("event_key", AnyText, nullable=False),
    **_MYSQL,
)

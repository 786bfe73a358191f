"""Events, alerts, exhibits and the trail."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None

_MYSQL: dict[str, Any] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}
TABLES = (
    "tg_trail", "tg_exhibits", "tg_alert_events", "tg_alerts", "tg_events", "tg_accounts",
)  # fmt: skip


def upgrade() -> None:
    """Make what is missing: MySQL keeps what was made before an interruption."""
    text = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
    content = sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), "mysql", "mariadb")
    _table("tg_accounts", _key("account_hash", sa.String(64)))
    _table(
        "tg_events",
        _key("key_hash", sa.String(64)),
        _column("event_key", text),
        _column("account_hash", sa.String(64)),
        _column("account_id", text),
        _column("time", sa.BigInteger()),
        _column("recorded_at", sa.BigInteger()),
        _column("decision", sa.String(16)),
        sa.Column("verdict", sa.String(16)),
        sa.Column("alert_id", sa.String(26)),
    )
    _index("tg_events_clean", "tg_events", "account_hash", "verdict", "time")
    _table(
        "tg_alerts",
        _key("alert_id", sa.String(26)),
        _column("account_hash", sa.String(64)),
        _column("account_id", text),
        _column("window_start", sa.BigInteger()),
        _column("window_end", sa.BigInteger()),
        _column("decision", sa.String(16)),
        sa.Column("verdict", sa.String(16)),
        sa.Column("unanswered", sa.String(16)),
        _column("status", sa.String(16)),
        _column("opened_at", sa.BigInteger()),
        _column("changed_at", sa.BigInteger()),
        _column("version", sa.Integer()),
        _column("shown", sa.String(64)),
    )
    _index("tg_alerts_opened", "tg_alerts", "opened_at", "alert_id")
    _index("tg_alerts_status", "tg_alerts", "status", "opened_at", "alert_id")
    _index("tg_alerts_account", "tg_alerts", "account_hash", "opened_at", "alert_id")
    _table(
        "tg_alert_events",
        _key("alert_id", sa.String(26)),
        _key("number", sa.Integer()),
        _column("key_hash", sa.String(64)),
        _column("document", text),
    )
    _index("tg_alert_events_key", "tg_alert_events", "key_hash", unique=True)
    _table(
        "tg_exhibits",
        _key("alert_id", sa.String(26)),
        _key("number", sa.Integer()),
        _key("name_hash", sa.String(64)),
        _key("part", sa.Integer()),
        _column("name", text),
        _column("media_type", text),
        _column("packing", sa.String(16)),
        _column("content", content),
    )
    _table(
        "tg_trail",
        _key("alert_id", sa.String(26)),
        _key("number", sa.Integer()),
        _column("time", sa.BigInteger()),
        _column("who", text),
        _column("action", sa.String(16)),
        _column("note", text),
        _column("event_key", text),
    )


def downgrade() -> None:
    """Everything goes, what is in it included."""
    for table in TABLES:
        op.drop_table(table, if_exists=True)


def _key(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _column(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)


def _table(name: str, *columns: "sa.Column[Any]") -> None:
    op.create_table(name, *columns, if_not_exists=True, **_MYSQL)


def _index(name: str, table: str, *columns: str, unique: bool = False) -> None:
    known = sa.inspect(op.get_bind()).get_indexes(table)
    if name not in {index["name"] for index in known}:
        op.create_index(name, table, list(columns), unique=unique)

"""What a database says of itself: its clock, and whether a session may write."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_NOW = {
    "postgresql": "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)",
    "mysql": "SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)",
}
_READ_ONLY = {
    "postgresql": "SELECT current_setting('default_transaction_read_only')",
    "sqlite": "PRAGMA query_only",
}
_YES = (1, True, "on", "1", "ON")


def time_of(connection: "Connection") -> int | None:
    """Its clock, microseconds UTC; None for SQLite, whose clock is this machine's."""
    statement = _NOW.get(connection.dialect.name)
    if statement is None:
        return None
    return int(connection.exec_driver_sql(statement).scalar_one())


def is_read_only(connection: "Connection") -> bool:
    """Whether the session itself refuses to write, whatever its user may do."""
    kind = connection.dialect.name
    if kind != "mysql":
        return connection.exec_driver_sql(_READ_ONLY[kind]).scalar_one() in _YES
    # MariaDB before 11.1 knows the older name only, and MySQL 8 the newer one only.
    statement = "SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_read_only', %s)"
    rows = connection.exec_driver_sql(statement, ("transaction_read_only",)).all()
    return any(value in _YES for _, value in rows)

"""The database itself refuses to change or delete a line of the trail."""

from alembic import op

revision = "0002"
down_revision = "0001"

_UP = {
    "sqlite": [
        "CREATE TRIGGER tg_trail_no_update BEFORE UPDATE ON tg_trail "
        "BEGIN SELECT RAISE(ABORT, 'tg_trail is only added to'); END",
        "CREATE TRIGGER tg_trail_no_delete BEFORE DELETE ON tg_trail "
        "BEGIN SELECT RAISE(ABORT, 'tg_trail is only added to'); END",
        # INSERT OR REPLACE deletes, too, and no trigger hears of it.
        "CREATE TRIGGER tg_trail_no_replace BEFORE INSERT ON tg_trail WHEN EXISTS "
        "(SELECT 1 FROM tg_trail WHERE alert_id = NEW.alert_id AND number = NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'tg_trail is only added to'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION tg_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'tg_trail is only added to'; END $$",
        "CREATE TRIGGER tg_trail_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON tg_trail "
        "FOR EACH STATEMENT EXECUTE FUNCTION tg_trail_refuse()",
    ],
    "mysql": [
        "CREATE TRIGGER tg_trail_no_update BEFORE UPDATE ON tg_trail FOR EACH ROW "
        "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'tg_trail is only added to'",
        "CREATE TRIGGER tg_trail_no_delete BEFORE DELETE ON tg_trail FOR EACH ROW "
        "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'tg_trail is only added to'",
    ],
}
_DOWN = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS tg_trail_no_update",
        "DROP TRIGGER IF EXISTS tg_trail_no_delete",
        "DROP TRIGGER IF EXISTS tg_trail_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS tg_trail_kept ON tg_trail",
        "DROP FUNCTION IF EXISTS tg_trail_refuse()",
    ],
    "mysql": [
        "DROP TRIGGER IF EXISTS tg_trail_no_update",
        "DROP TRIGGER IF EXISTS tg_trail_no_delete",
    ],
}


def upgrade() -> None:
    """Anew, as MySQL keeps what was made before an interruption."""
    downgrade()
    for statement in _UP[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """The lines stay; only their protection goes."""
    for statement in _DOWN[op.get_bind().dialect.name]:
        op.execute(statement)

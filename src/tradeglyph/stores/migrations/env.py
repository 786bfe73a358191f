"""Run by alembic, over the connection of `tradeglyph.stores.versions`, inside its transaction."""

from alembic import context

from tradeglyph.stores.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
)
context.run_migrations()

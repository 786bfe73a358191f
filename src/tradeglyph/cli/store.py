"""`tradeglyph store`: the schema of the alert store."""

from typing import Annotated

import typer

from tradeglyph.cli.console import tell
from tradeglyph.cli.stores import Store, address_of, faults
from tradeglyph.domain.errors import InputError

app = typer.Typer(help="Bring the alert store's tables to the version that this release needs.")


@app.command()
def upgrade(store: Store = None) -> None:
    """Make or change the tables as this release needs them. Nothing is lost by it."""
    address = _sql(store)
    from tradeglyph.stores import versions

    with faults(address):
        tell(f"the store is at {versions.upgrade(address)}")


@app.command()
def downgrade(
    revision: Annotated[str, typer.Argument(help="An older version, or `base`: no tables")],
    store: Store = None,
    lose_alerts: Annotated[
        bool, typer.Option("--lose-alerts", help="Needed for `base`: all alerts are deleted")
    ] = False,
) -> None:
    """Bring the tables back to an older version, before an older release is installed."""
    address = _sql(store)
    from tradeglyph.stores import versions

    if revision == versions.NOTHING and not lose_alerts:
        raise InputError("base removes the tables with all alerts; add --lose-alerts to do that")
    with faults(address):
        tell(f"the store is at {versions.downgrade(address, revision)}")


@app.command()
def current(store: Store = None) -> None:
    """Print the version of the tables, and the one that this release needs."""
    address = _sql(store)
    from tradeglyph.stores import versions

    with faults(address):
        version = versions.current(address)
    typer.echo(version or versions.NOTHING)
    if version != versions.PRESENT:
        tell(f"this release needs {versions.PRESENT}")


def _sql(store: str | None) -> str:
    """The address. Raises InputError where there are no tables with versions, MissingExtra where
    sqlalchemy is not installed."""
    from tradeglyph.stores.opening import sql_installed

    address = address_of(store)
    if address.startswith("dynamodb:"):
        raise InputError("a DynamoDB table has no versions: there is nothing to upgrade")
    with sql_installed():
        import tradeglyph.stores.versions  # noqa: F401
    return address

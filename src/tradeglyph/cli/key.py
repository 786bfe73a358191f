"""`tradeglyph key`: API keys of the service."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from tradeglyph.cli.console import AsJson, give, tell
from tradeglyph.domain.errors import InputError

app = typer.Typer(no_args_is_help=True, help="API keys of the service.")


@app.callback()
def key() -> None:
    """API keys of the service."""


@app.command()
def new(
    name: Annotated[str, typer.Option(help="Who will hold it: what an alert's trail says")],
    scopes: Annotated[str, typer.Option(help="Of score, read, review, admin; with commas between")],
    expires: Annotated[
        str | None, typer.Option(help="From when on it is no key, such as 2027-01-01T00:00:00Z")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key: printed once and kept nowhere, with the line that lets the service know it."""
    from tradeglyph.domain.api_keys import ApiKey, Scope, key_hash, new_key

    words = [word.strip() for word in scopes.split(",") if word.strip()]
    known = [scope.value for scope in Scope]
    for word in words:
        if word not in known:
            raise InputError(f"--scopes {word!r}: there are {', '.join(known)}")
    until = None if expires is None else _moment(expires)
    made = new_key()
    # Refuses what the service would refuse.
    checked = ApiKey(
        name=name, sha256=key_hash(made), scopes=frozenset(Scope(word) for word in words)
    )
    line = _line(name, sorted(set(words), key=known.index), checked.sha256, until)
    summary: dict[str, Any] = {
        "key": made,
        "name": name,
        "scopes": sorted(set(words), key=known.index),
        "sha256": checked.sha256,
        "expires": until,
        "line": line,
    }
    if as_json:
        give(summary)
        return
    typer.echo(made)
    typer.echo(line)
    tell("the key is shown this once; add the line to keys = [...] of [service] in tradeglyph.toml")


def _moment(text: str) -> str:
    """As TOML writes it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"--expires {text!r}: write it as 2027-01-01T00:00:00Z") from None
    if moment.tzinfo is None:
        raise InputError(f"--expires {text!r}: says no offset; add Z, or one such as +08:00")
    if moment <= datetime.now(UTC):
        raise InputError(f"--expires {text!r}: has passed; the key would open nothing")
    return moment.isoformat()


def _line(name: str, scopes: list[str], sha256: str, expires: str | None) -> str:
    """One key of a TOML list; names and scopes hold nothing that TOML would escape."""
    listed = ", ".join(f'"{scope}"' for scope in scopes)
    until = "" if expires is None else f", expires = {expires}"
    return f'{{ name = "{name}", scopes = [{listed}], sha256 = "{sha256}"{until} }},'

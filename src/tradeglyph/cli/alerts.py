"""`tradeglyph alerts`: what a person is asked to look at, and the person's answer."""

import getpass
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tradeglyph.app.settings import load_settings
from tradeglyph.cli.console import give, tell
from tradeglyph.cli.stores import Store, opened
from tradeglyph.domain.errors import InputError

if TYPE_CHECKING:
    from tradeglyph.domain.alerts import Alert
    from tradeglyph.ports.alert_store import AlertStore
    from tradeglyph.recognizers.reasons import Lang

app = typer.Typer(help="List, show and close alerts.")

AlertId = Annotated[str, typer.Argument(metavar="ID", help="As `alerts list` shows it")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout")]
Language = Annotated[
    Literal["en", "zh"] | None, typer.Option("--lang", help="Language of texts (default: en)")
]


@app.command("list")
def list_(
    store: Store = None,
    status: Annotated[
        Literal["open", "confirmed", "dismissed"] | None, typer.Option(help="Only these")
    ] = None,
    account: Annotated[str | None, typer.Option(help="Only those of this account_id")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="Longest list")] = 50,
    cursor: Annotated[str | None, typer.Option(help="Where a list before ended")] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """List alerts, the newest first."""
    from tradeglyph.cli import alert_words
    from tradeglyph.domain.alerts import Status

    wanted = None if status is None else Status(status)
    with opened(store) as alerts:
        try:
            page = alerts.alerts(status=wanted, account_id=account, most=most, cursor=cursor)
        except ValueError as error:
            raise InputError(f"--cursor: {error}; leave it out to begin anew") from None
    if as_json:
        found = [alert_words.as_json(alert) for alert in page.alerts]
        give({"alerts": found, "cursor": page.cursor})
        return
    language = _lang(lang)
    for alert in page.alerts:
        typer.echo(alert_words.line(alert, language))
    if not page.alerts:
        tell(alert_words.word("none", language))
    if page.cursor:
        tell(alert_words.word("more", language, cursor=page.cursor))


@app.command()
def show(
    alert_id: AlertId,
    store: Store = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the exhibits")] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """Show an alert with its findings and its trail."""
    from tradeglyph.cli import alert_words

    with opened(store) as alerts:
        alert = alerts.alert(alert_id)
        trail = alerts.trail(alert_id)
        if out is not None:
            _write_exhibits(alerts, alert, out)
    if as_json:
        entries = [alert_words.entry_as_json(entry) for entry in trail]
        give({**alert_words.as_json(alert), "trail": entries})
        return
    for line in alert_words.lines(alert, trail, _lang(lang)):
        typer.echo(line)


@app.command()
def close(
    alert_id: AlertId,
    outcome: Annotated[
        Literal["confirmed", "dismissed"],
        typer.Option("--as", help="confirmed: it is a transfer; dismissed: it is none"),
    ],
    note: Annotated[str, typer.Option(help="Why, for the trail")],
    who: Annotated[str | None, typer.Option(help="Who decides (default: the user)")] = None,
    version: Annotated[
        int | None, typer.Option(help="Refuse where the alert is not at this version any more")
    ] = None,
    store: Store = None,
) -> None:
    """Close an alert, with a note in its trail."""
    from tradeglyph.domain.alerts import Action

    name = getpass.getuser() if who is None else who
    if not name.strip():
        raise InputError("--who: is empty; say who decides")
    with opened(store) as alerts:
        alerts.decide(
            alert_id,
            Action(outcome),
            who=name,
            now=time.time_ns() // 1000,
            note=note,
            version=version,
        )
    tell(f"{alert_id}: {outcome}")


def _lang(lang: "Lang | None") -> "Lang":
    return lang or load_settings().lang


def _write_exhibits(alerts: "AlertStore", alert: "Alert", out: Path) -> None:
    """Into `out`, all or none. A name that is no plain file name is refused: it could lie
    elsewhere."""
    from tradeglyph.results.atomic import whole_folder

    with whole_folder(out) as folder:
        for name in alert.exhibits:
            if name in ("", ".", "..") or Path(name).name != name or "\0" in name:
                raise InputError(f"{alert.alert_id}: the exhibit {name!r} is no plain file name")
            (folder / name).write_bytes(alerts.exhibit(alert.alert_id, name).content)
    for name in alert.exhibits:
        tell(f"{out / name}")

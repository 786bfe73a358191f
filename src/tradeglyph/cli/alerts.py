"""`tradeglyph alerts`: what a person is asked to look at, and the person's answer."""

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tradeglyph.app.settings import load_settings
from tradeglyph.app.system_clock import SystemClock
from tradeglyph.cli.console import give, tell
from tradeglyph.cli.stores import Store, opened
from tradeglyph.domain.errors import InputError

if TYPE_CHECKING:
    from tradeglyph.domain.alerts import Action, Alert, TrailEntry
    from tradeglyph.ports.alert_store import AlertStore
    from tradeglyph.recognizers.reasons import Lang

app = typer.Typer(help="List, show, replay, close and reopen alerts.", no_args_is_help=True)

ALERT = "alert.json"

AlertId = Annotated[str, typer.Argument(metavar="ID", help="As `alerts list` shows it")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout")]
Note = Annotated[str, typer.Option("--note", help="Why, for the trail")]
Who = Annotated[str | None, typer.Option("--who", help="Who decides (default: the user)")]
Version = Annotated[
    int | None,
    typer.Option("--version", help="Refuse where the alert is not at this version any more"),
]
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
        entries = [alert_words.entry_as_json(entry) for entry in trail]
        whole = {**alert_words.as_json(alert), "trail": entries}
        if out is not None:
            _write_exhibits(alerts, alert, whole, out)
    if as_json:
        give(whole)
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
    note: Note,
    who: Who = None,
    version: Version = None,
    store: Store = None,
    lang: Language = None,
) -> None:
    """Close an alert, with a note in its trail. One that is closed may be closed otherwise."""
    from tradeglyph.domain.alerts import Action

    _decide(store, alert_id, Action(outcome), note, who, version, lang)


@app.command()
def reopen(
    alert_id: AlertId,
    note: Note,
    who: Who = None,
    version: Version = None,
    store: Store = None,
    lang: Language = None,
) -> None:
    """Open a closed alert again, with a note in its trail."""
    from tradeglyph.domain.alerts import Action

    _decide(store, alert_id, Action.REOPENED, note, who, version, lang)


@app.command()
def replay(
    alert_id: AlertId,
    store: Store = None,
    model: Annotated[
        str | None, typer.Option("--model", help="The model that answered (default: the present)")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for everybody's trades and the candles that the answer rests on"),
    ] = None,
    lang: Language = None,
    as_json: AsJson = False,
) -> None:
    """Answer an alert's window once more from the sources as they are now, and compare.

    Status 1 where a verdict is another now.
    """
    from tradeglyph.cli.alert_replay import replay_alert

    with opened(store) as alerts:
        alert = alerts.alert(alert_id)
    replay_alert(alert, model, out, _lang(lang), as_json=as_json)


def _decide(
    store: str | None,
    alert_id: str,
    action: "Action",
    note: str,
    who: str | None,
    version: int | None,
    lang: "Lang | None",
) -> None:
    """Raises InputError where nobody decides, no reason is given, or it can't be done."""
    from tradeglyph.cli import alert_words

    name = getpass.getuser() if who is None else who
    if not name.strip():
        raise InputError("--who: is empty; say who decides")
    if not note.strip():
        raise InputError("--note: is empty; say why, for the trail")
    with opened(store) as alerts:
        before, trail = alerts.alert(alert_id), alerts.trail(alert_id)
        if action == "reopened" and before.status == "open":
            raise InputError(alert_words.word("open_already", _lang(lang), alert=alert_id))
        try:
            after = alerts.decide(
                alert_id,
                action,
                who=name,
                now=SystemClock().now(),
                note=note,
                version=version,
            )
        except ValueError as error:
            raise InputError(str(error)) from None
    tell(alert_words.decided(before, _closing(trail), after, _lang(lang)))


def _closing(trail: "list[TrailEntry]") -> "TrailEntry":
    """The line that made the alert what it is."""
    return next((e for e in reversed(trail) if e.action in ("confirmed", "dismissed")), trail[-1])


def _lang(lang: "Lang | None") -> "Lang":
    return lang or load_settings().lang


def _write_exhibits(
    alerts: "AlertStore", alert: "Alert", whole: "dict[str, Any]", out: Path
) -> None:
    """Into `out`, all or none, and the alert beside them. A name that is no plain file name is
    refused: it could lie elsewhere."""
    from tradeglyph.results.atomic import whole_folder

    with whole_folder(out) as folder:
        for name in alert.exhibits:
            if name in ("", ".", "..") or Path(name).name != name or "\0" in name:
                raise InputError(f"{alert.alert_id}: the exhibit {name!r} is no plain file name")
            (folder / name).write_bytes(alerts.exhibit(alert.alert_id, name).content)
        text = json.dumps(whole, ensure_ascii=False, indent=2)
        (folder / ALERT).write_text(text + "\n", encoding="utf-8")
    for name in (*alert.exhibits, ALERT):
        tell(f"{out / name}")

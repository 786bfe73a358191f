"""Alerts over HTTP: read them, look at what they show, decide on them."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tradeglyph.domain.alerts import Action, Alert, Status
from tradeglyph.pipeline.exhibits import PICTURE
from tradeglyph.pipeline.parse_event import LONGEST_TEXT
from tradeglyph.ports.alert_store import AlertChanged, NoSuchAlert, StoreGone
from tradeglyph.service import examples
from tradeglyph.service.answers import alert_answer, trail_line
from tradeglyph.service.bodies import misfits, record_of, text_of
from tradeglyph.service.documents import gives, guarded, takes
from tradeglyph.service.guard import KEY_NAME
from tradeglyph.service.members import refuse_twice
from tradeglyph.service.parts import Parts
from tradeglyph.service.problem import Problem, gone
from tradeglyph.service.schemas import (
    AlertAnswer,
    AlertsAnswer,
    DecideBody,
    TrailAnswer,
)

_PNG = "image/png"
_SHOWN_INLINE = (_PNG, "image/jpeg")
_ACTIONS = {
    Status.CONFIRMED: Action.CONFIRMED,
    Status.DISMISSED: Action.DISMISSED,
    Status.OPEN: Action.REOPENED,
}
_Made = TypeVar("_Made")

AlertId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$", examples=["q7b2kd4m6x3ahn5j"])]
ExhibitName = Annotated[str, Path(max_length=200, examples=["trades.csv"])]
Text = Annotated[str | None, Query(max_length=LONGEST_TEXT)]
Seen = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^(\*|"[0-9]{1,9}")$',
        description="The ETag of the alert as it was read: 412 if it has changed since",
        examples=['"1"'],
    ),
]
_TAGGED = {
    "headers": {
        "ETag": {
            "description": "Of the alert as it is: its version, for If-Match",
            "schema": {"type": "string"},
            "example": '"1"',
        }
    }
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def alert_routes(parts: Parts) -> APIRouter:
    """Everything under `/v1/alerts`."""
    router = APIRouter(prefix="/v1/alerts", tags=["alerts"], default_response_class=Response)
    _reading(router, parts)
    _showing(router, parts)

    @router.patch(
        "/{alert_id}",
        operation_id="decide",
        summary="Confirm, dismiss, reopen or note",
        responses={
            200: gives(AlertAnswer, examples.DECIDED, "The alert as it is then") | _TAGGED,
            **guarded(400, 404, 408, 409, 412, 415, 422),
        },
        openapi_extra=takes(DecideBody, examples.DECISION),
    )
    async def decide(alert_id: AlertId, request: Request, if_match: Seen = None) -> Response:
        text = await text_of(request)
        body = record_of(DecideBody, text)
        refuse_twice(text)
        action, who = _action(body), request.scope[KEY_NAME]
        seen = _version_of(if_match)
        if None not in (seen, body.version) and seen != body.version:
            raise misfits([{"where": "version", "what": "is not that of If-Match: give one"}])

        def decided() -> Alert:
            return parts.store.decide(
                alert_id,
                action,
                who=who,
                now=parts.clock.now(),
                note=body.note,
                version=body.version if seen is None else seen,
            )

        try:
            alert = await asked_store(decided, changed=409 if seen is None else 412)
        except ValueError as error:  # reopened, where another one is open for the same window
            raise Problem(409, str(error)) from None
        return _tagged(alert)

    return router


def _reading(router: APIRouter, parts: Parts) -> None:
    @router.get(
        "",
        operation_id="list_alerts",
        summary="Alerts, the newest first, page by page",
        responses={
            200: gives(AlertsAnswer, examples.ALERTS, "Give `cursor` back for the next page"),
            **guarded(422),
        },
    )
    async def list_alerts(
        status: Status | None = None,
        account_id: Text = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Text = None,
    ) -> Response:
        for name, text in (("account_id", account_id), ("cursor", cursor)):
            if text is not None and "\0" in text:
                raise misfits([{"where": name, "what": "holds a NUL"}])
        try:
            page = await asked_store(
                lambda: parts.store.alerts(
                    status=status, account_id=account_id, most=limit, cursor=cursor
                )
            )
        except ValueError:
            raise misfits([{"where": "cursor", "what": "is none that was given out"}]) from None
        alerts = [alert_answer(alert) for alert in page.alerts]
        return _json(AlertsAnswer(alerts=alerts, cursor=page.cursor))

    @router.get(
        "/{alert_id}",
        operation_id="show_alert",
        summary="One alert",
        responses={
            200: gives(AlertAnswer, examples.ALERT, "The alert") | _TAGGED,
            **guarded(404, 422),
        },
    )
    async def show_alert(alert_id: AlertId) -> Response:
        return _tagged(await asked_store(lambda: parts.store.alert(alert_id)))

    @router.get(
        "/{alert_id}/trail",
        operation_id="trail",
        summary="What was done about it, by whom and when",
        responses={
            200: gives(TrailAnswer, examples.TRAIL, "The audit trail"),
            **guarded(404, 422),
        },
    )
    async def trail(alert_id: AlertId) -> Response:
        entries = await asked_store(lambda: parts.store.trail(alert_id))
        lines = [trail_line(entry) for entry in entries]
        return _json(TrailAnswer(alert_id=alert_id, trail=lines))


def _showing(router: APIRouter, parts: Parts) -> None:
    async def exhibit_response(alert_id: str, name: str) -> Response:
        exhibit = await asked_store(lambda: parts.store.exhibit(alert_id, name))
        headers = {}
        if exhibit.media_type not in _SHOWN_INLINE:  # nothing of it runs in a browser
            headers["Content-Disposition"] = "attachment"
        return Response(exhibit.content, media_type=exhibit.media_type, headers=headers)

    @router.get(
        "/{alert_id}/picture.png",
        operation_id="picture",
        summary="The picture of its gravest window",
        responses={
            200: {"description": "The picture", "content": {_PNG: _BINARY}},
            **guarded(404, 422),
        },
    )
    async def picture(alert_id: AlertId) -> Response:
        return await exhibit_response(alert_id, PICTURE)

    @router.get(
        "/{alert_id}/exhibits/{name}",
        operation_id="exhibit",
        summary="A file that it can be replayed from, or looked at",
        responses={
            200: {"description": "The file, as it was kept", "content": {"*/*": _BINARY}},
            **guarded(404, 422),
        },
    )
    async def exhibit(alert_id: AlertId, name: ExhibitName) -> Response:
        if "\0" in name:
            raise Problem(404, "there is no such alert or exhibit")
        return await exhibit_response(alert_id, name)


async def asked_store(ask: Callable[[], _Made], *, changed: int = 409) -> _Made:
    """What the store says, asked in a thread. Raises Problem for what it raises; `changed` is the
    status for an alert that is no longer as it was read."""
    try:
        return await run_in_threadpool(ask)
    except StoreGone:
        raise gone("the store") from None
    except NoSuchAlert:
        raise Problem(404, "there is no such alert or exhibit") from None
    except AlertChanged:
        raise Problem(changed, "the alert was changed since it was read: read it again") from None


def _version_of(if_match: str | None) -> int | None:
    """The version that was read; None where any will do."""
    return None if if_match in (None, "*") else int(if_match.strip('"'))


def _action(body: DecideBody) -> Action:
    meant = _ACTIONS[body.status] if body.status else None
    said = Action(body.action) if body.action else None
    if meant and said and meant is not said:
        raise misfits([{"where": "action", "what": "is not what the status says: give one"}])
    action = meant or said or (Action.NOTED if body.note else None)
    if action is None:
        raise misfits([{"where": "status", "what": "give a status, an action or a note"}])
    if action is Action.NOTED and not body.note:
        raise misfits([{"where": "note", "what": "is empty"}])
    return action


def _tagged(alert: Alert) -> Response:
    response = _json(alert_answer(alert))
    response.headers["ETag"] = f'"{alert.version}"'
    return response


def _json(answer: Any) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")

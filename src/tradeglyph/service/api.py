"""The service as one ASGI application."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp

from tradeglyph import __version__
from tradeglyph.app.log import Log, json_log
from tradeglyph.domain.errors import InputError
from tradeglyph.model.card import ModelCard
from tradeglyph.pipeline.parse_event import BadEvent, parse_event
from tradeglyph.ports.queue import QueueGone
from tradeglyph.service import examples
from tradeglyph.service.alerts import alert_routes
from tradeglyph.service.bodies import misfits, problem_of_event, text_of
from tradeglyph.service.direct import Answer, Direct
from tradeglyph.service.documents import document, gives, guarded, problem, problems, takes
from tradeglyph.service.guard import REQUEST_ID, Guard
from tradeglyph.service.limits import Limits
from tradeglyph.service.metrics import MEDIA_TYPE as METRICS_TYPE
from tradeglyph.service.metrics import Metrics
from tradeglyph.service.misfit_words import misfits_of
from tradeglyph.service.operations import OPERATIONS, SAGEMAKER
from tradeglyph.service.parts import Parts
from tradeglyph.service.problem import Problem, gone
from tradeglyph.service.readiness import Readiness
from tradeglyph.service.sagemaker import sagemaker_routes
from tradeglyph.service.schemas import (
    EventAnswer,
    EventBody,
    HealthAnswer,
    ReadyAnswer,
    ScoreAnswer,
    ScoreBody,
)
from tradeglyph.service.score import Scoring, headers_of

JSON = "application/json"


def create_app(
    parts: Parts, limits: Limits | None = None, *, sagemaker: bool = False, log: Log | None = None
) -> ASGIApp:
    """The application. Raises InputError where SageMaker is asked for without its model."""
    limits, log = limits or Limits(), log or json_log("service")
    metrics = Metrics(parts.queue, parts.clock, lambda: _card(parts))
    scoring = Scoring(parts, limits, metrics, log)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(scoring.close)

    app = FastAPI(
        title="tradeglyph",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(Exception, _fault)
    app.add_exception_handler(RequestValidationError, _misfit)

    async def score(request: Request) -> Response:
        answer = await scoring.answer(await text_of(request), request.scope[REQUEST_ID])
        return Response(answer.model_dump_json(), media_type=JSON, headers=headers_of(answer))

    app.include_router(_flow_routes(parts, score))
    app.include_router(alert_routes(parts))
    app.include_router(_probe_routes(parts, metrics))
    table = OPERATIONS
    if sagemaker:
        if parts.seed is None:
            raise InputError("the SageMaker contract needs the shipped model `seed`")
        app.include_router(sagemaker_routes(parts.seed, limits.threads))
        table = OPERATIONS + SAGEMAKER

    @lru_cache(maxsize=1)
    def openapi() -> bytes:
        return json.dumps(document(app, table)).encode()

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi_json() -> Response:
        return Response(openapi(), media_type=JSON)

    return Guard(
        Direct(app, "POST", "/v1/score", score, refused=_http_problem, fault=_fault),
        table=table,
        keys=parts.keys,
        limits=limits,
        clock=parts.clock,
        metrics=metrics,
        log=log,
    )


def _card(parts: Parts) -> ModelCard | None:
    model = parts.model()
    return None if model is None else model.artifact.card


def _flow_routes(parts: Parts, score: Answer) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["flow"], default_response_class=Response)

    router.post(
        "/score",
        operation_id="score",
        summary="Answer at once for a withdrawal that waits",
        responses={
            200: gives(ScoreAnswer, examples.SCORED, "What to do, and why")
            | {
                "headers": {
                    "Retry-After": {
                        "description": "Seconds; where the decision is `delay`",
                        "schema": {"type": "integer"},
                    }
                }
            },
            **guarded(400, 408, 415, 422),
            409: problem(409, examples.TAKEN),
        },
        openapi_extra=takes(ScoreBody, examples.SCORE),
    )(score)

    @router.post(
        "/events",
        status_code=202,
        operation_id="send_event",
        summary="Put an event into the queue",
        responses={
            202: gives(EventAnswer, examples.SENT, "It is kept, and will be answered by a worker"),
            **guarded(400, 408, 415, 422),
        },
        openapi_extra=takes(EventBody, examples.EVENT),
    )
    async def send_event(request: Request) -> Response:
        body = await text_of(request)
        answer = await run_in_threadpool(_sent, parts, body)
        return Response(answer.model_dump_json(), 202, media_type=JSON)

    return router


def _sent(parts: Parts, body: str) -> EventAnswer:
    """Raises Problem where the body is no event, or the queue is gone."""
    now = parts.clock.now()
    try:
        # With any id, to see that an event can be made of it; then with its own.
        parse_event(body, message_id="-", sent_at=now, now=now)
        (message_id,) = parts.queue.send([body])
        event = parse_event(body, message_id=message_id, sent_at=now, now=now)
    except BadEvent as error:
        raise problem_of_event(error) from None
    except QueueGone:
        raise gone("the queue") from None
    return EventAnswer(key=event.key, message_id=message_id)


def _probe_routes(parts: Parts, metrics: Metrics) -> APIRouter:
    router = APIRouter(tags=["probes"], default_response_class=Response)
    readiness = Readiness(parts)

    @router.get(
        "/healthz",
        operation_id="healthz",
        summary="Whether the process answers",
        responses={
            200: gives(HealthAnswer, examples.HEALTHY, "It does"),
            **problems(413, 414, 431, 500, 503),
        },
    )
    async def healthz() -> Response:
        return Response(HealthAnswer().model_dump_json(), media_type=JSON)

    @router.get(
        "/readyz",
        operation_id="readyz",
        summary="Whether every part can be used",
        responses={
            200: gives(ReadyAnswer, examples.READY, "They can"),
            **problems(413, 414, 431, 500, 503),
        },
    )
    async def readyz() -> Response:
        return Response((await readiness.answer()).model_dump_json(), media_type=JSON)

    @router.get(
        "/metrics",
        operation_id="metrics",
        summary="For Prometheus",
        responses={
            200: {
                "description": "Prometheus's text format",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
            **problems(413, 414, 431, 500, 503),
        },
    )
    async def metrics_text() -> Response:
        content = await asyncio.to_thread(metrics.text)
        return Response(content, headers={"Content-Type": METRICS_TYPE})

    return router


async def _http_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        status = error.status_code if isinstance(error, HTTPException) else 500
        error = Problem(status, "it can't be done as it was asked")
    return error.response(request.scope[REQUEST_ID])


async def _fault(request: Request, _: Exception) -> Response:
    """The guard logs what it was, by its kind; starlette hands it on once this is answered."""
    problem = Problem(500, "this is not your fault; tell us the request_id")
    return problem.response(request.scope[REQUEST_ID])


async def _misfit(request: Request, error: Exception) -> Response:
    """A query or a path that does not fit its operation."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    named = [{**one, "loc": one["loc"][-1:]} for one in found]  # without `query` or `path`
    return misfits(misfits_of(named)).response(request.scope[REQUEST_ID])

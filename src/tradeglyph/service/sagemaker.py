"""The SageMaker container contract: pictures in, `[p_hacker, p_normal]` out.

A program that was written for an image classification endpoint can be pointed here. The contract
knows no key, so that this is on only where it is asked for.
"""

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tradeglyph.model.onnx import OnnxScorer
from tradeglyph.service.bodies import check_media
from tradeglyph.service.documents import IMAGE_BODY, problems
from tradeglyph.service.images import MEDIA_TYPES, NotAPicture, raster_of
from tradeglyph.service.problem import Problem


def class_probabilities(seed: OnnxScorer, content: bytes) -> list[float]:
    """`[p_hacker, p_normal]`, the card's order. Raises NotAPicture."""
    raster = raster_of(content, seed.artifact.spec)
    fraud = float(seed.probability(raster[None])[0])
    return [fraud, 1.0 - fraud]


def sagemaker_routes(seed: OnnxScorer, threads: int) -> APIRouter:
    """`/ping` and the two paths of an invocation, answered by the `seed` artifact."""
    router = APIRouter(tags=["sagemaker"])
    # A picture costs up to a second and 100 MB; the others wait.
    room = asyncio.Semaphore(threads)

    @router.get(
        "/ping",
        operation_id="ping",
        summary="Whether the container is well",
        response_class=Response,
        responses={200: {"description": "It is"}, **problems(413, 414, 431, 500, 503)},
    )
    async def ping() -> Response:
        return Response(status_code=200)

    async def invoke(request: Request) -> Response:
        try:
            return await answered(request)
        except Problem as problem:
            problem.more["message"] = problem.detail  # what AWS's clients show
            raise

    async def answered(request: Request) -> Response:
        check_media(request, *MEDIA_TYPES)
        content = await request.body()
        async with room:
            try:
                answer = await asyncio.to_thread(class_probabilities, seed, content)
            except NotAPicture as error:
                raise Problem(400, f"the body is no picture: {error}") from None
        return Response(json.dumps(answer), media_type="application/json")

    @router.post("/invocations", operation_id="invocations", **_document())
    async def invocations(request: Request) -> Response:
        return await invoke(request)

    @router.post(
        "/endpoints/{endpoint}/invocations", operation_id="endpoint_invocations", **_document()
    )
    async def endpoint_invocations(endpoint: str, request: Request) -> Response:
        return await invoke(request)

    return router


def _document() -> dict[str, Any]:
    return {
        "summary": "How sure the model is that a picture is a hacker's, and that it is not",
        "responses": {
            200: {
                "description": "`[p_hacker, p_normal]`",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "array",
                            "items": {"type": "number"},
                            "minItems": 2,
                            "maxItems": 2,
                        },
                        "example": [0.031, 0.969],
                    }
                },
            },
            **problems(400, 408, 413, 414, 415, 422, 431, 500, 503),
        },
        "openapi_extra": {"requestBody": IMAGE_BODY},
        "response_class": Response,
    }

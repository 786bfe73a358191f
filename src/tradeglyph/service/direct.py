"""A short way to the one operation that withdrawals wait for.

The framework's own way to an endpoint (middleware, routing, dependencies, exit stacks) costs time
at every request. The endpoint is on its routes as well, which is where the OpenAPI
document has it from.
"""

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Answer = Callable[[Request], Awaitable[Response]]
OnError = Callable[[Request, Exception], Awaitable[Response]]


class Direct:
    """The ASGI application in front of another, which asks one endpoint itself."""

    def __init__(
        self,
        app: ASGIApp,
        method: str,
        path: str,
        answer: Answer,
        *,
        refused: OnError,
        fault: OnError,
    ) -> None:
        """
        Args:
            app: answers everything else.
            refused: makes an answer of an HTTPException.
            fault: of any other exception, which is raised once more when it is sent.
        """
        self._app = app
        self._asked = (method, path)
        self._answer = answer
        self._refused = refused
        self._fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, as ASGI has it."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) != self._asked:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except HTTPException as error:
            response = await self._refused(request, error)
        except ClientDisconnect:
            raise
        except Exception as error:
            await (await self._fault(request, error))(scope, receive, send)
            raise
        await response(scope, receive, send)

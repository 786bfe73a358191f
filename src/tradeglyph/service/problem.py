"""Errors as clients see them: application/problem+json (RFC 9457)."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

TITLES: dict[int, str] = {
    400: "The request can't be read",
    401: "A valid API key is needed",
    403: "This key may not do that",
    404: "There is no such thing",
    405: "Another method is needed",
    408: "The request took too long to arrive",
    409: "It conflicts with what is on record",
    412: "It is no longer as it was read",
    413: "The body is too large",
    414: "The address is too long",
    415: "Another media type is needed",
    422: "The request says something that can't be",
    429: "Too many requests",
    431: "The headers are too large",
    500: "A fault of ours",
    503: "Not possible now",
}


class Problem(HTTPException):
    """An error to be answered with; `detail` says what and how to mend it, and never a secret.

    `more` are further members of the answer.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(status, detail, dict(headers) if headers else None)
        self.more = more

    def response(self, request_id: str = "") -> Response:
        """The answer."""
        fields: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES.get(self.status_code, "An error"),
            "status": self.status_code,
            "detail": self.detail,
            **self.more,
        }
        if request_id:
            fields["request_id"] = request_id
        return Response(
            json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace"),
            self.status_code,
            self.headers,
            MEDIA_TYPE,
        )


def gone(what: str) -> Problem:
    """The store, the queue or a source can't be reached."""
    return Problem(
        503, f"{what} can't be reached now; ask again later", headers={"Retry-After": "5"}
    )

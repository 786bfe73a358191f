"""Every operation of the service in one table: what may be asked, and which scope it takes."""

import re
from dataclasses import dataclass, field

from tradeglyph.domain.api_keys import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path."""

    name: str
    method: str
    path: str
    """With its parameters in braces."""
    scope: Scope | None
    """None: open to everybody who reaches the service."""
    query: frozenset[str] = frozenset()
    """Names that its query may have; where there is a scope, others are refused: a filter with a
    slip in its name would not filter."""

    pattern: re.Pattern[str] | None = field(init=False, default=None)
    """Of paths with parameters; None where the path has none."""

    def __post_init__(self) -> None:
        if "{" in self.path:
            parts = re.split(r"\{[a-z_]+\}", self.path)
            pattern = re.compile("[^/]+".join(re.escape(part) for part in parts))
            object.__setattr__(self, "pattern", pattern)

    def fits(self, path: str) -> bool:
        """Whether it is this operation's path."""
        if self.pattern is None:
            return path == self.path
        return self.pattern.fullmatch(path) is not None


OPERATIONS: tuple[Operation, ...] = (
    Operation(name="score", method="POST", path="/v1/score", scope=Scope.SCORE),
    Operation(name="send_event", method="POST", path="/v1/events", scope=Scope.SCORE),
    Operation(
        name="list_alerts",
        method="GET",
        path="/v1/alerts",
        scope=Scope.READ,
        query=frozenset({"status", "account_id", "limit", "cursor"}),
    ),
    Operation(name="show_alert", method="GET", path="/v1/alerts/{alert_id}", scope=Scope.READ),
    Operation(name="decide", method="PATCH", path="/v1/alerts/{alert_id}", scope=Scope.REVIEW),
    Operation(
        name="picture",
        method="GET",
        path="/v1/alerts/{alert_id}/picture.png",
        scope=Scope.READ,
    ),
    Operation(
        name="exhibit",
        method="GET",
        path="/v1/alerts/{alert_id}/exhibits/{name}",
        scope=Scope.READ,
    ),
    Operation(name="trail", method="GET", path="/v1/alerts/{alert_id}/trail", scope=Scope.READ),
    Operation(name="healthz", method="GET", path="/healthz", scope=None),
    Operation(name="readyz", method="GET", path="/readyz", scope=None),
    Operation(name="metrics", method="GET", path="/metrics", scope=None),
    Operation(name="openapi", method="GET", path="/openapi.json", scope=None),
)
SAGEMAKER: tuple[Operation, ...] = (
    Operation(name="ping", method="GET", path="/ping", scope=None),
    Operation(name="invocations", method="POST", path="/invocations", scope=None),
    Operation(
        name="endpoint_invocations",
        method="POST",
        path="/endpoints/{endpoint}/invocations",
        scope=None,
    ),
)
"""On only where they are asked for: the container contract knows no key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the request line says."""

    operation: Operation | None
    """None where there is no such path, or it has no such method."""
    others: tuple[str, ...]
    """Methods that the path has; empty where there is no such path."""
    guarded: bool
    """Whether nobody may know more without a key."""


def asked(method: str, path: str, table: tuple[Operation, ...]) -> Asked:
    """The operation of a request; HEAD is answered by what answers GET."""
    here = [operation for operation in table if operation.fits(path)]
    sought = "GET" if method == "HEAD" else method
    fitting = next((operation for operation in here if operation.method == sought), None)
    methods = {operation.method for operation in here}
    return Asked(
        operation=fitting,
        others=tuple(sorted(methods | {"HEAD"} if "GET" in methods else methods)),
        # Everything under /v1, also what is not there: no key, no knowledge.
        guarded=path == "/v1" or path.startswith("/v1/"),
    )

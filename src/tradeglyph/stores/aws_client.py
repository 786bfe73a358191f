"""A client of DynamoDB from an URL, and what its errors mean."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tradeglyph.domain.errors import InputError, MissingExtra, TradeglyphError
from tradeglyph.ports.alert_store import StoreGone

CONNECT_S = 3.0
"""Longest wait for a connection, seconds; with ANSWER_S and ATTEMPTS it bounds a call."""
ANSWER_S = 5.0
"""Longest wait for an answer, seconds. DynamoDB's own are a hundredth of that."""
ATTEMPTS = 3
"""How often botocore tries a call before it gives up."""

CONDITION_FAILED = "ConditionalCheckFailed"
"""A cancelled transaction's reason: an item is not as the writer saw it."""
CONFLICT = "TransactionConflict"
"""A cancelled transaction's reason: another transaction was writing the same item."""

_FORM = "dynamodb://TABLE?region=REGION&endpoint=URL"
_OURS = frozenset({"ValidationException", "SerializationException", "ParamValidationError"})
"""What says that a request was made wrongly: a fault of this program, which waiting won't mend."""


class TransactionCancelled(Exception):  # noqa: N818  says what happened
    """A transaction was not done, for the reasons of its items, in their order ("" for none)."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(", ".join(reason or "none" for reason in reasons))

    def failed(self, item: int) -> bool:
        """Whether the condition of this item is one of the reasons."""
        return item < len(self.reasons) and self.reasons[item] == CONDITION_FAILED


class ConditionFailed(Exception):  # noqa: N818  says what happened
    """A single write was not done: the item is not as the writer saw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAddress:
    """Where a table is."""

    table: str
    region: str | None = None
    """None: as the environment says (`AWS_REGION`, the profile)."""
    endpoint: str | None = None
    """URL of another server than the region's own, for tests and private endpoints."""


def table_address(url: str) -> TableAddress:
    """Read `dynamodb://TABLE?region=REGION&endpoint=URL`; both options may be left out.

    Raises InputError for any other form, without repeating the URL: somebody's key may be in it.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    plain = parts.scheme == "dynamodb" and parts.netloc and parts.path in ("", "/")
    if not plain or "@" in parts.netloc or ":" in parts.netloc:
        raise InputError(
            f"not the URL of a DynamoDB table; write {_FORM}; keys come from the environment, "
            "a profile or a role, never from the URL"
        )
    unknown = sorted(set(options) - {"region", "endpoint"})
    if unknown:
        raise InputError(f"{', '.join(unknown)}: no option of a DynamoDB URL; write {_FORM}")
    return TableAddress(
        table=parts.netloc,
        region=options.get("region") or None,
        endpoint=options.get("endpoint") or None,
    )


def dynamodb_client(address: TableAddress, session: Any = None) -> Any:
    """A client, which threads may share; of a boto3 session, else of a new one, which reads the
    service's description and looks for credentials anew. Nothing is sent yet.

    Raises MissingExtra without boto3, InputError where the region is nowhere to be found or the
    endpoint is no URL.
    """
    try:
        boto3 = importlib.import_module("boto3")
        config = importlib.import_module("botocore.config")
        exceptions = importlib.import_module("botocore.exceptions")
    except ImportError as error:
        raise MissingExtra("boto3", "aws") from error
    try:
        return (session or boto3.session.Session()).client(
            "dynamodb",
            region_name=address.region,
            endpoint_url=address.endpoint,
            config=config.Config(
                connect_timeout=CONNECT_S,
                read_timeout=ANSWER_S,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            ),
        )
    except exceptions.NoRegionError as error:
        raise InputError(f"no AWS region is known; set AWS_REGION, or write {_FORM}") from error
    except ValueError as error:
        raise InputError(f"the endpoint is not a URL; write {_FORM}") from error


@contextmanager
def told(table: str) -> Iterator[None]:
    """Say botocore's errors in words of the store.

    Raises StoreGone where asking later may help, ConditionFailed and TransactionCancelled where
    the items were not as expected, TradeglyphError where the request itself is at fault. No text
    repeats botocore's own, which may name endpoints, roles and accounts.
    """
    exceptions = importlib.import_module("botocore.exceptions")
    try:
        yield
    except exceptions.ClientError as error:
        raise _meaning(error, table) from error
    except exceptions.ParamValidationError as error:
        raise TradeglyphError(f"DynamoDB: a request to table {table} was made wrongly") from error
    except (exceptions.BotoCoreError, exceptions.HTTPClientError) as error:
        raise StoreGone(
            f"DynamoDB can't be reached for table {table} ({type(error).__name__}); check the "
            "network, the region and the credentials"
        ) from error


def _meaning(error: Any, table: str) -> Exception:
    code = error.response.get("Error", {}).get("Code", "")
    if code == "ConditionalCheckFailedException":
        return ConditionFailed()
    if code == "TransactionCanceledException":
        return _cancelled(error, table)
    if code in _OURS:
        return TradeglyphError(f"DynamoDB refused {error.operation_name} on table {table}: {code}")
    if code == "ResourceNotFoundException":
        return StoreGone(f"DynamoDB has no table {table} here; create it, or check the region")
    return StoreGone(f"DynamoDB refused {error.operation_name} on table {table}: {code}")


def _cancelled(error: Any, table: str) -> Exception:
    reasons = tuple(
        "" if reason.get("Code") in (None, "None") else str(reason["Code"])
        for reason in error.response.get("CancellationReasons", [])
    )
    expected = {"", CONDITION_FAILED, CONFLICT}
    others = sorted(set(reasons) - expected)
    if "ValidationError" in others:
        return TradeglyphError(f"DynamoDB refused a transaction on table {table}: {others[0]}")
    if others:
        return StoreGone(f"DynamoDB put off a transaction on table {table}: {others[0]}")
    return TransactionCancelled(reasons)

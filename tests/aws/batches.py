"""Batches as SQS hands them to a function."""

import json
from typing import Any

from tests.aws.exchange import CLOSE

SENT = CLOSE + 60
"""Seconds: when the messages were sent."""


def record(number: int, body: object, **attributes: str) -> dict[str, Any]:
    """One message; a body that is no text is written as JSON."""
    return {
        "messageId": f"m-{number}",
        "receiptHandle": f"handle-{number}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(SENT * 1000),
            **attributes,
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:events",
        "awsRegion": "eu-west-1",
    }


def batch(*bodies: object) -> dict[str, Any]:
    return {"Records": [record(number, body) for number, body in enumerate(bodies)]}


def withdrawal(user: int, **more: object) -> dict[str, object]:
    """A message of the published sample."""
    return {"userid": user, "symbol": "COIN", "amount": 100, "businessType": "withdraw", **more}

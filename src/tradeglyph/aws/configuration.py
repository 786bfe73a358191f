"""The configuration of a function: a secret, and the environment, which wins."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from tradeglyph.app.settings import Settings, load_settings
from tradeglyph.domain.errors import InputError, MissingExtra, TradeglyphError

SECRET = "TRADEGLYPH_CONFIGURATION_SECRET"  # noqa: S105  the name of a variable
DEAD_LETTERS = "TRADEGLYPH_DEAD_LETTERS"
FRAUD_USER_EVENT = "TRADEGLYPH_FRAUD_USER_EVENT"

CONNECT_S = 3.0
"""Longest wait for a connection to Secrets Manager, seconds; with ANSWER_S and ATTEMPTS it bounds
the call, which botocore's own limits would let outlast the function."""
ANSWER_S = 5.0
"""Longest wait for an answer, seconds."""
ATTEMPTS = 3
"""How often botocore asks before it gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """What the environment says to the function alone."""

    secret: str | None
    """Name or ARN of the secret whose text is `tradeglyph.toml`; None: the file is read, if any."""
    dead_letters: str | None
    """Address of the SQS queue for messages that are given up; None: what is no event is kept, with
    its reason, as an alert of the store."""
    fraud_user_event: str | None
    """Address of the sample's table, `dynamodb://TABLE?region=REGION`."""

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """An empty variable is as good as none."""
        return cls(
            secret=environment.get(SECRET) or None,
            dead_letters=environment.get(DEAD_LETTERS) or None,
            fraud_user_event=environment.get(FRAUD_USER_EVENT) or None,
        )


def settings_of(variables: Variables) -> Settings:
    """The settings, which a secret is asked for once.

    Raises InputError where they are wrong, TradeglyphError where the secret can't be had. Neither
    repeats what is in it.
    """
    if variables.secret is None:
        return load_settings()
    return load_settings(_secret(variables.secret), name=f"the secret that {SECRET} names")


def _secret(name: str) -> str:
    try:
        from boto3.session import Session
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ModuleNotFoundError:
        raise MissingExtra("boto3", "aws") from None
    try:
        client = Session().client(
            "secretsmanager",
            config=Config(
                connect_timeout=CONNECT_S,
                read_timeout=ANSWER_S,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            ),
        )
        try:
            answer = client.get_secret_value(SecretId=name)
        finally:
            client.close()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "an error without a code")
        raise TradeglyphError(
            f"Secrets Manager refuses the secret that {SECRET} names: {code}"
        ) from None
    except (BotoCoreError, ValueError) as error:
        raise TradeglyphError(f"Secrets Manager can't be reached: {type(error).__name__}") from None
    if "SecretString" not in answer:
        raise InputError(
            f"the secret that {SECRET} names is binary; keep the text of tradeglyph.toml in it"
        )
    text: str = answer["SecretString"]
    return text

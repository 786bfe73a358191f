"""The Lambda function that answers the events of an SQS queue.

    Handler: tradeglyph.aws.handler.handle

Importing it connects to nothing: configuration, store and model are opened at the first event, and
kept. After an invocation that left messages undone everything but the model is let go, so that the
next one finds a database that moved, or a password that changed.

The logs at INFO hold no body, no account and no secret.
"""

import logging
from dataclasses import fields
from typing import Any

from tradeglyph.app.inquiries import ModelLoader
from tradeglyph.app.settings import Settings
from tradeglyph.aws.function import Function, log, said
from tradeglyph.aws.lambda_batch import LambdaBatch
from tradeglyph.pipeline.drain import Drained
from tradeglyph.ports.alert_store import StoreGone

# Lambda's own level is WARNING, and its root logger has the handler.
log.setLevel(logging.INFO)


class Handler:
    """A function that opens what it needs at its first call, and again after one that failed."""

    def __init__(self) -> None:
        self._function: Function | None = None
        self._models: dict[str, ModelLoader] = {}

    def __call__(self, event: object, context: object = None) -> dict[str, Any]:
        """Answer a batch; `batchItemFailures` names the messages that have to come again.

        Raises InputError where the configuration is wrong or `event` is no batch of SQS, and
        TradeglyphError where the configuration can't be had: then all of them come again.
        """
        try:
            failures, counts = self._opened().answer(event)
        except StoreGone as gone:
            log.warning("store gone: %s", gone)
            failures, counts = LambdaBatch.ids(event), Drained()
        except BaseException:
            self.close()
            raise
        if failures:
            self.close()
        figures = {one.name: getattr(counts, one.name) for one in fields(counts)}
        log.info("batch%s failures=%d", said(figures), len(failures))
        return {"batchItemFailures": [{"itemIdentifier": name} for name in failures]}

    def close(self) -> None:
        """Let go of all connections; the next call opens them again."""
        function, self._function = self._function, None
        if function is not None:
            function.close()

    def _opened(self) -> Function:
        if self._function is None:
            self._function = Function.open(self._model)
        return self._function

    def _model(self, settings: Settings) -> ModelLoader:
        return self._models.setdefault(settings.model, ModelLoader(settings.model))


handle = Handler()

"""moto's server of DynamoDB, spoken to over HTTP."""

import itertools
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

import boto3.session
from moto.server import ThreadedMotoServer

from tradeglyph.stores.dynamodb_table import create_table

AWS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
_names = itertools.count()


class _Server(ThreadedMotoServer):
    """One request at a time: moto undoes a cancelled transaction by putting back a copy of the
    whole table, and with it what others wrote meanwhile. In DynamoDB transactions are isolated;
    what clients do between their requests overlaps all the same."""

    def _server_entry(self) -> None:
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            MotoRequestHandler,
            create_backend_app,
        )
        from werkzeug.serving import make_server

        app = DomainDispatcherApplication(create_backend_app)
        lock = threading.Lock()

        def one_at_a_time(environ: Any, start: Callable[..., Any]) -> Iterable[bytes]:
            with lock:
                answer: Iterable[bytes] = app(environ, start)
                return answer

        self._server = make_server(
            self._ip_address,
            self._port,
            one_at_a_time,
            threaded=True,
            request_handler=MotoRequestHandler,
        )
        self._server_ready_event.set()
        self._server.serve_forever()


class DynamoDBServer:
    """A server that can go away and come back; what it holds outlives a stop."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.session = boto3.session.Session(
            AWS["AWS_ACCESS_KEY_ID"],
            AWS["AWS_SECRET_ACCESS_KEY"],
            region_name=AWS["AWS_DEFAULT_REGION"],
        )
        self._port = 0
        self.start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._server = _Server("127.0.0.1", self._port, verbose=False)
        self._server.start()
        self._port = self._server.get_host_and_port()[1]

    def stop(self) -> None:
        self._server.stop()
        server = self._server._server
        assert server is not None
        server.server_close()

    def new_url(self) -> str:
        """URL of a name that no table has."""
        return f"dynamodb://alerts-{next(_names)}?region=eu-west-1&endpoint={self.endpoint}"

    def new_table(self) -> str:
        """URL of a new table of ours."""
        url = self.new_url()
        create_table(url, self.session)
        return url

"""Lambda's runtime interface: the HTTP server that a function's process asks for its events."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_VERSION = "/2018-06-01/runtime"


class RuntimeApi:
    """Hands over events one by one and collects what is answered."""

    def __init__(self) -> None:
        self.events: queue.Queue[Any] = queue.Queue()
        self.answers: queue.Queue[tuple[str, Any]] = queue.Queue()
        """(`response` or `error` or `init`, what was said)."""
        api = self

        class Requests(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                assert self.path == f"{_VERSION}/invocation/next"
                event = api.events.get()
                self._say(200, b"" if event is None else json.dumps(event).encode())

            def do_POST(self) -> None:
                said = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kind = "init" if "/init/" in self.path else self.path.rpartition("/")[2]
                api.answers.put((kind, json.loads(said)))
                self._say(202, b"{}")

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Lambda-Runtime-Aws-Request-Id", "request-1")
                self.send_header("Lambda-Runtime-Deadline-Ms", "99999999999999")
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:x:1:f")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def ask(self, event: Any) -> tuple[str, Any]:
        """Hand over an event; what the function says to it."""
        self.events.put(event)
        return self.answers.get(timeout=60)

    def close(self) -> None:
        # Whoever waits for an event is let go.
        self.events.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

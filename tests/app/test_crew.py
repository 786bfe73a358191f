"""A crew of processes that end in known ways."""

import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from tradeglyph.app.crew import Crew

FIRST_IS_WRONG = """
import os, signal, sys, time
try:
    os.close(os.open(sys.argv[1], os.O_CREAT | os.O_EXCL))
except FileExistsError:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    open(sys.argv[1] + ".other", "w").close()
    time.sleep(60)
while not os.path.exists(sys.argv[1] + ".other"):
    time.sleep(0.01)
sys.exit(2)
"""
"""One waits for the other to have begun, then says that the configuration is wrong."""


def test_who_is_ended_for_anothers_wrong_input_has_no_status_of_its_own(tmp_path: Path) -> None:
    said: list[str] = []

    def tell(what: str, _: Mapping[str, object]) -> None:
        said.append(what)

    crew = Crew(
        command=[sys.executable, "-c", FIRST_IS_WRONG, str(tmp_path / "first")],
        environment=os.environ,
        count=2,
        tell=tell,
        backoff=lambda _: 0.0,
        once=True,
    )
    assert crew.run(threading.Event()) == 2
    assert said.count("worker started") == 2
    assert "worker died" not in said


ENDS_AS_ASKED = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_DFL)
open(sys.argv[1], "w").close()
time.sleep(60)
"""
"""As Python at its very end, when a second signal meets no handler any more: service managers send
one to each process, and the crew another."""


def test_a_worker_that_ends_by_the_signal_it_was_sent_has_not_died(tmp_path: Path) -> None:
    said: list[str] = []
    stop = threading.Event()
    begun = tmp_path / "begun"

    def tell(what: str, _: Mapping[str, object]) -> None:
        said.append(what)

    def asks() -> None:
        while not begun.exists():
            time.sleep(0.01)
        stop.set()

    crew = Crew(
        command=[sys.executable, "-c", ENDS_AS_ASKED, str(begun)],
        environment=os.environ,
        count=1,
        tell=tell,
        backoff=lambda _: 0.0,
    )
    asking = threading.Thread(target=asks)
    asking.start()
    assert crew.run(stop) == 0
    asking.join()
    assert said == ["worker started", "stopping"]

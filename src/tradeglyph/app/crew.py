"""Several worker processes: started together, started again where one dies, ended together."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tradeglyph.pipeline.drain import Drained
from tradeglyph.pipeline.telling import Tell

_LIVED_S = 30.0
"""Who lived so long and died did not die of starting: the next start is not put off."""
_LOOK_S = 0.05
_WRONG_INPUT = 2
"""Exit status of a worker whose configuration is wrong: so is that of the next one."""
_ASKED_TO_END = (128 + signal.SIGTERM, -signal.SIGTERM)
"""Exit statuses of a worker that was asked to end before it had begun, or once more when it had
ended all but its process, as where a service manager asks each process: no fault of its own."""


@dataclass(slots=True, kw_only=True)
class _Place:
    """Where one worker works, and when one died the next."""

    number: int
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    start_at: float = 0.0
    deaths: int = 0
    """In a row, each soon after its start."""
    ended: bool = False


@dataclass(slots=True, kw_only=True)
class Crew:
    """Runs `count` processes of `command`, which print their `Drained` as JSON when they end.

    Each gets a pipe as its standard input that is closed when this process ends in any way: a
    worker whose crew is gone stops, too.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    """Of the processes: what it holds is not for a process list."""
    count: int
    tell: Tell
    backoff: Callable[[int], float]
    """Seconds to wait before a start after so many deaths in a row."""
    once: bool = False
    """Workers end by themselves; only one that was killed is started again."""
    total: Drained = field(default_factory=Drained)
    """What the workers that ended by themselves counted."""

    def run(self, stop: threading.Event) -> int:
        """Until all have ended, which they do after `stop` is set; the gravest exit status."""
        places = [_Place(number=number) for number in range(self.count)]
        status = 0
        asked = False
        try:
            while not all(place.ended for place in places):
                if stop.is_set() and not asked:
                    asked = True
                    self._ask_to_end(places)
                for place in places:
                    status = max(status, self._look(place, ending=asked))
                if status == _WRONG_INPUT:
                    stop.set()
                time.sleep(_LOOK_S)
        finally:
            for place in places:
                self._let_go(place)
        return status

    def _look(self, place: _Place, *, ending: bool) -> int:
        """Start, or notice an end. The exit status of one that is not started again, else 0."""
        if place.ended:
            return 0
        if place.process is None:
            if ending:
                place.ended = True
            elif time.monotonic() >= place.start_at:
                self._start(place)
            return 0
        code = place.process.poll()
        if code is None:
            return 0
        if ending and code in _ASKED_TO_END:
            code = 0
        self._count(place)
        self._let_go(place)
        if code == 0 or code == _WRONG_INPUT or (self.once and code > 0):
            place.ended = True
            return max(code, 0)
        self._died(place, code)
        return 0

    def _start(self, place: _Place) -> None:
        place.begun = time.monotonic()
        place.process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.tell("worker started", {"worker": place.number, "worker_pid": place.process.pid})

    def _died(self, place: _Place, code: int) -> None:
        lived = time.monotonic() - place.begun
        place.deaths = 1 if lived >= _LIVED_S else place.deaths + 1
        pause = self.backoff(place.deaths)
        place.start_at = time.monotonic() + pause
        figures: dict[str, object] = {
            "worker": place.number,
            "status": code,
            "restart_in_s": round(pause, 3),
        }
        self.tell("worker died", figures)

    def _ask_to_end(self, places: Sequence[_Place]) -> None:
        self.tell("stopping", {})
        for place in places:
            if place.process is not None:
                place.process.terminate()

    def _count(self, place: _Place) -> None:
        """Add what it printed; one that was killed printed nothing."""
        if place.process is None or place.process.stdout is None:
            return
        text = place.process.stdout.read()
        if text.strip():
            self.total.add(Drained(**json.loads(text)))

    def _let_go(self, place: _Place) -> None:
        """Close the pipes and wait for the end, which the closed one brings."""
        process, place.process = place.process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        process.wait()

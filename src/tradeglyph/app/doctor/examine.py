"""All checks, whatever some of them run into."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from tradeglyph.app.doctor import (
    configuration,
    files,
    model,
    policy,
    queue,
    service,
    sources,
    store,
)
from tradeglyph.app.doctor.check import Check, Level, fault
from tradeglyph.app.settings import read_settings
from tradeglyph.domain.errors import InputError, MissingExtra
from tradeglyph.ports.clock import Clock


def examine(clock: Clock) -> Iterator[Check]:
    """One check after the other, as they are done. Raises nothing: what a part runs into is a
    check, too. Without usable settings there is nothing else to look at."""
    yield from _guarded(configuration.PART, configuration.look)
    settings, _ = read_settings()
    if settings is None:
        return
    parts: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
        (model.PART, partial(model.look, settings)),
        (policy.PART, partial(policy.look, settings)),
        ("trades", partial(sources.look_at_trades, settings, clock)),
        ("candles", partial(sources.look_at_candles, settings, clock)),
        (queue.PART, partial(queue.look, settings, clock)),
        (store.PART, partial(store.look, settings, clock)),
        (service.PART, partial(service.look, settings, clock)),
        (files.PART, partial(files.look, settings)),
    )
    for part, look in parts:
        yield from _guarded(part, look)


def status_of(checks: Iterable[Check]) -> int:
    """Exit status: 0 without a fault, 1 where one is ours, else 2."""
    faults = [check for check in checks if check.level is Level.FAULT]
    if not faults:
        return 0
    return 1 if any(check.ours for check in faults) else 2


def _guarded(part: str, look: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except MissingExtra as error:
        yield fault(part, "missing_extra", package=error.package, extra=error.extra)
    except InputError as error:
        yield fault(part, "wrong", what=" ".join(str(error).split()))
    except Exception as error:
        # Its words may hold anything; its kind does not.
        yield Check(
            part=part,
            code="broken",
            level=Level.FAULT,
            values={"kind": type(error).__name__},
            ours=True,
        )

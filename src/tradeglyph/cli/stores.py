"""The store that a command works on, and what its faults are to a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tradeglyph.app.settings import load_settings
from tradeglyph.cli.writable import check_writable
from tradeglyph.domain.errors import InputError, TradeglyphError

if TYPE_CHECKING:
    from tradeglyph.ports.alert_store import AlertStore

Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="sqlite:///FILE, postgresql://..., mysql://... or dynamodb://TABLE "
        "(default: \\[store] url of tradeglyph.toml)",
    ),
]


def address_of(store: str | None) -> str:
    """The address on the command line, else that of the configuration."""
    return store if store is not None else load_settings().store.url


@contextmanager
def opened(store: str | None) -> "Iterator[AlertStore]":
    """The store, closed afterwards; `faults` are told."""
    from tradeglyph.stores.opening import open_store

    address = address_of(store)
    with faults(address):
        alerts = open_store(address)
        try:
            yield alerts
        finally:
            alerts.close()


@contextmanager
def faults(address: str) -> Iterator[None]:
    """Faults of a store as errors with one line: TradeglyphError where it is gone, InputError where
    its file may not be written, the alert is not there or is another by now."""
    from tradeglyph.ports.alert_store import AlertChanged, NoSuchAlert, StoreGone

    try:
        yield
    except StoreGone as error:
        check_writable(store=address)
        raise TradeglyphError(f"the store can't be reached now: {error}; try again later") from None
    except NoSuchAlert as error:
        raise InputError(f"{error}: no such alert; `tradeglyph alerts list` lists them") from None
    except AlertChanged as error:
        raise InputError(f"{error}; look at it again: tradeglyph alerts show") from None

"""What a person must mend before a file of ours can be written."""

from tradeglyph.domain.errors import InputError


def check_writable(*, queue: str | None = None, store: str | None = None) -> None:
    """Raises InputError, with what to do, where the file at one of these addresses can't be
    written, now or later."""
    from tradeglyph.app.doctor import store as stores
    from tradeglyph.app.doctor.closed import closed
    from tradeglyph.app.doctor.texts import remedy, said
    from tradeglyph.queues.address import file_of

    files = {
        "queue": None if queue is None else file_of(queue),
        "store": None if store is None else stores.file_of(store),
    }
    for part, of in files.items():
        shut = None if of is None else closed(part, of)
        if shut is not None:
            raise InputError(f"the {part}: {said(shut, 'en')}; {remedy(shut, 'en')}")

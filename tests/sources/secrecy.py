"""Looks for a secret in everything that an exception can show."""

import traceback

SECRET = "K3Y-that/must+never=show"  # noqa: S105 - it opens nothing


def shown_by(error: BaseException) -> str:
    """Texts, representations, fields, chained exceptions, and local variables of every frame."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    # The test's own frames hold the secret by design.
    del report.stack[0]
    parts = [*report.format(chain=True), repr(error), repr(error.args), repr(vars(error))]
    for chained in (error.__cause__, error.__context__):
        if chained is not None:
            parts.append(shown_by(chained) + repr(vars(chained)))
    return "\n".join(parts)

"""How long the long runs are: `make soak` does them whole, `make test` a tenth."""

import os

WHOLE = bool(os.environ.get("TRADEGLYPH_SOAK"))


def scaled(whole: int) -> int:
    """`whole` in a soak, a tenth of it in a test."""
    return whole if WHOLE else max(1, whole // 10)

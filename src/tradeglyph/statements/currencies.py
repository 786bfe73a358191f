"""Names of currencies -> ISO 4217."""

import functools
import tomllib
import unicodedata
from collections.abc import Mapping
from importlib.resources import files


@functools.cache
def currency_codes() -> Mapping[str, str]:
    """Codes by name; a code is a name too."""
    text = files("tradeglyph.statements").joinpath("currencies.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    codes = {code: code for code in table["codes"].split()}
    named = {name: code for code, names in table["names"].items() for name in names}
    return codes | {unicodedata.normalize("NFKC", name).upper(): named[name] for name in named}


def currency_code(name: str) -> str | None:
    """The code of one currency; None for one that isn't known."""
    key = "".join(unicodedata.normalize("NFKC", name).upper().split())
    return currency_codes().get(key) or currency_codes().get(key.partition("(")[0])

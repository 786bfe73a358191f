"""The configuration file that `tradeglyph init` writes: every setting there is, with its default.

What it lists is what `Settings` has, so that a new setting appears by itself; what is said about it
is in `starter_texts`. A setting is commented out by `#` alone, a remark by `#` and a blank.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tradeglyph.app.setting_examples import usual
from tradeglyph.app.settings import Settings
from tradeglyph.app.starter_recognizers import recognizer_tables
from tradeglyph.app.starter_texts import EXAMPLES, HEAD, NEEDED, REMARKS

Lang = Literal["en", "zh"]


def starter_text(lang: Lang) -> str:
    """The whole file; TOML that can be loaded as it stands."""
    lines = [f"# {line}" for line in HEAD[lang].splitlines()]
    lines += ["", *_settings("", Settings, lang), *recognizer_tables(lang)]
    return "\n".join(lines) + "\n"


def _settings(prefix: str, model: type[BaseModel], lang: Lang) -> Iterator[str]:
    """The plain settings of a section, then what has a header of its own, as TOML wants them."""
    headed = {}
    for name, field in model.model_fields.items():
        if _has_header(prefix + name, field):
            headed[prefix + name] = field
        else:
            yield from _plain(prefix + name, field, lang)
    for path, field in headed.items():
        yield ""
        yield from _remark(path, lang)
        section = _section(field)
        if section is not None:
            if _has_plain(f"{path}.", section):
                yield f"[{path}]"
            yield from _settings(f"{path}.", section, lang)
        else:
            if _is_table(field):
                yield f"[{path}]"
            yield from (f"#{line}" for line in EXAMPLES[path].splitlines())


def _has_header(path: str, field: FieldInfo) -> bool:
    rows = EXAMPLES.get(path, "").startswith("[[")
    return rows or _is_table(field) or _section(field) is not None


def _has_plain(prefix: str, model: type[BaseModel]) -> bool:
    return not all(_has_header(prefix + name, field) for name, field in model.model_fields.items())


def _plain(path: str, field: FieldInfo, lang: Lang) -> Iterator[str]:
    yield from _remark(path, lang)
    name = path.rpartition(".")[2]
    if path in NEEDED:
        yield f"{name} = {NEEDED[path]}"
        return
    yield f"#{name} = {usual(path, field)}"


def _remark(path: str, lang: Lang) -> Iterator[str]:
    said = REMARKS.get(path)
    if said is not None:
        yield from (f"# {line}" for line in said[0 if lang == "en" else 1].splitlines())


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a section, given or None by default."""
    kinds = (field.annotation, *get_args(field.annotation))
    if get_origin(field.annotation) not in (None, Union, UnionType):
        return None
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


def _is_table(field: FieldInfo) -> bool:
    """Whether its names are the user's."""
    return get_origin(field.annotation) is dict

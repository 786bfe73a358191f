"""The tables of recognizers on statements in the configuration file to begin with.

They are taken from the cards of the recognizers that come with the product, so that each shows its
parameters, units and bounds by itself. Lists of words are too long to be shown.
"""

import json
from collections.abc import Iterator

from tradeglyph.domain.recognizers import Info, Lang, Parameter
from tradeglyph.recognizers.statements.parameters import written
from tradeglyph.recognizers.statements.registry import OURS


def recognizer_tables(lang: Lang) -> Iterator[str]:
    """`[statements.<name>]` of each, its parameters commented out."""
    for rule in OURS:
        yield from _table(rule.info, lang)


def _table(info: Info, lang: Lang) -> Iterator[str]:
    yield ""
    yield (
        f"# {info.title[lang]}: {info.rule[lang]}"
        if lang == "en"
        else (f"# {info.title[lang]}：{info.rule[lang]}")
    )
    yield f"[statements.{info.name}]"
    for parameter in info.parameters:
        yield f"# {parameter.means[lang]}{_profiles(parameter, lang)}"
        if isinstance(parameter.default, tuple):
            count = len(parameter.default)
            words = f"{count} words" if lang == "en" else f"共 {count} 个词"
            yield f"# {parameter.name} = [...] ({words})"
        else:
            yield f"#{parameter.name} = {_toml(parameter, parameter.default)}"


def _profiles(parameter: Parameter, lang: Lang) -> str:
    """What profile `audit` has instead."""
    if parameter.audit is None or isinstance(parameter.audit, tuple):
        return ""
    other = _toml(parameter, parameter.audit)
    return f" (audit: {other})" if lang == "en" else f"（audit：{other}）"


def _toml(parameter: Parameter, value: object) -> str:
    return json.dumps(written(parameter, value), ensure_ascii=False)

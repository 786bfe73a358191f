"""Parameters that several cards have, or have of one kind."""

from collections.abc import Sequence

from tradeglyph.domain.recognizers import Parameter
from tradeglyph.recognizers.statements.keywords import REASONABLE
from tradeglyph.recognizers.statements.parameters import MONEY

MOST_MONEY = 10**15
"""Minor units; ten trillion yuan are more than any line says."""


def seed_rule(name: str) -> str:
    """The source of a default of profile `seed`."""
    return f"rule of the seed's module (nine recognizers): {name}"


def amount(name: str, default: int, en: str, zh: str, source: str, *, least: int = 0) -> Parameter:
    """An amount in minor units."""
    return Parameter(
        name=name,
        default=default,
        unit=MONEY,
        means={"en": en, "zh": zh},
        source=source,
        least=least,
        most=MOST_MONEY,
    )


def words(
    name: str,
    default: Sequence[str],
    en: str,
    zh: str,
    source: str,
    *,
    audit: Sequence[str] | None = None,
) -> Parameter:
    """Words that are looked for."""
    return Parameter(
        name=name,
        default=default,
        audit=audit,
        unit="words",
        means={"en": en, "zh": zh},
        source=source,
    )


def yes_or_no(name: str, en: str, zh: str, source: str, *, default: bool, audit: bool) -> Parameter:
    """A question."""
    return Parameter(
        name=name,
        default=default,
        audit=audit,
        unit="yes or no",
        means={"en": en, "zh": zh},
        source=source,
    )


def keywords_silence(rule: str) -> Parameter:
    """Whether words that explain a line silence it: in profile `seed` only.

    Args:
        rule: name of the recognizer.
    """
    return yes_or_no(
        "keywords_silence",
        "words that explain a line silence it; if not, they lower its severity",
        "合理背景关键词使该笔不报；否则只降低严重程度并列出关键词",
        f"{seed_rule(rule)}; audit: a word that the payer wrote mitigates, and proves nothing",
        default=True,
        audit=False,
    )


def reasonable() -> Parameter:
    """Words of a reasonable background."""
    return words(
        "reasonable",
        REASONABLE,
        "words that explain a line",
        "合理背景关键词",
        "keywords.py",
    )

"""The reporting amounts of `statutory_amounts.toml`, by kind of transaction, owner and currency."""

import functools
import tomllib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib.resources import files
from typing import Any

import polars as pl

from tradeglyph.domain.recognizers import NotApplicable, Parameter
from tradeglyph.domain.statements import MINOR
from tradeglyph.recognizers.statements.card_parameters import words

CASH, TRANSFER, CROSS_BORDER = "cash", "transfer", "cross_border"
PERSONAL, CORPORATE, UNKNOWN = "personal", "corporate", "unknown"
REGULATION = "中国人民银行令〔2016〕第3号"
"""The regulation that the amounts are of, as reasons name it."""
ARTICLE_5 = (
    "《金融机构大额交易和可疑交易报告管理办法》 (中国人民银行令〔2016〕第3号) article 5; "
    "statutory_amounts.toml: the amounts must be verified for the dates of a statement"
)

OWNER = Parameter(
    name="owner",
    default=UNKNOWN,
    choices=(PERSONAL, CORPORATE, UNKNOWN),
    unit="choice",
    means={
        "en": "whose account it is: personal or corporate; unknown takes the personal amounts, "
        "which are the lower ones, and says so",
        "zh": "账户性质：personal 自然人，corporate 单位；unknown 未知，按较低的自然人标准并予注明",
    },
    source=ARTICLE_5,
)
USD_RATES = words(
    "usd_rates",
    (),
    "US dollars that one unit of another currency is worth, such as EUR=1.08; "
    "currencies without a rate are not judged",
    "其他币种一单位折合的美元数，如 EUR=1.08；未给出折算率的币种不判断",
    f"{ARTICLE_5}: 外币等值; the rate is given by the user",
)

Limits = Mapping[str, Mapping[str, int]]
"""Minor units by currency and kind."""


@functools.cache
def _table() -> Mapping[str, Any]:
    folder = files("tradeglyph.recognizers.statements")
    text = folder.joinpath("statutory_amounts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def limits(owner: str, usd_rates: Sequence[str]) -> Limits | NotApplicable:
    """The amounts of all currencies that have some.

    Args:
        owner: `PERSONAL`, `CORPORATE` or `UNKNOWN`, which takes the personal ones.
        usd_rates: texts such as `EUR=1.08`.

    Returns: NotApplicable where a rate can't be read, naming it.
    """
    whose = CORPORATE if owner == CORPORATE else PERSONAL
    kinds = {kind: _table()[kind][whose] for kind in (CASH, TRANSFER, CROSS_BORDER)}
    told = {
        "CNY": {kind: amounts["cny"] * MINOR for kind, amounts in kinds.items()},
        "USD": {kind: amounts["usd"] * MINOR for kind, amounts in kinds.items()},
    }
    for text in usd_rates:
        read = _rate(text)
        if read is None:
            return _no_rate(text)
        currency, rate = read
        told[currency] = {kind: -(-least // rate) for kind, least in told["USD"].items()}
    return told


def limit_of(told: Limits, kind: str) -> pl.Expr:
    """Along lines: the amount of their currency, in minor units; null where it has none."""
    by_currency = {currency: amounts[kind] for currency, amounts in told.items()}
    return pl.col("currency").replace_strict(
        by_currency, default=None, return_dtype=pl.Int64
    )  # fmt: skip


def without_limit(lines: pl.DataFrame, told: Limits) -> tuple[int, NotApplicable | None]:
    """Lines in currencies without an amount, and why there is no answer where that is all."""
    strange = lines.group_by("currency").len().filter(~pl.col("currency").is_in(list(told)))
    count = int(strange["len"].sum())
    if not count or count < lines.height:
        return count, None
    names = ", ".join(strange["currency"].sort())
    return count, NotApplicable(
        reason={
            "en": f"no statutory amount in {names}: give its worth in US dollars (usd_rates)",
            "zh": f"{names} 没有法定报告金额：请给出折合美元的比率（usd_rates）",
        }
    )


def _rate(text: str) -> tuple[str, Fraction] | None:
    currency, _, number = text.partition("=")
    currency = currency.strip().upper()
    try:
        rate = Fraction(number.strip())
    except (ValueError, ZeroDivisionError):
        return None
    good = len(currency) == 3 and currency.isalpha() and currency not in ("CNY", "USD")
    return (currency, rate) if good and rate > 0 else None


def _no_rate(text: str) -> NotApplicable:
    return NotApplicable(
        reason={
            "en": f"usd_rates: {text!r} is no rate; write a currency and the US dollars that one "
            "unit of it is worth, such as EUR=1.08",
            "zh": f"usd_rates：“{text}”不是折算率；请写币种和一单位折合的美元数，如 EUR=1.08",
        }
    )

"""What went through each account, for people, in short."""

from collections.abc import Iterator, Mapping, Sequence

from tradeglyph.domain.recognizers import Lang
from tradeglyph.recognizers.statements.account_profile import (
    AccountProfile,
    Counterparty,
    Flow,
    Month,
)
from tradeglyph.recognizers.statements.figures import money

SHOWN = 3
"""Accounts that are shown, those with the largest sums, and counterparties of each."""
_WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "account": "Account {name} {currency}: {flow}",
        "nameless": "(no number)",
        "month": "  {month}: {flow}{closing}",
        "closing": ", closing at {closing}",
        "party": "  {name}: {flow}",
        "flow": "{into} in, {out} out, net {net} (lines: {lines:,})",
        "more": "... and {count:,} more accounts; --format json has all of them",
        "months": "  ... months before: {count:,}",
    },
    "zh": {
        "account": "账户 {name} {currency}：{flow}",
        "nameless": "（未载明账号）",
        "month": "  {month}：{flow}{closing}",
        "closing": "，期末余额 {closing}",
        "party": "  {name}：{flow}",
        "flow": "收入 {into}，支出 {out}，净额 {net}（{lines:,} 笔）",
        "more": "…… 另有 {count:,} 个账户，用 --format json 查看全部",
        "months": "  …… 之前另有 {count:,} 个月",
    },
}
MONTHS = 12
"""Months of an account that are shown, the last ones."""


def account_lines(profiles: Sequence[AccountProfile], lang: Lang) -> Iterator[str]:
    """A line for each account and its largest counterparties; of the only account, its months."""
    words = _WORDS[lang]
    order = sorted(
        range(len(profiles)),
        key=lambda at: (-profiles[at].total.into - profiles[at].total.out, at),
    )
    for at in order[:SHOWN]:
        yield from _account(profiles[at], lang, months=MONTHS if len(order) == 1 else 0)
    if len(order) > SHOWN:
        yield words["more"].format(count=len(order) - SHOWN)


def _account(profile: AccountProfile, lang: Lang, *, months: int) -> Iterator[str]:
    words = _WORDS[lang]
    name = profile.account or words["nameless"]
    yield words["account"].format(
        name=name, currency=profile.currency, flow=_flow(profile.total, lang)
    )
    if len(profile.months) > months > 0:
        yield words["months"].format(count=len(profile.months) - months)
    for month in profile.months[max(len(profile.months) - months, 0) :] if months else ():
        yield _month(month, lang)
    for party in profile.counterparties[:SHOWN]:
        yield _party(party, lang)


def _month(month: Month, lang: Lang) -> str:
    words = _WORDS[lang]
    closing = "" if month.closing is None else words["closing"].format(closing=money(month.closing))
    return words["month"].format(
        month=f"{month.month:%Y-%m}", flow=_flow(month, lang), closing=closing
    )


def _party(party: Counterparty, lang: Lang) -> str:
    words = _WORDS[lang]
    both = dict.fromkeys(filter(None, (party.name, party.account)))
    return words["party"].format(name=" ".join(both), flow=_flow(party, lang))


def _flow(flow: Flow, lang: Lang) -> str:
    return _WORDS[lang]["flow"].format(
        into=money(flow.into), out=money(flow.out), net=money(flow.net), lines=flow.lines
    )

"""What went through an account, as tables of its page."""

from collections.abc import Sequence

import polars as pl

from tradeglyph.domain.recognizers import Lang, Words
from tradeglyph.drawing.statement_records import Table
from tradeglyph.recognizers.statements.account_profile import (
    COLUMNS,
    MONTHS_TITLE,
    PARTIES_TITLE,
    AccountProfile,
    Flow,
    account_profiles,
)
from tradeglyph.recognizers.statements.figures import money

MONTHS, PARTIES = 36, 10
"""Months, the last ones, and counterparties, the largest, that are shown."""
_EARLIER: Words = {
    "en": "{count} earlier months are in --format json.",
    "zh": "更早的 {count} 个月见 --format json。",
}
_MONTH_COLUMNS = ("month", "into", "out", "net", "lines", "closing")
_PARTY_COLUMNS = ("name", "account", "into", "out", "net", "lines", "first", "last")
_NONE = "–"


def account_tables(lines: pl.DataFrame, lang: Lang) -> Sequence[Table]:
    """Of the lines of one account and currency: its flow by month, and by counterparty."""
    return [
        table
        for profile in account_profiles(lines, top=PARTIES)
        for table in (_months(profile, lang), _parties(profile, lang))
    ]


def _months(profile: AccountProfile, lang: Lang) -> Table:
    shown = profile.months[-MONTHS:]
    earlier = len(profile.months) - len(shown)
    return Table(
        caption=MONTHS_TITLE[lang],
        heads=_heads(_MONTH_COLUMNS, lang),
        rows=[
            (
                f"{month.month:%Y-%m}",
                *_flow(month),
                _NONE if month.closing is None else money(month.closing),
            )
            for month in shown
        ],
        note=_EARLIER[lang].format(count=earlier) if earlier else "",
    )


def _parties(profile: AccountProfile, lang: Lang) -> Table:
    some = [*profile.counterparties, *filter(None, (profile.others, profile.nameless))]
    return Table(
        caption=PARTIES_TITLE[lang],
        heads=_heads(_PARTY_COLUMNS, lang),
        rows=[
            (
                party.name or ("" if party.account else party.called(lang)),
                party.account,
                *_flow(party),
                str(party.first),
                str(party.last),
            )
            for party in some
        ],
    )


def _heads(columns: Sequence[str], lang: Lang) -> Sequence[str]:
    return [COLUMNS[column][lang] for column in columns]


def _flow(flow: Flow) -> tuple[str, str, str, str]:
    return money(flow.into), money(flow.out), money(flow.net), f"{flow.lines:,}"

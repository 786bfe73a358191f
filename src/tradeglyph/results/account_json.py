"""Profiles of accounts as JSON: `accounts` of a statement's object. Amounts are in units."""

import json
from collections.abc import Mapping, Sequence

from tradeglyph.domain.statements import in_units
from tradeglyph.recognizers.statements.account_profile import (
    AccountProfile,
    Counterparty,
    Flow,
    Month,
)


def profile_json(profile: AccountProfile, files: Sequence[Mapping[str, object]]) -> str:
    """One account's object, in a line; `files` are the readers' summaries."""
    months = ", ".join(_month(one) for one in profile.months)
    parties = ", ".join(_party(one) for one in profile.counterparties)
    return (
        f'{{"account": {_text(profile.account)}, "currency": {_text(profile.currency)}, '
        f'"file": {_text(files[profile.file]["path"])}, "sheet": {_text(profile.sheet)}, '
        f"{_flow(profile.total)}, "
        f'"months": [{months}], "counterparties": [{parties}], '
        f'"others": {_rest(profile.others)}, "nameless": {_rest(profile.nameless)}}}'
    )


def _flow(flow: Flow) -> str:
    return (
        f'"in": {in_units(flow.into)}, "out": {in_units(flow.out)}, "net": {in_units(flow.net)}, '
        f'"lines": {flow.lines}'
    )


def _month(one: Month) -> str:
    closing = "null" if one.closing is None else in_units(one.closing)
    return f'{{"month": "{one.month:%Y-%m}", {_flow(one)}, "closing_balance": {closing}}}'


def _party(one: Counterparty) -> str:
    return f'{{"name": {_text(one.name)}, "account": {_text(one.account)}, {_spanned(one)}}}'


def _rest(one: Counterparty | None) -> str:
    """Of several counterparties together, how many they are."""
    return "null" if one is None else f'{{"counterparties": {one.several}, {_spanned(one)}}}'


def _spanned(one: Counterparty) -> str:
    return f'{_flow(one)}, "first": "{one.first}", "last": "{one.last}"'


def _text(text: object) -> str:
    return json.dumps(text, ensure_ascii=False)

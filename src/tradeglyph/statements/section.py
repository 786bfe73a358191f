"""How a section is read: columns, sign, dates and currency, from all that is said of it."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Words
from tradeglyph.domain.statements import IN, NEUTRAL, OUT
from tradeglyph.statements import facts
from tradeglyph.statements.columns import Plan, Question, choose
from tradeglyph.statements.currencies import currency_code
from tradeglyph.statements.dates import DateRule, day_first, without_year
from tradeglyph.statements.direction_words import direction_words
from tradeglyph.statements.field_names import Field
from tradeglyph.statements.header import Section
from tradeglyph.statements.headings import Headings, shipped_headings
from tradeglyph.statements.options import ReadOptions, Sign
from tradeglyph.statements.profiles import Profile, pick_profile
from tradeglyph.statements.rows import Rules
from tradeglyph.statements.signs import sign_of
from tradeglyph.statements.texts import (
    assumed_currency,
    assumed_direction,
    assumed_one_side,
    assumed_year,
)

_USUAL_CURRENCY = "CNY"
_BRACKETS = re.compile(r"[(\[（]([^)\]）]+)[)\]）]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRules:
    """Everything that reading a section's rows needs."""

    plan: Plan
    rules: Rules
    layout: str
    assumptions: tuple[Words, ...]


def rules_of(
    section: Section,
    body: pl.DataFrame,
    said: Sequence[str],
    at: str,
    options: ReadOptions,
    profiles: Sequence[Profile],
) -> SectionRules:
    """Rules for one section: `body` are its clean cells, `said` the texts above it, `at` its place.

    Raises InputError where something must be known that neither the file nor the user says.
    """
    above = "\n".join(said)
    profile = pick_profile(profiles, section.headings, above, options.profile)
    words = _words(profile, options)
    decimal = (
        options.decimal if options.decimal != "." or profile is None else (profile.reading.decimal)
    )
    table = shipped_headings().adding(options.columns)
    plan = choose(
        Question(
            where=at,
            headings=section.headings,
            cells=body,
            table=table,
            mapped=options.columns,
            profiled={} if profile is None else profile.columns,
            words=words,
            decimal=decimal,
        )
    )
    assumed: list[Words] = []
    sign = _sign(body, plan, table, above, at, options, profile, decimal, assumed)
    rules = Rules(
        dates=_dates(body, plan, said, at, options, profile, assumed),
        decimal=decimal,
        sign=sign,
        words=words,
        currency=_currency(plan, said, at, options, profile, assumed),
    )
    return SectionRules(
        plan=plan,
        rules=rules,
        layout="" if profile is None else profile.name,
        assumptions=tuple(assumed),
    )


def _words(profile: Profile | None, options: ReadOptions) -> dict[str, int]:
    said = options.words
    own = [(IN, said.get("in", ())), (OUT, said.get("out", ())), (NEUTRAL, said.get("neutral", ()))]
    if profile is not None:
        directions = profile.directions
        of_layout = [(IN, directions.into), (OUT, directions.out), (NEUTRAL, directions.neutral)]
        own = [*of_layout, *own]
    words = direction_words()
    for way, some in own:
        words |= {"".join(word.lower().split()): way for word in some}
    return words


def _sign(
    body: pl.DataFrame,
    plan: Plan,
    table: Headings,
    above: str,
    where: str,
    options: ReadOptions,
    profile: Profile | None,
    decimal: str,
    assumed: list[Words],
) -> Sign | None:
    if plan.one(Field.AMOUNT) is None:
        side = plan.one(Field.INCOME), plan.one(Field.EXPENSE)
        if None in side:
            (only,) = (at for at in side if at is not None)
            assumed.append(assumed_one_side(plan.heading(only)))
        return None
    if (direction := plan.one(Field.DIRECTION)) is not None:
        if Field.DIRECTION in plan.by_content:
            assumed.append(assumed_direction(plan.heading(direction)))
        return None
    known = options.sign or (profile.reading.sign if profile is not None else None)
    if known is not None:
        return known
    card = facts.is_card(above) or any(map(facts.is_card, plan.headings))
    sign, why = sign_of(body, plan, table, decimal, card=card, where=where)
    assumed.extend([why] if why is not None else [])
    return sign


def _dates(
    body: pl.DataFrame,
    plan: Plan,
    said: Sequence[str],
    where: str,
    options: ReadOptions,
    profile: Profile | None,
    assumed: list[Words],
) -> DateRule:
    reading = None if profile is None else profile.reading
    if reading is not None and reading.date_format is not None:
        return DateRule(format=reading.date_format)
    order = options.date_order or (reading.date_order if reading is not None else None)
    columns = [body[str(at)] for at in plan.fields[Field.DATE] if at < body.width]
    heading = plan.heading(plan.fields[Field.DATE][0])
    if order is None:
        orders = {day_first(column) for column in columns}
        if None in orders:
            raise InputError(
                f"{where}: column {heading!r}: dates such as 03/04/2025, and none tells day from "
                "month. Pass --map dateOrder=dmy (day first) or --map dateOrder=mdy (month first)"
            )
        order = next(iter(orders), None)
    rule = DateRule(order=order)
    if not any(without_year(column) for column in columns):
        return rule
    last = _last_day(said, options.year)
    if last is None:
        raise InputError(
            f"{where}: column {heading!r}: dates without a year, and no text above them names one. "
            "Pass --map year=2024 (the year of the last line)"
        )
    assumed.append(assumed_year(last.isoformat()))
    return replace(rule, last=last)


def _last_day(said: Sequence[str], year: int | None) -> dt.date | None:
    if year is not None:
        return dt.date(year, 12, 31)
    return max(filter(None, map(facts.last_day_in, said)), default=None)


def _currency(
    plan: Plan,
    said: Sequence[str],
    where: str,
    options: ReadOptions,
    profile: Profile | None,
    assumed: list[Words],
) -> str:
    """Of lines whose cells name none."""
    for text in reversed(said):
        if name := facts.currency_in(text):
            if code := currency_code(name):
                return code
            raise InputError(f"{where}: an unknown currency above the lines: {name!r}")
    for known in (Field.AMOUNT, Field.INCOME, Field.EXPENSE):
        at = plan.one(known)
        unit = _BRACKETS.search(plan.heading(at)) if at is not None else None
        if unit and unit[1] != "元" and (code := currency_code(unit[1])):
            return code
    if profile is not None and profile.reading.currency:
        return profile.reading.currency
    if options.currency is not None:
        return options.currency
    if plan.one(Field.CURRENCY) is None:
        assumed.append(assumed_currency(_USUAL_CURRENCY))
    return _USUAL_CURRENCY

"""All recognizers, in one list to be seen: ours, then a user's own.

A user's own recognizer on statements is an entry point of a package of theirs:

    [project.entry-points."tradeglyph.recognizers"]
    round_the_clock = "their_package.rules:RoundTheClock"

It names a `Recognizer`, or a class of one that is made without arguments, and is asked after ours.
`tradeglyph.testing` has the tests that it must pass.
"""

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points

from tradeglyph.domain.errors import InputError
from tradeglyph.domain.recognizers import Info, Profile, Reads
from tradeglyph.recognizers.statements.balance_continuity import BalanceContinuity
from tradeglyph.recognizers.statements.balance_missing import BalanceMissing
from tradeglyph.recognizers.statements.balance_recomputed import BalanceRecomputed
from tradeglyph.recognizers.statements.benford import Benford
from tradeglyph.recognizers.statements.cash import Cash
from tradeglyph.recognizers.statements.closed_loop import ClosedLoop
from tradeglyph.recognizers.statements.dormant_then_active import DormantThenActive
from tradeglyph.recognizers.statements.duplicate_line import DuplicateLine
from tradeglyph.recognizers.statements.high_frequency import HighFrequency
from tradeglyph.recognizers.statements.inactive_account import InactiveAccount
from tradeglyph.recognizers.statements.large_amount import LargeAmount
from tradeglyph.recognizers.statements.low_interest import LowInterest
from tradeglyph.recognizers.statements.missing_period import MissingPeriod
from tradeglyph.recognizers.statements.missing_statement import MissingStatement
from tradeglyph.recognizers.statements.night_transaction import NightTransaction
from tradeglyph.recognizers.statements.occasional_high_integer import OccasionalHighInteger
from tradeglyph.recognizers.statements.pass_through import PassThrough
from tradeglyph.recognizers.statements.related_party import RelatedParty
from tradeglyph.recognizers.statements.result import Recognizer
from tradeglyph.recognizers.statements.statutory_amount import StatutoryAmount
from tradeglyph.recognizers.statements.structuring import Structuring
from tradeglyph.recognizers.statements.two_way_flow import TwoWayFlow
from tradeglyph.recognizers.statements.unmatched_transfer import UnmatchedTransfer
from tradeglyph.recognizers.trade_cards import TRADE_CARDS

GROUP = "tradeglyph.recognizers"
"""Entry points of users' packages."""

OURS: tuple[Recognizer, ...] = (
    HighFrequency(),
    LargeAmount(),
    OccasionalHighInteger(),
    NightTransaction(),
    PassThrough(),
    BalanceContinuity(),
    BalanceMissing(),
    InactiveAccount(),
    LowInterest(),
    Structuring(),
    StatutoryAmount(),
    Cash(),
    RelatedParty(),
    DormantThenActive(),
    DuplicateLine(),
    Benford(),
    MissingStatement(),
    UnmatchedTransfer(),
    MissingPeriod(),
    BalanceRecomputed(),
    TwoWayFlow(),
    ClosedLoop(),
)
"""The rules that come with the product, in the order that they are reported."""


def recognizers() -> tuple[Recognizer, ...]:
    """Ours, and those of users' packages that are installed, by name.

    Raises InputError where a user's can't be loaded, is no recognizer on statements, or has the
    name of another; says which package it is from.
    """
    found = list(OURS)
    taken = {card.name: "tradeglyph" for card in (*TRADE_CARDS, *(rule.info for rule in OURS))}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        rule, name = _loaded(entry), _said(entry)
        if rule.info.name in taken:
            raise InputError(
                f"{name}: there is a recognizer {rule.info.name!r} already, from "
                f"{taken[rule.info.name]}; give it another name or uninstall one of them"
            )
        taken[rule.info.name] = name
        found.append(rule)
    return tuple(found)


def cards() -> tuple[Info, ...]:
    """Cards of all that the product can recognise: on statements, then on trades."""
    return tuple(rule.info for rule in recognizers()) + TRADE_CARDS


def asked(profile: Profile) -> tuple[Recognizer, ...]:
    """The recognizers on statements that a profile asks, in the order of the list.

    Raises InputError as `recognizers` does.
    """
    return tuple(rule for rule in recognizers() if profile in rule.info.profiles)


def named(names: Sequence[str]) -> tuple[Recognizer, ...]:
    """The recognizers on statements of these names, in the order of the list.

    Raises InputError where there is none of a name, and as `recognizers` does.
    """
    every = recognizers()
    known = [rule.info.name for rule in every]
    for name in names:
        if name not in known:
            raise InputError(f"no recognizer {name!r} on statements; there are: {', '.join(known)}")
    return tuple(rule for rule in every if rule.info.name in names)


def _loaded(entry: EntryPoint) -> Recognizer:
    try:
        told = entry.load()
        rule = told() if isinstance(told, type) else told
        info = rule.info
        sound = callable(rule.recognize) and callable(rule.reason)
    except Exception as error:  # whatever a user's package raises, its name must be in the answer
        raise InputError(
            f"{_said(entry)}: can't be loaded: {type(error).__name__}: {error}"
        ) from error
    if not (sound and isinstance(info, Info) and info.reads is Reads.LINES):
        raise InputError(
            f"{_said(entry)}: is no recognizer on statements: it needs an Info that reads lines, "
            "recognize and reason"
        )
    found: Recognizer = rule
    return found


def _said(entry: EntryPoint) -> str:
    package = f" of {entry.dist.name}" if entry.dist else ""
    return f"recognizer {entry.name} = {entry.value}{package}"

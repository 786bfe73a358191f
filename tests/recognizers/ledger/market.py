"""A small market of its own for the ledger's tests: a random walk, a crowd, and planted transfers.

One symbol. The crowd's members meet each other by chance at the bid or the ask around a middle
that moves. Whoever plants something knows the middle, so the money that truly moved is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from tradeglyph.domain.fills import BUY, DAY_US, MICROSECONDS, SELL, Fills
from tradeglyph.domain.ledger import Transfers
from tradeglyph.domain.tape import Tape

BAR = 300
"""Seconds."""
START = 20_500 * DAY_US // MICROSECONDS
"""A midnight, seconds since 1970."""

Row = tuple[float, str, str, float, float]
"""second, buyer, seller, price, quantity; an empty name is a side that is not known"""


@dataclass
class Market:
    """Matched trades, added one by one or in bulk."""

    seed: int = 0
    days: float = 2.0
    prints_a_bar: float = 3.0
    volatility: float = 0.0004
    """Of the middle, per bar, relative."""
    half_spread: float = 0.0002
    """Relative."""
    crowd: int = 120
    level: float = 100.0
    tick: float = 0.001
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.seconds = int(self.days * 86_400)
        steps = self.rng.standard_normal(self.seconds // 10 + 2)
        walk = np.cumsum(steps) * self.volatility / np.sqrt(BAR / 10)
        self.path = self.level * np.exp(walk)

    def middle(self, second: float) -> float:
        return float(self.path[int(second) // 10])

    def on_tick(self, price: float) -> float:
        return round(round(price / self.tick) * self.tick, 6)

    def size(self) -> float:
        return round(float(self.rng.lognormal(2, 0.8)) + 0.1, 1)

    def honest(self) -> "Market":
        """The crowd's trades over the whole span."""
        for _ in range(self.rng.poisson(self.prints_a_bar * self.seconds / BAR)):
            one, other = self.rng.choice(self.crowd, 2, replace=False)
            self.meet(float(self.rng.uniform(0, self.seconds)), f"C{one}", f"C{other}")
        return self

    def meet(self, second: float, taker: str, maker: str, size: float | None = None) -> None:
        """The taker buys at the ask or sells at the bid."""
        side = 1 if self.rng.random() < 0.5 else -1
        price = self.on_tick(self.middle(second) * (1 + side * self.half_spread))
        buyer, seller = (taker, maker) if side > 0 else (maker, taker)
        self.add(second, buyer, seller, price, size or self.size())

    def add(self, second: float, buyer: str, seller: str, price: float, quantity: float) -> None:
        self.rows.append((second, buyer, seller, price, quantity))

    def plant(self, gap: float, legs: int, mules: int, trips: int = 8, size: float = 50.0) -> float:
        """Victim V pays thief T `gap` of the price per trip; what moved, by the true middle.

        Two legs: T buys under the middle and sells over it a minute later. One leg: T sells over
        it. Mules M0.. print around each leg, at its price, with each other and with the two.
        """
        moved = 0.0
        begin = self.rng.uniform(0.1, 0.8) * self.seconds
        for trip in range(trips):
            at = begin + trip * 0.1 * self.seconds / trips
            for leg in range(legs):
                second = at + 60 * leg
                thief_sells = leg == legs - 1
                sign = 1 if thief_sells else -1
                middle = self.middle(second)
                price = self.on_tick(middle * (1 + sign * gap / legs))
                buyer, seller = ("V", "T") if thief_sells else ("T", "V")
                self.add(second, buyer, seller, price, size)
                moved += sign * (price - middle) * size
                self.print_around(second, price, mules)
        return moved

    def print_around(self, second: float, price: float, mules: int) -> None:
        ring = [f"M{number}" for number in range(mules)]
        for _ in range(2 * mules):
            one, other = self.rng.choice(len(ring) + 1, 2, replace=False)
            names = [*ring, "T" if self.rng.random() < 0.5 else "V"]
            near = price * (1 + self.rng.normal(0, 0.0003))
            when = second + self.rng.uniform(-100, 100)
            self.add(when, names[one], names[other], self.on_tick(near), 1.0)

    def tape(self) -> Tape:
        return tape_of_matches(self.rows)

    @property
    def end(self) -> int:
        return (START + self.seconds) * MICROSECONDS


def tape_of_matches(
    rows: Sequence[Row], *, both_rows: bool = True, fee: float = float("nan")
) -> Tape:
    """The rows of every match, in the order that a tape asks for; symbol X.

    With one row a match, it is the buyer's of the even matches and the seller's of the odd ones.
    """
    names = sorted({name for row in rows for name in row[1:3] if name})
    code = {name: number for number, name in enumerate(names)} | {"": -1}
    lines = []
    matches = 0
    for number, (second, buyer, seller, price, quantity) in enumerate(rows):
        known = bool(buyer and seller)
        sides = [(buyer, seller, BUY), (seller, buyer, SELL)]
        kept = sides if both_rows or not known else [sides[number % 2]]
        time = round((START + second) * MICROSECONDS)
        for own, other, side in kept:
            if own:
                match = matches if known else -1
                lines.append((time, code[own], side, price, quantity, code[other], match))
        matches += known
    lines.sort(key=lambda line: line[0])
    columns = np.array(lines, dtype=float).reshape(-1, 7).T
    _, account, side_, price_, quantity_, other_, match_ = columns
    return Tape(
        fills=Fills(
            account=account.astype(np.int32),
            symbol=np.zeros(len(lines), dtype=np.int32),
            time=np.array([line[0] for line in lines], dtype=np.int64),
            side=side_.astype(np.int8),
            price=price_,
            quantity=quantity_,
            account_names=np.array(names, dtype=object),
            symbol_names=np.array(["X"], dtype=object),
        ),
        other=other_.astype(np.int32),
        match=match_.astype(np.int64),
        fee=np.full(len(lines), fee),
    )


def between(found: Transfers, tape: Tape, gainer: str, loser: str) -> dict[str, float] | None:
    """The figures of one pair; None where it is not listed, or went the other way."""
    names = tape.fills.account_names
    at = np.flatnonzero((names[found.gainer] == gainer) & (names[found.loser] == loser))
    if not len(at):
        return None
    return {f.name: getattr(found, f.name)[at[-1]].item() for f in fields(Transfers)}

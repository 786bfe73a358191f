"""Whose days the plants go into: two sides of one symbol and day, each account's day once."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tradeglyph.domain.windows import Windows
from tradeglyph.simulate.planting.grades import REAL_SIDE

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """k plants. Windows are positions; -1 for an account that did not trade on that day."""

    world: Ints
    """A window of the plant's symbol and day, whoever owns it."""
    beneficiary: Ints
    victim: Ints

    def __len__(self) -> int:
        return len(self.world)

    def take(self, index: NDArray[np.intp] | slice) -> "Sides":
        """The plants at `index`, in that order."""
        return Sides(
            world=self.world[index],
            beneficiary=self.beneficiary[index],
            victim=self.victim[index],
        )


def draw_sides(rng: Generator, windows: Windows, open_: NDArray[np.bool_]) -> Sides:
    """As many plants as the `open_` windows (shape (n,)) have room for, in random order.

    Every account and day is drawn at most once, with one of its symbols; two that share a symbol
    and day become the sides of one plant, in either role, and who is left over meets a stranger.
    """
    host, partner = _couples(windows, _one_a_day(rng, windows, open_))
    # A first and a second of a couple: who is the beneficiary is left to chance.
    first = np.where(rng.random(len(host)) < REAL_SIDE, host, -1)
    second = np.where(rng.random(len(host)) < REAL_SIDE, partner, -1)
    gains = rng.random(len(host)) < 0.5
    sides = Sides(
        world=host,
        beneficiary=np.where(gains, first, second),
        victim=np.where(gains, second, first),
    )
    return sides.take(rng.permutation(len(sides)))


def _one_a_day(rng: Generator, windows: Windows, open_: NDArray[np.bool_]) -> Ints:
    """Open windows in random order, the first of every account and day."""
    order = rng.permutation(np.flatnonzero(open_))
    _, day = np.unique(windows.start, return_inverse=True)
    key = windows.account.astype(np.int64) * (int(day.max(initial=0)) + 1) + day
    _, first = np.unique(key[order], return_index=True)
    return order[np.sort(first)]


def _couples(windows: Windows, drawn: Ints) -> tuple[Ints, Ints]:
    """Neighbours of one symbol and day, two by two; -1 beside the odd one."""
    _, day = np.unique(windows.start, return_inverse=True)
    world = windows.symbol.astype(np.int64) * (int(day.max(initial=0)) + 1) + day
    queue = drawn[np.argsort(world[drawn], kind="stable")]
    of = world[queue]
    nth = np.arange(len(queue)) - np.searchsorted(of, of)
    host = np.flatnonzero(nth % 2 == 0)
    following = np.minimum(host + 1, max(len(queue) - 1, 0))
    coupled = (following > host) & (of[following] == of[host])
    return queue[host], np.where(coupled, queue[following], -1)

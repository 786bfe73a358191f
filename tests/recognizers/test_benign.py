"""What the figures say to harmless readings."""

from itertools import product
from math import exp, factorial
from string import Formatter

import numpy as np
import pytest

from tests.rows import DAY, FillRow, placed_of, steady_candles
from tradeglyph.domain.ledger import Transfers
from tradeglyph.picture.columns import columns_of
from tradeglyph.recognizers.benign import (
    MOST_FLAT,
    HeaviestFlow,
    Reading,
    benign_readings,
    heaviest_flow,
)
from tradeglyph.recognizers.benign_words import (
    CRITERIA,
    FIGURES,
    SOURCES,
    STATES,
    TITLES,
    benign_words,
)
from tradeglyph.recognizers.economics import economics_of

NAN = float("nan")


def fill(slot: int, side: str, price: float, quantity: float = 2.0) -> FillRow:
    return ("A", "X", DAY + 300 * slot + (9 if side == "sell" else 0), side, price, quantity)


def trips(count: int, buy: float = 10.0, sell: float = 20.0, sold: float = 2.0) -> list[FillRow]:
    return [
        row
        for slot in range(count)
        for row in (fill(slot, "buy", buy), fill(slot, "sell", sell, sold))
    ]


def readings(
    rows: list[FillRow], flow: HeaviestFlow | None = None, linked: bool = False, tick: float = 0.5
) -> dict[str, Reading]:
    # The candle's open stands a tick above its low.
    candles = steady_candles(40, 10.0, 20.0, open_=10.0 + tick)
    placed = placed_of(rows, candles)
    columns = columns_of(placed, candles)
    economics = economics_of(placed, columns, 0)
    done = benign_readings(columns, economics, flow=flow, linked=linked)
    return {reading.name: reading for reading in done}


def flow(share: float = 0.9, excess: float = 50.0) -> HeaviestFlow:
    return HeaviestFlow(share=share, trades=7, volume_share=0.231, low=60.0, excess=excess)


def test_the_four_of_a_beneficiary_without_counterparties() -> None:
    done = readings(trips(5))
    assert {name: reading.state for name, reading in done.items()} == {
        "market_making": "ruled_out",
        "arbitrage": "cannot_tell",
        "sliced_order": "ruled_out",
        "own_accounts": "cannot_tell",
    }


class TestMarketMaking:
    def test_the_bound_of_flat_candles(self) -> None:
        """Whatever the rate of the hits: both sides equal and above none, given any hit."""

        def flat(rate: float) -> float:
            p = [exp(-rate) * rate**n / factorial(n) for n in range(60)]
            return sum(x * x for x in p[1:]) / (1 - p[0] ** 2)

        highest = max(flat(rate) for rate in np.linspace(0.01, 12, 2_000))
        assert highest <= MOST_FLAT < highest + 0.01

    @pytest.mark.parametrize(("count", "state"), [(2, "cannot_tell"), (3, "not_ruled_out"),
                                                  (4, "ruled_out")])  # fmt: skip
    def test_always_flat(self, count: int, state: str) -> None:
        # Probabilities of 0.21 ** 3 = 0.0093 and 0.21 ** 4 = 0.0019, against one half per cent.
        reading = readings(trips(count))["market_making"]
        assert reading.state == state
        assert (reading.figures["flat"], reading.figures["candles"]) == (count, count)
        if state == "ruled_out":
            assert reading.figures["chance"] == pytest.approx(0.21**4)

    def test_candles_with_one_side_speak_for_it(self) -> None:
        rows = [*trips(4), *(fill(10 + slot, "buy", 12) for slot in range(8))]
        # Four or more of twelve: 1 - the sum of the first four terms, by brute force.
        chance = sum(
            0.21 ** sum(case) * 0.79 ** (12 - sum(case))
            for case in product((0, 1), repeat=12)
            if sum(case) >= 4
        )
        assert chance > 0.2
        assert readings(rows)["market_making"].state == "not_ruled_out"

    def test_unequal_sides_are_not_flat(self) -> None:
        assert readings(trips(6, sold=1.9))["market_making"].state == "not_ruled_out"

    def test_a_spread_tall_candle_is_flat_by_nature(self) -> None:
        for ticks, state in ((4, "not_ruled_out"), (5, "ruled_out")):
            reading = readings(trips(9), tick=10 / ticks)["market_making"]
            assert reading.state == state

    def test_who_loses_on_most_trips_earns_no_spread(self) -> None:
        rows = [*trips(3, buy=20, sell=10), fill(5, "buy", 10), fill(5, "sell", 20)]
        reading = readings(rows)["market_making"]
        # Three trips of two lose ten each, one gains as much.
        assert (reading.state, reading.measure) == ("ruled_out", "lost")
        assert reading.figures == {"lost": 3, "trips": 4, "money": -40}
        two_of_four = [*rows, fill(6, "buy", 10), fill(6, "sell", 20)]
        assert readings(two_of_four)["market_making"].measure != "lost"
        assert readings(trips(2, buy=20, sell=10))["market_making"].measure != "lost"

    def test_one_account_is_not_the_market(self) -> None:
        rows = [*trips(1), *(fill(10 + slot, "buy", 12) for slot in range(8))]
        assert readings(rows)["market_making"].state == "not_ruled_out"
        assert readings(rows, flow())["market_making"].state == "ruled_out"
        for spread_out in (flow(share=0.4), flow(excess=0.0), flow(excess=NAN)):
            assert readings(rows, spread_out)["market_making"].state == "not_ruled_out"
        # Nor does a clean ledger make a market maker of who is always flat.
        assert readings(trips(6), flow(share=0.4))["market_making"].state == "ruled_out"


class TestArbitrage:
    def test_fills_alone_cannot_tell(self) -> None:
        reading = readings([*trips(3), fill(7, "buy", 12), fill(7, "sell", 11)])["arbitrage"]
        assert (reading.state, reading.figures) == ("cannot_tell", {"gained": 3, "trips": 4})
        none = readings([fill(0, "buy", 12)])["arbitrage"]
        assert (none.state, none.measure) == ("cannot_tell", "no_trip")

    def test_a_victim_does_not_arbitrage(self) -> None:
        assert readings(trips(3, buy=20, sell=10))["arbitrage"].state == "ruled_out"

    @pytest.mark.parametrize(
        ("known", "state"),
        [
            (flow(), "ruled_out"),
            (flow(share=0.49), "not_ruled_out"),
            (flow(excess=0.0), "not_ruled_out"),
            (flow(excess=NAN), "cannot_tell"),
        ],
    )
    def test_the_ledger_can(self, known: HeaviestFlow, state: str) -> None:
        assert readings(trips(3), known)["arbitrage"].state == state


class TestSlicedOrder:
    @pytest.mark.parametrize(
        ("sold", "state"), [(0.0, "not_ruled_out"), (2.0, "not_ruled_out"), (2.1, "ruled_out")]
    )
    def test_three_quarters_one_way(self, sold: float, state: str) -> None:
        rows = [fill(slot, "buy", 12) for slot in range(3)]
        rows += [fill(5, "sell", 12, sold)] if sold else []
        reading = readings(rows)["sliced_order"]
        assert reading.state == state
        assert reading.figures["share"] == pytest.approx(6 / (6 + sold))

    def test_one_fill_has_no_parts(self) -> None:
        assert readings([fill(0, "buy", 12)])["sliced_order"].state == "cannot_tell"


class TestOwnAccounts:
    @pytest.mark.parametrize(
        ("known", "linked", "state", "measure"),
        [
            (None, False, "cannot_tell", "no_other_side"),
            (flow(), False, "cannot_tell", "not_listed"),
            (flow(), True, "not_ruled_out", "linked"),
        ],
    )
    def test_only_a_list_can_say(
        self, known: HeaviestFlow | None, linked: bool, state: str, measure: str
    ) -> None:
        reading = readings(trips(3), known, linked)["own_accounts"]
        assert (reading.state, reading.measure) == (state, measure)


class TestHeaviestFlow:
    """Account 7 against 1 (twice), 2 and 3; the last row is of others."""

    def transfers(self) -> Transfers:
        money = np.array([5.0, 90.0, NAN, 40.0, 999.0])
        return Transfers(
            loser=np.array([1, 7, 3, 1, 1], dtype=np.int32),
            gainer=np.array([7, 2, 7, 7, 2], dtype=np.int32),
            symbol=np.zeros(5, dtype=np.int32),
            window_end=np.zeros(5, dtype=np.int64),
            trades=np.array([1, 2, 3, 4, 5]),
            meetings=np.array([1, 2, 3, 4, 5]),
            quantity=np.ones(5),
            volume_share=np.array([0.1, 0.2, 0.3, 0.4, 0.5]),
            low=money + 1,
            high=money + 2,
            excess=money,
            deviation=np.ones(5),
            gainer_share=np.array([0.11, 0.12, 0.13, 0.14, 0.15]),
            loser_share=np.array([0.21, 0.22, 0.23, 0.24, 0.25]),
            by_chance=np.ones(5),
            gainer_trades=np.ones(5, dtype=np.int64),
            loser_trades=np.ones(5, dtype=np.int64),
            gainer_clients=np.zeros(5, dtype=np.int64),
            loser_clients=np.zeros(5, dtype=np.int64),
            turned=np.ones(5),
            ahead=np.zeros(5),
            cluster=np.zeros(5, dtype=np.int64),
            cluster_size=np.full(5, 2),
            reference=np.full(5, 2, dtype=np.int8),
        )

    def test_the_heaviest_of_its_own_and_the_share_of_its_side(self) -> None:
        done = heaviest_flow(self.transfers(), 7)
        # It lost 90 to account 2: of all it lost, 22 %.
        assert done == HeaviestFlow(share=0.22, trades=2, volume_share=0.2, low=91.0, excess=90.0)
        won = heaviest_flow(self.transfers(), 2)
        assert won is not None
        assert (won.excess, won.share) == (999.0, 0.15)

    def test_an_abstaining_ledger_is_the_last_choice(self) -> None:
        done = heaviest_flow(self.transfers(), 3)
        assert done is not None
        assert np.isnan(done.excess)

    def test_none(self) -> None:
        assert heaviest_flow(None, 7) is None

    def test_who_is_not_in_the_ledger_stayed_within_the_market(self) -> None:
        nothing = heaviest_flow(self.transfers(), 8)
        assert nothing is not None
        assert (nothing.trades, nothing.excess) == (0, 0)
        done = readings(trips(3), nothing)
        assert done["arbitrage"].state == done["market_making"].state == "not_ruled_out"
        assert done["own_accounts"].state == "cannot_tell"
        assert done["own_accounts"].measure == done["arbitrage"].measure == "within_market"


def flow_of_nothing() -> HeaviestFlow:
    return HeaviestFlow(share=0.0, trades=0, volume_share=0.0, low=0.0, excess=0.0)


def every_reading() -> list[Reading]:
    cases = [
        readings(trips(5)),
        readings(trips(2)),
        readings(trips(5, buy=20, sell=10)),
        readings(trips(5), flow()),
        readings(trips(5), flow(), linked=True),
        readings([fill(0, "buy", 12)]),
        readings(trips(3), flow_of_nothing()),
    ]
    return [reading for case in cases for reading in case.values()]


def test_every_reading_has_words_in_both_languages() -> None:
    seen = every_reading()
    assert {reading.measure for reading in seen} == set(FIGURES)
    assert {reading.state for reading in seen} == set(STATES)
    for reading in seen:
        english, chinese = benign_words(reading, "en"), benign_words(reading, "zh")
        for words in (english.title, english.state, english.figure, english.criterion):
            assert words.isascii()
        for words in (chinese.title, chinese.state, chinese.figure, chinese.criterion):
            assert any(char > "\u2e7f" for char in words)
        assert english.source == chinese.source != ""


@pytest.mark.parametrize("words", [*FIGURES.values(), *CRITERIA.values()])
def test_both_languages_give_the_same_figures(words: tuple[str, str]) -> None:
    english, chinese = (
        [name for _, name, _, _ in Formatter().parse(text) if name] for text in words
    )
    assert sorted(set(english)) == sorted(set(chinese))


def test_titles_criteria_and_sources_are_of_the_same_readings() -> None:
    assert set(TITLES) == set(CRITERIA) == set(SOURCES) == set(readings(trips(5)))


def test_figures_in_words() -> None:
    done = readings(trips(5), flow(share=0.5, excess=1234.5678))
    assert benign_words(done["arbitrage"], "en").figure == (
        "50% of it with one account, 1,234.57 beyond what the market explains"
    )
    assert "23%" in benign_words(done["own_accounts"], "en").figure
    assert benign_words(readings(trips(5))["market_making"], "en").figure.endswith(
        "the chance of that is 0.041%"
    )
    unknown = HeaviestFlow(share=NAN, trades=1, volume_share=NAN, low=NAN, excess=0.0)
    assert "?" in benign_words(readings(trips(5), unknown)["own_accounts"], "en").figure

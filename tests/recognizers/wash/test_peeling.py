import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.recognizers.wash.peeling import Groups, closed_trades

Trade = tuple[int, int, int]
"""buyer, seller, units"""

trades_of_a_group = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 3)).filter(
        lambda trade: trade[0] != trade[1]
    ),
    min_size=1,
    max_size=14,
)


def by_hand(trades: list[Trade], margin: float, least: int) -> int:
    """The paper's loop: take away the last trade until every position is small."""
    kept = list(trades)
    while len(kept) >= least:
        position: dict[int, int] = {}
        for buyer, seller, units in kept:
            position[buyer] = position.get(buyer, 0) + units
            position[seller] = position.get(seller, 0) - units
        mean = sum(trade[2] for trade in kept) / len(kept)
        if max(abs(units) for units in position.values()) <= margin * mean + 1e-12:
            return len(kept)
        kept.pop()
    return 0


def groups_of(groups: list[list[Trade]], scales: list[float]) -> Groups:
    rows = [(number, *trade) for number, group in enumerate(groups) for trade in group]
    group, buyer, seller, units = (np.array(column) for column in zip(*rows, strict=True))
    return Groups(
        group=group.astype(np.int64),
        buyer=buyer.astype(np.int32),
        seller=seller.astype(np.int32),
        quantity=units * np.array(scales)[group],
        size=np.full(len(groups), 4),
    )


@given(
    st.lists(st.tuples(trades_of_a_group, st.sampled_from([1e-6, 0.1, 1.0, 1e9])), min_size=1,
             max_size=5),
    st.sampled_from([0.0, 0.01, 0.3, 0.5]),
    st.integers(2, 6),
)  # fmt: skip
def test_is_the_loop_of_the_paper_for_many_groups_at_once(
    drawn: list[tuple[list[Trade], float]], margin: float, least: int
) -> None:
    groups, scales = [one for one, _ in drawn], [scale for _, scale in drawn]
    kept = closed_trades(groups_of(groups, scales), margin, least)
    assert kept.tolist() == [by_hand(group, margin, least) for group in groups]


def test_a_position_within_the_margin_of_the_mean_trade_is_closed() -> None:
    # 1,000 there, 995 back: 5 is left over, 0.5 % of the mean trade of 997.5.
    groups = [[(0, 1, 1_000), (1, 0, 995)]]
    assert closed_trades(groups_of(groups, [1.0]), 0.01, 2).tolist() == [2]
    assert closed_trades(groups_of(groups, [1.0]), 0.005, 2).tolist() == [0]


def test_no_groups() -> None:
    none = np.empty(0, dtype=np.int64)
    groups = Groups(
        group=none,
        buyer=none.astype(np.int32),
        seller=none.astype(np.int32),
        quantity=np.empty(0),
        size=none,
    )
    assert closed_trades(groups, 0.01, 2).tolist() == []

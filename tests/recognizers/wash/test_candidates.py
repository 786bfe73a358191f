import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recognizers.wash.tapes import MatchRow, tape
from tradeglyph.recognizers.wash.candidates import candidates
from tradeglyph.recognizers.wash.matches import matches_of
from tradeglyph.recognizers.wash.settings import WashSettings


def sets_of(rows: list[MatchRow], **settings: int) -> list[set[frozenset[str]]]:
    """Per layer the accounts of each set, read from its trades."""
    whole = tape(rows)
    matches, names = matches_of(whole), whole.fills.account_names
    layers = []
    for layer in candidates(matches, WashSettings(**settings)):
        assert layer.of_trade.max(initial=-1) < len(layer.size)
        found = set()
        for number, size in enumerate(layer.size):
            inside = layer.of_trade == number
            accounts = {*names[matches.buyer[inside]], *names[matches.seller[inside]]}
            assert len(accounts) == size
            found.add(frozenset(accounts))
        layers.append(found)
    return layers


def sold(seller: str, buyer: str, times: int) -> list[MatchRow]:
    return [(float(at), buyer, seller, 10.0, 1.0) for at in range(times)]


def test_a_pair_needs_both_directions_often_enough() -> None:
    rows = [*sold("a", "b", 3), *sold("b", "a", 3), *sold("a", "c", 9), *sold("c", "a", 2)]
    assert sets_of(rows) == [{frozenset("ab")}]
    assert sets_of(rows, occurrences=2) == [{frozenset("ab"), frozenset("ac")}, {frozenset("abc")}]
    assert sets_of(rows, occurrences=4) == [set()]


def test_a_ring_inside_a_market_comes_out_in_a_closer_layer() -> None:
    ring = [*sold("a", "b", 20), *sold("b", "c", 20), *sold("c", "a", 20)]
    market = [row for name in "defghijk" for row in (*sold("a", name, 4), *sold(name, "a", 4))]
    layers = sets_of([*ring, *market])
    assert layers[0] == {frozenset(("a", name)) for name in "defghijk"}
    assert frozenset("abc") in layers[1]
    # All eleven together are no arrangement.
    assert all(len(members) <= 10 for layer in layers for members in layer)


def test_the_closest_knit_come_first() -> None:
    inner = [*sold("a", "b", 20), *sold("b", "c", 20), *sold("c", "a", 20)]
    outer = [*sold("c", "d", 4), *sold("d", "a", 4)]
    first, *layers = sets_of([*inner, *outer])
    assert first == set()
    assert layers[0] == {frozenset("abc")}
    assert layers[-1] == {frozenset("abcd")}


@given(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde")).filter(
            lambda pair: pair[0] != pair[1]
        ),
        min_size=1,
        max_size=60,
    ),
    st.integers(1, 3),
)
def test_pairs_are_counted_and_larger_sets_can_be_walked_around(
    sales: list[tuple[str, str]], occurrences: int
) -> None:
    rows = [(float(at), buyer, seller, 10.0, 1.0) for at, (seller, buyer) in enumerate(sales)]
    pairs, *layers = sets_of(rows, occurrences=occurrences)
    often = {sale for sale in sales if sales.count(sale) >= occurrences}
    assert pairs == {frozenset(s) for s in often if s[::-1] in often}
    for members in (members for layer in layers for members in layer):
        assert len(members) > 2
        for member in members:  # everybody sells to one of them and buys from one, often
            assert any(one == member and two in members for one, two in often)
            assert any(two == member and one in members for one, two in often)


@pytest.mark.parametrize("one_row", [False, True])
def test_matches_stand_once_whether_they_have_one_row_or_two(one_row: bool) -> None:
    rows = [*sold("a", "b", 3), *sold("b", "a", 2)]
    matches = matches_of(tape(rows, one_row=one_row))
    assert len(matches) == 5
    assert np.bincount(matches.buyer).tolist() == [2, 3]
    assert np.bincount(matches.seller).tolist() == [3, 2]

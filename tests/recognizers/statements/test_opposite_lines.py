import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeglyph.recognizers.statements.opposite_lines import (
    Side,
    codes,
    largest_matching,
    with_fees,
)

ITEMS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=12)


def most_pairs(outs: list[tuple[int, int]], ins: list[tuple[int, int]], within: int) -> int:
    """The size of a largest matching, by augmenting paths."""
    taken: dict[int, int] = {}

    def augment(out: int, seen: set[int]) -> bool:
        for at, (key, day) in enumerate(ins):
            fits = key == outs[out][0] and abs(day - outs[out][1]) <= within
            if fits and at not in seen:
                seen.add(at)
                if at not in taken or augment(taken[at], seen):
                    taken[at] = out
                    return True
        return False

    return sum(augment(out, set()) for out in range(len(outs)))


@settings(max_examples=25, deadline=None)
@given(ITEMS, ITEMS, st.integers(0, 3))
def test_as_many_pairs_as_can_be(
    outs: list[tuple[int, int]], ins: list[tuple[int, int]], within: int
) -> None:
    columns = (np.array(some, dtype=np.int64).reshape(-1, 2) for some in (outs, ins))
    out, into = columns
    one, other = largest_matching(out[:, 0], out[:, 1], into[:, 0], into[:, 1], within)

    assert len(set(one.tolist())) == len(set(other.tolist())) == len(one)
    assert (out[one, 0] == into[other, 0]).all()
    assert (np.abs(out[one, 1] - into[other, 1]) <= within).all()
    assert len(one) == most_pairs(outs, ins, within)


def test_codes_tell_combinations_apart() -> None:
    code = codes(np.array([0, 0, 1, 1, 0]), np.array([5, 6, 5, 6, 5]))

    assert len(set(code.tolist())) == 4
    assert code[0] == code[4]


def side(rows: list[tuple[int, int, int, int]]) -> Side:
    place, amount, day, names = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Side(place=place, amount=amount, day=day, names=names)


def test_fees_take_the_nearest_amount_that_is_free() -> None:
    asked = side([(1, 995, 3, -1), (1, 999, 3, 0), (1, 999, 9, 0), (1, 998, 3, 2), (1, 1001, 3, 0)])
    asking = side([(0, 1000, 3, 1), (0, 1000, 3, 1), (0, 1000, 3, 1)])
    found = with_fees(asking, np.array([1, 1, 1]), asked, -5, 2)

    assert found == [(0, 1), (1, 0)]  # 998 names another, 999 is late, 1001 is more than was sent

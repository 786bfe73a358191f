import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.domain.lists import LINKS, AccountLists, Mark, MarkKind

NAMES = np.array(["a", "b", "c", "d", "e"], dtype=object)
OWN, HOUSE, MAKER, EXEMPT = (
    MarkKind.OWN, MarkKind.HOUSEHOLD, MarkKind.MARKET_MAKER, MarkKind.EXEMPT,
)  # fmt: skip


def mark(account: str, kind: MarkKind, group: str = "", expires: int | None = None) -> Mark:
    return Mark(account_id=account, kind=kind, reason="known", group=group, expires=expires)


def test_marks_hold_until_they_expire() -> None:
    lists = AccountLists(
        entries=(mark("b", MAKER), mark("d", EXEMPT, expires=100), mark("b", EXEMPT, expires=200))
    )
    assert [m.account_id for m in lists.expired(99)] == []
    assert [m.account_id for m in lists.expired(100)] == ["d"]
    assert [m.account_id for m in lists.expired(200)] == ["d", "b"]
    kinds = [[m.kind for m in marks] for marks in lists.marks(NAMES, 99)]
    assert kinds == [[], [MAKER, EXEMPT], [], [EXEMPT], []]
    assert [len(marks) for marks in lists.marks(NAMES, 100)] == [0, 2, 0, 0, 0]
    assert [len(marks) for marks in lists.marks(NAMES, 200)] == [0, 1, 0, 0, 0]
    assert AccountLists().marks(NAMES, 0) == ((),) * 5


def test_links_join_groups_that_share_an_account() -> None:
    lists = AccountLists(
        entries=(
            mark("a", OWN, "smith"), mark("c", OWN, "smith"), mark("c", HOUSE, "flat 3"),
            mark("e", HOUSE, "flat 3"), mark("b", OWN, "flat 3"), mark("elsewhere", OWN, "flat 3"),
        )
    )  # fmt: skip
    # The household and the owner that are both called flat 3 are two groups.
    assert lists.owners(NAMES, 0).tolist() == [0, 1, 0, 3, 0]


def test_other_marks_link_nobody() -> None:
    lists = AccountLists(entries=(mark("a", MAKER, "desk"), mark("b", EXEMPT, "desk", 9)))
    assert lists.owners(NAMES, 0).tolist() == [0, 1, 2, 3, 4]


def test_linked_at_the_time_of_each_pair() -> None:
    lists = AccountLists(
        entries=(mark("a", OWN, "x", expires=10), mark("b", OWN, "x"), mark("c", OWN, "x"))
    )
    first, second = np.array([0, 0, 1, 1, 2, 3]), np.array([1, 1, 2, 2, 2, 4])
    at = np.array([9, 10, 9, 11, 9, 9])
    linked = lists.linked(NAMES, first.astype(np.int32), second.astype(np.int32), at)
    assert linked.tolist() == [True, False, True, True, False, False]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"), st.sampled_from(sorted(LINKS)), st.sampled_from("xyz"),
            st.sampled_from([None, 5, 10]),
        ),
        max_size=12,
    ),
    st.integers(0, 12),
)  # fmt: skip
def test_linked_is_the_closure_of_shared_groups(
    drawn: list[tuple[str, MarkKind, str, int | None]], at: int
) -> None:
    entries = tuple(mark(*line) for line in drawn)
    names = NAMES.tolist()
    together = np.eye(5, dtype=bool)
    for one in entries:
        for two in entries:
            if one.holds(at) and two.holds(at) and (one.kind, one.group) == (two.kind, two.group):
                together[names.index(one.account_id), names.index(two.account_id)] = True
    for middle in range(5):
        together |= together[:, [middle]] & together[[middle], :]
    first, second = (grid.ravel().astype(np.int32) for grid in np.indices((5, 5)))
    linked = AccountLists(entries=entries).linked(NAMES, first, second, np.full(25, at))
    assert (linked == (together.ravel() & (first != second))).all()


@pytest.mark.parametrize(
    "line",
    [
        {"account_id": "a", "kind": OWN, "reason": "r"},
        {"account_id": "", "kind": MAKER, "reason": "r"},
        {"account_id": "a", "kind": MAKER, "reason": ""},
        {"account_id": "a", "kind": EXEMPT, "reason": "r"},
    ],
)
def test_a_mark_says_what_it_must(line: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="mark"):
        Mark(**line)  # type: ignore[arg-type]

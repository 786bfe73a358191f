import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradeglyph.recognizers.wash.components import components

NODES = 9


def by_closure(edges: list[tuple[int, int]]) -> set[frozenset[int]]:
    """Two nodes belong together where each can be reached from the other (Warshall's closure)."""
    reach = np.eye(NODES, dtype=bool)
    for one, two in edges:
        reach[one, two] = True
    for middle in range(NODES):
        reach |= reach[:, [middle]] & reach[[middle], :]
    both = reach & reach.T
    sets = {frozenset(np.flatnonzero(row).tolist()) for row in both}
    return {members for members in sets if len(members) > 1}


def found(edges: list[tuple[int, int]], nodes: int = NODES) -> set[frozenset[int]]:
    source, target = (np.array([e[i] for e in edges], dtype=np.int64) for i in (0, 1))
    number = components(source, target, nodes)
    return {frozenset(np.flatnonzero(number == k).tolist()) for k in range(int(number.max()) + 1)}


@given(
    st.lists(
        st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)).filter(
            lambda edge: edge[0] != edge[1]
        ),
        unique=True,
        max_size=30,
    )
)
def test_are_those_of_the_closure(edges: list[tuple[int, int]]) -> None:
    assert found(edges) == by_closure(edges)


def test_a_ring_longer_than_the_stack_is_one_component() -> None:
    nodes = 5_000
    ring = [(at, (at + 1) % nodes) for at in range(nodes)]
    assert found(ring, nodes) == {frozenset(range(nodes))}

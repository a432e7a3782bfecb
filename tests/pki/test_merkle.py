"""The Merkle tree: as the RFC defines it, and no proof of what is not so."""

from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei_pki import merkle
from renkei_pki.merkle import EMPTY_ROOT, SIZE_LIMIT, Frontier, leaf_hash, node_hash

MOST = 200
LEAVES = [leaf_hash(f"leaf {number}".encode()) for number in range(MOST)]
SIZES = range(MOST + 1)


def split(size: int) -> int:
    """The largest power of two below the size, found by doubling."""
    power = 1
    while power * 2 < size:
        power *= 2
    return power


@cache
def defined_root(start: int, end: int) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if start == end:
        return sha256(b"").digest()
    if end - start == 1:
        return LEAVES[start]
    middle = start + split(end - start)
    children = defined_root(start, middle) + defined_root(middle, end)
    return sha256(b"\x01" + children).digest()


def defined_path(index: int, start: int, end: int) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if end - start == 1:
        return []
    middle = start + split(end - start)
    if start + index < middle:
        return [*defined_path(index, start, middle), defined_root(middle, end)]
    return [*defined_path(start + index - middle, middle, end), defined_root(start, middle)]


def defined_subproof(old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    if old == end - start:
        return [] if whole else [defined_root(start, end)]
    middle = start + split(end - start)
    if old <= middle - start:
        proof = defined_subproof(old, start, middle, whole=whole)
        return [*proof, defined_root(middle, end)]
    proof = defined_subproof(old - (middle - start), middle, end, whole=False)
    return [*proof, defined_root(start, middle)]


def frontiers() -> list[Frontier]:
    """The right edge at each size."""
    grown = [Frontier()]
    for leaf in LEAVES:
        grown.append(grown[-1].appended(leaf))
    return grown


FRONTIERS = frontiers()
COMPLETED = [edge.completed(leaf) for edge, leaf in zip(FRONTIERS, LEAVES, strict=False)]


def nodes(level: int, index: int) -> bytes:
    """Each whole subtree's root, kept where its last leaf completed it."""
    return COMPLETED[((index + 1) << level) - 1][level]


def test_roots_are_those_of_the_definition() -> None:
    assert [FRONTIERS[size].root for size in SIZES] == [defined_root(0, size) for size in SIZES]


def test_a_published_tree_of_eight_leaves_has_its_published_root() -> None:
    # The example tree of the Certificate Transparency project.
    texts = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
    frontier = Frontier()
    for text in (*texts, "606162636465666768696a6b6c6d6e6f"):
        frontier = frontier.appended(leaf_hash(bytes.fromhex(text)))

    published = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert frontier.root.hex() == published


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = LEAVES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)


def test_a_frontier_has_one_hash_for_each_one_of_its_size_and_survives_a_row() -> None:
    for size, frontier in enumerate(FRONTIERS):
        assert len(frontier.edge) == size.bit_count()
        assert Frontier.parse(size, frontier.packed) == frontier


@pytest.mark.parametrize(
    ("size", "edge"), [(1, b""), (3, b"x" * 32), (-1, b""), (2**63, b"x" * 32)]
)
def test_an_edge_that_is_none_of_its_size_is_not_taken(size: int, edge: bytes) -> None:
    with pytest.raises(ValueError, match="no edge"):
        Frontier.parse(size, edge)


def test_every_leaf_of_every_size_is_proved_as_defined() -> None:
    for size in SIZES:
        root = FRONTIERS[size].root
        for index in range(size):
            proof = merkle.inclusion_proof(nodes, index, size)
            assert list(proof) == defined_path(index, 0, size)
            assert merkle.includes(root, size, index, LEAVES[index], proof)


def test_every_tree_is_proved_to_begin_with_each_before_it_as_defined() -> None:
    for new in SIZES:
        for old in range(new + 1):
            proof = merkle.consistency_proof(nodes, old, new)
            assert list(proof) == (defined_subproof(old, 0, new, whole=True) if old else [])
            assert merkle.extends(FRONTIERS[old].root, old, FRONTIERS[new].root, new, proof)


def damage(value: bytes, bit: int) -> bytes:
    """The value with one bit turned."""
    return (int.from_bytes(value) ^ (1 << bit)).to_bytes(len(value))


def damages(proof: tuple[bytes, ...], bit: int) -> list[tuple[bytes, ...]]:
    """The proof with each of its hashes altered, left out or doubled, and with one more."""
    altered = [(*proof[:at], damage(proof[at], bit), *proof[at + 1 :]) for at in range(len(proof))]
    shorter = [(*proof[:at], *proof[at + 1 :]) for at in range(len(proof))]
    doubled = [(*proof[: at + 1], *proof[at:]) for at in range(len(proof))]
    return [*altered, *shorter, *doubled, (*proof, LEAVES[0]), (LEAVES[0], *proof)]


@st.composite
def leaf_and_size(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, MOST))
    return draw(st.integers(0, size - 1)), size


BITS = st.integers(0, 255)


@given(of=leaf_and_size(), other=st.integers(0, MOST + 1), bit=BITS)
def test_nothing_else_is_proved_to_be_included(of: tuple[int, int], other: int, bit: int) -> None:
    index, size = of
    leaf, root = LEAVES[index], FRONTIERS[size].root
    proof = merkle.inclusion_proof(nodes, index, size)

    assert not merkle.includes(root, size, index, damage(leaf, bit), proof)
    assert not merkle.includes(damage(root, bit), size, index, leaf, proof)
    for damaged in damages(proof, bit):
        assert not merkle.includes(root, size, index, leaf, damaged)
    if other != index:
        assert not merkle.includes(root, size, other, leaf, proof)
    if other != size and other in SIZES:
        assert not merkle.includes(FRONTIERS[other].root, other, index, leaf, proof)


@given(old=st.integers(1, MOST), new=st.integers(1, MOST), bit=BITS, other=st.integers(1, MOST))
def test_no_other_past_is_proved(old: int, new: int, bit: int, other: int) -> None:
    old, new = sorted((old, new))
    before, after = FRONTIERS[old].root, FRONTIERS[new].root
    proof = merkle.consistency_proof(nodes, old, new)

    assert not merkle.extends(damage(before, bit), old, after, new, proof)
    assert not merkle.extends(before, old, damage(after, bit), new, proof)
    for damaged in damages(proof, bit):
        assert not merkle.extends(before, old, after, new, damaged)
    if other != old:
        assert not merkle.extends(FRONTIERS[other].root, other, after, new, proof)
    if other != new:
        assert not merkle.extends(before, old, FRONTIERS[other].root, other, proof)


def test_what_is_outside_a_tree_is_neither_proved_nor_believed() -> None:
    for index, size in ((0, 0), (5, 5), (-1, 5), (0, SIZE_LIMIT)):
        with pytest.raises(ValueError, match="no leaf"):
            merkle.inclusion_proof(nodes, index, size)
        assert not merkle.includes(EMPTY_ROOT, size, index, LEAVES[0], [])
    for old, new in ((6, 5), (-1, 5), (0, SIZE_LIMIT)):
        with pytest.raises(ValueError, match="cannot begin"):
            merkle.consistency_proof(nodes, old, new)
        assert not merkle.extends(EMPTY_ROOT, old, LEAVES[0], new, [])


def test_an_endless_proof_is_refused_at_once() -> None:
    endless = [LEAVES[0]] * 100_000

    assert not merkle.includes(LEAVES[0], 2**62, 0, LEAVES[0], endless)
    assert not merkle.extends(LEAVES[0], 3, LEAVES[0], 2**62, endless)
    assert not merkle.includes(LEAVES[0], 2**62, 0, LEAVES[0], [])


def test_a_proof_of_pieces_that_are_no_hashes_is_not_believed() -> None:
    left, right = LEAVES[:2]
    root = FRONTIERS[2].root

    assert merkle.includes(root, 2, 0, left, [right])
    assert not merkle.includes(root, 2, 0, left + right[:1], [right[1:]])


def test_the_empty_log_is_the_beginning_of_each() -> None:
    assert merkle.extends(EMPTY_ROOT, 0, FRONTIERS[7].root, 7, [])
    assert not merkle.extends(LEAVES[0], 0, FRONTIERS[7].root, 7, [])
    assert not merkle.extends(EMPTY_ROOT, 0, LEAVES[0], 0, [])

"""A Merkle tree over hashes: its root, and short proofs that something is in it or was kept.

The tree of RFC 6962 and RFC 9162, section 2.1 (documented): SHA-256, leaves and nodes
hashed under different first bytes, the left part of every subtree the largest power of
two that leaves something for the right. Each function follows the recursive definition.

A proof says what it says only together with size and root: take both from one signed
head (`log_heads`). The same proof may fit the same root under another size.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

HASH_BYTES = 32
SIZE_LIMIT = 2**63
"""No tree has this many leaves or more."""

EMPTY_ROOT = sha256(b"").digest()

Nodes = Callable[[int, int], bytes]
"""Find the root of the whole subtree of 2**level leaves that is the index-th of its level."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's content."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children's."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: all that an append needs to know of what came before.

    `edge` holds the roots of the whole subtrees that the size is made of, the largest
    first: one hash for each binary 1 of the size.
    """

    size: int = 0
    edge: tuple[bytes, ...] = ()

    @classmethod
    def parse(cls, size: int, edge: bytes) -> Self:
        """Read what `packed` wrote; raises ValueError unless it is an edge of that size."""
        if not 0 <= size < SIZE_LIMIT or len(edge) != HASH_BYTES * size.bit_count():
            msg = f"{len(edge)} bytes are no edge of {size} leaves"
            raise ValueError(msg)
        return cls(size, unpacked(edge))

    @property
    def packed(self) -> bytes:
        """The edge's hashes, one after the other."""
        return b"".join(self.edge)

    @property
    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self.edge:
            return EMPTY_ROOT
        *larger, root = self.edge
        for left in reversed(larger):
            root = node_hash(left, root)
        return root

    def completed(self, leaf: bytes) -> tuple[bytes, ...]:
        """The roots of the subtrees that the next leaf makes whole: itself first, then upwards."""
        whole = [leaf]
        edge, size = list(self.edge), self.size
        while size & 1:
            whole.append(node_hash(edge.pop(), whole[-1]))
            size >>= 1
        return tuple(whole)

    def appended(self, leaf: bytes) -> "Frontier":
        """The edge once the leaf with this hash was appended."""
        whole = self.completed(leaf)
        kept = len(self.edge) + 1 - len(whole)
        return Frontier(self.size + 1, (*self.edge[:kept], whole[-1]))


def unpacked(hashes: bytes) -> tuple[bytes, ...]:
    """Hashes that were written one after the other."""
    return tuple(hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES))


def inclusion_proof(nodes: Nodes, index: int, size: int) -> tuple[bytes, ...]:
    """The proof that the tree of this size holds the leaf at this index; ValueError if it cannot."""
    if not 0 <= index < size < SIZE_LIMIT:
        msg = f"a tree of {size} leaves has no leaf {index}"
        raise ValueError(msg)
    return tuple(_path(nodes, index, 0, size))


def includes(root: bytes, size: int, index: int, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the leaf with this hash is at this index under the root."""
    if not 0 <= index < size < SIZE_LIMIT or not _are_hashes(root, leaf, *proof):
        return False
    rest = list(proof)
    try:
        return _climbed(leaf, index, size, rest) == root and not rest
    except IndexError:
        return False


def consistency_proof(nodes: Nodes, old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of `new` leaves begins with that of `old`; ValueError if it cannot."""
    if not 0 <= old <= new < SIZE_LIMIT:
        msg = f"a tree of {new} leaves cannot begin with {old}"
        raise ValueError(msg)
    return tuple(_common(nodes, old, 0, new, known=True)) if old else ()


def extends(old_root: bytes, old: int, new_root: bytes, new: int, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the new tree begins with all of the old one, unchanged."""
    if not 0 <= old <= new < SIZE_LIMIT or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == 0:
        return old_root == EMPTY_ROOT and not proof and (new > 0 or new_root == EMPTY_ROOT)
    rest = list(proof)
    try:
        return _both(old_root, old, new, rest, known=True) == (old_root, new_root) and not rest
    except IndexError:
        return False


def _left(size: int) -> int:
    """How many of a subtree's leaves are in its left part; the subtree has more than one."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(nodes: Nodes, start: int, size: int) -> bytes:
    """The root of some leaves that make a subtree."""
    if size.bit_count() == 1:
        level = size.bit_length() - 1
        return nodes(level, start >> level)
    left = _left(size)
    return node_hash(_subtree(nodes, start, left), _subtree(nodes, start + left, size - left))


def _path(nodes: Nodes, index: int, start: int, size: int) -> list[bytes]:
    """PATH of the RFC: the siblings from the leaf up to the root; index counts from start."""
    if size == 1:
        return []
    left = _left(size)
    if index < left:
        sibling = _subtree(nodes, start + left, size - left)
        return [*_path(nodes, index, start, left), sibling]
    sibling = _subtree(nodes, start, left)
    return [*_path(nodes, index - left, start + left, size - left), sibling]


def _climbed(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that the proof leads to; it takes from the proof's end what it uses."""
    if size == 1:
        return leaf
    sibling, left = proof.pop(), _left(size)
    if index < left:
        return node_hash(_climbed(leaf, index, left, proof), sibling)
    return node_hash(sibling, _climbed(leaf, index - left, size - left, proof))


def _common(nodes: Nodes, old: int, start: int, size: int, *, known: bool) -> list[bytes]:
    """SUBPROOF of the RFC; `known` while the old root itself is what the subtree shows."""
    if old == size:
        return [] if known else [_subtree(nodes, start, size)]
    left = _left(size)
    if old <= left:
        sibling = _subtree(nodes, start + left, size - left)
        return [*_common(nodes, old, start, left, known=known), sibling]
    sibling = _subtree(nodes, start, left)
    return [*_common(nodes, old - left, start + left, size - left, known=False), sibling]


def _both(
    old_root: bytes, old: int, size: int, proof: list[bytes], *, known: bool
) -> tuple[bytes, bytes]:
    """The old and the new root that the proof leads to; it takes from its end what it uses."""
    if old == size:
        same = old_root if known else proof.pop()
        return same, same
    sibling, left = proof.pop(), _left(size)
    if old <= left:
        before, after = _both(old_root, old, left, proof, known=known)
        return before, node_hash(after, sibling)
    before, after = _both(old_root, old - left, size - left, proof, known=False)
    return node_hash(sibling, before), node_hash(sibling, after)


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)

"""Reading for which affairs identity information is told: all of it strictly, or none."""

from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from renkei_server.domain.identity_affairs import AskingKind, IdentityAffair, IdentityAffairs
from renkei_server.domain.law.lines import lines, once, shaped
from renkei_server.domain.legal_basis import Fidelity

FILE: Final = "identity-affairs.csv"

_WORD = shaped("[a-z][a-z0-9-]{1,39}")
_YES, _NO = "yes", "no"


def read_identity_affairs(folder: Traversable | None = None) -> IdentityAffairs:
    """The affairs of a folder, or those that come with Renkei; raises LawError."""
    root = folder or resources.files("renkei_server.domain.law")
    columns = ("affair", "of", "english", "japanese", "individual_number", "fidelity", "source")
    told = lines(root, FILE, *columns)
    listed = {}
    for affair, line in once((line.cell("affair", _WORD), line) for line in told).items():
        line.cell("fidelity", Fidelity)
        uses = line.of("individual_number", (_YES, _NO), FILE) == _YES
        listed[affair] = IdentityAffair(line.cell("of", AskingKind), uses)
    return IdentityAffairs(MappingProxyType(listed))
